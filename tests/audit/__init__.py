"""Tests of the audit: what is found in one saved case, and how it is told."""
