"""The walk through the case of one account, by keys and clicks, until it is really gone."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from guardian.accounts.model import CaseState, Event, Language, LetterKind, Sender
from guardian.accounts.service import AccountsService
from guardian.core.errors import Problem
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.steps import Progress
from guardian.ui.pages.accounts.closing import choosing
from guardian.ui.pages.accounts.closing.panel import CasePanel
from guardian.ui.pages.accounts.closing.screen import Screen
from guardian.ui.pages.accounts.closing.standing import Stage
from guardian.ui.pages.accounts.names import Names

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BEN = Sender("ben@example.org", "", "DE", Language.ENGLISH)
KNOWN, UNKNOWN, ENDLESS = "dropbox.com", "example.net", "blogger.com"


class Room:
    """A panel with all it stands on; accounts are written down by hand."""

    def __init__(self, qtbot: QtBot, store: Store, folder: Path) -> None:
        self.qtbot, self.folder, self.now = qtbot, folder, BEGIN
        self.links: list[str] = []
        self.problems: list[Problem] = []
        self.proofs: list[tuple[list[Path], str]] = []
        self.left = 0
        self.jobs = Jobs()
        self.service = AccountsService(store, folder, lambda: self.now)
        self.closing = self.service.closing
        desk = Desk(Words(), self.jobs, lambda: self.now, lambda _: None, self.links.append)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.names = Names()
        self.panel = CasePanel(self.service, desk, self.names)
        self.panel.setParent(self.window)
        self.window.resize(900, 760)
        self.panel.resize(900, 760)
        self.panel.left.connect(self._leave)
        self.panel.troubled.connect(self.problems.append)
        self.panel.proof_wanted.connect(lambda files, site: self.proofs.append((files, site)))
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    def _leave(self) -> None:
        self.left += 1

    def open(self, site: str = KNOWN, username: str = "ben") -> None:
        if not any(one.site == site for one in self.known()):
            self.service.add(site, username)
        self.panel.show_account(self.service.account(site))
        self.rest()

    def known(self) -> tuple:
        found = self.service.known()
        return found.accounts if found else ()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.jobs.running, timeout=8000)
        QApplication.processEvents()

    @property
    def screen(self) -> Screen:
        return self.panel.screen(self.panel.stage)

    def enter(self) -> None:
        """Press Enter wherever the focus is."""
        held = QApplication.focusWidget()
        assert held is not None
        assert held.isVisible()
        self.qtbot.keyClick(held, Qt.Key.Key_Return)
        self.rest()

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.rest()

    def says(self, text: str) -> bool:
        QApplication.processEvents()
        return any(text in label.text() for label in self.panel.findChildren(QLabel)
                   if label.isVisibleTo(self.panel))  # fmt: skip

    def state(self, site: str = KNOWN) -> CaseState:
        return self.service.account(site).state

    def at_letter(self, site: str = KNOWN, sender: Sender = BEN) -> Screen:
        """The letter is being written."""
        self.closing.remember_sender(sender)
        self.open(site)
        self.panel.go(Stage.LETTER)
        self.rest()
        return self.screen

    def send(self) -> None:
        """A letter to the known service went out and arrived."""
        self.at_letter()
        self.closing.sent(self.screen.letter, BEGIN.date())
        self.open()


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    store = open_in_memory()
    room = Room(qtbot, store, tmp_path)
    yield room
    room.jobs.close()
    store.close()


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the system's dialog for saving says to save."""
    place = tmp_path / "saved"
    monkeypatch.setattr(choosing, "choose_target", lambda *_: place)
    return place


def test_enter_alone_leads_from_the_first_step_to_the_end(room: Room) -> None:
    room.open()
    assert room.panel.stage is Stage.BEFORE
    room.enter()
    assert (room.panel.stage, room.state()) == (Stage.ASK, CaseState.CLOSE)
    assert not room.links
    room.enter()
    assert len(room.links) == 1  # shown first: opening it is not done here
    room.enter()
    assert (room.panel.stage, room.state()) == (Stage.WAIT, CaseState.ASKED)
    room.now += timedelta(days=40)
    room.open()
    assert room.panel.stage is Stage.LOOK
    room.enter()
    assert room.links[-1] == "https://dropbox.com"
    for _ in range(3):
        room.enter()
    assert (room.panel.stage, room.state()) == (Stage.GONE, CaseState.GONE)
    room.enter()
    assert room.left == 1
    assert not room.problems


