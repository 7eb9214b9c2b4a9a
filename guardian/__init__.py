"""Guardian walks a person through a privacy checkup on their own computer."""

__version__ = "0.1.0"
