"""Tests of the people: who is at the keyboard, and what each of them may do."""
