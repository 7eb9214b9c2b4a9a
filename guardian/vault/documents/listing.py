"""What an open vault holds, as a person sees it: Guardian's own folder left out, details added."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Contents, Node
from guardian.vault.documents.details import Notebook
from guardian.vault.model import (
    NO_DETAILS,
    OWN,
    Conflict,
    Details,
    Entry,
    Kind,
    Listing,
    NotRead,
    to_day_and_time,
)


def list_folder(tree: Filesystem, book: Notebook, path: str) -> Listing:
    """The folder at ``path``: folders first, then by name. Raises ``Problem``.

    The top of the vault also tells of descriptions that could not be read.
    """
    found = to_listing(tree.contents(tree.folder(path)), book.all(), top=not path.strip("/"))
    if path.strip("/"):
        return found
    return Listing(found.entries, found.not_read + book.not_read(), found.conflicts)


def list_all(tree: Filesystem, book: Notebook, report: Report) -> Listing:
    """Every folder and document of the vault; a folder comes before what is in it."""
    details = book.all()
    entries: list[Entry] = []
    not_read: list[NotRead] = [*book.not_read()]
    conflicts: list[Conflict] = []
    top = tree.folder("")
    waiting, seen = [top], {top.id}
    while waiting:
        folder = waiting.pop()
        report(len(seen) - len(waiting), len(seen), message("vault.progress.listing"))
        try:
            contents = tree.contents(folder)
        except Problem as problem:
            not_read.append(NotRead(folder.path, problem))
            continue
        found = to_listing(contents, details, top=folder is top)
        entries += found.entries
        not_read += found.not_read
        conflicts += found.conflicts
        for node in contents.nodes:
            if node.kind is not Kind.FOLDER or (folder is top and node.name == OWN):
                continue
            try:
                below = tree.enter(node)
                if below.id in seen:
                    raise Problem("vault-folder-damaged", name=node.path)
            except Problem as problem:
                not_read.append(NotRead(node.path, problem))
                continue
            seen.add(below.id)
            waiting.append(below)
    entries.sort(key=lambda entry: [part.casefold() for part in entry.path.split("/")])
    return Listing(tuple(entries), tuple(not_read), tuple(conflicts))


def search(tree: Filesystem, book: Notebook, words: Sequence[str], report: Report) -> Listing:
    """What :func:`list_all` finds, only those whose name, tags or note hold every word."""
    wanted = [fold(word) for word in words]
    found = list_all(tree, book, report)
    entries = [entry for entry in found.entries if holds(entry, wanted)]
    return Listing(tuple(entries), found.not_read, found.conflicts)


def holds(entry: Entry, folded: Sequence[str]) -> bool:
    text = fold("\n".join((entry.name, *entry.details.tags, entry.details.note)))
    return all(word in text for word in folded)


def fold(text: str) -> str:
    """``text`` for comparing, whatever its capitals and however its accents were typed."""
    return unicodedata.normalize("NFC", text).casefold()


def to_listing(found: Contents, details: Mapping[str, Details], *, top: bool) -> Listing:
    nodes = [node for node in found.nodes if not top or node.name != OWN]
    entries = sorted(
        (to_entry(node, details.get(node.path, NO_DETAILS)) for node in nodes),
        key=lambda entry: (entry.kind is not Kind.FOLDER, entry.name.casefold(), entry.name),
    )
    return Listing(tuple(entries), found.not_read, tuple(map(to_conflict, found.conflicts)))


def to_conflict(node: Node) -> Conflict:
    modified = to_day_and_time(node.modified)
    folder = node.path.rpartition("/")[0]
    return Conflict(folder, node.name, node.place.name, node.size, modified)


def to_entry(node: Node, details: Details = NO_DETAILS) -> Entry:
    """What a face may know of a node."""
    modified = to_day_and_time(node.modified)
    return Entry(node.path, node.name, node.kind, node.size, modified, details)
