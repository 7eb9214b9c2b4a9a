"""Mails made for a test, and what a reading made of them."""

from __future__ import annotations

from pathlib import Path

from accounts_home import NOW

from guardian.accounts.mail.harvest import add_mail
from guardian.accounts.mail.heads import Head, is_reply
from guardian.accounts.mail.judging import ENOUGH, STRONG, Verdict, judge
from guardian.accounts.mail.ledger import Ledger
from guardian.accounts.mail.mbox import split_mbox
from guardian.accounts.mail.senders import find_origin
from guardian.accounts.mail.settling import Harvest, settle

SECONDS = int(NOW.timestamp())
FIXTURES = Path(__file__).parent.parent / "fixtures/accounts/mail"


def make_head(
    subject: str, sender: str = "no-reply@kestrel.example.com", name: str = "", **more: object
) -> Head:
    head = Head(sender, name, ("anna@example.org",), "", subject, None)
    return head._replace(**{"replies": is_reply(subject), **more})  # type: ignore[arg-type]


def say(subject: str, sender: str = "hi@kestrel.com", name: str = "", body: str = "") -> str:
    """What a first mail is taken for; empty for nothing."""
    return kind_of(make_head(subject, sender, name), body)


def kind_of(head: Head, body: str = "") -> str:
    origin = find_origin(head.sender, head.name)
    verdict: Verdict | None = judge(head, origin, lambda: body) if origin else None
    if verdict is None:
        return ""
    kind = verdict.kind if verdict.points >= ENOUGH - 1 else verdict.otherwise
    return kind.value if kind else ""


def is_account(*arguments: str, **more: str) -> bool:
    return say(*arguments, **more) in {kind.value for kind in STRONG}


def harvest_text(text: str | bytes, own: tuple[str, ...] = (), folder: str = "") -> Harvest:
    """What an mbox file with ``text`` gives, read in this process."""
    raw = text.encode() if isinstance(text, str) else text
    ledger = Ledger(SECONDS)
    pieces = iter([raw])
    for mail in split_mbox(lambda _size: next(pieces, b"")):
        add_mail(mail, ledger, folder)
    return settle([ledger.notes()], own)


def kinds(harvest: Harvest) -> dict[tuple[str, str], int]:
    return {(trace.site, trace.kind.value): trace.count for trace in harvest.traces}


def mail(subject: str, sender: str, *more: str, body: str = "Hello\n", date: str = "") -> str:
    """One mail of an mbox file."""
    lines = [
        "From - Mon Mar  4 12:00:00 2019",
        f"From: {sender}",
        "To: anna@example.org",
        f"Subject: {subject}",
        f"Date: {date or 'Mon, 4 Mar 2019 12:00:00 +0000'}",
        *more,
    ]
    return "\n".join(lines) + "\n\n" + body + "\n"
