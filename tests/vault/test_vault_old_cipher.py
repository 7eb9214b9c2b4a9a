"""Vaults from before 2023: everything in them is read, nothing in them is ever changed."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import uuid
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.vault.cryptomator import masterkey, root
from guardian.vault.cryptomator.ciphers import SIV_CTRMAC
from guardian.vault.cryptomator.config import parse_config
from guardian.vault.cryptomator.content import DocumentReader
from guardian.vault.cryptomator.encoding import encode_token
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.names import NameCipher, shorten
from guardian.vault.model import Details, Kind
from guardian.vault.service import Vault, VaultService

PASSPHRASE = "correct horse battery"
KEY = MasterKey(b"\x01" * 32, b"\x02" * 32)
SIZES = [0, 1, 32767, 32768, 32769, 65536, 2**20 + 7]
DOCUMENTS = {"empty.txt": b"", "letter.txt": b"Dear all", "papers/scan.pdf": os.urandom(70_000)}

# The configuration, key file and names of a vault that the official app made: test data of
# github.com/MangoCubes/cryptomator-ts (MIT licence).
REAL_PASSPHRASE = "12341234"
REAL_CONFIG = (
    b"eyJraWQiOiJtYXN0ZXJrZXlmaWxlOm1hc3RlcmtleS5jcnlwdG9tYXRvciIsInR5cCI6IkpXVCIsImFsZyI6IkhTMjU2"
    b"In0.eyJmb3JtYXQiOjgsInNob3J0ZW5pbmdUaHJlc2hvbGQiOjIyMCwianRpIjoiNzhlNjNiZWQtNDg3Yi00MzNiLTlj"
    b"ZmQtYWYyOWM5ZmVmNTQ1IiwiY2lwaGVyQ29tYm8iOiJTSVZfQ1RSTUFDIn0.ndmGk_Witjhep31qyMMDXkED9V-ztM4v"
    b"qHEWmRy5bjM"
)
REAL_KEY_FILE = (
    b'{"version":999,"scryptSalt":"329f1xMFmH8=","scryptCostParam":32768,"scryptBlockSize":8,'
    b'"primaryMasterKey":"r9n5psox+umNW+6c56KeU+7QdtOOVbJZ12wKkkmIglA4B/DB2cTogw==",'
    b'"hmacMasterKey":"QEjosxKEe4R2g4+ZpsME09S1wOBZobZUQW3TqKGupR2/sNmFvyyVww==",'
    b'"versionMac":"civDndVHx90ZIG5x5qYSf7KZIpEV/uEefjk1aIb8dfg="}'
)
REAL_PLACE = "B4H2GMZCM5FV3OZMJ6VSR7QQ6RUO3IRA"
REAL_SHORT_NAME = "9Ew5YriWIRClwB9PjLCJu3uGIbAZhhrpKc4x.c9r"
REAL_LONG_NAME = (
    "EVjR2dC4qI6PQtIzKm2lChr4BrR5O2q7ctIhRx46MH0BYTcDCFJ4Kl1O7sW8DqXHHeBt75vsWcOmPvm45qhHLlYuXFD_c"
    "lXErMphA920PTfKdXyvLZKCq2MAh39GDwKUd6IJEqDQxXMde-xjz3FCZDgv_gCfJAtw8U29fC3dNFBI4L8LI2MkoFS3pq"
    "1sxR4OsLv5Fn5oE6vBaPSrisCDKv2jYmXjaUUBR0i9tEfrzwJY7WBqstNImrOg8dB-q1-6SpTGgEFatMTLNo6QvZsILAd"
    "YZIcoTbpmGorxa3wuehNbN0ij51kweRSR9U_NoRBlrXVQqMOCpu7zxchj6Uch6FGy3VA=.c9r"
)


def ctr(key: bytes, nonce: bytes, data: bytes) -> bytes:
    return Cipher(AES(key), CTR(nonce)).encryptor().update(data)


def mac(key: MasterKey, *parts: bytes) -> bytes:
    return hmac.new(key.authentication, b"".join(parts), hashlib.sha256).digest()


def seal_old(clear: bytes, key: MasterKey = KEY) -> bytes:
    """A document as the apps wrote it before 2023."""
    header_nonce, content_key = os.urandom(16), os.urandom(32)
    header = header_nonce + ctr(key.encryption, header_nonce, b"\xff" * 8 + content_key)
    sealed = header + mac(key, header)
    for number, start in enumerate(range(0, len(clear), 32768)):
        nonce = os.urandom(16)
        chunk = nonce + ctr(content_key, nonce, clear[start : start + 32768])
        sealed += chunk + mac(key, header_nonce, number.to_bytes(8, "big"), chunk)
    return sealed


def opened(data: bytes) -> bytes:
    with DocumentReader(BytesIO(data), KEY, "a.txt", SIV_CTRMAC) as reader:
        return b"".join(reader.pieces())


def is_refused(data: bytes) -> bool:
    try:
        opened(data)
    except Problem as problem:
        return problem.code == "vault-document-damaged" and problem.facts == {"name": "a.txt"}
    return False


def make_old(folder: Path, documents: dict[str, bytes], key: MasterKey = KEY) -> None:
    """A vault as the apps made it before 2023, with one link in it."""
    names = NameCipher(key)
    header = {"kid": "masterkeyfile:masterkey.cryptomator", "typ": "JWT", "alg": "HS256"}
    payload = {"format": 8, "shorteningThreshold": 220, "jti": "x", "cipherCombo": "SIV_CTRMAC"}
    signed = ".".join(encode_token(msgspec.json.encode(part)) for part in (header, payload))
    signature = encode_token(hmac.digest(key.raw, signed.encode(), "sha256"))
    folder.mkdir()
    (folder / "vault.cryptomator").write_text(f"{signed}.{signature}")
    (folder / "masterkey.cryptomator").write_bytes(masterkey.wrap_masterkey(key, PASSPHRASE))
    ids: dict[str, str] = {}

    def place(path: str) -> tuple[Path, str]:
        if path not in ids:
            ids[path] = str(uuid.uuid4()) if path else ""
            digest = names.folder_hash(ids[path])
            (folder / "d" / digest[:2] / digest[2:]).mkdir(parents=True)
            own = folder / "d" / digest[:2] / digest[2:] / "dirid.c9r"
            own.write_bytes(seal_old(ids[path].encode(), key))
            if path:
                above, parent_id = place(path.rpartition("/")[0])
                entry = above / names.encrypt(path.rpartition("/")[2], parent_id)
                entry.mkdir()
                (entry / "dir.c9r").write_text(ids[path])
        digest = names.folder_hash(ids[path])
        return folder / "d" / digest[:2] / digest[2:], ids[path]

    for path, data in documents.items():
        above, parent_id = place(path.rpartition("/")[0])
        entry = above / names.encrypt(path.rpartition("/")[2], parent_id)
        entry.write_bytes(seal_old(data, key))
        os.utime(entry, (1_500_000_000, 1_500_000_000))
    link = place("")[0] / names.encrypt("a link", "")
    link.mkdir()
    (link / "symlink.c9r").write_bytes(seal_old(b"../elsewhere", key))


@pytest.fixture
def old(tmp_path: Path, service: VaultService) -> Vault:
    make_old(tmp_path / "old", DOCUMENTS)
    return service.open(tmp_path / "old", PASSPHRASE)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_read_and_told_without_opening(size: int) -> None:
    clear = os.urandom(size)
    data = seal_old(clear)
    assert len(data) == SIV_CTRMAC.encrypted_size(size)
    assert SIV_CTRMAC.clear_size(len(data)) == size
    assert opened(data) == clear


def test_any_part_can_be_read_alone() -> None:
    clear = os.urandom(100_000)
    with DocumentReader(BytesIO(seal_old(clear)), KEY, "a.txt", SIV_CTRMAC) as reader:
        for offset in (0, 1, 32767, 32768, 65535, 99_999):
            assert reader.read_at(offset, 40_000) == clear[offset : offset + 40_000]


def test_every_changed_byte_of_header_and_first_chunk_is_refused() -> None:
    data = seal_old(b"x" * 40)
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1 << place % 8
        assert is_refused(bytes(broken))


def test_a_thousand_flips_elsewhere_are_refused() -> None:
    data = seal_old(bytes(100_000))
    for place in random.Random(3).sample(range(88 + 32816, len(data)), 1000):
        broken = bytearray(data)
        broken[place] ^= 0x20
        assert is_refused(bytes(broken))


def test_chunks_cannot_change_places() -> None:
    data = seal_old(os.urandom(2 * 32768))
    header, first, second = data[:88], data[88 : 88 + 32816], data[88 + 32816 :]
    assert is_refused(header + second + first)
    assert is_refused(data[: 88 + 32816 + 47])


@given(st.binary(max_size=300))
def test_random_bytes_are_never_an_old_document(data: bytes) -> None:
    assert is_refused(data)


def test_an_old_vault_is_listed_and_read(old: Vault) -> None:
    listing = old.list()
    assert listing.not_read == ()
    assert [(e.name, e.kind, e.size) for e in listing.entries] == [
        ("papers", Kind.FOLDER, None),
        ("a link", Kind.LINK, None),
        ("empty.txt", Kind.FILE, 0),
        ("letter.txt", Kind.FILE, 8),
    ]
    for path, data in DOCUMENTS.items():
        assert old.read(path) == data
    with old.open_document("papers/scan.pdf") as file:
        file.seek(-10, os.SEEK_END)
        assert file.read() == DOCUMENTS["papers/scan.pdf"][-10:]


def test_folder_ids_and_links_are_encrypted_the_old_way_too(old: Vault) -> None:
    tree = old._tree
    papers = tree.folder("papers")
    with tree.open_sealed(papers.place / "dirid.c9r", "dirid.c9r") as reader:
        assert b"".join(reader.pieces()).decode() == papers.id
    with tree.open_sealed(tree.find("a link").file, "a link") as reader:
        assert b"".join(reader.pieces()) == b"../elsewhere"


def test_every_change_is_refused_and_nothing_is_touched(
    old: Vault, document: Callable[..., Path]
) -> None:
    before = {path: path.read_bytes() for path in old.folder.rglob("*") if path.is_file()}
    changes: list[Callable[[], object]] = [
        lambda: old.add([document()]),
        lambda: old.replace("letter.txt", document()),
        lambda: old.make_folder("new"),
        lambda: old.rename("letter.txt", "other.txt"),
        lambda: old.move(["letter.txt"], "papers"),
        lambda: old.discard(["letter.txt"]),
        lambda: old.describe("letter.txt", Details("note")),
    ]
    for change in changes:
        with pytest.raises(Problem) as caught:
            change()
        assert (caught.value.code, caught.value.facts) == ("vault-read-only", {"name": "old"})
    old.lock()
    assert {p: p.read_bytes() for p in before} == before
    assert {path for path in old.folder.rglob("*") if path.is_file()} == set(before)


def test_everything_is_copied_into_a_new_vault(old: Vault, vault: Vault) -> None:
    done = old.copy_into(vault)
    assert sorted(one.path for one in done.added) == sorted(DOCUMENTS)
    assert [(one.source.name, one.problem.code) for one in done.refused] == [
        ("a link", "vault-entry-link")
    ]
    for path, data in DOCUMENTS.items():
        assert vault.read(path) == data
    (letter,) = [entry for entry in vault.list().entries if entry.name == "letter.txt"]
    assert letter.modified.timestamp() == 1_500_000_000
    assert vault.check(full=True).findings == ()


def test_a_damaged_document_is_told_and_the_others_are_copied(old: Vault, vault: Vault) -> None:
    place = old._tree.find("papers/scan.pdf").place
    broken = bytearray(place.read_bytes())
    broken[-1] ^= 1
    place.write_bytes(broken)
    done = old.copy_into(vault)
    assert sorted(one.path for one in done.added) == ["empty.txt", "letter.txt"]
    told = {one.source.name: one.problem.code for one in done.refused}
    assert told == {"a link": "vault-entry-link", "scan.pdf": "vault-document-damaged"}


def test_what_the_official_app_wrote_opens() -> None:
    key = masterkey.unwrap_masterkey(REAL_KEY_FILE, REAL_PASSPHRASE, "masterkey.cryptomator")
    assert parse_config(REAL_CONFIG).verify(key).cipher == "SIV_CTRMAC"
    names = NameCipher(key)
    assert names.folder_hash("") == REAL_PLACE
    assert names.decrypt(REAL_SHORT_NAME, "")
    assert shorten(REAL_LONG_NAME) == "E1vNgVt3pngfbQemvYLM22XfawU=.c9s"
    assert len(names.decrypt(REAL_LONG_NAME, "")) > 146


def test_new_vaults_are_made_the_new_way(vault: Vault) -> None:
    config = root.read_config(vault.folder).verify(vault._tree.key)
    assert (config.cipher, vault._tree.read_only) == ("SIV_GCM", False)
