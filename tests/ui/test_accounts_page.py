"""The accounts page from the first consent to a case, by clicks and keys."""

from __future__ import annotations

import gc
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guardian.accounts.model import (
    Account,
    Case,
    CaseState,
    Confidence,
    Deadline,
    Evidence,
    EvidenceKind,
    Place,
    Queue,
    Source,
    SourceKind,
    UseClass,
    Window,
)
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words, message
from guardian.ui import links
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.pages.accounts import contacts, errands, export, listing
from guardian.ui.pages.accounts.page import AccountsPage
from guardian.ui.proofs import Proofs
from tests.scenes.studio import open_studio

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/accounts/home"
LOGINS = ("firefox:", "chromium:")  # other sources may come, and change what is counted


class Room:
    """A page with all it stands on."""

    def __init__(self, qtbot: QtBot, home: Path, store: Store) -> None:
        self.qtbot, self.home = qtbot, home
        self.links: list[str] = []
        self.jobs = Jobs()
        self.service = AccountsService(store, home, lambda: NOW)
        self.desk = Desk(Words(), self.jobs, lambda: NOW, lambda _key: None, self.links.append)
        self.proofs = Proofs()
        self.page = self.build()

    def build(self) -> AccountsPage:
        page = AccountsPage(self.service, self.desk, self.proofs)
        self.qtbot.addWidget(page)
        page.resize(1000, 760)
        page.show()
        page.refresh()
        return page

    def rest(self) -> None:
        """Until nothing is under way."""
        self.qtbot.waitUntil(
            lambda: not self.jobs.running and not self.page.errands.more, timeout=8000
        )
        QApplication.processEvents()

    def wait(self, stage: str) -> None:
        self.qtbot.waitUntil(
            lambda: self.page.stages.stage == stage and not self.jobs.running, timeout=8000
        )

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, key: Qt.Key, *, control: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier(0)
        self.qtbot.keyClick(self.page.window(), key, modifier)
        self.rest()

    def tick(self, *names: str) -> None:
        """Tick the saved logins of the named profiles, or of all."""
        for key, box in self.page.consent.boxes.items():
            wanted = not names or any(box.accessibleName().startswith(name) for name in names)
            box.setChecked(key.startswith(LOGINS) and wanted)

    def find(self, *names: str) -> None:
        """Allow the named profiles (or all) and search."""
        self.wait("consent")
        self.tick(*names)
        self.click(self.page.consent.button)
        self.wait("full")

    def show(self, view: str) -> None:
        self.click(self.page.views.switch.buttons[view])

    def state(self, site: str) -> CaseState:
        return self.service.account(site).state

    def sites(self) -> list[str]:
        return [line.site for line in self.page.views.listing.table.items()]

    def says(self, text: str) -> bool:
        QApplication.processEvents()
        return any(text in label.text() for label in visible(self.page, QLabel))


def visible(window: QWidget, kind: type) -> list:
    return [child for child in window.findChildren(kind) if child.isVisibleTo(window)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "anna"))


@pytest.fixture
def room(qtbot: QtBot, home: Path) -> Iterator[Room]:
    store = open_in_memory()
    room = Room(qtbot, home, store)
    yield room
    room.jobs.close()
    store.close()


class TestConsent:
    def test_nothing_is_read_before_something_is_ticked(self, room: Room) -> None:
        room.wait("consent")
        panel = room.page.consent
        assert not panel.button.isEnabled()
        assert not any(box.isChecked() for box in panel.boxes.values())
        assert room.says("never reads a password")
        assert room.service.known() is None
        box = next(iter(panel.boxes.values()))
        room.qtbot.keyClick(box, Qt.Key.Key_Space)
        assert panel.button.isEnabled()
        room.qtbot.keyClick(box, Qt.Key.Key_Space)
        assert not panel.button.isEnabled()

    def test_every_profile_is_named_once_with_a_box_for_each_kind_of_thing(
        self, room: Room
    ) -> None:
        room.wait("consent")
        heads = [label.text() for label in visible(room.page.consent, QLabel)]
        assert heads.count("Firefox (work)") == 1
        names = [box.accessibleName() for box in room.page.consent.boxes.values()]
        assert "Firefox (work): Saved logins" in names
        assert len(names) == len(set(names))

    def test_all_can_be_ticked_and_unticked_at_once(self, room: Room) -> None:
        room.wait("consent")
        panel = room.page.consent
        room.click(panel.tick_all)
        assert all(box.isChecked() for box in panel.boxes.values())
        room.click(panel.tick_all)
        assert not any(box.isChecked() for box in panel.boxes.values())

    def test_only_what_was_ticked_is_read_and_the_rest_is_named(self, room: Room) -> None:
        room.find("Firefox (work)")
        found = room.service.known()
        assert found is not None
        assert [source.name for source in found.read] == ["Firefox (work)"]
        room.show("all")
        room.click(room.page.views.coverage_line.button)
        assert room.says("Not read, because you did not allow it")
        assert room.says("Chromium (Person 1): saved logins")

    def test_it_can_be_taken_back_and_what_was_read_is_forgotten(self, room: Room) -> None:
        room.find()
        room.click(room.page.change)
        room.wait("consent")
        assert room.page.go_back(), "Esc leads back"
        assert room.page.stages.stage == "full"
        room.click(room.page.change)
        room.wait("consent")
        for box in room.page.consent.boxes.values():
            box.setChecked(False)
        assert room.page.consent.button.text() == "Read none, and forget"
        room.click(room.page.consent.button)
        room.wait("consent")
        assert not any(state.allowed for state in room.service.sources())
        known = room.service.known()
        assert known is not None
        assert not known.accounts
        assert not room.page.consent.button.isEnabled()


