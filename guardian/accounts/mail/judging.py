"""What kind of mail it is: by its subject first, and where that leaves doubt by its first words.

The rules and the words are content; see ``content``. A rule that is not enough alone counts
points: who writes, whether the sender's own name is there, whether it is sent to many. Whether it
is the first mail of that sender is known only in the end; so such a mail may stay undecided.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from guardian.accounts.mail.content import Rule, load_lexicon, load_rules
from guardian.accounts.mail.heads import Head
from guardian.accounts.mail.senders import Origin, Voice, is_believable
from guardian.accounts.mail.tagging import fold, split
from guardian.accounts.model import EvidenceKind

DIGITS = re.compile(
    r"(?<![\w.,#/-])(?:[A-Z]-)?(?:\d{4,8}|\d{3}[ -]\d{3}|[A-Z0-9]{3}-[A-Z0-9]{3}"
    r"|(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{5,8})(?![\w/])"
)
MONEY = re.compile("[$€£¥₹]|\\b(?:EUR|USD|CHF|BRL)\\b")
NUMBER = re.compile(r"\d{3,}")
ENOUGH = 3
LONGEST = 300  # characters of a subject
LONGEST_NAME = 8  # words that one name may be split into
STRONG = frozenset({EvidenceKind.MAIL_SIGN_UP, EvidenceKind.MAIL_SIGN_IN, EvidenceKind.MAIL_CLOSED})


class Verdict(NamedTuple):
    """What a mail is. ``points`` short of :data:`ENOUGH`: only if it is the first of its sender,
    else it is ``otherwise`` (None: nothing)."""

    kind: EvidenceKind
    points: int
    otherwise: EvidenceKind | None


def judge(head: Head, origin: Origin, body: Callable[[], str]) -> Verdict | None:
    """What a mail says about an account; None where it says nothing.

    ``body`` gives the first words of the mail, and is asked only in doubt.
    """
    rest = EvidenceKind.MAIL_NEWS if head.bulk or origin.voice is Voice.NEWS else None
    if head.replies or origin.voice is Voice.PERSON:
        return None
    subject = head.subject[:LONGEST]
    own = "@" in subject and any(one in subject.lower() for one in head.to)
    strong, weak, named = judge_subject(NUMBER.sub(same_digits, subject), origin.names, own)
    doubtful = head.listed or ((strong or weak) and is_believable(head, origin.site) is False)
    if doubtful or not (strong or weak):
        return Verdict(rest, ENOUGH, None) if rest else None
    otherwise = weak or rest
    if strong is None or strong.kind not in STRONG:
        kind = strong.kind if strong else otherwise
        return Verdict(kind, ENOUGH, None) if kind else None
    points = count_points(strong, head, origin, named, body)
    if points >= ENOUGH - 1:
        return Verdict(strong.kind, points, otherwise)
    return Verdict(otherwise, ENOUGH, None) if otherwise else None


def count_points(
    rule: Rule, head: Head, origin: Origin, named: bool, body: Callable[[], str]
) -> int:
    """How sure it is; :data:`ENOUGH` is sure, one less is sure for a sender's first mail."""
    if rule.weight >= ENOUGH and rule.kind is not EvidenceKind.MAIL_SIGN_UP:
        return rule.weight
    says = judge_body(body())
    if rule.weight >= ENOUGH and origin.voice is not Voice.NEWS:
        return 0 if says is False else rule.weight
    if says is not None:
        return ENOUGH if says and (rule.weight or not head.bulk) else 0
    if not rule.weight:
        return 0
    serves = origin.voice is Voice.SERVICE
    return min(rule.weight, ENOUGH - 1) + serves + named - head.bulk - (origin.voice is Voice.NEWS)


def same_digits(number: re.Match[str]) -> str:
    """Numbers differ from mail to mail and mean nothing: with one for all, few are judged anew."""
    return "1" * len(number[0])


@lru_cache(maxsize=8192)
def judge_subject(
    subject: str, names: frozenset[str], own: bool
) -> tuple[Rule | None, EvidenceKind | None, bool]:
    """The first rule that fits, what a weaker reading would be, and whether a name is in it.

    ``own`` is whether the person's address is in it.
    """
    words = split(fold(MONEY.sub(" money ", subject.replace("%", " percent "))))
    lexicon = load_lexicon()
    outline = lexicon.outline(words)
    if not speaks(outline):
        return None, None, False
    bare = without_names(words, names)
    if bare is not None:  # a shop called «Booking» does not speak of bookings
        outline = lexicon.outline(bare)
    named, digits = bare is not None, DIGITS.search(subject) is not None
    strong, weak = find_rules(outline, Around(len(words), named, own, digits))
    return strong, weak, named


@lru_cache(maxsize=4096)
def speaks(outline: tuple[str, ...]) -> bool:
    """Whether any rule may fit."""
    hits, rules = load_lexicon().tag_words(outline), load_rules()
    return rules.subject.begins_in(hits) or rules.weak.begins_in(hits)


class Around(NamedTuple):
    """What a rule may want beside ideas: how many words, a name of the sender's, the person's
    own address, a number such as a code."""

    words: int
    named: bool
    own: bool
    digits: bool


@lru_cache(maxsize=4096)
def find_rules(outline: tuple[str, ...], around: Around) -> tuple[Rule | None, EvidenceKind | None]:
    """The first rule that fits, and what a weaker reading would be."""

    def holds(rule: Rule) -> bool:
        return (
            (around.named or not rule.brand)
            and (around.own or not rule.own)
            and around.words <= rule.words
            and (around.digits or not rule.digits)
        )

    hits, rules = load_lexicon().tag_words(outline), load_rules()
    strong = next(filter(holds, rules.subject.fitting(hits)), None)
    weak = next(filter(holds, rules.weak.fitting(hits)), None)
    return strong, weak.kind if weak else None


def without_names(words: list[str], names: frozenset[str]) -> list[str] | None:
    """``words`` with a stroke for each of the sender's names; None where there is none."""
    whole = "".join(words)
    if not any(name in whole for name in names):
        return None
    found = False
    bare = list(words)
    for start in range(len(words)):
        joined = ""
        for end in range(start, min(start + LONGEST_NAME, len(words))):
            joined += words[end]
            if joined in names:
                bare[start : end + 1] = ["x"] * (end + 1 - start)
                found = True
    return bare if found else None


def judge_body(text: str) -> bool | None:
    """Whether a body speaks of an account, or of something else; None where it does neither."""
    if not text.strip():
        return None
    rules = load_rules()
    hits = load_lexicon().tag(fold(text))
    if next(rules.body.fitting(hits), None):
        return True
    return False if any(idea in hits for idea in rules.body_else) else None
