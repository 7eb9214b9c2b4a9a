"""Mailboxes read by several at once: the same is found as by one, and each mail counts once."""

from __future__ import annotations

import gzip
import io
import os
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_helpers import FIXTURES, SECONDS, mail

from guardian.accounts.mail import mbox, sharing
from guardian.accounts.mail.harvest import Answer, Box, Form, harvest_here
from guardian.accounts.mail.settling import Harvest
from guardian.core.errors import Cancelled, Problem

PIECES = st.lists(
    st.sampled_from(
        [b"From - Mon Mar  4 12:00:00 2019\n", b"From a@b.c 1 12:00 1999\r\n", b"Subject: x\n",
         b"\n", b"\r\n", b"From me\n", b">From x\n", b"text\n", b"From a@b.c\n", b"To: y\r\n",
         b"From \n", b"From - \n", b"\xef\xbb\xbf"]
    ),
    max_size=40,
)  # fmt: skip
CUTS = st.lists(st.integers(0, 500), max_size=3)


def nothing() -> None: ...


def run_here(function: Callable[[bytes], Answer], data: bytes, *_: object, **__: object) -> Answer:
    return function(data)


@given(PIECES, CUTS, st.integers(len(mbox.BOM), 40))
def test_ranges_side_by_side_give_each_mail_once(
    pieces: list[bytes], cuts: list[int], size: int
) -> None:
    raw = b"".join(pieces)
    whole = list(mbox.split_mbox(io.BytesIO(raw).read))
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mbox, "CHUNK", size)
        file = io.BytesIO(raw)
        parts = [part for two in pairwise(edges) for part in mbox.split_range(file, *two)]
    assert parts == whole


def test_a_range_ends_with_its_last_mail_however_long_the_file_goes_on() -> None:
    long = b"From - 12:00 2019\nSubject: x\n\n" + b"y\n" * 4_000_000
    file = io.BytesIO(long)
    assert len(list(mbox.split_range(file, 0, 100))) == 1
    assert file.tell() < len(long) / 2


# --- shares

LETTERS = st.builds(
    lambda subject, site, to, month, offer: mail(
        subject,
        f"Site <hello@{site}>",
        *([f"List-Unsubscribe: <https://{site}/{month}>"] if offer else []),
        date=f"1 {month} 2019 12:00:00 +0000",
    ).replace("anna@example.org", to),
    st.sampled_from(["Welcome, Anna!", "Reset your password", "News of May", "Lunch?"]),
    st.sampled_from(["kite.com", "heron.com", "example.org"]),
    st.sampled_from(["anna@example.org", "ben@example.org", "a@b.example, ben@example.org"]),
    st.sampled_from(["Jan", "Feb", "Mar"]),
    st.booleans(),
)


def numbered(letters: list[str], copies: list[int]) -> list[str]:
    """``letters`` with a Message-ID each, and some of them once more."""
    marked = [
        letter.replace("\n", f"\nMessage-ID: <{number}@x>\n", 1) if number % 4 else letter
        for number, letter in enumerate(letters)
    ]
    return marked + [marked[copy % len(marked)] for copy in copies]


def told(harvest: Harvest) -> object:
    return (
        sorted(harvest.traces, key=repr), harvest.recipients, harvest.own, harvest.mails,
        harvest.odd,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(LETTERS, min_size=1, max_size=8),
    st.lists(st.integers(0, 20), max_size=6),
    st.lists(st.sampled_from(["Inbox", "Sent", "Promotions", "Spam", "Old"]), min_size=1),
    st.integers(2, 4),
)
def test_several_children_find_what_one_finds(
    tmp_path_factory: pytest.TempPathFactory, letters: list[str], copies: list[int],
    names: list[str], children: int,
) -> None:  # fmt: skip
    """Whatever the folders, and with the same mail in several of them."""
    folder = tmp_path_factory.mktemp("mails")
    every = numbered(letters, copies)
    boxes = []
    for place, name in enumerate(names):
        path = folder / f"{place}"
        path.write_text("".join(every[place :: len(names)]) or "nothing")
        boxes.append(Box(Form.MBOX, os.fsencode(path), name, path.stat().st_size))
    boxes.append(Box(Form.MBOX, os.fsencode(folder / "gone"), "", 10))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "run_limited", run_here)
        patch.setattr(sharing, "LEAST_SHARE", 1)
        patch.setattr("os.cpu_count", lambda: 1)
        alone = sharing.harvest(boxes, ("ben@example.org",), SECONDS, nothing)
        patch.setattr("os.cpu_count", lambda: children)
        assert told(sharing.harvest(boxes, ("ben@example.org",), SECONDS, nothing)) == told(alone)


