"""What the saved cases of an outlet add up to, counted from their events."""
