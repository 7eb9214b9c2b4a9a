"""Twelve words on paper that open a vault whose passphrase is lost, and the key for the worst day.

The words are the passphrase of a second key file. Other programs for the format pass over it;
under the name of the first one they open the vault with the words as its passphrase.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.vault.access.keys import standard_words
from guardian.vault.cryptomator import masterkey, root
from guardian.vault.cryptomator.ciphers import CIPHERS, SIV_GCM
from guardian.vault.cryptomator.config import (
    CONFIG_FILE,
    KEY_FILE,
    LEAST_THRESHOLD,
    THRESHOLD,
    Config,
    parse_config,
    write_config,
)
from guardian.vault.cryptomator.disk import is_file, write_synced
from guardian.vault.cryptomator.masterkey import KEY_BYTES, MasterKey
from guardian.vault.cryptomator.tree import (
    CONTENT,
    LONG_NAME,
    MAX_LONG_NAME_BYTES,
    ROOT_ID,
    Tree,
)
from guardian.vault.model import Sheet, shown

RECOVERY_FILE = "masterkey.recovery.cryptomator"
COUNT = 12
SECRET_BYTES = 16  # 128 bits, which BIP-39 spells as twelve words with four bits to check them
CHECK_BYTES = 4
# files looked at to tell how a vault that lost its configuration was encrypted
SAMPLES = 50
CONFIG_LOST = ("vault-not-one", "vault-file-missing", "vault-config-damaged")


def make(folder: Path, passphrase: str, now: datetime) -> Sheet:
    """New recovery words for the vault in ``folder``, in force when this returns.

    Earlier words end in the same step; a crash leaves the earlier ones or the new ones valid.
    The words are in the answer and nowhere else. Raises ``Problem``.
    """
    config = root.read_config(folder)
    refuse_sole_key(config.key_file)
    key = root.read_key(folder, config, passphrase)
    config.verify(key)
    words = spell(secrets.token_bytes(SECRET_BYTES))
    root.replace_masterkey(folder, RECOVERY_FILE, key, " ".join(words))
    return Sheet(shown(folder.name), now.date(), words, write_key(key))


def is_there(folder: Path) -> bool:
    """Whether the vault has recovery words. Raises ``Problem`` where one may not look."""
    with mendable_file_errors(folder / RECOVERY_FILE):
        return is_file(folder / RECOVERY_FILE)


def revoke(folder: Path) -> None:
    """End the recovery words. Refused with a ``Problem`` while nothing else opens the vault."""
    root.inspect(folder)
    refuse_sole_key(root.read_config(folder).key_file)
    with mendable_file_errors(folder / RECOVERY_FILE):
        (folder / RECOVERY_FILE).unlink(missing_ok=True)
        sync_folder(folder)


def refuse_sole_key(key_file: str) -> None:
    """A vault whose configuration names the recovery file as its key file has no other one."""
    if key_file.casefold() == RECOVERY_FILE:
        raise Problem("vault-config-damaged", file=CONFIG_FILE)


def reset_passphrase(folder: Path, words: str, new: str) -> None:
    """Let ``new`` open the vault, by its recovery words, which stay valid.

    Works when ``vault.cryptomator`` or ``masterkey.cryptomator`` is missing or damaged: they are
    made anew. Raises ``Problem``: what :func:`read_words` raises, ``recovery-none``, and
    ``recovery-wrong`` for the words of another vault or an older sheet.
    """
    phrase = " ".join(read_words(words))
    if not is_there(folder):
        raise Problem("recovery-none", name=shown(folder.name))
    data = root.read_metadata(folder, RECOVERY_FILE)
    try:
        key = masterkey.unwrap_masterkey(data, phrase, RECOVERY_FILE)
    except Problem as problem:
        if problem.code != "passphrase-wrong":
            raise
        raise Problem("recovery-wrong") from None
    restore(folder, key, new)


def rebuild(folder: Path, key_text: str, new: str) -> None:
    """Let ``new`` open the vault, by the key from the square code of its sheet.

    For the day all key files are gone: they are made anew. Raises ``Problem``:
    ``recovery-key-unreadable``, ``recovery-key-other``.
    """
    restore(folder, parse_key(key_text), new)


def write_key(key: MasterKey) -> str:
    """The vault's keys as 136 hexadecimal digits: the last eight, of their SHA-256, check them.

    The check is needed: the place of a vault's first folder depends on one of the keys only, so
    one misread digit in the other would pass for the vault's own.
    """
    return (key.raw + hashlib.sha256(key.raw).digest()[:CHECK_BYTES]).hex().upper()


def parse_key(text: str) -> MasterKey:
    """The keys that :func:`write_key` wrote, spaces or not. Raises ``Problem``."""
    count = 2 * (2 * KEY_BYTES + CHECK_BYTES)
    digits = re.sub(r"[\s-]+", "", text)
    if re.fullmatch(f"[0-9A-Fa-f]{{{count}}}", digits):
        raw = bytes.fromhex(digits)
        key = MasterKey(raw[:KEY_BYTES], raw[KEY_BYTES : 2 * KEY_BYTES])
        if write_key(key) == digits.upper():
            return key
    raise Problem("recovery-key-unreadable", count=count)


def restore(folder: Path, key: MasterKey, new: str) -> None:
    """Write the files that open the vault, as far as they are not whole, for ``key`` and ``new``.

    The key proves itself: the place of a vault's first folder is computed from it.
    """
    with mendable_file_errors(folder):
        if not (folder / CONTENT).is_dir():
            code = "vault-folder-damaged" if folder.is_dir() else "vault-missing"
            raise Problem(code, name=shown(folder.name))
    if not Tree(folder, key, Config(SIV_GCM.name, THRESHOLD)).place_of(ROOT_ID).is_dir():
        raise Problem("recovery-key-other", name=shown(folder.name))
    key_file = sound_key_file(folder, key)
    root.replace_masterkey(folder, key_file or KEY_FILE, key, new)
    if key_file is None:
        write_config_anew(folder, key)


def sound_key_file(folder: Path, key: MasterKey) -> str | None:
    """The key file that the vault's configuration names, or None where that has to be rewritten.

    Raises ``Problem`` for a vault of another format or kind, which is nothing to be mended.
    """
    try:
        config = root.read_config(folder)
        config.verify(key)
    except Problem as problem:
        if problem.code not in CONFIG_LOST:
            raise
        return None
    return config.key_file


def write_config_anew(folder: Path, key: MasterKey) -> None:
    """A new ``vault.cryptomator``; what stood there before is kept beside it as a ``.bkup``."""
    with mendable_file_errors(folder / CONFIG_FILE):
        copy = root.backup_of(folder / CONFIG_FILE)
        if copy is not None and not is_file(copy):
            write_synced(copy, root.read_metadata(folder, CONFIG_FILE))
        data = write_config(key, threshold_of(folder), cipher_of(folder, key))
        root.put_file(folder, CONFIG_FILE, data, lambda kept: bool(parse_config(kept).verify(key)))


def cipher_of(folder: Path, key: MasterKey) -> str:
    """How the vault's documents are encrypted, as far as a few of them show; the usual way else."""
    looked = 0
    for file in (folder / CONTENT).rglob("*.c9r"):
        if not is_file(file):
            continue
        with file.open("rb") as opened:
            start = opened.read(max(cipher.header for cipher in CIPHERS.values()))
        for name, cipher in CIPHERS.items():
            try:
                cipher.open_header(key, start[: cipher.header])
            except InvalidTag:
                continue
            return name
        looked += 1
        if looked == SAMPLES:
            break
    return SIV_GCM.name


