"""One saved case as whoever answers for it reads it: what happened when, where the advice was left, what is today's."""
