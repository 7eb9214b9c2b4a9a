"""Runs one function of Guardian's in a child process with limits on time and memory.

For documents that come from others: a file made to break its parser can then neither freeze nor
crash the window. Arguments and results are msgspec-encodable; nothing touches the disk.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from guardian.core.errors import Cancelled, Problem

T = TypeVar("T")

SECONDS = 30.0
MEMORY = 1024 * 1024 * 1024
POLL = 0.05


def run_limited(
    function: Callable[..., T],
    data: bytes,
    kind: type[T],
    *,
    seconds: float = SECONDS,
    patience: float | None = None,
    memory: int = MEMORY,
    check: Callable[[], None] = lambda: None,
    spare: Spare | None = None,
) -> T:
    """``function(data)`` in a child process, its result decoded as ``kind``.

    The child may compute for ``seconds``, and take ``patience`` seconds by the clock (None: as
    many): on a busy machine the clock runs on while the child waits for its turn. ``check`` is
    called about twenty times a second and may raise ``Cancelled``. Raises
    ``Problem("document-too-hard")`` when a limit is hit or the child dies, and passes on any
    ``Problem`` that the function raises. Sizes are in bytes. A ``spare`` child for the same
    function and limits is used where there is one.
    """
    with spare.take() if spare else start_for(function, seconds, memory) as process:
        try:
            output = converse(process, data, seconds if patience is None else patience, check)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise Problem("document-too-hard")
    answer = msgspec.msgpack.decode(output)
    if "problem" in answer:
        raise Problem(answer["problem"], **answer["facts"])
    return msgspec.convert(answer["result"], kind)


class Spare:
    """Keeps one child started ahead, so that the next document need not wait for Python.

    It waits for its input and computes nothing; :meth:`close`, or the end of this program, ends it.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        load: Callable[[], None] | None = None,
    ) -> None:
        """``load`` is what the child calls before it waits for its input."""
        self._work = function, seconds, memory, load
        self._waiting: list[subprocess.Popen[bytes]] = []  # one at most
        self._lock = threading.Lock()
        weakref.finalize(self, dismiss, self._waiting)

    def prepare(self) -> None:
        """Start one if none waits."""
        with self._lock:
            if self._waiting and self._waiting[0].poll() is not None:
                dismiss(self._waiting)
            if not self._waiting:
                self._waiting.append(start_for(*self._work))

    def take(self) -> subprocess.Popen[bytes]:
        """The one that waits, or a new one; it is the caller's now."""
        with self._lock:
            if self._waiting and self._waiting[0].poll() is None:
                return self._waiting.pop()
            dismiss(self._waiting)
        return start_for(*self._work)

    def close(self) -> None:
        """End the one that waits."""
        with self._lock:
            dismiss(self._waiting)


def dismiss(waiting: list[subprocess.Popen[bytes]]) -> None:
    """End children that were never given anything to do."""
    while waiting:
        process = waiting.pop()
        process.kill()
        with suppress(OSError), process:
            pass


def start_for(
    function: Callable[..., Any],
    seconds: float,
    memory: int,
    load: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """A child that waits for the input of ``function``, having called ``load``."""
    names = [f"{one.__module__}:{one.__qualname__}" for one in (function, load) if one]
    return start("guardian.core.child", str(int(seconds)), str(memory), *names)


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Run one of Guardian's modules in a process of its own, with pipes to and from it."""
    # -P: a file in the current folder must not stand in for one of our modules
    # -B: it leaves no file behind, not even its own code made ready
    command = [sys.executable, "-P", "-B", "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def converse(
    process: subprocess.Popen[bytes], data: bytes, seconds: float, check: Callable[[], None]
) -> bytes:
    """Hand ``data`` in and wait for the answer, asking ``check`` in between.

    Two threads do the waiting: ``communicate`` with a timeout forgets to send the rest of a long
    input once it has timed out.
    """
    answer: list[bytes] = []
    threads = (
        threading.Thread(target=feed, args=(process, data), daemon=True),
        threading.Thread(target=collect, args=(process, answer), daemon=True),
    )
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while threads[1].is_alive():
        threads[1].join(POLL)
        check()
        if time.monotonic() > end:
            raise Problem("document-too-hard")
    process.wait()
    return answer[0] if answer else b""


def feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Send everything; a child that dies meanwhile is noticed by its exit code."""
    assert process.stdin is not None
    with suppress(OSError), process.stdin as pipe:
        pipe.write(data)


def collect(process: subprocess.Popen[bytes], answer: list[bytes]) -> None:
    assert process.stdout is not None
    with suppress(OSError, ValueError):
        answer.append(process.stdout.read())


def limit(seconds: int, memory: int) -> None:
    """Bind this process; a system without such limits relies on the parent's clock alone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(seconds: str, memory: str, name: str, *ahead: str) -> None:
    """The child's side: call what is to be called ``ahead``, read everything, call, answer, end."""
    limit(int(seconds), int(memory))
    call = find_function(name)
    for one in ahead:
        find_function(one)()
    answer: dict[str, Any]
    try:
        answer = {"result": call(sys.stdin.buffer.read())}
    except Problem as problem:
        answer = {"problem": problem.code, "facts": problem.facts}
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


def find_function(name: str) -> Callable[..., Any]:
    """One of Guardian's functions by ``module:name``."""
    module, _, function = name.partition(":")
    if not module.startswith("guardian."):
        raise SystemExit(2)
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


__all__ = ["Cancelled", "Spare", "run_limited"]

if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # the answer is out: nobody needs to wait while everything is taken down in order
