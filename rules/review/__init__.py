"""What an officer looks at in a rulebook: examples, flaws, wording, differences; no counter needs any of it."""
