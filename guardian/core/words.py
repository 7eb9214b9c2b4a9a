"""Sentences by code: the domain speaks codes and facts, this room turns them into words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

import msgspec

from guardian.core.paths import assets

Fact = str | int | float | date | timedelta
FALLBACK = "en"


@dataclass(frozen=True)
class Message:
    """A sentence not yet in any language: its code and the facts for its gaps."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def message(code: str, **facts: Fact) -> Message:
    """Name a sentence; ``facts`` must match its placeholders."""
    return Message(code, facts)


class Words:
    """The sentences of one language, with English where one is missing."""

    def __init__(self, language: str = FALLBACK) -> None:
        self.language = language
        self._texts: dict[str, str | dict[str, str]] = {
            **load_texts(FALLBACK),
            **load_texts(language),
        }

    def __contains__(self, code: str) -> bool:
        return code in self._texts

    def say(self, code: str, **facts: Fact) -> str:
        """The sentence for ``code``. An unknown code is shown as itself, never raised.

        A sentence with the forms ``one`` and ``other`` is chosen by the fact ``count``.
        """
        text = self._texts.get(code, code)
        if isinstance(text, dict):
            text = text["one" if facts.get("count") == 1 else "other"]
        if not facts:
            return text
        try:
            return text.format(**{name: self.show(fact) for name, fact in facts.items()})
        except (KeyError, IndexError):
            return text

    def tell(self, sentence: Message) -> str:
        """The words of a :class:`Message`."""
        return self.say(sentence.code, **sentence.facts)

    def show(self, fact: Fact) -> str:
        """One fact as a person writes it: dates, spans of time and large numbers spelled out."""
        if isinstance(fact, timedelta):
            return self.span(fact)
        if isinstance(fact, datetime):  # the day it was where the person is
            return self.day((fact.astimezone() if fact.tzinfo else fact).date())
        if isinstance(fact, date):
            return self.day(fact)
        if isinstance(fact, float):
            return f"{fact:,.1f}"
        return f"{fact:,}" if isinstance(fact, int) else fact

    def day(self, when: date) -> str:
        """A date such as «3 March 2026»."""
        month = self.say(f"month.{when.month}")
        return self.say("date").format(day=when.day, month=month, year=when.year)

    def span(self, length: timedelta) -> str:
        """A length of time, rounded down so that «at least» stays true.

        Days below two months, months below two years, years from there on.
        """
        days = max(length.days, 0)
        if days < 61:
            return self.say("span.days", count=days)
        months = int(days / 30.4375)
        if months < 24:
            return self.say("span.months", count=months)
        return self.say("span.years", count=int(days / 365.25))

    def size(self, count: int) -> str:
        """A number of bytes such as «3.2 MB» (1 MB = 10^6 bytes)."""
        if count < 1000:
            return self.say("size.bytes", count=count)
        power = min(int(math.log10(count * 1.00005)) // 3, 4)
        return f"{count / 1000**power:.1f} {('kB', 'MB', 'GB', 'TB')[power - 1]}"


@cache
def load_texts(language: str) -> dict[str, str | dict[str, str]]:
    """All texts of one language, from every file of its folder; empty for an unknown one."""
    folder = assets() / "words" / language
    texts: dict[str, str | dict[str, str]] = {}
    for file in sorted(folder.glob("*.json")):
        texts.update(msgspec.json.decode(file.read_bytes()))
    return texts
