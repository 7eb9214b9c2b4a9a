"""The encrypted lists of what Guardian wrote into a vault: one per computer, kept inside it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from guardian.core.errors import Problem, mendable_file_errors
from guardian.vault.cryptomator.content import Seal
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Node
from guardian.vault.cryptomator.workspace import alone
from guardian.vault.model import OWN, Kind, NotRead
from guardian.vault.repository import SeenList, VaultMemory

VERSION: Final = 1
PREFIX, ENDING = "manifest-", ".json.z"
# a million documents; anything larger is no list of ours but a way to fill the memory
MAX_BYTES = 192 * 2**20
# how long a computer may be away and still hear that something was removed
TOMBSTONE = timedelta(days=180)
MICROSECOND = timedelta(microseconds=1)

Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
# what counts and times may come to; the records of this computer keep no larger number
MOST = 2**62
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class DocumentRecord(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="f"
):
    """A document as it was written: encrypted bytes, SHA-256 of header and of the whole."""

    time: Count
    size: Count
    header: Hash
    whole: Hash


class LinkRecord(DocumentRecord, frozen=True, tag="l"):
    """A link as it was accepted; its target is sealed like a document."""


class FolderRecord(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="d"
):
    """A folder, and the id of what is in it."""

    time: Count
    child: Annotated[str, msgspec.Meta(max_length=36)]


class GoneRecord(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="x"):
    """Something that was removed or moved away: newer than what another computer remembers."""

    time: Count


Record = DocumentRecord | LinkRecord | FolderRecord | GoneRecord
# by folder id, then by full encrypted name
Records = dict[str, dict[str, Record]]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One computer's list. ``generation`` grows by one with each save; times are microseconds
    since 1970, and never run backwards even where clocks do."""

    version: Literal[1]
    generation: Count
    records: Records


@dataclass(frozen=True)
class Lists:
    """All lists in a vault, by device; and the files among them that could not be read."""

    manifests: Mapping[str, Manifest]
    seen: Mapping[str, SeenList]
    unreadable: tuple[NotRead, ...]

    def merged(self) -> Records:
        """What is known of each entry: of several records, the newest."""
        merged: Records = {}
        for _, manifest in sorted(self.manifests.items()):
            for folder_id, records in manifest.records.items():
                known = merged.setdefault(folder_id, {})
                for entry, record in records.items():
                    if entry not in known or known[entry].time <= record.time:
                        known[entry] = record
        return merged

    def gone_back(self, before: Mapping[str, SeenList]) -> set[str]:
        """The devices whose list is in an earlier state than ``before``, or away.

        A list that cannot be read says nothing about its age.
        """
        unreadable = {one.name for one in self.unreadable}
        if OWN in unreadable:
            return set()
        back = set()
        for device, last in before.items():
            now = self.seen.get(device, NO_LIST)
            older = now.generation < last.generation
            other = now.generation == last.generation and now.digest != last.digest
            if (older or other) and file_name(device) not in unreadable:
                back.add(device)
        return back


NO_LIST = SeenList(0, b"")


def file_name(device: str) -> str:
    return f"{PREFIX}{device}{ENDING}"


def is_list(path: str) -> bool:
    """Whether ``path`` inside a vault is one of these lists."""
    folder, _, name = path.rpartition("/")
    return folder == OWN and name.startswith(PREFIX) and name.endswith(ENDING)


def encode(manifest: Manifest) -> bytes:
    """The bytes of a list. Equal lists give equal bytes, in whatever order they were filled."""
    # most of it are checksums, which nothing makes shorter: the quickest level is as good
    return zlib.compress(msgspec.json.encode(manifest, order="deterministic"), 1)


def decode(data: bytes) -> Manifest:
    """The list in ``data``. Raises ``ValueError`` for anything but one whole list of ours."""
    try:
        stream = zlib.decompressobj()
        text = stream.decompress(data, MAX_BYTES)
        if not stream.eof or stream.unused_data:
            raise ValueError("cut, too large, or followed by something")
        return msgspec.json.decode(text, type=Manifest)
    except (zlib.error, msgspec.DecodeError, RecursionError) as error:
        raise ValueError("not a list") from error


