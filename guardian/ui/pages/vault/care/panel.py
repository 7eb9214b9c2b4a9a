"""A dialog over the open vault: its work runs in the page's runner and is shown in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent
from shiboken6 import isValid

from guardian.ui import theme
from guardian.ui.jobs import Job
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import at_least, column, plain
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.rows import RowList
from guardian.ui.kit.working import Working
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.service import Vault

WIDTH = 640  # pixels at 100 %
MOST_ROWS = 5


class Panel(Dialog):
    """Subclasses fill ``body``. Closing it lets the work go on, in sight on the page."""

    def __init__(self, tools: Tools, vault: Vault, title: str) -> None:
        super().__init__(tools.page, title)
        self.tools, self.vault = tools, vault
        at_least(self._items, theme.px(WIDTH))
        self.notice = Notice(tools.words, self)
        self.working = Working(tools.words)
        self.body = column(gap=14)
        self.held = plain(self.body)
        self.add(self.notice, self.working, self.held)

    def run(
        self, title: str, verb: Callable[..., Any], *arguments: Any, done: Callable[[Any], object]
    ) -> None:
        """Start ``verb(vault, *arguments, report)`` unless something else is at work."""
        if self.tools.runner.busy or self.vault.locked:
            return
        job = self.tools.runner.run(
            title, verb, self.vault, *arguments,
            done=self._while_open(done), failed=self._while_open(self.notice.show_problem),
        )  # fmt: skip
        self.watch(job, title)

    def watch(self, job: Job, title: str, bytes_per_step: float = 0.0) -> None:
        """Show ``job`` and hold everything else until it ends."""
        self.notice.hide()
        self.held.setEnabled(False)
        self.working.follow(job, title, bytes_per_step)
        job.finished.connect(self._rest)

    def _while_open(self, then: Callable[[Any], object]) -> Callable[[Any], None]:
        """``then``, unless the dialog is gone or the vault was locked meanwhile."""

        def tell(result: Any) -> None:
            if isValid(self) and self.isVisible() and not self.vault.locked:
                then(result)

        return tell

    def event(self, event: QEvent) -> bool:
        """Whenever a part of it needs more or less room, be as tall as all of it needs."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return done

    def _rest(self) -> None:
        """Nothing is at work any more."""
        self.held.setEnabled(True)

    def fit_rows(self, rows: RowList) -> None:
        """As tall as the rows it has; more than a few scroll."""
        count = min(max(rows.listed.rowCount(), 1), MOST_ROWS)
        rows.setFixedHeight(theme.px(62) * count + 4)
