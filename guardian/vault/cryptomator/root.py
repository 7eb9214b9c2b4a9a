"""A vault's own folder: making one that is whole or not there, opening one, knowing one."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder, write_atomically
from guardian.core.paths import assets
from guardian.vault.cryptomator import masterkey
from guardian.vault.cryptomator.ciphers import SIV_GCM
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
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.masterkey import MasterKey, MasterKeyFile
from guardian.vault.cryptomator.tree import CONTENT, ROOT_ID
from guardian.vault.cryptomator.workspace import Workspace, sweep
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
            tree = Filesystem(root, key, Config(SIV_GCM.name, THRESHOLD))
            tree.make_content_place(ROOT_ID)
            write_atomically(root / README, (assets() / README_SOURCE).read_bytes())
            write_atomically(root / CONFIG_FILE, write_config(key))
            (root / UNFINISHED).unlink()
            sync_folder(root)
            if made:
                sync_folder(root.parent)
    except BaseException:
        # the first refusal is what counts; a vault whose last file stays is left whole
        with suppress(OSError):
            (root / CONFIG_FILE).unlink(missing_ok=True)
            remove_unfinished(root)
            if made:
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
    return open_with_key(root, read_key(root, config, passphrase), config)


def read_key(root: Path, config: UnverifiedConfig, passphrase: str) -> MasterKey:
    """The vault's keys, from the file its configuration names. Raises ``Problem``."""
    data = read_metadata(root, config.key_file)
    return masterkey.unwrap_masterkey(data, passphrase, config.key_file)


def open_with_key(root: Path, key: MasterKey, config: UnverifiedConfig) -> Filesystem:
    """The tree of a vault whose key is already known. Raises ``Problem``."""
    tree = Filesystem(root, key, config.verify(key))
    if not tree.place_of(ROOT_ID).is_dir():
        raise Problem("vault-folder-damaged", name=shown(root.name))
    sweep(root)
    with suppress(OSError):
        (root / UNFINISHED).unlink(missing_ok=True)
    return tree


def change_passphrase(root: Path, old: str, new: str) -> int:
    """Let ``new`` open the vault in ``root`` instead of ``old``; the keys inside stay the same.

    Answers how many key files for earlier passphrases other programs left beside it. A crash at
    any point leaves one of the two valid. Raises ``Problem``, among them ``passphrase-wrong``.
    """
    config = read_config(root)
    data = read_metadata(root, config.key_file)
    key = masterkey.unwrap_masterkey(data, old, config.key_file)
    entry, *_ = masterkey.parse_masterkey(data, config.key_file)
    replace_masterkey(root, config.key_file, key, new, entry)
    return len(list(root.glob(f"{config.key_file}.????????.bkup")))


def replace_masterkey(
    root: Path, file: str, key: MasterKey, passphrase: str, like: MasterKeyFile | None = None
) -> None:
    """Wrap ``key`` under ``passphrase`` in the key file named ``file``, old or new.

    The new file is read back and opened with the passphrase before it takes the old one's place,
    in one step. No copy of the old one is kept, and the copy that other programs make of it
    (``.bkup``) goes too: whoever changes a passphrase that became known wants no file in the
    vault that still opens with it.
    """
    with mendable_file_errors(root / file):
        copy = backup_of(root / file)
        data = masterkey.wrap_masterkey(key, passphrase, like)
        put_file(root, file, data, lambda kept: opens(kept, passphrase, key, file))
        if copy is not None:
            copy.unlink(missing_ok=True)
            sync_folder(root)


def opens(data: bytes, passphrase: str, key: MasterKey, file: str) -> bool:
    """Whether a key file's content gives ``key`` for ``passphrase``."""
    try:
        return masterkey.unwrap_masterkey(data, passphrase, file) == key
    except Problem:
        return False


def put_file(root: Path, name: str, data: bytes, good: Callable[[bytes], bool]) -> None:
    """Replace a metadata file in one step, once what the disk gives back is ``good``.

    What a crash leaves unfinished is swept by the next unlock. Raises ``OSError``, and
    ``Problem("vault-key-file-unkept")`` with the old file in place.
    """
    workspace = Workspace(root)
    try:
        temporary = workspace.new_path()
        write_synced(temporary, data)
        mode = 0o600
        with suppress(FileNotFoundError):
            mode = stat.S_IMODE((root / name).stat().st_mode)
        temporary.chmod(mode)
        if not good(read_bounded(temporary, masterkey.MAX_FILE_BYTES)):
            raise Problem("vault-key-file-unkept", file=name)
        temporary.replace(root / name)
        sync_folder(root)
    finally:
        workspace.close()


def backup_of(file: Path) -> Path | None:
    """Where programs for the format keep their copy of a metadata file as it is now.

    None where it cannot be read as such a file.
    """
    try:
        digest = hashlib.sha256(read_bounded(file, masterkey.MAX_FILE_BYTES)).digest()
    except (OSError, ValueError):
        return None
    return file.with_name(f"{file.name}.{digest[:4].hex().upper()}.bkup")


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
