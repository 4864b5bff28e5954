"""Tests of the list of cases: what is looked for, what is found, and who finds it. All cases are invented."""
