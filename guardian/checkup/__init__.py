"""The checkup: one next step, a score that explains itself, and how both went over the years."""
