"""The report of one month of an outlet: its figures beside those of the month before, and the cases to look at."""
