"""Killed without a goodbye, at any step of anything: the old state or the new one is found.

Here a sample of the steps, counted by Python's own audit events; ``packaging/kill-points`` kills
at every system call that changes something.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.vault.deeds import DEEDS

ROOT = Path(__file__).resolve().parents[2]
STEPS_EACH = 2


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("kills")
    command = [sys.executable, "-m", "tests.vault.killer", str(folder), str(STEPS_EACH)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("deed", DEEDS)
def test_a_kill_at_any_step_leaves_the_old_state_or_the_new_one(
    outcomes: dict[str, dict[str, Any]], deed: str
) -> None:
    outcome = outcomes[deed]
    assert outcome["begun"] == []
    assert outcome["changed"]
    assert outcome["tried"] == min(STEPS_EACH, outcome["steps"])
    assert outcome["wrong"] == {}


def test_enough_steps_are_there_to_be_killed_at(outcomes: dict[str, dict[str, Any]]) -> None:
    assert sum(one["steps"] for one in outcomes.values()) > 1000
