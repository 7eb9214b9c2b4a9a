"""Names for other people's eyes: something of each is left, and never the whole."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guardian.core.masking import DOTS, mask

NAMES = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=40)
HOSTS = st.from_regex(r"[a-z]{1,20}(\.[a-z]{1,20}){0,3}\.(test|example)", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("anna", "a•••"),
        ("  anna ", "a•••"),
        ("anna.rivera@example.test", "a•••@e•••.test"),
        ("anna@mail.example.co.test", "a•••@m•••.test"),
        ("anna@localhost", "a•••@•••"),
        ("a@b.test", "•••@•••.test"),
        ("anna@house.Anna Rivera", "a•••@•••"),
        ("anna@house.annamariariverafromsometown", "a•••@•••"),
        ("http://anna:word@example.test/anna-rivera", "h•••@•••"),
        ("a", "•••"),
        (" ", "•••"),
        ("@anna", "@•••"),
        ("anna@", "a•••"),
        ("安娜", "安•••"),
        ("\u202eanna", "•••"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_name(text: str, covered: str) -> None:
    assert mask(text) == covered


@given(st.text(max_size=60))
@example(DOTS)
@example("a•••")
@example("a•••@e•••.test")
@example("@")
def test_a_name_is_never_shown_whole_and_never_nothing(text: str) -> None:
    covered = mask(text)
    assert bool(covered) == bool(text)
    assert not text or covered != text


@given(NAMES)
def test_of_a_name_only_the_first_letter_is_left(name: str) -> None:
    assert name not in mask(name)
    assert mask(name) in (f"{name[0]}{DOTS}", DOTS)


@given(NAMES, HOSTS)
def test_of_an_address_neither_the_name_nor_the_place_is_left(name: str, host: str) -> None:
    covered = mask(f"{name}@{host}")
    site, _, ending = host.rpartition(".")
    assert covered.endswith(f".{ending}")
    before, _, after = covered.removesuffix(f".{ending}").partition("@")
    assert name not in before
    assert site not in after


@given(NAMES, NAMES)
def test_how_long_a_name_is_does_not_show(one: str, other: str) -> None:
    if len(one) > 1 and len(other) > 1:
        assert len(mask(one)) == len(mask(other))
