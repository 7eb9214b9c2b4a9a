"""The building blocks: lists, folds, notices, links."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from guardian.core.errors import Problem
from guardian.core.words import Words
from guardian.ui import links
from guardian.ui.kit.dialog import Dialog, PassphraseDialog
from guardian.ui.kit.fold import Fold
from guardian.ui.kit.notice import Notice
from guardian.ui.kit.rows import Row, RowList
from guardian.ui.kit.text import Text


@pytest.fixture
def rows(qtbot: QtBot) -> RowList:
    made = RowList("Fruit")
    qtbot.addWidget(made)
    made.show_rows(
        [Row("b", "Banana", "yellow", sort=(2,)), Row("a", "Apple", "red", "new", sort=(1,))]
    )
    return made


def titles(rows: RowList) -> list[str]:
    return [rows.listed.index(n, 0).data() for n in range(rows.listed.rowCount())]


def test_rows_are_sorted_and_every_word_is_searched_everywhere(rows: RowList) -> None:
    assert titles(rows) == ["Apple", "Banana"]
    rows.search("YELL ban")
    assert titles(rows) == ["Banana"]
    rows.search("yellow apple")
    assert titles(rows) == []
    rows.search("")
    assert len(titles(rows)) == 2


def test_a_choice_is_told_by_key_and_kept_when_rows_change(qtbot: QtBot, rows: RowList) -> None:
    with qtbot.waitSignal(rows.chosen) as told:
        rows.choose("b")
    assert told.args == ["b"]
    rows.show_rows([Row("b", "Banana"), Row("c", "Cherry")])
    assert rows.current_key() == "b"


def test_a_row_speaks_all_it_shows(rows: RowList) -> None:
    index = rows.listed.index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Apple, red, new"


def test_fifty_thousand_rows_stay_fluid(rows: RowList) -> None:
    many = [Row(str(n), f"Row {n}", "detail", sort=(-n,)) for n in range(50_000)]
    start = time.process_time()
    rows.show_rows(many)
    rows.search("49999")
    assert titles(rows) == ["Row 49999"]
    assert time.process_time() - start < 5


def test_a_fold_opens_and_closes(qtbot: QtBot) -> None:
    fold = Fold("More", "Less")
    inner = Text("inside")
    fold.add(inner)
    qtbot.addWidget(fold)
    fold.show()
    assert not inner.isVisible()
    qtbot.mouseClick(fold.button, Qt.MouseButton.LeftButton)
    assert inner.isVisible()
    assert fold.button.text() == "Less"


def test_a_notice_says_what_happened_and_what_to_do(qtbot: QtBot) -> None:
    notice = Notice(Words())
    qtbot.addWidget(notice)
    notice.show_problem(Problem("file-missing", name="passport.pdf"))
    assert notice.isVisible()
    assert notice.accessibleName() == "“passport.pdf” is not there. Check the name and try again."


def test_markup_in_a_name_is_shown_as_text(qtbot: QtBot) -> None:
    label = Text("<b>bold</b><img src=x>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://", "ssh://x", ""],
)
def test_only_web_addresses_are_opened(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: pytest.fail("opened"))
    links.open_link(None, url)


@pytest.mark.parametrize(
    ("answer", "opened"), [(QDialog.DialogCode.Accepted, 1), (QDialog.DialogCode.Rejected, 0)]
)
def test_an_address_is_shown_before_it_is_opened(
    answer: QDialog.DialogCode, opened: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://example.test/delete?account=1"
    calls: list[str] = []
    shown: list[list[str]] = []

    def answer_dialog(dialog: links.LinkDialog) -> int:
        shown.append([label.text() for label in dialog.findChildren(Text)])
        return int(answer.value)

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda found: calls.append(found.toString()))
    monkeypatch.setattr(links.LinkDialog, "exec", answer_dialog)
    links.open_link(None, url)
    assert any(url in texts for texts in shown)
    assert calls == [url] * opened


def test_the_address_can_be_copied_instead(qtbot: QtBot) -> None:
    dialog = links.LinkDialog(None, "https://example.test/x")
    qtbot.addWidget(dialog)
    dialog._copy("https://example.test/x")
    assert QGuiApplication.clipboard().text() == "https://example.test/x"


def test_a_new_passphrase_must_be_typed_twice_alike(qtbot: QtBot) -> None:
    dialog = PassphraseDialog(None, "Title", "Text", lambda p: "short" if len(p) < 4 else "")
    qtbot.addWidget(dialog)
    assert not dialog.yes.isEnabled()
    dialog.first.setText("abc")
    dialog.second.setText("abc")
    assert not dialog.yes.isEnabled()
    dialog.first.setText("abcd")
    assert not dialog.yes.isEnabled()
    dialog.second.setText("abcd")
    assert dialog.yes.isEnabled()
    assert dialog.passphrase() == "abcd"


def test_a_dialog_that_is_too_tall_for_the_screen_scrolls(qtbot: QtBot) -> None:
    dialog = Dialog(None, "Title")
    qtbot.addWidget(dialog)
    dialog.add(*(Text(f"Line {number}") for number in range(10)))
    dialog.add_buttons("Yes", "No")
    dialog.show()
    assert dialog._room.verticalScrollBar().maximum() == 0
    dialog.add(*(Text(f"Line {number}") for number in range(100)))
    dialog.fit()
    qtbot.waitUntil(lambda: dialog._room.verticalScrollBar().maximum() > 0)
    assert dialog.height() < dialog.screen().availableGeometry().height()