def test_each_step_says_how_far_it_is(room: Room) -> None:
    room.open()
    room.enter()
    room.screen.asked.click()
    room.rest()
    shown = [button.progress for button in room.panel.steps.buttons.values()]
    later = Progress.LATER
    done = [Progress.DONE, Progress.DONE, Progress.LEFT_OUT, Progress.NOW, later, later]
    assert shown == done
    names = [button.accessibleName() for button in room.panel.steps.buttons.values()]
    assert names[3] == "Step 4 of 6: Wait for the answer (now)"
    assert "not needed so far" in names[2]


def test_any_step_can_be_looked_at_and_nothing_is_noted_by_that(room: Room) -> None:
    room.open()
    for stage in Stage:
        room.click(room.panel.steps.buttons[stage.value])
        assert room.panel.stage is stage
    assert room.service.account(KNOWN).case.events == ()


def test_what_hangs_on_the_account_is_named_before(room: Room) -> None:
    for site in ("a.example.com", "b.example.org"):
        room.service.add(site, f"anna@{KNOWN}")
    room.open()
    assert room.says("2 other accounts go by mail addresses from dropbox.com")
    assert room.says("1 thing should be settled first.")
    assert room.screen.go_on.text() == "Go on anyway"
    tick = room.screen.ticks[0]
    assert not room.says("example.com")
    room.click(tick.stops()[1])
    assert room.says("example.com")
    room.qtbot.keyClick(tick.box, Qt.Key.Key_Space)
    assert room.screen.go_on.text() == "Go on"
    assert not room.says("settled first")


def test_a_click_on_the_words_ticks_the_box_beside_them(room: Room) -> None:
    room.open()
    tick = room.screen.ticks[0]
    room.qtbot.mouseClick(tick.text, Qt.MouseButton.LeftButton)
    assert tick.box.isChecked()


def test_the_account_can_be_kept_after_all(room: Room) -> None:
    room.open()
    room.click(room.screen.keep)
    assert room.state() is CaseState.KEEP
    assert room.left == 1


def test_a_way_that_does_not_work_gives_way_to_the_next(room: Room) -> None:
    room.open()
    room.panel.go(Stage.ASK)
    assert room.says("Way 1 of 3")
    room.click(room.screen.failed)
    assert room.says("Way 2 of 3")
    room.enter()
    assert len(room.links) == 1
    room.click(room.screen.failed)
    assert room.screen.letter.isVisible()
    assert not room.screen.failed.isVisible()
    room.click(room.screen.back)
    assert room.says("Way 2 of 3")
    room.click(room.screen.failed)
    room.enter()
    assert room.panel.stage is Stage.LETTER


def test_which_of_several_names_it_is_about_is_noted(room: Room) -> None:
    room.service.add(KNOWN, "anna")
    room.open(KNOWN, "ben")
    room.service.add(KNOWN, "ben")
    room.open()
    room.panel.go(Stage.ASK)
    names = room.screen.names
    assert [names.itemText(at) for at in range(2)] == ["a•••", "b•••"]
    names.setCurrentIndex(names.findData("ben"))
    room.names.toggle()
    assert names.currentText() == "ben", "what was chosen stays chosen"
    room.click(room.screen.asked)
    assert room.service.account(KNOWN).case.username == "ben"


def test_a_letter_is_saved_as_a_draft_for_the_mail_program(room: Room, target: Path) -> None:
    screen = room.at_letter()
    room.click(screen.draft)
    draft = email.message_from_bytes(target.read_bytes(), policy=email.policy.default)
    assert draft["From"] == "ben@example.org"
    assert "@" in draft["To"]
    assert draft["Subject"] == screen.letter.subject
    assert "dropbox.com" in draft.get_content()
    assert screen.note.role == "primary"
    assert room.state() is CaseState.FOUND  # saving is not sending
    assert room.says("Saved as “saved”")


def test_a_letter_on_paper_can_be_read_as_text(room: Room, target: Path) -> None:
    screen = room.at_letter(sender=Sender("ben@example.org", "Bén Müller", "AT"))
    screen.form.language.setCurrentIndex(screen.form.language.findData("de"))
    room.qtbot.waitUntil(lambda: screen.letter.wish.language is Language.GERMAN)
    room.click(screen.pdf)
    document = pypdfium2.PdfDocument(target.read_bytes())
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert "Bén Müller ben@example.org" in text
    assert "25. November 2026" in text
    assert screen.letter.subject in text
    for line in filter(None, screen.letter.text.splitlines()):
        if "“" not in line:  # this typeface draws two signs with one shape
            assert " ".join(line.split()) in text
    told = document.get_metadata_dict()
    assert not any(told[key] for key in ("Title", "Author", "Creator"))
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    document.close()


