"""The commands about people: staff, approvals, the outlet, and who looked at which case."""
