"""How files become documents: encodings, titles, and what is no document at all."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import Document, SourceKind
from guardian.clauses.sources import contents, reader, text
from guardian.clauses.sources.titles import tidy_title
from guardian.core.child import run_limited
from guardian.core.confinement import CALLS
from guardian.core.errors import Cancelled, Problem

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clauses"
ENGLISH = "We do not sell your personal information – ever. Café rules apply to naïve résumés.\n"
CHINESE = "隐私政策：我们会收集您的个人信息，并且不会在未经您同意的情况下出售给第三方。\n"
TAIWANESE = "隱私政策說明：我們會收集您的個人資料，未經您的同意不會出售給第三方。\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [(ENGLISH, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")]
    + [(CHINESE, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk")]
    + [(ENGLISH + CHINESE, "gb18030"), (TAIWANESE, "big5"), (TAIWANESE, "utf-16-le")],
)  # fmt: skip
def test_the_encoding_is_found(words: str, encoding: str) -> None:
    decoded, _, lost = text.decode((words * 5).encode(encoding))
    assert decoded == words * 5
    assert lost == 0


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("GBK", "gb18030"), ("Big5", "big5"), ("iso-8859-1", "cp1252"), ("windows-1251", "cp1251")],
)  # fmt: skip
def test_a_document_may_name_its_encoding(declared: str, encoding: str) -> None:
    words = {"gb18030": "您好", "big5": "您好嗎", "cp1252": "naïve", "cp1251": "привет"}[encoding]
    assert text.decode(words.encode(encoding), declared)[0] == words


@pytest.mark.parametrize(
    "declared", ["gb2312", "utf-16", "unicode_escape", "hex", "idna", "no-such"]
)
def test_sound_utf_8_is_utf_8_whatever_a_document_says(declared: str) -> None:
    assert text.decode("naïve 您好 \\n".encode(), declared)[:2] == ("naïve 您好 \\n", "utf-8")


def test_a_few_broken_bytes_are_counted_and_the_rest_is_read() -> None:
    data = (CHINESE * 50).encode() + b"\xff\xfe\xfa" + ENGLISH.encode() * 20
    decoded, encoding, lost = text.decode(data)
    assert encoding == "utf-8"
    assert lost == 3
    assert ENGLISH in decoded


def test_line_ends_become_one_newline() -> None:
    assert text.decode(b"a\r\nb\rc\n")[0] == "a\nb\nc\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03" * 100,
        b"%PDF-1.7\n" + b"words " * 50,
        b"PK\x03\x04" + b"words " * 50,
        b"\x7fELF" + bytes(200),
        bytes(range(256)) * 20,
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(text.NotTextError):
        text.decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_refusal(data: bytes) -> None:
    try:
        decoded, encoding, _ = text.decode(data)
    except text.NotTextError:
        return
    assert isinstance(decoded, str)
    assert encoding


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def read(path: Path) -> Document:
    """As the child reads it, but in this process."""
    return reader.read_document(os.fsencode(path))


def problem(path: Path) -> Problem:
    with pytest.raises(Problem) as caught:
        read(path)
    assert caught.value.facts.get("name", path.name) == path.name
    return caught.value


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "document-empty"),
        ("blank.txt", b" \n\t \n", "document-empty"),
        ("signs.txt", b"... !!! ***", "document-empty"),
        ("empty.html", b"<html><head><title></title></head><body></body></html>", "document-empty"),
        ("empty.eml", b"Subject: Terms\n\n", "document-empty"),
        ("program.txt", b"\x7fELF" + bytes(500), "document-not-text"),
        ("noise.html", bytes(range(256)) * 20, "document-not-text"),
        ("torn.pdf", b"%PDF-1.7 words words", "document-damaged"),
        ("torn.docx", b"PK\x03\x04" + bytes(100), "document-damaged"),
        ("letter.doc", OLD_OFFICE, "document-other-kind"),
        ("letter.rtf", b"{\\rtf1 words}", "document-other-kind"),
        ("locked.docx", OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "document-locked"),
        ("huge.txt", b"We keep it. " * 840_000, "document-too-big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_bad_file_has_its_own_clear_problem(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    assert problem(write(tmp_path, name, data)).code == code


def test_a_file_that_is_much_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = write(tmp_path, "larger.txt", b"words")
    os.truncate(path, 25_000_001)
    with pytest.raises(Problem) as caught:
        reader.open_document(path)
    assert caught.value.code == "document-too-big"


def test_a_problem_of_the_child_reaches_the_person(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"...")
    with pytest.raises(Problem) as caught:
        reader.open_document(path)
    assert caught.value.code == "document-empty"
    assert caught.value.facts == {"name": "caf?.txt"}


def test_a_missing_file_a_folder_and_a_refusal_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "closed.txt", b"words")
    assert problem(tmp_path / "none.txt").code == "file-missing"
    with pytest.raises(Problem) as folder:
        reader.open_document(tmp_path)
    assert folder.value.code == "file-is-folder"

    def refuse(*_: object) -> int:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "open", refuse)
    assert problem(path).code == "no-permission"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        assert problem(path).code == "document-not-text"
        with pytest.raises(Problem):
            reader.open_document(path)


def test_a_file_that_grows_while_it_is_read_is_read_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "download.txt", b"We keep ")
    look_at = reader.look_at

    def look_and_write(*of: object) -> None:
        look_at(*of)  # type: ignore[arg-type]
        path.write_bytes(b"We keep nothing.")

    monkeypatch.setattr(reader, "look_at", look_and_write)
    assert problem(path).code == "document-changing"


def test_a_name_that_is_no_sound_text_does_no_harm(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"We keep notes.")
    assert read(path).title == "caf?"


def test_content_decides_where_the_name_says_nothing(tmp_path: Path) -> None:
    data = (FIXTURES / "saved-page.html").read_bytes()
    assert read(write(tmp_path, "page", data)).kind is SourceKind.HTML
    plain = read(write(tmp_path, "notes", b"We keep <b>notes</b> for you."))
    assert plain.kind is SourceKind.TEXT
    assert plain.text == "We keep <b>notes</b> for you."
    mail = b"Received: by a\nMIME-Version: 1.0\nSubject: New terms\n\nWe changed them."
    assert read(write(tmp_path, "mail", mail)).kind is SourceKind.MAIL
    assert read(write(tmp_path, "page.pdf", data)).kind is SourceKind.HTML


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("rules.md", b"# Our *rules*\n\nWe keep notes.", "Our rules"),
        ("rules.txt", b"We keep notes.", "rules"),
        ("a.html", b"<title>Our\n rules</title><p>We keep notes.", "Our rules"),
        ("a.html", b"<h1>Our rules</h1><p>We keep notes.", "Our rules"),
        ("a.html", b"<svg><title>Logo</title></svg><p>We keep notes.", "a"),
        ("a.eml", b"Subject: Re: Fwd: =?utf-8?q?Our_r=C3=BCles?=\n\nWe keep notes.", "Our rüles"),
    ],
)
def test_a_document_is_called_what_it_calls_itself(name: str, data: bytes, title: str) -> None:
    assert contents.read_content(data, f"/home/somebody/{name}").title == title


def test_a_title_is_never_a_path() -> None:
    assert tidy_title("C:\\Users\\somebody\\terms.docx") == "terms"
    assert tidy_title("file:///home/somebody/privacy.html") == "privacy"
    assert tidy_title("Microsoft Word - Terms 2026.docx") == "Terms 2026"
    assert tidy_title("untitled") == tidy_title(None) == ""
    assert tidy_title("Terms and/or privacy") == "Terms and/or privacy"


def test_the_child_can_read_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, "notes.txt", b"We keep notes.")
    program = (
        "import os, socket, sys\n"
        "from guardian.clauses.sources.reader import read_confined\n"
        "print(read_confined(os.fsencode(sys.argv[1])).words)\n"
        "for act in (socket.socket, lambda: open(sys.argv[1], 'a'), os.fork):\n"
        "    try:\n"
        "        act()\n"
        "        print('allowed')\n"
        "    except OSError:\n"
        "        print('refused')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=False
    )
    confined = sys.platform == "linux" and os.uname().machine in CALLS
    assert not confined or ran.stdout.split() == ["3", "refused", "refused", "refused"]


def test_a_child_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = write(tmp_path, "long.html", b"<p>a</p>" * 1_000_000)
    began = time.monotonic()
    with pytest.raises(Problem) as caught:
        reader.open_document(path, seconds=0.3)
    assert caught.value.code == "document-too-hard"
    assert time.monotonic() - began < 5


def test_a_child_that_wants_too_much_memory_is_stopped(tmp_path: Path) -> None:
    path = write(tmp_path, "long.txt", b"word " * 4_900_000)
    with pytest.raises(Problem) as caught:
        run_limited(reader.read_confined, os.fsencode(path), Document, memory=64_000_000)
    assert caught.value.code == "document-too-hard"


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    path = write(tmp_path, "long.html", b"<p>a</p>" * 1_000_000)

    def stop() -> None:
        raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        reader.open_document(path, check=stop)
    assert time.monotonic() - began < 3
