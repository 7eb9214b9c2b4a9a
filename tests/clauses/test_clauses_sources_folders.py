"""Which files of a folder are documents."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guardian.clauses.sources import folders
from guardian.clauses.sources.folders import find_documents
from guardian.core.errors import Cancelled, Problem


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("We keep notes.")


def names(*paths: Path, below: Path) -> list[str]:
    return [path.relative_to(below).as_posix() for path in find_documents(paths)]


def test_a_folder_gives_the_documents_in_it_and_below(tmp_path: Path) -> None:
    make(tmp_path, "b.pdf", "a.TXT", "more/c.docx", "more/d.eml", "photo.png", ".hidden.txt")
    make(tmp_path, ".cache/e.txt", "notes", "archive.zip")
    assert names(tmp_path, below=tmp_path) == ["a.TXT", "b.pdf", "more/c.docx", "more/d.eml"]


def test_what_a_browser_saved_along_with_a_page_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "terms.html", "terms_files/frame.html", "terms-Dateien/a.html", "other/a.html")
    make(tmp_path, "terms.files/b.html", "termsheets/b.txt")
    assert names(tmp_path, below=tmp_path) == ["terms.html", "other/a.html", "termsheets/b.txt"]


def test_a_file_that_was_chosen_itself_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    make(tmp_path, "notes", "a.txt")
    chosen = tmp_path / "notes", tmp_path / "a.txt", tmp_path, tmp_path / "gone.pdf"
    assert names(*chosen, below=tmp_path) == ["notes", "a.txt", "gone.pdf"]


def test_links_do_not_lead_in_circles_and_pipes_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "in/a.txt", "out/b.txt")
    (tmp_path / "in" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "out" / "b.txt")
    (tmp_path / "in" / "dead.txt").symlink_to(tmp_path / "nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "in" / "pipe.txt")
    assert names(tmp_path / "in", below=tmp_path / "in") == ["a.txt", "b.txt"]


def test_too_many_documents_are_counted_and_none_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MOST", 2)
    make(tmp_path, "a.txt", "b.txt", "c.txt")
    with pytest.raises(Problem) as caught:
        find_documents([tmp_path])
    assert (caught.value.code, caught.value.facts) == (
        "documents-too-many",
        {"count": 3, "most": 2},
    )


def test_a_folder_that_cannot_be_opened_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(Problem) as caught:
        find_documents([tmp_path])
    assert caught.value.code == "no-permission"


def test_looking_can_be_cancelled(tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_documents([tmp_path], stop)
