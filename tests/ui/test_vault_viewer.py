"""Looking at documents in the window, and lending them to other programs, by clicks and keys."""

from __future__ import annotations

import dataclasses
import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from guardian.core import child
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.ui import links
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.layout import column
from guardian.ui.kit.notice import Notice
from guardian.ui.pages.vault.lending import Lending
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.ui.pages.vault.tools import Tools
from guardian.ui.pages.vault.viewer import Viewer
from guardian.vault import outside
from guardian.vault.cryptomator import masterkey
from guardian.vault.model import Details, Entry
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
DOCUMENTS = Path(__file__).resolve().parents[1] / "fixtures" / "vault" / "documents"
NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


@dataclass
class Room:
    """The preview and the lending over an open vault, without the rest of the page."""

    bot: QtBot
    service: VaultService
    folder: Path
    window: QWidget
    jobs: Jobs
    held: list[Vault | None]
    listed: list[bool] = field(default_factory=list)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def build(self) -> None:
        desk = Desk(Words(), self.jobs, lambda: NOW, lambda _key: None, lambda _url: None)
        runner = Runner(self.window, desk)
        self.notice, self.outcome = Notice(desk.words), Outcome(desk.words)
        self.tools = Tools(
            self.window, self.service, desk, runner, self.notice, self.outcome,
            vault=lambda: self.held[0], changed=lambda: self.listed.append(True),
        )  # fmt: skip
        self.viewer, self.lending = Viewer(self.tools), Lending(self.tools)
        box = column(self.notice, runner, self.outcome, self.lending)
        box.addWidget(self.viewer, 1)
        self.window.setLayout(box)

    @property
    def vault(self) -> Vault:
        held = self.held[0]
        assert held is not None
        return held

    def add(self, name: str, content: bytes) -> Entry:
        file = self.folder / "papers" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        self.vault.add([file])
        return self.entry(name)

    def specimen(self, name: str) -> Entry:
        return self.add(name, (DOCUMENTS / name).read_bytes())

    def entry(self, name: str) -> Entry:
        return next(one for one in self.vault.list().entries if one.name == name)

    def rest(self, until: Callable[[], bool] = lambda: True) -> None:
        self.bot.waitUntil(lambda: until() and not self.jobs.running, timeout=15_000)

    def look(self, entry: Entry, stage: str) -> None:
        self.viewer.show_document(entry)
        self.rest(lambda: self.viewer.stages.stage == stage)

    def shows_page(self, number: int) -> bool:
        drawn = self.viewer.pages._drawn
        return drawn is not None and drawn.wish.number == number

    def said(self) -> str:
        labels = self.window.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisible()).replace("\u200b", "")

    def click(self, button: Button) -> None:
        assert button.isVisible() and button.isEnabled()
        self.bot.mouseClick(button, Qt.MouseButton.LeftButton)

    def button(self, text: str) -> Button:
        found = self.window.findChildren(Button)
        return next(one for one in found if one.text() == text and one.isVisible())

    def lock(self) -> None:
        self.viewer.closed()
        self.lending.closed()
        vault = self.vault
        self.held[0] = None
        vault.lock()

    def unlock(self) -> None:
        self.held[0] = self.service.open(self.folder / "vault", PASSPHRASE)
        self.lending.opened(self.vault)
        self.rest()

    def alive(self) -> int:
        return sum(process.poll() is None for process in self.children)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr(masterkey, "COST", 2**10)
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(outside, "places", lambda: iter([(tmp_path / "memory", False)]))
    store, jobs = open_in_memory(), Jobs()
    service = VaultService(store, lambda: NOW)
    window = QWidget()
    qtbot.addWidget(window)
    held: list[Vault | None] = [service.create(tmp_path / "vault", PASSPHRASE)]
    made = Room(qtbot, service, tmp_path, window, jobs, held)
    start = child.start

    def noted(*arguments: str) -> subprocess.Popen[bytes]:
        made.children.append(start(*arguments))
        return made.children[-1]

    monkeypatch.setattr(child, "start", noted)
    made.build()
    window.resize(420, 800)
    window.show()
    yield made
    if made.held[0] is not None:
        made.lock()
    jobs.close()
    store.close()
    assert made.alive() == 0


