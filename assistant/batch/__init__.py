"""Advice without a case: a question as JSON in, an answer as JSON out, for programs that ask in bulk."""
