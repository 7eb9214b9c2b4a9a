"""Documents on their way in and out of the page: added, saved, dragged, originals removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from guardian.ui.kit.button import Button
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.dragging import INSIDE
from guardian.ui.pages.vault.inside.asking import RemoveDialog
from tests.ui.vault_room import (
    Room,
    answer,
    drop_on,
    files,
    in_dialog,
    indexed,
    inside_drag,
    key,
    place,
    press,
    row_of,
    vault_of,
)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


# in and out
def test_adding_says_what_is_in_what_is_not_and_where_the_originals_are(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [opened.paper("New.pdf"), opened.folder / "missing.pdf"]
    answer(monkeypatch, "getOpenFileNames", ([str(file) for file in wanted], ""))
    opened.click(opened.page.inside.add)
    opened.rest(lambda: "New.pdf" in opened.titles())
    said = opened.said()
    assert "1 document added, read back and found identical." in said
    assert "The original is still where it was, unencrypted" in said
    assert "1 file was not added" in said and "“missing.pdf” is not there" in said
    assert wanted[0].exists()
    assert opened.page.inside.table.selected_keys() == ["New.pdf"]
    assert opened.page.go_back() and "not added" not in opened.said()


def test_a_folder_is_added_with_all_that_is_in_it(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (opened.folder / "letters" / "2024").mkdir(parents=True)
    (opened.folder / "letters" / "2024" / "One.txt").write_bytes(b"1")
    answer(monkeypatch, "getExistingDirectory", str(opened.folder / "letters"))
    opened.click(opened.page.inside.add_folder)
    opened.rest(lambda: "letters" in opened.titles())
    indexed(opened)
    assert "letters/2024" in opened.page.inside.tree.paths()
    assert vault_of(opened).read("letters/2024/One.txt") == b"1"


def test_many_refusals_are_folded_away(opened: Room) -> None:
    opened.page.handling.handing.add(
        [opened.folder / f"missing {number}.pdf" for number in range(5)], ""
    )
    opened.rest(lambda: "5 files were not added" in opened.said())
    assert "missing 3.pdf" not in opened.said()
    fold = next(
        one for one in opened.page.findChildren(Button) if one.text() == "Show which, and why"
    )
    opened.click(fold)
    assert "missing 3.pdf" in opened.said()


def test_a_copy_is_saved_after_a_plain_warning(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = opened.folder / "copy.pdf"
    answer(monkeypatch, "getSaveFileName", (str(target), ""))
    opened.choose("Passport.pdf")
    warned: list[str] = []

    def agree(dialog: Dialog) -> None:
        warned.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()

    in_dialog(agree)
    key(opened, Qt.Key.Key_S, CTRL)
    opened.rest(target.exists)
    assert any("not encrypted" in text for text in warned)
    assert target.read_bytes() == b"SPECIMEN"
    assert "Saved as “copy.pdf”" in opened.said() and "not encrypted" in opened.said()


def test_a_copy_is_not_saved_without_agreement(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked anyway"))
    opened.choose("Passport.pdf")
    in_dialog(lambda dialog: dialog.reject())
    key(opened, Qt.Key.Key_S, CTRL)
    assert not opened.page.runner.busy


def test_no_copy_is_put_among_the_encrypted_files(opened: Room) -> None:
    opened.page.handling.handing.save("Passport.pdf", opened.vault / "Passport.pdf")
    opened.rest()
    assert "inside the vault’s own folder" in opened.said()
    assert not (opened.vault / "Passport.pdf").exists()


def test_a_damaged_document_is_a_notice_and_nothing_is_saved(opened: Room) -> None:
    for file in (opened.vault / "d").rglob("*.c9r"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-5] + b"XXXXX")
    opened.page.handling.handing.save("Passport.pdf", opened.folder / "out.pdf")
    opened.rest()
    assert "Guardian does not give it out" in opened.said()
    assert not (opened.folder / "out.pdf").exists()


# dragging


def test_files_dropped_on_the_list_go_into_the_folder_that_is_shown(opened: Room) -> None:
    view = opened.page.inside.table.view
    drop_on(view, files(opened.paper("Dropped.png")), QPoint(5, view.viewport().height() - 5))
    opened.rest(lambda: "Dropped.png" in opened.titles())


def test_files_dropped_on_a_folder_go_into_it(opened: Room) -> None:
    view, tree = opened.page.inside.table.view, opened.page.inside.tree
    drop_on(view, files(opened.paper("One.png")), place(view, row_of(opened, "Car")))
    opened.rest()
    indexed(opened)
    drop_on(tree, files(opened.paper("Two.png")), place(tree, tree.index_of("Car")))
    opened.rest()
    held = {entry.name for entry in vault_of(opened).list("Car").entries}
    assert {"One.png", "Two.png"} <= held


def test_documents_dragged_onto_a_folder_are_moved(opened: Room) -> None:
    indexed(opened)
    inside = opened.page.inside
    opened.choose("Lease.txt")
    inside.table.view.dragged.items = inside.table.selected()
    drop_on(inside.tree, inside_drag(), place(inside.tree, inside.tree.index_of("Car")))
    opened.rest(lambda: "Lease.txt" not in opened.titles())
    assert "Moved to “Car”" in opened.said()


def test_a_folder_cannot_be_dropped_on_itself_nor_where_it_lies(opened: Room) -> None:
    vault_of(opened).make_folder("Car/2024")
    opened.page.refresh()
    opened.rest()
    indexed(opened)
    tree = opened.page.inside.tree
    tree.expandAll()
    tree.dragged.items = ["Car"]
    for path in ("", "Car", "Car/2024"):
        event = drop_on(tree, inside_drag(), place(tree, tree.index_of(path)))
        assert not event.isAccepted(), path
    assert not opened.page.runner.busy


def test_a_drag_carries_no_name_and_no_content(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[QMimeData] = []

    class Drag:
        def __init__(self, _view: object) -> None: ...
        def setMimeData(self, data: QMimeData) -> None:
            seen.append(data)

        def setPixmap(self, _picture: object) -> None: ...
        def exec(self, _action: object) -> Qt.DropAction:
            return Qt.DropAction.MoveAction

    monkeypatch.setattr("guardian.ui.kit.dragging.QDrag", Drag)
    opened.choose("Passport.pdf")
    opened.page.inside.table.view.startDrag(Qt.DropAction.MoveAction)
    (data,) = seen
    assert data.formats() == [INSIDE] and bytes(data.data(INSIDE).data()) == b""
    assert opened.page.inside.table.view.dragged.items == []


def test_what_is_dragged_out_asks_where_to_before_anything_leaves(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (opened.folder / "out").mkdir()
    answer(monkeypatch, "getExistingDirectory", str(opened.folder / "out"))
    warned: list[str] = []

    def agree(dialog: Dialog) -> None:
        warned.extend(label.text() for label in dialog.findChildren(QLabel))
        assert list((opened.folder / "out").iterdir()) == []
        dialog.accept()

    opened.choose("Lease.txt", "Passport.pdf")
    dragged = opened.page.inside.table.view.dragged
    in_dialog(agree)
    things = opened.page.inside.table.selected()
    dragged.finish(Qt.DropAction.IgnoreAction, things, outside=True)
    opened.rest(lambda: len(list((opened.folder / "out").iterdir())) == 2)
    opened.rest()
    assert any("not encrypted" in text for text in warned)
    assert "2 saved" in opened.said()


@pytest.mark.parametrize(
    ("done", "outside"), [(Qt.DropAction.MoveAction, True), (Qt.DropAction.IgnoreAction, False)]
)
def test_a_drag_that_ends_in_the_window_asks_nothing(
    opened: Room, done: Qt.DropAction, outside: bool
) -> None:
    heard: list[object] = []
    opened.page.inside.left.connect(heard.append)
    opened.choose("Lease.txt")
    things = opened.page.inside.table.selected()
    opened.page.inside.table.view.dragged.finish(done, things, outside=outside)
    assert not heard


# the originals


def test_originals_are_removed_only_after_a_warning_and_a_yes(opened: Room) -> None:
    paper = opened.paper("New.pdf")
    opened.page.handling.handing.add([paper], "")
    opened.rest(lambda: "New.pdf" in opened.titles())
    warned: list[str] = []

    def keep(dialog: RemoveDialog) -> None:
        warned.extend(label.text() for label in dialog.findChildren(QLabel))
        opened.bot.keyClick(dialog, Qt.Key.Key_Return)  # Enter alone must not delete

    in_dialog(keep)  # type: ignore[arg-type]
    press(opened, "Remove the originals …")
    assert paper.exists() and any("SSDs" in text and "backups" in text for text in warned)
    in_dialog(lambda dialog: opened.click(dialog.remove))  # type: ignore[attr-defined]
    press(opened, "Remove the originals …")
    opened.rest(lambda: "The original was removed" in opened.said())
    assert not paper.exists() and "Traces may remain" in opened.said()
    assert vault_of(opened).read("New.pdf") == b"SPECIMEN"


def test_an_original_that_changed_meanwhile_is_left_and_told(opened: Room) -> None:
    paper = opened.paper("New.pdf")
    opened.page.handling.handing.add([paper], "")
    opened.rest(lambda: "New.pdf" in opened.titles())
    paper.write_bytes(b"more was written")
    in_dialog(lambda dialog: dialog.accept())
    press(opened, "Remove the originals …")
    opened.rest(lambda: "1 original was not removed" in opened.said())
    assert paper.read_bytes() == b"more was written"


def test_what_another_page_wants_kept_waits_for_the_door_and_is_told_where_it_lies(
    locked: Room,
) -> None:
    proofs, kept = locked.page._proofs, []
    proofs.kept.connect(lambda *words: kept.append(words))
    proofs.offer(
        [locked.paper("Reply.pdf", b"yes, it is gone")], "Accounts/example.org", "example.org"
    )
    assert "1 file waits to be put into the folder “Accounts/example.org”." in locked.said()
    locked.unlock()
    locked.rest(lambda: bool(kept))
    assert kept == [("example.org", "Reply.pdf", "Private vault: Accounts/example.org/Reply.pdf")]
    assert vault_of(locked).read("Accounts/example.org/Reply.pdf") == b"yes, it is gone"
    assert proofs.parcel is None and "waits to be put" not in locked.said()
