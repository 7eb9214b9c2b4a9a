"""Answers of other systems, recorded or made by hand, for the tests of what never runs here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guardian.processes.model import Seen, Unknown


class Recorded:
    """A registry as a map of paths; a missing path is absent, «denied» is refused."""

    def __init__(self, keys: Mapping[str, Mapping[str, Any]]) -> None:
        self._keys = keys

    def value(self, path: str, name: str) -> Seen[str | int]:
        found = self._keys.get(path, {}).get(name, Unknown.ABSENT)
        return Unknown.DENIED if found == "denied" else found

    def keys(self, path: str) -> Seen[tuple[str, ...]]:
        inside = {
            key[len(path) + 1 :].partition("\\")[0]
            for key in self._keys
            if key.startswith(path + "\\")
        }
        return tuple(sorted(inside)) or Unknown.ABSENT

    def names(self, path: str) -> Seen[tuple[str, ...]]:
        return tuple(self._keys[path]) if path in self._keys else Unknown.ABSENT
