"""The second look at cases: calls for the supervisor, the review of what was closed, and what the records raise."""
