"""Shares the reading of mailboxes out among child processes, and puts together what they noted.

A file that is too hard costs itself alone: the work is cut in two until it stands by itself.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from guardian.accounts.mail.harvest import Answer, Box, Form, Task, harvest_here
from guardian.accounts.mail.mbox import BODY, HEAD
from guardian.accounts.mail.settling import Harvest, settle
from guardian.core.child import run_limited
from guardian.core.errors import Cancelled, Problem

MOST_CHILDREN = 4
LEAST_SHARE = 24_000_000  # bytes; for less, it is not worth starting a child more
FILE = 8_192  # what opening one more file costs, in bytes read meanwhile
SECONDS = 60.0  # of computing, to begin with
BYTES_PER_SECOND = 1_000_000  # twenty times slower than a slow machine; a file may be all heads
PATIENCE = 10  # the machine may be busy, the disk slow: seconds by the clock for each of computing
MEMORY = 768 * 1024 * 1024
TRIES_LEFT = 12  # after so many cuts in two, the rest is given up
POLL = 0.05
CUT = frozenset({Form.MBOX, Form.GLODA})  # what can be read in parts
NONE, HARD = "mail-none", "mail-file-hard"


@dataclass(frozen=True)
class Done:
    """Boxes, and what a child answered about them."""

    boxes: tuple[Box, ...]
    answer: Answer


def harvest(
    boxes: Iterable[Box], own: Iterable[str], now: int, check: Callable[[], None]
) -> Harvest:
    """What ``boxes`` hold; ``own`` are known addresses of the person's.

    An index is read first, and then the folders that are not in it; where it cannot be read in
    full, all of them. ``check`` may raise ``Cancelled``. Boxes that fail are named in the result.
    """
    every = tuple(boxes)
    index = read_all([box for box in every if box.form is Form.GLODA], now, check)
    broken = any(done.answer.odd for done in index)
    indexed = set() if broken else {one for done in index for one in done.answer.indexed}
    folders = [box for box in every if box.form is not Form.GLODA and box.place not in indexed]
    whole = [*index, *read_all(folders, now, check)]
    return replace(settle((done.answer.notes for done in whole), own), odd=tuple(name_odd(whole)))


def name_odd(whole: Iterable[Done]) -> Iterator[tuple[str, str]]:
    """Each file that could not be read, once; a part without mails says nothing of its file."""
    found: defaultdict[bytes, list[str]] = defaultdict(list)
    for done in whole:
        codes = dict(done.answer.odd)
        for number, box in enumerate(done.boxes):
            found[box.path].append(codes.get(number, ""))
    for path, said in found.items():
        bad = [code for code in said if code not in ("", NONE)]
        if bad or set(said) == {NONE}:
            yield name_of(path), bad[0] if bad else NONE


def name_of(path: bytes) -> str:
    """The name of a file, fit to be shown."""
    name = Path(os.fsdecode(path)).name
    return name.encode("utf-8", "replace").decode()


def read_all(boxes: Sequence[Box], now: int, check: Callable[[], None]) -> list[Done]:
    """Everything, in the order of the boxes, by several children at once."""
    shares = share_out(boxes, min(os.cpu_count() or 1, MOST_CHILDREN))
    stop = threading.Event()

    def ask() -> None:
        if stop.is_set():
            raise Cancelled

    def read(share: tuple[Box, ...]) -> list[Done]:
        return list(read_share(share, now, ask, TRIES_LEFT))

    if not shares:
        return []
    with ThreadPoolExecutor(len(shares)) as pool:
        try:
            futures = [pool.submit(read, share) for share in shares]
            while wait(futures, POLL).not_done:
                check()
        except BaseException:
            stop.set()  # the children end before the pool is left
            raise
    return [done for future in futures for done in future.result()]


def share_out(boxes: Iterable[Box], most: int) -> list[tuple[Box, ...]]:
    """The boxes in their order, in at most ``most`` shares of about one weight.

    A share begins where the one before ends: so a mail that is there twice is known by the same
    of its copies, however many shares there are.
    """
    every = tuple(boxes)
    total = sum(weight(box) for box in every)
    fair = total // max(1, min(most, total // LEAST_SHARE)) + 1
    shares: list[tuple[Box, ...]] = []
    share: list[Box] = []
    room = fair
    for box in every:
        rest = box
        while rest.form in CUT and weight(rest) > room:
            middle = rest.start + room
            share.append(replace(rest, end=middle))
            rest = replace(rest, start=middle)
            shares.append(tuple(share))
            share, room = [], fair
        share.append(rest)
        room -= weight(rest)
        if room <= 0:
            shares.append(tuple(share))
            share, room = [], fair
    return [*shares, tuple(share)] if share else shares


def weight(box: Box) -> int:
    """What it costs to read, in bytes."""
    if box.form in (Form.MAIL, Form.APPLE):
        return min(box.size, HEAD + BODY) + FILE
    return (box.size if box.end is None else box.end) - box.start


def read_share(
    boxes: tuple[Box, ...], now: int, check: Callable[[], None], tries: int
) -> Iterator[Done]:
    """What one child after the other finds in ``boxes``; most often the first finds all."""
    if not boxes:
        return
    seconds = SECONDS + sum(weight(box) for box in boxes) / BYTES_PER_SECOND
    task = msgspec.msgpack.encode(Task(boxes, now))
    try:
        answer = run_limited(
            harvest_here, task, Answer,
            seconds=seconds, patience=seconds * PATIENCE, memory=MEMORY, check=check,
        )  # fmt: skip
        yield Done(boxes, answer)
        return
    except Problem as problem:
        if problem.code != "document-too-hard":
            raise
    if len(boxes) == 1 or not tries:
        yield Done(boxes, Answer(odd=tuple((number, HARD) for number in range(len(boxes)))))
        return
    middle = len(boxes) // 2
    for half in (boxes[:middle], boxes[middle:]):
        yield from read_share(half, now, check, tries - 1)
