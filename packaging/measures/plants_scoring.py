"""Compares what a look named with what was planted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from measures.planting import LOOK_ALIKE, Truth

RAISED = ("ask", "act")


class Mark(StrEnum):
    """How a plant came out, the best first."""

    FOUND = "●"
    NOTICED = "○"
    """Named, but only as a notice."""
    HINTED = "◐"
    """Mentioned in what is said about something else."""
    MISSED = "–"


ORDER = list(Mark)


@dataclass(frozen=True)
class Item:
    """One card, autostart entry or posture answer: how urgent, and what it is about."""

    level: str
    kind: str
    name: str
    pids: frozenset[int]
    about: tuple[str, ...]
    everything: str
    rules: tuple[str, ...]

    @property
    def raised(self) -> bool:
        return self.level in RAISED

    def is_about(self, truth: Truth) -> bool:
        if self.pids.intersection(truth.pids):
            return True
        return any(names(text, path) for text in self.about for path in truth.paths)

    def mentions(self, truth: Truth) -> bool:
        return any(names(self.everything, path) for path in truth.paths)


def names(text: str, path: str) -> bool:
    """Whether ``path`` stands in the text as a whole, not as the beginning of a longer one."""
    return re.search(rf"(?<![\w/.-]){re.escape(path)}(?![\w/-]|\.\w)", text) is not None


def strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from strings(one)


def read_items(answer: Mapping[str, Any]) -> list[Item]:
    """Everything that Guardian's answer says something about."""
    items = [program_item(one) for one in answer["programs"] if one["findings"]]
    for kind in ("autostart", "posture"):
        items += (entry_item(kind, one) for one in answer.get(kind, ()))
    return items


def program_item(program: Mapping[str, Any]) -> Item:
    """A program's card. The numbers are those of the processes that it is about."""
    hits = program["findings"]
    pids = {pid for hit in hits for pid in hit.get("pid", program["pid"])}
    about = tuple(strings({key: one for key, one in program.items() if key != "findings"}))
    everything = " ".join(strings(program))
    rules = tuple(hit["rule"] for hit in hits)
    name = program["exe"] or program["name"]
    return Item(program["level"], "program", name, frozenset(pids), about, everything, rules)


def entry_item(kind: str, entry: Mapping[str, Any]) -> Item:
    level = entry.get("level", "ask" if entry.get("answer") == "look" else "fine")
    hits = entry.get("findings") or ()
    rules = tuple(hit["rule"] if isinstance(hit, Mapping) else str(hit) for hit in hits)
    about = tuple(strings({key: one for key, one in entry.items() if key != "findings"}))
    name = str(entry.get("source") or entry.get("key") or entry.get("check") or entry.get("name"))
    if kind == "autostart" and not rules and level == "fine":
        about = ()  # a list of everything that starts is no notice about one of them
    return Item(level, kind, name, frozenset(), about, " ".join(strings(entry)), rules)


def mark(truth: Truth, items: Sequence[Item]) -> Mark:
    if any(one.raised and one.is_about(truth) for one in items):
        return Mark.FOUND
    if any(one.is_about(truth) for one in items):
        return Mark.NOTICED
    if any(one.raised and one.mentions(truth) for one in items):
        return Mark.HINTED
    return Mark.MISSED


def mark_lines(truth: Truth, lines: Iterable[str]) -> Mark:
    """How a plant came out in what another program printed that it did not print before."""
    text = "\n".join(lines)
    numbers = "|".join(map(str, truth.pids))
    if numbers and re.search(rf"(?<![\d.:])(?:{numbers})(?![\d.:])", text):
        return Mark.FOUND
    if any(names(text, path) for path in truth.paths):
        return Mark.FOUND
    return Mark.HINTED if any(names(text, one) for one in truth.markers) else Mark.MISSED


def summarise(truths: Sequence[Truth], marks: Mapping[str, Mark], user: bool) -> dict[str, Any]:
    """Counts for one half as root or as ordinary ``user``."""
    kinds = {one.name: one for one in truths}
    plants = [one for one in truths if one.kind != LOOK_ALIKE]
    seeable = [one for one in plants if not (user and one.root_only)]

    def count(chosen: Sequence[Truth], *wanted: Mark) -> int:
        return sum(marks[one.name] in wanted for one in chosen)

    alike = [one for one in truths if one.kind == LOOK_ALIKE]
    return {
        "plants": len(plants),
        "found": count(plants, Mark.FOUND),
        "noticed": count(plants, Mark.NOTICED),
        "hinted": count(plants, Mark.HINTED),
        "seeable": len(seeable),
        "seeable found": count(seeable, Mark.FOUND),
        "meant as a notice": sum(one.notice for one in plants),
        "look-alikes": len(alike),
        "raised": count(alike, Mark.FOUND),
        "missed shapes": [
            kinds[name].shape
            for name, one in marks.items()
            if kinds[name].kind != LOOK_ALIKE and one is not Mark.FOUND
        ],
        "raised shapes": [
            kinds[name].shape
            for name, one in marks.items()
            if kinds[name].kind == LOOK_ALIKE and one is Mark.FOUND
        ],
    }


def as_json(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The raised items, for those who want to look closer."""
    found: list[dict[str, Any]] = json.loads(
        json.dumps(
            [
                {"level": one.level, "kind": one.kind, "name": one.name, "rules": one.rules}
                for one in items
                if one.raised
            ]
        )
    )
    return found
