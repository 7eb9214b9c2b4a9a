"""Documents that are open in another program: first a warning, then a card until they are back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.ui import links
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog, confirm
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.names import breakable, name_of
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import Entry, shown
from guardian.vault.service import Loan, Vault

LEAVE = 2  # what the dialog answers beside yes (1) and no (0)


def lend(vault: Vault, path: str, report: Report) -> Loan:
    return vault.lend(path, report)


def is_altered(_vault: Vault, loan: Loan, report: Report) -> bool:
    report(0, 0)
    return loan.altered()


def take_back(vault: Vault, loan: Loan, report: Report) -> tuple[str, ...]:
    return vault.take_back(loan, report)


class Lending(QWidget):
    """One card for each document that is out; hidden while none is."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools, self._words = tools, tools.words
        self._before: Vault | None = None
        self.loans: list[Loan] = []
        self._cards = column(gap=10)
        self.setLayout(self._cards)
        self.hide()
        tools.desk.jobs.start(self, tools.service.sweep)

    # out

    def ask(self, entry: Entry) -> None:
        """Warn, and if the person agrees, open a copy of the document."""
        out = next((one for one in self._out() if one.path == entry.path), None)
        if out is not None:
            self._open(out)
            return
        if self._tools.ready() is None:
            return
        words, name = self._words, breakable(entry.name)
        disk = self._tools.service.lends_on_disk(entry.size or 0)
        where = words.say("vault.lend.ask.disk" if disk else "vault.lend.ask.memory")
        if confirm(
            self._tools.page,
            words.say("vault.lend.ask", name=name),
            f"{where}\n\n{words.say('vault.lend.ask.traces')}",
            self.tr("Open it"),
            self.tr("Cancel"),
        ):
            self.lend(entry)

    def lend(self, entry: Entry) -> None:
        """Open a copy of the document with another program."""
        title = self.tr("Making a copy for the other program")
        self._tools.run(title, lend, entry.path, done=self._lent)

    def _lent(self, loan: Loan) -> None:
        if self._open(loan):
            self.loans.append(loan)
            self._show()

    def _open(self, loan: Loan) -> bool:
        if links.open_with_program(loan.file):
            return True
        if not loan.altered():
            loan.end()
        self._tools.notice.show_problem(Problem("lend-no-program", name=shown(loan.file.name)))
        return False

    # back

    def done(self, loan: Loan) -> None:
        """The person says that the other program is closed."""
        title = self.tr("Looking for changes")
        self._tools.run(
            title, is_altered, loan, done=lambda altered: self._decide(loan, altered=altered)
        )

    def _decide(self, loan: Loan, *, altered: bool) -> None:
        if not altered:
            self._end(loan, "vault.lend.removed")
            return
        answer = self._ask_keep(loan)
        if answer == Dialog.DialogCode.Accepted:
            self.keep(loan)
        elif answer == LEAVE:
            self._end(loan, "vault.lend.dropped")

    def _ask_keep(self, loan: Loan) -> int:
        dialog = Dialog(self._tools.page, self._words.say("vault.lend.changed", name=name_in(loan)))
        dialog.add(Text(self._words.say("vault.lend.changed.why")))
        leave = Button(self.tr("Leave it as it was"), clicked=lambda: dialog.done(LEAVE))
        dialog.add_buttons(self.tr("Keep the change in the vault"), self.tr("Not yet"), leave)
        answer = dialog.exec()
        dialog.deleteLater()
        return answer

    def keep(self, loan: Loan) -> None:
        """Bring the change into the vault."""

        def kept(_paths: tuple[str, ...]) -> None:
            self._say("vault.lend.kept", "vault.lend.kept.why", loan)
            self._show()
            self._tools.changed()

        self._tools.run(self.tr("Keeping the change"), take_back, loan, done=kept)

    def _end(self, loan: Loan, code: str) -> None:
        loan.end()
        self._say(code, "vault.lend.removed.why", loan)
        self._show()

    def _say(self, code: str, why: str, loan: Loan) -> None:
        words = self._words
        self._tools.outcome.show_lines(words.say(code, name=name_in(loan)), words.say(why))

    # opened and closed

    def opened(self, vault: Vault) -> None:
        """After a vault was opened: say what locking brought in, and show what is still out."""
        before, self._before = self._before, None
        if before is not None and before.recalled and before.folder == vault.folder:
            names = ", ".join(f"“{breakable(path)}”" for path in before.recalled)
            self._tools.outcome.show_lines(
                self._words.say("vault.lend.recalled", count=len(before.recalled)),
                self._words.say("vault.lend.recalled.why", names=names),
            )
        self._show()
        self._tools.desk.jobs.start(self, self._tools.service.left_over, done=self._found)

    def _found(self, loans: tuple[Loan, ...]) -> None:
        self.loans += loans
        if self._tools.vault() is not None:
            self._show()

    def closed(self) -> None:
        """Before the vault is locked, which removes the copies and keeps what was changed."""
        self._before = self._tools.vault()
        clear(self._cards)
        self.hide()

    # cards

    def _out(self) -> list[Loan]:
        self.loans = [loan for loan in self.loans if not loan.ended]
        return self.loans

    def _show(self) -> None:
        clear(self._cards)
        for loan in self._out():
            self._cards.addWidget(self._card(loan))
        self.setVisible(bool(self.loans))

    def _card(self, loan: Loan) -> Card:
        words = self._words
        what = "open" if loan.path else "left"
        why = Text(words.say(f"vault.lend.{what}.why"))
        title = Text(words.say(f"vault.lend.{what}", name=name_in(loan)), "strong")
        texts = column(title, why, gap=4)
        if loan.on_disk:
            texts.addWidget(Text(words.say("vault.lend.open.disk"), "dim"))
        if loan.path:
            buttons = [
                self._button(self.tr("I am done"), lambda: self.done(loan), loan),
                self._button(self.tr("Show it again"), lambda: self._open(loan), loan),
            ]
        else:
            buttons = [
                self._button(self.tr("Put it into this vault"), lambda: self.keep(loan), loan),
                self._button(
                    self.tr("Remove it"), lambda: self._end(loan, "vault.lend.dropped"), loan
                ),
            ]
        texts.addLayout(Flow(*buttons))
        line = row(Icon("ask", "ask", 22), gap=12, top=True)
        line.addLayout(texts, 1)
        return Card(line, role="notice", margin=16)

    @staticmethod
    def _button(text: str, act: Callable[[], object], loan: Loan) -> Button:
        button = Button(text, clicked=act)
        button.setAccessibleName(f"{text}: {shown(loan.file.name)}")
        return button


def name_in(loan: Loan) -> str:
    """What the document is called in the vault, or the copy where that is not known any more."""
    return breakable(name_of(loan.path) if loan.path else shown(loan.file.name))
