"""How long the parts of one answer take, each beside a yardstick of the same run."""
