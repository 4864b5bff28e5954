"""Proofs about a rulebook: what holds for every visit that can be, or one visit for which it does not."""
