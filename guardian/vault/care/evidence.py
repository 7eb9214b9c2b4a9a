"""What a check has in hand: what was met on disk, what the lists say, and how the two relate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.words import Fact, Message
from guardian.vault.care.census import Census, Place
from guardian.vault.care.inspection import Look
from guardian.vault.care.manifest import DocumentRecord, FolderRecord, GoneRecord, Record, Records
from guardian.vault.cryptomator.names import NameUnreadableError
from guardian.vault.cryptomator.tree import Folder, Found, Tree
from guardian.vault.model import OWN, Condition, Finding, Kind, Remedy, shown

Looks = Mapping[Path, Look | Problem]
# an entry by the id of its folder and its full encrypted name
Key = tuple[str, str]


@dataclass(frozen=True)
class Evidence:
    """Everything that findings are made from.

    ``looks`` by the path of the encrypted file; ``listed`` is False without any list,
    ``full`` says whether every byte was read.
    """

    tree: Tree
    census: Census
    looks: Looks
    records: Records
    listed: bool
    full: bool

    # telling

    def finding(
        self,
        condition: Condition,
        what: str,
        path: str,
        place: Path,
        *,
        remedy: Remedy | None = None,
        **facts: Fact,
    ) -> Finding:
        name = shown(path) or shown(self.tree.root.name)
        said = Message(f"vault.finding.{what}", {"name": name, **facts})
        on_disk = shown(place.relative_to(self.tree.root).as_posix())
        return Finding(condition, said, path, on_disk, remedy)

    def changed(self, what: str, path: str, place: Path, **facts: Fact) -> Finding:
        accept = Remedy.ACCEPT
        return self.finding(Condition.CHANGED, what, path, place, remedy=accept, **facts)

    def path_of(self, key: Key) -> str:
        """Where an entry of a list is or was inside the vault, as far as that can be told."""
        visit = self.census.visits.get(key[0])
        try:
            name = self.tree.names.decrypt(key[1], key[0])
        except NameUnreadableError:
            name = key[1]
        return join(visit.folder.path, name) if visit is not None else name

    # the lists

    def record(self, key: Key) -> Record | None:
        return self.records.get(key[0], {}).get(key[1])

    @cached_property
    def owners(self) -> Mapping[bytes, list[Key]]:
        """By checksum of a header: the entries that, by the lists, have such a document."""
        owners: dict[bytes, list[Key]] = defaultdict(list)
        for folder_id, records in self.records.items():
            for entry, record in records.items():
                if isinstance(record, DocumentRecord):
                    owners[record.header].append((folder_id, entry))
        return owners

    @cached_property
    def entries(self) -> Mapping[str, Key]:
        """By folder id: the entry that, by the lists, leads to that folder."""
        return {
            record.child: (folder_id, entry)
            for folder_id, records in self.records.items()
            for entry, record in records.items()
            if isinstance(record, FolderRecord)
        }

    @cached_property
    def known_ids(self) -> Mapping[Path, str]:
        """Every folder id that was met or is on a list, by the place of that folder's content."""
        met = {place.id for place in self.census.places.values() if place.id is not None}
        known = {*self.census.visits, *self.records, *self.entries, *met}
        return {self.tree.place_of(one): one for one in known}

    def is_unlisted(self, folder_id: str) -> bool:
        """Whether nothing in a folder is on a list, Guardian's own things left aside."""
        own = self.tree.names.encrypt(OWN, folder_id)
        known = self.records.get(folder_id, {}).items()
        return all(isinstance(one, GoneRecord) or entry == own for entry, one in known)

    # the disk

    @cached_property
    def broken(self) -> set[Key]:
        """The entries that are there and lead to no folder, document or link."""
        lost = {(parent.id, found.encrypted) for parent, found, _ in self.census.lost}
        empty = {
            (visit.folder.id, found.encrypted)
            for visit in self.census.visits.values()
            for found in visit.found
            if found.problem is not None and found.problem.code == "vault-entry-broken"
        }
        return lost | empty

    @cached_property
    def present(self) -> set[Key]:
        """The entries that are there and can be read."""
        return {
            (visit.folder.id, found.encrypted)
            for visit in self.census.visits.values()
            for found in visit.found
            if found.node is not None and not found.copy
        }

    @cached_property
    def doubled(self) -> set[Key]:
        """The entries that lead to a folder which another entry leads to."""
        return {(parent.id, found.encrypted) for parent, found in self.census.twice}

    @cached_property
    def top_orphans(self) -> list[tuple[Place, str | None]]:
        """Content nothing leads to, with its folder id; without what lies in other orphans."""
        known = [
            (place, place.id if place.id is not None else self.known_ids.get(place.path))
            for place in self.census.orphans()
        ]
        swapped = [
            (place, place.id)
            for visit in self.census.visits.values()
            if self.is_swapped(visit.folder) and (place := self.census.places[visit.folder.place])
        ]
        inner = {
            leads
            for place, one in known + swapped
            if one is not None
            for found in self._look(Folder("", one, place.path))
            if (leads := self.leads_to(found)) is not None and leads != one
        }
        tops = [(place, one) for place, one in known if one is None or one not in inner]
        return tops if tops or swapped else known

    def _look(self, folder: Folder) -> tuple[Found, ...]:
        try:
            return tuple(self.tree.look(folder))
        except Problem:
            return ()

    def leads_to(self, found: Found) -> str | None:
        """The id of the folder behind an entry; None where there is none."""
        if found.node is None or found.node.kind is not Kind.FOLDER:
            return None
        try:
            return self.tree.enter(found.node).id
        except Problem:
            return None

    def is_swapped(self, folder: Folder) -> bool:
        """Whether the content at a folder's place is that of another folder."""
        place = self.census.places.get(folder.place)
        return place is not None and place.id not in (None, folder.id)

    def find_content(self, folder_id: str) -> Place | None:
        """Where the content of a folder lies unreached: at its place, or whatever it is called."""
        reached = {visit.folder.place for visit in self.census.visits.values()}
        there = self.census.places.get(self.tree.place_of(folder_id))
        if there is not None and there.path not in reached and there.id in (None, folder_id):
            return there
        for place in self.census.places.values():
            if place.id == folder_id and place.path not in reached:
                return place
        return None

    def is_lost(self, folder_id: str) -> bool:
        """Whether a folder's content is on disk and nothing leads to it."""
        return folder_id not in self.census.visits and self.find_content(folder_id) is not None

    def find_child(self, key: Key) -> str | None:
        """The lost folder that an entry led to: by the lists, or as the only one that is lost."""
        record = self.record(key)
        if isinstance(record, FolderRecord):
            return record.child if self.is_lost(record.child) else None
        lost = [one for _, one in self.top_orphans if one and one not in self.census.visits]
        return lost[0] if len(lost) == 1 and len(self.broken) == 1 else None

    def find_home(self, encrypted: str) -> str | None:
        """The id of the folder to which an encrypted name belongs, among all that are known."""
        for folder_id in self.known_ids.values():
            try:
                self.tree.names.decrypt(encrypted, folder_id)
            except NameUnreadableError:
                continue
            return folder_id
        return None

    def find_long_name(self, folder: Folder, place: Path) -> str | None:
        """The listed name of an entry whose own file with the long name is damaged."""
        for entry in self.records.get(folder.id, {}):
            if entry != place.name and self.tree.entry_name(entry) == place.name:
                return entry
        return None


def join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
