"""`assistant export` and `assistant verify-export`: what leaves the program, and whether a file is what left."""
