"""The mind of the accounts pillar: traces become accounts, with what can be said of their use."""
