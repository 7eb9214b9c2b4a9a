"""Vaults for tests: cheap to unlock, each in a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guardian.core.store import Store, open_in_memory
from guardian.vault.cryptomator import masterkey
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least work a reader accepts, so that hundreds of vaults cost no minutes."""
    monkeypatch.setattr(masterkey, "COST", 2**10)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store) -> VaultService:
    return VaultService(store, lambda: NOW)


@pytest.fixture
def vault(service: VaultService, tmp_path: Path) -> Iterator[Vault]:
    with service.create(tmp_path / "vault", PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Path]:
    """Makes a file to be added."""

    def make(name: str = "letter.txt", content: bytes = b"Dear all") -> Path:
        folder = tmp_path / "documents"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return folder / name

    return make


@pytest.fixture
def key() -> MasterKey:
    return MasterKey(b"\x55" * 32, b"\x77" * 32)


@pytest.fixture
def peer() -> Callable[..., Any]:
    """Runs the other program for the format."""

    def run(*arguments: object) -> Any:
        script = Path(__file__).with_name("peer.py")
        command = [sys.executable, "-W", "ignore", script, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
