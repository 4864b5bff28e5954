"""A case is the list of its events; everything else about it is derived from that list."""
