"""Whether the file of cases is what it was: its proofs, what is kept of it elsewhere, its backups and their return."""
