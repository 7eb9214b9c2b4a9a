"""What one encrypted file shows when it is looked at: its checksums, and how far it is intact."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from guardian.core.errors import mendable_file_errors
from guardian.vault.cryptomator.ciphers import OpenChunk
from guardian.vault.cryptomator.content import Seal
from guardian.vault.cryptomator.disk import open_regular
from guardian.vault.cryptomator.tree import Tree

# chunks read at a time: 1 MiB, so that stopping feels immediate
BATCH = 32

Passed = Callable[[int], None]


class Harm(StrEnum):
    """What keeps a document from being decrypted."""

    HEADER = "header"
    CUT = "cut"
    CONTENT = "content"


@dataclass(frozen=True)
class Look:
    """What was seen of an encrypted file.

    ``whole`` is empty where only the header was read; ``intact`` counts the bytes in the clear
    that decrypt, up to the first damage, as far as they were read.
    """

    size: int
    header: bytes
    whole: bytes
    harm: Harm | None
    intact: int

    def to_seal(self) -> Seal:
        return Seal(self.intact, self.size, self.header, self.whole)


def inspect_header(tree: Tree, file: Path) -> Look:
    """The size of ``file`` and whether its header opens. Raises ``Problem`` where unreadable."""
    with mendable_file_errors(file), open_sealed(file) as source:
        size = os.fstat(source.fileno()).st_size
        header = source.read(tree.cipher.header)
    return judge(tree, size, header)


def inspect_whole(tree: Tree, file: Path, passed: Passed) -> Look:
    """Every byte of ``file``, decrypted and summed up; ``passed`` hears of encrypted bytes read."""
    digest = hashlib.sha256()

    def see(piece: bytes) -> None:
        digest.update(piece)
        passed(len(piece))

    with mendable_file_errors(file), open_sealed(file) as source:
        size = os.fstat(source.fileno()).st_size
        header = source.read(tree.cipher.header)
        see(header)
        look = judge(tree, size, header)
        harm, intact = look.harm, 0
        if harm is not Harm.HEADER:
            for piece in open_intact(tree, source, tree.cipher.open_header(tree.key, header), see):
                intact += len(piece)
            if harm is None and intact != tree.cipher.clear_size(size):
                harm = Harm.CONTENT
        while rest := source.read(2**20):
            see(rest)
    return Look(size, look.header, digest.digest(), harm, intact)


def intact_pieces(tree: Tree, file: Path, passed: Passed) -> Iterator[bytes]:
    """What decrypts of a document from its beginning to the first damage, in the clear."""
    with open_sealed(file) as source:
        header = source.read(tree.cipher.header)
        try:
            open_chunk = tree.cipher.open_header(tree.key, header)
        except InvalidTag:
            return
        yield from open_intact(tree, source, open_chunk, lambda piece: passed(len(piece)))


def judge(tree: Tree, size: int, header: bytes) -> Look:
    """What a header and the size of its file tell."""
    harm: Harm | None = None
    try:
        tree.cipher.open_header(tree.key, header)
        tree.cipher.clear_size(size)
    except InvalidTag:
        harm = Harm.HEADER
    except ValueError:
        harm = Harm.CUT
    return Look(size, hashlib.sha256(header).digest(), b"", harm, 0)


def open_intact(
    tree: Tree, source: BinaryIO, open_chunk: OpenChunk, see: Callable[[bytes], None]
) -> Iterator[bytes]:
    """The chunks behind a header that were opened, about 1 MiB at a time, until one cannot be."""
    step, number = tree.cipher.sealed_chunk, 0
    while sealed := source.read(BATCH * step):
        see(sealed)
        view, opened = memoryview(sealed), []
        try:
            for at in range(0, len(sealed), step):
                opened.append(open_chunk(number, view[at : at + step]))
                number += 1
        except InvalidTag:
            yield b"".join(opened)
            return
        yield b"".join(opened)


def open_sealed(file: Path) -> BinaryIO:
    """An encrypted file, not through a link. Raises ``OSError``."""
    return os.fdopen(open_regular(file), "rb")
