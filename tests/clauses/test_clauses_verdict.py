"""Whom a sentence favours: near-twins point apart, the sure are said, the rest is left open."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.clauses.engine import verdict
from guardian.clauses.engine.signs import find_hits, find_signs, read_notions
from guardian.clauses.engine.verdict import judge
from guardian.clauses.model import Verdict
from guardian.core.errors import Problem
from guardian.core.paths import assets

ANSWERS = json.loads(Path(__file__).with_name("verdict-answers.json").read_text("utf-8"))

# in the reader’s favour, and against it; written for this test, none is a row of the training
TWINS = [
    (
        "You are told about each change to this agreement four weeks ahead.",
        "We may rewrite this agreement whenever we please, without telling anyone.",
    ),
    (
        "Your personal information will never be sold.",
        "Your personal information may be sold to other firms.",
    ),
    (
        "We do not rent or sell our customers' details.",
        "We rent and sell our customers' details.",
    ),
    (
        "We share nothing with third parties unless you allow it.",
        "We share your personal data with third parties whether you allow it or not.",
    ),
    (
        "We delete your data as soon as you ask for it.",
        "We keep your data for ever, even when you ask us to delete it.",
    ),
    (
        "You can close your account at any moment.",
        "We can close your account at any moment without giving a reason.",
    ),
    (
        "All rights in your photos stay with you.",
        "All rights in your photos pass to us.",
    ),
    (
        "We do not claim ownership of your posts.",
        "You grant us an irrevocable, perpetual licence to sell your posts in any media.",
    ),
    (
        "We disclose data to the police only when a court has ordered it.",
        "We may disclose your data to the police whenever we think it is appropriate.",
    ),
    (
        "We inform users when an authority asks for their data.",
        "We may give data to authorities without informing the users.",
    ),
    (
        "We honor Do Not Track signals.",
        "We do not honor Do Not Track signals.",
    ),
    (
        "No tracking cookies are used on our site.",
        "Our partners use tracking cookies and web beacons on our site.",
    ),
    (
        "You can opt out of interest-based advertising.",
        "We use your personal data to show you interest-based advertising from third parties.",
    ),
    (
        "We never use your information for advertising.",
        "We use your information for advertising.",
    ),
    (
        "You can unsubscribe from our marketing e-mails with one click.",
        "We send you marketing e-mails and share your address with advertisers.",
    ),
    (
        "Your messages are end-to-end encrypted, and we are not able to read them.",
        "Our employees may read your private messages.",
    ),
    (
        "Arbitration is optional, and you may go to court instead.",
        "Binding arbitration replaces your right to go to court.",
    ),
    (
        "We do not collect your location.",
        "We collect your precise location and share it.",
    ),
    (
        "IP addresses of visitors are not stored.",
        "IP addresses of visitors are stored without any time limit.",
    ),
    (
        "We keep your data only as long as it is needed.",
        "We keep your data for an unlimited time.",
    ),
    (
        "You can download all your data in a common format.",
        "All your data is lost when we close your account without notice.",
    ),
    (
        "Our providers must keep your data confidential and may not use it for themselves.",
        "Our partners may use your data for their own purposes.",
    ),
    (
        "Your information is used for no other purpose than to deliver your order.",
        "Your information may be used for any purpose we like.",
    ),
    (
        "We ask for your consent before we collect data about you.",
        "We collect data about you from third parties without your consent.",
    ),
    (
        "You may delete anything you have posted.",
        "Content that you have deleted may remain on our servers.",
    ),
    (
        "Nobody has to register to use this website.",
        "We also store data about people who never used this website.",
    ),
    (
        "Older versions of these terms are kept in an archive that anyone can read.",
        "These terms may be replaced at any time and you should check this page for changes.",
    ),
    (
        "We only set a temporary session cookie.",
        "Third-party advertisers set cookies to track you across websites.",
    ),
    (
        "We contest requests of governments that we think are unlawful.",
        "We hand over user data on any request of a government.",
    ),
    (
        "The licence you give us ends when you delete your content.",
        "The licence you give us continues after you delete your account.",
    ),
    (
        "We do not combine your data across services.",
        "We combine your data across all our services to build a profile of you.",
    ),
]
SURE = [
    ("This site uses pixels, web beacons and device fingerprinting to track you.", Verdict.BAD),
    ("This policy was last updated on 3 May 2024.", Verdict.NEUTRAL),
    ("You must be at least 16 years old to use this service.", Verdict.NEUTRAL),
    ("The service is provided “as is”, and you use it at your own risk.", Verdict.BAD),
    ("You have the right to access and delete your personal data.", Verdict.GOOD),
    ("You waive any moral rights in your content.", Verdict.BLOCKER),
]


def direction(said: verdict.Judged) -> Verdict:
    most = max(said.verdict, key=lambda one: said.verdict[one])
    return Verdict.BAD if most is Verdict.BLOCKER else most


def notions(text: str) -> set[str]:
    names = list(read_notions().notions)
    names += [f"not {name}" for name in names]
    return {names[number] for number in find_hits([text]).notions}


@pytest.mark.parametrize(("good", "bad"), TWINS)
def test_near_twins_point_apart(good: str, bad: str) -> None:
    assert [direction(said) for said in judge([good, bad])] == [Verdict.GOOD, Verdict.BAD]


@pytest.mark.parametrize(("text", "expected"), SURE)
def test_what_is_sure_is_said(text: str, expected: Verdict) -> None:
    (said,) = judge([text])
    assert not said.abstained
    assert max(said.verdict, key=lambda one: said.verdict[one]) is expected


@pytest.mark.parametrize(
    "text", ["", " ", "Hello!", "?", "qzx vvv wkk", "\u200b", "我们会通知您。"]
)
def test_what_means_nothing_is_left_open(text: str) -> None:
    (said,) = judge([text])
    assert said.abstained
    assert sum(said.verdict.values()) == pytest.approx(1, abs=1e-5)


def test_the_app_answers_as_the_training_did_to_the_last_bit() -> None:
    for text, said in zip(ANSWERS, judge(list(ANSWERS)), strict=True):
        told = {one.value: chance.hex() for one, chance in said.verdict.items()}
        told |= {case: chance.hex() for case, chance in said.cases.items()}
        assert told == ANSWERS[text]


def test_a_sentence_is_judged_alone_as_among_others() -> None:
    assert judge(list(ANSWERS)) == [judge([text])[0] for text in ANSWERS]
    assert judge([]) == []


def test_kinds_of_statement_are_named_by_how_likely_they_are() -> None:
    (said,) = judge(["We do not sell your personal data to anyone."])
    chances = list(said.cases.values())
    assert next(iter(said.cases)) == "This service does not sell your personal data"
    assert chances == sorted(chances, reverse=True)
    assert 0.5 < sum(chances) <= 1 + 1e-5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_gets_probabilities(texts: list[str]) -> None:
    for said in judge(texts):
        assert sum(said.verdict.values()) == pytest.approx(1, abs=1e-5)
        assert all(0 <= chance <= 1 for chance in (*said.verdict.values(), *said.cases.values()))


def test_a_long_line_is_judged_by_its_beginning() -> None:
    long = "We may share your data. " * 400
    assert judge([long]) == judge([long + "x" * 1_000_000])


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("We do not sell data.", "not sell", "sell"),
        ("We do not wait. We sell data.", "sell", "not sell"),
        ("We honor Do Not Track requests.", "respond", "not respond"),
        ("Not only do we delete data.", "delete", "not delete"),
        ("We don’t share it.", "not share", "share"),
    ],
)
def test_a_denial_reaches_to_the_end_of_its_clause(text: str, there: str, not_there: str) -> None:
    found = notions(text)
    assert there in found
    assert not_there not in found


def test_the_order_of_two_notions_counts() -> None:
    ways = [find_signs([text]) for text in ("sell then delete", "delete then sell")]
    first, second = (set(way.codes.tolist()) for way in ways)
    assert len(first & second) == 3  # both notions, and that they stand together
    assert len(first - second) == len(second - first) == 1


def test_every_phrase_can_be_found() -> None:
    known = read_notions()
    names = list(known.notions)
    pairs = [(name, phrase) for name in names for phrase in known.notions[name]]
    hits = find_hits([phrase for _, phrase in pairs])
    found = set(zip(hits.rows.tolist(), (hits.notions % len(names)).tolist(), strict=True))
    for row, (name, phrase) in enumerate(pairs):
        assert (row, names.index(name)) in found or name == known.denial, phrase


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"not weights at all"])
def test_a_broken_file_of_weights_is_reported(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "verdict.npz"
    broken.write_bytes(content)
    with pytest.raises(Problem) as caught:
        verdict.read_judge(broken)
    assert caught.value.code == "content-bad"


def test_weights_that_do_not_fit_together_are_reported(tmp_path: Path) -> None:
    with np.load(assets() / verdict.WEIGHTS) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["heads1"] = arrays["heads1"][:-1]
    broken = tmp_path / "verdict.npz"
    np.savez(broken, allow_pickle=False, **arrays)
    with pytest.raises(Problem):
        verdict.read_judge(broken)


def test_the_weights_stay_small() -> None:
    assert (assets() / verdict.WEIGHTS).stat().st_size < 1_800_000
