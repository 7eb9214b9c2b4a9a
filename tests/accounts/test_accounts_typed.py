"""What a person types is read for what they mean, and nothing of it is repeated that is private."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.model import NotRead, Place, Source, SourceKind
from guardian.accounts.rules.addresses import locate, to_ascii
from guardian.accounts.rules.typed import LONGEST_NOTE, name_site, read_note, read_site
from guardian.core.errors import Problem

SITES = {
    "example.org": (Place.WEB, "example.org"),
    " Example.ORG ": (Place.WEB, "example.org"),
    "www.example.org": (Place.WEB, "example.org"),
    "example.org.": (Place.WEB, "example.org"),
    "example.org:8443/login": (Place.WEB, "example.org"),
    "https://user:secret@shop.example.org/x?y=z": (Place.WEB, "example.org"),
    "bücher.example": (Place.WEB, "xn--bcher-kva.example"),
    "android://x@com.example.App/": (Place.APP, "com.example.App"),
    "": None,
    "  ": None,
    "ex\nample.org": None,
    "ex ample.org": None,
    "a\u202eb.org": None,
    "\udcff.org": None,
    "anna@example.org": None,
    "mailto:anna@example.org": None,
    "javascript:alert(1)": None,
    "file:///etc/passwd": None,
    "--help": None,
    "localhost": None,
    "192.168.1.1": None,
    "[::1]": None,
    "x" * 1_000_000: None,
}


@pytest.mark.parametrize("text", SITES, ids=lambda text: text[:20])
def test_a_site_is_read_as_a_person_may_write_it(text: str) -> None:
    assert read_site(text) == SITES[text]


@given(st.text())
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    read = read_site(text)
    assert read is None or read[0] in Place
    assert len(name_site(text)) <= 81


def test_a_message_repeats_neither_password_nor_path_nor_a_whole_book() -> None:
    assert name_site("https://user:se/cret@shop.example/in?token=1") == "https://shop.example"
    assert name_site("nothing-like-this") == "nothing-like-this"
    assert len(name_site("x" * 1_000_000)) < 100


def test_letters_that_old_rules_turned_into_others_stay_what_they_are() -> None:
    assert locate("https://faß.de") == (Place.WEB, "xn--fa-hia.de")
    assert locate("https://fass.de") == (Place.WEB, "fass.de")
    assert locate("https://βόλος.com") == (Place.WEB, "xn--nxasmm1c.com")
    assert to_ascii("ß" * 80) == to_ascii("ö" * 80) == ""


def test_a_note_keeps_its_lines_and_loses_what_only_steers_a_screen() -> None:
    assert read_note(" called\r\nthem\x1b[31m\u202e\ttwice\udcff ") == "called\nthem[31m twice"
    assert len(read_note("x" * LONGEST_NOTE)) == LONGEST_NOTE
    for text, code in (("", "note-empty"), (" \n\x00", "note-empty"), ("x" * 10_001, "note-long")):
        with pytest.raises(Problem) as problem:
            read_note(text)
        assert problem.value.code == code


def test_the_key_of_a_source_can_be_kept_and_typed_whatever_its_file_is_called() -> None:
    source = Source("export:x:a\nb\udcff\x1b.csv", "a\udcff.csv", "", SourceKind.EXPORT, Path("x"))
    assert source.key == "export:x:a\\u000ab\\xff\\u001b.csv"
    assert source.name == "a\\xff.csv"
    facts = NotRead(source, "x", {"name": "\udcff", "count": 1}).facts
    assert facts == {"name": "\\xff", "count": 1}
