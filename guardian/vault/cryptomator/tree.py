"""Folders and documents inside an open vault, as they are read: finding, listing, opening."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.vault.cryptomator import names
from guardian.vault.cryptomator.ciphers import CIPHERS, SIV_GCM
from guardian.vault.cryptomator.config import CONFIG_FILE, Config
from guardian.vault.cryptomator.content import DocumentReader
from guardian.vault.cryptomator.disk import is_file, open_regular, read_bounded
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.names import NameCipher, NameUnreadableError, is_possible_name
from guardian.vault.model import Kind, NotRead, shown

CONTENT = "d"
FOLDER_ID = "dir.c9r"
FOLDER_ID_BACKUP = "dirid.c9r"
LINK_TARGET = "symlink.c9r"
LONG_CONTENT = "contents.c9r"
LONG_NAME = "name.c9s"
MAX_LONG_NAME_BYTES = 10 * 1024
MAX_FOLDER_ID_BYTES = 36
ROOT_ID = ""


@dataclass(frozen=True)
class Folder:
    """A folder inside the vault: its path there, its id, where its content lies on disk."""

    path: str
    id: str
    place: Path


@dataclass(frozen=True)
class Node:
    """One named thing in a folder: ``place`` is its entry on disk, ``file`` its content."""

    path: str
    name: str
    kind: Kind
    place: Path
    file: Path
    size: int | None
    modified: float


@dataclass(frozen=True)
class Found:
    """An entry on disk: what it is, or the problem that keeps it from being read.

    ``encrypted`` is its full encrypted name, empty where that cannot be told. ``copy`` marks what
    a sync program made of another entry, by adding something to its name on disk.
    """

    place: Path
    encrypted: str
    node: Node | None = None
    problem: Problem | None = None
    copy: bool = False


@dataclass(frozen=True)
class Contents:
    """What a folder holds, what in it could not be read, and what sync programs made twice."""

    nodes: tuple[Node, ...]
    not_read: tuple[NotRead, ...]
    conflicts: tuple[Node, ...] = ()


class Tree:
    """The tree of an open vault at ``root``. Paths use ``/``; the root's path is empty."""

    def __init__(self, root: Path, key: MasterKey, config: Config) -> None:
        self.root = root
        self.key = key
        self.names = NameCipher(key)
        self.cipher = CIPHERS[config.cipher]
        self._threshold = config.threshold

    @property
    def read_only(self) -> bool:
        """Whether documents here are encrypted in the old way, which we read and never write."""
        return self.cipher is not SIV_GCM

    # finding

    def check_there(self) -> None:
        """Raise ``Problem("vault-missing")`` where the disk with the vault was taken out.

        What stays behind then is no folder, or an empty one.
        """
        if not any(os.path.lexists(self.root / name) for name in (CONFIG_FILE, CONTENT)):
            raise Problem("vault-missing", name=shown(self.root.name))

    def place_of(self, folder_id: str) -> Path:
        """Where the content of the folder with this id lies on disk."""
        digest = self.names.folder_hash(folder_id)
        return self.root / CONTENT / digest[:2] / digest[2:]

    def folder(self, path: str) -> Folder:
        """The folder at ``path``. Raises ``Problem`` where there is none or it is damaged."""
        self.check_there()
        here = Folder("", ROOT_ID, self.place_of(ROOT_ID))
        seen = {ROOT_ID}
        for name in split(path):
            node = self.find_in(here, name)
            if node is None:
                raise Problem("vault-entry-missing", name=shown(path))
            if node.kind is not Kind.FOLDER:
                raise Problem("vault-entry-not-folder", name=shown(node.path))
            here = self.enter(node)
            if here.id in seen:
                raise Problem("vault-folder-damaged", name=shown(node.path))
            seen.add(here.id)
        if not here.place.is_dir():
            raise Problem("vault-folder-damaged", name=shown(here.path or self.root.name))
        return here

    def find(self, path: str) -> Node:
        """What lies at ``path``. Raises ``Problem`` where nothing does."""
        parts = split(path)
        if not parts:
            raise Problem("file-is-folder", name=shown(self.root.name))
        node = self.find_in(self.folder("/".join(parts[:-1])), parts[-1])
        if node is None:
            raise Problem("vault-entry-missing", name=shown(path))
        return node

    def enter(self, node: Node) -> Folder:
        """The folder behind a node. An empty id would mean the root, and a walk without end."""
        try:
            text = read_bounded(node.place / FOLDER_ID, MAX_FOLDER_ID_BYTES).decode("ascii")
            if not text or not text.isprintable():
                raise ValueError("not an id")
        except (ValueError, OSError) as error:
            raise Problem("vault-folder-damaged", name=shown(node.path)) from error
        return Folder(node.path, text, self.place_of(text))

    def find_in(self, folder: Folder, name: str) -> Node | None:
        if not is_possible_name(name):
            return None
        spellings = (self.names.encrypt, self.names.encrypt_as_typed)
        for encrypted in dict.fromkeys(spell(name, folder.id) for spell in spellings):
            place = folder.place / self.entry_name(encrypted)
            if os.path.lexists(place):
                # read back from disk, so that what answers is what a listing would show
                return self._node(folder, place)
        return None

    def entry_name(self, encrypted: str) -> str:
        return names.shorten(encrypted) if len(encrypted) > self._threshold else encrypted

    # listing

    def contents(self, folder: Folder) -> Contents:
        """Everything in ``folder``. What cannot be named or read is told, not passed over."""
        nodes: list[Node] = []
        not_read: list[NotRead] = []
        copies: list[Node] = []
        for found in self.look(folder):
            node = found.node
            if node is None:
                assert found.problem is not None
                not_read.append(NotRead(found.place.name, found.problem))
                continue
            (copies if found.copy else nodes).append(node)
            if node.kind is Kind.FILE and node.size is None and not found.copy:
                damaged = Problem("vault-document-damaged", name=shown(node.path))
                not_read.append(NotRead(node.path, damaged))
        return Contents(tuple(nodes), tuple(not_read), tuple(copies))

    def look(self, folder: Folder) -> Iterator[Found]:
        """Every entry of ``folder`` in the order of their names on disk.

        A second entry that leads to the very same folder as the first is passed over: there is
        nothing in it to choose from. Raises ``Problem`` where the folder cannot be listed.
        """
        with mendable_file_errors(Path(shown(folder.path or self.root.name))):
            places = sorted(folder.place.iterdir())
        for place in places:
            if is_entry(place.name):
                found = self._found(folder, place)
                if found.problem is not None and found.problem.code == "vault-name-damaged":
                    found = self._copy(folder, place) or found
                if not (found.copy and self._is_twin(folder, found)):
                    yield found

    def _found(self, folder: Folder, place: Path) -> Found:
        encrypted = ""
        try:
            encrypted = self.encrypted_name(place)
            name = self.names.decrypt(encrypted, folder.id)
            return Found(place, encrypted, self._node_called(folder, place, name))
        except NameUnreadableError:
            return Found(place, encrypted, problem=name_damaged(place))
        except Problem as problem:
            return Found(place, encrypted, problem=problem)

    def _copy(self, folder: Folder, place: Path) -> Found | None:
        """What a sync program made of an entry of this folder, where ``place`` is such a copy."""
        for encrypted in self._names_in(place):
            with suppress(NameUnreadableError, Problem):
                name = self.names.decrypt(encrypted, folder.id)
                return Found(place, encrypted, self._node_called(folder, place, name), copy=True)
        return None

    def _names_in(self, place: Path) -> Iterator[str]:
        """The full encrypted names that the name of ``place`` may have been made of."""
        if not place.name.endswith(names.SHORTENED):
            yield from names.names_within(place.name)
            return
        with suppress(ValueError, OSError):
            encrypted = read_bounded(place / LONG_NAME, MAX_LONG_NAME_BYTES).decode("ascii")
            if names.shorten(encrypted).removesuffix(names.SHORTENED) in place.name:
                yield encrypted

    def _is_twin(self, folder: Folder, copy: Found) -> bool:
        """Whether a copied folder entry leads where the original entry leads."""
        if copy.node is None or copy.node.kind is not Kind.FOLDER:
            return False
        try:
            original = self._node(folder, folder.place / self.entry_name(copy.encrypted))
            return self.enter(original).id == self.enter(copy.node).id
        except Problem:
            return False

    def _node(self, folder: Folder, place: Path) -> Node:
        """The thing at ``place``, a path on disk in the folder's content."""
        try:
            name = self.names.decrypt(self.encrypted_name(place), folder.id)
        except NameUnreadableError as error:
            raise name_damaged(place) from error
        return self._node_called(folder, place, name)

    def _node_called(self, folder: Folder, place: Path, name: str) -> Node:
        path = f"{folder.path}/{name}" if folder.path else name
        with mendable_file_errors(place):
            status = place.lstat()
            if stat.S_ISREG(status.st_mode) and place.name.endswith(names.ENTRY):
                kind, file = Kind.FILE, place
            elif stat.S_ISDIR(status.st_mode) and is_file(place / FOLDER_ID):
                kind, file = Kind.FOLDER, place / FOLDER_ID
            elif stat.S_ISDIR(status.st_mode) and is_file(place / LINK_TARGET):
                kind, file = Kind.LINK, place / LINK_TARGET
            elif place.name.endswith(names.SHORTENED) and is_file(place / LONG_CONTENT):
                kind, file = Kind.FILE, place / LONG_CONTENT
            else:
                raise Problem("vault-entry-broken", name=shown(path))
            status = file.lstat()
        size: int | None = None
        if kind is Kind.FILE:
            try:
                size = self.cipher.clear_size(status.st_size)
            except ValueError:
                size = None
        return Node(path, name, kind, place, file, size, status.st_mtime)

    def encrypted_name(self, place: Path) -> str:
        """The full encrypted name of an entry, looked up where it was shortened."""
        if not place.name.endswith(names.SHORTENED):
            return place.name
        try:
            encrypted = read_bounded(place / LONG_NAME, MAX_LONG_NAME_BYTES).decode("ascii")
            if names.shorten(encrypted) != place.name:
                raise ValueError("another name")
        except (ValueError, OSError) as error:
            raise NameUnreadableError("no long name") from error
        return encrypted

    # reading

    def open_document(self, node: Node) -> DocumentReader:
        """A reader for a document. Raises ``Problem`` for a folder, a link, or damage."""
        if node.kind is Kind.FOLDER:
            raise Problem("file-is-folder", name=shown(node.path))
        if node.kind is Kind.LINK:
            raise Problem("vault-entry-link", name=shown(node.path))
        return self.open_sealed(node.file, shown(node.path))

    def open_sealed(self, file: Path, name: str) -> DocumentReader:
        """A reader for any encrypted file of the vault, called ``name`` in problems."""
        with mendable_file_errors(Path(name)):
            opened = os.fdopen(open_regular(file), "rb", buffering=0)
            try:
                return DocumentReader(opened, self.key, name, self.cipher)
            except BaseException:
                opened.close()
                raise


def name_damaged(place: Path) -> Problem:
    return Problem("vault-name-damaged", file=shown(place.name))


def split(path: str) -> list[str]:
    """The names along a path inside the vault."""
    return [part for part in path.split("/") if part]


def is_entry(name: str) -> bool:
    """Whether a file name on disk is meant to be an entry; anything else is not ours to judge."""
    ending = name.endswith((names.ENTRY, names.SHORTENED))
    return ending and len(name) >= names.SHORTEST_ENTRY
