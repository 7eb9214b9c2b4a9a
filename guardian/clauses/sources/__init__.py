"""The eyes: one module for each kind of document."""
