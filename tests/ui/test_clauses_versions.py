"""Panels of the agreements page that hold documents against each other, and the saved report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QStandardPaths, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from guardian.clauses.model import Explanation, ReadDocument
from guardian.clauses.repository import Library
from guardian.clauses.rules.comparing import (
    compare_versions,
    compare_with_read,
    put_side_by_side,
)
from guardian.core.errors import Problem
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses.batch import BatchPanel, BatchRow
from guardian.ui.pages.clauses.card import Quote
from guardian.ui.pages.clauses.grid import GridPanel
from guardian.ui.pages.clauses.library import LibraryPanel
from guardian.ui.pages.clauses.report import ReportSaver
from guardian.ui.pages.clauses.versions import VersionsPanel
from guardian.ui.paper import with_ending
from tests.clauses.versions import new_version, old_version
from tests.scenes.clauses_documents import policy

LEFT = Qt.MouseButton.LeftButton
NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
Show = Callable[[QWidget], QWidget]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def shown(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(860, 640)
        widget.show()
        QApplication.processEvents()
        return widget

    return shown


def texts(widget: QWidget) -> list[str]:
    """What can be read in ``widget`` once everything is laid out."""
    QApplication.processEvents()
    return [one.text() for one in widget.findChildren(Text) if one.isVisibleTo(widget)]


def button(widget: QWidget, text: str) -> Button:
    return next(one for one in widget.findChildren(Button) if one.text() == text)


# versions


def changes(show: Show, **more: bool) -> VersionsPanel:
    panel = VersionsPanel(Words(), compare_versions(old_version(), new_version()), **more)
    show(panel)
    return panel


def test_the_worst_change_comes_first_with_both_quotes(show: Show) -> None:
    panel = changes(show)
    assert panel.headline == "4 things got worse, 1 got better."
    assert "From “lantern-privacy-2025” to “lantern-privacy-2026”" in texts(panel)
    said = texts(panel.cards[0])
    assert said[0] == "Worse for you"
    assert "We do not sell your personal data." in said
    assert "We may sell your personal data to companies that pay for it." in said
    assert texts(panel.cards[-1])[0] == "Better for you"
    assert "30 days → 6 months" in panel.cards[3].plain


def test_a_version_that_says_nothing_of_it_says_so(show: Show) -> None:
    said = texts(changes(show).cards[1])
    assert Words().say("clauses.change.absent.before") in said


def test_why_it_matters_is_one_key_away(show: Show, qtbot: QtBot) -> None:
    card = changes(show).cards[0]
    qtbot.keyClick(card.fold.button, Qt.Key.Key_Return)
    assert Words().say("clauses.why.data-sale") in texts(card)


def test_sentences_of_other_wording_are_folded_away_without_those_of_the_cards(
    show: Show, qtbot: QtBot
) -> None:
    panel = changes(show)
    names = [fold.button.text() for fold in panel.wording]
    assert names == ["1 sentence is only worded differently", "1 new sentence"]
    assert not panel.wording[0].findChildren(Quote)
    qtbot.mouseClick(panel.wording[0].button, LEFT)
    qtbot.mouseClick(panel.wording[0].button, LEFT)
    qtbot.mouseClick(panel.wording[0].button, LEFT)
    quotes = [one.text() for one in panel.wording[0].findChildren(Quote)]
    assert len(quotes) == 2
    assert quotes[0].startswith("We send you a bill each month")


def test_nothing_that_matters_changed(show: Show) -> None:
    panel = VersionsPanel(Words(), compare_versions(old_version(), old_version()))
    show(panel)
    assert panel.headline == Words().say("clauses.change.nothing")
    assert Words().say("clauses.change.nothing.same") in texts(panel)
    assert panel.cards == []


def test_what_is_only_remembered_is_counted(show: Show) -> None:
    read = ReadDocument(1, "old", "f", NOW, 9, {}, old_version().clauses, sentences=("aa" * 6,))
    panel = VersionsPanel(Words(), compare_with_read(read, new_version()), remembered=True)
    show(panel)
    assert any("Guardian keeps no text" in text for text in texts(panel))


# side by side


@pytest.fixture
def grid(show: Show) -> GridPanel:
    panel = GridPanel(Words(), put_side_by_side([old_version(), new_version(), policy()]))
    show(panel)
    return panel


def test_a_field_says_its_level_in_words_and_shows_its_quote(grid: GridPanel, qtbot: QtBot) -> None:
    index = grid.model.index(0, 1)
    assert index.data() == "Please act"
    assert "lantern-privacy-2026: Please act" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    place = grid.view.visualRect(index).center()
    qtbot.mouseClick(grid.view.viewport(), LEFT, pos=place)
    assert "We may sell your personal data to companies that pay for it." in texts(grid.detail)


def test_the_arrows_move_in_the_table_and_tab_leaves_it(grid: GridPanel, qtbot: QtBot) -> None:
    grid.view.setFocus()
    grid.view.setCurrentIndex(grid.model.index(0, 0))
    assert any("did not find this" in text for text in texts(grid.detail))
    qtbot.keyClick(grid.view, Qt.Key.Key_Right)
    assert grid.view.currentIndex().column() == 1
    qtbot.keyClick(grid.view, Qt.Key.Key_Down)
    assert grid.view.currentIndex().row() == 1
    assert not grid.view.tabKeyNavigation()
    face = QAccessible.queryAccessibleInterface(grid.view)
    assert face.text(QAccessible.Text.Name)


def test_values_are_shown_and_rows_that_do_not_differ_can_be_left_out(show: Show) -> None:
    same = GridPanel(Words(), put_side_by_side([old_version(), old_version()]))
    show(same)
    row = [name for name, _ in same.model.rows].index("stated-period")
    assert same.model.index(row, 0).data().endswith("30 days")
    same.only.click()
    assert same.model.rows == []
    assert Words().say("clauses.grid.same") in texts(same)
    other = GridPanel(Words(), put_side_by_side([old_version(), new_version()]))
    show(other)
    other.only.click()
    assert "stated-period" in [name for name, _ in other.model.rows]


def test_six_documents_scroll_sideways_and_keep_the_names_in_sight(show: Show) -> None:
    panel = GridPanel(Words(), put_side_by_side([old_version(), new_version(), policy()] * 2))
    show(panel)
    bar = panel.view.horizontalScrollBar()
    assert bar.maximum() > 0
    assert panel.view.verticalHeader().width() <= panel.width() // 3
    panel.view.setCurrentIndex(panel.model.index(0, 5))
    assert bar.value() > 0


# the library


@pytest.fixture
def read() -> Iterator[tuple[ReadDocument, ...]]:
    """Two versions of one policy and another document, the latest first."""
    store = open_in_memory()
    library = Library(store)
    other = replace(policy(), document=replace(policy().document, title="Harbour shop"))
    for days, one in enumerate((old_version(), new_version(), other)):
        library.keep(one, one.fingerprint, NOW + timedelta(days=days))
    library.note_source(3, "from the shop")
    yield library.all()
    store.close()


@pytest.fixture
def library(show: Show, read: tuple[ReadDocument, ...]) -> LibraryPanel:
    panel = LibraryPanel(Words())
    show(panel)
    panel.show_library(read)
    return panel


def listed(panel: LibraryPanel) -> list[str]:
    return [one.title for one in panel.table.items()]


def test_the_latest_comes_first_and_heads_sort_by_title(library: LibraryPanel) -> None:
    assert listed(library) == ["Harbour shop", "lantern-privacy-2026", "lantern-privacy-2025"]
    library.table.heads["name"].click()
    assert listed(library) == ["Harbour shop", "lantern-privacy-2025", "lantern-privacy-2026"]


def test_titles_and_notes_are_searched(library: LibraryPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(library.search, "shop from")
    assert listed(library) == ["Harbour shop"]
    library.search.setText("lighthouse")
    assert listed(library) == []
    assert Words().say("clauses.library.nothing") in texts(library)


def test_a_document_that_changed_is_marked_and_the_change_one_click_away(
    library: LibraryPanel, read: tuple[ReadDocument, ...], qtbot: QtBot
) -> None:
    model = library.table.view.listed
    said = model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Changed since 21 November 2026" in said
    library.table.choose(str(read[1].id))
    with qtbot.waitSignal(library.diff_asked) as asked:
        library.diff.click()
    assert asked.args == [read[2].id, read[1].id]


def test_two_chosen_ones_are_compared_the_older_first(
    library: LibraryPanel, read: tuple[ReadDocument, ...], qtbot: QtBot
) -> None:
    assert not library.compare.isEnabled()
    library.table.choose(str(read[0].id), str(read[2].id))
    with qtbot.waitSignals([library.diff_asked, library.compare_asked]):
        library.diff.click()
        library.compare.click()
    assert not library.open.isEnabled()


def test_enter_opens_and_forgetting_can_be_undone(
    library: LibraryPanel, read: tuple[ReadDocument, ...], qtbot: QtBot
) -> None:
    view = library.table.view
    view.setFocus()
    library.table.choose(str(read[0].id))
    with qtbot.waitSignal(library.chosen) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [read[0].id]
    with qtbot.waitSignal(library.forget_asked) as asked:
        library.forget.click()
    assert asked.args == [read[0].id]
    library.show_library(read[1:])
    library.show_forgotten(read[0])
    assert "“Harbour shop” is forgotten." in texts(library)
    with qtbot.waitSignal(library.restore_asked) as restored:
        library.undo.click()
    assert restored.args == [read[0]]
    assert library.strip.isHidden()


def test_a_note_is_given_once_where_it_changed(
    library: LibraryPanel, read: tuple[ReadDocument, ...], qtbot: QtBot
) -> None:
    given: list[tuple[int, str]] = []
    library.note_given.connect(lambda number, note: given.append((number, note)))
    library.table.choose(str(read[0].id))
    library.noting.click()
    assert library.source.text() == "from the shop"
    library.source.setText(" from the harbour ")
    qtbot.keyClick(library.source, Qt.Key.Key_Return)
    noted = (replace(read[0], source="from the harbour"), *read[1:])
    library.show_library(noted)
    library.source.clearFocus()
    assert given == [(read[0].id, "from the harbour")]


# a whole folder


@pytest.fixture
def folder(show: Show) -> BatchPanel:
    rows = [
        BatchRow("photo.jpg", problem=Problem("document-not-text", name="photo.jpg")),
        BatchRow("old.html", old_version()),
        BatchRow("new.html", new_version()),
        BatchRow("policy.html", policy()),
    ]
    panel = BatchPanel(Words(), rows)
    show(panel)
    return panel


def test_a_folder_is_a_table_with_the_gravest_document_first(folder: BatchPanel) -> None:
    assert folder.headline == "3 documents read. 1 could not be read."
    names = [row.name for _, row in folder.table.items()]
    assert names[-2:] == ["old.html", "photo.jpg"]
    said = [
        folder.table.view.listed.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in (0, 3)
    ]
    assert "to act on" in said[0]
    assert Words().say("problem.document-not-text", name="photo.jpg") in said[1]


def test_one_of_a_folder_is_opened_and_several_compared(folder: BatchPanel, qtbot: QtBot) -> None:
    photo, old, new = "0", "1", "2"
    folder.table.choose(photo)
    assert not folder.open.isEnabled()
    folder.table.choose(old)
    with qtbot.waitSignal(folder.opened) as opened:
        folder.open.click()
    assert opened.args[0].name == "old.html"
    folder.table.choose(photo, old, new)
    with qtbot.waitSignal(folder.compare_asked) as asked:
        folder.compare.click()
    assert {row.name for row in asked.args[0]} == {"old.html", "new.html"}


def test_choosing_with_the_keyboard_tells_how_many(folder: BatchPanel, qtbot: QtBot) -> None:
    view = folder.table.view
    view.setFocus()
    view.selectionModel().setCurrentIndex(
        view.listed.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert "2 documents chosen." in texts(folder)


# the report


@pytest.fixture
def saver(show: Show, tmp_path: Path) -> Iterator[tuple[ReportSaver, Notice]]:
    QStandardPaths.setTestModeEnabled(True)
    owner, jobs = QWidget(), Jobs()
    notice = Notice(Words(), owner)
    show(owner)
    yield ReportSaver(owner, Words(), jobs, notice), notice
    jobs.close()
    QStandardPaths.setTestModeEnabled(False)


def save(
    saver: ReportSaver, what: Explanation, target: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> str:
    """Save as the dialog's answer; what it offered as a name."""
    offered: list[str] = []

    def answer(_owner: QWidget, _title: str, name: str, kinds: str) -> tuple[str, str]:
        offered.append(name)
        return str(target), next((one for one in kinds.split(";;") if kind in one), "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    saver.save(what)
    return Path(offered[0]).name


def test_a_web_page_and_a_pdf_are_saved_where_the_person_said(
    saver: tuple[ReportSaver, Notice],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    page = tmp_path / "mine.html"
    with qtbot.waitSignal(saver[0].saved):
        name = save(saver[0], policy(), page, monkeypatch, "html")
    assert name == "lantern-privacy (report).html"
    assert "We may sell your personal data" in page.read_text("utf-8")
    assert "mine.html" in saver[1].accessibleName()
    with qtbot.waitSignal(saver[0].saved) as saved:
        save(saver[0], policy(), page, monkeypatch, "pdf")
    assert saved.args == ["mine.pdf"]
    paper = (tmp_path / "mine.pdf").read_bytes()
    assert paper.startswith(b"%PDF")
    assert str(tmp_path).encode() not in paper


def test_closing_the_dialog_saves_nothing_and_a_refusal_is_told(
    saver: tuple[ReportSaver, Notice],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    saver[0].save(policy())
    assert saver[1].isHidden()
    (tmp_path / "folder.html").mkdir()
    save(saver[0], policy(), tmp_path / "folder.html", monkeypatch, "html")
    qtbot.waitUntil(lambda: not saver[1].isHidden())
    assert "folder.html" in saver[1].accessibleName()


def test_the_ending_follows_the_kind_and_never_overwrites_unasked(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    assert with_ending(file, ".html") == file
    assert with_ending(file, ".pdf").name == "a.pdf"
    (tmp_path / "a.pdf").touch()
    assert with_ending(file, ".pdf").name == "a (2).pdf"
    assert with_ending(tmp_path / "a.pdf", ".html").name == "a.pdf"
    assert with_ending(tmp_path / "v1.2", ".html").name == "v1.2.html"