def test_a_long_letter_goes_on_over_pages_and_loses_nothing(room: Room, target: Path) -> None:
    screen = room.at_letter()
    paragraphs = [f"Paragraph {number}. {'many words ' * 40}" for number in range(40)]
    screen.letter = replace(screen.letter, text="\n\n".join([*paragraphs, "long" * 100]))
    room.click(screen.pdf)
    document = pypdfium2.PdfDocument(target.read_bytes())
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) > 2
    assert [f"Paragraph {number}." in text for number in range(40)] == [True] * 40
    assert "".join(text.split()).endswith("long" * 100)
    document.close()


def test_a_letter_can_be_copied(room: Room) -> None:
    screen = room.at_letter()
    room.click(screen.copy)
    assert QGuiApplication.clipboard().text() == f"{screen.letter.subject}\n\n{screen.letter.text}"


def test_the_country_suggests_the_law_and_the_language(room: Room) -> None:
    form = room.at_letter().form
    form.country.setCurrentIndex(form.country.findData("US-CA"))
    assert (form.law.currentData(), form.language.currentData()) == ("ccpa", "en")
    form.country.setCurrentIndex(form.country.findData("DE-BY"))
    assert (form.law.currentData(), form.language.currentData()) == ("gdpr", "de")
    form.law.setCurrentIndex(form.law.findData("general"))
    form.law.activated.emit(form.law.currentIndex())
    form.country.setCurrentIndex(form.country.findData("GB"))
    assert form.law.currentData() == "general"  # chosen by hand


def test_what_is_typed_is_in_the_letter_a_moment_later(room: Room) -> None:
    screen = room.at_letter()
    screen.form.more.toggle()
    room.qtbot.keyClicks(screen.form.name, "Zora")
    room.qtbot.waitUntil(lambda: "Zora" in screen.preview.toPlainText(), timeout=4000)


def test_without_an_address_of_ones_own_one_sentence_says_so(room: Room) -> None:
    room.at_letter(sender=Sender(country="DE"))
    assert room.screen.letter is None
    assert not any(button.isEnabled() for button in (room.screen.draft, room.screen.note))
    assert QApplication.focusWidget() is room.screen.form.address
    room.screen.form.address.setText("ben(at)example")
    room.qtbot.waitUntil(lambda: room.says("ben(at)example"), timeout=4000)
    assert room.screen.letter is None
    room.screen.form.address.setText("ben@example.org")
    room.qtbot.waitUntil(lambda: room.screen.letter is not None, timeout=4000)
    assert not room.says("ben(at)example")


def test_without_an_address_of_theirs_one_sentence_says_so(room: Room, target: Path) -> None:
    screen = room.at_letter(UNKNOWN)
    room.panel.resize(900, 480)
    for typed in ("", "nobody", "two words@example.org"):
        screen.to.setText(typed)
        room.panel.area.ensureWidgetVisible(screen.note)
        assert screen.to.visibleRegion().isEmpty()
        room.click(screen.draft)
        assert room.says("Type their mail address first")
        assert not target.exists()
        assert QApplication.focusWidget() is screen.to
        assert not screen.to.visibleRegion().isEmpty(), "it is scrolled to"
    screen.to.setText("privacy@example.net")
    assert not room.says("Type their mail address first")
    room.click(screen.draft)
    draft = email.message_from_bytes(target.read_bytes(), policy=email.policy.default)
    assert draft["To"].endswith("<privacy@example.net>")


def test_a_known_address_that_is_outdated_can_be_corrected(room: Room, target: Path) -> None:
    screen = room.at_letter()
    known = screen.letter.to
    assert screen.to.text() == known.email
    assert room.says(f"last updated in {known.checked_year}")
    screen.to.setText("erasure@new.example")
    assert not room.says(f"last updated in {known.checked_year}")
    before = screen.preview.toPlainText()
    screen.form.language.setCurrentIndex(screen.form.language.findData("de"))
    room.qtbot.waitUntil(lambda: screen.preview.toPlainText() != before, timeout=4000)
    assert screen.to.text() == "erasure@new.example"  # the letter still goes to the same
    room.click(screen.draft)
    draft = email.message_from_bytes(target.read_bytes(), policy=email.policy.default)
    assert draft["To"].endswith("<erasure@new.example>")


def test_an_address_typed_for_one_service_is_not_taken_for_another(room: Room) -> None:
    screen = room.at_letter()
    screen.to.setText("erasure@new.example")
    assert room.at_letter(UNKNOWN).to.text() == ""


