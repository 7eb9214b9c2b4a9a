"""The rules Guardian ships: Sigma rules as one JSON file, typed and checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from guardian.core.content import Record, decode
from guardian.core.paths import assets
from guardian.processes.model import System

Value = str | int | bool | None
Selection = list[dict[str, list[Value]]]
"""Alternatives; within one, every field must fit; within a field, one of its values."""

SigmaLevel = Literal["informational", "low", "medium", "high", "critical"]


class LogSource(Record, frozen=True):
    """Which snapshots a rule speaks about; no ``product`` means every system."""

    category: Literal["process_snapshot", "device_use", "listener"]
    service: Literal["guardian"]
    product: System | None = None


class Milder(Record, frozen=True):
    """When the same sight has a harmless explanation at hand, and the level it then gets."""

    when: Selection
    level: SigmaLevel


class Block(Record, frozen=True):
    """What Sigma has no word for."""

    needs: Literal["user", "admin"]
    maturity: Literal["stable", "testing"]
    milder: Milder | None = None


class Detection(Record, frozen=True):
    selections: dict[str, Selection]
    condition: str


class Rule(Record, frozen=True):
    """One rule. ``code`` is its file name and the key of its sentences."""

    code: str
    id: str
    title: str
    logsource: LogSource
    detection: Detection
    level: SigmaLevel
    tags: list[str]
    fields: list[str]
    falsepositives: list[str]
    guardian: Block

    @property
    def attack(self) -> tuple[str, ...]:
        """Technique numbers of MITRE ATT&CK, such as T1036.005."""
        techniques = (tag.removeprefix("attack.") for tag in self.tags)
        return tuple(name.upper() for name in techniques if name[:1] == "t" and name[1:2].isdigit())


def rules_file() -> Path:
    return assets() / "processes" / "rules.json"


@cache
def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules in ``path``. Raises ``Problem("content-bad")`` naming the file and the place."""
    return tuple(decode(path, list[Rule]))


def normalise(code: str, sigma: dict[str, object]) -> Rule:
    """A Sigma rule as read from YAML, in the one form :class:`Rule` has.

    Sigma allows a lone value for a list, and a lone map for a list of alternatives.
    Raises ``msgspec.ValidationError`` with the place of what does not fit.
    """
    record = {"code": code, **sigma}
    detection = sigma.get("detection")
    if isinstance(detection, dict):
        named = {name: even(part) for name, part in detection.items() if name != "condition"}
        record["detection"] = {"selections": named, "condition": detection.get("condition")}
    block = sigma.get("guardian")
    if isinstance(block, dict) and isinstance(block.get("milder"), dict):
        milder = {**block["milder"], "when": even(block["milder"].get("when"))}
        record["guardian"] = {**block, "milder": milder}
    return msgspec.convert(record, Rule)


def even(selection: object) -> object:
    """A selection as a list of maps whose values are lists."""
    if isinstance(selection, dict):
        values = {
            name: value if isinstance(value, list) else [value] for name, value in selection.items()
        }
        return [values]
    if isinstance(selection, list):
        return [part for item in selection for part in as_list(even(item))]
    return selection


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
