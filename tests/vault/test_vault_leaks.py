"""A document's text and name, and the passphrase, are found nowhere they could be read."""

from __future__ import annotations

import base64
import logging
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardian.core import log
from guardian.core.errors import Problem
from guardian.core.keychain import Keychain
from guardian.core.paths import find_paths
from guardian.core.store import open_store
from guardian.vault.service import VaultService

TEXT = b"CANARY-TEXT-49e1 the plumber is paid in cash"
NAME = "CANARY-NAME-77ab divorce papers.txt"
FOLDER = "CANARY-FOLDER-13cd"
PASSPHRASE = "CANARY-PASS-90ef correct horse"


def spellings(secret: bytes) -> list[bytes]:
    """The secret as it is, in UTF-16, in hexadecimal and in the three base64 alignments."""
    found = [secret, secret.decode().encode("utf-16-le"), secret.hex().encode()]
    for cut in range(3):
        whole = secret[cut:]
        found.append(base64.b64encode(whole[: len(whole) // 3 * 3]))
    return found


def test_nothing_private_is_written_in_the_clear(  # noqa: PLR0917
    document: Callable[..., Path],
    tmp_path: Path,
    memory_keychain: Keychain,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    paths = find_paths()
    log.start_log(paths.log_file)
    store = open_store(paths, memory_keychain)
    service = VaultService(store, lambda: datetime.now(UTC))
    with service.create(tmp_path / "vault", PASSPHRASE) as vault:
        vault.add([document(NAME, TEXT * 3000), document("empty", b"")], FOLDER)
        assert vault.read(f"{FOLDER}/{NAME}") == TEXT * 3000
        vault.list(FOLDER)
        (place,) = (p for p in vault.folder.rglob("*.c9r") if p.stat().st_size > 100_000)
        place.write_bytes(place.read_bytes()[:-1])
        with pytest.raises(Problem):
            vault.read(f"{FOLDER}/{NAME}")
        assert PASSPHRASE not in repr(vars(vault))
    with pytest.raises(Problem) as caught:
        service.open(tmp_path / "vault", PASSPHRASE + "!")
    assert PASSPHRASE not in repr(caught.value)
    store.close()
    log.stop_log()

    secrets = [
        s
        for secret in (TEXT, NAME.encode(), FOLDER.encode(), PASSPHRASE.encode())
        for s in spellings(secret)
    ]
    looked_at = 0
    for path in tmp_path.rglob("*"):
        if path.is_relative_to(tmp_path / "documents") or not path.is_file():
            continue
        looked_at += 1
        data = path.read_bytes() + bytes(path.relative_to(tmp_path))
        assert not [s for s in secrets if s in data], path.name
    assert looked_at > 8
    said = caplog.text + "".join(capfd.readouterr())
    assert not [s for s in secrets if s.decode("latin-1") in said]


def test_the_check_above_can_see(tmp_path: Path) -> None:
    """A name in the clear anywhere would be found: the spellings cover how files keep text."""
    hidden = base64.b64encode(b"xx" + TEXT)
    assert any(spelling in hidden for spelling in spellings(TEXT))
