"""Folders and documents inside an open vault: finding, listing, making, writing and reading."""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.vault.cryptomator import names
from guardian.vault.cryptomator.config import CONFIG_FILE, Config
from guardian.vault.cryptomator.content import DocumentReader, clear_size, encrypt_stream
from guardian.vault.cryptomator.disk import (
    is_file,
    move_new,
    read_bounded,
    rename_folder_new,
    write_synced,
)
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.names import NameCipher, NameUnreadableError, is_possible_name
from guardian.vault.cryptomator.workspace import Workspace
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
class Contents:
    """What a folder holds, and what in it could not be read."""

    nodes: tuple[Node, ...]
    not_read: tuple[NotRead, ...]


class Filesystem:
    """The tree of an open vault at ``root``. Paths use ``/``; the root's path is empty."""

    def __init__(self, root: Path, key: MasterKey, config: Config) -> None:
        self.root = root
        self.key = key
        self._names = NameCipher(key)
        self._threshold = config.threshold
        self._workspace = Workspace(root)

    def close(self) -> None:
        """Remove what is unfinished. The tree is not to be used afterwards."""
        self._workspace.close()

    # finding

    def check_there(self) -> None:
        """Raise ``Problem("vault-missing")`` where the disk with the vault was taken out.

        What stays behind then is no folder, or an empty one.
        """
        if not any(os.path.lexists(self.root / name) for name in (CONFIG_FILE, CONTENT)):
            raise Problem("vault-missing", name=shown(self.root.name))

    def place_of(self, folder_id: str) -> Path:
        """Where the content of the folder with this id lies on disk."""
        digest = self._names.folder_hash(folder_id)
        return self.root / CONTENT / digest[:2] / digest[2:]

    def folder(self, path: str) -> Folder:
        """The folder at ``path``. Raises ``Problem`` where there is none or it is damaged."""
        self.check_there()
        here = Folder("", ROOT_ID, self.place_of(ROOT_ID))
        seen = {ROOT_ID}
        for name in split(path):
            node = self._find_in(here, name)
            if node is None:
                raise Problem("vault-entry-missing", name=shown(path))
            if node.kind is not Kind.FOLDER:
                raise Problem("vault-entry-not-folder", name=shown(node.path))
            here = self._enter(node)
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
        node = self._find_in(self.folder("/".join(parts[:-1])), parts[-1])
        if node is None:
            raise Problem("vault-entry-missing", name=shown(path))
        return node

    def _enter(self, node: Node) -> Folder:
        """The folder behind a node. An empty id would mean the root, and a walk without end."""
        try:
            text = read_bounded(node.place / FOLDER_ID, MAX_FOLDER_ID_BYTES).decode("ascii")
            if not text or not text.isprintable():
                raise ValueError("not an id")
        except (ValueError, OSError) as error:
            raise Problem("vault-folder-damaged", name=shown(node.path)) from error
        return Folder(node.path, text, self.place_of(text))

    def _find_in(self, folder: Folder, name: str) -> Node | None:
        if not is_possible_name(name):
            return None
        spellings = (self._names.encrypt, self._names.encrypt_as_typed)
        for encrypted in dict.fromkeys(spell(name, folder.id) for spell in spellings):
            place = folder.place / self._entry_name(encrypted)
            if os.path.lexists(place):
                # read back from disk, so that what answers is what a listing would show
                return self._node(folder, place)
        return None

    def _entry_name(self, encrypted: str) -> str:
        return names.shorten(encrypted) if len(encrypted) > self._threshold else encrypted

    # listing

    def contents(self, folder: Folder) -> Contents:
        """Everything in ``folder``. What cannot be named or read is told, not passed over."""
        nodes: list[Node] = []
        not_read: list[NotRead] = []
        with mendable_file_errors(Path(shown(folder.path or self.root.name))):
            places = sorted(folder.place.iterdir())
        for place in places:
            if not is_entry(place.name):
                continue
            try:
                node = self._node(folder, place)
                nodes.append(node)
            except Problem as problem:
                not_read.append(NotRead(place.name, problem))
                continue
            if node.kind is Kind.FILE and node.size is None:
                damaged = Problem("vault-document-damaged", name=shown(node.path))
                not_read.append(NotRead(node.path, damaged))
        return Contents(tuple(nodes), tuple(not_read))

    def _node(self, folder: Folder, place: Path) -> Node:
        """The thing at ``place``, a path on disk in the folder's content."""
        try:
            name = self._names.decrypt(self._encrypted_name(place), folder.id)
        except NameUnreadableError as error:
            raise Problem("vault-name-damaged", file=shown(place.name)) from error
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
                size = clear_size(status.st_size)
            except ValueError:
                size = None
        return Node(path, name, kind, place, file, size, status.st_mtime)

    def _encrypted_name(self, place: Path) -> str:
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
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with mendable_file_errors(Path(shown(node.path))):
            file = os.fdopen(os.open(node.file, flags), "rb")
            try:
                return DocumentReader(file, self.key, shown(node.path))
            except BaseException:
                file.close()
                raise

    # writing

    @contextmanager
    def temporary_file(self) -> Iterator[Path]:
        """A path for an unfinished document; removed when it was not published."""
        path = self._workspace.new_path()
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def publish(self, temporary: Path, folder: Folder, name: str) -> None:
        """Give a finished, synced file its name. Raises ``FileExistsError`` where one is taken.

        One step for readers: before it there is nothing, after it the whole document.
        """
        if self._find_in(folder, name) is not None:
            raise FileExistsError(name)
        encrypted = self._names.encrypt(name, folder.id)
        place = folder.place / self._entry_name(encrypted)
        if place.name.endswith(names.SHORTENED):
            self._publish_folder(place, {LONG_NAME: encrypted.encode("ascii")}, temporary)
        else:
            move_new(temporary, place)
        sync_folder(folder.place)

    def make_folder(self, parent: Folder, name: str) -> Folder:
        """A new folder. Its content place comes first, so that a crash leaves no broken node.

        Raises ``FileExistsError`` where the name is taken, ``OSError``.
        """
        if self._find_in(parent, name) is not None:
            raise FileExistsError(name)
        path = f"{parent.path}/{name}" if parent.path else name
        folder_id = str(uuid.uuid4())
        place = self.make_content_place(folder_id)
        encrypted = self._names.encrypt(name, parent.id)
        entry = parent.place / self._entry_name(encrypted)
        files = {FOLDER_ID: folder_id.encode("ascii")}
        if entry.name.endswith(names.SHORTENED):
            files[LONG_NAME] = encrypted.encode("ascii")
        try:
            self._publish_folder(entry, files)
        except BaseException:
            (place / FOLDER_ID_BACKUP).unlink(missing_ok=True)
            place.rmdir()
            raise
        sync_folder(parent.place)
        return Folder(path, folder_id, place)

    def make_content_place(self, folder_id: str) -> Path:
        """The content place of a new folder, with its own id encrypted in it for repairs."""
        place = self.place_of(folder_id)
        place.mkdir(parents=True)
        sealed = BytesIO()
        encrypt_stream(BytesIO(folder_id.encode("ascii")), sealed, self.key, lambda _: None)
        write_synced(place / FOLDER_ID_BACKUP, sealed.getvalue())
        for folder in (place, place.parent, place.parent.parent):
            sync_folder(folder)
        return place

    def _publish_folder(
        self, place: Path, files: dict[str, bytes], content: Path | None = None
    ) -> None:
        """Build an entry that is a folder out of sight, then put it in its place in one step."""
        building = self._workspace.new_path()
        building.mkdir()
        try:
            for name, data in files.items():
                write_synced(building / name, data)
            if content is not None:
                content.replace(building / LONG_CONTENT)
            sync_folder(building)
            rename_folder_new(building, place)
        except BaseException:
            if content is not None and (building / LONG_CONTENT).exists():
                (building / LONG_CONTENT).replace(content)
            for name in files:
                (building / name).unlink(missing_ok=True)
            building.rmdir()
            raise


def split(path: str) -> list[str]:
    """The names along a path inside the vault."""
    return [part for part in path.split("/") if part]


def is_entry(name: str) -> bool:
    """Whether a file name on disk is meant to be an entry; anything else is not ours to judge."""
    ending = name.endswith((names.ENTRY, names.SHORTENED))
    return ending and len(name) >= names.SHORTEST_ENTRY
