"""The rulebook of the counter, and the code that reads it: facts of a visit in, advice out; nothing here knows of cases."""
