"""How files become documents: encodings, web pages, and what is no document at all."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.counting import count_words
from guardian.clauses.model import Document, SourceKind
from guardian.clauses.sources import html, reader, text
from guardian.core.child import run_limited
from guardian.core.errors import Cancelled, Problem

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clauses"
ENGLISH = "We do not sell your personal information – ever. Café rules apply to naïve résumés.\n"
CHINESE = "隐私政策：我们会收集您的个人信息，并且不会在未经您同意的情况下出售给第三方。\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [(ENGLISH, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")]
    + [(CHINESE, name) for name in ("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk")],
)  # fmt: skip
def test_the_encoding_is_found(words: str, encoding: str) -> None:
    decoded, _, lost = text.decode((words * 5).encode(encoding))
    assert decoded == words * 5
    assert lost == 0


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


def test_a_saved_page_gives_its_article_and_tells_what_was_dropped() -> None:
    page = html.read((FIXTURES / "saved-page.html").read_bytes())
    assert page.title == "Privacy at Tide & Tally"
    assert "We don’t sell your personal information." in page.text
    assert "## Selling" in page.text
    assert "Sign in" in page.dropped
    assert "Sign in" not in page.text
    everything = page.text + page.dropped
    assert "to everyone" not in everything
    assert "tracker" not in everything


def test_a_page_without_an_article_is_read_whole() -> None:
    items = "".join(f"<li><a href='#'>Clause {n} is short</a></li>" for n in range(40))
    page = html.read(f"<html><body><nav>Menu</nav><ul>{items}</ul></body></html>".encode())
    assert all(f"- Clause {n} is short" in page.text for n in range(40))
    assert page.dropped == "Menu"


def test_blocks_become_lines_and_entities_become_characters() -> None:
    page = html.read(b"<p>One&nbsp;&amp;\n two<br>three</p><div>four<b>teen</b></div>")
    assert page.text == "One & two\nthree\nfourteen"


def test_a_page_may_name_its_encoding() -> None:
    body = f"<html><head><meta charset='gb2312'></head><body><p>{CHINESE}</p></body></html>"
    page = html.read(body.encode("gb18030"))
    assert CHINESE.strip() in page.text


HOSTILE = {
    "deep blocks": "<div>" * 100_000 + "We do not sell your data." + "</div>" * 100_000,
    "deep inline": "<b>" * 100_000 + "We do not sell your data.",
    "deep tables": "<table><tr><td>" * 30_000 + "We do not sell your data.",
    "entities": '<!DOCTYPE h [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<html><body><p>&b;&b;&b; We do not sell your data.</p></body></html>",
    "attributes": "<p " + "a=1 " * 100_000 + ">We do not sell your data.</p>",
    "unclosed comments": "<p>We do not sell your data.</p>" + "<!--" * 50_000,
    "unclosed tags": "<p>We do not sell your data.</p>" + "<a " * 100_000,
    "frames": "<iframe src='file:///etc/passwd'></iframe><object data='http://x.example'></object>"
    "<p>We do not sell your data.</p>",
    "picture inside": f"<img src='data:image/png;base64,{'A' * 3_000_000}'>We do not sell your data.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_without_harm(name: str) -> None:
    began = time.process_time()
    page = html.read(HOSTILE[name].encode())
    assert time.process_time() - began < 5
    assert "We do not sell your data." in page.text
    assert len(page.text) < 2_000_000
    assert "root:" not in page.text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<li>", "<script>", "</script>", "&", "word ", "<", ">", "<!--",
    "-->", "<td>", "\n", "é", "<title>", "</b>", "<b>", "<h2>", "&#0;", "&#xd800;", "\x00"]), max_size=30))  # fmt: skip
def test_any_markup_gives_a_page_or_says_that_it_has_no_words(pieces: list[str]) -> None:
    try:
        page = html.read("".join(pieces).encode())
    except (html.NoWordsError, text.NotTextError):
        return
    assert count_words(page.text + " " + page.dropped)
    page.text.encode()


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "document-empty"),
        ("blank.txt", b" \n\t \n", "document-empty"),
        ("signs.txt", b"... !!! ***", "document-empty"),
        ("empty.html", b"<html><head><title></title></head><body></body></html>", "document-empty"),
        ("program.txt", b"\x7fELF" + bytes(500), "document-not-text"),
        ("scan.pdf", b"%PDF-1.7 words words", "document-not-text"),
        ("letters.docx", b"PK\x03\x04" + bytes(100), "document-not-text"),
        ("huge.txt", b"We keep it. " * 1_700_000, "document-too-big"),
        ("larger.txt", b"a" * 25_000_001, "document-too-big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_bad_file_has_its_own_clear_problem(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    with pytest.raises(Problem) as caught:
        reader.open_document(write(tmp_path, name, data))
    assert caught.value.code == code
    assert caught.value.facts["name"] == name


def test_a_missing_file_a_folder_and_a_refusal_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem) as missing:
        reader.open_document(tmp_path / "none.txt")
    with pytest.raises(Problem) as folder:
        reader.open_document(tmp_path)
    path = write(tmp_path, "closed.txt", b"words")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(Problem) as refused:
        reader.read_document(os.fsencode(path))
    codes = [caught.value.code for caught in (missing, folder, refused)]
    assert codes == ["file-missing", "file-is-folder", "no-permission"]


def test_a_name_that_is_no_sound_text_does_no_harm(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"We keep notes.")
    assert reader.open_document(path).title == "caf?"


def test_content_decides_where_the_name_says_nothing(tmp_path: Path) -> None:
    data = (FIXTURES / "saved-page.html").read_bytes()
    assert reader.open_document(write(tmp_path, "page", data)).kind is SourceKind.HTML
    plain = reader.open_document(write(tmp_path, "notes", b"We keep <b>notes</b> for you."))
    assert plain.kind is SourceKind.TEXT
    assert plain.text == "We keep <b>notes</b> for you."


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
        run_limited(reader.read_document, os.fsencode(path), Document, memory=64_000_000)
    assert caught.value.code == "document-too-hard"


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    path = write(tmp_path, "long.html", b"<p>a</p>" * 1_000_000)

    def stop() -> None:
        raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        reader.open_document(path, check=stop)
    assert time.monotonic() - began < 3
