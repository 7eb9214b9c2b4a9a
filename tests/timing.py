"""How long something takes, whatever else happens beside the tests."""

from __future__ import annotations

import time
from collections.abc import Callable


def quickest(act: Callable[[], object]) -> float:
    """Seconds of this thread's processor, the least of three: one may meet a search for garbage."""
    times = []
    for _ in range(3):
        begun = time.thread_time()
        act()
        times.append(time.thread_time() - begun)
    return min(times)
