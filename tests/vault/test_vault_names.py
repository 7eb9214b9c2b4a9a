"""Names: every length and script comes back, bound to its folder, in one spelling only."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.names import (
    NameCipher,
    NameUnreadableError,
    is_possible_name,
    shorten,
)

NAMES = NameCipher(MasterKey(b"\x55" * 32, b"\x77" * 32))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MANY = settings(deadline=None)


@pytest.mark.parametrize("letter", ["a", "é", "я", "漢", "🙂"])
def test_every_length_comes_back(letter: str) -> None:
    for count in range(1, 255 // len(letter.encode()) + 1):
        name = letter * count
        encrypted = NAMES.encrypt(name, "folder-id")
        size = len(name.encode())
        assert len(encrypted) == 4 * -(-(16 + size) // 3) + 4
        assert (len(encrypted) > 220) == (size > 146)
        assert NAMES.decrypt(encrypted, "folder-id") == name
        assert len(shorten(encrypted)) == 32


def test_the_root_folder_has_an_empty_id_and_works() -> None:
    assert NAMES.decrypt(NAMES.encrypt("a", ""), "") == "a"


def test_decomposed_names_are_composed() -> None:
    assert NAMES.encrypt("re\u0301sume\u0301", "") == NAMES.encrypt("r\u00e9sum\u00e9", "")


def test_a_name_reads_only_in_its_own_folder() -> None:
    with pytest.raises(NameUnreadableError):
        NAMES.decrypt(NAMES.encrypt("a.txt", "one"), "two")


def test_no_second_spelling_is_accepted() -> None:
    """Else one document could be listed twice, and the copy be altered."""
    for name in ("a", "ab", "abc", "report.pdf"):
        encrypted = NAMES.encrypt(name, "")
        body = encrypted.removesuffix(".c9r").rstrip("=")
        for letter in ALPHABET:
            other = body[:-1] + letter + encrypted[len(body) :]
            if other != encrypted:
                with pytest.raises(NameUnreadableError):
                    NAMES.decrypt(other, "")


def test_every_flipped_bit_is_refused() -> None:
    encrypted = NAMES.encrypt("contract.pdf", "").encode()
    for place in range(len(encrypted)):
        for bit in range(7):
            broken = bytearray(encrypted)
            broken[place] ^= 1 << bit
            with pytest.raises(NameUnreadableError):
                NAMES.decrypt(broken.decode("ascii"), "")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "nul\0", "\udcff"])
def test_impossible_names(name: str) -> None:
    assert not is_possible_name(name)


@pytest.mark.parametrize("name", ["..", "a/b", "../../etc/passwd", "x\0"])
def test_a_name_that_would_climb_out_is_unreadable_even_when_authentic(name: str) -> None:
    with pytest.raises(NameUnreadableError):
        NAMES.decrypt(NAMES.encrypt_as_typed(name, ""), "")


@MANY
@given(st.text(min_size=1, max_size=80).filter(is_possible_name))
def test_any_text_comes_back_composed(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    if is_possible_name(composed):
        assert NAMES.decrypt(NAMES.encrypt(name, "x"), "x") == composed


@MANY
@given(st.text(max_size=80))
def test_anything_else_is_unreadable_never_a_crash(text: str) -> None:
    for encrypted in (text, text + ".c9r"):
        with pytest.raises(NameUnreadableError):
            NAMES.decrypt(encrypted, "")
