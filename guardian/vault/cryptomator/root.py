"""A vault's own folder: making one that is whole or not there, opening one, knowing one."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder, write_atomically
from guardian.core.paths import assets
from guardian.vault.cryptomator import masterkey
from guardian.vault.cryptomator.config import (
    CONFIG_FILE,
    KEY_FILE,
    THRESHOLD,
    Config,
    UnverifiedConfig,
    parse_config,
    write_config,
)
from guardian.vault.cryptomator.disk import read_bounded, write_synced
from guardian.vault.cryptomator.filesystem import CONTENT, ROOT_ID, Filesystem
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.workspace import sweep
from guardian.vault.model import shown

README = "HOW TO OPEN THIS VAULT.txt"
README_SOURCE = "vault/how-to-open.txt"
# there from the first to the last step of making a vault, so that a crash can be told from a loss
UNFINISHED = ".guardian-unfinished"
# what systems put into folders and onto empty sticks by themselves
FURNITURE = {
    ".ds_store",
    ".fseventsd",
    ".spotlight-v100",
    ".trashes",
    "desktop.ini",
    "lost+found",
    "system volume information",
    "thumbs.db",
}


def create(root: Path, passphrase: str) -> Filesystem:
    """Make a vault in ``root``, a folder that is empty or not there yet; its tree, open.

    The file that makes it a vault is written last. Whatever interrupts this leaves nothing that
    looks like a vault; what a crash leaves is replaced by the next try. Raises ``Problem``.
    """
    made = claim(root)
    try:
        with mendable_file_errors(root):
            key = masterkey.new_masterkey()
            write_synced(root / UNFINISHED, b"")
            write_atomically(root / KEY_FILE, masterkey.wrap_masterkey(key, passphrase))
            tree = Filesystem(root, key, Config("SIV_GCM", THRESHOLD))
            tree.make_content_place(ROOT_ID)
            write_atomically(root / README, (assets() / README_SOURCE).read_bytes())
            write_atomically(root / CONFIG_FILE, write_config(key))
            (root / UNFINISHED).unlink()
            sync_folder(root)
            if made:
                sync_folder(root.parent)
    except BaseException:
        (root / CONFIG_FILE).unlink(missing_ok=True)
        remove_unfinished(root)
        if made:
            with suppress(OSError):
                root.rmdir()
        raise
    return tree


def claim(root: Path) -> bool:
    """Make ``root`` an empty folder of ours; whether it had to be made. Raises ``Problem``."""
    with mendable_file_errors(root):
        try:
            root.mkdir(mode=0o700)
            return True
        except FileExistsError:
            if not root.is_dir():
                raise Problem("vault-place-is-file", name=shown(root.name)) from None
        except FileNotFoundError:
            raise Problem("vault-parent-missing", name=shown(root.parent.name)) from None
        if (root / UNFINISHED).exists():
            if (root / CONFIG_FILE).exists():
                raise Problem("vault-exists", name=shown(root.name))
            remove_unfinished(root)
        held = {entry.name for entry in root.iterdir()}
        if CONFIG_FILE in held:
            raise Problem("vault-exists", name=shown(root.name))
        if any(not is_furniture(name) for name in held):
            raise Problem("vault-place-not-empty", name=shown(root.name))
        if not os.access(root, os.W_OK | os.X_OK):
            raise PermissionError(root.name)
    return False


def is_furniture(name: str) -> bool:
    return name.lower() in FURNITURE or name.lower().startswith(".trash-")


def remove_unfinished(root: Path) -> None:
    """Take away what an interrupted creation left. No document was ever in it."""
    for name in (KEY_FILE, README):
        (root / name).unlink(missing_ok=True)
    for leftover in root.glob(".*.????????.tmp"):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(root / CONTENT, ignore_errors=True)
    (root / UNFINISHED).unlink(missing_ok=True)


def unlock(root: Path, passphrase: str) -> Filesystem:
    """Open the vault in ``root`` (0.1 s or more for the key). Raises ``Problem``.

    Sweeps what writers that are gone left unfinished.
    """
    config = read_config(root)
    data = read_metadata(root, config.key_file)
    key = masterkey.unwrap_masterkey(data, passphrase, config.key_file)
    return open_with_key(root, key, config)


def open_with_key(root: Path, key: MasterKey, config: UnverifiedConfig) -> Filesystem:
    """The tree of a vault whose key is already known. Raises ``Problem``."""
    tree = Filesystem(root, key, config.verify(key))
    if not tree.place_of(ROOT_ID).is_dir():
        raise Problem("vault-folder-damaged", name=shown(root.name))
    sweep(root)
    with suppress(OSError):
        (root / UNFINISHED).unlink(missing_ok=True)
    return tree


def inspect(root: Path) -> None:
    """Raise the ``Problem`` that keeps ``root`` from being opened, as far as no key is needed."""
    config = read_config(root)
    masterkey.parse_masterkey(read_metadata(root, config.key_file), config.key_file)
    if not (root / CONTENT).is_dir():
        raise Problem("vault-folder-damaged", name=shown(root.name))


def read_config(root: Path) -> UnverifiedConfig:
    with mendable_file_errors(Path(shown(str(root)))):
        # stat and not is_dir: «may not be looked into» is something else than «not there»
        try:
            (root / CONFIG_FILE).lstat()
        except (FileNotFoundError, NotADirectoryError):
            if root.is_dir():
                raise Problem("vault-not-one", name=shown(root.name)) from None
            raise Problem("vault-missing", name=shown(root.name)) from None
    return parse_config(read_metadata(root, CONFIG_FILE))


def read_metadata(root: Path, name: str) -> bytes:
    """A metadata file in the vault's folder, whole. Raises ``Problem`` that names it."""
    with mendable_file_errors(root / name):
        try:
            return read_bounded(root / name, masterkey.MAX_FILE_BYTES)
        except FileNotFoundError:
            raise Problem("vault-file-missing", file=name) from None
        except ValueError as error:
            raise Problem("vault-config-damaged", file=name) from error
