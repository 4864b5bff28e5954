"""The pages on which something leaves the program: what there is to give out, a look at it, and where it goes."""
