"""Keys, seals and passwords, through the doors that the rest of the product uses."""
