"""Tests of what is typed about a person. Every number is invented: an area, a day, and a check digit made for them."""
