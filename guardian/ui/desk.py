"""What every page is handed: the words, a place to run jobs, and the window's few services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guardian.core.words import Words
from guardian.ui.jobs import Jobs


@dataclass(frozen=True)
class Desk:
    """``go`` shows another page by its key; ``open_link`` shows an address and asks first.

    ``lock`` leaves everything where a passphrase leads back in, and says whether it did.
    ``show_demo`` opens the demonstration, on a projector or not; None inside of one.
    """

    words: Words
    jobs: Jobs
    clock: Callable[[], datetime]
    go: Callable[[str], None]
    open_link: Callable[[str], None]
    lock: Callable[[], bool] = lambda: False
    show_demo: Callable[[bool], None] | None = None
