"""Whether what was done to a file behind the program's back is noticed, and whether backups come back whole."""
