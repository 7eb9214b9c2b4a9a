"""Mending what a check found, as far as what is there allows. Nothing is deleted by it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder, write_atomically
from guardian.core.jobs import Report, report_nothing
from guardian.core.words import message
from guardian.vault.care.census import Place, take_census
from guardian.vault.care.evidence import Evidence, join
from guardian.vault.care.inspection import inspect_whole, intact_pieces
from guardian.vault.care.manifest import FolderRecord, read_lists
from guardian.vault.cryptomator.content import encrypt_stream
from guardian.vault.cryptomator.disk import rename_folder_new
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.names import NameUnreadableError
from guardian.vault.cryptomator.tree import (
    FOLDER_ID,
    FOLDER_ID_BACKUP,
    LONG_CONTENT,
    LONG_NAME,
    ROOT_ID,
    Folder,
    Found,
    Node,
)
from guardian.vault.documents.export import save
from guardian.vault.documents.naming import numbered
from guardian.vault.model import Conflict, Finding, Kind, shown

# what a folder is called whose own name is lost
FOUND_AGAIN = "Found again"


def mend(tree: Filesystem, finding: Finding) -> str:
    """Do what the remedy of ``finding`` says; the path of what is mended.

    Raises ``Problem("vault-finding-past")`` where it is no longer as the check found it.
    """
    lists = read_lists(tree)
    census = take_census(tree, report_nothing)
    evidence = Evidence(tree, census, {}, lists.merged(), bool(lists.manifests), full=False)
    step = STEPS.get(finding.what.code.removeprefix("vault.finding."))
    if step is None:
        raise past(finding.path)
    with mendable_file_errors(Path(shown(finding.path or tree.root.name))):
        return step(tree, evidence, tree.root / finding.place)


def keep_conflict(tree: Filesystem, conflict: Conflict) -> str:
    """Give a sync program's copy a name of its own in its folder, never another's; its path."""
    folder = tree.folder(conflict.folder)
    for found in tree.look(folder):
        if found.copy and found.place.name == conflict.file:
            with mendable_file_errors(Path(shown(conflict.name))):
                return keep_copy(tree, folder, found)
    raise past(conflict.name)


def save_part(tree: Filesystem, path: str, target: Path, report: Report) -> int:
    """Save what decrypts of a document, up to the first damage, as ``target``; the bytes saved.

    Raises ``Problem``: ``vault-nothing-intact``, and what saving a document raises.
    """
    node = tree.find(path)
    if node.kind is not Kind.FILE:
        code = "file-is-folder" if node.kind is Kind.FOLDER else "vault-entry-link"
        raise Problem(code, name=shown(path))
    total, read, written = node.file.stat().st_size, 0, 0

    def passed(count: int) -> None:
        nonlocal read
        read += count
        report(min(read, total), total, message("vault.progress.reading", name=shown(path)))

    def counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal written
        for piece in pieces:
            written += len(piece)
            yield piece

    pieces = intact_pieces(tree, node.file, passed)
    with mendable_file_errors(Path(shown(path))):
        first = next(pieces, b"")
    if not first:
        raise Problem("vault-nothing-intact", name=shown(path))
    save(counted(chain((first,), pieces)), target, overwrite=False)
    return written


# the steps: each takes the place of its finding on disk


def mend_copy(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    folder, found = find(evidence, place)
    if not found.copy:
        raise past(place.name)
    return keep_copy(tree, folder, found)


def keep_copy(tree: Filesystem, folder: Folder, found: Found) -> str:
    node = found.node
    assert node is not None
    path, encrypted = give_name(tree, found.place, folder, node.name, node.kind)
    journal_adopted(tree, folder, encrypted, tree.find(path))
    return path


def mend_stray(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    """A document or folder that somebody moved on disk: its name, in the folder it is in now."""
    folder, found = find(evidence, place)
    home = evidence.find_home(found.encrypted)
    if found.problem is None or home is None:
        raise past(place.name)
    name = tree.names.decrypt(found.encrypted, home)
    long = (place / LONG_CONTENT).exists()
    kind = Kind.FILE if place.is_file() or long else Kind.FOLDER
    path, encrypted = give_name(tree, place, folder, name, kind)
    tree.journal.moved(home, found.encrypted, folder.id, encrypted)
    return path


def mend_entry(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    """A folder entry that lost what it leads to: its id, from the list or as the only one lost."""
    folder, found = find(evidence, place)
    key = (folder.id, found.encrypted)
    record = evidence.record(key)
    child = record.child if isinstance(record, FolderRecord) else evidence.find_child(key)
    content = evidence.find_content(child) if child is not None else None
    if child is None or content is None or not evidence.is_lost(child):
        raise past(evidence.path_of(key))
    put_content(tree, content, child)
    write_atomically(place / FOLDER_ID, child.encode("ascii"), private=False)
    tree.journal.made(*key, child)
    return evidence.path_of(key)


def mend_lost(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    """A folder whose content is not at its place: moved back from where it is, or as its entry."""
    if place == tree.place_of(ROOT_ID):
        folder = Folder("", ROOT_ID, place)
    else:
        _, found = find(evidence, place)
        if found.node is None:
            raise past(place.name)
        folder = tree.enter(found.node)
    content = evidence.find_content(folder.id)
    if content is None:
        return mend_entry(tree, evidence, place)
    put_content(tree, content, folder.id)
    return folder.path


def mend_swapped(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    """Content under another folder's name on disk: each goes where its own spare id says.

    A crash on the way leaves content under a name of its own, which the next check finds by
    that id.
    """
    there = evidence.census.places.get(place)
    folder = next(
        (v.folder for v in evidence.census.visits.values() if v.folder.place == place), None
    )
    if there is None or there.id is None or folder is None or there.id == folder.id:
        raise past(place.name)
    aside = place.with_name(f"{place.name}-{secrets.token_hex(4)}")
    rename_folder_new(place, aside)
    mine = [one for one in evidence.census.places.values() if one.id == folder.id]
    if mine:
        put_content(tree, mine[0], folder.id)
    if not tree.place_of(there.id).exists():
        put_content(tree, Place(aside, there.id, spare=True, holds=True), there.id)
    sync_folder(place.parent)
    return folder.path


def mend_orphan(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    """Content that no entry leads to: an entry for it, where it was if that is known."""
    for orphan, folder_id in evidence.top_orphans:
        if orphan.path == place and folder_id is not None and evidence.is_lost(folder_id):
            put_content(tree, orphan, folder_id)
            if not orphan.spare:
                write_spare(tree, tree.place_of(folder_id), folder_id)
            parent, name = home_of(evidence, folder_id)
            return give_entry(tree, folder_id, parent, name)
    raise past(place.name)


def mend_spare(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    for visit in evidence.census.visits.values():
        if visit.folder.place == place and not evidence.is_swapped(visit.folder):
            write_spare(tree, place, visit.folder.id)
            return visit.folder.path
    raise past(place.name)


def mend_long_name(tree: Filesystem, evidence: Evidence, place: Path) -> str:
    folder, found = find(evidence, place)
    entry = evidence.find_long_name(folder, place)
    if found.node is not None or entry is None:
        raise past(place.name)
    write_atomically(place / LONG_NAME, entry.encode("ascii"), private=False)
    return evidence.path_of((folder.id, entry))


STEPS: dict[str, Callable[[Filesystem, Evidence, Path], str]] = {
    "conflict": mend_copy,
    "stray": mend_stray,
    "entry": mend_entry,
    "folder-entry": mend_entry,
    "folder-twice": mend_entry,
    "led": mend_entry,
    "folder-content": mend_lost,
    "content-swapped": mend_swapped,
    "orphan": mend_orphan,
    "orphan-nameless": mend_orphan,
    "spare": mend_spare,
    "long-name": mend_long_name,
}


# what the steps share


def find(evidence: Evidence, place: Path) -> tuple[Folder, Found]:
    """The entry at ``place`` on disk, and its folder. Raises ``Problem``."""
    for visit in evidence.census.visits.values():
        for found in visit.found:
            if found.place == place:
                return visit.folder, found
    raise past(place.name)


def past(name: str) -> Problem:
    return Problem("vault-finding-past", name=shown(name))


def give_name(
    tree: Filesystem, place: Path, folder: Folder, name: str, kind: Kind
) -> tuple[str, str]:
    """The first free name for the entry at ``place``: its path, and its full encrypted name."""
    for candidate in numbered(name):
        if is_free(tree, folder, candidate):
            encrypted = tree.adopt(place, folder, candidate, document=kind is Kind.FILE)
            return join(folder.path, candidate), encrypted
    raise AssertionError("unreachable")


def give_entry(tree: Filesystem, folder_id: str, parent: Folder, name: str) -> str:
    for candidate in numbered(name):
        if is_free(tree, parent, candidate):
            return tree.name_folder(folder_id, parent, candidate).path
    raise AssertionError("unreachable")


def is_free(tree: Filesystem, folder: Folder, name: str) -> bool:
    """Whether nothing goes by ``name`` in ``folder``, not even something damaged."""
    try:
        return tree.find_in(folder, name) is None
    except Problem:
        return False


def home_of(evidence: Evidence, folder_id: str) -> tuple[Folder, str]:
    """In which folder, under which name a folder was by the lists; the root where none says."""
    parent, entry = evidence.entries.get(folder_id, (ROOT_ID, ""))
    visit = evidence.census.visits.get(parent)
    try:
        name = evidence.tree.names.decrypt(entry, parent)
    except NameUnreadableError:
        name = FOUND_AGAIN
    return (visit.folder if visit else evidence.tree.folder("")), name


def put_content(tree: Filesystem, content: Place, folder_id: str) -> None:
    """Let a folder's content lie where its id says."""
    wanted = tree.place_of(folder_id)
    if content.path != wanted:
        wanted.parent.mkdir(exist_ok=True)
        rename_folder_new(content.path, wanted)
        sync_folder(wanted.parent)
        sync_folder(content.path.parent)


def write_spare(tree: Filesystem, place: Path, folder_id: str) -> None:
    """The folder's id, encrypted in its own content, for the next repair."""
    sealed = BytesIO()
    encrypt_stream(BytesIO(folder_id.encode("ascii")), sealed, tree.key, lambda _: None)
    write_atomically(place / FOLDER_ID_BACKUP, sealed.getvalue(), private=False)


def journal_adopted(tree: Filesystem, folder: Folder, encrypted: str, node: Node) -> None:
    """Let the list know what an adopted entry holds, where that is intact."""
    if node.kind is Kind.FOLDER:
        tree.journal.made(folder.id, encrypted, tree.enter(node).id)
        return
    look = inspect_whole(tree, node.file, lambda _: None)
    if look.harm is None and node.kind is Kind.FILE:
        tree.journal.wrote(folder.id, encrypted, look.to_seal())