def read_lists(tree: Filesystem) -> Lists:
    """Every list in the vault. What cannot be read is told; nothing is raised for it."""
    manifests: dict[str, Manifest] = {}
    seen: dict[str, SeenList] = {}
    unreadable: list[NotRead] = []
    try:
        nodes = list_nodes(tree)
    except Problem as problem:  # the folder they are in is damaged
        return Lists({}, {}, (NotRead(OWN, problem),))
    for node in nodes:
        device = node.name.removeprefix(PREFIX).removesuffix(ENDING)
        try:
            data = read_list(tree, node)
            manifests[device] = decode(data)
        except (ValueError, OSError, Problem) as error:
            damaged = Problem("vault-list-unreadable", name=node.name)
            unreadable.append(NotRead(node.name, error if isinstance(error, Problem) else damaged))
            continue
        seen[device] = SeenList(manifests[device].generation, hashlib.sha256(data).digest())
    return Lists(manifests, seen, tuple(unreadable))


def list_nodes(tree: Filesystem) -> list[Node]:
    """Where the lists lie. Raises ``Problem`` where Guardian's folder cannot be read."""
    own = tree.find_in(tree.folder(""), OWN)
    if own is None or own.kind is not Kind.FOLDER:
        return []
    nodes = tree.contents(tree.enter(own)).nodes
    return [node for node in nodes if node.kind is Kind.FILE and is_list(node.path)]


def read_list(tree: Filesystem, node: Node) -> bytes:
    with tree.open_document(node) as reader:
        if reader.size > MAX_BYTES:
            raise ValueError("too large")
        return b"".join(reader.pieces())


