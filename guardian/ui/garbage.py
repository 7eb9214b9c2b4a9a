"""Python's search for garbage, kept out of moments in which it could stop the window for ever."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

A_MOMENT = 0.001  # seconds
_searching: set[str] = set()


def note(phase: str, _about: dict[str, Any]) -> None:
    """Python calls this before and after each search, on whatever thread it runs."""
    if phase == "start":
        _searching.add("search")
    else:
        _searching.discard("search")


gc.callbacks.append(note)


@contextmanager
def no_search() -> Iterator[None]:
    """No search for garbage runs on any thread meanwhile.

    A search on a worker's thread may take away objects of Qt: it holds a lock of Qt then, and
    waits for Python's. A call that waits for the same lock of Qt, and gives Python's to nobody
    meanwhile, would wait for ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        while _searching:
            time.sleep(A_MOMENT)  # lets the other thread go on
        yield
    finally:
        if was_on:
            gc.enable()
