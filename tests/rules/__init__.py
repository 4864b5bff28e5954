"""The rulebook seen from its front door: facts in, advice out."""
