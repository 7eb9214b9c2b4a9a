"""The agreements page: opening, pasting, reading, searching, looking back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from guardian.clauses.service import ClausesService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.settings import TextSize, Theme
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses import page as page_module
from guardian.ui.pages.clauses.card import MOST_QUOTES, Quote
from guardian.ui.pages.clauses.document import DocumentView
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.clauses.remembered import RememberedPanel
from guardian.ui.pages.clauses.sheet import Sheet
from guardian.ui.pages.clauses.shown import LONGEST_LINE, shown_text

DOCUMENTS = Path(__file__).resolve().parents[1] / "fixtures" / "clauses"
TERMS = DOCUMENTS / "lantern-terms.txt"
WEB_PAGE = DOCUMENTS / "saved-page.html"
NOVEL = DOCUMENTS / "harbour-novel.txt"
NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def service() -> Iterator[ClausesService]:
    store = open_in_memory()
    yield ClausesService(store, lambda: NOW)
    store.close()


@pytest.fixture
def page(qtbot: QtBot, service: ClausesService) -> Iterator[ClausesPage]:
    jobs = Jobs()
    desk = Desk(Words(), jobs, lambda: NOW, go=lambda _: None, open_link=lambda _: None)
    made = ClausesPage(service, desk)
    qtbot.addWidget(made)
    made.resize(880, 760)
    made.show()
    yield made
    jobs.close()


@pytest.fixture
def read(qtbot: QtBot, page: ClausesPage) -> Callable[[Path], Sheet]:
    """Opens a document and waits for its sheet."""

    def opened(path: Path) -> Sheet:
        before = page.shown()
        page.open_file(path)
        qtbot.waitUntil(lambda: page.stages.stage == "reading" and page.shown() is not before)
        QApplication.processEvents()
        sheet = page.shown()
        assert isinstance(sheet, Sheet)
        return sheet

    return opened


def button(page: ClausesPage, text: str) -> Button:
    return next(
        one for one in page.findChildren(Button) if one.text() == text and one.isVisibleTo(page)
    )


def passage(view: DocumentView, place: int) -> str:
    """What stands on the screen where the source has ``place``, 20 characters of it."""
    unit = view.shown.unit(place)
    return view.toPlainText()[unit : unit + 20]


def point_of(view: DocumentView, place: int) -> QPoint:
    """Where on the viewport a place of the source is."""
    cursor = view.textCursor()
    cursor.setPosition(view.shown.unit(place))
    return view.cursorRect(cursor).center() + QPoint(3, 0)


def test_an_empty_page_teaches_and_opens_a_chosen_file(
    qtbot: QtBot, page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.start.stages.stage == "empty"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(TERMS), ""))
    qtbot.mouseClick(button(page, "Open a document"), LEFT)
    assert page.stages.stage == "working"
    qtbot.waitUntil(lambda: page.stages.stage == "reading")
    assert page.title.text() == "lantern-terms"
    assert page.subtitle.text() == "8 points to look at."


def test_closing_the_file_dialog_changes_nothing(
    qtbot: QtBot, page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    qtbot.mouseClick(button(page, "Open a document"), LEFT)
    assert page.stages.stage == "start"


def test_the_gravest_point_comes_first_and_each_has_its_quote_and_its_number(
    read: Callable[[Path], Sheet],
) -> None:
    sheet = read(TERMS)
    assert [card.number for card in sheet.cards] == list(range(1, len(sheet.cards) + 1))
    severities = [card.group[0].severity for card in sheet.cards]
    assert severities == sorted(severities, reverse=True)
    assert {mark.number for mark in sheet.view.marks} == {card.number for card in sheet.cards}
    source = sheet.reading.explanation.document.text
    for mark in sheet.view.marks:
        assert passage(sheet.view, mark.start).split()[:2] == source[mark.start :].split()[:2]


def test_a_card_leads_to_its_words_and_a_click_on_words_leads_to_their_card(
    qtbot: QtBot, read: Callable[[Path], Sheet]
) -> None:
    sheet = read(TERMS)
    last = sheet.cards[-1]
    clause = last.group[0]
    qtbot.mouseClick(last.findChildren(Button)[0], LEFT)
    assert last.chosen
    assert sheet.view.chosen is not None
    assert sheet.view.chosen.start == clause.start
    assert sheet.view.viewport().rect().contains(point_of(sheet.view, clause.start))
    other = sheet.cards[1]
    sheet.view.choose(None)
    sheet.view.choose(next(mark for mark in sheet.view.marks if mark.number == other.number))
    sheet.view.choose(None)
    QApplication.processEvents()
    place = point_of(sheet.view, other.group[0].start + 3)
    qtbot.mouseClick(sheet.view.viewport(), LEFT, pos=place)
    assert other.chosen
    assert not last.chosen
    assert sheet.points.verticalScrollBar().value() > 0


def test_a_click_on_a_number_at_the_edge_chooses_its_point(
    qtbot: QtBot, read: Callable[[Path], Sheet]
) -> None:
    sheet = read(TERMS)
    area, marks = sheet.view.numbers_in_view()[0]
    qtbot.mouseClick(sheet.view._edge, LEFT, pos=area.center().toPoint())
    assert sheet.cards[marks[0].number - 1].chosen


def test_enter_in_the_document_chooses_the_point_around_the_cursor(
    qtbot: QtBot, read: Callable[[Path], Sheet]
) -> None:
    sheet = read(TERMS)
    card = sheet.cards[2]
    cursor = sheet.view.textCursor()
    cursor.setPosition(sheet.view.shown.unit(card.group[0].start + 5))
    sheet.view.setTextCursor(cursor)
    qtbot.keyClick(sheet.view, Qt.Key.Key_Return)
    assert card.chosen


def test_why_and_what_to_do_unfold(qtbot: QtBot, read: Callable[[Path], Sheet]) -> None:
    card = read(TERMS).cards[0]
    height = card.sizeHint().height()
    qtbot.mouseClick(card.fold.button, LEFT)
    assert card.fold.button.text() == "Show less"
    assert card.sizeHint().height() > height


def test_further_places_are_shown_when_asked_for_and_not_without_end(
    qtbot: QtBot, page: ClausesPage
) -> None:
    page.explain_text("Terms of use\n\n" + "We may sell your personal data.\n\n" * 30)
    qtbot.waitUntil(lambda: page.stages.stage == "reading")
    sheet = page.shown()
    assert isinstance(sheet, Sheet)
    card = sheet.cards[0]
    assert len(card.group) == 30
    assert len(card.findChildren(Quote)) == 1
    for _ in range(3):
        qtbot.mouseClick(card.others.button, LEFT)
    quotes = card.findChildren(Quote)
    assert len(quotes) == MOST_QUOTES
    sheet.show_clause(card.group[-1])
    assert sheet.view.chosen.start == card.group[-1].start
    assert sheet.view.viewport().rect().contains(point_of(sheet.view, card.group[-1].start))


def test_searching_finds_across_line_ends_and_goes_round(
    qtbot: QtBot, page: ClausesPage, read: Callable[[Path], Sheet]
) -> None:
    sheet = read(TERMS)
    field = page.search_field()
    assert field is sheet.find.field
    qtbot.keyClicks(field, "continued use of the service")
    assert sheet.find.count.text() == "1 of 1"
    field.setText("service")
    total = int(sheet.find.count.text().split()[-1])
    assert total > 2
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sheet.find.count.text() == f"2 of {total}"
    qtbot.mouseClick(sheet.find.before, LEFT)
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.find.count.text() == f"{total} of {total}"
    field.setText("zebra")
    assert sheet.find.count.text() == "not found"
    assert not sheet.find.after.isEnabled()
    assert page.go_back()
    assert field.text() == ""
    assert page.stages.stage == "reading"
    assert page.go_back()
    assert page.stages.stage == "start"
    assert not page.go_back()


def test_what_was_left_out_can_be_read(qtbot: QtBot, read: Callable[[Path], Sheet]) -> None:
    sheet = read(WEB_PAGE)
    qtbot.mouseClick(sheet.left_out.button, LEFT)
    field = sheet.left_out.findChild(QPlainTextEdit)
    assert field.isVisible()
    assert "Prices" in field.toPlainText()
    assert not [line for line in field.toPlainText().split("\n") if line.startswith("#")]
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().height() == field.height())


def test_the_points_come_before_the_small_print(read: Callable[[Path], Sheet]) -> None:
    sheet = read(WEB_PAGE)
    assert sheet.cards[-1].y() < sheet.left_out.mapTo(sheet.points.widget(), QPoint()).y()


def test_a_busy_database_is_told_on_the_page(
    page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise Problem("database-busy")

    monkeypatch.setattr(page._service, "library", busy)
    for turn_to in (page.refresh, page.show_start, lambda: page.show_read(1)):
        page.notice.hide()
        turn_to()
        assert page.notice.isVisible()


def test_a_novel_is_called_one(page: ClausesPage, read: Callable[[Path], Sheet]) -> None:
    sheet = read(NOVEL)
    words = Words().say("clauses.not-a-policy")
    assert words in [label.text() for label in sheet.findChildren(Text)]
    assert "recognised no clause" in page.subtitle.text()


def test_pasted_words_are_explained_and_stay_when_they_cannot_be(
    qtbot: QtBot, page: ClausesPage
) -> None:
    qtbot.mouseClick(button(page, "Paste text"), LEFT)
    panel = page.paste_panel
    assert not panel.explain.isEnabled()
    panel.field.setPlainText(" \n ")
    qtbot.mouseClick(panel.explain, LEFT)
    qtbot.waitUntil(lambda: page.stages.stage == "paste")
    assert page.notice.isVisible()
    assert panel.field.toPlainText() == " \n "
    panel.field.setPlainText("Our terms\n\nWe may sell your personal data to third parties.")
    qtbot.mouseClick(panel.explain, LEFT)
    qtbot.waitUntil(lambda: page.stages.stage == "reading")
    assert page.title.text() == "Our terms"
    assert not page.notice.isVisible()


def test_ctrl_v_anywhere_on_the_page_brings_the_words_along(
    qtbot: QtBot, page: ClausesPage
) -> None:
    QGuiApplication.clipboard().setText("We share <b>data</b> with partners.")
    page._keys.activated.emit()
    assert page.stages.stage == "paste"
    assert page.paste_panel.field.toPlainText() == "We share <b>data</b> with partners."
    QGuiApplication.clipboard().clear()
    assert page.go_back()


def drop(page: ClausesPage, *urls: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    page.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_file_can_be_dropped(qtbot: QtBot, page: ClausesPage) -> None:
    drop(page, QUrl.fromLocalFile(str(WEB_PAGE)).toString())
    qtbot.waitUntil(lambda: page.stages.stage == "reading")
    assert page.subtitle.text() == "2 points to look at, 2 good ones."


@pytest.mark.parametrize("urls", [("https://shop.example/terms",), ("file:///a", "file:///b")])
def test_what_is_no_single_file_is_declined_kindly(
    page: ClausesPage, urls: tuple[str, ...]
) -> None:
    drop(page, *urls)
    assert page.notice.isVisible()
    assert page.stages.stage == "start"


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b""])
def test_a_file_without_words_leaves_the_sheet_before_and_offers_pasting(
    qtbot: QtBot,
    page: ClausesPage,
    read: Callable[[Path], Sheet],
    tmp_path: Path,
    content: bytes,
) -> None:
    sheet = read(TERMS)
    bad = tmp_path / "picture.png"
    bad.write_bytes(content)
    page.open_file(bad)
    qtbot.waitUntil(page.notice.isVisible)
    assert page.shown() is sheet
    assert page.stages.stage == "reading"
    qtbot.mouseClick(button(page, "Paste text instead"), LEFT)
    assert page.stages.stage == "paste"


def test_a_missing_file_is_a_notice(qtbot: QtBot, page: ClausesPage, tmp_path: Path) -> None:
    page.open_file(tmp_path / "gone.txt")
    qtbot.waitUntil(page.notice.isVisible)
    assert page.stages.stage == "start"


def test_stopping_leads_back_and_esc_stops_too(
    qtbot: QtBot, page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()

    def endless(_service: object, _path: object, report: Report) -> None:
        while True:
            going.wait(0.005)
            report(1, 2)

    monkeypatch.setattr(page_module, "read_file", endless)
    page.open_file(TERMS)
    assert page.stages.stage == "working"
    qtbot.mouseClick(button(page, "Stop"), LEFT)
    qtbot.waitUntil(lambda: page.stages.stage == "start")
    page.open_file(TERMS)
    assert page.go_back()
    qtbot.waitUntil(lambda: page.stages.stage == "start")
    assert page._service.library() == ()


def test_the_library_shows_the_sheet_while_it_is_at_hand_and_the_quotes_later(
    qtbot: QtBot, page: ClausesPage, read: Callable[[Path], Sheet]
) -> None:
    read(TERMS)
    qtbot.mouseClick(button(page, "Back"), LEFT)
    assert page.start.stages.stage == "full"
    rows = page.start.rows
    rows.choose_first()
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert isinstance(page.shown(), Sheet)
    page.go_back()
    page._readings.clear()
    area = rows.visualRect(rows.model().index(0, 0))
    qtbot.mouseClick(rows.viewport(), LEFT, pos=area.center())
    panel = page.shown()
    assert isinstance(panel, RememberedPanel)
    assert page.subtitle.text() == "8 points to look at."
    assert len(panel.cards) == 8


def test_forgetting_asks_first(
    qtbot: QtBot,
    page: ClausesPage,
    service: ClausesService,
    read: Callable[[Path], Sheet],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read(TERMS)
    page._readings.clear()
    page.show_read(service.library()[0].id)
    panel = page.shown()
    assert isinstance(panel, RememberedPanel)
    monkeypatch.setattr(page_module, "confirm", lambda *_: False)
    qtbot.mouseClick(panel.forget, LEFT)
    assert len(service.library()) == 1
    monkeypatch.setattr(page_module, "confirm", lambda *_: True)
    qtbot.mouseClick(panel.forget, LEFT)
    assert service.library() == ()
    assert page.start.stages.stage == "empty"


def test_a_narrow_window_shows_one_side_at_a_time(
    page: ClausesPage, read: Callable[[Path], Sheet]
) -> None:
    sheet = read(TERMS)
    assert sheet.points.isVisible()
    assert sheet.document.isVisible()
    page.resize(560, 700)
    QApplication.processEvents()
    assert sheet.points.isVisible()
    assert not sheet.document.isVisible()
    sheet.show_clause(sheet.cards[3].group[0])
    assert not sheet.points.isVisible()
    place = point_of(sheet.view, sheet.cards[3].group[0].start)
    assert sheet.view.viewport().rect().contains(place)


def test_the_marks_follow_the_theme(qapp: QApplication, read: Callable[[Path], Sheet]) -> None:
    sheet = read(TERMS)
    try:
        for wanted in (Theme.DARK, Theme.CONTRAST, Theme.LIGHT):
            theme.apply_look(qapp, wanted, TextSize.NORMAL)
            QApplication.processEvents()
            grounds = {
                one.format.background().color().name() for one in sheet.view.extraSelections()
            }
            assert grounds == {theme.tokens().act_soft, theme.tokens().ask_soft}
    finally:
        theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)


def test_a_failure_without_a_way_out_offers_none(page: ClausesPage) -> None:
    page._failed(Problem("no-permission", name="terms.txt"))
    assert not page.notice._button.isVisible()


# places on the screen

SOURCES = st.text(
    st.sampled_from("ab \n\r.😀é漢\u2029\ufdd0\x00-") | st.characters(exclude_categories=["Cs"]),
    max_size=200,
)


@given(SOURCES)
def test_every_place_of_the_source_is_found_again_on_the_screen(source: str) -> None:
    shown = shown_text(source)
    for place in range(len(source) + 1):
        assert shown.place(shown.unit(place)) == place
    assert len(shown.text.encode("utf-16-le")) // 2 == shown.unit(len(source))


@given(SOURCES)
def test_words_are_never_changed_by_being_shown(source: str) -> None:
    units = shown_text(source).text.encode("utf-16-le")
    shown = shown_text(source)
    for place, sign in enumerate(source):
        if sign.isalnum():
            unit = shown.unit(place) * 2
            assert units[unit : unit + 2 * (1 + (ord(sign) > 0xFFFF))].decode("utf-16-le") == sign


@pytest.mark.parametrize("filling", ["x", "word ", "漢字。", "😀"])
def test_an_endless_line_is_broken_without_losing_a_place(qtbot: QtBot, filling: str) -> None:
    source = filling * (100_000 // len(filling)) + " We sell your data."
    shown = shown_text(source)
    assert max(map(len, shown.text.split("\n"))) <= LONGEST_LINE
    view = DocumentView()
    qtbot.addWidget(view)
    view.show_document(shown, ())
    assert passage_units(view, source.index("We sell")) == "We sell your data."
    assert shown.find("sell  YOUR") == ((source.index("sell"), source.index("sell") + 9),)


def passage_units(view: DocumentView, place: int) -> str:
    cursor = view.textCursor()
    cursor.setPosition(view.shown.unit(place))
    cursor.movePosition(cursor.MoveOperation.End, cursor.MoveMode.KeepAnchor)
    return cursor.selectedText()
