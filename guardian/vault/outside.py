"""Copies of documents that another program may open: few, private, and for a short time only.

Each lies alone in a folder that only this person may enter, in memory where the system has such a
place. Whoever holds the folder's lock is alive; what a dead process left is swept by the next of
the same profile (``owner``): none sees or sweeps what belongs to another.
Deleting is all that is done at the end: overwriting promises nothing on the drives of today.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report
from guardian.core.paths import find_paths, in_demo
from guardian.core.profiles import GUEST, home_paths
from guardian.vault.model import shown

if sys.platform != "win32":  # there, only age tells
    import fcntl

if TYPE_CHECKING:
    from guardian.vault.cryptomator.filesystem import Filesystem

PREFIX = "guardian-lent-"
COPY = "copy"  # the folder the other program sees
RECORD = "record"  # what was lent; written last, so that a folder without one is unfinished
MOUNTS = Path("/proc/self/mountinfo")
SHARED_MEMORY = Path("/dev/shm")
MEMORY_DISKS = frozenset({"tmpfs", "ramfs"})
SPARE_BYTES = 2**20
COPIES = 3  # programs write a new file beside the old one, and some keep the old one too
LONGEST_STEM = 80
CHANGED = " (changed outside)"
OLD_SECONDS = 86_400
PIECE = 2**20
# kinds of files that start to run when they are opened
PROGRAMS = re.compile(
    "apk|app|appimage|bat|bin|cmd|com|command|cpl|desktop|dll|dmg|exe|hta|iso|jar|jse?|lnk|msi|out"
    "|pif|pl|ps1|pyw?|rb|reg|run|scf|scr|sh|so|url|vb[es]|wsf?",
    re.IGNORECASE,
)
LEFTOVER = re.compile(r"^[.~]|[~#]$|\.(tmp|bak|swp|lock|part)$", re.IGNORECASE)


class Loan:
    """A lent document: ``path`` inside the vault, ``file`` the copy outside.

    ``path`` is empty where the process that lent it is gone. ``on_disk`` says that the copy does
    not lie in memory.
    """

    def __init__(self, folder: Path, file: Path, path: str, lock: int, *, on_disk: bool) -> None:
        self.file, self.path, self.on_disk = file, path, on_disk
        self.ended = False
        self._folder, self._lock = folder, lock

    def changed(self) -> bool:
        """Whether the content of the copy is another than what was lent, whatever its date."""
        return fingerprint(self.file) not in ("", read_record(self._folder)[1])

    def others(self) -> tuple[Path, ...]:
        """What was saved beside the copy under other names, but for programs' own leftovers."""
        with suppress(OSError):
            return tuple(
                file
                for file in sorted(self.file.parent.iterdir())
                if file != self.file
                and file.is_file()
                and not file.is_symlink()
                and not LEFTOVER.search(file.name)
            )
        return ()

    def altered(self) -> bool:
        """Whether ending the loan would lose something."""
        whole = not self.ended and bool(read_record(self._folder)[1])
        return whole and (self.changed() or bool(self.others()))

    def settle(self) -> None:
        """Count what the copy holds now as what was lent."""
        write_record(self._folder, self.file)

    def end(self) -> None:
        """Delete the copy and all that lies beside it. Doing it twice is fine."""
        if not self.ended:
            self.ended = True
            remove(self._folder)
            os.close(self._lock)


def lend(pieces: Iterable[bytes], name: str, path: str, size: int, owner: str = "") -> Loan:
    """Write a document of ``size`` bytes where another program can open it.

    Raises ``Problem``, among them ``lend-program`` for what would run instead of being shown and
    ``lend-guest`` where a guest's would lie on a disk; nothing is left behind then.
    """
    file_name = harmless_name(name)
    if PROGRAMS.fullmatch(file_name.rpartition(".")[2]):
        raise Problem("lend-program", name=shown(name))
    place, on_disk = choose_place(size)
    if on_disk and owner == GUEST.id:
        raise Problem("lend-guest")
    with mendable_file_errors(Path(shown(name))):
        folder, lock = make_folder(place_of(owner, place, on_disk), owner)
        try:
            (folder / COPY).mkdir(mode=0o700)
            file = folder / COPY / file_name
            with open(file, "xb", opener=private) as target:
                for piece in pieces:
                    target.write(piece)
            write_record(folder, file)
        except BaseException:
            remove(folder)
            os.close(lock)
            raise
    return Loan(folder, file, path, lock, on_disk=on_disk)


def harmless_name(name: str) -> str:
    """``name`` without what could mislead a person or a program; its ending stays."""
    kept = "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|').strip()
    stem, dot, ending = kept.rpartition(".")
    if not stem or len(ending) > 16:
        stem, dot, ending = kept, "", ""
    stem = stem.lstrip(".-~ ")[:LONGEST_STEM] or "document"
    return shown(f"{stem}{dot}{ending.strip()}")


