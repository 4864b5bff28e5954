"""What is about a person is sealed by a key outside the file of cases; passwords are kept as hashes only."""
