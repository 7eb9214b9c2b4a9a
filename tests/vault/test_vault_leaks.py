"""A document's text and name, and the passphrase, are found nowhere they could be read."""

from __future__ import annotations

import base64
import logging
import os
import signal
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardian.core import log
from guardian.core.errors import Cancelled, Problem
from guardian.core.keychain import Keychain
from guardian.core.paths import find_paths
from guardian.core.store import open_store
from guardian.vault import outside
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


def everything_written(*folders: Path) -> dict[Path, bytes]:
    """Name and content of every file under ``folders``."""
    return {
        path: path.read_bytes() + os.fsencode(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def leaks(found: dict[Path, bytes], *but: Path) -> list[str]:
    """The files that hold a canary, in any spelling."""
    secrets = [s for secret in (TEXT, NAME.encode(), FOLDER.encode()) for s in spellings(secret)]
    return [
        str(path)
        for path, data in found.items()
        if not any(path.is_relative_to(one) for one in but) and any(s in data for s in secrets)
    ]


def paper() -> bytes:
    """A PDF with the canary as its text, not squeezed."""
    line = b"BT /F1 9 Tf 20 100 Td (%s) Tj ET" % TEXT
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(line), line),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(parts, 1))
    return b"%PDF-1.7\n" + body + b"trailer <</Size 6/Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every folder that Guardian or a library under it might write to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    for variable, name in (("TMPDIR", "temp"), ("XDG_RUNTIME_DIR", "run"), ("HOME", "home")):
        (tmp_path / name).mkdir(exist_ok=True)
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.setattr(outside, "in_memory", lambda place: place == tmp_path / "run")
    return [tmp_path, Path("/dev/shm")]


def test_looking_and_lending_leave_nothing_behind(
    world: list[Path], tmp_path: Path, memory_keychain: Keychain, document: Callable[..., Path]
) -> None:
    originals = tmp_path / "documents"
    paths = find_paths()
    log.start_log(paths.log_file)
    store = open_store(paths, memory_keychain)
    service = VaultService(store, lambda: datetime.now(UTC))

    def nowhere() -> list[str]:
        return leaks(everything_written(*world), originals)

    with service.create(tmp_path / "vault", PASSPHRASE) as vault:
        vault.add([document(NAME, TEXT * 300), document("paper.pdf", paper())], FOLDER)
        text, pages = f"{FOLDER}/{NAME}", f"{FOLDER}/paper.pdf"
        view = vault.view(text)
        view.facts()
        assert TEXT.decode() in view.text().text
        assert nowhere() == [], "while a text is shown"
        view.close()
        view = vault.view(pages)
        view.facts()
        assert "CANARY" in view.page(0, 800).text and view.find("plumber").hits
        assert nowhere() == [], "while a page is shown"
        view._process.send_signal(signal.SIGSEGV)
        with pytest.raises(Problem, match="preview-too-hard"):
            view.page(0, 900)
        assert nowhere() == [], "after the child crashed"

        def stop(done: int, _total: int, _note: object = None, /) -> None:
            if done:
                raise Cancelled

        with pytest.raises(Cancelled):
            vault.read_to(text, tmp_path / "home" / "copy.txt", stop)
        assert nowhere() == [], "after saving a copy was stopped"
        loan = vault.lend(text)
        assert loan.file.is_relative_to(tmp_path / "run")
        out = nowhere()
        assert set(out) == {str(loan.file), str(loan.file.parents[1] / "record")}, "while lent"
        loan.file.write_bytes(TEXT * 2)
    assert vault.recalled == (f"{FOLDER}/{loan.file.stem} (changed outside).txt",)
    assert nowhere() == [], "after the vault was locked"
    store.close()
    log.stop_log()
    assert nowhere() == []
    assert len(everything_written(*world)) > 10


def test_the_check_above_can_see(tmp_path: Path) -> None:
    """A name in the clear anywhere would be found: the spellings cover how files keep text."""
    hidden = base64.b64encode(b"xx" + TEXT)
    assert any(spelling in hidden for spelling in spellings(TEXT))
