"""Rules that people write themselves: checked with the line of every fault, and made ready."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from guardian.core.errors import Problem
from guardian.processes.content import normalise
from guardian.processes.model import EVIDENCE_WORDS
from guardian.processes.rules.prepared import Prepared, prepare_rule
from guardian.processes.rules.sigma import RuleError

if TYPE_CHECKING:
    from guardian.processes.rules.yamltext import Document

LARGEST = 256 * 1024
"""Bytes of a file that is read at all; a rule has one or two thousand."""
MOST_FILES = 1_000
ENDINGS = (".yml", ".yaml")
PLACE = re.compile(r"`([^`]*)`")
WORD = re.compile(r"[\w|]+")


@dataclass(frozen=True)
class RuleFault:
    """What keeps a rule from being asked: the ``line`` of ``file``, from 1, and why."""

    file: str
    line: int
    message: str


def check_rules(path: Path) -> list[RuleFault]:
    """All faults of a file of rules, or of all the rule files of a folder; none if all is well."""
    return read_own_rules(path)[1]


def load_rules(path: Path) -> tuple[Prepared, ...]:
    """The rules of a file or folder, ready to be asked.

    Raises ``Problem("rules-unreadable")`` with the first fault.
    """
    rules, faults = read_own_rules(path)
    if faults:
        first = faults[0]
        raise Problem("rules-unreadable", file=first.file, line=first.line, reason=first.message)
    return rules


def read_own_rules(path: Path) -> tuple[tuple[Prepared, ...], list[RuleFault]]:
    rules: list[Prepared] = []
    faults: list[RuleFault] = []
    met: dict[str, str] = {}
    for file in files_of(path, faults):
        for found in read_file(file):
            if isinstance(found, RuleFault):
                faults.append(found)
            elif found.rule.id and found.rule.id in met:
                other = met[found.rule.id]
                faults.append(RuleFault(file.name, 1, f"the id is also that of “{other}”"))
            else:
                met[found.rule.id] = found.rule.title
                rules.append(found)
    if not rules and not faults:
        faults.append(RuleFault(path.name, 1, "there is no rule in it"))
    return tuple(rules), faults


def files_of(path: Path, faults: list[RuleFault]) -> list[Path]:
    """The file itself, or the rule files below a folder. Links to folders are not followed."""
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a closed folder
        return [path]
    found: list[Path] = []
    for folder, folders, names in os.walk(path):
        folders.sort()
        found += [Path(folder, name) for name in sorted(names) if name.lower().endswith(ENDINGS)]
        if len(found) > MOST_FILES:
            faults.append(RuleFault(path.name, 1, f"it has more than {MOST_FILES} rule files"))
            return []
    return found


def read_file(file: Path) -> Iterator[Prepared | RuleFault]:
    """Every rule of a file, or what is wrong with it."""
    from guardian.processes.rules.yamltext import YamlFault, read_documents

    try:
        documents = list(read_documents(read_text(file)))
    except YamlFault as fault:
        yield RuleFault(file.name, fault.line, fault.reason)
        return
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        yield RuleFault(file.name, 1, reason or "it cannot be read")
        return
    for number, document in enumerate(documents, 1):
        code = f"own-{file.stem}" if len(documents) == 1 else f"own-{file.stem}-{number}"
        try:
            yield prepare_own(code, document)
        except RuleError as error:
            yield RuleFault(file.name, document.line_of(error.where), str(error))


def read_text(file: Path, largest: int = LARGEST) -> str:
    """Raises ``OSError`` or ``ValueError`` for what cannot be a file of rules."""
    # a pipe would keep us waiting for its other end
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("it is no file")
        raw = opened.read(largest + 1)
    if len(raw) > largest:
        raise ValueError(f"it is larger than {largest // 1024} kB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"it is no text in UTF-8 (line {line})") from error


def prepare_own(code: str, document: Document) -> Prepared:
    """Raises :class:`RuleError`, with the word it is about."""
    data = document.data
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise RuleError("a rule is a map of names and values")
    for other in ("filter", "correlation"):
        if other in data:
            raise RuleError(f"this is a Sigma {other}, not a rule", other)
    if "guardian" not in data:
        raise RuleError("the block “guardian” is missing (needs, maturity, aspect)")
    usual: dict[str, Any] = {"id": "", "tags": [], "falsepositives": []}
    usual["fields"] = evidence_of(data.get("detection"))
    try:
        return prepare_rule(normalise(code, {**usual, **data}), own=True)
    except msgspec.ValidationError as error:
        raise RuleError(str(error), word_of(str(error), document)) from error
    except RecursionError as error:
        raise RuleError("it is nested too deep") from error


def word_of(fault: str, document: Document) -> str:
    """The innermost word of the place that a message such as «... at `$.guardian.level`» names."""
    for place in reversed(PLACE.findall(fault)):
        for word in reversed(WORD.findall(place)):
            if word in document.lines:
                return str(word)
    return ""


def evidence_of(detection: object) -> list[str]:
    """What a rule that names no fields to show has asked for, without what may hold secrets."""
    names: dict[str, None] = {}

    def gather(part: object) -> None:
        if isinstance(part, list):
            for each in part:
                gather(each)
        elif isinstance(part, dict):
            names.update(dict.fromkeys(str(key).split("|")[0] for key in part))

    for selection in detection.values() if isinstance(detection, dict) else ():
        gather(selection)
    return [name for name in names if name in EVIDENCE_WORDS]
