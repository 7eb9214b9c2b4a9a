"""The agreements page: opening, pasting, reading, searching, looking back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFont, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QPlainTextEdit,
    QProgressBar,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guardian.clauses import explaining
from guardian.clauses.model import (
    Checklist,
    Direction,
    Document,
    Explanation,
    Law,
    ReadDocument,
    Standing,
)
from guardian.clauses.rules.comparing import compare_versions, put_side_by_side
from guardian.clauses.service import ClausesService
from guardian.core import child
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report, report_nothing
from guardian.core.settings import TextSize, Theme
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.text import Text
from guardian.ui.pages.clauses import listing
from guardian.ui.pages.clauses import reading as work
from guardian.ui.pages.clauses.batch import BatchPanel
from guardian.ui.pages.clauses.card import LeftCard, PassageCard, Quote
from guardian.ui.pages.clauses.checks import ChecklistCard
from guardian.ui.pages.clauses.document import DocumentView
from guardian.ui.pages.clauses.edge import Mark
from guardian.ui.pages.clauses.grid import GridPanel
from guardian.ui.pages.clauses.helping import Helping
from guardian.ui.pages.clauses.links import ClausesLinks, hosts_in
from guardian.ui.pages.clauses.listing import LEFT, Wanted
from guardian.ui.pages.clauses.page import ClausesPage
from guardian.ui.pages.clauses.reading import prepare
from guardian.ui.pages.clauses.remembered import RememberedPanel
from guardian.ui.pages.clauses.sheet import CLAUSES, DOCUMENT, SHORT, Sheet
from guardian.ui.pages.clauses.shown import LONGEST_LINE, shown_text
from guardian.ui.pages.clauses.telling import Voice, quoted, tell_ease
from guardian.ui.pages.clauses.versions import VersionsPanel
from tests.clauses.builders import a_clause, a_fact, an_explanation
from tests.clauses.versions import new_version, old_version
from tests.scenes.clauses_documents import POLICY, gdpr, policy, story

DOCUMENTS = Path(__file__).resolve().parents[1] / "fixtures" / "clauses"
TERMS = DOCUMENTS / "lantern-terms.txt"
NOVEL = DOCUMENTS / "harbour-novel.txt"
NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
LEFT_BUTTON = Qt.MouseButton.LeftButton
# what the page is shown instead of what Guardian would recognise: the page is tried here
CUES = {"data-sale": "sell your", "content-licence": "sublicense", "arbitration": "arbitration"}


def explain(document: Document, report: Report) -> Explanation:
    """Finds a few clauses by their cues, at once."""
    report(0, 1)
    text = document.text
    clauses = [
        a_clause(text, kind, cue, nth)
        for kind, cue in CUES.items()
        for nth in range(text.count(cue))
    ]
    made = an_explanation(text, clauses, title=document.title)
    return replace(made, document=document)


@dataclass
class Lent:
    """What other pages lend to this one, and what they were asked for."""

    opened: list[str] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)
    kept: list[tuple[str, bytes]] = field(default_factory=list)

    def links(self) -> ClausesLinks:
        return ClausesLinks(
            account_for=lambda hosts, _title: hosts[0] if hosts else None,
            open_account=self.opened.append,
            write_letter=lambda site, kind: self.letters.append((site, kind)),
            keep_in_vault=lambda name, data: self.kept.append((name, data)),
        )


@pytest.fixture
def lent() -> Lent:
    return Lent()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ClausesService]:
    monkeypatch.setattr(explaining, "explain_document", explain)
    store = open_in_memory()
    yield ClausesService(store, lambda: NOW)
    store.close()


@pytest.fixture
def page(qtbot: QtBot, service: ClausesService, lent: Lent) -> Iterator[ClausesPage]:
    jobs = Jobs()
    desk = Desk(Words(), jobs, lambda: NOW, go=lambda _: None, open_link=lambda _: None)
    made = ClausesPage(service, desk, lent.links())
    qtbot.addWidget(made)
    made.resize(980, 760)
    made.show()
    yield made
    jobs.close()


def make_sheet(explanation: Explanation, lent: Lent) -> Sheet:
    """A sheet alone, in a window of its own."""
    words, links = Words(), lent.links()
    reading = prepare(explanation, None, links)
    sheet = Sheet(Voice(words, words), reading, Helping(words, links, reading.site))
    sheet.resize(900, 640)
    sheet.show()
    return sheet


@pytest.fixture
def show(qtbot: QtBot, lent: Lent) -> Callable[[Explanation], Sheet]:
    """Shows an explanation alone, and waits until its sheet is built."""

    def shown(explanation: Explanation) -> Sheet:
        sheet = make_sheet(explanation, lent)
        qtbot.addWidget(sheet)
        qtbot.waitUntil(lambda: not sheet.busy)
        QApplication.processEvents()
        return sheet

    return shown


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Iterator[tuple[Sheet, Lent]]:
    """Building the sheet of a whole policy takes longer than most that is tried with it."""
    lent = Lent()
    sheet = make_sheet(policy(), lent)
    yield sheet, lent
    sheet.close()
    sheet.deleteLater()


@pytest.fixture
def sheet(qtbot: QtBot, shared: tuple[Sheet, Lent]) -> Sheet:
    """The sheet of a whole policy, as when it was opened but for what was unfolded."""
    sheet, _ = shared
    sheet.find.clear()
    sheet.list.want(Wanted())
    sheet.list.order.setCurrentIndex(0)
    sheet.view.choose(None)
    sheet.resize(900, 640)
    sheet.show_part(SHORT)
    sheet.activateWindow()
    qtbot.waitUntil(lambda: not sheet.busy and sheet.isActiveWindow())
    QApplication.processEvents()
    return sheet


@pytest.fixture
def small(qtbot: QtBot, page: ClausesPage) -> Sheet:
    """The sheet of a short document, on the page."""
    page.show_reading(prepare(short_document(), None, page._links))
    return built(qtbot, page)


def short_document() -> Explanation:
    text = "Lantern terms\n\nWe may sell your data.\n\nDisputes go to arbitration."
    text += "\n\nWrite to ana@lantern.example."
    return explain(Document("lantern-terms", text, 12), report_nothing)


def built(qtbot: QtBot, page: ClausesPage) -> Sheet:
    """The sheet that is shown, once it is built."""
    qtbot.waitUntil(lambda: isinstance(page.shown(), Sheet) and page.stages.stage == "reading")
    sheet = page.shown()
    assert isinstance(sheet, Sheet)
    qtbot.waitUntil(lambda: not sheet.busy)
    QApplication.processEvents()
    return sheet


def listed(qtbot: QtBot, sheet: Sheet) -> list[QWidget]:
    """The cards of the list, from above, once they are built."""
    sheet.show_part(CLAUSES)
    qtbot.waitUntil(lambda: not sheet.busy)
    QApplication.processEvents()
    box = sheet.list._column
    items = (box.itemAt(place).widget() for place in range(box.count()))
    return [one for one in items if isinstance(one, PassageCard)]


def button(parent: QWidget, text: str) -> Button:
    return next(
        one for one in parent.findChildren(Button) if one.text() == text and one.isVisibleTo(parent)
    )


def click(what: Button) -> None:
    """Press a button, and let what comes of it be laid out."""
    what.click()
    QApplication.processEvents()


def texts(parent: QWidget) -> list[str]:
    return [one.text() for one in parent.findChildren(Text) if one.isVisibleTo(parent)]


def passage(view: DocumentView, place: int, length: int = 20) -> str:
    """What stands on the screen where the source has ``place``."""
    unit = view.shown.unit(place)
    return view.toPlainText()[unit : unit + length]


def point_of(view: DocumentView, place: int) -> QPoint:
    """Where on the viewport a place of the source is."""
    cursor = view.textCursor()
    cursor.setPosition(view.shown.unit(place))
    return view.cursorRect(cursor).center() + QPoint(3, 0)


def in_view(view: DocumentView, place: int) -> bool:
    return view.viewport().rect().contains(point_of(view, place))


# the document


def test_the_marks_follow_the_theme_and_are_drawn_only_around_what_is_in_view(
    qapp: QApplication, qtbot: QtBot
) -> None:
    source = "\n\n".join(f"Point {number}: we sell your data." for number in range(300))
    starts = [source.index(f"Point {number}:") for number in range(300)]
    view = DocumentView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    marks = [Mark(start, start + 20, Level.ACT, 1) for start in starts]
    view.show_document(shown_text(source), marks)

    def drawn() -> set[int]:
        return {one.cursor.selectionStart() for one in view.extraSelections()}

    assert view.shown.unit(starts[0]) in drawn()
    view.choose(marks[-1])
    assert len(drawn()) < 60
    assert view.shown.unit(starts[-2]) in drawn()
    view.choose(None)
    try:
        for wanted in (Theme.CONTRAST, Theme.LIGHT):
            theme.apply_look(qapp, wanted, TextSize.NORMAL)
            QApplication.processEvents()
            grounds = {one.format.background().color().name() for one in view.extraSelections()}
            assert grounds == {theme.tokens().act_soft}
    finally:
        theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)


# the sheet


def test_the_sheet_begins_with_the_verdict_and_says_how_far_it_goes(sheet: Sheet) -> None:
    said = texts(sheet.summary)
    assert said[0].startswith("Think twice: 2 points")
    assert "3 left for you" in said[1]
    assert sheet.part == SHORT
    bar = sheet.summary.findChild(QProgressBar)
    assert "3 left for you" in bar.accessibleName()


def test_the_three_worst_and_best_stand_with_their_words(sheet: Sheet) -> None:
    explanation, words = policy(), Words()
    quotes = [one.text() for one in sheet.summary.findChildren(Quote)]
    for clause in (*explanation.worst(), *explanation.best()):
        assert words.say(f"clauses.kind.{clause.id}") in texts(sheet.summary)
        assert " ".join(clause.quote.split()) in quotes


def test_five_things_to_do_in_order_and_the_others_folded(sheet: Sheet, qtbot: QtBot) -> None:
    words, actions = Words(), policy().actions(100)
    said = texts(sheet.summary)
    places = [said.index(words.say(f"clauses.action.{one}")) for one in actions[:5]]
    assert places == sorted(places)
    assert words.say(f"clauses.action.{actions[5]}") not in said
    count = len(actions) - 5
    click(button(sheet.summary, words.say("clauses.page.more-actions", count=count)))
    assert words.say(f"clauses.action.{actions[-1]}") in texts(sheet.summary)


def test_what_was_not_found_says_how_common_it_is_and_folds_what_was_found(
    sheet: Sheet, qtbot: QtBot
) -> None:
    card = sheet.summary.checks.cards[Law.GDPR]
    said = texts(card)
    assert "3 things not found in 353 words" in said
    assert "About 9 of 10 such documents say this. See GDPR, article 13(2)(c)." in said
    assert "See GDPR, article 13(1)(c)." in said  # nobody has counted this one
    assert "1 thing unclear: these words come nearest" in said
    assert len(card.findChildren(Quote)) == 1
    click(button(card, "Show all 4 found"))
    assert len(card.findChildren(Quote)) == 5


def test_another_list_is_held_against_the_document_when_asked_for(
    qtbot: QtBot, page: ClausesPage, small: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks, asked = small.summary.checks, []
    assert [checks.law.itemData(place) for place in range(checks.law.count())] == list(Law)

    def check(_service: object, _explanation: object, law: Law, _report: Report) -> Checklist:
        asked.append(law)
        return replace(gdpr(), law=law, quote="")

    monkeypatch.setattr(ClausesService, "check_law", check)
    checks.law.choose(Law.PIPL)
    click(checks.hold)
    qtbot.waitUntil(lambda: Law.PIPL in checks.cards)
    assert asked == [Law.PIPL]
    assert Words().say("clauses.page.list.asked") in texts(checks.cards[Law.PIPL])
    assert checks.law.findData(Law.PIPL) < 0
    cards = len(checks.findChildren(ChecklistCard))
    small.add_checklist(replace(gdpr(), law=Law.PIPL))  # asked for twice
    assert len(checks.findChildren(ChecklistCard)) == cards


def test_of_many_dates_two_are_named_and_long_phrases_are_cut(
    qtbot: QtBot, show: Callable[[Explanation], Sheet]
) -> None:
    period = "as long as it is needed " * 9
    text = f"Updated 1 May 2020, in force 2 May 2020, first published 3 May 2019. Kept {period}."
    found = [a_fact(text, "period", period.strip(), of="kept")]
    for day, of in (("1 May 2020", "updated"), ("2 May 2020", "effective")):
        found.append(a_fact(text, "date", day, of=of))
    found.append(a_fact(text, "date", "3 May 2019", of="published"))
    said = texts(show(an_explanation(text, (), facts=tuple(found))).summary)
    assert [one for one in said if " May 20" in one] == ["1 May 2020", "2 May 2020"]
    cut = said[said.index("Kept for") + 1]
    assert cut.endswith("…")
    assert len(cut) < 80


def test_what_came_with_a_mail_and_was_not_read_is_told(
    show: Callable[[Explanation], Sheet],
) -> None:
    names = ("Terms.pdf", "Annex.pdf", "Prices.xlsx", "Fees.docx")
    text = "Dear customer, our terms change."
    sheet = show(an_explanation(text, (), document={"attachments": names}))
    told = next(one for one in texts(sheet.summary) if "Terms.pdf" in one)
    assert told.startswith("4 documents came with this e-mail")
    assert "“Prices.xlsx”, …" in told
    assert "Fees" not in told


def test_concrete_things_lead_to_their_place(qtbot: QtBot, sheet: Sheet) -> None:
    said = texts(sheet.summary)
    assert said[said.index("Kept for") + 1] == "30 days"
    show = next(
        one for one in sheet.findChildren(Button) if one.accessibleName().endswith("30 days")
    )
    click(show)
    assert sheet.part == CLAUSES
    assert sheet.view.hasFocus()
    assert passage(sheet.view, sheet.view.chosen.start, 7) == "30 days"
    assert in_view(sheet.view, sheet.view.chosen.start)


def test_what_was_left_out_can_be_read(qtbot: QtBot, sheet: Sheet) -> None:
    fold = sheet.summary.about.left_out
    click(fold.button)
    field = fold.findChild(QPlainTextEdit)
    assert "Prices" in field.toPlainText()
    assert not [line for line in field.toPlainText().split("\n") if line.startswith("#")]
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().height() == field.height())


def test_what_makes_it_less_sure_is_told_calmly(show: Callable[[Explanation], Sheet]) -> None:
    said = texts(show(story()).summary)
    assert "does not look like a privacy policy" in said[0]
    assert any(one.startswith("4 of 9 pages are pictures") for one in said)
    assert any(one.startswith("3 characters could not be read") for one in said)
    assert not any("understood" in one for one in said)  # a story leaves nothing to understand


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({"grade": 6.0}, "easy to read"),
        ({"grade": 19.0}, "like a text of law"),
        ({"grade": None}, ""),
    ],
)
def test_how_hard_it_is_to_read_is_said_plainly(shape: dict[str, float], said: str) -> None:
    explanation = policy()
    changed = replace(explanation, readability=replace(explanation.readability, **shape))
    told = tell_ease(Words(), changed)
    assert said in told
    assert bool(said) == bool(told)


def test_a_short_item_is_quoted_after_the_line_its_list_hangs_on(
    show: Callable[[Explanation], Sheet],
) -> None:
    text = "We may sell to others:\n\n- your name\n- your address book\n- photos"
    sheet = show(an_explanation(text, [a_clause(text, "data-sale", "address book")]))
    quotes = [one.text() for one in sheet.summary.findChildren(Quote)]
    assert quotes == ["We may sell to others: … your address book"]


# clause by clause


def test_the_gravest_point_comes_first_and_each_has_its_number_in_the_document(
    qtbot: QtBot, sheet: Sheet
) -> None:
    cards = listed(qtbot, sheet)
    numbers = [card.number for card in cards]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    severities = [card.group[0].severity for card in cards]
    assert severities == sorted(severities, reverse=True)
    assert {mark.number for mark in sheet.view.marks} == set(sheet.list.groups)
    for mark in sheet.view.marks:
        assert passage(sheet.view, mark.start).split()[:2] == POLICY[mark.start :].split()[:2]


def test_what_is_good_or_ordinary_is_folded_below_what_deserves_a_question(
    qtbot: QtBot, sheet: Sheet
) -> None:
    cards, groups = listed(qtbot, sheet), sheet.list.groups.values()
    assert {card.group[0].level for card in cards} == {Level.ACT, Level.ASK}
    fine = [group[0] for group in groups if group[0].level is Level.FINE]
    good = [one for one in fine if one.direction is Direction.GOOD]
    assert 0 < len(good) < len(fine)
    assert len(cards) + len(fine) == len(groups)
    for title, count in (
        (f"Good for you: {len(good)} points", len(good)),
        (f"Ordinary: {len(fine) - len(good)} notes", len(fine)),
    ):
        click(button(sheet.list, title))
        assert len(listed(qtbot, sheet)) == len(cards) + count
    click(button(sheet.list, title))
    assert {card.group[0].direction for card in listed(qtbot, sheet)[len(cards) :]} == {
        Direction.GOOD
    }


def test_the_way_to_a_folded_point_unfolds_it(qtbot: QtBot, sheet: Sheet) -> None:
    few = len(sheet.list.stops())
    clause = policy().best()[0]
    sheet.show_clause(clause)
    assert clause in [one for card in listed(qtbot, sheet) for one in card.group if card.chosen]
    assert len(sheet.list.stops()) > few


def test_where_all_is_good_nothing_is_folded(
    qtbot: QtBot, show: Callable[[Explanation], Sheet]
) -> None:
    text = "We never sell your data."
    sheet = show(an_explanation(text, [a_clause(text, "own-data-rights", "never")]))
    assert len(listed(qtbot, sheet)) == 1


def test_the_list_can_follow_the_document_and_be_sifted(qtbot: QtBot, sheet: Sheet) -> None:
    sheet.list.order.setCurrentIndex(1)
    starts = [card.group[0].start for card in listed(qtbot, sheet)]
    assert starts == sorted(starts)
    sheet.list.levels.setCurrentIndex(sheet.list.levels.findData(Level.ACT.value))
    assert {card.group[0].level for card in listed(qtbot, sheet)} == {Level.ACT}
    sheet.list.topics.setCurrentIndex(sheet.list.topics.findData("sharing"))
    assert [card.group[0].id for card in listed(qtbot, sheet)] == ["data-sale"]
    assert sheet.place.text() == "1 places"


def test_a_card_leads_to_its_words_and_a_click_on_words_leads_to_their_card(
    qtbot: QtBot, sheet: Sheet
) -> None:
    cards = listed(qtbot, sheet)
    last, other = cards[-1], cards[1]
    click(button(last, "Show in the document"))
    assert last.chosen
    assert sheet.view.chosen.start == last.group[0].start
    assert in_view(sheet.view, last.group[0].start)
    sheet.view.choose(None)
    sheet.view._go_to(other.group[0].start)
    QApplication.processEvents()
    place = point_of(sheet.view, other.group[0].start + 3)
    qtbot.mouseClick(sheet.view.viewport(), LEFT_BUTTON, pos=place)
    assert other.chosen
    assert not last.chosen


def test_a_click_beside_the_text_chooses_too(qtbot: QtBot, sheet: Sheet) -> None:
    listed(qtbot, sheet)
    area, marks = sheet.view.numbers_in_view()[0]
    qtbot.mouseClick(sheet.view._edge, LEFT_BUTTON, pos=area.center().toPoint())
    listed(qtbot, sheet)
    assert sheet.list.card(marks[0].number).chosen
    strip = sheet.view._strip
    qtbot.mouseClick(strip, LEFT_BUTTON, pos=QPoint(3, strip.height() - 2))
    assert sheet.view.chosen == max(sheet.view.marks, key=lambda mark: mark.start)


def test_enter_in_the_document_chooses_the_point_around_the_cursor(
    qtbot: QtBot, sheet: Sheet
) -> None:
    card = listed(qtbot, sheet)[2]
    sheet.view._go_to(card.group[0].start + 5)
    qtbot.keyClick(sheet.view, Qt.Key.Key_Return)
    assert card.chosen


def test_the_keys_go_from_place_to_place_and_round(qtbot: QtBot, sheet: Sheet) -> None:
    qtbot.keyClick(sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    starts = [one.start for one in sheet.list.stops()]
    assert starts == sorted(starts)
    assert sheet.view.chosen.start == starts[0]
    assert sheet.place.text() == f"Place 1 of {len(starts)}"
    qtbot.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert sheet.view.chosen.start == starts[-1]
    click(sheet.after)
    assert sheet.view.chosen.start == starts[0]


def test_a_passage_under_the_mouse_says_what_it_means(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(text))
    clause = policy().worst()[0]
    sheet.show_clause(clause)
    for place in (clause.start + 3, clause.start - 3):
        where = point_of(sheet.view, place)
        event = QHelpEvent(QEvent.Type.ToolTip, where, sheet.view.viewport().mapToGlobal(where))
        QApplication.sendEvent(sheet.view.viewport(), event)
    assert told == [Words().say(f"clauses.kind.{clause.id}"), ""]


def test_what_is_left_for_the_person_is_marked_listed_and_gone_through(
    qtbot: QtBot, sheet: Sheet
) -> None:
    click(sheet.summary.about.go_through)
    cards = listed(qtbot, sheet)
    assert [type(card) for card in cards] == [LeftCard] * 3
    assert sheet.list.levels.currentData() == LEFT
    assert cards[0].chosen
    assert sheet.view.left_in_view()
    assert "It seems to be about: sharing, what data is used for." in texts(cards[0])
    click(sheet.after)
    assert cards[1].chosen
    assert sheet.after.hasFocus()
    assert sheet.place.text() == "Place 2 of 3"
    clause = sheet.view.marks[0]
    sheet.view.offer(clause.start)  # a clause that is not listed now
    listed(qtbot, sheet)
    assert sheet.list.card(clause.number).chosen


def test_a_dotted_passage_leads_to_its_card(qtbot: QtBot, sheet: Sheet) -> None:
    sheet.view.offer(sheet.view.left[2].start)
    cards = listed(qtbot, sheet)
    assert cards[2].chosen


def test_why_and_what_to_do_unfold(qtbot: QtBot, sheet: Sheet) -> None:
    card = listed(qtbot, sheet)[2]
    click(card.fold.button)
    said = texts(card)
    assert card.fold.button.text() == "Show less"
    assert Words().say(f"clauses.why.{card.group[0].id}") in said
    assert any("by its likeness" in one for one in said)  # this one the weights recognised


def test_the_places_of_one_kind_are_stepped_through(
    qtbot: QtBot, show: Callable[[Explanation], Sheet]
) -> None:
    text = "Terms of use\n\n" + "".join(
        f"For reason {number} we may sell your personal data.\n\n" for number in range(30)
    )
    found = [a_clause(text, "data-sale", "sell your", nth) for nth in range(30)]
    sheet = show(an_explanation(text, found))
    card = listed(qtbot, sheet)[0]
    assert card.quote.text().startswith("For reason 0")
    click(card.before)
    assert card.quote.text().startswith("For reason 29")
    assert "Place 30 of 30" in texts(card)
    assert in_view(sheet.view, sheet.view.chosen.start)
    sheet.view.offer(found[7].start)
    assert card.quote.text().startswith("For reason 7")


def test_a_long_list_is_built_in_parts_and_still_reaches_every_card(
    qtbot: QtBot, show: Callable[[Explanation], Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 4)
    count = 10
    text = "\n\n".join(f"Matter {number} may go this way or that." for number in range(count))
    sheet = show(an_explanation(text, (), left=("Matter",)))
    assert sum(one.standing is Standing.UNSURE for one in sheet.list.left) == count
    sheet.go_through_left()
    assert len(listed(qtbot, sheet)) == 4
    sheet.step(-1)
    assert len(listed(qtbot, sheet)) == 5
    assert listed(qtbot, sheet)[-1].chosen
    click(button(sheet.list, "Show 5 more"))
    assert len(listed(qtbot, sheet)) == 9


def test_searching_finds_across_line_ends_and_goes_round(qtbot: QtBot, sheet: Sheet) -> None:
    sheet.show_part(CLAUSES)
    field = sheet.find.field
    qtbot.keyClicks(field, "continued use of lantern")
    assert sheet.find.count.text() == "1 of 1"
    field.setText("data")
    total = int(sheet.find.count.text().split()[-1])
    assert total > 4
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sheet.find.count.text() == f"2 of {total}"
    click(sheet.find.before)
    qtbot.keyClick(field, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.find.count.text() == f"{total} of {total}"
    qtbot.keyClick(sheet, Qt.Key.Key_F3)
    assert sheet.find.count.text() == f"1 of {total}"
    field.setText("zebra")
    assert sheet.find.count.text() == "not found"
    assert not sheet.find.after.isEnabled()


def test_esc_empties_the_search_then_leads_to_the_sheet_then_to_the_start(
    page: ClausesPage, small: Sheet
) -> None:
    field = page.search_field()
    assert field is small.find.field
    field.setText("data")
    assert page.go_back()
    assert field.text() == ""
    assert page.go_back()
    assert small.part == SHORT
    assert page.go_back()
    assert page.stages.stage == "start"
    assert not page.go_back()


def test_a_document_leaves_everybodys_letters_as_they_are(sheet: Sheet) -> None:
    assert sheet.view.toPlainText()
    for role, (size, _weight) in theme.FONTS.items():
        assert theme.font(role).pixelSize() == theme.px(size), role
        assert theme.font(role).letterSpacing() == 0, role


def test_whoever_leaves_takes_the_words_along_and_asks_for_nothing_more(
    page: ClausesPage, small: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._readings[1] = page.shown().reading
    asked: list[str] = []
    monkeypatch.setattr(page, "refresh", lambda: asked.append("the library"))
    page.leave()
    assert not page._readings
    assert page.shown() is small and not asked


def test_a_narrow_window_shows_one_part_at_a_time_and_a_wide_one_two(
    sheet: Sheet,
) -> None:
    def visible() -> tuple[bool, bool, bool]:
        QApplication.processEvents()
        return sheet.summary.isVisible(), sheet.list.isVisible(), sheet.view.isVisible()

    assert visible() == (True, False, False)
    sheet.show_part(CLAUSES)
    assert visible() == (False, True, True)
    sheet.resize(480, 600)
    assert visible() == (False, True, False)
    clause = policy().clauses[3]
    sheet.show_clause(clause)
    assert visible() == (False, False, True)
    assert sheet.part == DOCUMENT
    assert in_view(sheet.view, clause.start)
    sheet.resize(1400, 600)
    assert visible() == (False, True, True)
    sheet.show_part(SHORT)
    assert visible() == (True, False, True)


# languages


def test_the_explanations_change_their_language_and_the_window_keeps_its_own(
    qtbot: QtBot, page: ClausesPage, small: Sheet
) -> None:
    clause = small.reading.explanation.clauses[1]
    small.show_clause(clause)
    small.show_part(SHORT)
    click(small.summary.languages.buttons["zh"])
    other = built(qtbot, page)
    assert other is not small
    assert other.voice.told.language == "zh"
    assert other.voice.words.language == "en"
    assert other.view.chosen.start == clause.start
    assert page.voice().told.language == "zh"


def test_changes_and_their_report_speak_the_chosen_language(
    page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[str] = []
    monkeypatch.setattr(page.against, "_save", lambda _what, told: saved.append(told.language))
    page.explain_in("zh")
    change = compare_versions(old_version(), new_version())
    page.against.show_change(change)
    panel = page.shown()
    assert isinstance(panel, VersionsPanel)
    worst = change.changes[0].new
    assert Words("zh").say(f"clauses.kind.{worst.id}") in panel.cards[0].plain
    panel.save.click()
    page.against.show_side_by_side(put_side_by_side([old_version(), new_version()]))
    grid = page.shown()
    assert isinstance(grid, GridPanel)
    grid.save.click()
    assert saved == ["zh", "zh"]


CHINESE = """# 灯笼笔记隐私政策

