"""One program that deserves a question: what was seen, why it matters, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.processes.model import Explanation, Finding, Known, Program, Scan
from guardian.ui.kit.badge import Badge
from guardian.ui.kit.button import Button
from guardian.ui.kit.chip import Chip
from guardian.ui.kit.drawer import Drawer
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.layout import Card, clear, column, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.advice import Advice
from guardian.ui.pages.processes.doings import Doings
from guardian.ui.pages.processes.explained import Group, groups

MOST_HITS = 3  # told in full; the rest stands with the technical details


class FindingCard(Card):
    """Shows one finding of ``scan``; everything from programs is shown as plain text.

    ``unfolded``: there is more on it now, or less.
    """

    unfolded = Signal()

    def __init__(
        self, words: Words, scan: Scan, finding: Finding, now: datetime, doings: Doings
    ) -> None:
        super().__init__(gap=10, margin=24)
        self.finding = finding
        self._words, self._scan, self._now, self._doings = words, scan, now, doings
        self._known: Known | None = None
        self._groups: list[Group] = []
        doings.refused.connect(self._free)
        self._build_known()
        self._whole = plain(column(gap=10))
        self.body.addWidget(self._whole)
        body = self._whole.layout()
        assert isinstance(body, QVBoxLayout)
        marks = [Badge(words, finding.level)]
        if finding.program.new:
            marks.append(Chip("add", words.say("processes.page.new"), "accent"))
        body.addLayout(row(*marks, None, gap=8))
        self._tell_seen(body)
        self._tell_facts(body)
        self._build_buttons(body)

    @property
    def fresh(self) -> bool:
        """Of a look made just now, so that more can be asked about its processes."""
        return bool(self._scan.programs) and self.finding.program.running

    def shows(self, findings: Sequence[Finding], scan: Scan) -> bool:
        """Whether this is the card of one of ``findings``, from the same look."""
        same = self._scan.taken == scan.taken and bool(self._scan.programs) == bool(scan.programs)
        return same and self.finding in findings

    def _tell_seen(self, body: QVBoxLayout) -> None:
        """What was seen, why that matters, and the honest reason. The first sentence names the
        program, so the card has no other title."""
        words, hits = self._words, self.finding.hits[:MOST_HITS]
        seen = [
            telling.breakable(telling.told(words, hit.plain(self.finding.program.name)))
            for hit in hits
        ]
        body.addWidget(Text(seen[0], "heading"))
        body.addLayout(listed(words.say("processes.page.also"), seen[1:]))
        act = self.finding.level is Level.ACT
        why = self.tr("Why it matters") if act else self.tr("Why it is worth a question")
        honest = self.tr("What an honest reason would be")
        body.addLayout(listed(why, [telling.told(words, hit.why()) for hit in hits]))
        body.addLayout(listed(honest, [telling.told(words, hit.honest()) for hit in hits]))

    def _tell_facts(self, body: QVBoxLayout) -> None:
        words = self._words
        chips = reach_chips(words, self.finding.program)
        if chips:
            heading = Text(words.say("processes.page.reach"), "small")
            body.addLayout(column(heading, Flow(*chips, gap=6), gap=5))
        facts = [
            Text(telling.breakable(line), "small").selectable()
            for line in telling.about_finding(words, self.finding, self._now)
        ]
        body.addWidget(Card(*facts, role="well", gap=5, margin=14))

    def _build_buttons(self, body: QVBoxLayout) -> None:
        self.know = Button(self.tr("I know this"), icon_name="fine", clicked=self._know)
        self.know.setAccessibleName(self._named(self.tr("I know “{name}”")))
        self.more = Drawer(self.tr("Show me more"), self.tr("Show me less"), self._fill_more)
        self.more.button.setAccessibleName(self._named(self.tr("Show me more about “{name}”")))
        self.advising = Advice(self._words, self.finding, self._doings, self, fresh=self.fresh)
        self.advice = Drawer(
            self.tr("What can I do?"), self.tr("What can I do?"), self.advising.fill
        )
        self.advice.button.setAccessibleName(self._named(self.tr("What can I do about “{name}”?")))
        for drawer in (self.more, self.advice):
            drawer.button.clicked.connect(self.unfolded)
        body.addSpacing(2)
        body.addLayout(Flow(self.know, self.more.button, self.advice.button, gap=8))
        body.addWidget(self.more.part)
        body.addWidget(self.advice.part)
        if self.finding.known:
            self.know.hide()
        if self.finding.level is Level.ACT:
            self.advice.toggle()

    def _named(self, text: str) -> str:
        return text.format(name=telling.visible(self.finding.program.name))

    # I know this

    def _build_known(self) -> None:
        self._strip = QWidget()
        said = self._named(self.tr("You said that you know “{name}”. Guardian asks again when its "
                                   "file or its origin changes."))  # fmt: skip
        self.undo = Button(self.tr("Undo"), "quiet", "undo", self._undo)
        self.undo.setAccessibleName(self._named(self.tr("Undo: I know “{name}”")))
        line = row(gap=12, top=True)
        line.addWidget(Text(telling.breakable(said), "dim"), 1)
        line.addWidget(self.undo)
        self._strip.setLayout(line)
        self._strip.hide()
        self.body.addWidget(self._strip)

    def _know(self) -> None:
        self.know.setEnabled(False)
        self._doings.know(self.finding, self._show_known)

    def _free(self, _problem: Problem) -> None:
        """What was asked for was refused; it may be asked for again."""
        self.know.setEnabled(True)

    def _show_known(self, known: Known) -> None:
        if not isValid(self):
            return  # a new look has taken its place meanwhile
        self._known = known
        self._strip.show()
        self._whole.hide()
        self.unfolded.emit()
        self.undo.setFocus()

    def _undo(self) -> None:
        if self._known is not None:
            self._doings.ask_again(self._known, self.ask_again, self.finding)

    def ask_again(self) -> None:
        """Show the question as before."""
        if not isValid(self):
            return
        self._known = None
        self._whole.show()
        self._strip.hide()
        self.know.setEnabled(True)

    def follow_known(self, known: tuple[Known, ...]) -> None:
        """What was noted here may have been removed elsewhere."""
        if self._known is not None and self._known not in known:
            self.ask_again()

    # show me more

    def _fill_more(self, box: QVBoxLayout) -> None:
        words = self._words
        self._explained = column(gap=10)
        box.addLayout(self._explained)
        if self.fresh:
            self._explained.addWidget(Text(words.say("processes.page.more.reading"), "dim"))
            pid = self.finding.program.pids[0]
            self._doings.explain(self, pid, self._show_explained, self._tell_gone)
        lines = small_lines(telling.technical(words, self.finding))
        box.addLayout(column(Text(self.tr("For a helper"), "strong"), lines, gap=4))
        self.copy = Button(self.tr("Copy as a report"), icon_name="copy", clicked=self._copy)
        self.copy.setAccessibleName(self._named(self.tr("Copy a report on “{name}”")))
        self._copied = Text(words.say("processes.page.copy"), "small")
        box.addLayout(row(self.copy, None))
        box.addWidget(self._copied)

    def _show_explained(self, explanation: Explanation) -> None:
        self._groups = groups(self._words, explanation)
        fill_groups(self._explained, self._groups)

    def _tell_gone(self, problem: Problem) -> None:
        clear(self._explained)
        said = self._words.say(f"problem.{problem.code}", **problem.facts)
        self._explained.addWidget(Text(said, "dim"))

    def _copy(self) -> None:
        text = telling.report(self._words, self._scan, self.finding, self._now, self._groups)
        QGuiApplication.clipboard().setText(text)
        self._copied.setText(self._words.say("processes.page.copied"))


def listed(heading: str, sentences: list[str]) -> QVBoxLayout:
    """A small heading over one sentence, or over several as a list."""
    once = list(dict.fromkeys(sentences))
    if not once:
        return column()
    text = once[0] if len(once) == 1 else "\n".join(f"•  {each}" for each in once)
    return column(Text(heading, "small"), Text(text), gap=3)


def small_lines(lines: list[str]) -> Text:
    """Lines in one label: a label for each would cost the window too much time."""
    return Text("\n".join(map(telling.breakable, lines)), "small").selectable()


def reach_chips(words: Words, program: Program) -> list[Chip]:
    return [Chip(icon, text) for icon, text in telling.reach(words, program)]


def fill_groups(box: QVBoxLayout, made: list[Group]) -> None:
    """Headings with their lines, in place of what was there."""
    clear(box)
    for heading, lines in made:
        box.addLayout(column(Text(heading, "strong"), small_lines(lines), gap=4))
