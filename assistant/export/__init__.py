"""What leaves the program: tables of many cases, documents of one, reports; each is an event, and proven by it."""