def in_dialog(act: Callable[[Dialog], object]) -> None:
    """Do something in the modal dialog that opens next."""

    def wait() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Dialog):
            act(dialog)
        else:
            QTimer.singleShot(10, wait)

    QTimer.singleShot(0, wait)


# looking


def test_nothing_chosen_says_what_the_place_is_for(room: Room) -> None:
    assert "Choose a document to look at it here" in room.said()
    assert "Nothing is written to the disk" in room.said()
    assert not room.viewer.save.isVisible() and room.alive() == 0


def test_a_pdf_is_shown_page_by_page(room: Room) -> None:
    room.look(room.specimen("letter.pdf"), "pages")
    pages = room.viewer.pages
    assert "PDF, 3 pages" in room.said() and "1 of 3" in room.said()
    assert "lighthouse opens" in pages.area.accessibleDescription()
    assert not pages.before.isEnabled()
    room.click(pages.after)
    room.rest(lambda: room.shows_page(1))
    assert "2 of 3" in room.said()
    assert "Second page" in pages.area.accessibleDescription()
    pages.area.verticalScrollBar().setValue(pages.area.verticalScrollBar().maximum())
    room.bot.keyClick(pages.area, Qt.Key.Key_PageDown)
    room.rest(lambda: room.shows_page(2))
    assert not pages.after.isEnabled()
    room.bot.keyClick(pages.area, Qt.Key.Key_PageUp)
    room.rest(lambda: room.shows_page(1))


def test_a_page_is_as_wide_as_there_is_room_and_grows_with_it(room: Room) -> None:
    room.look(room.specimen("letter.pdf"), "pages")
    pages = room.viewer.pages
    before = pages.area.sheet.width()
    assert before == pages.area.room()
    room.window.resize(700, 800)
    room.rest(lambda: pages.area.sheet.width() > before + 200)
    assert pages._drawn is not None and pages._drawn.wish.width == pages.area.room()


