"""Opens single parts of documents that are ZIP archives inside, and only as much as is sane."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from guardian.core.errors import Problem

PART_MOST = 60_000_000  # bytes of one part; ten million characters and their marks
PARTS_MOST = 10_000
LARGEST_RATIO = 200  # bytes out of one byte; the text of real documents packs to a tenth


class Archive:
    """A document's parts by name. Raises ``Problem`` for one that is broken or a trap."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._size = len(data)
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise Problem("document-damaged", name=name) from error
        self.names = frozenset(self._zip.namelist())
        if len(self._zip.filelist) > PARTS_MOST:
            raise Problem("document-too-hard")

    def read(self, part: str) -> bytes:
        """The bytes of one part; nothing where there is none of that name."""
        if part not in self.names:
            return b""
        info = self._zip.getinfo(part)
        if info.flag_bits & 1:
            raise Problem("document-locked", name=self._name)
        # what a part declares may be a lie, so that what comes out is counted as well
        if info.file_size > min(PART_MOST, LARGEST_RATIO * self._size + 1_000_000):
            raise Problem("document-too-hard")
        try:
            with self._zip.open(info) as file:
                data = file.read(info.file_size + 1)
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            NotImplementedError,
            OSError,
        ) as error:
            raise Problem("document-damaged", name=self._name) from error
        return data

    def parse(self, part: str) -> etree._Element | None:
        """One part as a tree; None where there is none of that name.

        Entities stay as they are, no other file is opened and nothing is fetched.
        """
        data = self.read(part)
        if not data:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Problem("document-damaged", name=self._name) from error
