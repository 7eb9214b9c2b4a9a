"""Whoever looks over a shoulder reads no login name on the accounts page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from guardian.accounts.model import CaseState
from guardian.core.store import open_in_memory
from guardian.ui.pages.accounts.closing.standing import Stage
from guardian.ui.pages.accounts.page import AccountsPage
from tests.ui.test_accounts_page import Room, visible

NAMES = ("anna.rivera@mail.example", "anna_r", "elena+club@mail.example")


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    store = open_in_memory()
    room = Room(qtbot, tmp_path, store)
    for name in NAMES:
        room.service.add("club.example", name)
    room.service.add("shop.example", NAMES[0])
    room.page.refresh()
    room.wait("full")
    yield room
    room.jobs.close()
    store.close()


def readable(room: Room) -> str:
    """Everything that can be read on the page or heard of it."""
    page = room.page
    texts = [label.text() for label in visible(page, QLabel)]
    texts += [button.text() for button in visible(page, QAbstractButton)]
    texts += [widget.accessibleName() for widget in visible(page, QLabel)]
    texts += [widget.accessibleName() for widget in visible(page, QAbstractButton)]
    for box in visible(page, QComboBox):
        texts += [box.itemText(at) for at in range(box.count())]
    if "listing" in vars(page.views) and page.views.listing.isVisible():
        model = page.views.listing.table.view.model()
        for row in range(model.rowCount()):
            told = model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole)
            texts.append(str(told))
    return "\n".join(texts)


def leaks(room: Room) -> list[str]:
    said = readable(room)
    return [name for name in (*NAMES, "anna", "elena", "mail.example") if name in said]


def test_names_are_covered_on_every_view_until_somebody_wants_to_see_them(room: Room) -> None:
    card = room.page.views.decide.card
    card.fold.button.click()
    assert "club.example" in readable(room), "sites stay readable"
    assert leaks(room) == []
    room.show("all")
    assert leaks(room) == []
    assert "a•••@m•••.example" in readable(room)
    room.page.views.listing.open_site("club.example")
    assert leaks(room) == []

    assert room.page.eye.text() == "Show names"
    room.click(room.page.eye)
    assert set(NAMES) <= set(leaks(room))
    room.show("decide")
    assert NAMES[0] in readable(room), "the proof that was unfolded, too"
    room.click(room.page.eye)
    assert leaks(room) == []
    room.show("all")
    assert leaks(room) == []


def test_a_search_finds_by_the_real_name(room: Room) -> None:
    room.show("all")
    field = room.page.views.listing.filters.search
    field.setText("anna_r")
    assert room.sites() == ["club.example"]
    field.setText("a•••")
    assert room.sites() == []


def test_the_list_that_is_saved_has_the_real_names(room: Room) -> None:
    assert room.page.names.masked
    said = room.service.to_csv(room.desk.words, room.service.known())
    assert all(name in said for name in NAMES)


def test_names_are_covered_while_an_account_is_closed_and_the_real_one_is_noted(
    room: Room,
) -> None:
    room.page.show_case("club.example")
    room.rest()
    case = room.page.case
    assert case is not None
    for stage in (Stage.BEFORE, Stage.ASK):
        case.go(stage)
        assert leaks(room) == [], stage
        assert case.eye.isVisible() is (stage is Stage.ASK), "only where there is something covered"
    names = case.screen(Stage.ASK).names
    assert names.isVisible()
    names.setCurrentIndex(names.findData(NAMES[1]))
    room.click(case.screen(Stage.ASK).asked)
    room.rest()
    assert room.service.account("club.example").case.username == NAMES[1]


def test_what_is_to_be_tidied_up_names_no_address_and_ticks_stay(room: Room) -> None:
    room.service.closing.set_state("club.example", CaseState.GONE)
    room.page.refresh()
    room.rest()
    room.page.show_case("club.example")
    room.rest()
    case = room.page.case
    assert case is not None
    case.go(Stage.GONE)
    ticks = case.screen(Stage.GONE).ticks
    (alias,) = [tick for tick in ticks if "e•••@m•••.example" in tick.text.text()]
    assert leaks(room) == []
    alias.box.setChecked(True)
    room.click(case.eye)
    assert NAMES[2] in alias.text.text()
    assert NAMES[2] in alias.box.accessibleName()
    assert alias.box.isChecked()


def test_the_button_is_there_only_where_there_are_names_and_works_by_key(room: Room) -> None:
    eye = room.page.eye
    eye.setFocus()
    room.qtbot.keyClick(eye, Qt.Key.Key_Return)
    assert eye.text() == "Hide names"
    room.page.choose_sources()
    room.qtbot.waitUntil(lambda: room.page.stages.stage in ("consent", "nothing"), timeout=8000)
    assert not eye.isVisible()


def test_who_does_not_want_them_covered_sees_them_from_the_start(room: Room, qtbot: QtBot) -> None:
    wanted = [False]
    page = AccountsPage(room.service, room.desk, masked=lambda: wanted[0])
    qtbot.addWidget(page)
    page.refresh()
    qtbot.waitUntil(lambda: page.stages.stage == "full", timeout=8000)
    assert page.eye.text() == "Hide names"
    assert "You sign in as anna" in page.views.decide.card._what.text()
    wanted[0] = True
    page.refresh()
    qtbot.waitUntil(lambda: page.eye.text() == "Show names", timeout=8000)
    assert "You sign in as a•••" in page.views.decide.card._what.text()
