"""The rulebook as a document to read and print, and as paper cards for the day the power fails."""
