"""What the product knows and does: cases, the moves a person may make, the store, the commands; no screen in here."""
