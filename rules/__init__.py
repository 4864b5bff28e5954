"""The rulebook of the counter, and the code that reads it: facts of a visit in, advice out; it knows of no cases."""
