"""The texts of our letters, and the small syntax they are written in.

The first line of a text is its subject. A line may begin with conditions in square brackets
(«[asked, not refused]») and is left out where one of them fails. The lines of a paragraph are
joined; one that ends with a backslash keeps its end. «{name}» is a gap for a fact, «{gdpr-17-1}»
for the name of an article. What fills a gap is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from guardian.accounts.model import Language, Law
from guardian.accounts.rights.laws import Step
from guardian.core.content import Record, read_content
from guardian.core.paths import assets

GAP = re.compile(r"\{([a-z][a-z0-9-]*)\}")
LINE = re.compile(r"(?:\[([a-z, -]+)\] )?(.+)")


class Habits(Record, frozen=True):
    """What a language does in its own way."""

    date: str
    months: list[str]
    calendar_title: str


@dataclass(frozen=True)
class Line:
    """One line with what it needs: pairs of a condition and whether it must hold."""

    needs: tuple[tuple[str, bool], ...]
    text: str


@dataclass(frozen=True)
class Template:
    """A letter with gaps."""

    subject: str
    paragraphs: tuple[tuple[Line, ...], ...]

    @property
    def lines(self) -> Iterator[Line]:
        return (line for paragraph in self.paragraphs for line in paragraph)


@cache
def load_habits(language: Language) -> Habits:
    return read_content("accounts/rights/languages.json", dict[Language, Habits])[language]


@cache
def load_template(law: Law, step: Step, language: Language) -> Template:
    """The text of such a letter. Raises ``OSError`` for one that is not shipped."""
    place = assets() / "accounts/rights/letters" / language.value / law.value / f"{step.value}.txt"
    subject, *paragraphs = place.read_text("utf-8").strip().split("\n\n")
    return Template(subject, tuple(tuple(map(read_line, one.split("\n"))) for one in paragraphs))


def read_line(line: str) -> Line:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"a letter has an empty line too many: {line!r}")
    words = [word.strip() for word in (found[1] or "").split(",") if word.strip()]
    needs = tuple((word.removeprefix("not "), not word.startswith("not ")) for word in words)
    return Line(needs, found[2])


def choose(template: Template, truths: Collection[str]) -> Template:
    """What is left of ``template`` where exactly ``truths`` hold."""
    kept = (
        tuple(line for line in paragraph if all((a in truths) == b for a, b in line.needs))
        for paragraph in template.paragraphs
    )
    return Template(template.subject, tuple(paragraph for paragraph in kept if paragraph))


def find_gaps(template: Template) -> tuple[str, ...]:
    """The gaps of a letter in their order, each once."""
    texts = (template.subject, *(line.text for line in template.lines))
    return tuple(dict.fromkeys(gap for text in texts for gap in GAP.findall(text)))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """``text`` with every gap filled, each once. Raises ``KeyError`` for an unknown gap."""
    return GAP.sub(lambda gap: facts[gap[1]], text)


def render(template: Template, facts: Mapping[str, str]) -> str:
    """The text of the letter, its paragraphs with an empty line between."""
    return "\n\n".join(join(paragraph, facts) for paragraph in template.paragraphs) + "\n"


def join(paragraph: tuple[Line, ...], facts: Mapping[str, str]) -> str:
    parts = []
    for line in paragraph:
        keeps_end = line.text.endswith("\\")
        parts += [fill(line.text.removesuffix("\\"), facts), "\n" if keeps_end else " "]
    return "".join(parts).strip()


def write_date(day: date, language: Language) -> str:
    """«14 August 2026», «14. August 2026»."""
    habits = load_habits(language)
    month = habits.months[day.month - 1]
    return habits.date.format(day=day.day, month=month, year=day.year)
