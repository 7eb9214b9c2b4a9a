"""Documents held against each other: an older version, an earlier reading, several at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from guardian.clauses.model import Explanation, ReadDocument, SideBySide, VersionChange
from guardian.clauses.service import ClausesService
from guardian.core.words import Words
from guardian.ui.pages.clauses import reading as work
from guardian.ui.pages.clauses.choosing import choose_older
from guardian.ui.pages.clauses.grid import GridPanel
from guardian.ui.pages.clauses.pile import Leaf
from guardian.ui.pages.clauses.reading import Reading
from guardian.ui.pages.clauses.telling import Voice
from guardian.ui.pages.clauses.versions import VersionsPanel


class Against(QObject):
    """``run`` does something that takes a while, ``put`` shows what came of it above the rest.

    ``at_hand`` are readings whose text is still known, by their number in the library; ``save``
    writes a report.
    """

    def __init__(
        self,
        page: QWidget,
        service: ClausesService,
        voice: Callable[[], Voice],
        at_hand: Mapping[int, Reading],
        *,
        run: Callable[..., object],
        put: Callable[[Leaf], object],
        save: Callable[[object, Words], object],
    ) -> None:
        super().__init__(page)
        self._page, self._service, self._voice, self._at_hand = page, service, voice, at_hand
        self._run, self._put, self._save = run, put, save

    def choose_older(self, new: Explanation) -> None:
        """Ask for an older version of a document, and show what changed since."""
        path = choose_older(self._page)
        if path is not None:
            self._start(work.compare_files, new, path, done=self.show_change)

    def see_changes(self, reading: Reading) -> None:
        """What changed since the document was read before."""
        assert reading.before is not None
        self._compare(reading.before, reading.explanation)

    def compare_read(self, old: ReadDocument, new: ReadDocument) -> None:
        """What changed between two readings, by their whole text where that is at hand."""
        self._compare(old, self._whole(new))

    def _compare(self, old: ReadDocument, new: Explanation | ReadDocument) -> None:
        whole = self._whole(old)
        if isinstance(whole, Explanation) and isinstance(new, Explanation):
            self._start(work.compare_versions, whole, new, done=self.show_change)
        else:
            self._start(work.compare_with_read, old, new, done=self.show_remembered_change)

    def _whole(self, one: ReadDocument) -> Explanation | ReadDocument:
        found = self._at_hand.get(one.id)
        return found.explanation if found is not None else one

    def put_side_by_side(self, documents: Sequence[Explanation | ReadDocument]) -> None:
        """Two to six documents, clause by clause."""
        self._start(work.put_side_by_side, tuple(documents), done=self.show_side_by_side)

    def _start(self, verb: Callable[..., object], *facts: object, done: object) -> None:
        self._run(self.tr("Comparing"), verb, self._service, *facts, done=done)

    def show_change(self, change: VersionChange, *, remembered: bool = False) -> None:
        voice = self._voice()
        panel = VersionsPanel(voice.words, change, remembered=remembered, told=voice.told)
        panel.save_asked.connect(lambda what: self._save(what, voice.told))
        self._put(Leaf(panel, change.new_title, panel.headline))

    def show_remembered_change(self, change: VersionChange) -> None:
        self.show_change(change, remembered=True)

    def show_side_by_side(self, side: SideBySide) -> None:
        voice = self._voice()
        panel = GridPanel(voice.words, side, told=voice.told)
        panel.save_asked.connect(lambda what: self._save(what, voice.told))
        self._put(Leaf(panel, self.tr("Side by side"), panel.headline))
