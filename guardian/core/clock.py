"""What time it is where the person is."""

from __future__ import annotations

from datetime import datetime


def local_now() -> datetime:
    """The time now, with the machine's own time zone."""
    return datetime.now().astimezone()
