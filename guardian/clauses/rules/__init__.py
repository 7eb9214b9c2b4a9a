"""The mind of this pillar: which clauses stand in which words. Pure; what it knows is content."""
