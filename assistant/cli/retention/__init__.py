"""The commands by which cases whose term is over are restricted and erased."""
