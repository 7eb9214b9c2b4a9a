"""Files with mails, found in a folder, and what they gave as a reading."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from guardian.accounts.mail.gloda import place_of
from guardian.accounts.mail.harvest import Box, Form
from guardian.accounts.mail.settling import Harvest, Trace, own_addresses
from guardian.accounts.model import Entry, Evidence, EvidenceKind, NotRead, Source
from guardian.accounts.sources.files import open_plainly
from guardian.accounts.sources.reading import Reading, not_read
from guardian.core.errors import Problem

# what lies beside mails and holds none
NO_MAIL = frozenset(
    {
        ".msf", ".dat", ".html", ".htm", ".json", ".sqlite", ".db", ".plist", ".txt", ".rdf",
        ".mab", ".ini", ".log", ".xml", ".toc", ".idx", ".cmeta", ".ibex", ".index", ".data",
        ".tmp", ".lock", ".pdf", ".png", ".jpg", ".css", ".js",
    }
)  # fmt: skip
SINGLE = {".eml": Form.MAIL, ".emlx": Form.APPLE}
MAILDIR = frozenset({"cur", "new"})
INSIDE = ".sbd"  # Thunderbird's folders within a folder
MOST_FILES = 500_000
PEEK = 5
BOM = b"\xef\xbb\xbf"
MOST_NAMED = 5  # files that are named one by one


def find_boxes(folder: Path, check: Callable[[], None]) -> Iterator[Box]:
    """The files with mails in ``folder`` and below, by name; links are not followed.

    Raises ``Problem`` when ``folder`` itself cannot be listed; closed folders below are skipped.
    """
    waiting: list[tuple[Path, tuple[str, ...]]] = [(folder, ())]
    seen = 0
    while waiting:
        here, names = waiting.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda one: one.name)
        except OSError as error:
            if here == folder:
                raise Problem("browser-no-permission", name=folder.name) from error
            continue
        for entry in entries:
            check()
            if entry.is_dir(follow_symlinks=False):
                name = entry.name.removesuffix(INSIDE)
                inside = names if entry.name in MAILDIR else (*names, name)
                waiting.append((Path(entry.path), inside))
            elif entry.is_file(follow_symlinks=False) and (box := make_box(entry, here, names)):
                seen += 1
                if seen > MOST_FILES:
                    return
                yield box


def make_box(entry: os.DirEntry[str], here: Path, names: tuple[str, ...]) -> Box | None:
    """What kind of mail file it is; None where it is none."""
    suffix = Path(entry.name).suffix.lower()
    path, size = os.fsencode(entry.path), entry.stat(follow_symlinks=False).st_size
    if here.name in MAILDIR:
        form, folder = Form.MAIL, names[-1] if names else ""
        return Box(form, path, folder, size) if not entry.name.startswith(".") else None
    if suffix in SINGLE:
        return Box(SINGLE[suffix], path, names[-1] if names else "", size)
    if suffix in NO_MAIL or not size or not begins_as_mbox(Path(entry.path)):
        return None
    place = place_of(names[0], (*names[1:], entry.name)) if names else ""
    return Box(Form.MBOX, path, entry.name.removesuffix(".mbox"), size, place)


def begins_as_mbox(path: Path) -> bool:
    """A file that cannot be opened counts: it is named when it comes to be read."""
    try:
        with open_plainly(path) as file:
            return file.read(PEEK + len(BOM)).removeprefix(BOM).startswith(b"From ")
    except (OSError, Problem):
        return True


def make_reading(source: Source, whole: Harvest, problems: Iterable[NotRead] = ()) -> Reading:
    """What the mailboxes of one source gave, ``problems`` met before included."""
    own = own_addresses(whole)
    entries = tuple(make_entry(source, trace, own) for trace in whole.traces)
    unread = (*problems, *name_odd(source, whole.odd))
    return Reading(entries, unread, read=bool(whole.mails) or not unread, addresses=own)


def make_entry(source: Source, trace: Trace, own: Sequence[str]) -> Entry:
    username = trace.to if trace.to in own else ""
    evidence = Evidence(
        source_key=source.key,
        source_name=source.name,
        source_kind=source.kind,
        kind=trace.kind,
        created=time_of(trace.first),
        last_used=time_of(trace.newest),
        times_used=trace.count,
        username=username,
        reference=trace.reference,
        link=trace.link if trace.kind is EvidenceKind.MAIL_NEWS else "",
    )
    return Entry(f"https://{trace.site}", username, evidence)


def time_of(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def name_odd(source: Source, odd: Sequence[tuple[str, str]]) -> Iterator[NotRead]:
    """The first files that could not be read by name, the others by number."""
    for name, code in odd[:MOST_NAMED]:
        yield not_read(source, Problem(code, name=name))
    more = Counter(code for _, code in odd[MOST_NAMED:])
    if count := more.total():
        yield not_read(source, Problem("mail-files-unread", count=count))
