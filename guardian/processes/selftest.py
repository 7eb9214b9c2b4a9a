"""Harmless examples that sleep: planted, looked for, and always taken away again.

Every example waits on a pipe whose other end Guardian holds. When Guardian ends, however it ends,
the system closes the pipe, the examples end by themselves, and a helper removes their folders.
What even that helper left behind, as after a power cut, goes with the next selftest.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from guardian.core.errors import Problem
from guardian.core.words import Message, message
from guardian.processes.model import Scan

MARK = "guardian-test-example"
"""Stands in the name of every example, so that each look shows it as one."""
NOTE = "THIS-IS-A-TEST-EXAMPLE-OF-GUARDIAN.txt"
NOTE_TEXT = (
    "Guardian put this folder here to show what it can find. Everything in it is harmless and "
    "asleep. Guardian removes it by itself. You may delete it at any time.\n"
)
SHELL = "/bin/sh"
LISTENER = """\
import socket, sys
with socket.create_server(("", 0)):
    sys.stdin.read()
"""
DESKTOP = """\
[Desktop Entry]
Type=Application
Name=Test example of Guardian
Exec={command}
NoDisplay=true
"""
UNTIL_CLOSED = 'read -r _; for folder; do rm -rf -- "$folder"; done'
READY = 0.15
"""Seconds until every example has become the program it is to be, and at most for each to end."""
ENDING = 2.0
LONGEST = 86_400.0
"""Seconds after which a folder cannot belong to a running selftest, where nothing else tells."""

EXAMPLES = {
    "temporary": (message("processes.example.temporary"), ("place",)),
    "deleted": (message("processes.example.deleted"), ("file",)),
    "hidden-folder": (message("processes.example.hidden-folder"), ("place",)),
    "open-port": (message("processes.example.open-port"), ("listen",)),
    "debugging-port": (message("processes.example.debugging-port"), ("listen",)),
    "autostart": (message("processes.example.autostart"), ("start",)),
}
"""What each example does, and the side of a program that is to be noticed."""


Children = list[subprocess.Popen[bytes]]


@dataclass(frozen=True)
class Example:
    """One example. ``planted``: this computer let us; ``found``: the look noticed it."""

    key: str
    planted: bool
    found: bool

    def title(self) -> Message:
        return EXAMPLES[self.key][0]


@dataclass(frozen=True)
class SelfTest:
    """All examples, and the look that was to find them."""

    examples: tuple[Example, ...]
    scan: Scan

    @property
    def planted(self) -> int:
        return sum(each.planted for each in self.examples)

    @property
    def found(self) -> int:
        return sum(each.found for each in self.examples)

    @property
    def missed(self) -> int:
        return self.planted - self.found


@dataclass
class Plants:
    """What stands at the moment: ``home`` is a made-up home folder, in which something starts by
    itself; ``pids`` and ``sources`` tell where each example is."""

    home: Path
    pids: dict[str, int] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


@contextmanager
def planted(home: Path) -> Iterator[Plants]:
    """Examples beneath ``home`` and the folder for temporary files, until this ends.

    Nothing of the person's is touched: what starts by itself stands in a made-up home, so that it
    could not start even if it were left behind. Raises ``Problem("selftest-not-here")``.
    """
    if sys.platform != "linux" or not os.access(SHELL, os.X_OK):
        raise Problem("selftest-not-here")
    sweep(home)
    with ExitStack() as stack:
        folders = [make_folder(stack, place, dot) for place, dot in places(home)]
        children: Children = []
        stack.callback(wait_for_all, children)
        reading, writing = os.pipe()
        stack.callback(os.close, writing)  # first of all at the end: everything waits for this
        try:
            start(children, reading, SHELL, "-c", UNTIL_CLOSED, MARK, *map(str, folders))
            yield plant(children, reading, *folders)
        finally:
            os.close(reading)


def places(home: Path) -> tuple[tuple[Path, str], ...]:
    """Where examples stand: in the open, in a hidden folder, among the temporary files."""
    return (home, ""), (home, "."), (Path(tempfile.gettempdir()), "")


def make_folder(stack: ExitStack, place: Path, dot: str) -> Path:
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{dot}{MARK}s-", dir=place))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        handle = os.open(folder, os.O_RDONLY)
        stack.callback(os.close, handle)
        is_free(handle)  # from now on it is not, for as long as this process lives
        (folder / NOTE).write_text(NOTE_TEXT, "utf-8")
    except OSError as error:
        raise Problem("selftest-not-here") from error
    return folder


def plant(children: Children, reading: int, seen: Path, dotted: Path, temporary: Path) -> Plants:
    plants = Plants(home=dotted / "home")

    def sleep(key: str, program: Callable[[], tuple[str, ...]]) -> None:
        with suppress(OSError):  # this computer does not let programs run from there
            plants.pids[key] = start(children, reading, *program())

    sleep("temporary", lambda: (copy_shell(temporary, "in-temporary-folder"), "-s"))
    sleep("hidden-folder", lambda: (copy_shell(dotted, "in-hidden-folder"), "-s"))
    gone = seen / f"{MARK}-file-deleted"
    sleep("deleted", lambda: (copy_shell(seen, "file-deleted"), "-s"))
    browser = "--remote-debugging-port=0"
    sleep("debugging-port", lambda: (copy_shell(seen, "debugging-port"), "-s", "--", browser))
    script = seen / f"{MARK}-open-port.py"
    with suppress(OSError):
        script.write_text(LISTENER, "utf-8")
    sleep("open-port", lambda: (sys.executable, "-I", "-S", str(script)))
    with suppress(OSError):
        entry = plants.home / ".config" / "autostart" / f"{MARK}.desktop"
        entry.parent.mkdir(parents=True)
        command = copy_shell(dotted, "starts-by-itself")
        entry.write_text(DESKTOP.format(command=command), "utf-8")
        plants.sources["autostart"] = str(entry)
    time.sleep(READY)
    with suppress(OSError):
        gone.unlink()
    return plants


def copy_shell(folder: Path, name: str) -> str:
    """A program that sleeps: a copy of the system's shell, which waits for what to do."""
    copy = folder / f"{MARK}-{name}"
    shutil.copyfile(SHELL, copy)
    copy.chmod(stat.S_IRWXU)
    return str(copy)