class TestDeciding:
    def test_the_page_begins_with_the_headline_and_one_account(self, room: Room) -> None:
        room.find()
        assert room.page.title.text() == "You have 12 accounts."
        assert room.page.subtitle.text() == "8 not used here for over a year."
        plan = room.service.closing.plan()
        first = next(iter(plan.quick or plan.letter or plan.empty))
        assert room.page.views.decide.site == first.account.site
        assert room.says(first.account.site)

    def test_keys_decide_and_lead_on(self, room: Room) -> None:
        room.find()
        decide = room.page.views.decide
        plan = [task.account.site for task in room.service.closing.plan().quick]
        for key, state in (
            (Qt.Key.Key_C, CaseState.CLOSE),
            (Qt.Key.Key_K, CaseState.KEEP),
            (Qt.Key.Key_S, CaseState.LATER),
        ):
            site = decide.site
            assert site == plan.pop(0)
            room.press(key)
            assert room.state(site) is state
            assert decide.site != site
        assert room.says("can wait")
        room.page = room.build()
        room.wait("full")
        assert room.state(room.page.views.decide.site) is CaseState.FOUND

    def test_what_is_put_off_comes_back_at_the_end(self, room: Room) -> None:
        room.find()
        decide = room.page.views.decide
        count = len(room.service.closing.plan().quick)
        put_off = decide.site
        room.press(Qt.Key.Key_S)
        for _ in range(count - 1):
            assert decide.site != put_off
            room.press(Qt.Key.Key_K)
        assert decide.site == put_off

    def test_a_decision_can_be_undone(self, room: Room) -> None:
        room.find()
        decide = room.page.views.decide
        site = decide.site
        room.click(decide.card.close_it)
        room.rest()
        assert room.state(site) is CaseState.CLOSE
        room.click(decide.undo_button)
        room.rest()
        assert room.state(site) is CaseState.FOUND
        assert decide.site == site
        assert not decide.undo_button.isVisible()
        room.press(Qt.Key.Key_K)
        assert room.state(site) is CaseState.KEEP
        room.press(Qt.Key.Key_Z, control=True)
        assert room.state(site) is CaseState.FOUND
        assert decide.site == site

    def test_decisions_made_faster_than_they_are_noted_are_all_kept(self, room: Room) -> None:
        room.find()
        decided = []
        for key in (Qt.Key.Key_K, Qt.Key.Key_C, Qt.Key.Key_K):
            decided.append(room.page.views.decide.site)
            room.qtbot.keyClick(room.page.window(), key)
        room.rest()
        states = [room.state(site) for site in decided]
        assert states == [CaseState.KEEP, CaseState.CLOSE, CaseState.KEEP]
        room.press(Qt.Key.Key_Z, control=True)
        assert room.state(decided[-1]) is CaseState.FOUND
        assert room.state(decided[1]) is CaseState.CLOSE, "only the last is taken back"

    def test_progress_counts_the_decided_ones_of_the_group(self, room: Room) -> None:
        room.find()
        whole = len(room.service.closing.plan().quick)
        assert room.says(f"0 of {whole} decided")
        room.press(Qt.Key.Key_K)
        assert room.says(f"1 of {whole} decided")
        room.press(Qt.Key.Key_S)
        assert room.says(f"1 of {whole} decided"), "later is no decision"

    def test_another_group_can_be_chosen(self, room: Room) -> None:
        room.find()
        plan = room.service.closing.plan()
        room.click(room.page.views.decide.switch.buttons[Queue.LETTER])
        assert room.page.views.decide.site == plan.letter[0].account.site

    def test_a_group_without_accounts_is_not_offered(self, room: Room) -> None:
        room.find()
        plan = room.service.closing.plan()
        offered = {
            queue: button.isVisible()
            for queue, button in room.page.views.decide.switch.buttons.items()
        }
        assert offered == {
            Queue.QUICK: bool(plan.quick),
            Queue.LETTER: bool(plan.letter),
            Queue.EMPTY: bool(plan.empty),
        }

    def test_a_group_that_is_done_says_so_and_leaves_the_others_to_choose(self, room: Room) -> None:
        room.find()
        decide = room.page.views.decide
        for _ in room.service.closing.plan().quick:
            room.press(Qt.Key.Key_K)
        assert decide.queue is Queue.LETTER, "the next group comes by itself"
        room.click(decide.switch.buttons[Queue.QUICK])
        assert room.says("You have decided about all of these.")
        assert not decide.to_all.isVisible()
        assert decide.switch.isVisible()

    def test_after_the_last_decision_the_page_says_so(self, room: Room) -> None:
        room.find("Chromium (Person 1)")
        found = room.service.known()
        assert found is not None
        for _ in found.accounts:
            room.press(Qt.Key.Key_K)
        assert room.says("You have decided about every account.")
        decide = room.page.views.decide
        assert not decide.switch.isVisible(), "there is no group left to choose"
        assert not decide.to_cases.isVisible(), "none is being closed"
        room.click(decide.to_all)
        assert room.page.views.stages.stage == "all"

    def test_the_proof_is_one_click_away(self, room: Room) -> None:
        room.find()
        decide = room.page.views.decide
        decide.show_site("spotify.com")
        assert not room.says("Last used on 15 June 2020.")
        room.click(decide.card.fold.button)
        assert room.says("Firefox (default-esr): saved login")
        assert room.says("Last used on 15 June 2020. Used 31 times in all.")
        decide.show_site("example.net")
        assert room.says("You chose this on 4 March 2021.")
        decide.show_site("example.com")
        assert room.says("You signed in with accounts.google.com.")

    def test_a_decision_that_cannot_be_kept_is_not_shown_as_made(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_arguments: object, **_more: object) -> None:
            raise Problem("database-busy", name="records")

        room.find()
        site = room.page.views.decide.site
        monkeypatch.setattr(room.service.closing, "set_states", fail)
        room.press(Qt.Key.Key_C)
        assert room.page.notice.isVisible()
        assert room.page.views.book is not None
        assert room.page.views.book.lines[site].account.state is CaseState.FOUND


