"""Opening a vault on this computer without its passphrase: by a key in the system's keyring.

The keyring keeps a random device key; the vault's keys lie wrapped under it in the encrypted
records. Neither opens anything alone, and the passphrase is kept nowhere.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from guardian.core import keychain
from guardian.core.errors import Problem
from guardian.core.keychain import Keychain
from guardian.vault.cryptomator import root
from guardian.vault.cryptomator.ciphers import SIV_GCM
from guardian.vault.cryptomator.config import THRESHOLD, Config
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.masterkey import KEY_BYTES, MasterKey
from guardian.vault.cryptomator.tree import ROOT_ID, Tree
from guardian.vault.model import shown
from guardian.vault.repository import VaultRepository, WrappedKey


def allow(vaults: VaultRepository, folder: Path, passphrase: str) -> None:
    """Let this computer open the vault in ``folder``, which ``passphrase`` must open now.

    Raises ``Problem``: ``vault-here-no-records`` while nothing is remembered,
    ``vault-here-no-keyring`` without a keyring that is a real one, and what the keyring refuses.
    """
    if not vaults.lasting:
        raise Problem("vault-here-no-records")
    chain = real_keychain()
    config = root.read_config(folder)
    key = root.read_key(folder, config, passphrase)
    config.verify(key)
    before = vaults.wrapped_key(folder)
    item = before.item if before else f"vault {secrets.token_hex(8)}"
    device_key = secrets.token_bytes(KEY_BYTES)
    # the records first: a crash in between leaves nothing in the keyring that nobody knows of
    vaults.keep_wrapped_key(folder, WrappedKey(item, aes_key_wrap(device_key, key.raw)))
    try:
        chain.set(item, device_key.hex())
        if chain.get(item) != device_key.hex():
            raise Problem("keyring-failed")
    except BaseException:
        vaults.drop_wrapped_key(folder)
        raise


def unlock(vaults: VaultRepository, folder: Path) -> Filesystem:
    """Open the vault in ``folder`` with the key this computer keeps.

    Raises ``Problem``: ``vault-here-none`` where that was not allowed, ``vault-here-gone`` where
    the keyring no longer has its part, ``vault-here-other`` where another vault lies there now;
    the last two end the permission.
    """
    kept = vaults.wrapped_key(folder)
    if kept is None:
        raise Problem("vault-here-none", name=shown(folder.name))
    config = root.read_config(folder)
    found = real_keychain().get(kept.item)
    try:
        raw = aes_key_unwrap(bytes.fromhex(found or ""), kept.wrapped)
    except (InvalidUnwrap, ValueError):
        revoke(vaults, folder)
        raise Problem("vault-here-gone", name=shown(folder.name)) from None
    key = MasterKey(raw[:KEY_BYTES], raw[KEY_BYTES:])
    if not Tree(folder, key, Config(SIV_GCM.name, THRESHOLD)).place_of(ROOT_ID).is_dir():
        revoke(vaults, folder)
        raise Problem("vault-here-other", name=shown(folder.name))
    return root.open_with_key(folder, key, config)


def revoke(vaults: VaultRepository, folder: Path) -> None:
    """End the permission. Raises ``Problem("vault-here-left")`` where the keyring does not answer:
    the vault no longer opens, but the keyring's part, of no use alone, is still there."""
    kept = vaults.wrapped_key(folder)
    if kept is None:
        return
    vaults.drop_wrapped_key(folder)
    try:
        real_keychain().delete(kept.item)
    except Problem as problem:
        raise Problem("vault-here-left", item=kept.item) from problem


def real_keychain() -> Keychain:
    chain = keychain.find_keychain()
    if chain is None:
        raise Problem("vault-here-no-keyring")
    return chain
