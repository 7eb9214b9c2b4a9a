"""The operating system's keyring, through an allow-list of real ones.

``keyring`` would also hand out plain-text files and terminal prompts once another package
brings them along; those are never asked here, because only the classes named below are.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from guardian.core.errors import Problem

T = TypeVar("T")

SERVICE = "Guardian"
TRUSTED = (
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.macOS", "Keyring"),
)
DEADLINE = 10.0
_forsworn = threading.Event()


class Keychain(Protocol):
    """A place the system keeps secrets in. Every call raises ``Problem`` when it refuses."""

    def get(self, name: str) -> str | None: ...
    def set(self, name: str, secret: str) -> None: ...
    def delete(self, name: str) -> None: ...


class SystemKeychain:
    """One trusted keyring back end; a call that waits on a prompt is given up after a deadline."""

    def __init__(self, backend: object, deadline: float = DEADLINE) -> None:
        self._backend = backend
        self._deadline = deadline

    def get(self, name: str) -> str | None:
        found: str | None = self._call("get_password", name)
        return found

    def set(self, name: str, secret: str) -> None:
        self._call("set_password", name, secret)

    def delete(self, name: str) -> None:
        """Remove an item; one that is not there is fine."""
        if self.get(name) is not None:
            self._call("delete_password", name)

    def _call(self, verb: str, *arguments: str) -> str | None:
        def ask() -> str | None:
            result: str | None = getattr(self._backend, verb)(SERVICE, *arguments)
            return result

        return within(self._deadline, ask)


def forswear() -> None:
    """From now on this process asks no keyring: a demonstration leaves nothing in a real one."""
    _forsworn.set()


def find_keychain(deadline: float = DEADLINE) -> Keychain | None:
    """The best trusted keyring of this session, or None when there is none."""
    if _forsworn.is_set():
        return None

    def look() -> object | None:
        best: tuple[float, object] | None = None
        for module, name in TRUSTED:
            try:
                kind = getattr(importlib.import_module(module), name)
                rank = float(kind.priority)
            except Exception:  # each back end refuses in its own way
                continue
            if rank > 0 and (best is None or rank > best[0]):
                best = (rank, kind())
        return best[1] if best else None

    try:
        backend = within(deadline, look)
    except Problem:
        return None
    return SystemKeychain(backend, deadline) if backend is not None else None


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Run ``ask`` on a thread of its own and wait for it.

    Raises ``Problem("keyring-silent")`` at the deadline (a prompt nobody answers can block for
    ever; the thread is left behind as a daemon) and ``Problem("keyring-locked")`` or
    ``("keyring-failed")`` for the keyring's own refusals.
    """
    answer: list[T] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            answer.append(ask())
        except Exception as error:  # judged by the caller's thread below
            failure.append(error)

    thread = threading.Thread(target=run, name="keychain", daemon=True)
    thread.start()
    thread.join(seconds)
    if answer:
        return answer[0]
    if not failure:
        raise Problem("keyring-silent")
    name = type(failure[0]).__name__
    if name in ("KeyringLocked", "InitError", "LockedException", "PromptDismissedException"):
        raise Problem("keyring-locked") from failure[0]
    raise Problem("keyring-failed") from failure[0]
