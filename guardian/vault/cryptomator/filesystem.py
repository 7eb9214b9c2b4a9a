"""Folders and documents inside an open vault, as they are written: made, put in place, moved."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Protocol

from guardian.core.errors import Problem
from guardian.core.files import sync_folder
from guardian.core.jobs import Report
from guardian.vault.cryptomator import names
from guardian.vault.cryptomator.config import Config
from guardian.vault.cryptomator.content import Seal, encrypt_stream
from guardian.vault.cryptomator.disk import (
    move_new,
    read_bounded,
    rename_folder_new,
    write_synced,
)
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.moving import Move, move_entry, take_away
from guardian.vault.cryptomator.tree import (
    CONTENT,
    FOLDER_ID,
    FOLDER_ID_BACKUP,
    LONG_CONTENT,
    LONG_NAME,
    MAX_FOLDER_ID_BYTES,
    Folder,
    Node,
    Tree,
)
from guardian.vault.cryptomator.workspace import Workspace
from guardian.vault.model import OWN, Kind, shown


class Journal(Protocol):
    """Hears of every change to the tree, right after it is on the disk.

    ``folder_id`` says in which folder, ``entry`` is the full encrypted name ending ``.c9r``.
    """

    def wrote(self, folder_id: str, entry: str, seal: Seal) -> None: ...
    def made(self, folder_id: str, entry: str, child_id: str) -> None: ...
    def moved(self, folder_id: str, entry: str, new_folder_id: str, new_entry: str) -> None: ...
    def removed(self, folder_id: str, entry: str) -> None: ...


class NoJournal:
    """For a tree whose changes nobody writes down."""

    def wrote(self, folder_id: str, entry: str, seal: Seal) -> None: ...
    def made(self, folder_id: str, entry: str, child_id: str) -> None: ...
    def moved(self, folder_id: str, entry: str, new_folder_id: str, new_entry: str) -> None: ...
    def removed(self, folder_id: str, entry: str) -> None: ...


class Filesystem(Tree):
    """A tree that can be changed. ``journal`` hears of each change."""

    def __init__(self, root: Path, key: MasterKey, config: Config) -> None:
        super().__init__(root, key, config)
        self.journal: Journal = NoJournal()
        self._workspace = Workspace(root)

    def close(self) -> None:
        """Remove what is unfinished. The tree is not to be used afterwards."""
        self._workspace.close()

    @contextmanager
    def temporary_file(self) -> Iterator[Path]:
        """A path for an unfinished document; removed when it was not published."""
        path = self._workspace.new_path()
        try:
            yield path
        finally:
            with suppress(OSError):  # what cannot be removed now, the next unlock sweeps
                path.unlink(missing_ok=True)

    def publish(self, temporary: Path, seal: Seal, folder: Folder, name: str) -> None:
        """Give a finished, synced file its name. Raises ``FileExistsError`` where one is taken.

        One step for readers: before it there is nothing, after it the whole document.
        """
        self.settle(folder, ((self.put(temporary, folder, name), seal),))

    def put(self, temporary: Path, folder: Folder, name: str) -> str:
        """Like :meth:`publish`, but neither durable nor told before :meth:`settle`, which does
        that for many at once. The full encrypted name."""
        if self.find_in(folder, name) is not None:
            raise FileExistsError(name)
        encrypted = self.names.encrypt(name, folder.id)
        place = folder.place / self.entry_name(encrypted)
        if place.name.endswith(names.SHORTENED):
            self._publish_folder(place, {LONG_NAME: encrypted.encode("ascii")}, temporary)
        else:
            move_new(temporary, place)
        return encrypted

    def settle(self, folder: Folder, written: Iterable[tuple[str, Seal]]) -> None:
        """Make the names that were put into ``folder`` durable, and tell of them."""
        try:
            sync_folder(folder.place)
        finally:  # they are there, even where the disk does not promise that they stay
            for encrypted, seal in written:
                self.journal.wrote(folder.id, encrypted, seal)

    def replace(self, temporary: Path, seal: Seal, node: Node) -> None:
        """Let the document ``node`` hold what the finished, synced file holds, in one step."""
        temporary.replace(node.file)
        sync_folder(node.file.parent)
        self.journal.wrote(self.parent(node).id, self.encrypted_name(node.place), seal)

    def make_folder(self, parent: Folder, name: str) -> Folder:
        """A new folder. Its content place comes first, so that a crash leaves no broken node.

        Raises ``FileExistsError`` where the name is taken, ``OSError``.
        """
        if self.find_in(parent, name) is not None:
            raise FileExistsError(name)
        folder_id = str(uuid.uuid4())
        place = self.make_content_place(folder_id)
        try:
            return self.name_folder(folder_id, parent, name)
        except BaseException:
            if not os.path.lexists(self.entry_place(parent, name) / FOLDER_ID):
                (place / FOLDER_ID_BACKUP).unlink(missing_ok=True)
                place.rmdir()
            raise

    def name_folder(self, folder_id: str, parent: Folder, name: str) -> Folder:
        """An entry for a folder whose content is there. Raises ``FileExistsError``, ``OSError``."""
        encrypted = self.names.encrypt(name, parent.id)
        entry = self.entry_place(parent, name)
        files = {FOLDER_ID: folder_id.encode("ascii")}
        if entry.name.endswith(names.SHORTENED):
            files[LONG_NAME] = encrypted.encode("ascii")
        self._publish_folder(entry, files)
        sync_folder(parent.place)
        self.journal.made(parent.id, encrypted, folder_id)
        path = f"{parent.path}/{name}" if parent.path else name
        return Folder(path, folder_id, self.place_of(folder_id))

    def entry_place(self, folder: Folder, name: str) -> Path:
        """Where an entry called ``name`` lies or would lie on disk."""
        return folder.place / self.entry_name(self.names.encrypt(name, folder.id))

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

    # arranging

    def move(self, node: Node, folder: Folder, name: str) -> None:
        """Give a document, folder or link another folder or name; what is in a folder stays put.

        Raises ``FileExistsError`` where the name is taken, ``Problem("vault-into-itself")``,
        ``OSError``; then nothing has changed. A crash leaves the old place or the new one, for
        long names at the latest after the next unlock.
        """
        self.check_movable(node, folder, name)
        encrypted = self.names.encrypt(name, folder.id)
        target = folder.place / self.entry_name(encrypted)
        if target == node.place:
            return
        parent, entry = self.parent(node), self.encrypted_name(node.place)
        waypoint = folder.place / self.names.encrypt(
            f"{name[:8]} {uuid.uuid4().hex[:8]}", folder.id
        )
        move = Move(node.place, target, encrypted, waypoint)
        document = node.kind is Kind.FILE
        move_entry(self.root, move, self._workspace.new_path, document=document)
        self.journal.moved(parent.id, entry, folder.id, encrypted)

    def adopt(self, place: Path, folder: Folder, name: str, *, document: bool) -> str:
        """Give an entry at ``place``, whose name on disk no reader takes for one, a name in
        ``folder``; its full encrypted name. Raises ``FileExistsError``, ``OSError``.
        """
        encrypted = self.names.encrypt(name, folder.id)
        waypoint = folder.place / self.names.encrypt(uuid.uuid4().hex[:16], folder.id)
        move = Move(place, self.entry_place(folder, name), encrypted, waypoint)
        move_entry(self.root, move, self._workspace.new_path, document=document)
        return encrypted

    def check_movable(self, node: Node, folder: Folder, name: str) -> None:
        """Raise what :meth:`move` would, as far as that can be told before."""
        there = self.find_in(folder, name)
        if there is not None and there.place != node.place:
            raise FileExistsError(name)
        if node.kind is Kind.FOLDER and (
            f"{folder.path}/".startswith(f"{node.path}/") or self.enter(node).id == folder.id
        ):
            raise Problem("vault-into-itself", name=shown(node.name))

    def remove(self, node: Node) -> None:
        """Remove a document, a link or an empty folder for good.

        Raises ``OSError`` (``ENOTEMPTY`` for a folder with something in it).
        """
        inside = self.enter(node) if node.kind is Kind.FOLDER else None
        if inside is not None and holds_something(inside):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), node.name)
        parent = self.parent(node)
        self._take_away(parent, node, inside)
        sync_folder(parent.place)

    def remove_trees(self, nodes: Sequence[Node], report: Report) -> None:
        """Remove ``nodes`` for good, with everything below them, the innermost first.

        What cannot be read goes too. Where more than one entry leads to a folder (a copy made
        outside the vault), only this entry goes, and what is in the folder stays.
        """
        tops = [(self.parent(node), node) for node in nodes]
        found = self._below(tops)
        for done, (parent, one, inside) in enumerate(reversed(found)):
            report(done, len(found))
            self._take_away(parent, one, inside)
        for place in {parent.place for parent, _ in tops}:
            sync_folder(place)
        report(len(found), len(found))

    def _below(
        self, tops: Sequence[tuple[Folder, Node]]
    ) -> list[tuple[Folder, Node, Folder | None]]:
        """``tops`` and all below them, each with its folder and, for a folder, what it opens."""
        folders = any(node.kind is Kind.FOLDER for _, node in tops)
        leading = Counter(self._folder_ids()) if folders else Counter()
        found: list[tuple[Folder, Node, Folder | None]] = []
        waiting = [*tops]
        while waiting:
            around, one = waiting.pop()
            inside: Folder | None = None
            nodes: tuple[Node, ...] = ()
            if one.kind is Kind.FOLDER:
                with suppress(Problem):
                    inside = self.enter(one)
                    if leading[inside.id] > 1:
                        inside = None
                    else:
                        nodes = self.contents(inside).nodes
            found.append((around, one, inside))
            if inside is not None:
                waiting += [(inside, child) for child in nodes]
        return found

    def _folder_ids(self) -> Iterator[str]:
        """The id that each entry for a folder leads to, wherever in the vault it lies."""
        for file in (self.root / CONTENT).glob(f"*/*/*/{FOLDER_ID}"):
            with suppress(ValueError, OSError):
                yield read_bounded(file, MAX_FOLDER_ID_BYTES).decode("ascii")

    def _take_away(self, parent: Folder, node: Node, inside: Folder | None) -> None:
        """Remove an entry and then, for a folder, its content place: never a broken entry."""
        entry = self.encrypted_name(node.place)
        take_away(node.place, self._workspace.new_path)
        if inside is not None:
            sync_folder(parent.place)
            shutil.rmtree(inside.place, ignore_errors=True)
        self.journal.removed(parent.id, entry)

    def write_small(self, folder: Folder, name: str, data: bytes) -> None:
        """Let the document ``name`` hold ``data``, in one step, whatever it held before.

        For Guardian's own small files, whose names are short. Raises ``OSError``.
        """
        there = self.find_in(folder, name)
        with self.temporary_file() as temporary, BytesIO(data) as source:
            with temporary.open("xb") as file:
                seal = encrypt_stream(source, file, self.key, lambda _: None)
                file.flush()
                os.fsync(file.fileno())
            if there is None:
                self.publish(temporary, seal, folder, name)
                return
            temporary.replace(there.place)
            sync_folder(folder.place)
        self.journal.wrote(folder.id, self.encrypted_name(there.place), seal)

    def own_folder(self, *inside: str) -> Folder:
        """Guardian's own folder in the vault, or one below it; made where missing."""
        here = self.folder("")
        for name in (OWN, *inside):
            node = self.find_in(here, name)
            if node is None:
                try:
                    here = self.make_folder(here, name)
                    continue
                except FileExistsError:  # another Guardian was faster
                    node = self.find(f"{here.path}/{name}")
            if node.kind is not Kind.FOLDER:
                place = shown(here.path or self.root.name)
                raise Problem("vault-name-of-ours", name=shown(name), place=place)
            here = self.enter(node)
        return here

    def parent(self, node: Node) -> Folder:
        """The folder in which ``node`` lies."""
        return self.folder(node.path.rpartition("/")[0])


def holds_something(folder: Folder) -> bool:
    """Whether anything lies in a folder's content place besides its own id."""
    return folder.place.is_dir() and any(
        place.name != FOLDER_ID_BACKUP for place in folder.place.iterdir()
    )
