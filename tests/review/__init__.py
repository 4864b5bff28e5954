"""Tests of the second look at cases: calls, reviews, and what the records raise."""
