"""What people wrote down about documents: note, tags, until when each is valid.

It lies in the vault's own folder, encrypted like any document: one JSON file per device, so that
two devices never write the same one. By path, the description written last counts; an empty one
says that there is none any more. Fields this version does not know are passed over when read, and
gone when this device writes its file the next time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from guardian.core.errors import Problem, mendable_file_errors
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Folder, Node
from guardian.vault.cryptomator.workspace import alone
from guardian.vault.documents.naming import is_own
from guardian.vault.model import (
    MOST_NOTE,
    MOST_TAG,
    MOST_TAGS,
    NO_DETAILS,
    OWN,
    Details,
    Kind,
    NotRead,
    shown,
)

MOST_BYTES = 64 * 2**20
MOST_WRITTEN = 2**62
# an empty description has to outlast every device that was away and still has the old one
EMPTY_KEPT_US = 365 * 24 * 3600 * 10**6
PREFIX, ENDING = "details-", ".json"


class Described(msgspec.Struct, frozen=True, omit_defaults=True):
    """One description as it is kept; ``written`` in microseconds since 1970, UTC."""

    written: Annotated[int, msgspec.Meta(le=MOST_WRITTEN)]
    note: str = ""
    tags: tuple[str, ...] = ()
    until: date | None = None

    def details(self) -> Details:
        return Details(self.note, self.tags, self.until)


class DetailsFile(msgspec.Struct, frozen=True):
    """What one device wrote: by path inside the vault."""

    described: dict[str, Described]


@dataclass(frozen=True)
class Known:
    """All devices' files, read: each by its name, what they say together, what is unreadable."""

    files: Mapping[str, Mapping[str, Described]] = field(default_factory=dict)
    latest: Mapping[str, Described] = field(default_factory=dict)
    details: Mapping[str, Details] = field(default_factory=dict)
    damaged: Mapping[str, Node] = field(default_factory=dict)
    not_read: tuple[NotRead, ...] = ()


Stamp = tuple[tuple[str, int, int, int], ...]


