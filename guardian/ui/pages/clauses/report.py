"""Saving a report: a web page or a PDF, to the place the person chooses."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Explanation, SideBySide, VersionChange
from guardian.clauses.service import make_report
from guardian.clauses.telling import shareable
from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.jobs import Jobs
from guardian.ui.kit.notice import Notice
from guardian.ui.paper import ask_page, plain_name, to_file

Subject = Explanation | VersionChange | SideBySide


class ReportSaver(QObject):
    """Asks where to, writes off the window's thread, and tells of it by ``notice``.

    ``saved`` carries the name of the file.
    """

    saved = Signal(str)

    def __init__(self, owner: QWidget, words: Words, jobs: Jobs, notice: Notice) -> None:
        super().__init__(owner)
        self._owner, self._words, self._jobs, self._notice = owner, words, jobs, notice

    def save(self, what: Subject, words: Words | None = None) -> None:
        """Ask for a place and write there, in the language of ``words``."""
        say = self._words.say
        target = ask_page(self._owner, say("clauses.report.save"), file_name(self._words, what))
        if target is None:
            return
        self._jobs.start(
            self._owner, write_report, what, words or self._words, target, theme.family(),
            done=self._tell, failed=self._notice.show_problem,
        )  # fmt: skip

    def _tell(self, name: str) -> None:
        say = self._words.say
        self._notice.show_text(
            say("clauses.report.saved", name=name), say("clauses.report.saved.do")
        )
        self.saved.emit(name)


def file_name(words: Words, what: Subject) -> str:
    """A name to offer, made from the title."""
    if isinstance(what, Explanation):
        title = what.document.title
    elif isinstance(what, VersionChange):
        title = what.new_title
    else:
        title = what.titles[0]
    return words.say("clauses.report.file", name=plain_name(shareable(title)))


def write_report(what: Subject, words: Words, target: Path, family: str, report: Report) -> str:
    """Write the report, whole or not at all, and answer the file's name. Raises ``Problem``."""
    report(0, 0)
    data = to_file(make_report(what, words), target, family)
    report(0, 0)
    write_atomically(target, data)
    return target.name