class Ledger:
    """Hears of every change to a tree and writes this computer's list; :meth:`save` once a verb.

    Nothing is read before the first change. A crash between a change and its save leaves a list
    that does not know the change: a check then says so, and never that something is damaged.
    Noting each change beforehand would cost one more synced write each and change no answer.
    """

    def __init__(
        self, tree: Filesystem, memory: VaultMemory, clock: Callable[[], datetime]
    ) -> None:
        self._tree = tree
        self._memory = memory
        self._clock = clock
        self._loaded: Loaded | None = None
        self._unsaved: Records = {}
        self._must_save = False
        self._saving = False

    # what the tree tells

    def wrote(self, folder_id: str, entry: str, seal: Seal) -> None:
        # the list itself is on no list
        if not self._saving:
            record = DocumentRecord(self._now(), seal.size, seal.header, seal.whole)
            self.note(folder_id, entry, record)

    def made(self, folder_id: str, entry: str, child_id: str) -> None:
        self.note(folder_id, entry, FolderRecord(self._now(), child_id))

    def moved(self, folder_id: str, entry: str, new_folder_id: str, new_entry: str) -> None:
        now, known = self._now(), self.known(folder_id, entry)
        if known is not None:
            self.note(new_folder_id, new_entry, msgspec.structs.replace(known, time=now))
            self.note(folder_id, entry, GoneRecord(now))

    def removed(self, folder_id: str, entry: str) -> None:
        if self.known(folder_id, entry) is not None:
            self.note(folder_id, entry, GoneRecord(self._now()))

    # what is on the list

    def known(self, folder_id: str, entry: str) -> DocumentRecord | FolderRecord | None:
        """The newest record of an entry on any list; None where none is, or it was removed."""
        record = self._load().known.get(folder_id, {}).get(entry)
        return None if isinstance(record, GoneRecord) else record

    def note(self, folder_id: str, entry: str, record: Record) -> None:
        """Let ``record`` be what is known of an entry from now on."""
        self._load().note(folder_id, entry, record)
        self._unsaved.setdefault(folder_id, {})[entry] = record

    def note_link(self, folder_id: str, entry: str, seal: Seal) -> None:
        record = LinkRecord(self._now(), seal.size, seal.header, seal.whole)
        self.note(folder_id, entry, record)

    def save(self) -> None:
        """Write the list where something changed; otherwise do nothing.

        Raises ``Problem``; the changes then stay noted for the next save.
        """
        if not self._unsaved and not self._must_save:
            return
        name = file_name(self._memory.device)
        with mendable_file_errors(Path(name)), alone(self._tree.root):
            folder, loaded = self._tree.own_folder(), self._load()
            if loaded.stamp != self._stamp():
                loaded = self._load_again()
            generation = min(max(loaded.generation + (not loaded.held_back), 1), MOST)
            data = encode(Manifest(VERSION, generation, loaded.pruned()))
            self._saving = True
            try:
                self._tree.write_small(folder, name, data)
            finally:
                self._saving = False
            loaded.generation, loaded.stamp = generation, self._stamp()
            self._unsaved, self._must_save = {}, False
            if not loaded.held_back:
                seen = SeenList(generation, hashlib.sha256(data).digest())
                self._memory.note_lists({self._memory.device: seen})

    def accept_age(self) -> None:
        """Take the vault's lists as they are now, though this computer saw newer ones."""
        before, lists = self._memory.lists_seen(), read_lists(self._tree)
        if not lists.gone_back(before):
            return
        loaded, device = self._load(), self._memory.device
        loaded.generation = max(loaded.generation, before.get(device, NO_LIST).generation)
        loaded.held_back = False
        self._memory.note_lists({**dict.fromkeys(before, NO_LIST), **lists.seen})
        self._must_save = True

    def _load(self) -> Loaded:
        if self._loaded is None:
            device, before = self._memory.device, self._memory.lists_seen()
            lists = read_lists(self._tree)
            mine = lists.manifests.get(device)
            held_back = device in lists.gone_back(before)
            generation = mine.generation if mine else 0
            if mine is None and not held_back:  # it could not be read: begun anew
                generation = before.get(device, NO_LIST).generation
            others = [one.records for name, one in lists.manifests.items() if name != device]
            known = lists.merged()
            self._loaded = Loaded(
                known=known,
                own=mine.records if mine else {},
                others=tuple(others),
                generation=generation,
                held_back=held_back,
                stamp=self._stamp(),
                last=max(
                    (one.time for records in known.values() for one in records.values()), default=0
                ),
            )
        return self._loaded

    def _load_again(self) -> Loaded:
        """Another Guardian on this computer wrote the list meanwhile: ours on top of that."""
        self._loaded = None
        loaded = self._load()
        for folder_id, records in self._unsaved.items():
            for entry, record in records.items():
                loaded.note(folder_id, entry, record)
        return loaded

    def _stamp(self) -> tuple[int, int, int] | None:
        """What tells this computer's list on disk from an earlier or later one."""
        name = file_name(self._memory.device)
        with suppress(OSError, Problem):
            for node in list_nodes(self._tree):
                if node.name == name:
                    status = node.file.stat()
                    return status.st_ino, status.st_size, status.st_mtime_ns
        return None

    def _now(self) -> int:
        """Microseconds since 1970, later than everything known: clocks differ between devices."""
        loaded, now = self._load(), self._clock()
        loaded.last = min(max(to_microseconds(now), loaded.last + 1), MOST)
        return loaded.last


@dataclass
class Loaded:
    """A ledger's picture of the lists: what all of them say, and what this computer's own says.

    ``held_back``: the own list is older than this computer remembers. Its generation then does
    not grow, so that it cannot seem to catch up before the person accepted that.
    """

    known: Records
    own: Records
    others: tuple[Records, ...]
    generation: int
    held_back: bool
    stamp: tuple[int, int, int] | None
    last: int

    def note(self, folder_id: str, entry: str, record: Record) -> None:
        for records in (self.own, self.known):
            records.setdefault(folder_id, {})[entry] = record

    def pruned(self) -> Records:
        """The own records without those of things long gone that no other list mentions."""
        old = self.last - TOMBSTONE // MICROSECOND
        kept: Records = {}
        for folder_id, records in self.own.items():
            left = {
                entry: record
                for entry, record in records.items()
                if not isinstance(record, GoneRecord)
                or record.time > old
                or any(entry in other.get(folder_id, {}) for other in self.others)
            }
            if left:
                kept[folder_id] = left
        return kept


def to_microseconds(when: datetime) -> int:
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND
