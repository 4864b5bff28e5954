"""Invented visits to try the product on: written down once, played through the same desk as real ones."""
