"""A keyring for tests, in memory."""

from __future__ import annotations


class MemoryKeychain:
    """Keeps secrets as long as it lives."""

    def __init__(self) -> None:
        self.items: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.items.get(name)

    def set(self, name: str, secret: str) -> None:
        self.items[name] = secret

    def delete(self, name: str) -> None:
        self.items.pop(name, None)
