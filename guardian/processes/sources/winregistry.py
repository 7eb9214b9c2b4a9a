"""The Windows registry, through the standard library's module that only Windows has."""

from __future__ import annotations

import importlib
from typing import Any

from guardian.processes.model import Seen, Unknown


class WindowsRegistry:
    """Paths begin with HKCU or HKLM."""

    def __init__(self) -> None:
        self._winreg: Any = importlib.import_module("winreg")

    def _open(self, path: str) -> Any:
        root, _, rest = path.partition("\\")
        name = {"HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE"}[root]
        return self._winreg.OpenKey(getattr(self._winreg, name), rest)

    def value(self, path: str, name: str) -> Seen[str | int]:
        try:
            with self._open(path) as key:
                found = self._winreg.QueryValueEx(key, name)[0]
        except PermissionError:
            return Unknown.DENIED
        except OSError:
            return Unknown.ABSENT
        return found if isinstance(found, (str, int)) else Unknown.ABSENT

    def keys(self, path: str) -> Seen[tuple[str, ...]]:
        return self._names(path, "EnumKey", 0)

    def names(self, path: str) -> Seen[tuple[str, ...]]:
        return self._names(path, "EnumValue", 1)

    def _names(self, path: str, enumerate_with: str, count_at: int) -> Seen[tuple[str, ...]]:
        try:
            with self._open(path) as key:
                count = self._winreg.QueryInfoKey(key)[count_at]
                found = [getattr(self._winreg, enumerate_with)(key, each) for each in range(count)]
        except PermissionError:
            return Unknown.DENIED
        except OSError:
            return Unknown.ABSENT
        return tuple(each if isinstance(each, str) else str(each[0]) for each in found)
