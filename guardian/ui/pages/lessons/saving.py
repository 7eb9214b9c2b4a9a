"""What a lesson hands out on paper: asked where to, written off the window's thread."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.lessons.model import Agenda, Pack
from guardian.lessons.service import LessonsService
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.notice import Notice
from guardian.ui.paper import ask_page, plain_name, to_file


class PaperSaver(QObject):
    """Handouts and run sheets, as a web page or a PDF; tells of it by ``notice``."""

    def __init__(self, owner: QWidget, service: LessonsService, desk: Desk, notice: Notice) -> None:
        super().__init__(owner)
        self._owner, self._service, self._desk, self._notice = owner, service, desk, notice

    def save_handout(self, pack: Pack, large: bool) -> None:
        say = self._desk.words.say
        title = say("lessons.page.handout")
        kind = f" ({self.tr('large print')})" if large else ""
        target = self._ask(title, f"{say(f'lesson.{pack.id}')}{kind}")
        if target is not None:
            self._start(write_handout, self._service, pack.id, large, self._desk.words, target)

    def save_run_sheet(self, agenda: Agenda, start: datetime) -> None:
        title = self._desk.words.say("lesson.sheet")
        target = self._ask(title, f"{title} {start:%Y-%m-%d}")
        if target is not None:
            self._start(write_sheet, self._service, agenda, start, self._desk.words, target)

    def _ask(self, title: str, name: str) -> Path | None:
        return ask_page(self._owner, title, plain_name(name))

    def _start(self, work: object, *facts: object) -> None:
        self._desk.jobs.start(
            self._owner, work, *facts, theme.family(),
            done=self._tell, failed=self._notice.show_problem,
        )  # fmt: skip

    def _tell(self, name: str) -> None:
        say = self._desk.words.say
        self._notice.show_text(say("lessons.page.saved", name=name), say("lessons.page.saved.do"))


def write_handout(  # noqa: PLR0917 - a job's function gets everything at once
    service: LessonsService,
    pack: str,
    large: bool,
    words: Words,
    target: Path,
    family: str,
    report: Report,
) -> str:
    """Write the page, whole or not at all, and answer the file's name. Raises ``Problem``."""
    report(0, 0)
    page = service.handout(pack, words, large=large)
    data = to_file(page, target, family)
    report(0, 0)
    write_atomically(target, data)
    return target.name


def write_sheet(  # noqa: PLR0917 - a job's function gets everything at once
    service: LessonsService,
    agenda: Agenda,
    start: datetime,
    words: Words,
    target: Path,
    family: str,
    report: Report,
) -> str:
    report(0, 0)
    page = service.run_sheet(agenda, start, words)
    data = to_file(page, target, family)
    report(0, 0)
    write_atomically(target, data)
    return target.name
