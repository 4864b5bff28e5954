"""What a rulebook would have said of the cases that are saved: both books over all of them, and nothing written."""