我们可能会出售您的个人信息给第三方，以便获得相应的报酬，或者用于我们认为合适的其他商业目的。\
如果您不同意，请停止使用本服务。
"""


def test_a_chinese_document_gets_the_same_page(
    qtbot: QtBot, show: Callable[[Explanation], Sheet]
) -> None:
    found = a_clause(CHINESE, "data-sale", "出售")
    sheet = show(an_explanation(CHINESE, [found], language="zh"))
    quote = sheet.summary.findChildren(Quote)[0]
    assert quote.heightForWidth(quote.width()) >= 2 * quote.fontMetrics().lineSpacing()
    assert any("characters" in one for one in texts(sheet.summary))
    sheet.show_clause(found)
    assert passage(sheet.view, found.start, 6) == "我们可能会出"
    sheet.find.field.setText("停止使用")
    assert sheet.find.count.text() == "1 of 1"


# other pages


def test_a_bad_clause_leads_to_the_account_and_to_a_letter(
    sheet: Sheet, shared: tuple[Sheet, Lent]
) -> None:
    _, lent = shared
    click(button(sheet.summary, "Find the account"))
    assert lent.opened == ["lantern.example"]
    click(button(sheet.summary, "Write a letter"))
    assert lent.letters == [("lantern.example", "erasure")]


def test_the_text_goes_into_the_vault_if_the_person_wants(small: Sheet, lent: Lent) -> None:
    click(button(small.summary, "Put the text into the vault"))
    text = small.reading.explanation.document.text
    assert lent.kept == [("lantern-terms.txt", text.encode())]


def test_without_an_account_there_are_no_such_buttons(show: Callable[[Explanation], Sheet]) -> None:
    sheet = show(explain(Document("x", "We may sell your data.", 5), report_nothing))
    names = {one.text() for one in sheet.findChildren(Button)}
    assert not names & {"Find the account", "Write a letter"}


def test_hosts_are_read_from_addresses() -> None:
    text = "See https://help.lantern.example/a or mail ana@lantern.example, bo@lantern.example."
    assert hosts_in(text) == ("lantern.example", "help.lantern.example")
    assert hosts_in("version 4.2 e.g. nothing") == ()


# opening


def test_an_empty_page_teaches_and_opens_a_chosen_file(
    qtbot: QtBot, page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page.start.stages.stage == "empty"
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    click(button(page, "Open documents"))
    assert page.stages.stage == "start"
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(TERMS)], ""))
    click(button(page, "Open documents"))
    assert page.stages.stage == "working"
    built(qtbot, page)
    assert page.title.text() == "lantern-terms"
    assert page.subtitle.text() == "A text file"


def test_several_files_get_a_table_and_each_its_sheet_above_it(
    qtbot: QtBot, page: ClausesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_files(monkeypatch, {"a.txt": "We may sell your data.", "b.txt": "", "c.txt": "Nothing."})
    page.open_paths([tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"])
    qtbot.waitUntil(lambda: isinstance(page.shown(), BatchPanel))
    panel = page.shown()
    assert [row.name for row in panel.rows] == ["a.txt", "b.txt", "c.txt"]
    assert panel.rows[1].problem.code == "document-empty"
    panel.opened.emit(panel.rows[0])
    built(qtbot, page)
    assert page.go_back()
    assert page.shown() is panel
    assert page.title.text() == "Several documents"
    panel.compare_asked.emit((panel.rows[0], panel.rows[2]))
    qtbot.waitUntil(lambda: isinstance(page.shown(), GridPanel))
    assert page.go_back()
    assert page.shown() is panel
    assert page.go_back()
    assert page.stages.stage == "start"


def read_files(monkeypatch: pytest.MonkeyPatch, texts: dict[str, str]) -> None:
    """Files that are not there, read without a child process."""

    def explain_file(
        service: ClausesService, path: Path, report: Report, *, keep: bool = True
    ) -> Explanation:
        text = texts[path.name]
        if not text:
            raise Problem("document-empty", name=path.name)
        return service.explain_text(text, path.stem, report, keep=keep)

    monkeypatch.setattr(ClausesService, "explain", explain_file)


def test_a_folder_without_documents_is_told(
    qtbot: QtBot, page: ClausesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    click(button(page, "Open a folder"))
    qtbot.waitUntil(page.notice.isVisible)
    assert page.stages.stage == "start"


def test_pasted_words_are_explained_and_stay_when_they_cannot_be(
    qtbot: QtBot, page: ClausesPage
) -> None:
    click(button(page, "Paste text"))
    panel = page.paste_panel
    assert not panel.explain.isEnabled()
    panel.field.setPlainText(" \n ")
    click(panel.explain)
    qtbot.waitUntil(lambda: page.stages.stage == "paste")
    assert page.notice.isVisible()
    assert panel.field.toPlainText() == " \n "
    panel.field.setPlainText("Our terms\n\nWe may sell your personal data to third parties.")
    click(panel.explain)
    built(qtbot, page)
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
    action, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(10, 10), action, data, LEFT_BUTTON, keys))


def test_files_and_folders_can_be_dropped(
    qtbot: QtBot, page: ClausesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"a.txt": "We may sell your data.", "b.txt": "Fine."}
    read_files(monkeypatch, names)
    for name in names:
        (tmp_path / name).write_text("x", "utf-8")
    drop(page, QUrl.fromLocalFile(str(tmp_path / "a.txt")).toString())
    built(qtbot, page)
    drop(page, QUrl.fromLocalFile(str(tmp_path)).toString())
    qtbot.waitUntil(lambda: isinstance(page.shown(), BatchPanel))


def test_what_is_no_file_is_declined_kindly(page: ClausesPage) -> None:
    drop(page, "https://shop.example/terms")
    assert page.notice.isVisible()
    assert page.stages.stage == "start"


def test_a_file_without_words_leaves_the_sheet_before_and_offers_pasting(
    qtbot: QtBot, page: ClausesPage, small: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_files(monkeypatch, {"picture.png": ""})
    page.open_paths([Path("picture.png")])
    qtbot.waitUntil(page.notice.isVisible)
    assert page.shown() is small
    assert page.stages.stage == "reading"
    click(button(page, "Paste text instead"))
    assert page.stages.stage == "paste"


def test_a_failure_without_a_way_out_offers_none(page: ClausesPage) -> None:
    page._failed(Problem("no-permission", name="terms.txt"))
    assert not page.notice._button.isVisible()


def test_stopping_leads_back_and_esc_stops_too(
    qtbot: QtBot, page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()

    def endless(*facts: object) -> None:
        report = facts[-1]
        while True:
            going.wait(0.005)
            report(1, 2)

    monkeypatch.setattr(work, "read_paths", endless)
    page.open_paths([TERMS])
    assert page.stages.stage == "working"
    click(button(page, "Stop"))
    qtbot.waitUntil(lambda: page.stages.stage == "start")
    page.open_paths([TERMS])
    assert page.go_back()
    qtbot.waitUntil(lambda: page.stages.stage == "start")
    assert page._service.library() == ()


def test_progress_of_several_documents_only_grows() -> None:
    told: list[tuple[int, int]] = []
    for number in range(3):
        step = work.one_of_many(lambda done, total, _note: told.append((done, total)), number, 3)
        for done, total in ((0, 0), (1, 4), (4, 4), (9, 4)):
            step(done, total)
    assert told == sorted(told)
    assert told[-1] == (3000, 3000)


# looking back


def read_text(qtbot: QtBot, page: ClausesPage, text: str) -> Sheet:
    before = page.shown()
    page.explain_text(text)
    qtbot.waitUntil(lambda: page.stages.stage == "reading" and page.shown() is not before)
    return built(qtbot, page)


OLD = "Lantern terms\n\nWe never change.\n\nYou may ask.\n\nWe keep little.\n\nWrite to us."
NEW = OLD.replace("We keep little.", "We may sell your data to others.")


def test_a_document_that_changed_since_says_so_and_shows_what(
    qtbot: QtBot, page: ClausesPage
) -> None:
    assert read_text(qtbot, page, OLD).reading.before is None
    sheet = read_text(qtbot, page, NEW)
    assert sheet.reading.before is not None
    assert any(one.startswith("You read this document before") for one in texts(sheet.summary))
    click(sheet.summary.see_changes)
    qtbot.waitUntil(lambda: isinstance(page.shown(), VersionsPanel))
    assert page.subtitle.text() == page.shown().headline
    assert page.go_back()
    assert page.shown() is sheet


def test_an_older_version_is_compared_and_not_remembered(
    qtbot: QtBot, page: ClausesPage, service: ClausesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = read_text(qtbot, page, NEW)
    read_files(monkeypatch, {"old.txt": OLD})
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/x/old.txt", ""))
    click(button(sheet.summary, "Compare with an older version"))
    qtbot.waitUntil(lambda: isinstance(page.shown(), VersionsPanel))
    assert len(page.shown().change.changes) == 1
    assert len(service.library()) == 1


def test_the_library_shows_the_sheet_while_it_is_at_hand_and_the_quotes_later(
    qtbot: QtBot, page: ClausesPage, service: ClausesService
) -> None:
    read_text(qtbot, page, NEW)
    click(button(page, "Back"))
    assert page.start.stages.stage == "full"
    number = service.library()[0].id
    page.start.library.chosen.emit(number)
    assert isinstance(page.shown(), Sheet)
    page.go_back()
    page._readings.clear()
    page.start.library.chosen.emit(number)
    panel = page.shown()
    assert isinstance(panel, RememberedPanel)
    qtbot.waitUntil(lambda: not panel.busy)
    assert page.subtitle.text() == "1 point to look at."
    assert [card.group[0].id for card in panel.cards] == ["data-sale"]
    assert not [one for one in panel.findChildren(Button) if "Show in" in one.text()]


def test_versions_and_documents_of_the_library_are_compared(
    qtbot: QtBot, page: ClausesPage, service: ClausesService
) -> None:
    read_text(qtbot, page, OLD)
    read_text(qtbot, page, NEW)
    page.show_start()
    new, old = (one.id for one in service.library())
    page.start.library.diff_asked.emit(old, new)
    qtbot.waitUntil(lambda: isinstance(page.shown(), VersionsPanel))
    page.show_start()
    page._readings.clear()
    page.start.library.diff_asked.emit(old, new)
    qtbot.waitUntil(lambda: isinstance(page.shown(), VersionsPanel))
    page.show_start()
    page.start.library.compare_asked.emit((old, new))
    qtbot.waitUntil(lambda: isinstance(page.shown(), GridPanel))


def test_forgetting_can_be_taken_back(
    qtbot: QtBot, page: ClausesPage, service: ClausesService
) -> None:
    read_text(qtbot, page, NEW)
    page._readings.clear()
    before = service.library()
    page.show_read(before[0].id)
    qtbot.mouseClick(page.shown().forget, LEFT_BUTTON)
    assert service.library() == ()
    assert page.start.stages.stage == "full"
    page.start.library.restore_asked.emit(before[0])
    assert service.library() == before
    page.start.library.note_given.emit(before[0].id, "from their site")
    assert service.library()[0].source == "from their site"


def test_a_busy_database_is_told_on_the_page(
    page: ClausesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_facts: object) -> None:
        raise Problem("database-busy")

    for verb in ("library", "restore", "note_source"):
        monkeypatch.setattr(page._service, verb, busy)
    one = ReadDocument(1, "x", "0", NOW, 1, dict.fromkeys(Level, 0), ())
    turns: Sequence[Callable[[], object]] = (
        page.refresh,
        page.show_start,
        lambda: page.show_read(1),
        lambda: page.forget(1),
        lambda: page.compare_versions(1, 2),
        lambda: page.put_side_by_side((1, 2)),
        lambda: page.start.library.restore_asked.emit(one),
        lambda: page.start.library.note_given.emit(1, "x"),
    )
    for turn in turns:
        page.notice.hide()
        turn()
        assert page.notice.isVisible()


def test_what_markdown_marks_is_shown_without_its_signs(qtbot: QtBot) -> None:
    assert quoted("See [our **terms**](https://a.example/x) **now**.") == "See our terms now."
    assert quoted("_Note:_ 2*3*4, snake_case_name and * a star *") == (
        "Note: 2*3*4, snake_case_name and · a star *"
    )
    long = "https://lantern.example/legal/terms?from=app&lang=en"
    assert quoted(long) != long
    assert quoted(long).replace("\u200b", "") == long
    source = "## Your data\n\nWe 😀 use **every** [note](https://a.example/n) you write."
    view = DocumentView()
    qtbot.addWidget(view)
    view.show_document(shown_text(source), ())
    QApplication.processEvents()
    text = view.toPlainText()
    assert text == source  # places stay as they are
    block = view.document().findBlockByNumber(2)
    heavy = theme.font("strong").variableAxisValue(QFont.Tag("wght"))
    for one in block.layout().formats():
        part = block.text().encode("utf-16-le")[one.start * 2 : (one.start + one.length) * 2]
        hidden = one.format.font().pixelSize() == 1
        assert hidden == (part.decode("utf-16-le") in ("**", "[", "](https://a.example/n)"))
        assert hidden or one.format.font().variableAxisValue(QFont.Tag("wght")) == heavy


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


# what waits ahead


def test_a_reader_waits_ahead_only_while_the_page_stays_in_sight(
    page: ClausesPage, service: ClausesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(service, "warm_up", lambda: told.append("warm"))
    monkeypatch.setattr(service, "cool_down", lambda: told.append("cool"))
    assert page.ahead.timer.isActive()
    page.hide()
    assert told == ["cool"]
    assert not page.ahead.timer.isActive()
    page.show()
    page.ahead.timer.timeout.emit()
    assert told == ["cool", "warm"]


def test_no_reader_is_left_when_the_page_goes(
    page: ClausesPage, service: ClausesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = []
    start = child.start_for

    def watched(*what: Any) -> Any:
        children.append(start(*what))
        return children[-1]

    monkeypatch.setattr(child, "start_for", watched)
    page.ahead.warm_up()
    assert [one.poll() for one in children] == [None]
    page.hide()
    assert all(one.poll() is not None for one in children)


def test_damaged_readings_are_told_in_one_line(page: ClausesPage) -> None:
    page._service._library._store.run(
        "INSERT INTO clauses_documents (title, fingerprint, read_at, words, clauses)"
        " VALUES ('torn', '1', 'whenever', 3, x'00')"
    )
    page.refresh()
    line = page.start.library.damaged
    assert line.isVisible()
    assert line.text().startswith("1 earlier reading is damaged")
    page._service._library._store.run("DELETE FROM clauses_documents")
    page.refresh()
    assert page.start.stages.stage == "empty"
    assert line.isHidden()
