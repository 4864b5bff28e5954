"""Tests of the case and of the desk that works on it."""
