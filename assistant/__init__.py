"""What the product knows and does: cases, the moves a person may make, the store, the command line; no screen in here."""
