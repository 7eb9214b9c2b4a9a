"""The head of a mail: who wrote to whom, when and about what. No more is ever kept of a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from guardian.accounts.mail import decoding

NAMES = frozenset(
    {
        b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"delivered-to",
        b"x-original-to", b"return-path", b"dkim-signature", b"authentication-results",
        b"list-unsubscribe", b"list-id", b"list-post", b"precedence", b"in-reply-to",
        b"x-gmail-labels", b"x-mozilla-status", b"content-type", b"content-transfer-encoding",
        b"x-spam-flag",
    }
)  # fmt: skip
FIELD = re.compile(rb"\n([!-9;-~]{1,76})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)")
REPLY = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:re|aw|wg|fwd?|sv|vs|antw|tr|rv|enc|res|odp|pd|doorst|ref|回复|回覆|"
    r"转发|轉寄|答复|答覆|返信|転送)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
LINK = re.compile(rb"<\s*([^<>\s]{1,2000})\s*>")
TAG = re.compile(rb"(?:^|;)\s*d\s*=\s*([^;\s]{1,255})", re.IGNORECASE)
RESULT = re.compile(rb"\b(dmarc|dkim|spf)\s*=\s*([a-z]{1,12})", re.IGNORECASE)
LONGEST = 8000  # bytes of a value of several lines
EXPUNGED = 0x0008  # Thunderbird's mark for a mail that is deleted but still in the file


class Head(NamedTuple):
    """What the head of one mail says. Addresses are in lower case, ``date`` is in Unix seconds.

    ``replies`` is an answer to another mail, ``listed`` one of a mailing list, ``bulk`` one sent
    to many. What few mails are asked for stands as it was written: ``signatures``,
    ``return_path``, ``results`` (what the receiving server found) and ``unsubscribe``.
    """

    sender: str
    name: str
    to: tuple[str, ...]
    delivered_to: str
    subject: str
    date: int | None
    replies: bool = False
    listed: bool = False
    bulk: bool = False
    labels: tuple[str, ...] = ()
    identity: str = ""
    spam: bool = False
    signatures: bytes = b""
    return_path: bytes = b""
    results: bytes = b""
    unsubscribe: bytes = b""


class Part(NamedTuple):
    """How the body is written."""

    content_type: bytes
    encoding: bytes


def read_fields(raw: bytes) -> dict[bytes, bytes] | None:
    """The fields we know, by name in lower case; None where two senders are named.

    Of several the topmost counts, which our own server wrote; signatures are put together.
    """
    fields: dict[bytes, bytes] = {}
    for written, value in FIELD.findall(b"\n" + raw):
        name = written.lower()
        if name not in NAMES:
            continue
        if name not in fields:
            fields[name] = value
        elif name == b"dkim-signature":
            fields[name] = (fields[name] + b";" + value)[:LONGEST]
        elif name == b"from":
            return None
    return fields


def read_head(raw: bytes) -> tuple[Head, Part] | None:
    """None for a mail without an honest sender, and for one that was deleted."""
    fields = read_fields(raw)
    if fields is None:
        return None
    get = fields.get
    name, sender = read_sender(get(b"from", b""))
    if not sender or deleted(get(b"x-mozilla-status", b"")):
        return None
    unsubscribe = get(b"list-unsubscribe", b"")
    precedence = get(b"precedence", b"").strip().lower()
    subject = decoding.decode_header(get(b"subject", b""))
    head = Head(
        sender=sender,
        name=name,
        to=read_recipients(get(b"to", b"")),
        delivered_to=first(read_recipients(get(b"delivered-to") or get(b"x-original-to", b""))),
        subject=subject,
        date=decoding.parse_date(get(b"date", b"")),
        replies=b"in-reply-to" in fields or is_reply(subject),
        listed=b"list-id" in fields or b"list-post" in fields or precedence == b"list",
        bulk=bool(unsubscribe) or precedence in (b"bulk", b"list", b"junk"),
        labels=read_labels(get(b"x-gmail-labels", b"")),
        identity=read_identity(get(b"message-id", b"")),
        spam=get(b"x-spam-flag", b"").strip().lower() == b"yes",
        signatures=get(b"dkim-signature", b""),
        return_path=get(b"return-path", b""),
        results=get(b"authentication-results", b""),
        unsubscribe=unsubscribe,
    )
    return head, Part(get(b"content-type", b""), get(b"content-transfer-encoding", b""))


@lru_cache(maxsize=4096)
def read_sender(raw: bytes) -> tuple[str, str]:
    """Name and address of a From line; no address where it names none, or several."""
    found = set(decoding.addresses_in(raw))
    return (decoding.display_name(raw), found.pop()) if len(found) == 1 else ("", "")


@lru_cache(maxsize=4096)
def read_recipients(raw: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(decoding.addresses_in(raw)))


def first(found: Iterable[str]) -> str:
    return next(iter(found), "")


def deleted(raw: bytes) -> bool:
    try:
        return bool(int(raw.strip()[:4] or b"0", 16) & EXPUNGED)
    except ValueError:
        return False


def is_reply(subject: str) -> bool:
    return REPLY.match(subject) is not None


def read_signers(head: Head) -> tuple[str, ...]:
    """The domains that signed a mail or take its bounces. Nobody checks the signatures here."""
    found: list[str] = []
    if head.signatures:
        joined = decoding.FOLDING.sub(b" ", head.signatures)
        found += (tag.decode("ascii", "replace").lower() for tag in TAG.findall(joined))
    if head.return_path:
        found += (one.rpartition("@")[2] for one in decoding.addresses_in(head.return_path))
    return tuple(dict.fromkeys(found))


def read_checks(head: Head) -> dict[str, str]:
    """What the receiving server wrote of its checks: the first result of each."""
    found: dict[str, str] = {}
    for check, result in RESULT.findall(head.results[:LONGEST]):
        found.setdefault(check.decode("ascii").lower(), result.decode("ascii").lower())
    return found


def read_links(unsubscribe: bytes) -> tuple[str, ...]:
    """What a newsletter offers for leaving it, as it stands there."""
    links = LINK.findall(decoding.FOLDING.sub(b"", unsubscribe[:LONGEST]))
    return tuple(link.decode("utf-8", "replace") for link in links)


@lru_cache(maxsize=1024)
def read_labels(raw: bytes) -> tuple[str, ...]:
    return tuple(one.strip() for one in decoding.decode_header(raw).split(",") if one.strip())


def read_identity(raw: bytes) -> str:
    """The Message-ID without its brackets, as Thunderbird's index keeps it too."""
    return raw[:500].strip().strip(b"<>").decode("utf-8", "replace")
