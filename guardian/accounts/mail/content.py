"""What Guardian ships about mails: words by language, the rules over them, and kinds of senders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from guardian.accounts.mail.tagging import Hits, Lexicon, fold, near
from guardian.accounts.model import EvidenceKind
from guardian.core.content import Record, decode, read_content
from guardian.core.paths import assets

FOLDER = "accounts/mail"


class Rule(Record, frozen=True):
    """When a line of text says ``kind``: every idea of ``all`` is in it, none of ``unless``.

    Each of ``all`` stands no more than ``most`` words from the one before. ``weight`` tells how
    far the rule goes alone: 3 is enough, with less the rest of the mail must agree. ``brand``
    wants the sender's own name in the text, ``digits`` a number such as a code, ``own`` the
    person's own address; ``words`` is how long the text may be.
    """

    name: str
    all: list[str]
    kind: EvidenceKind = EvidenceKind.MAIL_SIGN_UP
    unless: tuple[str, ...] = ()
    weight: int = 3
    most: int = 10
    brand: bool = False
    digits: bool = False
    own: bool = False
    words: int = 1000


class RuleFile(Record, frozen=True):
    """``rules.json``. ``sets`` are names for several ideas, for use in ``unless``."""

    sets: dict[str, list[str]]
    subject: list[Rule]
    weak: list[Rule]
    body: list[Rule]
    body_else: list[str]


class RuleBook:
    """Rules in their order, found by the ideas of a text."""

    def __init__(self, rules: Iterable[Rule], sets: Mapping[str, list[str]]) -> None:
        self._rules = tuple(rules)
        self._unless = [
            frozenset(idea for name in rule.unless for idea in sets.get(name, [name]))
            for rule in self._rules
        ]
        self._by_first: dict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(self._rules):
            self._by_first[rule.all[0]].append(number)

    def begins_in(self, hits: Hits) -> bool:
        """Whether any rule may fit; quick."""
        return not hits.keys().isdisjoint(self._by_first)

    def fitting(self, hits: Hits) -> Iterator[Rule]:
        """The rules whose ideas are there as they want them."""
        for number in sorted(one for idea in hits for one in self._by_first.get(idea, ())):
            rule = self._rules[number]
            if self._unless[number].isdisjoint(hits) and near(hits, rule.all, rule.most):
                yield rule


class Rules(NamedTuple):
    """All rules: for subjects, for weaker readings of them, and for bodies.

    ``body_else`` are the ideas by which a body speaks of something else than an account.
    """

    subject: RuleBook
    weak: RuleBook
    body: RuleBook
    body_else: frozenset[str]


class SenderFile(Record, frozen=True):
    """``senders.json``; see :class:`Senders`."""

    private: list[str]
    roles: list[str]
    titles: list[str]
    news: list[str]
    relays: list[str]
    aliases: dict[str, str]
    brands: dict[str, str]
    bait: list[str]
    sent: list[str]
    spam: list[str]
    promotions: list[str]


class Senders(msgspec.Struct, frozen=True):
    """Kinds of senders.

    ``private``: domains where people have their mailboxes. ``roles`` and ``news``: local parts of
    services, and of advertising. ``titles``: what stands beside a service's name («Team»).
    ``relays``: domains that write for many others. ``aliases``: a mail domain -> the service's
    own. ``brands``: a name that is often stolen -> the names its domains may have. ``bait``: what
    is put beside a stolen name. ``sent``, ``spam`` and ``promotions``: names of folders and labels.
    """

    private: frozenset[str]
    roles: frozenset[str]
    titles: frozenset[str]
    news: frozenset[str]
    relays: frozenset[str]
    aliases: dict[str, str]
    brands: dict[str, frozenset[str]]
    bait: frozenset[str]
    sent: frozenset[str]
    spam: frozenset[str]
    promotions: frozenset[str]


@cache
def load_words() -> dict[str, dict[str, list[str]]]:
    """Language -> idea -> fragments. Raises ``Problem("content-bad")``."""
    folder = assets() / FOLDER / "words"
    return {file.stem: decode(file, dict[str, list[str]]) for file in sorted(folder.glob("*.json"))}


@cache
def load_lexicon() -> Lexicon:
    """The words of all languages at once: a person gets mail in more than one."""
    return Lexicon(load_words().values())


@cache
def load_rules() -> Rules:
    """Raises ``Problem("content-bad")``."""
    file = read_content(f"{FOLDER}/rules.json", RuleFile)
    return Rules(
        subject=RuleBook(file.subject, file.sets),
        weak=RuleBook(file.weak, file.sets),
        body=RuleBook(file.body, file.sets),
        body_else=frozenset(file.body_else),
    )


@cache
def load_senders() -> Senders:
    file = read_content(f"{FOLDER}/senders.json", SenderFile)
    fields: dict[str, Any] = msgspec.structs.asdict(file)
    for name in ("private", "roles", "titles", "news", "relays", "bait"):
        fields[name] = frozenset(fields[name])
    for name in ("sent", "spam", "promotions"):
        fields[name] = frozenset(label(one) for one in fields[name])
    fields["brands"] = {name: frozenset(ways.split()) for name, ways in file.brands.items()}
    return Senders(**fields)


@lru_cache(maxsize=4096)
def label(name: str) -> str:
    """The name of a folder or label, as it is compared: letters and digits alone."""
    return "".join(filter(str.isalnum, fold(name)))


def any_label(names: Iterable[str], wanted: frozenset[str]) -> bool:
    return any(label(name) in wanted for name in names)
