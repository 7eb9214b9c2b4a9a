"""The vault's own trash: what was deleted waits here, encrypted like all else, for 30 days.

Each thing has a folder of its own under ``/.guardian/trash``, named by its key. A small record in
it says where the thing was and when it was deleted; the record is there before the thing is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report, report_nothing
from guardian.core.words import message
from guardian.vault.care.inspection import inspect_whole
from guardian.vault.cryptomator.disk import link_or_copy
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Folder, Node
from guardian.vault.documents.arranging import Plan, outermost
from guardian.vault.documents.details import Notebook
from guardian.vault.documents.naming import find, join, make_folders, numbered, prepare_path
from guardian.vault.model import (
    KEPT_DAYS,
    OWN,
    Kind,
    Moved,
    NotRead,
    Trashed,
    is_known,
    shown,
    to_day_and_time,
)

TRASH = "trash"
MOST_RECORD_BYTES = 2**20


class Record(msgspec.Struct, frozen=True):
    """What is written down about a deleted thing. ``deleted`` carries a time zone."""

    came_from: str
    deleted: datetime


@dataclass(frozen=True)
class Item:
    """One folder of the trash: the thing in it, and its record; either may be missing."""

    node: Node
    thing: Node | None
    record: Record | None

    @property
    def key(self) -> str:
        return self.node.name

    @property
    def came_from(self) -> str:
        if self.record is not None:
            return self.record.came_from
        return self.thing.name if self.thing is not None else ""

    @property
    def deleted(self) -> datetime:
        if self.record is not None:
            return self.record.deleted
        return to_day_and_time(self.node.modified)


def discard(
    tree: Filesystem, book: Notebook, paths: Sequence[str], now: datetime, report: Report
) -> Moved:
    """Into the trash, each on its own; the pairs are (old path, key)."""
    plan = Plan(tree)
    places: dict[str, Folder] = {}
    try:
        for path in outermost(paths):
            report(0, 0, message("vault.progress.discarding", name=shown(path)))
            with plan.trying(path):
                node = find(tree, path)
                folder = places[node.path] = make_place(tree, node, now)
                plan.add(path, node, folder, node.name)
        result = plan.carry_out(book, report, "vault.progress.discarding")
    except BaseException:
        clear_unused(tree, places.values())
        raise
    keys = {old: places[old].path.rpartition("/")[2] for old, _ in result.moved}
    clear_unused(tree, [place for old, place in places.items() if old not in keys])
    return Moved(tuple(keys.items()), result.refused)


def make_place(tree: Filesystem, node: Node, now: datetime) -> Folder:
    """A folder of the trash for ``node``, with its record already in it. Raises ``Problem``."""
    when = now.astimezone(UTC)
    key = f"{when:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    with mendable_file_errors(Path(shown(node.name))):
        folder = tree.own_folder(TRASH, key)
        try:
            record = msgspec.json.encode(Record(node.path, when))
            tree.write_small(folder, record_name(key), record)
        except BaseException:
            clear_unused(tree, [folder])
            raise
    return folder


def clear_unused(tree: Filesystem, places: Iterable[Folder]) -> None:
    """Remove those folders of the trash in which no thing has arrived, as far as possible."""
    with suppress(OSError, Problem):
        nodes = [tree.find(place.path) for place in places]
        found = [item for item in map(partial(read_item, tree), nodes) if item is not None]
        tree.remove_trees([item.node for item in found if item.thing is None], report_nothing)


def keep_copy(tree: Filesystem, node: Node, now: datetime) -> str:
    """The document as it is now into the trash, while it stays where it is too; its key.

    For content that is about to be replaced. Raises ``Problem``, ``OSError``.
    """
    seal = inspect_whole(tree, node.file, lambda _: None).to_seal()
    folder = make_place(tree, node, now)
    try:
        with tree.temporary_file() as temporary:
            link_or_copy(node.file, temporary)
            tree.publish(temporary, seal, folder, node.name)
    except BaseException:
        clear_unused(tree, [folder])
        raise
    return folder.path.rpartition("/")[2]


def list_trash(tree: Filesystem) -> tuple[Trashed, ...]:
    """What is in the trash, the newest first. What others put there without a record counts too;
    it came from the top of the vault then."""
    found = [
        Trashed(
            item.key,
            item.thing.name,
            item.thing.kind,
            item.thing.size,
            item.came_from,
            item.deleted,
        )
        for item in items(tree)
        if item.thing is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.deleted, one.key), reverse=True))


def restore(tree: Filesystem, book: Notebook, keys: Sequence[str], report: Report) -> Moved:
    """Back to where each was, its folder made again where missing; the pairs are (key, path)."""
    there = {item.key: item for item in items(tree)}
    plan = Plan(tree)
    planned: dict[str, Item] = {}
    for key in dict.fromkeys(keys):
        item = there.get(key)
        if item is None or item.thing is None:
            missing = Problem("vault-trash-missing", name=shown(key))
            plan.refused.append(NotRead(key, missing))
            continue
        with plan.trying(item.thing.name):
            above, _, name = item.came_from.rpartition("/")
            folder = make_folders(tree, above)
            free = next(one for one in numbered(name) if plan.is_free(folder, one))
            plan.add(item.thing.name, item.thing, folder, free)
            planned[item.thing.path] = item
    result = plan.carry_out(book, report, "vault.progress.restoring")
    back = tuple((planned[old].key, new) for old, new in result.moved)
    clear_unused(tree, [tree.enter(there[key].node) for key, _ in back])
    return Moved(back, result.refused)


def destroy(tree: Filesystem, book: Notebook, keys: Sequence[str], report: Report) -> None:
    """Remove for good. A key that is not there (any more) is what was wanted."""
    nodes = [item.node for item in items(tree) if item.key in keys]
    report(0, 0, message("vault.progress.removing"))
    with mendable_file_errors(Path(shown(tree.root.name))):
        tree.remove_trees(nodes, report)
    book.drop([node.path for node in nodes])


def clear_old(tree: Filesystem, book: Notebook, now: datetime) -> int:
    """Remove what has been here for more than 30 days; how many things.

    Without a record nobody knows how long a thing has been here, so it stays until the person
    removes it.
    """
    limit = now - timedelta(days=KEPT_DAYS)
    old = [item for item in items(tree) if item.record and item.record.deleted < limit]
    destroy(tree, book, [item.key for item in old], report_nothing)
    return sum(item.thing is not None for item in old)


def items(tree: Filesystem) -> Iterator[Item]:
    """Each folder of the trash that can be read; whatever else lies there is passed over."""
    try:
        nodes = tree.contents(tree.folder(join(OWN, TRASH))).nodes
    except Problem:
        tree.check_there()
        return
    for node in nodes:
        if node.kind is Kind.FOLDER and (item := read_item(tree, node)) is not None:
            yield item


def read_item(tree: Filesystem, node: Node) -> Item | None:
    try:
        folder = tree.enter(node)
        nodes = tree.contents(folder).nodes
    except Problem:
        return None
    record = read_record(tree, folder, nodes)
    things = sorted(
        (one for one in nodes if one.name != record_name(node.name)), key=lambda one: one.name
    )
    name = record.came_from.rpartition("/")[2] if record else ""
    named = [one for one in things if one.name == name]
    return Item(node, next(iter(named + things), None), record)


def read_record(tree: Filesystem, folder: Folder, nodes: Sequence[Node]) -> Record | None:
    """The record of a deleted thing; None where there is none that makes sense."""
    name = record_name(folder.path.rpartition("/")[2])
    node = next((one for one in nodes if one.name == name and one.kind is Kind.FILE), None)
    if node is None or (node.size or 0) > MOST_RECORD_BYTES:
        return None
    try:
        with tree.open_document(node) as reader:
            record = msgspec.json.decode(b"".join(reader.pieces()), type=Record)
        known = is_known(record.deleted) and prepare_path(record.came_from)
    except (Problem, msgspec.DecodeError):
        return None
    return record if known else None


def record_name(key: str) -> str:
    """The key is random, so nothing of the person's is called like this."""
    return f"{key}.json"
