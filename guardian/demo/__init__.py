"""The demonstration: a throw-away home of a family that does not exist."""
