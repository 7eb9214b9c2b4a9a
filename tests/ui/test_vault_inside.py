"""Inside the open vault: looking around, searching, sorting, by clicks and keys."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from guardian.ui.pages.vault.inside import documents
from guardian.ui.preferences import Preferences
from guardian.vault.model import Details, Listing
from guardian.vault.service import Vault
from tests.ui.vault_room import (
    Room,
    indexed,
    key,
    vault_of,
)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


# looking around


def test_documents_are_listed_folders_first_and_searched(opened: Room) -> None:
    assert opened.titles() == ["Car", "Lease.txt", "Passport.pdf"]
    field = opened.page.search_field()
    assert field is opened.page.inside.search
    opened.bot.keyClicks(field, "lease")
    assert opened.titles() == ["Lease.txt"]
    field.setText("nothing like it")
    assert "Nothing in the vault has that" in opened.said()
    assert opened.page.go_back() and len(opened.titles()) == 3


def test_a_folder_is_entered_and_left(opened: Room) -> None:
    inside = opened.page.inside
    opened.choose("Car")
    opened.bot.keyClick(inside.table.view, Qt.Key.Key_Return)
    opened.rest(lambda: inside.path == "Car")
    assert opened.titles() == ["Policy.pdf"]
    assert opened.page.go_back()
    opened.rest(lambda: inside.path == "")
    assert not opened.page.go_back()


# searching and sorting


def test_a_search_looks_through_the_whole_vault_names_tags_and_notes(opened: Room) -> None:
    details = Details("Renew at the town hall", ("travel",), None)
    opened.page.handling.arranging.describe("Passport.pdf", details)
    opened.rest()
    indexed(opened)
    search = opened.page.inside.search
    for text, found in (
        ("policy", ["Policy.pdf"]),
        ("TRAVEL", ["Passport.pdf"]),
        ("town pass", ["Passport.pdf"]),
        ("pdf", ["Passport.pdf", "Policy.pdf"]),
    ):
        search.setText(text)
        assert opened.titles() == found, text


def test_a_search_says_in_which_folder_something_is_and_leads_there(opened: Room) -> None:
    indexed(opened)
    inside = opened.page.inside
    inside.search.setText("policy")
    spoken = inside.table.view.listed.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Car" in spoken.split(", ")
    inside.search.setText("car")
    assert opened.titles() == ["Car"]
    opened.choose("Car")
    key(opened, Qt.Key.Key_Return)
    opened.rest(lambda: inside.path == "Car")
    assert opened.titles() == ["Policy.pdf"] and inside.search.text() == ""


def test_what_was_searched_is_forgotten_with_the_keys(opened: Room) -> None:
    indexed(opened)
    opened.page.inside.search.setText("policy")
    opened.page.lock()
    assert opened.page.inside.search.text() == "" and opened.titles() == []
    assert opened.page.inside.tags() == [] and list(opened.page.inside.tree.paths()) == []
    opened.unlock()
    indexed(opened)
    opened.page.inside.search.setText("policy")
    assert opened.titles() == ["Policy.pdf"]


def test_a_click_on_a_head_sorts_and_another_turns_it_round(opened: Room) -> None:
    heads = opened.page.inside.table.heads
    opened.click(heads["size"])
    assert opened.titles() == ["Car", "Passport.pdf", "Lease.txt"]
    opened.click(heads["size"])
    assert opened.titles() == ["Car", "Lease.txt", "Passport.pdf"]
    assert "last first" in heads["size"].accessibleName()
    assert heads["name"].accessibleName() == "Sort by: Name"
    opened.click(heads["name"])
    assert opened.titles() == ["Car", "Lease.txt", "Passport.pdf"]


def test_documents_without_a_last_day_come_last_whichever_way(opened: Room) -> None:
    day = Details("", (), date(2027, 1, 1))
    opened.page.handling.arranging.describe("Passport.pdf", day)
    opened.rest()
    table = opened.page.inside.table
    for descending in (False, True):
        table.sort_by("until", descending=descending)
        assert opened.titles() == ["Car", "Passport.pdf", "Lease.txt"]


@pytest.mark.parametrize(
    ("days", "token", "word"), [(-1, "ask", "ended"), (60, "ask", "ends"), (61, "dim", "until")]
)
def test_a_document_that_ends_soon_or_has_ended_is_marked_by_word_and_icon(
    opened: Room, days: int, token: str, word: str
) -> None:
    until = opened.clock.now.date() + timedelta(days=days)
    opened.page.handling.arranging.describe("Passport.pdf", Details("", (), until))
    opened.rest()
    plan = opened.page.inside.table.view.plan
    thing = next(one for one in opened.page.inside.table.items() if one.name == "Passport.pdf")
    cell = plan.columns[3].cell(thing)
    assert cell.text.startswith(word) and cell.token == token
    assert bool(cell.icon) == (token == "ask")


def test_thousands_of_documents_are_drawn_only_as_far_as_they_are_seen(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawing and describing cost the same for a hundred documents as for thousands."""
    tree = vault_of(opened)._tree
    root = tree.folder("")
    sealed = tree.find("Lease.txt").place.read_bytes()
    for number in range(3_000):
        name = tree.names.encrypt(f"Paper {number:04}.pdf", root.id)
        (root.place / name).write_bytes(sealed)
    painted: list[object] = []
    monkeypatch.setattr(documents, "icon_of", lambda thing: painted.append(thing) or "file")
    resets: list[int] = []
    view = opened.page.inside.table.view
    view.listed.modelReset.connect(lambda: resets.append(1))
    opened.page.refresh()
    opened.rest(lambda: len(opened.titles()) == 3_003)
    indexed(opened)
    shown = view.viewport().height() // 40 + 2  # rows that can be in sight
    opened.bot.waitUntil(lambda: bool(painted), timeout=5_000)
    assert len(resets) == 1
    del painted[:], resets[:]
    opened.page.inside.table.sort_by("size", descending=True)
    opened.page.inside.search.setText("paper 299")
    assert len(opened.titles()) == 13 and len(resets) == 2
    opened.bot.wait(50)
    assert len(painted) <= 6 * shown