def test_a_place_that_cannot_be_written_to_is_said(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(choosing, "choose_target", lambda *_: tmp_path / "folder")
    room.click(room.at_letter().draft)
    assert room.says("“folder”")
    assert room.screen.draft.role == "primary"


def test_from_the_day_it_arrived_the_time_to_answer_runs(room: Room, target: Path) -> None:
    screen = room.at_letter()
    room.click(screen.copy)
    room.enter()
    assert (room.panel.stage, room.state()) == (Stage.WAIT, CaseState.ASKED)
    deadline = room.service.account(KNOWN).case.deadline
    assert deadline is not None
    assert deadline.day == date(2026, 12, 28)  # the 25th is Christmas, a weekend follows
    assert room.says("28 December 2026: 33 days are left")
    assert room.says("Article 12(3) GDPR")
    room.enter()
    saved = target.read_text("utf-8")
    assert "20261228" in saved
    assert "dropbox" not in saved.lower()
    assert room.says("Its title does not say what it is about")


def test_what_was_sent_from_elsewhere_is_noted_with_its_own_day(room: Room) -> None:
    screen = room.at_letter()
    screen.arrived.setDate(screen.arrived.date().addDays(-5))
    room.click(screen.note)
    deadline = room.service.account(KNOWN).case.deadline
    assert deadline is not None
    assert deadline.counted_from == date(2026, 11, 20)
    assert room.closing.sender() == BEN


def test_more_time_is_noted_as_far_as_the_law_allows_it(room: Room) -> None:
    room.send()
    room.click(room.screen.more_time)
    assert room.says("An answer is due by 25 February 2027")
    assert not room.problems


def test_a_letter_begun_stays_until_another_one_is_due(room: Room) -> None:
    screen = room.at_letter()
    room.panel.timeline.fold.toggle()
    room.qtbot.keyClicks(room.panel.timeline.note, "half done")
    room.click(room.panel.timeline.add_note)
    assert screen.letter.wish.kind is LetterKind.ERASURE
    room.click(screen.note)
    room.now += timedelta(days=60)
    room.open()
    room.click(room.panel.steps.buttons[Stage.LETTER.value])
    assert room.screen.letter.wish.kind is LetterKind.REMINDER


def test_an_answer_about_another_account_is_not_shown(room: Room) -> None:
    room.open(UNKNOWN)
    room.open()
    room.screen.go_on.click()
    room.panel.show_account(room.service.account(UNKNOWN))  # before the first has ended
    room.rest()
    assert room.panel.walk.standing.account.site == UNKNOWN
    assert room.panel.stage is Stage.BEFORE
    assert room.state() is CaseState.CLOSE


def test_after_silence_comes_a_reminder_and_then_the_authority(room: Room) -> None:
    room.send()
    room.now += timedelta(days=45)
    room.open()
    assert room.panel.stage is Stage.WAIT
    assert room.says("has not answered in time")
    assert room.says("It was due by 28 December 2026, 12 days ago.")
    room.click(room.screen.letter)
    assert room.screen.letter.wish.kind is LetterKind.REMINDER
    room.click(room.screen.note)
    assert room.panel.stage is Stage.WAIT
    room.click(room.screen.refused)
    assert room.says("You need not leave it at that")
    room.click(room.screen.letter)
    assert room.screen.letter.wish.kind is LetterKind.COMPLAINT
    room.click(room.screen.note)
    assert room.state() is CaseState.ESCALATED
    room.click(room.screen.page)
    assert room.links[-1].startswith("http")


def test_without_a_day_set_by_law_the_person_says_when_it_has_been_too_long(room: Room) -> None:
    room.open()
    room.panel.go(Stage.ASK)
    room.click(room.screen.asked)
    assert room.says("No law sets a day")
    room.click(room.screen.nothing)
    assert room.state() is CaseState.SILENT
    assert room.screen.letter.text() == "Put it in a letter"


def test_a_look_that_finds_it_puts_it_back_on_the_list(room: Room) -> None:
    room.open()
    room.closing.set_state(KNOWN, CaseState.CONFIRMED)
    room.open()
    assert room.panel.stage is Stage.LOOK
    cards = list(room.screen.cards.values())
    room.click(cards[0].gone)
    assert room.says("Gone, on 25 November 2026")
    room.click(cards[1].there)
    assert (room.panel.stage, room.state()) == (Stage.ASK, CaseState.CLOSE)
    assert room.says("A mail to reset the password still came.")


def test_what_a_search_noticed_is_told(room: Room) -> None:
    room.open()
    room.closing.set_state(KNOWN, CaseState.ASKED)
    facts = {"day": "2026-11-24", "site": KNOWN, "source": "Thunderbird", "sign": "confirmed",
             "seen": "2026-11-24T08:00:00+00:00"}  # fmt: skip
    event = Event(room.now, CaseState.CONFIRMED, cause="accounts.cause.confirmed", facts=facts)
    room.service._records.note([(KNOWN, event)])
    room.open()
    assert room.panel.stage is Stage.LOOK
    assert room.says("A mail of 24 November 2026 from dropbox.com says that the account is closed")


def test_the_last_step_can_be_taken_back_again_and_again(room: Room) -> None:
    room.open()
    room.enter()
    room.click(room.screen.asked)
    room.qtbot.keyClick(room.screen, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    room.rest()
    assert room.state() is CaseState.CLOSE
    assert room.panel.stage is Stage.ASK
    room.click(room.panel.undo_button)
    assert room.state() is CaseState.FOUND
    assert not room.panel.undo_button.isVisible()
    room.panel.undo()
    room.rest()
    assert not room.problems


def test_what_cannot_be_closed_is_emptied_and_still_asked_in_writing(room: Room) -> None:
    room.open(ENDLESS)
    room.enter()
    assert room.says("does not delete accounts")
    assert any("alias" in tick.text.text() for tick in room.screen.emptying.ticks)
    assert not room.screen.open_page.isVisible()
    room.click(room.screen.emptying.open_page)
    assert len(room.links) == 1
    room.click(room.screen.letter)
    assert room.panel.stage is Stage.LETTER
    room.panel.go(Stage.ASK)
    room.click(room.screen.emptying.leave)
    assert room.state(ENDLESS) is CaseState.KEEP
    assert "Emptied" in room.service.account(ENDLESS).case.events[-1].note
    assert room.left == 1


def test_notes_and_what_happened_stand_in_the_story(room: Room) -> None:
    room.send()
    story = room.panel.timeline
    room.click(story.fold.button)
    room.qtbot.keyClicks(story.note, "They  called.")
    room.qtbot.keyClick(story.note, Qt.Key.Key_Return)
    room.rest()
    assert room.says("Your note: They called.")
    assert room.says("It arrived on 25 November 2026.")
    assert story.note.text() == ""
    room.qtbot.keyClick(story.note, Qt.Key.Key_Return)
    room.rest()
    assert len(room.service.account(KNOWN).case.events) == 2


def test_a_proof_goes_to_the_vault_and_its_place_is_noted(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proof = tmp_path / "answer.eml"
    proof.write_bytes(b"x")
    room.open()
    room.panel.timeline.fold.toggle()
    monkeypatch.setattr(choosing, "choose_proofs", lambda *_: [proof])
    room.click(room.panel.timeline.proof)
    drop(room.panel, proof)
    assert room.proofs == [([proof], KNOWN)] * 2
    room.open(UNKNOWN)
    room.panel.proof_kept(KNOWN, "answer.eml", "Papers: Accounts/answer.eml")
    room.rest()
    assert room.service.account(KNOWN).case.attachments[0].name == "answer.eml"
    assert not room.says("answer.eml")  # another account is shown by now
    room.open()
    assert room.says("A proof went into the vault: answer.eml.")


def drop(panel: CasePanel, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    at = QPoint(5, 5).toPointF()
    panel.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, buttons, keys))


def test_esc_leads_from_a_letter_back_to_where_the_case_stands_then_out(room: Room) -> None:
    room.send()
    room.panel.go(Stage.LETTER)
    assert room.panel.go_back()
    assert (room.panel.stage, room.left) == (Stage.WAIT, 0)
    assert room.panel.go_back()
    assert room.left == 1


def test_once_gone_it_says_for_how_long_it_was_there(room: Room) -> None:
    room.open()
    room.now += timedelta(days=800)
    room.closing.set_state(KNOWN, CaseState.ASKED)
    room.now += timedelta(days=20)
    room.closing.set_state(KNOWN, CaseState.GONE)
    room.open()
    assert room.says("It existed for at least 2 years")
    assert room.says("Closing it took 20 days.")
    room.click(room.screen.reopen)
    assert room.state() is CaseState.CLOSE


def test_an_account_that_is_known_no_more_is_said(room: Room) -> None:
    room.open()
    room.service.forget("hand:")
    room.click(room.screen.go_on)
    assert [problem.code for problem in room.problems] == ["account-unknown"]


@pytest.mark.parametrize("width", [380, 470, 1100])
def test_nothing_is_wider_than_its_room(room: Room, width: int) -> None:
    room.open()
    room.panel.resize(width, 500)
    for stage in Stage:
        room.panel.go(stage)
        room.rest()
        assert room.panel.area.widget().width() <= room.panel.area.viewport().width()
