"""The reminder at log-in: one entry of the desktop's own kind, there only if wanted."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core import autostart
from guardian.core.errors import Problem


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def test_nothing_is_written_unless_wanted(here: dict[str, str], tmp_path: Path) -> None:
    autostart.keep(False, "Guardian", here)
    assert not (tmp_path / "config").exists()


@pytest.mark.skipif(not autostart.is_known_here(), reason="a folder of Linux desktops")
def test_it_is_turned_on_and_off(here: dict[str, str]) -> None:
    autostart.keep(True, "Notes", here)
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(autostart.entry_file(here))
    assert dict(entry["Desktop Entry"])["Name"] == "Notes"
    assert entry["Desktop Entry"]["Exec"].endswith('"-P" "-m" "guardian" "remind"')
    assert autostart.entry_file(here).stat().st_mode & 0o077 == 0
    autostart.keep(False, "Notes", here)
    assert not autostart.is_on(here)


def test_a_home_of_its_own_is_taken_along(here: dict[str, str]) -> None:
    autostart.turn_on("Guardian", here | {"GUARDIAN_HOME": "/media/a stick"})
    assert '"env" "GUARDIAN_HOME=/media/a stick"' in autostart.entry_file(here).read_text("utf-8")


def test_a_home_with_a_line_break_begins_no_line_of_its_own(here: dict[str, str]) -> None:
    autostart.turn_on("Guardian", here | {"GUARDIAN_HOME": "/x\nExec=sh"})
    lines = autostart.entry_file(here).read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("Exec=sh")] == []
    assert any('"GUARDIAN_HOME=/x\\nExec=sh"' in line for line in lines)


def test_a_relative_folder_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert (
        autostart.entry_file({"XDG_CONFIG_HOME": "here"}).parent == tmp_path / ".config/autostart"
    )


def test_a_folder_that_refuses_is_told(here: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(b"a file in the way")
    with pytest.raises(Problem):
        autostart.turn_on("Guardian", here)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0")))
def test_any_path_reaches_the_program_as_it_is(word: str) -> None:
    """Undo what the specification has desktops undo: string escapes, then the command line."""
    unescaped = autostart.quote(word).replace("\\\\", "\\")
    inner = unescaped[1:-1].replace("%%", "%")
    plain, rest = "", iter(inner)
    for character in rest:
        plain += next(rest) if character == "\\" else character
    assert plain == word


def test_no_reminder_ends_at_once(guardian_home: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "GUARDIAN_HOME": str(guardian_home)}
    command = [sys.executable, "-m", "guardian", "remind"]
    done = subprocess.run(command, env=environment, timeout=20, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert not guardian_home.exists()
