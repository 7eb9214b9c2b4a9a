"""What the vault page has done off the window's thread: the service's verbs, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.vault.model import Added, Listing, Refusal, VaultState
from guardian.vault.service import Vault, VaultService, look_at


@dataclass(frozen=True)
class Opened:
    """A vault that was just opened, and what its first folder holds."""

    vault: Vault
    listing: Listing


@dataclass(frozen=True)
class Filled:
    """What came of adding: how many documents, which files not, and the folder afterwards."""

    count: int
    refused: tuple[Refusal, ...]
    listing: Listing


def make(service: VaultService, folder: Path, passphrase: str, report: Report) -> Opened:
    return look_inside(service.create(folder, passphrase, report), report)


def unlock(service: VaultService, folder: Path, passphrase: str, report: Report) -> Opened:
    return look_inside(service.open(folder, passphrase, report), report)


def look_inside(vault: Vault, report: Report) -> Opened:
    """``vault`` with its first folder; locked again if that cannot be read."""
    try:
        return Opened(vault, list_folder(vault, "", report))
    except BaseException:
        vault.lock()
        raise


def probe(service: VaultService, folder: Path, report: Report) -> Path:
    """``folder``, if it looks like a vault from outside. Raises the ``Problem`` with it."""
    report(0, 0)
    if look_at(folder) is VaultState.FOUND:
        return folder
    try:
        service.open(folder, "").lock()  # stops at what is wrong and names it
    except Problem as problem:
        if problem.code == "passphrase-wrong":  # only the documents' own folder is missing
            raise Problem("vault-folder-damaged", name=folder.name) from None
        raise
    return folder


def list_folder(vault: Vault, path: str, report: Report) -> Listing:
    report(0, 0)
    listing = vault.list(path)
    report(1, 1)  # a wish to stop counts although the list is ready
    return listing


def add(vault: Vault, files: Sequence[Path], path: str, report: Report) -> Filled:
    result: Added = vault.add(files, path, report)
    return Filled(len(result.added), result.refused, vault.list(path))


def save(vault: Vault, path: str, target: Path, report: Report) -> Path:
    """A copy of a document as ``target``, which the person has agreed to replace."""
    vault.read_to(path, target, report, overwrite=True)
    return target
