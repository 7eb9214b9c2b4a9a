"""A vault that is open: everything that can be done with what is inside, until it is locked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from guardian.core.errors import Problem
from guardian.core.jobs import Report, report_nothing
from guardian.core.words import message
from guardian.vault.model import (
    NO_DETAILS,
    Added,
    Addition,
    BackedUp,
    CheckReport,
    Conflict,
    Details,
    Finding,
    Kind,
    Listing,
    Moved,
    Removed,
    Saved,
    Trashed,
    shown,
)

if TYPE_CHECKING:
    from guardian.vault.care.manifest import Ledger
    from guardian.vault.cryptomator.filesystem import Filesystem
    from guardian.vault.outside import Loan
    from guardian.vault.preview.view import View
    from guardian.vault.repository import VaultMemory


class Vault:
    """The handle of an open vault. Change it from one thread at a time, and ``lock`` it at the end.

    Paths inside are written with ``/``. After :meth:`lock` every verb raises
    ``Problem("vault-locked")``. Memory cannot be wiped for certain in Python; locking drops the
    only references to the keys.
    """

    def __init__(
        self, folder: Path, tree: Filesystem, memory: VaultMemory, clock: Callable[[], datetime]
    ) -> None:
        from guardian.vault.care.manifest import Ledger
        from guardian.vault.documents.details import Notebook

        self.folder = folder
        self._open_tree: Filesystem | None = tree
        self._memory = memory
        self._clock = clock
        self._ledger: Ledger = Ledger(tree, memory, clock)
        tree.journal = self._ledger
        self._book = Notebook(tree, lambda: memory.device, clock)
        self._closers: list[Callable[[], object]] = []
        self._loans: list[Loan] = []
        self.recalled: tuple[str, ...] = ()  # what locking it brought in from other programs

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()

    @property
    def locked(self) -> bool:
        return self._open_tree is None

    @property
    def read_only(self) -> bool:
        """Whether it was made with the older way to encrypt, which is only read."""
        return self._tree.read_only

    @property
    def _tree(self) -> Filesystem:
        if self._open_tree is None:
            raise Problem("vault-locked")
        return self._open_tree

    @property
    def cipher(self) -> str:
        """How documents are encrypted in it, in the format's own word: one of ``CIPHERS``."""
        return self._tree.cipher.name

    def lock(self) -> None:
        """Close what was opened from it, drop the keys. Doing it twice is fine."""
        if self._open_tree is not None:
            with suppress(Problem):  # a stick that was taken out
                self.recalled = self.recall()
            tree, self._open_tree = self._open_tree, None
            for close in self._closers:
                close()
            self._closers = []
            save_quietly(self._ledger)
            del self._ledger, self._book  # they know the tree, and that the keys
            tree.close()

    @contextmanager
    def _changing(self) -> Iterator[Filesystem]:
        """The tree, for changes; whatever was changed is written down at the end."""
        tree = self._tree
        tree.check_there()
        if tree.read_only:
            raise Problem("vault-read-only", name=shown(self.folder.name))
        ledger = self._ledger
        try:
            yield tree
        finally:
            save_quietly(ledger)

    # looking

    def list(self, path: str = "") -> Listing:
        """What the folder at ``path`` holds. Raises ``Problem`` where it cannot be read at all."""
        from guardian.vault.documents import listing

        return listing.list_folder(self._tree, self._book, path)

    def list_all(self, report: Report = report_nothing) -> Listing:
        """Everything in the vault, every folder under its path: for a search over all names."""
        from guardian.vault.documents import listing

        return listing.list_all(self._tree, self._book, report)

    def search(self, words: Sequence[str], report: Report = report_nothing) -> Listing:
        """Everything whose name, tags or note hold all ``words``, whatever the capitals."""
        from guardian.vault.documents import listing

        return listing.search(self._tree, self._book, words, report)

    def folders(self, report: Report = report_nothing) -> tuple[str, ...]:
        """The paths of all folders, each after the one it lies in, otherwise by name."""
        found = self.list_all(report).entries
        return tuple(entry.path for entry in found if entry.kind is Kind.FOLDER)

    def read(self, path: str) -> bytes:
        """A whole document in memory. Raises ``Problem`` unless every byte is authentic."""
        return b"".join(self._pieces(path, report_nothing))

    def open_document(self, path: str) -> BinaryIO:
        """A document to be read from anywhere inside it, decrypted in memory as it is read.

        Closed at the latest when the vault is locked. Reading raises ``Problem`` for damage.
        """
        from guardian.vault.cryptomator.content import DocumentFile

        file = DocumentFile(self._tree.open_document(self._tree.find(path)))
        self._closers.append(file.close)
        return cast(BinaryIO, file)

    def view(self, path: str) -> View:
        """A preview of a document, drawn by a child process that never sees a file."""
        from guardian.vault.preview.view import View

        view = View(self._tree.find(path).name, self.open_document(path))
        self._closers.append(view.close)
        return view

    # putting in and taking out

    def add(
        self, files: Sequence[Path], folder: str = "", report: Report = report_nothing
    ) -> Added:
        """Encrypt copies of ``files`` (folders with all that is in them) into ``folder``.

        Each copy is read back and compared before it appears; a name that is taken gets " (1)".
        The originals are only read. Stopping keeps the documents that are already whole.
        Raises ``Problem("vault-space")`` before anything is written where they cannot all fit.
        """
        from guardian.vault.documents import adding

        with self._changing() as tree:
            return adding.add(tree, files, folder, report)

    def remove_originals(
        self, added: Sequence[Addition], report: Report = report_nothing
    ) -> Removed:
        """Delete the files that were added, each only while it still equals its copy in here."""
        from guardian.vault.documents import originals

        return originals.remove(self._tree, added, report)

    def replace(self, path: str, file: Path, report: Report = report_nothing) -> None:
        """Give the document at ``path`` the content of ``file``; the old one goes to the trash."""
        from guardian.vault.documents import adding

        with self._changing() as tree:
            adding.replace(tree, path, file, self._clock(), report)

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
        from guardian.vault.documents import export

        self._refuse_inside(target)
        modified = self._tree.find(path).modified
        export.save(self._pieces(path, report), target, overwrite=overwrite, modified=modified)

    def save(self, paths: Sequence[str], folder: Path, report: Report = report_nothing) -> Saved:
        """Save documents and whole folders under ``folder``, no longer encrypted there.

        A name that is taken gets " (1)"; links are left out and told.
        """
        from guardian.vault.documents import export

        self._refuse_inside(folder / "inside")
        return export.save_all(self._tree, paths, folder, report)

    def write_to(self, path: str, file: BinaryIO, report: Report = report_nothing) -> None:
        """Send a document to an open file. All of it is verified before the first byte goes."""
        for _ in self._pieces(path, report_nothing):
            pass
        for piece in self._pieces(path, report):
            file.write(piece)

    def lend(self, path: str, report: Report = report_nothing) -> Loan:
        """A copy in the clear for another program, in a private folder that is removed at lock."""
        from guardian.vault import outside

        node = self._tree.find(path)
        pieces, owner = self._pieces(path, report), self._memory.owner
        loan = outside.lend(pieces, node.name, path, node.size or 0, owner)
        self._loans.append(loan)
        return loan

    def take_back(self, loan: Loan, report: Report = report_nothing) -> tuple[str, ...]:
        """Bring what another program changed in a copy into the vault, and remove the copy.

        The changed document takes the place of the old one, which goes to the trash, where the
        old one still is; what was saved beside it is added. The paths of it all.
        """
        from guardian.vault import outside

        kept: tuple[str, ...] = ()
        if loan.path and loan.changed():
            try:
                self.replace(loan.path, loan.file, report)
                loan.settle()
                kept = (loan.path,)
            except Problem as problem:
                if problem.code != "vault-entry-missing":
                    raise
        with self._changing() as tree:
            kept += tuple(outside.keep(tree, loan, report))
        loan.end()
        return kept

    def recall(self, report: Report = report_nothing) -> tuple[str, ...]:
        """End everything that is lent. What was changed outside is kept beside its document; the
        paths of it. A copy that cannot be brought in stays lent, so that nothing is lost."""
        from guardian.vault import outside

        for loan in self._loans:
            if not loan.altered():
                loan.end()
        lent = [loan for loan in self._loans if not loan.ended]
        self._loans = []
        if not lent:
            return ()
        with self._changing() as tree:
            return outside.recall(tree, lent, report)

    # arranging

    def make_folder(self, path: str) -> None:
        """A new folder. Raises ``Problem("vault-name-taken")``, ``("vault-name-impossible")``."""
        from guardian.vault.documents import arranging

        with self._changing() as tree:
            arranging.make_folder(tree, path)

    def rename(self, path: str, name: str) -> Moved:
        """Call the document or folder at ``path`` ``name``; its details go with it."""
        from guardian.vault.documents import arranging

        with self._changing() as tree:
            return arranging.rename(tree, self._book, path, name)

    def relocate(self, path: str, new: str) -> Moved:
        """Let what is at ``path`` be at ``new``, another name in any folder that is there."""
        from guardian.vault.documents import arranging

        with self._changing() as tree:
            return arranging.relocate(tree, self._book, path, new)

    def move(self, paths: Sequence[str], folder: str, report: Report = report_nothing) -> Moved:
        """Put documents and folders into another folder; a name that is taken is refused."""
        from guardian.vault.documents import arranging

        with self._changing() as tree:
            return arranging.move(tree, self._book, paths, folder, report)

    def undo(self, moved: Moved, report: Report = report_nothing) -> Moved:
        """Take back what :meth:`rename` or :meth:`move` did."""
        from guardian.vault.documents import arranging

        with self._changing() as tree:
            return arranging.undo(tree, self._book, moved, report)

    def discard(self, paths: Sequence[str], report: Report = report_nothing) -> Moved:
        """Into the vault's own trash, where things stay for 30 days; the new path is the key."""
        from guardian.vault.documents import trash

        with self._changing() as tree:
            moved = trash.discard(tree, self._book, paths, self._clock(), report)
        self.note_expiries()
        return moved

    def trashed(self) -> tuple[Trashed, ...]:
        """What is in the trash, the newest first."""
        from guardian.vault.documents import trash

        return trash.list_trash(self._tree)

    def restore(self, keys: Sequence[str], report: Report = report_nothing) -> Moved:
        """From the trash back to where it was; a name that is taken by now gets " (1)"."""
        from guardian.vault.documents import trash

        with self._changing() as tree:
            moved = trash.restore(tree, self._book, keys, report)
        self.note_expiries()
        return moved

    def destroy(self, keys: Sequence[str], report: Report = report_nothing) -> None:
        """Remove things from the trash for good."""
        from guardian.vault.documents import trash

        with self._changing() as tree:
            trash.destroy(tree, self._book, keys, report)

    def clear_old_trash(self) -> int:
        """Remove what has been in the trash for more than 30 days; how many things."""
        from guardian.vault.documents import trash

        with self._changing() as tree:
            return trash.clear_old(tree, self._book, self._clock())

    def details(self, path: str) -> Details:
        """What is written down about the document at ``path``."""
        node = self._tree.find(path)
        return self._book.all().get(node.path, NO_DETAILS)

    def describe(self, path: str, wanted: Details) -> None:
        """Write down a note, tags and a last day of validity for the document at ``path``."""
        with self._changing():
            self._book.write(path, wanted)
        self.note_expiries()

    def note_expiries(self) -> None:
        """Let the records know on which days documents end: for reminders while it is locked."""
        self._tree.check_there()
        self._memory.note_expiries(self._book.expiries())

    # caring

    def check(self, report: Report = report_nothing, *, full: bool = False) -> CheckReport:
        """Compare the vault with the lists Guardian wrote; ``full`` decrypts every byte too."""
        from guardian.vault.care import checking

        found = checking.check(self._tree, self._memory, self._clock(), report, full=full)
        self._memory.note_check(found.when, found.condition, full=full)
        return found

    def accept(self, findings: Sequence[Finding], report: Report = report_nothing) -> None:
        """Take what was changed elsewhere as it is now; it is compared with this from now on."""
        from guardian.vault.care import checking

        with self._changing() as tree:
            checking.accept(tree, self._ledger, findings, report)
            self._ledger.save()

    def mend(self, finding: Finding) -> str:
        """Rebuild a folder that lost its entry, or give something stray a name; its new path."""
        from guardian.vault.care import repairing

        with self._changing() as tree:
            return repairing.mend(tree, finding)

    def keep_conflict(self, conflict: Conflict) -> str:
        """Give a sync program's copy a name of its own; its path."""
        from guardian.vault.care import repairing

        with self._changing() as tree:
            return repairing.keep_conflict(tree, conflict)

    def save_part(self, path: str, target: Path, report: Report = report_nothing) -> int:
        """Save what is intact of a damaged document, up to the first damage; the bytes saved."""
        from guardian.vault.care import repairing

        self._refuse_inside(target)
        return repairing.save_part(self._tree, path, target, report)

    def back_up(
        self, place: Path, report: Report = report_nothing, *, full: bool = False
    ) -> BackedUp:
        """Copy what changed of the encrypted files to ``place``, read back; nothing is deleted."""
        from guardian.vault.backup import backing as backup

        done = backup.back_up(self.folder, place, self._clock(), report, full=full)
        if not done.refused:
            self._memory.note_backup(done.when, done.place)
        return done

    def copy_into(self, other: Vault, report: Report = report_nothing) -> Added:
        """Copy every document into ``other``: the way on for a vault that can only be read."""
        from guardian.vault.documents import adding

        with other._changing() as tree:
            return adding.copy_tree(self._tree, tree, report)

    def _refuse_inside(self, target: Path) -> None:
        # the folder's links are followed; the target itself would be replaced, not followed
        if Path(os.path.realpath(target.parent)).is_relative_to(os.path.realpath(self.folder)):
            raise Problem("vault-target-inside", name=shown(target.name))

    def _pieces(self, path: str, report: Report) -> Iterator[bytes]:
        with self._tree.open_document(self._tree.find(path)) as reader:
            done, note = 0, message("vault.progress.reading", name=shown(path))
            report(0, reader.size, note)
            for piece in reader.pieces():
                done += len(piece)
                report(done, reader.size, note)
                yield piece


def save_quietly(ledger: Ledger) -> None:
    """Write the list down where that is possible. The change it tells of is made already.

    Where the disk refuses, the next change and locking try again; after that, the next check
    finds the change and says that it is not on the list.
    """
    with suppress(Problem):
        ledger.save()
