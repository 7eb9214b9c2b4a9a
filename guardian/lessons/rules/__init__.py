"""The mind of the lessons: agendas and counts, from facts alone."""
