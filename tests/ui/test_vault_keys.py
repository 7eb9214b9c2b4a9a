"""What opens a vault, in the window: passphrases, recovery words, and this computer's own key."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.jobs import Report, report_nothing
from guardian.core.paths import find_paths
from guardian.core.store import open_store
from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.jobs import Jobs
from guardian.ui.kit.button import Button
from guardian.ui.kit.meter import Judgement, Meter
from guardian.ui.kit.notice import Notice
from guardian.ui.pages.vault.keys import flow as keys_flow
from guardian.ui.pages.vault.keys import recovery
from guardian.ui.pages.vault.keys import sheet as paper
from guardian.ui.pages.vault.keys.flow import ChangeDialog, HereDialog, Keys, RecoverDialog
from guardian.ui.pages.vault.keys.making import MakeDialog
from guardian.ui.pages.vault.keys.recovery import RecoveryDialog
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.ui.pages.vault.tools import Tools
from guardian.ui.records import Records
from guardian.vault.access.recovery import spell, write_key
from guardian.vault.cryptomator import masterkey
from guardian.vault.model import Sheet
from guardian.vault.service import Vault, VaultService
from tests.memory_keychain import MemoryKeychain

PASSPHRASE = "correct horse battery"
NEW = "kitchen voyage salmon"
NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
KEY = masterkey.MasterKey(b"\x55" * 32, b"\x77" * 32)
SHEET = Sheet("Private vault", NOW.date(), spell(b"\x03" * 16), write_key(KEY))


@dataclass
class Bench:
    """The keys of a real vault, on a bare page."""

    keys: Keys
    tools: Tools
    service: VaultService
    bot: QtBot
    folder: Path
    page: QWidget

    def rest(self, until: Callable[[], bool] = lambda: True) -> None:
        self.bot.waitUntil(lambda: until() and not self.tools.desk.jobs.running, timeout=10_000)

    def said(self) -> str:
        labels = self.page.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisible()).replace("\u200b", "")

    def click(self, button: Button) -> None:
        assert button.isVisible() and button.isEnabled()
        self.bot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.rest()

    def opens(self, passphrase: str) -> bool:
        try:
            self.service.open(self.folder, passphrase).lock()
        except Problem as problem:
            assert problem.code == "passphrase-wrong"
            return False
        return True

    def change(self) -> ChangeDialog:
        self.keys.change()
        assert isinstance(self.keys._dialog, ChangeDialog)
        return self.keys._dialog

    def recover(self) -> RecoverDialog:
        self.keys.recover(self.folder)
        assert isinstance(self.keys._dialog, RecoverDialog)
        return self.keys._dialog

    def wizard(self, passphrase: str = "") -> RecoveryDialog:
        self.keys.offer_recovery(self.folder, passphrase)
        assert isinstance(self.keys._dialog, RecoveryDialog)
        return self.keys._dialog

    def here(self) -> HereDialog:
        self.keys.actions()[2].trigger()
        assert isinstance(self.keys._dialog, HereDialog)
        return self.keys._dialog


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masterkey, "COST", 2**10)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, memory_keychain: MemoryKeychain) -> Iterator[Bench]:
    store, jobs = open_store(find_paths(), memory_keychain), Jobs()
    service = VaultService(store, lambda: NOW)
    folder = tmp_path / "Private vault"
    held: list[Vault] = [service.create(folder, PASSPHRASE)]
    desk = Desk(Words(), jobs, lambda: NOW, go=lambda _key: None, open_link=lambda _url: None)
    page = QWidget()
    qtbot.addWidget(page)
    notice, outcome = Notice(desk.words), Outcome(desk.words)
    tools = Tools(
        page, service, desk, Runner(page, desk), notice, outcome,
        vault=lambda: held[0] if held else None, changed=lambda: None,
    )  # fmt: skip
    box = QVBoxLayout(page)
    for widget in (notice, outcome):
        box.addWidget(widget)
    page.resize(900, 700)
    page.show()
    yield Bench(Keys(tools), tools, service, qtbot, folder, page)
    jobs.close()
    for vault in held:
        vault.lock()
    store.close()


def labels(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


# the meter


def judge(passphrase: str, avoid: object, _report: Report) -> Judgement:
    return Judgement(len(passphrase) % 5, f"{passphrase} {threading.current_thread().name}", False)


def test_what_is_typed_is_judged_once_the_person_pauses_and_off_the_windows_thread(
    qtbot: QtBot,
) -> None:
    jobs, asked = Jobs(), []

    def note(passphrase: str, avoid: object, report: Report) -> Judgement:
        asked.append(passphrase)
        return judge(passphrase, avoid, report)

    meter = Meter(jobs, note)
    qtbot.addWidget(meter)
    for typed in ("k", "ki", "kit"):
        meter.weigh(typed)
        assert meter.judgement is None
    qtbot.waitUntil(lambda: meter.judgement is not None)
    assert asked == ["kit"]
    assert meter.judgement is not None
    assert meter.judgement.text.startswith("kit job")
    assert meter._bar.value() == 4
    assert meter._bar.accessibleDescription() == meter.judgement.text
    jobs.close()


def test_a_late_judgement_of_what_is_no_longer_typed_is_dropped(qtbot: QtBot) -> None:
    jobs, held = Jobs(), threading.Event()

    def slow(passphrase: str, avoid: object, report: Report) -> Judgement:
        held.wait(5)
        return judge(passphrase, avoid, report)

    meter = Meter(jobs, slow)
    qtbot.addWidget(meter)
    meter.weigh("first")
    qtbot.waitUntil(lambda: jobs.running)
    meter.forget()
    held.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert meter.judgement is None
    assert meter._bar.value() == 0
    jobs.close()


# a new passphrase


def make_dialog(bench: Bench) -> MakeDialog:
    dialog = MakeDialog(bench.page, bench.tools.desk, bench.folder.parent / "Annabel House")
    dialog.setModal(False)
    dialog.show()
    return dialog


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("monika1984", "It holds a common name."),
        ("Annabel House", "words from the vault’s own name"),
        ("password123", "a password that many people use"),
    ],
)
def test_a_passphrase_that_is_easy_to_guess_is_told_why_and_not_taken(
    bench: Bench, typed: str, said: str
) -> None:
    dialog = make_dialog(bench)
    dialog.first.setText(typed)
    dialog.second.setText(typed)
    bench.rest(lambda: dialog._meter is not None and dialog._meter.judgement is not None)
    assert said in labels(dialog)
    assert "unusual words" in labels(dialog)
    assert not dialog.yes.isEnabled()
    dialog.first.setText(NEW)
    dialog.second.setText(NEW)
    bench.rest(lambda: dialog._meter is not None and dialog._meter.judgement is not None)
    assert "very hard to guess" in labels(dialog)
    assert dialog.yes.isEnabled()


def test_a_suggestion_is_shown_and_has_to_be_typed_once(bench: Bench) -> None:
    QApplication.clipboard().clear()
    dialog = make_dialog(bench)
    bench.click(dialog.suggest)
    suggested = dialog.first.text()
    assert len(suggested.split("-")) == 6
    assert dialog.first.echoMode() is QLineEdit.EchoMode.Normal
    assert "Write them down" in labels(dialog)
    assert suggested in labels(dialog).splitlines()  # whole, however wide the field
    assert not dialog.yes.isEnabled()
    bench.bot.keyClicks(dialog.second, suggested)
    bench.bot.waitUntil(dialog.yes.isEnabled)
    assert QApplication.clipboard().text() == ""


def test_the_passphrase_is_changed_by_who_knows_it(bench: Bench) -> None:
    dialog = bench.change()
    assert "still open with the old passphrase" in labels(dialog)
    for field, text in ((dialog.first, NEW), (dialog.second, NEW)):
        field.setText(text)
    assert not dialog.yes.isEnabled()
    dialog.old.setText(PASSPHRASE)
    bench.click(dialog.yes)
    assert bench.keys._dialog is None
    assert "The new passphrase opens “Private vault”" in bench.said()
    assert bench.opens(NEW)
    assert not bench.opens(PASSPHRASE)


def test_a_wrong_old_passphrase_is_said_in_the_dialog_which_keeps_the_new_one(
    bench: Bench,
) -> None:
    dialog = bench.change()
    for field, text in ((dialog.old, "not it"), (dialog.first, NEW), (dialog.second, NEW)):
        field.setText(text)
    bench.click(dialog.yes)
    assert dialog.isVisible()
    assert "does not open it" in labels(dialog)
    dialog.old.setText(PASSPHRASE)
    bench.click(dialog.yes)
    assert bench.opens(NEW)


# recovery words


def placed(dialog: RecoveryDialog) -> tuple[str, ...]:
    """The words as they stand on the screen."""
    return tuple(one.text() for one in dialog._shown)


def test_words_are_shown_once_proven_with_three_and_open_the_vault(bench: Bench) -> None:
    dialog = bench.wizard(PASSPHRASE)
    assert not dialog.field.isVisible()  # it was typed a moment ago
    assert "documents are lost" in labels(dialog)
    bench.click(dialog.make)
    words = placed(dialog)
    assert len(set(words)) > 6
    assert dialog._shown[2].accessibleName() == f"Word 3: {words[2]}"
    bench.click(dialog.written)
    assert not any(shown.isVisible() for shown in dialog._shown)
    for place, field in zip(dialog._places, dialog.fields, strict=True):
        assert field.accessibleName() == f"Word {place + 1}"
        bench.bot.keyClicks(field, f" {words[place].upper()} ")
    bench.click(dialog.check)
    assert "Your sheet is right" in labels(dialog)
    bench.click(dialog.close_button)
    assert "not shown that you have them" not in bench.said()
    bench.service.reset_passphrase(bench.folder, " ".join(words), NEW)
    assert bench.opens(NEW)


def test_a_wrong_word_is_told_by_its_place_and_the_words_can_be_looked_up(bench: Bench) -> None:
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    words = placed(dialog)
    bench.click(dialog.written)
    places = dialog._places
    dialog.fields[0].setText(words[places[0]])
    dialog.fields[1].setText("mousse")
    bench.click(dialog.check)
    assert f"Word {places[1] + 1} is another one" in labels(dialog)
    bench.click(dialog.back)
    assert placed(dialog) == words
    bench.click(dialog.written)
    assert dialog._places == places


def test_without_a_passphrase_at_hand_it_is_asked_for(bench: Bench) -> None:
    dialog = bench.wizard()
    assert dialog.field.isVisible()
    bench.click(dialog.make)
    assert not bench.service.has_recovery(bench.folder)
    dialog.field.setText("not it")
    bench.click(dialog.make)
    assert "does not open it" in labels(dialog)
    assert dialog.field.text() == ""
    bench.bot.keyClicks(dialog.field, PASSPHRASE)
    bench.bot.keyClick(dialog.field, Qt.Key.Key_Return)
    bench.rest(lambda: dialog.stages.stage == "words")


def test_the_words_can_be_put_off(bench: Bench) -> None:
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.skip)
    assert not bench.service.has_recovery(bench.folder)
    assert bench.said() == ""


def test_leaving_without_the_proof_is_told(bench: Bench) -> None:
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    dialog.reject()
    assert "you have not shown that you have them" in bench.said()
    assert bench.service.has_recovery(bench.folder)


def test_words_that_are_there_are_told_and_can_be_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.service.make_recovery(bench.folder, PASSPHRASE)
    dialog = bench.wizard()
    assert "has recovery words already" in labels(dialog)
    monkeypatch.setattr(keys_flow, "confirm", lambda *_: False)
    bench.click(dialog.revoke)
    assert bench.service.has_recovery(bench.folder)
    monkeypatch.setattr(keys_flow, "confirm", lambda *_: True)
    bench.click(dialog.revoke)
    assert not bench.service.has_recovery(bench.folder)
    assert "no longer open the vault" in bench.said()


def test_locking_closes_the_wizard_and_forgets_what_it_showed(bench: Bench) -> None:
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    words = placed(dialog)
    bench.keys.closed()
    assert not dialog.isVisible()
    assert dialog.sheet is None
    assert not set(words) & set(placed(dialog))
    assert bench.keys._dialog is None


def test_locking_while_the_words_are_made_tells_that_there_are_unproven_ones(
    bench: Bench,
) -> None:
    dialog = bench.wizard(PASSPHRASE)
    dialog.make.click()
    bench.keys.closed()
    bench.rest()
    assert not isValid(dialog)
    assert "you have not shown that you have them" in bench.said()


# the sheet


def test_the_sheet_is_saved_where_the_person_says_readable_by_them_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = bench.folder.parent / "sheet.pdf"
    offered: list[str] = []

    def choose(_parent: object, _title: object, name: str) -> tuple[str, str]:
        offered.append(Path(name).name)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    bench.click(dialog.save)
    assert offered == ["Recovery sheet of Private vault.pdf"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert "not encrypted: print it, then delete it" in labels(dialog)
    text = page_text(target.read_bytes())
    for word in placed(dialog):
        assert word in text


def test_a_place_that_refuses_the_sheet_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = bench.folder.parent
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    bench.click(dialog.save)
    assert target.name in labels(dialog)
    assert not list(target.glob("*.tmp"))


def test_the_sheet_goes_to_the_printer_the_person_picks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = bench.folder.parent / "printed.pdf"
    monkeypatch.setattr(
        recovery.paper, "find_printing", lambda: lambda _parent: QPdfWriter(str(target))
    )
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    bench.click(dialog.print)
    assert "Sent to the printer" in labels(dialog)
    assert placed(dialog)[0] in page_text(target.read_bytes())


def test_without_printing_in_qt_there_is_no_such_button(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery.paper, "find_printing", lambda: None)
    dialog = bench.wizard(PASSPHRASE)
    bench.click(dialog.make)
    assert not dialog.print.isVisible()
    assert dialog.save.isVisible()


def page_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return str(document[0].get_textpage().get_text_bounded())


@pytest.mark.usefixtures("qtbot")
def test_the_sheet_says_whose_it_is_and_how_to_do_without_guardian() -> None:
    text = page_text(paper.to_pdf(SHEET, Words()))
    for said in ("Private vault", "21 November 2026", "masterkey.recovery.cryptomator",
                 "Whoever holds this sheet", *SHEET.words):  # fmt: skip
        assert said in text
    assert SHEET.key in "".join(text.split())  # it can be copied out


@pytest.mark.parametrize("size", [QPageSize.PageSizeId.A4, QPageSize.PageSizeId.Letter])
@pytest.mark.usefixtures("qtbot")
def test_everything_fits_on_either_paper_even_for_a_long_name(
    size: QPageSize.PageSizeId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "usual_size", lambda: QPageSize(size))
    long = Sheet("Papers of the whole family " * 4, NOW.date(), SHEET.words, SHEET.key)
    document = pypdfium2.PdfDocument(paper.to_pdf(long, Words()))
    width, height = document[0].get_size()
    picture = document[0].render(scale=1).to_pil().convert("L")
    dark = [picture.crop((0, int(height) - 24, int(width), int(height))),
            picture.crop((int(width) - 40, 0, int(width), int(height)))]  # fmt: skip
    assert [margin.getextrema()[0] for margin in dark] == [255, 255]


@pytest.mark.usefixtures("qtbot")
def test_the_square_code_holds_the_key() -> None:
    """Every cell of the code as drawn is as the code for the key says."""
    scale = 8
    picture = pypdfium2.PdfDocument(paper.to_pdf(SHEET, Words()))[0].render(scale=scale).to_pil()
    cells = segno.make(SHEET.key, micro=False, error="q", boost_error=False).matrix
    grey = picture.convert("L")
    left = paper.MARGIN * scale
    top = next(
        y for y in range(int(grey.height * 0.4), grey.height)
        if all(grey.getpixel((left + x, y)) < 60 for x in range(4, 7 * scale * 2, 4))
    )  # fmt: skip
    side = paper.CODE * scale / len(cells)
    for row, line in enumerate(cells):
        for column, dark in enumerate(line):
            at = (round(left + (column + 0.5) * side), round(top + (row + 0.5) * side))
            assert (grey.getpixel(at) < 128) == bool(dark), (row, column)


# a forgotten passphrase


def test_the_words_of_the_sheet_set_a_new_passphrase(bench: Bench) -> None:
    sheet = bench.service.make_recovery(bench.folder, PASSPHRASE)
    dialog = bench.recover()
    dialog.first.setText(NEW)
    dialog.second.setText(NEW)
    assert not dialog.yes.isEnabled()
    dialog.typed.setPlainText("\n".join(sheet.words).title())
    bench.click(dialog.yes)
    assert bench.keys._dialog is None
    assert "The new passphrase opens “Private vault”" in bench.said()
    assert bench.opens(NEW)


def test_a_misread_word_is_told_by_its_place_and_can_be_mended(bench: Bench) -> None:
    sheet = bench.service.make_recovery(bench.folder, PASSPHRASE)
    dialog = bench.recover()
    dialog.first.setText(NEW)
    dialog.second.setText(NEW)
    dialog.typed.setPlainText(" ".join([*sheet.words[:4], "mousse", *sheet.words[5:]]))
    bench.click(dialog.yes)
    assert "Word 5 is not one" in labels(dialog)
    dialog.typed.setPlainText(" ".join(sheet.words))
    bench.click(dialog.yes)
    assert bench.opens(NEW)


def test_the_key_of_the_sheet_is_taken_in_place_of_the_words(bench: Bench) -> None:
    sheet = bench.service.make_recovery(bench.folder, PASSPHRASE)
    for name in ("vault", "masterkey", "masterkey.recovery"):
        (bench.folder / f"{name}.cryptomator").unlink()
    dialog = bench.recover()
    dialog.first.setText(NEW)
    dialog.second.setText(NEW)
    dialog.typed.setPlainText(f"\n {sheet.key[:64]}\n {sheet.key[64:]} ")
    bench.click(dialog.yes)
    assert bench.opens(NEW)


# this computer


def test_a_key_is_kept_here_after_the_person_was_told_what_it_means(
    bench: Bench, memory_keychain: MemoryKeychain
) -> None:
    dialog = bench.here()
    assert "weaker than the passphrase" in labels(dialog)
    dialog.field.setText(PASSPHRASE)
    bench.click(dialog.yes)
    assert "opens on this computer without its passphrase" in bench.said()
    assert bench.keys.actions()[2].isChecked()
    bench.service.open_here(bench.folder).lock()


def test_the_switch_ends_it_at_once(bench: Bench, memory_keychain: MemoryKeychain) -> None:
    bench.service.allow_here(bench.folder, PASSPHRASE)
    bench.keys.actions()[2].trigger()
    bench.rest()
    assert "asks for its passphrase again" in bench.said()
    assert not bench.keys.actions()[2].isChecked()
    assert not [name for name in memory_keychain.items if name.startswith("vault")]


def test_a_refusal_is_said_in_the_dialog(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keychain, "find_keychain", lambda *_: None)
    dialog = bench.here()
    dialog.field.setText(PASSPHRASE)
    bench.click(dialog.yes)
    assert "no keyring here" in labels(dialog)
    dialog.reject()
    assert not bench.keys.actions()[2].isChecked()


def test_deleting_all_records_leaves_nothing_in_the_keyring(
    bench: Bench, memory_keychain: MemoryKeychain
) -> None:
    bench.service.allow_here(bench.folder, PASSPHRASE)
    assert [name for name in memory_keychain.items if name.startswith("vault ")]
    store = bench.service._vaults._store
    records = Records(
        find_paths(), store, lambda: bench.page, lambda: None, bench.service.revoke_all_here
    )
    records.forget(report_nothing)
    assert memory_keychain.items == {}


# leaving no trace


@pytest.mark.parametrize("open_dialog", ["change", "recover", "here"])
def test_locking_empties_every_field(bench: Bench, open_dialog: str) -> None:
    dialog = getattr(bench, open_dialog)()
    fields = dialog.findChildren(QLineEdit)
    secret = secrets.token_hex(8)
    for field in fields:
        field.setText(secret)
    bench.keys.closed()
    assert not any(field.text() for field in fields)
    assert bench.keys._dialog is None


def test_a_change_under_way_is_told_although_its_dialog_was_closed(bench: Bench) -> None:
    dialog = bench.change()
    for field, text in ((dialog.old, PASSPHRASE), (dialog.first, NEW), (dialog.second, NEW)):
        field.setText(text)
    dialog.yes.click()
    bench.keys.closed()
    bench.rest(lambda: "The new passphrase opens" in bench.said())
    assert bench.opens(NEW)


def test_without_an_open_vault_its_actions_are_grey(bench: Bench) -> None:
    assert all(action.isEnabled() for action in bench.keys.actions())
    bench.tools.vault().lock()
    shut = Tools(
        bench.page, bench.service, bench.tools.desk, bench.tools.runner, bench.tools.notice,
        bench.tools.outcome, vault=lambda: None, changed=lambda: None,
    )  # fmt: skip
    assert not any(action.isEnabled() for action in Keys(shut).actions())
