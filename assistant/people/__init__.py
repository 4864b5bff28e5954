"""Who works with the program: who is at the keyboard, and what each of them may do."""
