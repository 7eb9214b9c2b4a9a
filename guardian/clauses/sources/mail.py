"""Reads e-mails that bring a policy, and web pages that a browser saved as one file."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from itertools import islice

from guardian.clauses.counting import count_words
from guardian.clauses.model import Document, SourceKind
from guardian.clauses.sources.documents import from_html, from_text
from guardian.clauses.sources.titles import tidy_title
from guardian.core.errors import Problem

SUBJECT_MOST = 20_000
FEWEST = 60  # words of a mail that says something itself
SHORTER = 0.6  # a plain part with less of the words says only that there is another one
PARTS_MOST = 500
READABLE = (".pdf", ".docx", ".docm", ".odt", ".html", ".htm", ".txt", ".md")
ANSWER = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|回复|转发|答复)\s*[:：])+\s*", re.IGNORECASE)
ANOTHER = re.compile(rb"\n\r?\nFrom \S+[^\n]{5,80}\n[A-Z][\w-]{1,40}:")
# what mail programs put over words that they pass on
PASSED_ON = re.compile(
    r"^[> ]{0,6}(?:-{2,}\s?(?:Forwarded|Original) message[\s-]{0,20}$|-{2,}\s?(?:原始邮件|转发邮件)"
    r"|On .{5,200} wrote:$|在.{5,100}写道[:：]$"
    r"|\*?(?:From|Sent|To|Cc|Date|Subject|发件人|收件人|抄送|主题|日期|时间|发送时间)\*?[:：]\*? )"
)

Reader = Callable[[bytes, str], Document]


def read(data: bytes, name: str, read_attached: Reader) -> Document:
    """The words of a mail; its subject is its title.

    A mail that says nothing itself gives way to the one document attached to it, which
    ``read_attached`` reads by its bytes and its name. Raises ``Problem`` for a file with several
    mails, or with attachments to choose from.
    """
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
        if ANOTHER.search(data):
            raise Problem("document-several-mails", name=name)
    try:
        message = email.message_from_bytes(data)
        parts = list(islice(message.walk(), PARTS_MOST))
    except (MessageError, RecursionError, ValueError) as error:
        raise Problem("document-damaged", name=name) from error
    title = subject_of(message)
    if "Snapshot-Content-Location" in message or "<Saved by" in str(message.get("From", "")):
        return body_of(parts, title or name)
    body = body_of(parts, name)
    attached = [part for part in parts if file_name(part).lower().endswith(READABLE)]
    if attached and count_words(body.text) < FEWEST:
        return from_attachment(attached, title, name, read_attached)
    text, dropped = without_passing_on(body.text)
    left = "\n".join(filter(None, (body.dropped_text, dropped)))
    return replace(
        body,
        title=title or name,
        text=text,
        dropped_text=left,
        kind=SourceKind.MAIL,
        attachments=tuple(map(file_name, attached)),
    )


def body_of(parts: Sequence[Message], name: str) -> Document:
    """The mail's own words: its plain part, or the page where that says more."""
    found: dict[str, Document] = {}
    for part in parts:
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or kind in found or is_attached(part):
            continue
        charset = str(part.get_param("charset") or "")
        build = from_html if kind == "text/html" else from_text
        found[kind] = build(content_of(part), name, charset)
    page, words = found.get("text/html"), found.get("text/plain")
    if page and words:
        return page if count_words(words.text) < SHORTER * count_words(page.text) else words
    return page or words or Document(name, "", 0)


def from_attachment(
    attached: Sequence[Message], title: str, name: str, read_attached: Reader
) -> Document:
    """The only document attached. Raises ``Problem`` where there are several."""
    if len(attached) > 1:
        raise Problem("document-attachments", name=name, count=len(attached))
    document = read_attached(content_of(attached[0]), file_name(attached[0]))
    return replace(document, title=document.title or title)


def without_passing_on(text: str) -> tuple[str, str]:
    """A mail's words without the headers of mails that it passes on, and those headers."""
    lines = text.split("\n")
    dropped = [PASSED_ON.match(line) is not None for line in lines]
    return tuple(  # type: ignore[return-value] # two of them
        "\n".join(line for line, gone in zip(lines, dropped, strict=True) if gone is wanted)
        for wanted in (False, True)
    )


def subject_of(message: Message) -> str:
    """The subject as text, without «Re:» and «Fwd:»."""
    raw = str(message.get("Subject", ""))[:SUBJECT_MOST]
    try:
        subject = str(make_header(decode_header(raw)))
    except (LookupError, ValueError, MessageError):
        return ""
    return tidy_title(ANSWER.sub("", subject.encode("utf-8", "replace").decode()))


def file_name(part: Message) -> str:
    """What an attachment is called; empty for what is none."""
    try:
        name = part.get_filename() or ""
        return str(make_header(decode_header(name))).rpartition("/")[2]
    except (LookupError, ValueError, MessageError, TypeError):
        return ""


def is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def content_of(part: Message) -> bytes:
    """A part's bytes, whatever they were wrapped in."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""
