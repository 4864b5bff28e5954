"""Tests of what the saved cases add up to. All visits are invented."""
