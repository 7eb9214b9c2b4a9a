"""No search for garbage runs while the window changes its look."""

from __future__ import annotations

import gc
import threading
import time

from guardian.ui.garbage import no_search


class Slow:
    """Takes its time to go, in a circle that only a search finds."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        time.sleep(0.1)


def test_a_search_on_another_thread_is_waited_for_and_none_begins() -> None:
    ended: list[float] = []
    Slow()

    def search() -> None:
        gc.collect()
        ended.append(time.monotonic())

    worker = threading.Thread(target=search)
    worker.start()
    time.sleep(0.02)
    with no_search():
        assert ended, "it was waited for"
        assert not gc.isenabled()
    worker.join()
    assert gc.isenabled()


def test_searches_that_were_off_stay_off() -> None:
    gc.disable()
    try:
        with no_search():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