def places() -> Iterator[tuple[Path, bool]]:
    """Where copies may lie, the best first, and whether each is on a disk."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    in_memory_places = () if in_demo() else (*([Path(runtime)] if runtime else []), SHARED_MEMORY)
    for place in in_memory_places:
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK) and in_memory(place):
            yield place, False
    yield find_paths().lent, True


def place_of(owner: str, place: Path, on_disk: bool) -> Path:
    """Where the copies of ``owner`` lie: on a disk, each has a folder among its own files."""
    if not owner or not on_disk:
        return place
    return home_paths(find_paths(), owner).lent


def prefix_of(owner: str) -> str:
    return f"{PREFIX}{owner}-" if owner else PREFIX


def choose_place(size: int) -> tuple[Path, bool]:
    """The best place with room for the document and what a program writes beside it."""
    for place, on_disk in places():
        if not on_disk and shutil.disk_usage(place).free < COPIES * size + SPARE_BYTES:
            continue
        return place, on_disk
    raise AssertionError("the last place is always taken")


def in_memory(place: Path) -> bool:
    """Whether ``place`` is kept in memory (which the system may swap out) rather than on a disk."""
    kind, best = "", -1
    real = PurePosixPath(os.path.realpath(place))
    with suppress(OSError):
        for line in MOUNTS.read_text("utf-8", "replace").splitlines():
            before, _, after = line.partition(" - ")
            point = PurePosixPath(before.split()[4].replace("\\040", " "))
            if real.is_relative_to(point) and len(point.parts) >= best:
                kind, best = after.split()[0], len(point.parts)
    return kind in MEMORY_DISKS


def make_folder(place: Path, owner: str = "") -> tuple[Path, int]:
    """A new folder for this person alone, and the handle that holds its lock. ``OSError``."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        folder = place / f"{prefix_of(owner)}{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        with suppress(FileNotFoundError):  # swept before it was locked
            lock = open_folder(folder)
            if take_lock(lock) and folder.is_dir():
                return folder, lock
            os.close(lock)


def open_folder(folder: Path) -> int:
    if sys.platform == "win32":  # folders cannot be opened there
        return os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def take_lock(handle: int) -> bool:
    """Hold the open folder until the handle is closed. False where somebody alive does."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def fingerprint(file: Path) -> str:
    """The size and SHA-256 of a file; nothing where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("rb") as source:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError:
        return ""
    return f"{size} {digest.hexdigest()}"


def write_record(folder: Path, file: Path) -> None:
    (folder / RECORD).write_text(f"{file.name}\n{fingerprint(file)}", "utf-8")


def read_record(folder: Path) -> tuple[str, str]:
    """The copy's name and its fingerprint when it was lent; empty where it was never finished."""
    try:
        name, _, print_ = (folder / RECORD).read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return "", ""
    return name, print_


def recall(tree: Filesystem, loans: Sequence[Loan], report: Report) -> tuple[str, ...]:
    """Bring what was changed outside into the vault, beside its document; the paths of it.

    A copy that cannot be brought in stays lent: nothing is lost.
    """
    kept: list[str] = []
    for loan in loans:
        with suppress(Problem, OSError):
            kept += keep(tree, loan, report)
            loan.end()
    return tuple(kept)


def keep(tree: Filesystem, loan: Loan, report: Report) -> list[str]:
    """Add the changed copy under a name that says so, and what lies beside it under its own."""
    from guardian.vault.documents import adding

    files = list(loan.others())
    named = loan.file.with_name(f"{loan.file.stem}{CHANGED}{loan.file.suffix}")
    if loan.changed():
        os.link(loan.file, named)
        files.insert(0, named)
    try:
        done = adding.add(tree, files, loan.path.rpartition("/")[0], report)
    finally:
        named.unlink(missing_ok=True)
    for refusal in done.refused:
        raise refusal.problem
    return [one.path for one in done.added]


def sweep(owner: str = "") -> None:
    """Delete what processes that are gone left behind, but for what was changed outside since."""
    for folder, lock in abandoned(owner):
        if not claim(folder, lock).altered():
            remove(folder)
        os.close(lock)


def forget(owner: str) -> None:
    """Delete every copy of a profile that is removed, also those that were changed: nobody could
    ever take them back."""
    for folder, lock in abandoned(owner):
        remove(folder)
        os.close(lock)


def left_over(owner: str = "") -> tuple[Loan, ...]:
    """The copies that were changed after the process that lent them was gone; held from now on."""
    found = [claim(folder, lock) for folder, lock in abandoned(owner)]
    for loan in found:
        if not loan.altered():
            loan.end()
    return tuple(loan for loan in found if not loan.ended)


def claim(folder: Path, lock: int) -> Loan:
    on_disk = folder.parent.name == find_paths().lent.name
    name = harmless_name(read_record(folder)[0])
    return Loan(folder, folder / COPY / name, "", lock, on_disk=on_disk)


def abandoned(owner: str) -> Iterator[tuple[Path, int]]:
    """The folders of this profile that nobody alive holds, each locked for the caller."""
    prefix = prefix_of(owner)
    for place, on_disk in places():
        with suppress(OSError):
            for folder in list(place_of(owner, place, on_disk).iterdir()):
                if folder.name.rpartition("-")[0] + "-" == prefix and is_ours(folder):
                    lock = open_folder(folder)
                    if take_lock(lock):
                        yield folder, lock
                    else:
                        os.close(lock)


def is_ours(folder: Path) -> bool:
    status = folder.lstat()
    if sys.platform == "win32":  # no lock tells there; only age does
        return time.time() - status.st_mtime > OLD_SECONDS
    return status.st_uid == os.getuid() and folder.is_dir() and not folder.is_symlink()