# room


def test_panes_fold_away_as_the_window_gets_narrow(opened: Room) -> None:
    inside, page = opened.page.inside, opened.page

    def at(width: int) -> tuple[bool, bool, bool]:
        opened.window.resize(width, 760)
        page.resize(width, 760)
        opened.bot.waitUntil(lambda: page.width() == width, timeout=5_000)
        return inside.tree.isVisible(), inside.documents.isVisible(), page.viewer.isVisible()

    assert at(1200) == (True, True, True)
    assert at(760) == (False, True, True)
    assert at(600) == (False, True, False)


def test_in_a_narrow_window_a_document_is_looked_at_over_the_list(opened: Room) -> None:
    opened.window.resize(600, 760)
    opened.page.resize(600, 760)
    inside = opened.page.inside
    opened.bot.waitUntil(lambda: inside.panes.mode == "narrow", timeout=5_000)
    opened.choose("Lease.txt")
    opened.do("look")
    assert opened.page.viewer.isVisible() and not inside.documents.isVisible()
    assert opened.page.go_back()
    assert inside.documents.isVisible() and not opened.page.viewer.isVisible()


def test_the_widths_of_the_panes_are_remembered(opened: Room) -> None:
    panes = opened.page.inside.panes
    panes.setSizes([240, 300, 264])
    panes.splitterMoved.emit(240, 1)
    before = opened.preferences.settings.vault_panes
    opened.bot.waitUntil(lambda: opened.preferences.settings.vault_panes != before, timeout=5_000)
    again = Preferences(opened.folder / "settings.json").settings.vault_panes
    assert again == tuple(panes.sizes())


# the focus, and what was said


def test_walking_in_the_tree_by_keys_keeps_the_focus_there(opened: Room) -> None:
    indexed(opened)
    tree = opened.page.inside.tree
    opened.window.activateWindow()
    tree.setFocus()
    opened.bot.keyClick(tree, Qt.Key.Key_Down)
    opened.rest(lambda: opened.page.inside.path == "Car")
    assert opened.window.focusWidget() is tree


def test_the_list_has_the_focus_when_a_vault_was_opened(opened: Room) -> None:
    assert opened.window.focusWidget() is opened.page.inside.table.view


def test_a_slow_disk_does_not_wipe_away_what_was_said(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = Vault.list

    def slow(self: Vault, path: str = "") -> Listing:
        time.sleep(0.6)
        return listed(self, path)

    monkeypatch.setattr(Vault, "list", slow)
    opened.page.handling.arranging.discard(["Lease.txt"])
    opened.rest(lambda: "Lease.txt" not in opened.titles())
    assert "Put in the vault’s trash" in opened.said()
