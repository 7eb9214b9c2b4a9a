"""The checkup: the first page."""
