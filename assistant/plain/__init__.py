"""Advice and cases as plain text, line by line, for a terminal, a pipe or a screen reader."""