def test_zoom_goes_in_steps_and_back_to_the_width(room: Room) -> None:
    room.look(room.specimen("letter.pdf"), "pages")
    pages = room.viewer.pages
    room.window.activateWindow()
    pages.area.setFocus()
    room.bot.waitUntil(pages.area.hasFocus)
    room.bot.keyClick(pages.area, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    room.rest()
    larger = pages.area.sheet.width()
    assert larger > pages.area.room()
    room.click(pages.smaller)
    room.rest()
    assert pages.area.sheet.width() < larger
    room.bot.keyClick(pages.area, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    room.rest()
    assert pages.area.sheet.width() == pages.area.room()
    for _ in range(20):
        pages.step_zoom(1)
    room.rest()
    assert pages.zoom == 4.0


def test_search_marks_the_places_and_goes_from_one_to_the_next(room: Room) -> None:
    room.look(room.specimen("letter.pdf"), "pages")
    pages = room.viewer.pages
    room.click(pages.seek)
    room.bot.keyClicks(pages.search.field, "lighthouse")
    room.rest(lambda: "1 of 2" in room.said())
    assert pages.area.sheet._chosen and len(pages.area.sheet._marks) == 1
    room.bot.keyClick(pages.search.field, Qt.Key.Key_Return)
    room.rest(lambda: room.shows_page(1))
    assert "2 of 2" in room.said()
    room.click(pages.search.after)
    room.rest(lambda: room.shows_page(0))
    pages.search.field.setText("nowhere")
    room.rest(lambda: "Not found" in room.said())
    assert not pages.area.sheet._marks and not pages.search.after.isVisible()


def test_a_picture_is_turned_and_says_where_it_was_taken(room: Room) -> None:
    room.look(room.specimen("photo.jpg"), "pages")
    pages = room.viewer.pages
    assert "This picture says where it was taken." in room.said()
    assert not pages.search.isVisible() and not pages.after.isVisible()
    assert "Camera" not in room.said()
    room.click(room.viewer.fold.button)
    assert "Camera: Specimen Pinhole 1" in room.said() and "Place: -48.85822" in room.said()
    standing = pages.area.sheet.size()
    room.click(pages.right)
    room.rest(lambda: pages.area.sheet.height() < pages.area.sheet.width())
    for _ in range(3):
        room.click(pages.right)
    room.rest(lambda: pages.area.sheet.size() == standing)


def test_a_small_picture_is_not_blown_up(room: Room) -> None:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    room.look(room.add("dot.png", data.getvalue()), "pages")
    assert room.viewer.pages.area.sheet.width() == 40
    assert "where it was taken" not in room.said()


def test_a_text_is_shown_and_searched(room: Room) -> None:
    entry = room.add("notes.md", b"# Title\n<b>bold</b> tea\n" + b"more TEA\n" * 9_000)
    room.look(entry, "text")
    reading = room.viewer.reading
    room.rest(lambda: reading.whole)
    assert reading.page.toPlainText().startswith("# Title\n<b>bold</b> tea\nmore")
    assert reading.page.document().blockCount() == 9_003
    assert room.alive() == 0, "the child has nothing more to do"
    room.bot.keyClicks(reading.search.field, "bold")
    room.rest(lambda: "1 of 1" in room.said())
    reading.search.field.setText("tea")
    room.rest(lambda: "1 of the first 500" in room.said())


def test_a_cut_text_says_so(room: Room) -> None:
    room.look(room.add("log.txt", b"a line of a log\n" * 150_000), "text")
    assert "only the beginning" in room.said()


def test_what_was_copied_is_taken_off_the_clipboard_at_lock(room: Room) -> None:
    board = QGuiApplication.clipboard()
    room.look(room.add("notes.txt", b"a secret note"), "text")
    room.viewer.reading.page.selectAll()
    room.viewer.reading.page.copy()
    assert board.text() == "a secret note"
    room.lock()
    assert board.text(QClipboard.Mode.Clipboard) == ""
    assert room.viewer.reading.page.toPlainText() == ""


def test_what_came_to_the_clipboard_later_stays(room: Room) -> None:
    board = QGuiApplication.clipboard()
    room.look(room.add("notes.txt", b"a secret note"), "text")
    room.viewer.reading.page.selectAll()
    room.viewer.reading.page.copy()
    board.setText("something else")
    room.lock()
    assert board.text() == "something else"


def test_a_document_with_a_password_asks_and_says_when_it_was_wrong(room: Room) -> None:
    room.viewer.show_document(room.specimen("password.pdf"))
    room.rest(lambda: "password of its own" in room.said())
    room.bot.keyClicks(room.viewer.instead.field, "guess")
    room.bot.keyClick(room.viewer.instead.field, Qt.Key.Key_Return)
    room.rest(lambda: "not the password" in room.said())
    room.bot.keyClicks(room.viewer.instead.field, "specimen")
    room.click(room.viewer.instead.button)
    room.rest(lambda: room.viewer.stages.stage == "pages")
    assert room.viewer.instead.field.text() == ""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("letter.docx", b"PK\x03\x04[Content_Types].xml", "No preview for office documents"),
        ("song.mp3", b"ID3\x04" + bytes(100), "No preview for this kind of document"),
        ("nothing.txt", b"", "This document is empty"),
        ("cut.pdf", b"%PDF-1.7\n%", "does not hold together"),
    ],
)
def test_what_cannot_be_shown_is_said_with_what_can_be_done(
    room: Room, name: str, content: bytes, words: str
) -> None:
    room.viewer.show_document(room.add(name, content))
    room.rest(lambda: words in room.said())
    assert room.viewer.save.isVisible() and room.viewer.lend.isVisible()
    assert room.alive() == 0


def test_folders_and_links_have_no_preview(room: Room) -> None:
    room.vault.make_folder("Letters")
    room.viewer.show_document(room.entry("Letters"))
    assert "Letters is a folder" in room.said() and not room.viewer.save.isVisible()


def test_the_note_the_tags_and_the_last_day_stand_with_the_document(room: Room) -> None:
    told = Details("Keep with the deeds", ("house", "family"), date(2026, 11, 20))
    entry = dataclasses.replace(room.specimen("notes.txt"), details=told)
    room.look(entry, "text")
    assert "Keep with the deeds" in room.said() and "Tags: house, family" in room.said()
    assert "Was valid until 20 November 2026" in room.said()
    later = Details(valid_until=date(2027, 1, 5))
    room.viewer.show_document(dataclasses.replace(entry, details=later))
    assert "Valid until 5 January 2027" in room.said() and "deeds" not in room.said()
    assert len(room.children) == 1, "another note opens nothing anew"


