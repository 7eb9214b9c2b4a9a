"""Where things lie: the person's configuration, records and log, and what Guardian ships."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Paths:
    """The three folders Guardian writes to. Nothing is created until something is saved."""

    config: Path
    data: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.json"

    @property
    def store_file(self) -> Path:
        return self.data / "records.db"

    @property
    def key_file(self) -> Path:
        """How the key of the records is kept; never the key itself."""
        return self.data / "records.key.json"

    @property
    def records_lock(self) -> Path:
        """Held while the records or their key file are made, moved or deleted."""
        return self.data / "records.lock"

    @property
    def lock_file(self) -> Path:
        return self.data / "window.lock"

    @property
    def log_file(self) -> Path:
        return self.logs / "guardian.log"


def find_paths(environment: Mapping[str, str] = os.environ) -> Paths:
    """The system's places, or all under ``GUARDIAN_HOME`` (tests, portable use, demonstrations)."""
    if home := environment.get("GUARDIAN_HOME"):
        root = Path(home).expanduser().absolute()
        return Paths(config=root / "config", data=root / "data", logs=root / "logs")
    return Paths(
        config=platformdirs.user_config_path("guardian", appauthor=False),
        data=platformdirs.user_data_path("guardian", appauthor=False),
        logs=platformdirs.user_log_path("guardian", appauthor=False),
    )


def assets() -> Path:
    """What Guardian ships: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"
