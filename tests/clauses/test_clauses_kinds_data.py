"""What counts as each kind of clause about collecting, using, sharing and keeping data."""

from __future__ import annotations

import json
import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from guardian.clauses.content import Catalogue, ClauseKind, read_catalogue
from guardian.clauses.model import Direction, Passage
from guardian.clauses.rules.folding import fold
from guardian.clauses.rules.patterns import TERM, expand
from guardian.clauses.rules.recognising import Recognisers
from guardian.core.feature import Level

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "assets" / "words"
GROUPS = ("collection", "use", "sharing", "retention")
LAWS = {"gdpr", "ccpa", "pipl", "civil", "app-rules"}
INFRINGEMENTS = {
    "excessive-collection",
    "bundled-consent",
    "no-withdrawal",
    "resale",
    "profiling",
    "no-deletion",
    "transfer-abroad",
    "consent-exceptions",
}
EXAMPLES: dict[str, dict[str, dict[str, list[str]]]] = {}
for group in GROUPS:
    path = ROOT / "tests" / "fixtures" / "clauses" / "kinds" / f"{group}.json"
    EXAMPLES |= json.loads(path.read_text("utf-8"))


@cache
def catalogue() -> Catalogue:
    return read_catalogue()


@cache
def recognisers(language: str) -> Recognisers:
    return Recognisers(catalogue(), language)


@cache
def kinds() -> tuple[ClauseKind, ...]:
    return tuple(kind for kind in catalogue().kinds if catalogue().groups[kind.id] in GROUPS)


def found(text: str, language: str) -> set[str]:
    passage = Passage(text, 0, len(text))
    return {clause.id for clause in recognisers(language).find(text, passage)}


@cache
def words(language: str) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for file in sorted((WORDS / language).glob("clauses*.json")):
        texts |= json.loads(file.read_text("utf-8"))
    return texts


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_kind_is_seen_where_it_stands_and_not_in_what_looks_like_it(
    kind: str, language: str
) -> None:
    examples = EXAMPLES[kind][language]
    assert len(examples["seen"]) >= 2
    assert len(examples["not_seen"]) >= 2
    missed = [text for text in examples["seen"] if kind not in found(text, language)]
    mistaken = [text for text in examples["not_seen"] if kind in found(text, language)]
    assert not missed
    assert not mistaken


def test_every_kind_has_examples() -> None:
    assert set(EXAMPLES) == {kind.id for kind in kinds()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_kinds_and_their_actions_have_words(language: str) -> None:
    codes = {f"clauses.{part}.{kind.id}" for kind in kinds() for part in ("kind", "why", "short")}
    codes |= {f"clauses.action.{action}" for kind in kinds() for action in kind.actions}
    assert codes <= set(words(language))


def test_both_languages_speak_of_the_same_things() -> None:
    for part in ("kinds-data", "actions"):
        english, chinese = (
            json.loads((WORDS / language / f"clauses-{part}.json").read_text("utf-8"))
            for language in ("en", "zh")
        )
        assert set(english) == set(chinese)


def test_short_names_are_short() -> None:
    for kind in kinds():
        assert len(str(words("en")[f"clauses.short.{kind.id}"]).split()) <= 4
        assert len(str(words("zh")[f"clauses.short.{kind.id}"])) <= 10


@pytest.mark.parametrize("language", ["en", "zh"])
def test_patterns_hold_and_their_cues_can_be_found(language: str) -> None:
    terms = catalogue().languages[language].vocabulary
    for kind in kinds():
        assert kind.recognisers[language], kind.id
        for one in kind.recognisers[language]:
            assert 0.8 <= one.confidence < 1, kind.id
            for cue in one.cues:
                assert cue == fold(cue).lower(), kind.id
            for pattern in (*one.all, *one.none):
                written = expand(pattern, terms)
                assert not TERM.search(written), kind.id
                re.compile(written)


def test_no_pattern_repeats_without_a_bound_over_whole_sentences() -> None:
    endless = re.compile(r"(?:\.|\[\^[^\]]*\])[*+]")
    for kind in kinds():
        for recogniser in (one for each in kind.recognisers.values() for one in each):
            assert not any(endless.search(pattern) for pattern in recogniser.all), kind.id
            assert not any(endless.search(pattern) for pattern in recogniser.none), kind.id


def test_kinds_are_sound() -> None:
    by_id = {kind.id: kind for kind in catalogue().kinds}
    for kind in kinds():
        assert all(kind.id in by_id[twin].twins for twin in kind.twins), kind.id
        assert {pointer.law for pointer in kind.pointers} <= LAWS
        assert set(kind.infringements) <= INFRINGEMENTS
        assert kind.pointers, kind.id
        if kind.severity == 4:
            assert kind.level is Level.ACT
        elif kind.severity >= 2:
            assert kind.level is Level.ASK
        elif kind.severity == 0:
            assert (kind.level, kind.direction) == (Level.FINE, Direction.GOOD)


def test_all_of_the_first_31_entries_are_there() -> None:
    assert set(range(1, 32)) <= {kind.number for kind in kinds()}


def test_a_case_means_one_kind_only() -> None:
    cases = [case for kind in kinds() for case in kind.cases]
    assert len(cases) == len(set(cases))


def test_headings_and_definitions_are_no_clauses() -> None:
    for text in (
        "Sale of personal data",
        "Cookies",
        "Data retention",
        "Sharing with third parties",
    ):
        assert not found(text, "en")
    for text in ("信息的共享", "个人信息的存储", "去标识化是指无法识别个人的过程。"):
        assert not found(text, "zh")


@pytest.mark.parametrize(
    ("unit", "language"),
    [
        ("we may share data with partners ", "en"),
        ("we do not collect location ", "en"),
        ("我们会向第三方提供信息，", "zh"),
    ],
)
def test_one_endless_line_takes_time_in_proportion(unit: str, language: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        began = time.process_time()
        found(text, language)
        return time.process_time() - began

    found(unit, language)
    short, long = seconds(2_000), seconds(16_000)
    assert long < 40 * short + 0.1