def start(children: Children, reading: int, *command: str) -> int:
    """Start an example that ends when the pipe does. Ctrl+C in the terminal does not reach it."""
    child = subprocess.Popen(
        command,
        stdin=reading,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )
    children.append(child)
    return child.pid


def wait_for_all(children: Children) -> None:
    """See every example end; one that does not by itself is made to."""
    for child in children:
        try:
            child.wait(ENDING)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def sweep(home: Path) -> None:
    """Remove what an earlier selftest could not: folders of this person that carry our note, but
    those that another Guardian is using right now."""
    for place, dot in places(home):
        with suppress(OSError):
            for folder in place.glob(f"{dot}{MARK}s-*"):
                if is_left_behind(folder):
                    shutil.rmtree(folder, ignore_errors=True)


def is_left_behind(folder: Path) -> bool:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        there = os.fstat(handle)
        old = time.time() - there.st_mtime > LONGEST
        names = os.listdir(handle)  # noqa: PTH208 - a handle, not a path
        if there.st_uid != os.getuid() or (NOTE not in names and (names or not old)):
            return False
        free = is_free(handle)
        return old if free is None else free
    except OSError:
        return False
    finally:
        os.close(handle)


def is_free(folder: int) -> bool | None:
    """Take the folder for this process, until ``folder`` is closed, unless another has it; None
    where the file system knows no such thing."""
    import fcntl

    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def recognise(plants: Plants, scan: Scan) -> SelfTest:
    """Which examples the look noticed for what they are."""
    return SelfTest(
        tuple(
            Example(key, is_planted(plants, key), is_found(plants, key, aspects, scan))
            for key, (_, aspects) in EXAMPLES.items()
        ),
        scan,
    )


def is_planted(plants: Plants, key: str) -> bool:
    return key in plants.pids or key in plants.sources


def is_found(plants: Plants, key: str, aspects: tuple[str, ...], scan: Scan) -> bool:
    pid, source = plants.pids.get(key), plants.sources.get(key)
    cards = [hit for card in scan.findings for hit in card.hits if pid in hit.pids]
    starts = [hit for each in scan.autostart if each.entry.source == source for hit in each.hits]
    return any(hit.aspect in aspects for hit in (*cards, *starts))