def test_the_buttons_ask_with_the_document(room: Room) -> None:
    asked: list[tuple[str, list[Entry]]] = []
    room.viewer.asked.connect(lambda key, things: asked.append((key, things)))
    entry = room.specimen("notes.txt")
    room.look(entry, "text")
    room.click(room.viewer.save)
    for action in room.viewer.menu().actions():
        action.trigger()
    assert asked == [(key, [entry]) for key in ("save", "lend", "details")]


def test_going_quickly_through_many_opens_the_last_and_one_at_a_time(room: Room) -> None:
    content = (DOCUMENTS / "letter.pdf").read_bytes()
    entries = [room.add(f"letter {number}.pdf", content) for number in range(20)]
    most = 0
    for number, entry in enumerate(entries):
        room.viewer.show_document(entry)
        room.bot.wait(200 if number % 5 == 4 else 5)
        most = max(most, room.alive())
    room.rest(lambda: room.viewer.stages.stage == "pages" and room.shows_page(0))
    assert most <= 1 and room.alive() == 1
    assert len(room.children) <= 5, "those passed over were never opened"
    assert "letter 19.pdf" in room.said()


def test_an_answer_about_another_document_is_not_shown(room: Room) -> None:
    first, second = room.specimen("letter.pdf"), room.add("plain.txt", b"the second one")
    room.viewer.show_document(first)
    room.bot.waitUntil(lambda: bool(room.children), timeout=5_000)
    room.viewer.show_document(second)
    room.rest(lambda: room.viewer.stages.stage == "text")
    assert room.viewer.reading.page.toPlainText() == "the second one"
    assert room.viewer.pages._drawn is None


def test_locking_ends_the_child_and_clears_all_that_was_shown(room: Room) -> None:
    room.look(room.specimen("letter.pdf"), "pages")
    room.viewer.pages.search.field.setText("lighthouse")
    room.lock()
    assert room.alive() == 0
    pages = room.viewer.pages
    assert pages._drawn is None and pages.area.sheet._image.isNull()
    assert pages.area.accessibleDescription() == "" and pages.search.field.text() == ""
    assert "letter" not in room.said()


def test_locking_while_a_document_opens_is_quiet(room: Room) -> None:
    room.viewer.show_document(room.specimen("letter.pdf"))
    room.bot.waitUntil(lambda: bool(room.children), timeout=5_000)
    room.lock()
    room.rest()
    assert room.alive() == 0 and "Choose a document" in room.said()


def test_a_child_that_dies_leaves_the_window_unharmed(room: Room) -> None:
    entry = room.specimen("letter.pdf")
    room.look(entry, "pages")
    room.children[-1].kill()
    room.click(room.viewer.pages.after)
    room.rest(lambda: "could not draw" in room.said())
    room.viewer.show_document(None)
    room.look(entry, "pages")
    assert room.shows_page(0)


def test_a_damaged_document_is_told_where_its_page_would_stand(room: Room) -> None:
    entry = room.add("long.txt", b"all is well\n" * 60_000)
    (place,) = (p for p in room.vault.folder.rglob("*.c9r") if p.stat().st_size > 100_000)
    data = bytearray(place.read_bytes())
    data[300_000] ^= 1
    place.write_bytes(bytes(data))
    room.viewer.show_document(entry)
    room.rest(lambda: "long.txt" in room.viewer.instead.title.text())
    assert room.viewer.stages.stage == "instead"


