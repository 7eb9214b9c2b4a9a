"""Where things lie."""

from __future__ import annotations

from pathlib import Path

from guardian.core.paths import assets, find_paths


def test_guardian_home_moves_everything(tmp_path: Path) -> None:
    paths = find_paths({"GUARDIAN_HOME": str(tmp_path / "here")})
    for place in (paths.settings_file, paths.store_file, paths.key_file, paths.log_file):
        assert place.is_relative_to(tmp_path / "here")
    assert not (tmp_path / "here").exists()


def test_otherwise_the_systems_own_places_are_used() -> None:
    paths = find_paths({})
    assert paths.config.name == "guardian"
    assert paths.data != paths.config


def test_the_shipped_files_are_found() -> None:
    assert (assets() / "words" / "en" / "core.json").is_file()
