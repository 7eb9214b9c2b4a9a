"""More ways to the same ends, and more of what honest people have; no rule was made for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.processes.builders import FIXTURES
from tests.processes.start_tree import StartTree

TREES = json.loads((FIXTURES / "trees" / "starts.json").read_text("utf-8"))
SIGHTS = [(case, kind == "asked") for kind in ("asked", "quiet") for case in TREES[kind]]


@pytest.mark.parametrize(("case", "asked"), SIGHTS, ids=lambda value: str(value)[:40])
def test_behaviour_is_asked_about_and_honest_things_are_not(
    tmp_path: Path, case: dict[str, Any], asked: bool
) -> None:
    tree = StartTree(tmp_path)
    tree.put("/usr/share/applications/firefox.desktop", "[Desktop Entry]\nExec=firefox %u\n")
    tree.owners.foreign.update(case.get("foreign", ()))
    for path, text in case["files"].items():
        tree.put(path, text, 0o644 if path.endswith(("keys", "keys2")) else 0o755)
    assert bool(tree.asked()) is asked, (tree.asked(), tree.look())
