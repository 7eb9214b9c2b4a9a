"""Where a person stands with their vaults: what is said, how loudly, and what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.vault.model import Condition, VaultInfo, VaultState
from guardian.vault.standing import steps, summarize

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STICK = Path("/media/stick/Family backup")


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


# a vault of which everything was seen to
CARED = VaultInfo(
    path=Path("/home/ada/Family"),
    added=ago(400),
    last_opened=ago(3),
    state=VaultState.FOUND,
    checked=ago(0),
    condition=Condition.AS_WRITTEN,
    last_check=ago(3),
    last_full_check=ago(30),
    last_backup=ago(20),
    backup_place=STICK,
    recovery=True,
)
MISSING, BROKEN = VaultState.MISSING, VaultState.NOT_A_VAULT
DAMAGED = Condition.DAMAGED


@pytest.mark.parametrize(
    ("change", "level", "code", "titles"),
    [
        ({}, Level.FINE, "cared", []),
        ({"state": None}, None, "not-looked", []),
        ({"state": MISSING}, Level.ASK, "lost", ["find"]),
        ({"state": BROKEN}, Level.ASK, "lost", ["repair"]),
        ({"condition": DAMAGED}, Level.ACT, "damaged", ["damage"]),
        ({"condition": Condition.CHANGED}, Level.FINE, "cared", []),
        ({"condition": DAMAGED, "state": MISSING}, Level.ASK, "lost", ["find"]),
        ({"condition": DAMAGED, "last_backup": None}, Level.ACT, "damaged", ["damage"]),
        ({"condition": DAMAGED, "last_full_check": None}, Level.ACT, "damaged", ["damage"]),
        ({"expiries": (after(60),)}, Level.ASK, "ending", ["ending"]),
        ({"expiries": (after(61),)}, Level.FINE, "cared", []),
        ({"expiries": (after(0),)}, Level.ASK, "ending", ["ending"]),
        ({"expiries": (after(-1),)}, Level.ASK, "ending", ["ending"]),
        ({"expiries": (after(-365),)}, Level.ASK, "ending", ["ending"]),
        ({"expiries": (after(-366), after(900))}, Level.FINE, "cared", []),
        ({"expiries": (after(9),), "state": MISSING}, Level.ASK, "lost", ["find"]),
        ({"recovery": False}, Level.FINE, "cared", ["recovery"]),
        ({"recovery": None}, Level.FINE, "cared", []),
        ({"last_backup": None}, Level.FINE, "checked", ["backup"]),
        ({"last_backup": ago(90)}, Level.FINE, "cared", []),
        ({"last_backup": ago(91)}, Level.FINE, "cared", ["backup-again"]),
        ({"last_full_check": ago(180)}, Level.FINE, "cared", []),
        ({"last_full_check": ago(181)}, Level.FINE, "cared", ["check"]),
        ({"last_full_check": None, "added": ago(180)}, Level.FINE, "cared", []),
        ({"last_full_check": None, "added": ago(181)}, Level.FINE, "cared", ["check"]),
        ({"last_check": None}, Level.FINE, "backed-up", []),
        ({"last_check": None, "last_backup": None}, Level.FINE, "found", ["backup"]),
    ],
)
def test_one_vault(
    change: dict[str, Any], level: Level | None, code: str, titles: list[str]
) -> None:
    known = (replace(CARED, **change),)
    summary = summarize(known, TODAY)
    assert (summary.level, summary.text.code) == (level, f"vault.summary.{code}")
    assert [step.title.code for step in steps(known, TODAY)] == [f"vault.step.{t}" for t in titles]


def test_nothing_but_seen_damage_asks_to_act() -> None:
    neglected = replace(
        CARED,
        added=ago(4000),
        last_opened=ago(3000),
        last_check=None,
        condition=None,
        last_full_check=None,
        last_backup=None,
        recovery=False,
        expiries=(after(-1), after(1)),
    )
    assert summarize((neglected, replace(CARED, state=MISSING)), TODAY).level is Level.ASK


def test_the_most_useful_comes_first_whatever_the_vault() -> None:
    known = (
        replace(CARED, last_backup=None, last_full_check=ago(999), recovery=False),
        replace(CARED, path=Path("/home/ada/Work"), expiries=(after(3),), condition=DAMAGED),
        replace(CARED, path=Path("/home/ada/Old"), state=MISSING),
    )
    found = [(s.title.code.split(".")[-1], s.title.facts["name"]) for s in steps(known, TODAY)]
    assert found == [
        ("damage", "Work"),
        ("find", "Old"),
        ("ending", "Work"),
        ("recovery", "Family"),
        ("backup", "Family"),
        ("check", "Family"),
    ]


def test_nobody_knows_a_vault_yet() -> None:
    (step,) = steps((), TODAY)
    assert (step.title.code, step.command) == ("vault.step.create", "guardian vault create DIR")
    assert summarize((), TODAY).level is None


def test_the_words_for_one_document_and_for_several() -> None:
    words = Words()
    one = replace(CARED, expiries=(date(2027, 1, 3),))
    (step,) = steps((one,), TODAY)
    told = "A document in “Family” is valid until 3 January 2027. Open the vault to see which."
    assert words.tell(step.why) == told
    assert words.tell(step.title) == "Renew a document in the vault “Family”"
    (step,) = steps((replace(one, expiries=(after(-20), *one.expiries)),), TODAY)
    told = "2 documents in “Family” end soon or have ended, the first on 1 November 2026."
    assert words.tell(step.why).startswith(told)
    (step,) = steps((replace(one, expiries=(after(-20),)),), TODAY)
    assert "was valid until 1 November 2026" in words.tell(step.why)


def test_the_words_for_a_vault_that_is_well_kept() -> None:
    words = Words()
    text = words.tell(summarize((CARED,), TODAY).text)
    told = "Last backup: 1 November 2026. Last check: 18 November 2026."
    assert text == f"Your vault is where you left it. {told}"
    other = replace(CARED, last_backup=ago(50), last_check=ago(1))
    text = words.tell(summarize((CARED, other), TODAY).text)
    assert "Oldest backup: 2 October 2026. Oldest check: 18 November 2026." in text


def test_a_backup_is_named_where_it_can_help() -> None:
    words = Words()
    for change in ({"state": BROKEN}, {"condition": DAMAGED}):
        (step,) = steps((replace(CARED, **change),), TODAY)
        told = "Your backup of 1 November 2026 in “Family backup” is a vault too"
        assert told in words.tell(step.why)


def test_the_commands_name_the_vault_as_a_shell_takes_it() -> None:
    info = replace(CARED, path=Path("/home/ada/My vault"), last_backup=None)
    (step,) = steps((info,), TODAY)
    assert step.command == "guardian vault backup '/home/ada/My vault' PLACE"
