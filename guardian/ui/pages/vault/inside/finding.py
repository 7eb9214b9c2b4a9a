"""All names of the open vault, in memory while it is open: for the search and the folder tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui.desk import Desk
from guardian.ui.jobs import Job
from guardian.vault.model import Entry, Kind
from guardian.vault.service import Vault


@dataclass(frozen=True)
class Index:
    """``texts`` holds, for each entry, its name, tags and note, ready to be searched."""

    entries: tuple[Entry, ...]
    texts: tuple[str, ...]
    folders: tuple[str, ...]
    tags: tuple[str, ...]

    def find(self, text: str) -> list[Entry]:
        """The entries that hold every word of ``text``."""
        words = text.casefold().split()
        return [
            entry
            for entry, held in zip(self.entries, self.texts, strict=True)
            if all(word in held for word in words)
        ]


def make_index(vault: Vault, report: Report) -> Index:
    listing = vault.list_all(report)
    report(0, 0)
    folders = tuple(entry.path for entry in listing.entries if entry.kind is Kind.FOLDER)
    tags = sorted({tag for entry in listing.entries for tag in entry.details.tags})
    return Index(listing.entries, tuple(map(held_in, listing.entries)), folders, tuple(tags))


def held_in(entry: Entry) -> str:
    """What a search looks through."""
    details = entry.details
    return " ".join((entry.name, *details.tags, details.note)).casefold()


class Finder:
    """Reads all names in the background, anew when something changed meanwhile."""

    def __init__(self, page: QWidget, desk: Desk, done: Callable[[Index], object]) -> None:
        self._page, self._desk, self._done = page, desk, done
        self._job: Job | None = None

    def start(self, vault: Vault) -> None:
        """Read the names of ``vault``; an earlier reading is given up."""
        self.stop()
        job = self._desk.jobs.start(
            self._page, make_index, vault,
            done=lambda index: self._take(job, index), failed=self._fail,
        )  # fmt: skip
        self._job = job

    def stop(self) -> None:
        """Give up, and forget what was read."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @property
    def busy(self) -> bool:
        return self._job is not None and self._job.running

    def _take(self, job: Job, index: Index) -> None:
        if job is self._job:  # what was given up may have been ready already
            self._done(index)

    def _fail(self, _problem: Problem) -> None:
        """Whoever opens the folder that cannot be read is told there."""