def threshold_of(folder: Path) -> int:
    """From which length on the vault shortens encrypted names: just below the shortest it did."""
    lengths = [THRESHOLD + 1]
    for file in (folder / CONTENT).rglob(LONG_NAME):
        length = file.lstat().st_size
        if LEAST_THRESHOLD < length <= MAX_LONG_NAME_BYTES:
            lengths.append(length)
    return min(lengths) - 1


def spell(secret: bytes) -> tuple[str, ...]:
    """BIP-39: 16 bytes and four bits of their SHA-256 as twelve words of eleven bits each."""
    bits = int.from_bytes(secret, "big") << 4 | hashlib.sha256(secret).digest()[0] >> 4
    words = standard_words()
    return tuple(words[bits >> 11 * place & 2047] for place in reversed(range(COUNT)))


def read_words(typed: str) -> tuple[str, ...]:
    """The twelve words in what a person typed, whatever stands between them.

    Raises ``Problem``, none of which repeats a word: ``recovery-word-count``,
    ``recovery-word-unknown`` with its ``place`` (from 1), and ``recovery-words-mixed`` where all
    are known but the bits that check them do not fit.
    """
    found = tuple(re.findall(r"[^\W\d_]+", typed.casefold()))
    if len(found) != COUNT:
        raise Problem("recovery-word-count", count=len(found), needed=COUNT)
    numbers = {word: number for number, word in enumerate(standard_words())}
    for place, word in enumerate(found, 1):
        if word not in numbers:
            raise Problem("recovery-word-unknown", place=place)
    bits = 0
    for word in found:
        bits = bits << 11 | numbers[word]
    if spell((bits >> 4).to_bytes(SECRET_BYTES, "big")) != found:
        raise Problem("recovery-words-mixed")
    return found