class Notebook:
    """The descriptions in one open vault; read again only when a file of theirs has changed.

    ``device`` names this computer's file, ``clock`` says the time (with a time zone).
    """

    def __init__(
        self, tree: Filesystem, device: Callable[[], str], clock: Callable[[], datetime]
    ) -> None:
        self._tree = tree
        self._device = device
        self._clock = clock
        self._cache: tuple[Stamp, Known] | None = None

    def forget(self) -> None:
        """Drop what was read."""
        self._cache = None

    def all(self) -> Mapping[str, Details]:
        """By path: every description that says something."""
        return self._known().details

    def not_read(self) -> tuple[NotRead, ...]:
        """Files with descriptions that could not be read; what the others say is not affected."""
        return self._known().not_read

    def write(self, path: str, wanted: Details) -> None:
        """Describe what lies at ``path``. Raises ``Problem`` for too much text, or nothing there.

        Tags are trimmed, and one that is there already is left out; an empty description
        removes the one there was.
        """
        if is_own(path):
            raise Problem("vault-entry-missing", name=shown(path))
        prepared = prepare(wanted)
        node = self._tree.find(path)
        if self.all().get(node.path, NO_DETAILS) != prepared:
            self._save({node.path: prepared})

    def drop(self, paths: Sequence[str]) -> None:
        """Forget the descriptions of ``paths`` and everything below them."""
        known = self.all()
        self._save({one: NO_DETAILS for path in paths for one in below(known, path)})

    @contextmanager
    def following(self, pairs: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
        """Let descriptions go along while things move: ``pairs`` are (old path, new path).

        Each pair that was moved is to be added to the list that this gives. Descriptions are at
        the new paths before, and leave the old ones after, so that a crash between the two loses
        none. Nothing may lie at a new path yet.
        """
        known = self.all()
        going = {old: below(known, old) for old, _ in pairs}
        coming: dict[str, Details] = {}
        for old, new in pairs:
            coming |= dict.fromkeys(below(known, new), NO_DETAILS)
            coming |= {new + path.removeprefix(old): known[path] for path in going[old]}
        self._save(coming)
        moved: list[tuple[str, str]] = []
        try:
            yield moved
        finally:
            arrived = {path for _, new in moved for path in below(coming, new)}
            after = {
                path: known.get(path, NO_DETAILS) for path in coming if path not in arrived
            } | {path: NO_DETAILS for old, _ in moved for path in going[old] if path not in arrived}
            # what was moved is moved, even where the disk has no room for this
            with suppress(Problem):
                self._save(after)

    def expiries(self) -> tuple[date, ...]:
        """The last day of validity of each document that is there, sorted."""
        days: list[date] = []
        folders: dict[str, Folder] = {}
        for path, details in self.all().items():
            if details.valid_until is None or is_own(path):
                continue
            above, _, name = path.rpartition("/")
            with suppress(Problem):
                if above not in folders:
                    folders[above] = self._tree.folder(above)
                if self._tree.find_in(folders[above], name) is not None:
                    days.append(details.valid_until)
        return tuple(sorted(days))

    def _known(self) -> Known:
        try:
            nodes = self._files()
        except Problem as problem:
            if problem.code == "vault-entry-missing":
                return Known()
            return Known(not_read=(NotRead(OWN, problem),))
        stamp = tuple(map(stamp_of, nodes))
        if self._cache is None or self._cache[0] != stamp:
            self._cache = (stamp, read_files(self._tree, nodes))
        return self._cache[1]

    def _files(self) -> list[Node]:
        nodes = self._tree.contents(self._tree.folder(OWN)).nodes
        return [
            node
            for node in nodes
            if node.kind is Kind.FILE
            and node.name.startswith(PREFIX)
            and node.name.endswith(ENDING)
        ]

    def _save(self, changes: Mapping[str, Details]) -> None:
        """Write this device's file anew with ``changes``, which count from now on."""
        if not changes:
            return
        # whatever is refused, it is the vault's folder that a person can look at
        with mendable_file_errors(Path(shown(self._tree.root.name))), alone(self._tree.root):
            self._write_anew(changes)
        self.forget()

    def _write_anew(self, changes: Mapping[str, Details]) -> None:
        known = self._known()
        now = int(self._clock().timestamp() * 10**6)
        name = f"{PREFIX}{self._device()}{ENDING}"
        described = {
            path: one
            for path, one in known.files.get(name, {}).items()
            if one.details() != NO_DETAILS or one.written > now - EMPTY_KEPT_US
        }
        for path, wanted in changes.items():
            before = known.latest.get(path)
            # another device's clock may be ahead of ours
            written = now if before is None else min(max(now, before.written + 1), MOST_WRITTEN)
            described[path] = Described(written, wanted.note, wanted.tags, wanted.valid_until)
        data = msgspec.json.encode(DetailsFile(described))
        if len(data) > MOST_BYTES:
            raise Problem("vault-details-full")
        folder = self._tree.own_folder()
        if name in known.damaged:
            aside = f"{name}.damaged-{secrets.token_hex(4)}"
            self._tree.move(known.damaged[name], folder, aside)
        self._tree.write_small(folder, name, data)


def prepare(wanted: Details) -> Details:
    """``wanted`` as it is kept. Raises ``Problem`` for more than there is room for."""
    note = shown(wanted.note)
    if len(note) > MOST_NOTE:
        raise Problem("vault-note-long", most=MOST_NOTE)
    tags: dict[str, str] = {}
    for tag in wanted.tags:
        trimmed = " ".join(shown(tag).split())
        if len(trimmed) > MOST_TAG:
            raise Problem("vault-tag-long", name=trimmed, most=MOST_TAG)
        if trimmed:
            tags.setdefault(trimmed.casefold(), trimmed)
    if len(tags) > MOST_TAGS:
        raise Problem("vault-tags-many", most=MOST_TAGS)
    return Details(note, tuple(tags.values()), wanted.valid_until)


def below(known: Mapping[str, Details], path: str) -> list[str]:
    """The described paths at ``path`` and below it."""
    return [one for one in known if one.startswith(path) and f"{one}/".startswith(f"{path}/")]


def stamp_of(node: Node) -> tuple[str, int, int, int]:
    """What changes whenever a file is written anew."""
    try:
        status = node.file.stat()
    except OSError:
        return node.name, 0, 0, 0
    return node.name, status.st_size, status.st_mtime_ns, status.st_ino


def read_files(tree: Filesystem, nodes: list[Node]) -> Known:
    files: dict[str, Mapping[str, Described]] = {}
    damaged: dict[str, Node] = {}
    latest: dict[str, Described] = {}
    for node in nodes:
        try:
            files[node.name] = read_file(tree, node)
        except Problem:
            damaged[node.name] = node
            continue
        for path, one in files[node.name].items():
            if path not in latest or latest[path].written < one.written:
                latest[path] = one
    details = {path: one.details() for path, one in latest.items()}
    said = {path: one for path, one in details.items() if one != NO_DETAILS}
    problems = (
        NotRead(n.path, Problem("vault-details-damaged", file=n.name)) for n in damaged.values()
    )
    return Known(files, latest, said, damaged, tuple(problems))


def read_file(tree: Filesystem, node: Node) -> Mapping[str, Described]:
    """One device's descriptions. Raises ``Problem`` where its file is damaged."""
    with tree.open_document(node) as reader:
        if reader.size > MOST_BYTES:
            raise Problem("vault-details-damaged", file=node.name)
        data = b"".join(reader.pieces())
    try:
        return msgspec.json.decode(data, type=DetailsFile).described
    except (msgspec.DecodeError, RecursionError) as error:
        raise Problem("vault-details-damaged", file=node.name) from error
