"""The right-hand pane: the chosen document, looked at without leaving a trace of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from guardian.core.errors import Problem
from guardian.ui import theme
from guardian.ui.kit.button import Button
from guardian.ui.kit.flow import Flow
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.icon import Icon
from guardian.ui.kit.layout import Card, clear, column, plain, row
from guardian.ui.kit.page import Stages
from guardian.ui.kit.text import Text
from guardian.ui.pages.vault.inside import deeds
from guardian.ui.pages.vault.names import breakable, icon_of
from guardian.ui.pages.vault.pane.instead import Instead
from guardian.ui.pages.vault.pane.looking import Drawn, Found, Looking, is_about_one_page
from guardian.ui.pages.vault.pane.pages import Pages
from guardian.ui.pages.vault.pane.reading import Reading
from guardian.ui.pages.vault.tools import Tools
from guardian.vault.model import Entry, Kind
from guardian.vault.service import Facts, Look, Saying

LEAST_HEIGHT = 200  # pixels at 100 %
SHOWN = (Look.PAGES, Look.PICTURE)
MORE = ("lend", "details")  # deeds that stand in the menu of the pane


class Tall(QScrollArea):
    """A column as wide as it must be; too tall for the pane, as with large letters, it scrolls."""

    def __init__(self, inner: QVBoxLayout) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(plain(inner))

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + bar, theme.px(LEAST_HEIGHT))


class Viewer(QWidget):
    """Shows one document; ``asked`` carries what is to be done with it (a key of ``deeds``) and
    the document in a list. What draws it is built when a document first needs it."""

    asked = Signal(str, object)

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools, self._words = tools, tools.words
        self._entry: Entry | None = None
        self._facts: Facts | None = None
        self.looking = Looking(self, tools.desk)
        self.instead = Instead()
        self.stages = Stages(instead=self.instead)
        self._build()
        self.instead.unlocked.connect(self._try_password)
        self.looking.opened.connect(self._show_facts)
        self.looking.drawn.connect(self._show_drawn)
        self.looking.found.connect(self._show_found)
        self.looking.told.connect(self._show_text)
        self.looking.failed.connect(self._show_problem)
        self.show_document(None)

    def _build(self) -> None:
        self._icon = Icon("file", "accent", 24)
        self.name, self.about = Text(role="strong"), Text(role="dim")
        self._until, self._tags, self._note = Text(role="small"), Text(role="small"), Text()
        self.save = Button(self.tr("Save a copy …"), "quiet", clicked=lambda: self._ask("save"))
        self.lend = Button(
            self.tr("Open with another program …"), "quiet", clicked=lambda: self._ask("lend")
        )
        self.more = Button(self.tr("More"), "quiet", "down", clicked=self._show_more)
        self.more.setAccessibleName(self.tr("More to do with this document"))
        buttons = QWidget()
        buttons.setLayout(Flow(self.save, self.more, self.lend, gap=4))
        line = row(self._icon, gap=12, top=True)
        line.addLayout(column(self.name, self.about, gap=2), 1)
        self.head = QWidget()
        self.head.setLayout(column(line, self._until, self._tags, self._note, buttons, gap=6))
        self.where = Text(role="strong")
        self.where.setProperty("level", "ask")
        self.fold = Fold(self.tr("About this file"), self.tr("Show less"))
        inner = column(self.head, gap=6)
        inner.addWidget(self.stages, 1)
        inner.addWidget(self.where)
        inner.addWidget(self.fold)
        card = Card(margin=16)
        card.body.addWidget(Tall(inner))
        box = column()
        box.addWidget(card, 1)
        self.setLayout(box)

    @cached_property
    def pages(self) -> Pages:
        made = Pages(self._words, self.looking)
        self._put_in("pages", made, made.area)
        return made

    @cached_property
    def reading(self) -> Reading:
        made = Reading(self._words)
        self._put_in("text", made, made.page)
        return made

    def _put_in(self, stage: str, made: QWidget, last: QWidget) -> None:
        """Tab meets what was built later where it stands: before the fold."""
        self.stages.add_stage(stage, made)
        self.setTabOrder(last, self.fold.button)

    def _drawing(self) -> list[Pages | Reading]:
        """What draws documents, as far as it was built."""
        return [vars(self)[name] for name in ("pages", "reading") if name in vars(self)]

    @property
    def at_rest(self) -> bool:
        """Whether all that was asked for is shown."""
        return self.looking.at_rest and all(part.at_rest for part in self._drawing())

    # what the page asks

    def show_document(self, entry: Entry | None) -> None:
        """Look at ``entry``, or at nothing."""
        if entry is not None and self._is_shown(entry):
            self._entry = entry  # its note may be another now
            self._show_head(entry)
            return
        self._forget()
        vault = self._tools.vault()
        self._entry = entry if vault is not None else None
        self.head.setVisible(self._entry is not None)
        if entry is None or vault is None:
            self._say("nothing", "file")
        elif entry.kind is not Kind.FILE:
            self._show_head(entry)
            self._say(entry.kind.value, icon_of(entry))
        else:
            self._show_head(entry)
            self.instead.show_lines("file", self.tr("Opening …"))
            self.looking.show(vault, entry.path)

    def closed(self) -> None:
        """Before the vault is locked: nothing of what was shown stays."""
        self.show_document(None)

    def _is_shown(self, entry: Entry) -> bool:
        old = self._entry
        return (
            old is not None
            and (old.path, old.size, old.modified) == (entry.path, entry.size, entry.modified)
            and self._tools.vault() is not None
        )

    def _forget(self) -> None:
        self.looking.drop()
        self._entry = self._facts = None
        for part in self._drawing():
            part.forget()
        for text in (self.name, self.about, self._until, self._tags, self._note,
                     self.where):  # fmt: skip
            text.setText("")
        self._show_sayings(())
        self.stages.show_stage("instead")
        self.instead.show_lines("file", "")

    def _ask(self, deed: str) -> None:
        if self._entry is not None:
            self.asked.emit(deed, [self._entry])

    def menu(self) -> QMenu:
        """What is done less often with the document that is shown."""
        menu, vault = deeds.new_menu(self), self._tools.vault()
        if self._entry is not None and vault is not None:
            possible = deeds.fitting([self._entry], writable=not vault.read_only)
            wanted = [deed for deed in possible if deed.key in MORE]
            deeds.fill_menu(menu, self._words, wanted, self._ask)
        return menu

    def _show_more(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    # the head

    def _show_head(self, entry: Entry) -> None:
        words = self._words
        self._icon.change(icon_of(entry), "accent")
        self.name.setText(breakable(entry.name))
        parts = [words.size(entry.size)] if entry.size is not None else []
        parts.append(words.day(entry.modified.astimezone().date()))
        if self._facts is not None and self._facts.look in (*SHOWN, Look.TEXT):
            parts.insert(0, self._kind(self._facts))
        self.about.setText(" · ".join(parts))
        details = entry.details
        until = details.valid_until
        past = until is not None and until < self._tools.desk.clock().date()
        code = "vault.view.until.past" if past else "vault.view.until"
        self._show_line(self._until, words.say(code, day=until) if until else "")
        self._until.setProperty("level", "ask" if past else None)
        self._until.style().polish(self._until)
        tags = ", ".join(details.tags)
        self._show_line(self._tags, words.say("vault.view.tags", tags=tags) if tags else "")
        self._show_line(self._note, details.note)
        for button in (self.save, self.more):
            button.setVisible(entry.kind is Kind.FILE)
        self.lend.hide()

    @staticmethod
    def _show_line(label: Text, text: str) -> None:
        label.setText(breakable(text))
        label.setVisible(bool(text))

    def _kind(self, facts: Facts) -> str:
        if facts.look is Look.PAGES:
            return self._words.say("vault.view.kind.pages", count=facts.pages)
        if facts.look is Look.PICTURE:
            return self._words.say("vault.view.kind.picture")
        return self._words.say("vault.view.kind.text")

    # what the child answers

    def _show_facts(self, facts: Facts) -> None:
        self._facts = facts
        if self._entry is not None:
            self._show_head(self._entry)
        self._show_sayings(facts.sayings)
        if facts.look in SHOWN:
            self.pages.show_facts(facts)
        elif facts.look is Look.TEXT:
            self.looking.read()
        else:
            self._say(facts.look.value, "file")
            self.lend.show()
            self.looking.drop()  # its child has nothing more to do

    def _show_drawn(self, drawn: Drawn) -> None:
        self.stages.show_stage("pages")
        self.pages.show_drawn(drawn)

    def _show_found(self, found: Found) -> None:
        self.pages.show_found(found)

    def _show_text(self, told: object) -> None:
        self.reading.show_text(told)
        self.stages.show_stage("text")
        self.looking.drop()

    def _show_problem(self, problem: Problem) -> None:
        words = self._words
        what = breakable(words.say(f"problem.{problem.code}", **problem.facts))
        do = words.say(f"problem.{problem.code}.do", **problem.facts)
        if self._facts is not None and self._facts.pages > 1 and is_about_one_page(problem):
            self.stages.show_stage("pages")
            self.pages.show_wrong(f"{what} {do}")
            return
        asks = problem.code in ("preview-password", "preview-password-wrong")
        self.instead.show_lines("key" if asks else "ask", what, do, token="ask", ask=asks)
        self.stages.show_stage("instead")
        if not asks:
            self.lend.show()
            self.looking.drop()

    def _try_password(self, password: str) -> None:
        self.looking.try_password(password)

    def _say(self, key: str, icon: str) -> None:
        """That nothing can be shown, and why."""
        name = breakable(self._entry.name) if self._entry else ""
        self.stages.show_stage("instead")
        self.instead.show_lines(
            icon,
            self._words.say(f"vault.view.{key}", name=name),
            self._words.say(f"vault.view.{key}.why"),
        )

    def _show_sayings(self, sayings: Sequence[Saying]) -> None:
        clear(self.fold.inner)
        self.fold.setVisible(bool(sayings))
        for one in sayings:
            text = self._words.say(f"vault.view.says.{one.code}", text=one.text)
            self.fold.add(Text(breakable(text), "small"))
        if any(one.code == "where" for one in sayings):
            self.fold.add(Text(self._words.say("vault.view.where.why"), "small"))
            self._show_line(self.where, self._words.say("vault.view.where"))
        else:
            self._show_line(self.where, "")