@given(st.lists(st.integers(0, 50), max_size=8), st.integers(1, 4))
def test_shares_are_the_boxes_in_their_order_and_about_equal(sizes: list[int], most: int) -> None:
    boxes = [Box(Form.MBOX, b"%d" % number, size=size) for number, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "LEAST_SHARE", 1)
        shares = sharing.share_out(boxes, most)
    assert len(shares) <= most
    parts = [box for share in shares for box in share]
    for box in boxes:
        mine = [one for one in parts if one.path == box.path]
        assert mine[0].start == 0
        assert mine[-1].end is None
        assert all(one.end == two.start for one, two in pairwise(mine))
    assert all(
        sum(map(sharing.weight, share)) <= sum(sizes) / max(1, min(most, sum(sizes))) + 1
        for share in shares
    )


def test_an_index_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "global-messages-db.sqlite"
    path.write_bytes(gzip.decompress((FIXTURES / path.with_suffix(".sqlite.gz").name).read_bytes()))
    box = Box(Form.GLODA, os.fsencode(path), size=path.stat().st_size)
    monkeypatch.setattr(sharing, "run_limited", run_here)
    alone = sharing.harvest([box], (), SECONDS, nothing)
    assert alone.mails == 5
    monkeypatch.setattr(sharing, "LEAST_SHARE", 1)
    for children in (2, 3, 4):
        monkeypatch.setattr("os.cpu_count", lambda children=children: children)
        assert told(sharing.harvest([box], (), SECONDS, nothing)) == told(alone)


def test_where_a_part_of_the_index_is_lost_all_folders_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Archive"
    path.write_text(mail("Welcome to Heron", "Heron <no-reply@heron.example>"))
    folder = Box(Form.MBOX, os.fsencode(path), "Archive", 500, "local folders/archive")
    index = Box(Form.GLODA, b"/index", size=20)

    def run(_function: object, data: bytes, *_: object, **__: object) -> Answer:
        if b"/index" not in data:
            return harvest_here(data)
        if broken and harvested:
            raise Problem("document-too-hard")
        harvested.append(1)
        return Answer(indexed=(folder.place,))

    monkeypatch.setattr(sharing, "run_limited", run)
    monkeypatch.setattr(sharing, "LEAST_SHARE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for broken in (False, True):
        harvested: list[int] = []
        found = sharing.harvest([index, folder], (), SECONDS, nothing)
        assert found.mails == int(broken)
        assert found.odd == ((("index", "mail-file-hard"),) if broken else ())


def test_stopping_ends_all_children_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge"
    path.write_text(mail("Welcome to Heron", "Heron <no-reply@heron.example>"))
    os.truncate(path, 40 * 10**9)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    me = psutil.Process()
    asked = []

    def stop() -> None:
        if len(me.children()) == 3:
            asked.append(time.monotonic())
            raise Cancelled

    box = Box(Form.MBOX, os.fsencode(path), size=40 * 10**9)
    before = threading.active_count()
    with pytest.raises(Cancelled):
        sharing.harvest([box], (), SECONDS, stop)
    assert time.monotonic() - asked[0] < 2
    assert me.children() == []
    assert threading.active_count() <= before + 6  # what reads from them ends by itself


def test_a_busy_machine_is_waited_for_and_a_child_that_only_computes_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: dict[str, float] = {}

    def run(_function: object, _data: bytes, _kind: object, **more: float) -> Answer:
        limits.update({name: value for name, value in more.items() if name != "check"})
        return Answer()

    monkeypatch.setattr(sharing, "run_limited", run)
    box = Box(Form.MBOX, b"/x", size=20_000_000)
    sharing.harvest([box], (), SECONDS, nothing)
    assert 60 < limits["seconds"] < 600
    assert limits["patience"] >= 10 * limits["seconds"]
