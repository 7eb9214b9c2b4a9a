"""A vault that is open: list, add, read, save; until it is locked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report, report_nothing
from guardian.core.words import message
from guardian.vault import export
from guardian.vault.model import Added, Addition, Entry, Kind, Listing, Refusal, shown

if TYPE_CHECKING:
    from guardian.vault.cryptomator.filesystem import Filesystem, Node

# kept free beside what is written, as folders and the system need some too: 1 %, at least 1 MiB
LEAST_SPARE_BYTES = 2**20
SPARE_SHARE = 100


class Vault:
    """The handle of an open vault. Use it in one thread at a time, and ``lock`` it at the end.

    Paths inside are written with ``/``. After :meth:`lock` every verb raises
    ``Problem("vault-locked")``. Memory cannot be wiped for certain in Python; locking drops the
    only references to the keys.
    """

    def __init__(self, folder: Path, tree: Filesystem) -> None:
        self.folder = folder
        self._open_tree: Filesystem | None = tree

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()

    @property
    def locked(self) -> bool:
        return self._open_tree is None

    @property
    def _tree(self) -> Filesystem:
        if self._open_tree is None:
            raise Problem("vault-locked")
        return self._open_tree

    def lock(self) -> None:
        """Drop the keys and whatever was not finished. Doing it twice is fine."""
        if self._open_tree is not None:
            self._open_tree.close()
            self._open_tree = None

    def list(self, path: str = "") -> Listing:
        """What the folder at ``path`` holds. Raises ``Problem`` where it cannot be read at all."""
        found = self._tree.contents(self._tree.folder(path))
        entries = sorted(
            (to_entry(node) for node in found.nodes),
            key=lambda entry: (entry.kind is not Kind.FOLDER, entry.name.casefold(), entry.name),
        )
        return Listing(tuple(entries), found.not_read)

    def add(
        self, files: Sequence[Path], folder: str = "", report: Report = report_nothing
    ) -> Added:
        """Encrypt copies of ``files`` into ``folder`` (made where missing).

        Each copy is read back and compared before it appears; a name that is taken gets " (1)".
        The originals are only read. Stopping keeps the documents that are already whole.
        Raises ``Problem("vault-space")`` before anything is written where they cannot all fit.
        """
        from guardian.vault.adding import Progress, add_document, check_source, make_folders

        tree = self._tree
        tree.check_there()
        sizes: dict[Path, int] = {}
        refused: list[Refusal] = []
        for file in files:
            try:
                sizes[file] = check_source(file, self.folder)
            except Problem as problem:
                refused.append(Refusal(file, problem))
        if not sizes:
            return Added((), tuple(refused))
        self._check_space(list(sizes.values()))
        target = make_folders(tree, folder)
        added: list[Addition] = []
        # each byte counts twice: once written, once read back
        total, done = 2 * sum(sizes.values()), 0
        for file, size in sizes.items():
            try:
                added.append(add_document(tree, file, target, Progress(report, done, total)))
            except Problem as problem:
                tree.check_there()
                refused.append(Refusal(file, problem))
            done += 2 * size
        report(total, total)
        return Added(tuple(added), tuple(refused))

    def read(self, path: str) -> bytes:
        """A whole document in memory. Raises ``Problem`` unless every byte is authentic."""
        return b"".join(self._pieces(path, report_nothing))

    def read_to(
        self,
        path: str,
        target: Path,
        report: Report = report_nothing,
        *,
        overwrite: bool = False,
    ) -> None:
        """Save a document as the file ``target``, no longer encrypted there.

        Whole or not at all. Raises ``Problem``, among them ``vault-target-exists``, and
        ``vault-target-inside`` for a place among the vault's own encrypted files.
        """
        # the folder's links are followed; the target itself would be replaced, not followed
        if Path(os.path.realpath(target.parent)).is_relative_to(os.path.realpath(self.folder)):
            raise Problem("vault-target-inside", name=shown(target.name))
        export.save(self._pieces(path, report), target, overwrite=overwrite)

    def write_to(self, path: str, file: BinaryIO, report: Report = report_nothing) -> None:
        """Send a document to an open file. All of it is verified before the first byte goes."""
        for _ in self._pieces(path, report_nothing):
            pass
        for piece in self._pieces(path, report):
            file.write(piece)

    def _pieces(self, path: str, report: Report) -> Iterator[bytes]:
        with self._tree.open_document(self._tree.find(path)) as reader:
            done, note = 0, message("vault.progress.reading", name=shown(path))
            report(0, reader.size, note)
            for piece in reader.pieces():
                done += len(piece)
                report(done, reader.size, note)
                yield piece

    def _check_space(self, sizes: Sequence[int]) -> None:
        from guardian.vault.cryptomator.content import encrypted_size

        written = sum(map(encrypted_size, sizes))
        needed = written + max(LEAST_SPARE_BYTES, written // SPARE_SHARE)
        with mendable_file_errors(self.folder):
            free = shutil.disk_usage(self.folder).free
        if needed > free:
            raise Problem("vault-space", needed=needed / 1e6, free=free / 1e6)


def to_entry(node: Node) -> Entry:
    """What a face may know of a node."""
    modified = datetime.fromtimestamp(node.modified, UTC)
    return Entry(node.path, node.name, node.kind, node.size, modified)
