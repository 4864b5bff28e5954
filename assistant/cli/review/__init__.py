"""The commands of the second look: calls for the supervisor, the review of closed cases, what the records raise."""
