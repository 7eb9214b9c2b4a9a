"""Preferences: typed, saved atomically, and a damaged file costs as little as possible."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.core.settings import Settings, TextSize, Theme, load_settings, save_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_without_a_file_the_usual_settings_hold(file: Path) -> None:
    assert load_settings(file) == (Settings(), None)


def test_what_is_saved_is_read_back(file: Path) -> None:
    wanted = Settings(theme=Theme.DARK, text_size=TextSize.LARGE, window_size=(900, 700))
    save_settings(file, wanted)
    assert load_settings(file) == (wanted, None)


def test_a_wrong_value_costs_only_its_own_field_and_is_named(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{\n"theme": "pink",\n"text_size": "125"\n}')
    found, problem = load_settings(file)
    assert found == Settings(text_size=TextSize.LARGE)
    assert problem is not None
    assert problem.facts["file"] == "settings.json"
    assert "theme" in str(problem.facts["reason"])


def test_broken_json_is_named_with_its_line_and_kept_beside(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{\n"theme": "dark",\n"text_size": \n}')
    found, problem = load_settings(file)
    assert found == Settings()
    assert problem is not None
    assert "line 4" in str(problem.facts["reason"])
    kept = file.with_name("settings.json.unreadable")
    assert kept.read_text() == file.read_text()


@pytest.mark.parametrize(
    "content",
    [
        b'{"window_size":[3000000000,5]}',
        b'{"window_size":[2000000000,2000000000]}',
        b"[" * 60_000,
        b"\xff\xfe\x00",
        b'{"theme":"\xff"}',
        b"null",
    ],
)
def test_nonsense_gives_the_usual_settings_and_a_problem(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    found, problem = load_settings(file)
    assert found == Settings()
    assert problem is not None


def test_a_huge_file_is_refused(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b" " * 10_000_000)
    found, problem = load_settings(file)
    assert found == Settings()
    assert problem is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200))
def test_any_file_gives_settings(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    found, _problem = load_settings(file)
    assert isinstance(found, Settings)


def test_a_full_disk_leaves_the_old_file_and_no_rest(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(file, Settings(theme=Theme.DARK))

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="disk-full"):
        save_settings(file, Settings(theme=Theme.LIGHT))
    monkeypatch.undo()
    assert load_settings(file)[0].theme is Theme.DARK
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]