class TestYears:
    def test_a_bar_shows_the_accounts_of_its_year(self, room: Room) -> None:
        room.find()
        chart = room.page.views.decide.chart
        assert sum(bar.count for bar in chart.bars()) == 12
        number = next(n for n, bar in enumerate(chart.bars()) if bar.key == "2018")
        where = chart.place_of(number).center()
        room.qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=where)
        assert room.page.views.stages.stage == "all"
        assert sorted(room.sites()) == ["dropbox.com", "oldshop.co.uk"]
        assert room.says("Only those last used in 2018.")
        room.click(room.page.views.listing.filters.clear_all)
        assert len(room.sites()) == 12

    def test_the_chart_is_walked_through_with_the_keys_and_says_where_one_is(
        self, room: Room
    ) -> None:
        room.find()
        chart = room.page.views.decide.chart
        chart.setFocus()
        assert "2018: 2 accounts" in chart.accessibleDescription()
        room.qtbot.keyClick(chart, Qt.Key.Key_End)
        assert chart.accessibleName().endswith("Last use not known: 1 account")
        room.qtbot.keyClick(chart, Qt.Key.Key_Return)
        assert room.sites() == ["example.net"]


class TestListing:
    def test_it_begins_with_what_is_unused_for_longest(self, room: Room) -> None:
        room.find()
        room.show("all")
        assert room.sites()[:2] == ["dropbox.com", "oldshop.co.uk"] or room.sites()[:2] == [
            "oldshop.co.uk",
            "dropbox.com",
        ]
        assert room.sites()[-1] == "example.net", "an unknown last use comes last"

    def test_a_head_sorts(self, room: Room) -> None:
        room.find()
        room.show("all")
        heads = room.page.views.listing.table.heads
        room.click(heads["name"])
        assert room.sites() == sorted(room.sites(), key=str.casefold)
        room.click(heads["name"])
        assert room.sites() == sorted(room.sites(), key=str.casefold, reverse=True)
        room.click(heads["used"])
        assert room.sites()[-1] == "example.net", "what is not known stays last"

    def test_sites_and_user_names_are_searched(self, room: Room) -> None:
        room.find()
        field = room.page.search_field()
        assert field is not None
        field.setFocus()
        room.qtbot.keyClicks(field, "ck")
        assert field.text() == "ck"
        field.setText("git")
        assert sorted(room.sites()) == ["anna.github.io", "ben.github.io", "github.com"]
        field.setText("OFFICE@")
        assert room.sites() == ["linkedin.com"]
        assert all(one.state is CaseState.FOUND for one in room.service.known().accounts)  # type: ignore[union-attr]
        field.setText("zebra")
        assert room.says("No account matches “zebra”.")
        assert room.page.go_back(), "Esc clears the search"
        assert len(room.sites()) == 12
        cross = field.findChild(QAbstractButton)
        room.qtbot.waitUntil(lambda: not cross.isVisible(), timeout=4000)

    def test_filters_say_how_many_there_are(self, room: Room) -> None:
        room.find()
        room.show("all")
        filters = room.page.views.listing.filters
        assert filters.state.itemText(0) == "All accounts (12)"
        first = room.page.views.listing.table.items()[0].site
        room.page.views.listing.table.choose(first)
        room.press(Qt.Key.Key_K)
        filters.state.setCurrentIndex(filters.state.findData("keep"))
        assert filters.state.currentText() == "Kept (1)"
        assert room.sites() == [first]
        room.click(filters.clear_all)
        filters.whose.setCurrentIndex(filters.whose.findData("Chromium (Person 1)"))
        whose = filters.whose.currentText()
        assert whose == f"Chromium (Person 1) ({len(room.sites())})"
        assert all("Chromium (Person 1)" in room.service.account(s).people for s in room.sites())
        room.click(filters.more)
        filters.use.setCurrentIndex(filters.use.findData(UseClass.IN_USE))
        assert all(room.service.account(site).use_class is UseClass.IN_USE for site in room.sites())

    def test_several_are_decided_on_at_once_and_undone_at_once(self, room: Room) -> None:
        room.find()
        room.show("all")
        listing = room.page.views.listing
        listing.table.choose("spotify.com", "github.com", "dropbox.com")
        assert not listing.open.isVisible(), "only one can be opened"
        room.click(listing.close_it)
        room.rest()
        states = {room.state(site) for site in ("spotify.com", "github.com", "dropbox.com")}
        assert states == {CaseState.CLOSE}
        assert listing.table.selected_keys(), "what was chosen stays chosen"
        assert room.says("Open cases") or room.page.views.switch.buttons["cases"].text() == (
            "Open cases (3)"
        )
        room.press(Qt.Key.Key_Z, control=True)
        assert room.state("github.com") is CaseState.FOUND
        assert room.state("dropbox.com") is CaseState.FOUND

    def test_very_many_are_noted_in_sight(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(errands, "MANY", 2)
        monkeypatch.setattr("guardian.ui.pages.accounts.views.MANY", 2)
        room.find()
        room.show("all")
        room.page.views.listing.table.view.selectAll()
        room.click(room.page.views.listing.keep)
        room.wait("full")
        assert all(one.state is CaseState.KEEP for one in room.service.known().accounts)  # type: ignore[union-attr]

    def test_an_account_is_opened_with_its_whole_proof(self, room: Room) -> None:
        room.find()
        room.show("all")
        listing = room.page.views.listing
        listing.table.choose("spotify.com")
        room.qtbot.keyClick(listing.table.view, Qt.Key.Key_Return)
        assert listing.stages.stage == "one"
        assert room.says("Last used on 15 June 2020. Used 31 times in all.")
        assert room.says("What this cannot show")
        room.press(Qt.Key.Key_C)
        assert room.state("spotify.com") is CaseState.CLOSE
        assert listing.card.start.text() == "Start closing"
        assert room.page.go_back()
        assert listing.stages.stage == "list"
        assert listing.table.selected_keys() == ["spotify.com"]

    def test_an_account_decided_on_long_ago_can_be_decided_otherwise(self, room: Room) -> None:
        room.find()
        room.service.closing.set_state("spotify.com", CaseState.CLOSE)
        room.page.refresh()
        room.rest()
        room.show("all")
        listing = room.page.views.listing
        listing.open_site("spotify.com")
        assert listing.card.close_it.isChecked()
        room.click(listing.card.keep)
        room.rest()
        assert room.state("spotify.com") is CaseState.KEEP
        assert listing.card.start.text() == "How to close it"


def sender(site: str, *, link: str = "") -> Account:
    when = NOW - timedelta(days=9)
    news = Evidence(
        "mail", "Thunderbird", SourceKind.THUNDERBIRD, EvidenceKind.MAIL_NEWS,
        last_used=when, times_used=7, link=link,
    )  # fmt: skip
    return Account(
        site, Place.WEB, (), (news,), when, None, None, UseClass.UNKNOWN,
        message("accounts.why.no-date", source="Thunderbird"),
        (Window("Thunderbird", SourceKind.THUNDERBIRD, None),), Confidence.CONTACT, (site,),
    )  # fmt: skip


class TestSenders:
    def test_the_address_to_unsubscribe_is_shown_by_the_desk_only(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.find()
        found = room.service.known()
        assert found is not None
        known = replace(found, contacts=(sender("a.example", link="https://a.example/leave"),))
        monkeypatch.setattr(room.service, "known", lambda: known)
        assert not room.page.views.switch.buttons["contacts"].isVisible()
        room.page.refresh()
        room.rest()
        room.show("contacts")
        room.click(room.page.views.contacts.leave)
        assert room.links == ["https://a.example/leave"]

    def test_a_page_is_preferred_to_a_mail(self) -> None:
        mail = sender("a.example", link="mailto:leave@a.example")
        both = replace(
            mail,
            evidence=(*mail.evidence, replace(mail.evidence[0], link="https://a.example/x")),
        )
        assert contacts.link_of(both) == "https://a.example/x"
        assert contacts.link_of(mail) == "mailto:leave@a.example"
        assert contacts.link_of(sender("a.example")) == ""

    def test_somebody_who_writes_may_turn_out_to_hold_an_account(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.find()
        book = room.page.views.book
        assert book is not None
        found = replace(book.found, contacts=(sender("theatre.example.org"),))
        room.page.views.show_book(replace(book, found=found), fresh=True)
        room.show("contacts")
        room.click(room.page.views.contacts.claim)
        room.rest()
        assert room.service.account("example.org").confidence is Confidence.SURE


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("mailto:leave@a.example", "mailto:leave@a.example"),
        (
            "mailto:leave@a.example?subject=stop&attach=/etc/passwd&bcc=b@c.example",
            "mailto:leave@a.example?subject=stop",
        ),
        ("mailto:a@b.example,c@d.example", ""),
        ("mailto:", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_only_pages_and_plain_mails_can_be_opened(url: str, opened: str) -> None:
    assert links.openable(url) == opened


class TestCases:
    def test_what_is_due_stands_first(self, room: Room) -> None:
        room.find()
        book = room.page.views.book
        assert book is not None

        def due(day: int) -> Deadline:
            return Deadline(date(2026, 12, day), date(2026, 11, 1), "gdpr", "Art. 12(3)")

        cases = {
            "spotify.com": Case(CaseState.CLOSE, NOW),
            "github.com": Case(CaseState.ASKED, NOW, deadline=due(20)),
            "dropbox.com": Case(CaseState.ASKED, NOW, deadline=due(4)),
            "linkedin.com": Case(CaseState.KEEP, NOW),
        }
        room.page.views.show_book(book.with_cases(cases), fresh=True)
        room.show("cases")
        rows = room.page.views.cases.rows
        assert rows.listed.keys() == ["dropbox.com", "github.com", "spotify.com"]

    def test_a_case_is_opened_and_left_again(self, room: Room) -> None:
        room.find()
        site = room.page.views.decide.site
        room.press(Qt.Key.Key_C)
        room.show("cases")
        room.qtbot.keyClick(room.page.views.cases.rows, Qt.Key.Key_Return)
        room.wait("case")
        assert room.says(site)
        assert room.page.case is not None
        room.page.case.left.emit()
        room.wait("full")
        assert room.page.views.stages.stage == "cases"


def mime(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def drop(page: AccountsPage, data: QMimeData) -> bool:
    """Carry files over the page and let go; whether they were welcome."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page, enter)
    if not enter.isAccepted():
        return False
    let_go = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page, let_go)
    return let_go.isAccepted()


class TestHandingIn:
    def test_a_dropped_file_is_read_and_its_danger_named(
        self, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.wait("consent")
        brought: list[Path] = []

        def bring(path: Path, report: Report) -> Source:
            report(1, 2)
            brought.append(path)
            room.service.add("handed-in.example")
            return Source("export:1", "Bitwarden", "", SourceKind.EXPORT, path)

        monkeypatch.setattr(room.service, "bring", bring)
        file = tmp_path / "export.csv"
        assert drop(room.page, mime(file))
        room.wait("full")
        assert brought == [file]
        assert room.says("it is plain text and holds your passwords")
        assert room.page.views.decide.site == "handed-in.example"

    def test_what_cannot_be_read_is_named_and_the_rest_is_read(
        self, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.find()

        def bring(path: Path, _report: Report) -> Source:
            if path.suffix == ".bad":
                raise Problem("import-unknown", name=path.name)
            return Source("mailbox:1", path.name, "", SourceKind.MAILBOX, path)

        monkeypatch.setattr(room.service, "bring", bring)
        assert drop(room.page, mime(tmp_path / "a.bad", tmp_path / "old.mbox"))
        room.wait("full")
        assert room.page.notice.isVisible()
        assert room.says("a.bad")
        assert room.says("“old.mbox” was read.")

    def test_words_dropped_on_the_page_are_refused(self, room: Room) -> None:
        room.wait("consent")
        data = QMimeData()
        data.setText("hello")
        assert not drop(room.page, data)

    def test_it_can_be_stopped(
        self, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun = threading.Event()

        def bring(_path: Path, report: Report) -> Source:
            begun.set()
            for _ in range(400):
                report(0, 4)
                threading.Event().wait(0.02)
            raise AssertionError("nobody stopped it")

        room.find()
        monkeypatch.setattr(room.service, "bring", bring)
        room.page.handover.bring([tmp_path / "big.mbox"])
        assert begun.wait(5)
        assert room.page.stages.stage == "working"
        stop = next(one for one in visible(room.page, QPushButton) if one.text() == "Stop")
        room.click(stop)
        room.wait("full")

    def test_what_was_handed_in_can_be_forgotten(self, room: Room) -> None:
        room.wait("consent")
        room.service.add("example.org", "anna")
        room.page.choose_sources()
        room.rest()
        room.wait("consent")
        assert room.says("Accounts you wrote down")
        button = room.page.consent.handing.buttons[0]
        assert button.accessibleName() == "Forget: Accounts you wrote down"
        button.click()
        room.rest()
        assert not room.page.consent.handing.buttons
        with pytest.raises(Problem):
            room.service.account("example.org")

    def test_what_was_forgotten_is_gone_from_the_lists_that_are_gone_back_to(
        self, room: Room
    ) -> None:
        room.service.add("example.edu", "anna")
        room.find()
        assert room.page.title.text() == "You have 13 accounts."
        room.page.choose_sources()
        room.wait("consent")
        room.page.consent.handing.buttons[0].click()
        room.rest()
        room.wait("consent")
        room.click(room.page.back)
        room.wait("full")
        assert room.page.title.text() == "You have 12 accounts."

    def test_an_account_can_be_written_down(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from guardian.ui.pages.accounts import handover

        def answer(dialog: handover.AddDialog) -> int:
            assert not dialog.yes.isEnabled()
            dialog.site.setText("https://example.org/login")
            dialog.name.setText("anna")
            assert dialog.yes.isEnabled()
            return QDialog.DialogCode.Accepted

        room.find()
        monkeypatch.setattr(handover.AddDialog, "exec", answer)
        room.show("all")
        room.click(room.page.views.listing.add)
        room.rest()
        assert room.says("example.org is on your list now.")
        assert "example.org" in room.sites()
        assert room.service.account("example.org").usernames == ("anna",)

    def test_what_is_no_site_is_said(self, room: Room) -> None:
        room.find()
        room.page.handover.add("not a site", "")
        room.rest()
        assert room.page.notice.isVisible()


class TestSaving:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """What the warning said, each time it was shown."""
        return []

    def answer(
        self, monkeypatch: pytest.MonkeyPatch, target: Path, asked: list[str], *, pdf: bool
    ) -> None:
        def shown(dialog: export.ExportDialog) -> int:
            asked.extend(label.text() for label in dialog.findChildren(QLabel))
            dialog.as_pdf = pdf
            return QDialog.DialogCode.Accepted

        def named(*_arguments: Any, **_more: Any) -> tuple[str, str]:
            assert asked, "no file is asked for before the warning"
            return str(target), ""

        monkeypatch.setattr(export.ExportDialog, "exec", shown)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", named)

    def test_a_table_is_saved_after_a_warning(
        self, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
    ) -> None:
        room.find()
        monkeypatch.setattr(
            room.service, "to_csv", lambda _words: "site\ndröpbox.com\n", raising=False
        )
        self.answer(monkeypatch, tmp_path / "list", asked, pdf=False)
        room.press(Qt.Key.Key_E, control=True)
        room.wait("full")
        file = tmp_path / "list.csv"
        assert file.read_text("utf-8-sig") == "site\ndröpbox.com\n"
        assert file.stat().st_mode & 0o077 == 0, "for the person alone"
        assert any("not encrypted" in text for text in asked)
        assert room.says("Whoever gets this file can read it.")

    def test_pages_are_saved_with_every_account(
        self, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
    ) -> None:
        import pypdfium2

        room.find()
        self.answer(monkeypatch, tmp_path / "list.pdf", asked, pdf=True)
        room.press(Qt.Key.Key_E, control=True)
        room.wait("full")
        document = pypdfium2.PdfDocument(tmp_path / "list.pdf")
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
        document.close()
        assert all(account.site in text for account in room.service.known().accounts)  # type: ignore[union-attr]
        assert asked

    def test_nothing_is_saved_by_somebody_who_is_warned_off(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.find()
        monkeypatch.setattr(export.ExportDialog, "exec", lambda _self: 0)

        def named(*_arguments: object) -> tuple[str, str]:
            raise AssertionError("a file was asked for")

        monkeypatch.setattr(QFileDialog, "getSaveFileName", named)
        room.press(Qt.Key.Key_E, control=True)
        assert room.page.stages.stage == "full"


class TestWithoutAccounts:
    def test_without_a_browser_the_page_says_where_it_looked(self, room: Room, home: Path) -> None:
        room.wait("consent")
        shutil.rmtree(home / ".config")
        room.page = room.build()
        room.wait("nothing")
        assert room.says("Guardian looked in your home folder")
        shutil.copytree(FIXTURE / ".config", home / ".config")
        room.click(room.page.nothing.button)
        room.wait("consent")

    def test_sources_without_any_account_are_an_answer_too(self, room: Room, home: Path) -> None:
        logins = next(home.glob(".config/mozilla/firefox/*.work/logins.json"))
        logins.write_text('{"logins": [], "version": 3}', "utf-8")
        room.wait("consent")
        room.tick("Firefox (work)")
        room.click(room.page.consent.button)
        room.wait("nothing")
        assert room.says("No account was found")
        assert room.says("Not read, because you did not allow it")

    def test_no_account_is_not_said_plainly_where_files_could_not_be_read(
        self, room: Room, home: Path
    ) -> None:
        next(home.glob(".config/mozilla/firefox/*.work/logins.json")).write_bytes(b"")
        room.wait("consent")
        room.tick("Firefox (work)")
        room.click(room.page.consent.button)
        room.wait("nothing")
        assert room.says("Guardian could not read everything")
        assert room.says("“logins.json” is empty.")

    def test_a_search_can_be_stopped(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        begun, find = threading.Event(), room.service.find

        def slow(report: Report) -> object:
            begun.set()
            for _ in range(400):
                report(0, 4)
                threading.Event().wait(0.02)
            return find(report)

        monkeypatch.setattr(room.service, "find", slow)
        room.wait("consent")
        room.tick()
        room.click(room.page.consent.button)
        assert begun.wait(5)
        stop = next(one for one in visible(room.page, QPushButton) if one.text() == "Stop")
        room.click(stop)
        room.wait("consent")
        assert room.service.known() is None

    def test_a_problem_in_a_search_is_shown_and_leads_back(
        self, room: Room, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_report: Report) -> None:
            raise Problem("disk-full", name="records")

        room.find()
        room.show("all")
        monkeypatch.setattr(room.service, "find", fail)
        room.click(room.page.views.coverage_line.again)
        room.wait("full")
        assert room.page.notice.isVisible()


class TestCoverage:
    def test_what_could_not_be_read_is_said_with_its_reason(self, room: Room, home: Path) -> None:
        next(home.glob(".config/mozilla/firefox/*.work/logins.json")).write_bytes(b'{"logins": [')
        (home / ".config/chromium/Profile 1/Login Data").write_bytes(b"")
        room.find()
        assert room.says("2 sources could not be read in full."), "in every view"
        room.click(room.page.views.coverage_line.button)
        assert room.says("is damaged or cut short")
        assert room.says("“Login Data” is empty.")
        assert room.says("They are not in the list: 192.168.1.1, localhost, nas")
        assert room.page.go_back()
        assert not room.says("is damaged or cut short")

    def test_what_is_shown_from_an_earlier_search_says_so(self, room: Room, home: Path) -> None:
        room.find()
        room.show("all")
        (home / ".config/chromium/Profile 1/Login Data").write_bytes(b"")
        room.click(room.page.views.coverage_line.again)
        room.wait("full")
        assert room.says("1 source could not be read in full.")
        room.show("all")
        assert "dropbox.com" in room.sites()
        room.page.views.listing.open_site("dropbox.com")
        assert room.says("Known from 21 November 2026: Guardian could not read it anew.")


def test_the_first_deletion_page_is_six_clicks_away_from_the_start(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the whole application, by the mouse alone, to the address handed to the browser."""
    clicks: list[str] = []
    opened: list[str] = []

    def click(widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        clicks.append(str(getattr(widget, "text", str)()))
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def answer(dialog: links.LinkDialog) -> int:
        dialog.show()
        click(dialog.yes)
        return dialog.result()

    def button(window: QWidget, text: str) -> QPushButton:
        return next(one for one in visible(window, QPushButton) if one.text() == text)

    monkeypatch.setattr(links.LinkDialog, "exec", answer)
    monkeypatch.setattr(
        links.QDesktopServices, "openUrl", lambda url: opened.append(url.toString())
    )
    with open_studio(qapp, tmp_path / "studio") as studio:
        studio.start()
        click(button(studio.window, "Accounts"))
        page = studio.window.page("accounts")
        assert isinstance(page, AccountsPage)
        studio.settle(lambda: page.stages.stage == "consent")
        click(page.consent.everything)
        studio.settle(lambda: page.stages.stage == "full")
        account = studio.features.accounts.account(page.views.decide.site)
        click(button(page, "How to close it"))
        studio.settle(lambda: page.stages.stage == "case")
        click(button(page, "Go on"))
        studio.settle()
        click(button(page, "Open the page"))
        studio.settle()
        route = studio.features.accounts.closing.routes_of(account)[0]
    assert opened == [route.url]
    assert len(clicks) <= 6, clicks


def test_the_page_can_be_left_and_shown_again(room: Room) -> None:
    room.find()
    room.press(Qt.Key.Key_K)
    site = room.page.views.decide.site
    room.show("all")
    room.page.refresh()
    room.rest()
    assert room.page.views.stages.stage == "all"
    room.show("decide")
    assert room.page.views.decide.site == site


def test_what_is_shown_stays_the_same_as_long_as_nothing_is_new(room: Room) -> None:
    room.find()
    before = room.page.book
    room.page.refresh()
    room.rest()
    assert room.page.book is before
    room.service.add("example.edu")
    room.page.refresh()
    room.rest()
    assert room.page.title.text() == "You have 13 accounts."


def test_a_usual_search_takes_nothing_out_of_the_search_for_garbage(room: Room) -> None:
    gc.unfreeze()  # what the tests themselves set aside may end meanwhile, which is counted too
    room.find()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()


def test_proofs_that_went_into_the_vault_are_noted_and_told(room: Room, tmp_path: Path) -> None:
    room.find()
    room.page.show_case("github.com")
    case = room.page.case
    assert case is not None
    room.rest()
    case.proof_wanted.emit([tmp_path / "a.png", tmp_path / "b.png"], "github.com")
    for name in ("a.png", "b.png"):
        room.proofs.kept.emit("github.com", name, f"Papers: Proofs/{name}")
    room.rest()
    kept = room.service.account("github.com").case.attachments
    assert sorted(one.name for one in kept) == ["a.png", "b.png"]
    assert room.says("Now in your vault, and noted with github.com: a.png, b.png")
    assert room.page.stages.stage == "case", "the way back leads to where it was offered"


def test_what_is_known_is_asked_for_once_however_often_it_may_be_new(room: Room) -> None:
    room.find()
    for _ in range(5):
        room.page.refresh()
    room.rest()
    assert room.page.stages.stage == "full"


def test_a_very_long_list_is_arranged_beside_the_window_and_keeps_what_is_chosen(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LONG", 3)
    room.find()
    room.show("all")
    room.rest()
    table = room.page.views.listing.table
    table.choose("github.com", "spotify.com")
    room.click(table.heads["name"])
    room.rest()
    assert room.sites() == sorted(room.sites(), key=str.casefold)
    assert sorted(table.selected_keys()) == ["github.com", "spotify.com"]
    room.page.views.listing.filters.search.setText("git")
    room.qtbot.waitUntil(lambda: len(room.sites()) == 3, timeout=4000)
    room.rest()
    assert table.selected_keys() == ["github.com"]
