"""The store is held to its promises with real files, real processes and real faults."""
