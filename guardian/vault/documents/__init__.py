"""Documents going into a vault, out of it, and about inside it."""
