"""Many mails as few notes: one per sender, recipients and kind, with a number and a date per mail.

This is all that leaves the child process: no subject, no name beside an address, no word of a body.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from guardian.accounts.mail.content import any_label, load_senders
from guardian.accounts.mail.decoding import BARE
from guardian.accounts.mail.heads import LONGEST, Head, read_links
from guardian.accounts.mail.judging import ENOUGH, judge
from guardian.accounts.mail.senders import find_origin
from guardian.accounts.model import EvidenceKind, Place
from guardian.accounts.rights.references import find_reference
from guardian.accounts.rules.addresses import locate

OLDEST = 631_152_000  # 1990-01-01: no mail of a service is older
SKEW = 86_400  # seconds a sender's clock may be ahead
MOST_NOTES = 100_000
LINK_LONGEST = 1500
UNDATED, UNMARKED = 0, 0


class Alike(NamedTuple):
    """What mails have in common that stand as one note.

    ``site`` is the service that wrote, empty for anybody else; ``kind`` what that says of an
    account, None for nothing. With ``first_only`` it says so only as the first mail of its site,
    and else ``otherwise``. ``reference`` is the mark of a letter of ours that is answered.
    """

    sender: str
    to: tuple[str, ...] = ()
    delivered_to: str = ""
    site: str = ""
    kind: EvidenceKind | None = None
    first_only: bool = False
    otherwise: EvidenceKind | None = None
    reference: str = ""


class Note(msgspec.Struct, frozen=True, array_like=True):
    """Mails that are alike.

    ``rows`` are two whole numbers of 64 bits a mail: a mark that is the same for every copy of it
    (``UNMARKED``: it has none), and its date in Unix seconds (``UNDATED``). ``link`` is how the
    newest of them that says so can be left, at ``offered`` Unix seconds.
    """

    alike: Alike
    rows: bytes
    link: str = ""
    offered: int = UNDATED


class Notes(msgspec.Struct, frozen=True):
    """What some files gave. ``own`` are the senders of mail in folders for what was sent."""

    notes: tuple[Note, ...] = ()
    own: tuple[str, ...] = ()


class Rows:
    """The mails of one note as they are collected."""

    __slots__ = ("numbers", "offer", "offered")

    def __init__(self) -> None:
        self.numbers = array("q")
        self.offer = b""
        self.offered = UNDATED


class Ledger:
    """Collects the mails of one reading."""

    def __init__(self, now: int) -> None:
        self._latest = now + SKEW
        self._seen: set[int] = set()
        self._own: set[str] = set()
        self._notes: dict[Alike, Rows] = {}

    def add(self, head: Head, body: Callable[[], str], folder: str = "") -> None:
        """Take note of one mail. The same mail in two folders counts once."""
        spam, sent, promotions = sort_of((*head.labels, folder))
        if head.spam or spam:
            return
        if sent:
            self._own.add(head.sender)
        mark = mark_of(head.identity) if head.identity else UNMARKED
        if mark != UNMARKED:
            if mark in self._seen:
                return
            self._seen.add(mark)
        if sent:
            self._write(Alike(head.sender), mark)
            return
        origin = find_origin(head.sender, head.name)
        if origin is None:
            self._write(Alike(head.sender, head.to, head.delivered_to), mark)
            return
        if promotions:
            head = head._replace(bulk=True)
        kind = otherwise = None
        waits = False
        if verdict := judge(head, origin, body):
            kind, waits = verdict.kind, verdict.points < ENOUGH
            otherwise = verdict.otherwise if waits else None
        reference = (find_reference(head.subject) or "") if "[" in head.subject else ""
        alike = Alike(
            head.sender, head.to, head.delivered_to, origin.site, kind, waits, otherwise, reference
        )
        date = head.date if head.date and OLDEST <= head.date <= self._latest else UNDATED
        news = EvidenceKind.MAIL_NEWS in (kind, otherwise)
        self._write(alike, mark, date, head.unsubscribe[:LONGEST] if news else b"")

    def _write(self, alike: Alike, mark: int, date: int = UNDATED, offer: bytes = b"") -> None:
        rows = self._notes.get(alike)
        if rows is None:
            if len(self._notes) >= MOST_NOTES:
                return
            rows = self._notes[alike] = Rows()
        rows.numbers.append(mark)
        rows.numbers.append(date)
        if offer and (date, offer) > (rows.offered, rows.offer):
            rows.offered, rows.offer = date, offer

    def notes(self) -> Notes:
        """All of it; of what newsletters offer, no more than a sound address."""
        return Notes(
            tuple(
                Note(alike, rows.numbers.tobytes(), find_link(rows.offer), rows.offered)
                for alike, rows in self._notes.items()
            ),
            tuple(sorted(self._own)),
        )


def mark_of(identity: str) -> int:
    """A number for a Message-ID, the same in every process."""
    raw = identity.encode("utf-8", "replace")
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), signed=True)


@lru_cache(maxsize=4096)
def sort_of(names: Iterable[str]) -> tuple[bool, bool, bool]:
    """Whether folders and labels of these names hold spam, sent mail, advertising."""
    senders = load_senders()
    return (
        any_label(names, senders.spam),
        any_label(names, senders.sent),
        any_label(names, senders.promotions),
    )


def find_link(offered: bytes) -> str:
    """The address for leaving a newsletter: https before mailto; empty where none is sound."""
    links = [link for link in read_links(offered) if is_sound_link(link)]
    return min(links, key=lambda one: one.lower().startswith("mailto"), default="")


def is_sound_link(link: str) -> bool:
    """A plain https address of a public site, or mailto with one address and no hidden copy."""
    if len(link) > LINK_LONGEST or not link.isascii() or not link.isprintable():
        return False
    try:
        parts = urlsplit(link)
        if parts.scheme == "https":
            located = locate(link)
            return bool(located and located[0] is Place.WEB and parts.username is None)
        fields = {one.partition("=")[0].lower() for one in parts.query.split("&") if one}
    except ValueError:
        return False
    whole = parts.scheme == "mailto" and not parts.netloc and not parts.fragment
    address = unquote(parts.path)
    return whole and BARE.fullmatch(address) is not None and fields <= {"subject", "body"}
