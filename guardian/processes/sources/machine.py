"""How a computer is asked: files, folders, commands and the registry, each may say no."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from guardian.processes.model import Seen, Unknown

SECONDS = 10.0
LARGEST = 4_000_000  # bytes; settings files are far smaller


class Registry(Protocol):
    """The Windows registry. Paths begin with HKCU or HKLM; ABSENT: there is no such thing."""

    def value(self, path: str, name: str) -> Seen[str | int]: ...

    def keys(self, path: str) -> Seen[tuple[str, ...]]: ...

    def names(self, path: str) -> Seen[tuple[str, ...]]: ...


class NoRegistry:
    """Every other system."""

    def value(self, _path: str, _name: str, /) -> Seen[str | int]:
        return Unknown.ABSENT

    def keys(self, _path: str, /) -> Seen[tuple[str, ...]]:
        return Unknown.ABSENT

    def names(self, _path: str, /) -> Seen[tuple[str, ...]]:
        return Unknown.ABSENT


def ask(command: Sequence[str], text: str, *, errors: bool = False) -> Seen[str]:
    """What a command prints when given ``text``; with ``errors``, also what it complains of.

    ABSENT: there is no such command here, it failed, or took too long.
    """
    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return Unknown.ABSENT
    if errors:
        return done.stdout + done.stderr
    return done.stdout if done.returncode == 0 else Unknown.ABSENT


def run(command: Sequence[str]) -> Seen[str]:
    """What a command prints."""
    return ask(command, "")


@dataclass(frozen=True)
class Machine:
    """A computer to ask. ``root`` is where its file tree begins, ``home`` the person's folder."""

    home: Path
    root: Path = Path("/")
    environment: Mapping[str, str] = field(default_factory=dict)
    run: Callable[[Sequence[str]], Seen[str]] = run
    ask: Callable[..., Seen[str]] = ask
    registry: Registry = field(default_factory=NoRegistry)
    uid: int = 0

    def at(self, path: str) -> Path:
        """A path of that file tree; ``~`` stands for the home."""
        if path.startswith("~/"):
            return self.home / path[2:]
        return self.root / path.lstrip("/")

    def text(self, path: str | Path) -> Seen[str]:
        """A whole settings file. ABSENT: there is none, or it is no ordinary file."""
        place = self.at(path) if isinstance(path, str) else path
        try:
            if not place.is_file() or place.stat().st_size > LARGEST:
                return Unknown.ABSENT
            return place.read_text("utf-8", "replace")
        except PermissionError:
            return Unknown.DENIED
        except (OSError, ValueError):
            return Unknown.ABSENT

    def files(self, folder: str, pattern: str = "*") -> tuple[Path, ...]:
        """The files in a folder, by name; nothing where it may not be listed."""
        try:
            return tuple(sorted(self.at(folder).glob(pattern)))
        except OSError:
            return ()

    def there(self, path: str) -> bool:
        try:
            return self.at(path).exists()
        except OSError:
            return False


def first(*answers: Seen[str]) -> Seen[str]:
    """The first answer that is one; a refusal counts more than nothing there."""
    for answer in answers:
        if isinstance(answer, str):
            return answer
    return Unknown.DENIED if Unknown.DENIED in answers else Unknown.ABSENT


def sections(text: str) -> dict[str, dict[str, str]]:
    """A file of the form ``[section]`` and ``key = value``, both in lower case; odd lines pass."""
    found: dict[str, dict[str, str]] = {}
    here: dict[str, str] = found.setdefault("", {})
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            here = found.setdefault(line[1:-1].strip().lower(), {})
        elif "=" in line and line[:1] not in "#;":
            key, _, value = line.partition("=")
            here[key.strip().lower()] = value.strip().strip("\"'")
    return found


def yes(text: str | None) -> bool:
    return (text or "").strip().strip("\"';").lower() in ("true", "yes", "1", "on")
