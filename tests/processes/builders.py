"""Makes processes and snapshots for the tests of rules."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guardian.processes.content import read_rules, rules_file
from guardian.processes.model import (
    Device,
    DeviceKind,
    Process,
    Scan,
    Snapshot,
    Socket,
    System,
    Unknown,
)
from guardian.processes.rules.assess import assess, prepare

FIXTURES = Path(__file__).parent.parent / "fixtures" / "processes"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ORDINARY: dict[str, Any] = {
    "argv": ("program",),
    "exe": "/usr/bin/program",
    "exe_deleted": False,
    "exe_replaced": False,
    "exe_in_memory": False,
    "exe_read_only": False,
    "owner": "program",
    "script": None,
    "script_owner": None,
    "uid": 1000,
    "user": "ada",
    "started": 1_700_000_000.0,
    "tracer": 0,
    "container": None,
    "unit": None,
    "devices": (),
    "stdio": (None, None, None),
    "listeners": (),
}


def process(pid: int = 100, ppid: int = 1, name: str = "program", **fields: Any) -> Process:
    """An ordinary program of a package, but for ``fields``."""
    return Process(pid=pid, ppid=ppid, name=name, **{**ORDINARY, **fields})


def snapshot(*processes: Process, system: System = System.LINUX) -> Snapshot:
    return Snapshot(system, NOW, processes)


def shipped_rules() -> Any:
    return prepare(read_rules(rules_file()), "rules.json")


def judge(*processes: Process, system: System = System.LINUX) -> Scan:
    """What the shipped rules say."""
    return assess(snapshot(*processes, system=system), shipped_rules())


def from_json(fields: dict[str, Any]) -> Process:
    """A process of a fixture: ``"denied"`` and ``"absent"`` in ``unknown`` name the fields."""
    values = dict(fields)
    unknown = {name: Unknown(why) for name, why in values.pop("unknown", {}).items()}
    if "argv" in values:
        values["argv"] = tuple(values["argv"])
    if "devices" in values:
        values["devices"] = tuple(
            Device(DeviceKind(kind), path) for kind, path in values["devices"]
        )
    if "stdio" in values:
        values["stdio"] = tuple(each and Socket(**each) for each in values["stdio"])
    return process(**{**values, **unknown})


def cases() -> list[tuple[str, str, bool, tuple[Process, ...], dict[str, Any]]]:
    """Every recorded sight: rule, what it is, whether the rule must fit, and the processes."""
    found = []
    for file in sorted(FIXTURES.glob("*.json")):
        for case in json.loads(file.read_text("utf-8")):
            members = tuple(from_json(each) for each in case["processes"])
            found.append((file.stem, case["sight"], case["fits"], members, case))
    return found
