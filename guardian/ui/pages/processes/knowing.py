"""What the person said «I know this» about: a list to take back from, and to pass on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from guardian.processes.model import Known
from guardian.ui.desk import Desk
from guardian.ui.kit.button import Button
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.gradual import Gradual
from guardian.ui.kit.layout import Line, Remembering, clear, column, make_room, plain, row
from guardian.ui.kit.text import Text
from guardian.ui.pages.processes import telling
from guardian.ui.pages.processes.telling import others

ENDING = ".yml"
AT_ONCE = 20  # entries before a button offers the others


class KnownList(QWidget):
    """``removing`` carries what is to be asked about again; ``exporting`` where to write."""

    removing = Signal(object)
    exporting = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._known: Sequence[Known] = ()
        self._gradual = Gradual(self)
        say = desk.words.say
        self.fold = Fold("", "")
        self.fold.button.clicked.connect(self._fill)
        self._entries = column(gap=6)
        self.others = Button("", "plain", "add", self._show_others)
        self.others.hide()
        self.save = Button(self.tr("Save as a file …"), icon_name="save", clicked=self._save)
        self._told = Text(role="small")
        what = Text(say("processes.page.known.what"), "dim")
        self.fold.add(what, self._entries, row(self.others, None), Line(),
                      row(self.save, None), self._told)  # fmt: skip
        self.setLayout(column(self.fold))
        self.hide()

    @property
    def busy(self) -> bool:
        return self._gradual.busy

    def show_known(self, known: Sequence[Known]) -> None:
        """Hidden while there is none. The newest comes first."""
        self._known = tuple(sorted(known, key=lambda each: each.when, reverse=True))
        say = self._desk.words.say
        self.setVisible(bool(known))
        self.fold.name(say("processes.page.known", count=len(known)))
        self._told.setText(say("processes.page.known.export"))
        self._fill()

    def _fill(self) -> None:
        """Only what is looked at is built."""
        if not self.fold.opened:
            return
        clear(self._entries)
        self._gradual.run(self._add_some(0))

    def _add_some(self, first: int) -> Iterator[None]:
        last = first + AT_ONCE
        for each in self._known[first:last]:
            entry = plain(Remembering(Line(), self._entry(each), gap=6))
            self._entries.addWidget(entry)
            make_room(entry)
            yield
        left = len(self._known) - last
        self.others.setVisible(left > 0)
        self.others.setText(others(self._desk.words, left, AT_ONCE))

    def _show_others(self) -> None:
        self._gradual.run(self._add_some(self._entries.count()))

    def _entry(self, known: Known) -> QLayout:
        words = self._desk.words
        path = known.script or known.image or known.identity
        name = telling.visible(path.replace("\\", "/").rpartition("/")[2] or path)
        when = telling.when(words, known.when, self._desk.clock())
        details = [
            words.say("processes.page.file", path=telling.visible(path)),
            words.say("processes.page.known.since", when=when, count=len(known.rules)),
        ]
        if known.note:
            details.append(telling.visible(known.note))
        remove = Button(self.tr("Ask again"), "quiet", "undo", lambda: self.removing.emit(known))
        remove.setAccessibleName(self.tr("Ask again about “{name}”").format(name=name))
        lines = [Text(telling.breakable(line), "small") for line in details]
        entry = row(gap=12, top=True)
        entry.addLayout(column(Text(telling.breakable(name), "strong"), *lines, gap=3), 1)
        entry.addWidget(remove)
        return entry

    def _save(self) -> None:
        words = self._desk.words
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = Path(folder) / f"{words.say('processes.page.known.file')}{ENDING}"
        title = self.window().windowTitle()
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(start))
        if chosen:
            wanted = Path(chosen)
            ending = wanted.suffix.lower() in (ENDING, ".yaml")
            self.exporting.emit(wanted if ending else Path(f"{chosen}{ENDING}"))

    def tell_saved(self, target: Path) -> None:
        self._told.setText(self._desk.words.say("processes.page.known.saved", name=target.name))
