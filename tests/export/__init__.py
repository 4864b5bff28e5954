"""What leaves the program: made whole, recorded, proven."""
