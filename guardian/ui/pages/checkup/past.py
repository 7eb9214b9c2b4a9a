"""What the history is asked: to be shown, compared, and deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from guardian.checkup.model import Moment
from guardian.checkup.service import CheckupService
from guardian.ui.desk import Desk
from guardian.ui.kit.dialog import confirm
from guardian.ui.kit.notice import Notice
from guardian.ui.pages.checkup import looking
from guardian.ui.pages.checkup.history import HistoryPanel


class Past(QObject):
    """Answers what ``panel`` asks, off the window's thread. ``forgotten``: some are deleted."""

    forgotten = Signal()

    def __init__(
        self, panel: HistoryPanel, service: CheckupService, desk: Desk, notice: Notice
    ) -> None:
        super().__init__(panel)
        self._panel, self._service, self._desk, self._notice = panel, service, desk, notice
        panel.compare_asked.connect(self._compare)
        panel.forget_asked.connect(self._forget)

    def look(self, *, keep: bool) -> None:
        """Show all snapshots; with ``keep`` what moved until now becomes one first."""
        self._desk.jobs.start(
            self._panel, looking.all_moments, self._service, keep,
            done=self._panel.show_moments, failed=self._notice.show_problem,
        )  # fmt: skip

    def _compare(self, old: int, new: int) -> None:
        self._desk.jobs.start(
            self._panel, looking.compare, self._service, old, new,
            done=lambda change: self._panel.show_change(old, new, change),
            failed=self._notice.show_problem,
        )  # fmt: skip

    def _forget(self, numbers: Sequence[int] | None) -> None:
        """Delete snapshots, after asking once."""
        panel, say = self._panel, self._desk.words.say
        if numbers is None:
            title = say("checkup.page.forget.all")
        else:
            title = say("checkup.page.forget", count=len(numbers))
        text, yes, no = say("checkup.page.forget.why"), self.tr("Delete"), self.tr("Cancel")
        if confirm(panel, title, text, yes, no, careful=True):
            self._desk.jobs.start(
                panel, looking.forget_moments, self._service, numbers,
                done=self._gone, failed=self._notice.show_problem,
            )  # fmt: skip

    def _gone(self, moments: Sequence[Moment]) -> None:
        self._panel.show_moments(moments)
        self.forgotten.emit()
