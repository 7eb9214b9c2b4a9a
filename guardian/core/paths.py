"""Where things lie: the person's configuration, records and log, and what Guardian ships."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent
DEMO = "GUARDIAN_DEMO"
"""Set in the environment of the demonstration and of the processes it starts."""


@dataclass(frozen=True)
class Paths:
    """The three folders Guardian writes to. Nothing is created until something is saved.

    ``profile`` is the id of the profile they belong to, "" for the first one: only there may
    records be made where there are none.
    """

    config: Path
    data: Path
    logs: Path
    profile: str = ""

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
    def profiles_file(self) -> Path:
        """Who has a profile here; beside the records of the first one."""
        return self.data / "profiles.json"

    @property
    def profiles_lock(self) -> Path:
        """Held while the list of profiles is changed."""
        return self.data / "profiles.lock"

    @property
    def profiles_folder(self) -> Path:
        """Holds one folder for each profile but the first, named by its id."""
        return self.data / "profiles"

    @property
    def lent(self) -> Path:
        """Copies of documents for other programs, where there is no room for them in memory."""
        return self.data / "lent"

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


def in_demo(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this is the demonstration: all there is then lies in its own folder."""
    return DEMO in environment


def assets() -> Path:
    """What Guardian ships: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"