# lending


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was handed to other programs."""
    files: list[Path] = []
    monkeypatch.setattr(links, "open_with_program", lambda file: files.append(file) or True)
    return files


def lend(room: Room, name: str = "letter.odt") -> Entry:
    entry = room.add(name, b"as it was")
    in_dialog(lambda dialog: dialog.accept())
    room.lending.ask(entry)
    room.rest(lambda: bool(room.lending.loans))
    return entry


def test_lending_warns_first_and_no_means_no(room: Room, opened: list[Path]) -> None:
    entry = room.add("letter.odt", b"as it was")
    told: list[str] = []

    def refuse(dialog: Dialog) -> None:
        told.append("\n".join(label.text() for label in dialog.findChildren(QLabel)))
        dialog.reject()

    in_dialog(refuse)
    room.lending.ask(entry)
    assert (
        "in this computer’s memory" in told[0] and "traces that Guardian cannot remove" in told[0]
    )
    assert not opened and not list((room.folder / "memory").iterdir())
    assert not room.lending.isVisible()


def test_the_warning_says_when_the_copy_would_lie_on_a_disk(
    room: Room, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = room.folder / "disk"
    monkeypatch.setattr(outside, "places", lambda: iter([(disk, True)]))
    told: list[str] = []

    def agree(dialog: Dialog) -> None:
        told.append("\n".join(label.text() for label in dialog.findChildren(QLabel)))
        dialog.accept()

    in_dialog(agree)
    room.lending.ask(room.add("letter.odt", b"x"))
    room.rest(lambda: bool(opened))
    assert "can sometimes be recovered" in told[0]
    assert "The copy lies on this computer’s disk." in room.said()


def test_a_lent_document_stands_on_a_card_until_it_is_back(room: Room, opened: list[Path]) -> None:
    lend(room)
    assert opened[0].read_bytes() == b"as it was"
    assert "“letter.odt” is open in another program" in room.said()
    room.click(room.button("Show it again"))
    assert opened == [opened[0]] * 2
    room.click(room.button("I am done"))
    room.rest(lambda: not room.lending.isVisible())
    assert "was not changed" in room.said() and not opened[0].exists()


def test_lending_it_twice_shows_the_same_copy(room: Room, opened: list[Path]) -> None:
    entry = lend(room)
    room.lending.ask(entry)
    assert len(opened) == 2 and len(room.lending.loans) == 1


def finish(room: Room, opened: list[Path], answer: str) -> None:
    opened[0].write_bytes(b"changed")

    def press(dialog: Dialog) -> None:
        found = dialog.findChildren(Button)
        room.click(next(one for one in found if one.text() == answer))

    in_dialog(press)
    room.click(room.button("I am done"))


def test_a_change_is_kept_in_the_vault(room: Room, opened: list[Path]) -> None:
    lend(room)
    finish(room, opened, "Keep the change in the vault")
    room.rest(lambda: bool(room.listed))
    assert room.vault.read("letter.odt") == b"changed"
    assert [one.name for one in room.vault.trashed()] == ["letter.odt"]
    assert "is in the vault" in room.said() and not opened[0].exists()


def test_a_change_is_dropped_when_the_person_says_so(room: Room, opened: list[Path]) -> None:
    lend(room)
    finish(room, opened, "Leave it as it was")
    room.rest(lambda: not room.lending.isVisible())
    assert room.vault.read("letter.odt") == b"as it was" and not opened[0].exists()


def test_not_yet_leaves_everything_as_it_is(room: Room, opened: list[Path]) -> None:
    lend(room)
    finish(room, opened, "Not yet")
    room.rest()
    assert room.lending.isVisible() and opened[0].read_bytes() == b"changed"


def test_no_program_for_it_is_told_and_the_copy_removed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "open_with_program", lambda _file: False)
    entry = room.add("letter.odt", b"x")
    in_dialog(lambda dialog: dialog.accept())
    room.lending.ask(entry)
    room.rest(room.notice.isVisible)
    assert "no program that opens “letter.odt”" in room.said()
    assert not list((room.folder / "memory").iterdir()) and not room.lending.isVisible()


def test_a_program_is_not_lent(room: Room, opened: list[Path]) -> None:
    entry = room.add("setup.sh", b"#!/bin/sh")
    in_dialog(lambda dialog: dialog.accept())
    room.lending.ask(entry)
    room.rest(room.notice.isVisible)
    assert "is a program" in room.said() and not opened


def test_locking_keeps_the_change_and_tells_it_at_the_next_opening(
    room: Room, opened: list[Path]
) -> None:
    lend(room)
    opened[0].write_bytes(b"changed")
    room.lock()
    assert not opened[0].exists() and "letter" not in room.said()
    room.unlock()
    assert "“letter (changed outside).odt”" in room.said()
    assert room.vault.read("letter (changed outside).odt") == b"changed"
    assert not room.lending.isVisible()


def test_a_change_from_before_a_crash_is_offered(room: Room, opened: list[Path]) -> None:
    lend(room)
    opened[0].write_bytes(b"changed")
    loan = room.lending.loans.pop()
    room.vault._loans.clear()
    outside.os.close(loan._lock)  # as the system does when a process dies
    room.lock()
    room.unlock()
    assert "was changed in another program when Guardian ended" in room.said()
    room.click(room.button("Put it into this vault"))
    room.rest(lambda: not room.lending.isVisible())
    assert room.vault.read("letter (changed outside).odt") == b"changed"
