"""The mind of this pillar: what is asked (sigma), of which fields, and what the answers mean."""
