"""Makes processes, entries and snapshots for the tests of rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from guardian.processes.content import normalise, read_rules, rules_file
from guardian.processes.model import (
    Interface,
    Place,
    PowerFile,
    Process,
    ProgramFile,
    Scan,
    Snapshot,
    StartEntry,
    System,
    Unknown,
)
from guardian.processes.recording import build, hints_of
from guardian.processes.rules.assess import assess
from guardian.processes.rules.prepared import Prepared, prepare, prepare_rule

T = TypeVar("T")
FIXTURES = Path(__file__).parent.parent / "fixtures" / "processes"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ME = 1000
ORDINARY: dict[str, Any] = {
    "argv": ("program",),
    "exe": "/usr/bin/program",
    "exe_deleted": False,
    "exe_replaced": False,
    "exe_in_memory": False,
    "exe_read_only": False,
    "exe_file": ProgramFile(0, 0o755, 1_690_000_000.0),
    "owner": "program",
    "appimage": None,
    "folder": "/home/ada",
    "script": None,
    "script_owner": None,
    "script_deleted": False,
    "uid": ME,
    "effective_uid": ME,
    "user": "ada",
    "capabilities": (),
    "started": 1_700_000_000.0,
    "tracer": 0,
    "container": None,
    "unit": None,
    "terminal": None,
    "pty": False,
    "reads_terminal": False,
    "devices": (),
    "stdio": (None, None, None),
    "sockets": (),
    "components": (),
    "private_files": (),
}
ORDINARY_ENTRY: dict[str, Any] = {
    "place": Place.LOGIN,
    "kind": "xdg-autostart",
    "source": "/etc/xdg/autostart/program.desktop",
    "name": "program",
    "command": "program",
    "target": "/usr/bin/program",
    "target_exists": True,
    "target_owner": "program",
    "owner": "program",
    "changed": 1_700_000_000.0,
}
ORDINARY_FILE: dict[str, Any] = {
    "path": "/usr/bin/passwd",
    "uid": 0,
    "setuid": True,
    "setgid": False,
    "capabilities": (),
    "owner": "passwd",
}
ORDINARY_INTERFACE: dict[str, Any] = {"name": "eth0", "promiscuous": False, "bridged": False}


def process(pid: int = 100, ppid: int = 1, name: str = "program", **fields: Any) -> Process:
    """An ordinary program of a package, but for ``fields``."""
    return Process(pid=pid, ppid=ppid, name=name, **{**ORDINARY, **fields})


def entry(**fields: Any) -> StartEntry:
    """An ordinary program of a package that starts with the session, but for ``fields``."""
    return StartEntry(**{**ORDINARY_ENTRY, **fields})


def power_file(**fields: Any) -> PowerFile:
    """The usual way to give more rights, but for ``fields``."""
    return PowerFile(**{**ORDINARY_FILE, **fields})


def snapshot(*processes: Process, system: System = System.LINUX, **more: Any) -> Snapshot:
    return Snapshot(system, NOW, processes, **more)


@cache
def shipped_rules() -> tuple[Prepared, ...]:
    return prepare(read_rules(rules_file()), "rules.json")


def judge(*processes: Process, system: System = System.LINUX) -> Scan:
    """What the shipped rules say."""
    return assess(snapshot(*processes, system=system), shipped_rules())


def from_json(kind: type[T], usual: dict[str, Any], fields: dict[str, Any]) -> T:
    """One thing of a fixture, ordinary but for ``fields``: ``unknown`` names what was not seen.

    A device may be written as the pair of its kind and path.
    """
    hints = hints_of(kind)
    values = dict(fields)
    unknown = {name: Unknown(why) for name, why in values.pop("unknown", {}).items()}
    if "devices" in values:
        values["devices"] = [
            {"kind": each[0], "path": each[1]} if isinstance(each, list) else each
            for each in values["devices"]
        ]
    seen = {name: build(hints[name], value) for name, value in values.items()}
    return kind(**{**usual, **seen, **unknown})


def from_case(case: dict[str, Any]) -> Snapshot:
    """The moment a fixture tells of: ``processes``, ``entries``, ``power_files`` and
    ``interfaces`` that differ from ordinary ones, on ``system``. ``deep`` for files that give
    rights and for hidden processes."""

    def all_of(name: str, kind: type[T], usual: dict[str, Any]) -> tuple[T, ...]:
        return tuple(from_json(kind, usual, each) for each in case.get(name, ()))

    processes = all_of("processes", Process, {"pid": 100, "ppid": 1, "name": "program", **ORDINARY})
    return Snapshot(
        System(case.get("system", "linux")),
        NOW,
        numbered(processes),
        entries=all_of("entries", StartEntry, ORDINARY_ENTRY),
        power_files=all_of("power_files", PowerFile, ORDINARY_FILE),
        interfaces=all_of("interfaces", Interface, ORDINARY_INTERFACE),
        deep=bool(case.get("deep")),
    )


def numbered(processes: Iterable[Process]) -> tuple[Process, ...]:
    """Processes that a fixture gave no number get one of their own."""
    met: set[int] = set()
    found = []
    for each in processes:
        pid = each.pid
        while pid in met:
            pid += 1
        met.add(pid)
        found.append(replace(each, pid=pid))
    return tuple(found)


@cache
def cases() -> list[tuple[str, str, bool, dict[str, Any]]]:
    """Every recorded sight: rule, what it is, whether the rule must fit, and the whole case."""
    return [
        (file.stem, case["sight"], case["fits"], case)
        for file in sorted(FIXTURES.glob("*.json"))
        for case in json.loads(file.read_text("utf-8"))
    ]


def made_rule(code: str, condition: dict[str, Any], **more: Any) -> Prepared:
    """A rule that fits where all of ``condition`` holds; ``more`` may set its level, aspect,
    category and fields."""
    block = {"needs": "user", "maturity": "testing", "aspect": more.get("aspect", "reach")}
    rule = {
        "title": code,
        "id": code,
        "logsource": {"category": more.get("category", "process_snapshot"), "service": "guardian"},
        "detection": {"one": condition, "condition": "one"},
        "level": more.get("level", "medium"),
        "tags": [],
        "fields": more.get("fields", [name.split("|")[0] for name in condition]),
        "falsepositives": [],
        "guardian": block,
    }
    return prepare_rule(normalise(code, rule))
