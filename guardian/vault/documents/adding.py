"""Bringing documents into an open vault: new ones, new content for one, another vault's."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.vault.cryptomator.content import encrypted_size
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Folder, Tree
from guardian.vault.documents import trash
from guardian.vault.documents.incoming import (
    TARGET,
    Branch,
    Gathered,
    gather_files,
    gather_tree,
    to_document,
)
from guardian.vault.documents.naming import find, make_folders, numbered
from guardian.vault.documents.storing import Placed, Progress, Storing, store
from guardian.vault.model import Added, Kind, Refusal, shown

# kept free beside what is written, as folders and the system need some too: 1 %, at least 1 MiB
LEAST_SPARE_BYTES = 2**20
SPARE_SHARE = 100
# what a disk gives a file at a time
BLOCK_BYTES = 4096


def add(tree: Filesystem, files: Sequence[Path], folder: str, report: Report) -> Added:
    return bring_in(tree, gather_files(files, folder, tree.root, report), folder, report)


def copy_tree(old: Tree, tree: Filesystem, report: Report) -> Added:
    """Every document and folder of ``old``; the sources are told as paths below its folder."""
    return bring_in(tree, gather_tree(old, report), "", report)


def bring_in(tree: Filesystem, found: Gathered, folder: str, report: Report) -> Added:
    """Put what was gathered into ``folder``; a folder's or document's name may get a number."""
    if not found.branches and not found.documents:
        return Added((), found.refused)
    sizes = [document.size for document in found.documents]
    check_space(tree.root, sizes)
    refused = list(found.refused)
    folders = {TARGET: make_folders(tree, folder)}
    for branch in found.branches:
        # in a folder that could not be made, nothing is tried: its folder is told
        if (parent := folders.get(branch.parent)) is None:
            continue
        report(0, 0)
        try:
            folders[branch.number] = make_branch(tree, parent, branch)
        except Problem as problem:
            tree.check_there()
            refused.append(Refusal(branch.source, problem))
    placed = [
        Placed(document, folders[document.folder])
        for document in found.documents
        if document.folder in folders
    ]
    total = 2 * sum(one.document.size for one in placed)
    added, failed = store(tree, placed, Progress(report, total))
    report(total, total)
    return Added(tuple(added), (*refused, *failed))


def make_branch(tree: Filesystem, parent: Folder, branch: Branch) -> Folder:
    """A new folder for one that comes along, under the first name that is free."""
    with mendable_file_errors(Path(shown(branch.name))):
        for name in numbered(branch.name):
            try:
                return tree.make_folder(parent, name)
            except FileExistsError:
                continue
    raise AssertionError("unreachable")


def replace(tree: Filesystem, path: str, file: Path, now: datetime, report: Report) -> None:
    """New content for the document at ``path``. Raises ``Problem``; then nothing has changed.

    The old content is in the trash before the new one takes its place.
    """
    node = find(tree, path)
    if node.kind is not Kind.FILE:
        raise Problem(
            "file-is-folder" if node.kind is Kind.FOLDER else "vault-entry-link", name=shown(path)
        )
    with mendable_file_errors(Path(shown(file.name))):
        document = to_document(file, TARGET, file.name, file.stat())
    check_space(tree.root, (document.size,))
    total = 2 * document.size
    storing = Storing(tree, Progress(report, total))
    with ExitStack() as rest:
        for written in storing.write((Placed(document, tree.parent(node)),), rest):
            with mendable_file_errors(Path(shown(node.name))):
                trash.keep_copy(tree, node, now)
                tree.replace(written.temporary, written.seal, node)
    for refusal in storing.refused:
        raise refusal.problem
    report(total, total)


def check_space(root: Path, sizes: Sequence[int]) -> None:
    """Raise ``Problem("vault-space")`` where documents of these sizes do not fit."""
    written = sum(-(-encrypted_size(size) // BLOCK_BYTES) * BLOCK_BYTES for size in sizes)
    needed = written + max(LEAST_SPARE_BYTES, written // SPARE_SHARE)
    with mendable_file_errors(root):
        free = shutil.disk_usage(root).free
    if needed > free:
        raise Problem("vault-space", needed=needed / 1e6, free=free / 1e6)
