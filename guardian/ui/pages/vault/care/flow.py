"""Looks after the open vault: checks it quietly, and opens the dialogs for check, backup, trash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui.jobs import Job
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, column, row
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.pages.vault.care import work as care_work
from guardian.ui.pages.vault.care.backup import BackupDialog, tell_backup, tell_result
from guardian.ui.pages.vault.care.findings import ICONS, TOKENS, FindingsDialog, tell_full
from guardian.ui.pages.vault.care.panel import Panel
from guardian.ui.pages.vault.care.trash import TrashDialog
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import BackedUp, CheckReport, Condition, VaultInfo
from guardian.vault.service import Vault

PATIENCE = 2_000  # milliseconds before the quiet check is worth a card


class Told(Card):
    """What the quiet check has to say: a calm line, and a button that shows the rest."""

    asked = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__(margin=16)
        self._words = words
        self._icon = Icon("info", "accent", 22)
        self._text = Text(role="strong")
        self._why = Text(role="dim")
        self.show_button = Button(self.tr("Show what was found"), clicked=self.asked.emit)
        away = Button(self.tr("Hide"), "quiet", clicked=self.hide)
        away.setAccessibleName(self.tr("Hide this message"))
        words_column = column(self._text, self._why, gap=4)
        words_column.addLayout(Flow(self.show_button, away))
        line = row(self._icon, gap=12, top=True)
        line.addLayout(words_column, 1)
        self.body.addLayout(line)
        self.hide()

    def show_report(self, report: CheckReport, *, read_only: bool = False) -> None:
        """Hidden for a vault that is as it was written, or that cannot have a list."""
        words, count = self._words, len(report.findings)
        icon, token = ICONS[report.condition], TOKENS[report.condition]
        if report.older:
            icon, token = "ask", "ask"
            text, why = words.say("vault.check.older"), words.say("vault.check.older.why")
        elif report.condition is Condition.DAMAGED:
            damaged = [one for one in report.findings if one.condition is Condition.DAMAGED]
            text = words.say("vault.told.damaged", count=len(damaged))
            why = words.say("vault.told.damaged.why")
        elif not report.listed and not read_only:
            icon, token = "info", "accent"
            text, why = words.say("vault.check.no-list"), words.say("vault.check.no-list.why")
        elif report.condition is Condition.CHANGED:
            text = words.say("vault.told.changed", count=count)
            why = words.say("vault.told.changed.why")
        else:
            self.hide()
            return
        self._icon.change(icon, token)
        self._text.setText(text)
        self._why.setText(why)
        self.setAccessibleName(f"{text} {why}")
        self.show()


class Care(QObject):
    """The page shows ``working`` and ``told``; both are hidden most of the time.

    ``cared`` comes after each check and backup: what :meth:`standing` says may be new.
    """

    cared = Signal()

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools.page)
        self._tools = tools
        self.working = Working(tools.words)
        self.told = Told(tools.words)
        self.told.asked.connect(self.show_findings)
        self._vault: Vault | None = None
        self._report: CheckReport | None = None
        self._later: tuple[Path, CheckReport] | None = None
        self._dialog: Panel | None = None
        self._quiet: Job | None = None
        self._disturbed = False
        self._next: Callable[[Vault], None] | None = None  # once nothing else is at work
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._lose_patience)
        tools.runner.rested.connect(self._rested)
        self._actions: list[QAction] = []
        for text, called in (
            (self.tr("Check the vault …"), self.show_findings),
            (self.tr("Back up …"), self.show_backup),
            (self.tr("Trash …"), self.show_trash),
        ):
            action = QAction(text, self)
            action.setEnabled(False)
            action.triggered.connect(lambda _checked=False, called=called: called())
            self._actions.append(action)

    def actions(self) -> list[QAction]:
        """For the page's menu; each is possible only while a vault is open."""
        return self._actions

    def summary_line(self, info: VaultInfo) -> str:
        """When every byte was last read back, and when the last backup was made."""
        words = self._tools.words
        full, backup = tell_full(words, info.last_full_check), tell_backup(words, info.last_backup)
        return f"{full} {backup}"

    def standing(self, vault: Vault) -> str:
        """The same for the open vault."""
        info = self._info(vault)
        return self.summary_line(info) if info is not None else ""

    # from unlocking to locking

    def opened(self, vault: Vault) -> None:
        """Tidy up, then check quietly while the person works."""
        self._vault = vault
        for action in self._actions:
            action.setEnabled(True)
        later, self._later = self._later, None
        if later is not None and later[0] == vault.folder:
            self._checked(vault, later[1])  # a full check that ended behind the shut door
            return
        self._when_at_rest(self._tidy)

    def _when_at_rest(self, then: Callable[[Vault], None]) -> None:
        """Call ``then`` with the open vault: now, or as soon as the runner is free."""
        if self._tools.runner.busy:
            self._next = then
        elif self._vault is not None:
            self._next = None
            then(self._vault)

    def _rested(self) -> None:
        self._disturbed = True
        if self._next is not None:
            self._when_at_rest(self._next)

    def _tidy(self, vault: Vault) -> None:
        self._tools.runner.run(
            self.tr("Tidying up the vault"), care_work.tidy, vault,
            done=lambda _nothing: self._check_quietly(vault), failed=self._fail,
        )  # fmt: skip

    def closed(self) -> None:
        """To be called before the vault is locked: nothing of it stays in sight."""
        self._vault = self._report = None
        self._end_quiet()
        self.told.hide()
        for action in self._actions:
            action.setEnabled(False)
        if self._dialog is not None:
            for inner in self._dialog.findChildren(QDialog):
                inner.reject()
            self._dialog.reject()

    # the quiet check

    def _check_quietly(self, vault: Vault) -> None:
        if self._vault is not vault:
            return
        self._disturbed = False
        job = self._tools.desk.jobs.start(
            self._tools.page, care_work.check, vault, False,
            done=lambda report: self._checked_quietly(vault, report), failed=self._fail_quietly,
        )  # fmt: skip
        job.finished.connect(self._patience.stop)
        self._quiet = job
        self._patience.start()

    def _checked_quietly(self, vault: Vault, report: CheckReport) -> None:
        """What was written while it looked is no finding: look again before speaking up."""
        if self._vault is not vault:
            return
        self._quiet = None
        plain = report.condition is Condition.AS_WRITTEN and report.listed and not report.older
        if plain or not (self._disturbed or self._tools.runner.busy):
            self._checked(vault, report)
        else:
            self._when_at_rest(self._check_quietly)

    def _fail_quietly(self, problem: Problem) -> None:
        self._quiet = None
        if self._vault is not None:
            self._tools.notice.show_problem(problem)

    def _lose_patience(self) -> None:
        if self._quiet is not None and self._quiet.running:
            self.working.follow(self._quiet, self.tr("Checking the vault. You can go on working."))

    def _end_quiet(self) -> None:
        self._patience.stop()
        self.working.hide()
        self._next = None
        job, self._quiet = self._quiet, None
        if job is not None:
            job.cancel()

    # checks that were asked for, and what any check says

    def check(self, full: bool) -> None:
        """Check now; ``full`` reads every byte."""
        vault, runner = self._vault, self._tools.runner
        if vault is None or runner.busy:
            return
        self._end_quiet()
        title = self.tr("Checking every byte") if full else self.tr("Checking the vault")
        step = 1.0 if full else 0.0  # a full check counts bytes
        job = runner.run(
            title, care_work.check, vault, full, bytes_per_step=step,
            done=lambda report: self._checked(vault, report), failed=self._fail,
        )  # fmt: skip
        if self._dialog is not None:
            self._dialog.watch(job, title, step)

    def _checked(self, vault: Vault, report: CheckReport) -> None:
        if self._vault is not vault:
            if report.full:
                self._later = (vault.folder, report)
            return
        self._report = report
        self.cared.emit()
        if isinstance(self._dialog, FindingsDialog):
            self._dialog.show_report(report)
        else:
            self.told.show_report(report, read_only=vault.read_only)

    def _fail(self, problem: Problem) -> None:
        notice = self._dialog.notice if self._dialog is not None else self._tools.notice
        notice.show_problem(problem)

    # dialogs

    def _info(self, vault: Vault) -> VaultInfo | None:
        known = self._tools.service.known()
        return next((info for info in known if info.path == vault.folder), None)

    def show_findings(self) -> None:
        vault = self._vault
        if vault is None:
            return
        dialog = FindingsDialog(self._tools, vault, self._info(vault), self._report)
        dialog.asked_check.connect(self.check)
        dialog.changed.connect(lambda report: self._checked(vault, report))
        self.told.hide()
        self._open(dialog)
        if self._quiet is not None and self._quiet.running:
            self._patience.stop()
            self.working.hide()
            dialog.watch(self._quiet, self.tr("Checking the vault"))
        elif self._report is None:
            self.check(full=False)

    def show_backup(self) -> None:
        vault = self._vault
        if vault is None:
            return
        dialog = BackupDialog(self._tools, vault, self._info(vault))
        dialog.asked.connect(self.back_up)
        self._open(dialog)

    def show_trash(self) -> None:
        if self._vault is not None:
            dialog = TrashDialog(self._tools, self._vault)
            self._open(dialog)
            dialog.load()

    def _open(self, dialog: Panel) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._put_away)
        dialog.open()

    def _put_away(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def back_up(self, place: Path, full: bool) -> None:
        """Copy what changed to ``place``; ``full`` reads back what was copied before, too."""
        vault, runner = self._vault, self._tools.runner
        if vault is None or runner.busy:
            return
        title = self.tr("Backing up the vault")
        job = runner.run(
            title, care_work.back_up, vault, place, full,
            done=self._backed_up, failed=self._fail,
        )  # fmt: skip
        if self._dialog is not None:
            self._dialog.watch(job, title)

    def _backed_up(self, done: BackedUp) -> None:
        if self._vault is not None:
            self.cared.emit()
        if isinstance(self._dialog, BackupDialog):
            self._dialog.show_result(done)
            return
        lines = tell_result(self._tools.words, done)
        icon = "ask" if done.refused else "fine"
        # a locked door tells no counts
        shown = lines if self._vault is not None else lines[:1]
        self._tools.outcome.show_lines(*shown, icon=icon, token=icon)
