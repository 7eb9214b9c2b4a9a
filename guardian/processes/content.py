"""What Guardian ships for this pillar: Sigma rules and products that watch, typed and checked."""

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


Category = Literal[
    "process_snapshot",
    "listener",
    "device_use",
    "injected_library",
    "autostart_entry",
    "power_file",
    "interface",
]
"""What a rule looks at. The first four all look at one process."""

Aspect = Literal["place", "file", "name", "code", "reach", "listen", "start", "product", "script"]
"""Which side of a program a rule is about. Several rules about one side say the same thing twice,
so only the heaviest of them counts; different sides add up."""


class LogSource(Record, frozen=True):
    """What a rule speaks about; no ``product`` means every system."""

    category: Category
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
    aspect: Aspect
    milder: Milder | None = None


class Detection(Record, frozen=True):
    selections: dict[str, Selection]
    condition: str


class Rule(Record, frozen=True, omit_defaults=True):
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
    description: str = ""

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


FOR_READERS = frozenset({
    "author", "date", "license", "modified", "name", "references", "related", "scope", "status",
    "taxonomy",
})  # fmt: skip
"""What Sigma has for the readers of a rule, and no answer depends on."""


def normalise(code: str, sigma: dict[str, object]) -> Rule:
    """A Sigma rule as read from YAML, in the one form :class:`Rule` has.

    Sigma allows a lone value for a list, and a lone map for a list of alternatives.
    Raises ``msgspec.ValidationError`` with the place of what does not fit.
    """
    kept = {name: part for name, part in sigma.items() if name not in FOR_READERS}
    record: dict[str, object] = {"code": code, **kept}
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


ProductKind = Literal[
    "stalkerware", "employee", "parental", "remote", "recorder", "tunnel", "management"
]


class Product(Record, frozen=True):
    """A product that watches or controls. What is known of it are public facts, with their source.

    ``names`` are program names, ``paths`` install places (``*`` stands for one folder name or a
    part of it, ``~`` for a home folder), ``services`` names of units, services, launch labels or
    bundle identifiers, ``packages`` of software packages, ``publishers`` of signers.
    ``shared_names``: those of ``names`` that other honest programs bear too, which therefore never
    count alone. ``brands``: words without spaces and dots, in small letters, that begin the name
    of its programs or folders wherever they lie, whatever the version. ``common``: ordinary
    desktops bring it along, so that it counts only while others can reach it. ``checked``: the
    year.
    """

    key: str
    name: str
    vendor: str
    kind: ProductKind
    systems: list[System]
    source: str
    checked: int
    names: tuple[str, ...] = ()
    shared_names: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    common: bool = False


def products_file() -> Path:
    return assets() / "processes" / "products.json"


@cache
def read_products(path: Path) -> tuple[Product, ...]:
    """The products in ``path``. Raises ``Problem("content-bad")``."""
    return tuple(decode(path, list[Product]))
