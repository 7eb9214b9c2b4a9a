"""What the vault page has done off the window's thread: the service's verbs, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.vault.model import (
    Added,
    Addition,
    Conflict,
    Details,
    Listing,
    Moved,
    Removed,
    Saved,
    VaultState,
)
from guardian.vault.service import Vault, VaultService, look_at


@dataclass(frozen=True)
class Opened:
    """A vault that was just opened, and what its first folder holds."""

    vault: Vault
    listing: Listing


def make(service: VaultService, folder: Path, passphrase: str, report: Report) -> Opened:
    return look_inside(service.create(folder, passphrase, report), report)


def unlock(service: VaultService, folder: Path, passphrase: str, report: Report) -> Opened:
    return look_inside(service.open(folder, passphrase, report), report)


def unlock_here(service: VaultService, folder: Path, report: Report) -> Opened:
    """With the key that this computer keeps."""
    return look_inside(service.open_here(folder, report), report)


def look_inside(vault: Vault, report: Report) -> Opened:
    """``vault`` with its first folder; locked again if that cannot be read."""
    try:
        return Opened(vault, list_folder(vault, "", report))
    except BaseException:
        vault.lock()
        raise


def forget(service: VaultService, folder: Path, report: Report) -> None:
    report(0, 0)
    service.forget(folder)  # asks the keyring, which may take its time


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


def add(vault: Vault, files: Sequence[Path], path: str, report: Report) -> Added:
    return vault.add(files, path, report)


def remove_originals(vault: Vault, added: Sequence[Addition], report: Report) -> Removed:
    return vault.remove_originals(added, report)


def save(vault: Vault, path: str, target: Path, report: Report) -> Path:
    """A copy of a document as ``target``, which the person has agreed to replace."""
    vault.read_to(path, target, report, overwrite=True)
    return target


def save_all(vault: Vault, paths: Sequence[str], folder: Path, report: Report) -> Saved:
    return vault.save(paths, folder, report)


def copy_to_new(
    vault: Vault, service: VaultService, folder: Path, passphrase: str, report: Report
) -> Added:
    """Every document of ``vault`` in a new vault, which is locked again at the end."""
    with service.create(folder, passphrase, report) as other:
        return vault.copy_into(other, report)


def make_folder(vault: Vault, path: str, report: Report) -> None:
    report(0, 0)
    vault.make_folder(path)


def rename(vault: Vault, path: str, name: str, report: Report) -> Moved:
    report(0, 0)
    return vault.rename(path, name)


def move(vault: Vault, paths: Sequence[str], folder: str, report: Report) -> Moved:
    return vault.move(paths, folder, report)


def discard(vault: Vault, paths: Sequence[str], report: Report) -> Moved:
    return vault.discard(paths, report)


def undo(vault: Vault, moved: Moved, report: Report) -> Moved:
    return vault.undo(moved, report)


def restore(vault: Vault, moved: Moved, report: Report) -> Moved:
    """What was put in the trash comes back; the new paths of ``moved`` are its keys there."""
    return vault.restore([key for _, key in moved.moved], report)


def describe(vault: Vault, path: str, details: Details, report: Report) -> None:
    report(0, 0)
    vault.describe(path, details)


def keep_conflict(vault: Vault, conflict: Conflict, report: Report) -> str:
    report(0, 0)
    return vault.keep_conflict(conflict)
