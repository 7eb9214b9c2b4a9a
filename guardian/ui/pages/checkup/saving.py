"""What leaves the page as a file: the report, and the rhythm as a calendar series."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from guardian.checkup.calendar import to_calendar
from guardian.checkup.model import Rhythm
from guardian.checkup.report import make_report
from guardian.checkup.service import CheckupService
from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import column
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.switch import Switch
from guardian.ui.kit.text import Text
from guardian.ui.paper import ask_page, documents, plain_name, to_file

ICS = ".ics"
CUTS = ("share", "full")


class Saver(QObject):
    """Asks where to, writes off the window's thread, and tells of it by ``notice``."""

    def __init__(self, owner: QWidget, service: CheckupService, desk: Desk, notice: Notice) -> None:
        super().__init__(owner)
        self._owner, self._service, self._desk, self._notice = owner, service, desk, notice

    def save_report(self) -> None:
        """Ask for the cut and the place."""
        dialog = CutDialog(self._owner, self._desk.words)
        agreed = bool(dialog.exec())
        share = dialog.cut == "share"
        dialog.deleteLater()
        if not agreed:
            return
        say = self._desk.words.say
        name = plain_name(say("checkup.page.report.file"))
        target = ask_page(self._owner, say("checkup.page.report"), name)
        if target is not None:
            self._start(
                write_report, self._service, self._desk.words, target, theme.family(),
                share, self._desk.clock(),
            )  # fmt: skip

    def save_calendar(self, rhythm: Rhythm) -> None:
        """The series of ``rhythm``, to be opened with a calendar."""
        say = self._desk.words.say
        offered = documents() / f"{plain_name(say('rhythm.neutral-title'))}{ICS}"
        file, _kind = QFileDialog.getSaveFileName(
            self._owner, say("checkup.page.calendar"), str(offered), f"iCalendar (*{ICS})"
        )
        if file:
            target = Path(file)
            if target.suffix.lower() != ICS:
                target = target.with_name(f"{target.name}{ICS}")
            self._start(write_calendar, rhythm, self._desk.words, target, self._desk.clock())

    def _start(self, work: object, *arguments: object) -> None:
        self._desk.jobs.start(
            self._owner, work, *arguments, done=self._tell, failed=self._notice.show_problem
        )

    def _tell(self, name: str) -> None:
        say = self._desk.words.say
        self._notice.show_text(say("checkup.page.saved", name=name), say("checkup.page.saved.do"))


class CutDialog(Dialog):
    """The whole report, or one that may be shown around; ``cut`` is which."""

    def __init__(self, parent: QWidget, words: Words) -> None:
        super().__init__(parent, words.say("checkup.page.report"))
        self._words = words
        self.cut = CUTS[0]
        self.switch = Switch(words.say("checkup.page.report.cut"), CUTS)
        self.switch.chosen.connect(self._show)
        texts = {"share": self.tr("To show to others"), "full": self.tr("For myself, with details")}
        self.switch.show_choices(texts, self.cut)
        self._what = Text(role="dim")
        self.add(column(self.switch, self._what, gap=12))
        self.add_buttons(self.tr("Choose a place"), self.tr("Cancel"))
        self._show(self.cut)

    def _show(self, cut: str) -> None:
        self.cut = cut
        self._what.setText(self._words.say(f"checkup.page.report.{cut}"))
        self.refit()


def write_report(  # noqa: PLR0917 - a job's function gets everything at once
    service: CheckupService,
    words: Words,
    target: Path,
    family: str,
    share: bool,
    now: datetime,
    report: Report,
) -> str:
    """Write the report, whole or not at all, and answer the file's name. Raises ``Problem``."""
    report(0, 0)
    page = make_report(
        service.sheet(), service.plan(), service.history(), words, share=share, now=now
    )
    data = to_file(page, target, family)
    report(0, 0)
    write_atomically(target, data)
    return target.name


def write_calendar(
    rhythm: Rhythm, words: Words, target: Path, now: datetime, report: Report
) -> str:
    report(0, 0)
    write_atomically(target, to_calendar(rhythm, words, now))
    return target.name
