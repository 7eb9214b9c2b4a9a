"""Deleting the files that were added: each only while it still equals its copy in the vault."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.files import sync_folder
from guardian.core.jobs import Report
from guardian.core.words import Message, message
from guardian.vault.cryptomator.tree import Tree
from guardian.vault.documents.incoming import refuse_unless_document
from guardian.vault.model import Addition, Refusal, Removed, shown


def remove(tree: Tree, added: Sequence[Addition], report: Report) -> Removed:
    """Delete the originals of ``added``, each right after it was compared. Folders stay.

    What is not a plain file any more, or not the same as its copy, is left and told. Stopping
    leaves those deleted that were compared by then.
    """
    removed: list[Path] = []
    refused: list[Refusal] = []
    inside = tree.root.resolve()
    done, total = 0, sum(one.size for one in added)

    def passed(note: Message, seen: int) -> None:
        report(done + seen, total, note)

    for one in added:
        note = message("vault.progress.comparing", name=shown(one.source.name))
        try:
            with mendable_file_errors(Path(shown(one.source.name))):
                if one.source.resolve().is_relative_to(inside):
                    raise Problem("vault-own-file", name=shown(one.source.name))
                remove_one(tree, one, partial(passed, note))
            removed.append(one.source)
        except Problem as problem:
            tree.check_there()
            refused.append(Refusal(one.source, problem))
        done += one.size
    report(total, total)
    return Removed(tuple(removed), tuple(refused))


def remove_one(tree: Tree, one: Addition, passed: Callable[[int], None]) -> None:
    """Compare, look again, delete. Raises ``Problem`` or ``OSError``; then the file is there."""
    changed = Problem("vault-original-changed", name=shown(one.source.name))
    before = look_at(one.source)
    with tree.open_document(tree.find(one.path)) as reader, open_original(one.source) as original:
        if not is_same_state(before, os.fstat(original.fileno())) or before.st_size != reader.size:
            raise changed
        seen = 0
        passed(seen)
        for piece in reader.pieces():
            if original.read(len(piece)) != piece:
                raise changed
            seen += len(piece)
            passed(seen)
        if original.read(1):
            raise changed
    # the last look, at the name itself: what is deleted is what was compared
    if not is_same_state(before, look_at(one.source)):
        raise changed
    one.source.unlink()
    sync_folder(one.source.parent)


def look_at(file: Path) -> os.stat_result:
    """What lies at ``file``. Raises ``Problem`` where that is no plain file itself."""
    status = file.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise Problem("vault-original-link", name=shown(file.name))
    refuse_unless_document(status, shown(file.name))
    return status


def open_original(file: Path) -> BinaryIO:
    # nothing that was put in its place may be followed, or make us wait
    wanted = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in wanted)
    return os.fdopen(os.open(file, flags), "rb")


def is_same_state(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether both are the same file, not written to in between, as far as the system tells."""
    return os.path.samestat(one, other) and (one.st_size, one.st_mtime_ns) == (
        other.st_size,
        other.st_mtime_ns,
    )
