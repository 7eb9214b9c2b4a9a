"""Mailboxes of every kind, broken ones too: what is read of them, and that no body is kept."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from accounts_home import CANARY, NOW, noon, snapshot
from mail_helpers import FIXTURES, SECONDS, harvest_text, kinds, mail

from guardian.accounts.mail.harvest import Answer, Box, Form, Task, harvest_here
from guardian.accounts.mail.ledger import is_sound_link
from guardian.accounts.mail.settling import settle
from guardian.accounts.mail.sharing import harvest
from guardian.accounts.model import EvidenceKind, Source, SourceKind
from guardian.accounts.sources import find_sources, mailbox, read_source, recognise, thunderbird
from guardian.accounts.sources.reading import Reading
from guardian.core.errors import Cancelled, Problem
from guardian.core.words import Words

PROFILE = ".thunderbird/abcd1234.default"
PREFS = 'user_pref("mail.identity.id1.useremail", "Anna@Example.org");\n'


def nothing() -> None: ...


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's work done in this process, which is quicker."""

    def run(function: Callable[[bytes], object], data: bytes, *_: object, **__: object) -> object:
        return function(data)

    for module in ("guardian.accounts.mail.sharing", "guardian.accounts.sources.mailbox"):
        monkeypatch.setattr(f"{module}.run_limited", run)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A profile as Thunderbird 153 leaves it, with its index and one mail folder."""
    folder = tmp_path / "home" / PROFILE
    (folder / "Mail/Local Folders").mkdir(parents=True)
    (folder / "prefs.js").write_text(PREFS + f'user_pref("x", "{CANARY}");\n')
    index = gzip.decompress((FIXTURES / "global-messages-db.sqlite.gz").read_bytes())
    (folder / "global-messages-db.sqlite").write_bytes(index)
    shutil.copy(FIXTURES / "archive.mbox", folder / "Mail/Local Folders/Archive")
    return folder


def read_profile(profile: Path) -> Reading:
    sources, _ = find_sources(profile.parent.parent, {})
    (source,) = (one for one in sources if one.kind is SourceKind.THUNDERBIRD)
    return read_source(source, NOW, nothing)


def read_brought(path: Path) -> Reading:
    return read_source(recognise(path, nothing), NOW, nothing)


def told(reading: Reading) -> set[tuple[str, str]]:
    return {(entry.address, entry.evidence.kind.value) for entry in reading.entries}


def refused(reading: Reading) -> list[str]:
    """The codes of what was not read; its sentences must exist."""
    words = Words()
    for one in reading.problems:
        for sentence in (one.what, one.todo):
            assert sentence.code in words
            assert "{" not in words.tell(sentence)
    return [one.code for one in reading.problems]


ARCHIVE = {
    ("https://brieftaube.example", "mail-sign-up"),
    ("https://kite.example", "mail-sign-in"),
    ("https://kite.example", "mail-news"),
    ("https://shaou.example", "mail-sign-in"),
}


def test_thunderbirds_index_is_read_and_each_mail_counted_once(profile: Path) -> None:
    before = snapshot(profile)
    reading = read_profile(profile)
    assert told(reading) == ARCHIVE
    assert {entry.evidence.times_used for entry in reading.entries} == {1}
    assert reading.addresses == ("anna@example.org",)
    assert {entry.username for entry in reading.entries} == {"anna@example.org"}
    (sign_up,) = (e for e in reading.entries if e.evidence.kind is EvidenceKind.MAIL_SIGN_UP)
    assert sign_up.evidence.created == sign_up.evidence.last_used == noon("2019-03-04")
    assert CANARY not in repr(reading)
    assert snapshot(profile) == before


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("spoil", ["missing", "empty", "cut", "nonsense", "other"])
def test_without_a_sound_index_the_mail_folders_are_read(profile: Path, spoil: str) -> None:
    index = profile / "global-messages-db.sqlite"
    raw = index.read_bytes()
    index.unlink()
    if spoil == "other":
        with closing(sqlite3.connect(index)) as database, database:
            database.execute("CREATE TABLE sheep (name TEXT)")
    elif spoil != "missing":
        index.write_bytes({"empty": b"", "cut": raw[:40_000], "nonsense": b"\xff\x00" * 900}[spoil])
    reading = read_profile(profile)
    assert told(reading) == ARCHIVE
    assert {entry.evidence.times_used for entry in reading.entries} == {1}
    codes = {"cut": "mail-index-damaged", "nonsense": "mail-index-damaged"}
    codes["other"] = "mail-index-unknown"
    assert refused(reading) == ([codes[spoil]] if spoil in codes else [])


@pytest.mark.usefixtures("here")
def test_a_folder_that_is_not_in_the_index_is_read_beside_it(profile: Path) -> None:
    folder = profile / "Mail/Local Folders/Old.sbd"
    folder.mkdir()
    (folder / "2015").write_text(mail("Welcome to Gull", "Gull <no-reply@gull.example>"))
    (folder / "2015.msf").write_text("From: not a mail")
    (profile / "Mail/Local Folders/Junk").write_text(mail("Reset your password", "a@spam.example"))
    assert told(read_profile(profile)) == {*ARCHIVE, ("https://gull.example", "mail-sign-up")}


def test_an_index_in_use_is_read_with_its_unfinished_changes(profile: Path, memory: Path) -> None:
    index = profile / "global-messages-db.sqlite"
    with closing(sqlite3.connect(index, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute(
            "UPDATE messagesText_content SET c3author = 'Tern <no-reply@tern.example> undefined'"
            " WHERE c3author LIKE '%shaou%'"
        )
        reading = read_profile(profile)
    assert ("https://tern.example", "mail-sign-in") in told(reading)
    assert list(memory.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_deleted_mails_answers_and_own_mails_in_the_index_do_not_count(profile: Path) -> None:
    shutil.rmtree(profile / "Mail")
    with closing(sqlite3.connect(profile / "global-messages-db.sqlite")) as database, database:
        database.execute("UPDATE messages SET deleted = 1 WHERE headerMessageID LIKE '0.%'")
        database.execute(
            "UPDATE messages SET conversationID = (SELECT conversationID FROM messages"
            " WHERE headerMessageID LIKE '0.%') WHERE headerMessageID LIKE '1.%'"
        )
    assert told(read_profile(profile)) == {
        ("https://kite.example", "mail-news"),
        ("https://shaou.example", "mail-sign-in"),
    }


@pytest.mark.parametrize(("program", "root"), thunderbird.ROOTS)
def test_every_place_where_thunderbird_may_live_is_looked_at(
    tmp_path: Path, program: str, root: str
) -> None:
    (tmp_path / root / "abcd1234.mine/ImapMail").mkdir(parents=True)
    sources, refused = find_sources(tmp_path, {})
    assert [(one.browser, one.profile) for one in sources] == [(program, "mine")]
    assert refused == ()


# --- what the person hands in


def make_maildir(folder: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    text = mail("Activate your account", "Heron <no-reply@heron.example>")
    (folder / "cur/1.host:2,S").write_text(text.partition("\n")[2])


def make_eml(folder: Path) -> None:
    folder.mkdir()
    text = mail("Activate your account", "Heron <no-reply@heron.example>").partition("\n")[2]
    (folder / "a.eml").write_text(text)
    (folder / "b.emlx").write_text(f"{len(text)}\n{text}<?xml?><plist/>")


def make_takeout(folder: Path) -> None:
    folder.mkdir()
    text = mail(
        "Activate your account", "Heron <no-reply@heron.example>", "X-Gmail-Labels: Inbox,Opened"
    )
    text += mail("Reset your password", "x@spam.example", "X-Gmail-Labels: =?utf-8?q?Spam?=,Unread")
    text += mail("Lunch?", "Anna <anna@example.org>", "X-Gmail-Labels: Sent")
    with zipfile.ZipFile(folder / "takeout.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Takeout/archive_browser.html", "<html>")
        archive.writestr("Takeout/Mail/All mail Including Spam and Trash.mbox", text)


@pytest.mark.parametrize(
    ("make", "inside", "count"),
    [(make_maildir, "", 1), (make_eml, "", 2), (make_eml, "a.eml", 1), (make_eml, "b.emlx", 1),
     (make_takeout, "takeout.zip", 1)],
)  # fmt: skip
def test_a_mailbox_of_every_form_is_known_and_read(
    tmp_path: Path, make: object, inside: str, count: int
) -> None:
    make(tmp_path / "box")  # type: ignore[operator]
    path = tmp_path / "box" / inside if inside else tmp_path / "box"
    source = recognise(path, nothing)
    assert source.kind is SourceKind.MAILBOX
    reading = read_source(source, NOW, nothing)
    assert told(reading) == {("https://heron.example", "mail-sign-up")}
    assert reading.entries[0].evidence.times_used == count
    assert reading.addresses == ("anna@example.org",)


@pytest.mark.usefixtures("here")
def test_what_is_no_mailbox_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("From here on it rains.\n\nFrom: me\n")
    (tmp_path / "photo.eml").write_bytes(os.urandom(3000))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    for path in tmp_path.iterdir():
        assert mailbox.recognise(path, nothing) is None
    with pytest.raises(Problem):
        mailbox.recognise(tmp_path / "gone", nothing)


@pytest.mark.usefixtures("here")
def test_broken_files_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    make_eml(folder)
    (folder / "c.eml").write_bytes(b"\x00" * 5000)
    (folder / "d.eml").symlink_to("/etc/passwd")
    os.mkfifo(folder / "e.eml")
    for number in range(8):
        (folder / f"x{number}.eml").write_bytes(b"\xff\xfe nonsense")
    reading = read_brought(folder)
    assert ("https://heron.example", "mail-sign-up") in told(reading)
    assert refused(reading) == ["mail-none"] * 5 + ["mail-files-unread"]


def test_a_huge_file_of_nothing_is_read_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardian.accounts.mail.sharing.MEMORY", 400_000_000)
    path = tmp_path / "huge"
    path.touch()
    os.truncate(path, 2 * 10**9)
    assert mailbox.recognise(path, nothing) is None
    path.write_text(mail("Welcome to Heron", "Heron <no-reply@heron.example>"))
    os.truncate(path, 450_000_000)  # more than the child may use
    found = harvest([Box(Form.MBOX, os.fsencode(path))], (), SECONDS, nothing)
    assert kinds(found) == {("heron.example", "mail-sign-up"): 1}


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    path.write_text(mail("Welcome to Heron", "Heron <no-reply@heron.example>"))
    os.truncate(path, 40 * 10**9)
    calls = iter(range(1000))

    def stop() -> None:
        if next(calls) == 5:
            raise Cancelled

    begin = time.monotonic()
    with pytest.raises(Cancelled):
        harvest([Box(Form.MBOX, os.fsencode(path))], (), SECONDS, stop)
    assert time.monotonic() - begin < 5


def test_a_file_that_kills_its_reader_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(function: object, data: bytes, kind: object, **more: object) -> Answer:
        if b"evil" in data:
            raise Problem("document-too-hard")
        return harvest_here(data)

    monkeypatch.setattr("guardian.accounts.mail.sharing.run_limited", run)
    archive = os.fsencode(FIXTURES / "archive.mbox")
    boxes = [Box(Form.MBOX, archive), Box(Form.MBOX, b"/evil"), Box(Form.MBOX, b"/gone")]
    found = harvest(boxes, (), SECONDS, nothing)
    assert found.mails == 6
    assert found.odd == (("evil", "mail-file-hard"), ("gone", "file-missing"))


def test_no_word_of_a_mail_leaves_but_its_traces() -> None:
    text = mail(f"Your password: {CANARY}", f"{CANARY} <no-reply@heron.example>", body=CANARY)
    text += mail(
        "Almost there",
        "Heron <no-reply@heron.example>",
        body=f"Please change your password: {CANARY}",
    )
    found = harvest_text(text)
    assert found.traces
    assert CANARY not in repr(found)


# --- counting, dates, addresses, links


def test_many_mails_of_a_kind_stand_as_one_trace() -> None:
    days = ("Mon, 4 Mar 2019 12:00:00 +0000", "Tue, 4 Mar 2025 13:00:00 +0100")
    text = "".join(mail("Reset your password", "no-reply@a.heron.co.uk", date=day) for day in days)
    (trace,) = harvest_text(text).traces
    assert (trace.site, trace.count, trace.to) == ("heron.co.uk", 2, "anna@example.org")
    assert trace.first == noon("2019-03-04").timestamp()  # type: ignore[union-attr]
    assert trace.newest == noon("2025-03-04").timestamp()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "date",
    ["Sat, 1 Jan 1972 00:00:00 +0000", "1 Jan 2099 10:00:00", "yesterday", "31 Feb 9999", ""],
)
def test_a_mail_without_a_sensible_date_counts_without_one(date: str) -> None:
    text = mail("Reset your password", "no-reply@heron.com").replace(
        "Mon, 4 Mar 2019 12:00:00 +0000", date
    )
    (trace,) = harvest_text(text).traces
    assert (trace.first, trace.newest, trace.count) == (None, None, 1)


def test_the_same_mail_in_two_folders_counts_once_and_a_deleted_one_never() -> None:
    one = mail("Reset your password", "no-reply@heron.com", "Message-ID: <7@heron>")
    dead = mail("Welcome to Gull", "no-reply@gull.com", "X-Mozilla-Status: 0009")
    assert kinds(harvest_text(one + one + dead)) == {("heron.com", "mail-sign-in"): 1}


def test_only_a_sound_address_for_leaving_a_newsletter_is_kept() -> None:
    link = "https://kite.com/leave?u=1"
    offered = f"List-Unsubscribe: <mailto:leave@kite.com?subject=x>,\n <{link}>"
    (trace,) = harvest_text(mail("News", "Kite <news@kite.com>", offered)).traces
    assert (trace.kind, trace.link) == (EvidenceKind.MAIL_NEWS, link)
    for bad in (
        "javascript:alert(1)", "http://kite.com/u", "https://10.0.0.1/u", "https://u:p@kite.com/",
        "https://kite.com/\u202eexe", "file:///etc/passwd", "mailto:a@b.com?bcc=x@y.com",
        "mailto:a@b.com,c@d.com", "https://[", "data:text/html,x", "https://kite.com/" + "a" * 3000,
    ):  # fmt: skip
        assert not is_sound_link(bad), bad
    assert is_sound_link("mailto:leave@kite.com?subject=unsubscribe%20me")


def test_the_answer_to_our_letter_is_known_by_its_mark() -> None:
    text = mail("Re: Please erase my data [Ref. 7K2Q-M9XT]", "Data <privacy@heron.com>")
    text += mail("Please erase my data [Ref. 7K2Q-M9XT]", "anna@example.org")
    (trace,) = harvest_text(text, own=("anna@example.org",)).traces
    assert (trace.site, trace.kind.value, trace.reference) == (
        "heron.com", "mail-reply", "7K2Q-M9XT",
    )  # fmt: skip


def test_a_large_mailbox_is_read_in_few_seconds(tmp_path: Path) -> None:
    """Far below the aim of 100,000 mails in 4 seconds, so that a slow machine does not fail it."""
    chance = random.Random(1)
    path = tmp_path / "many"
    with path.open("w") as file:
        for number in range(3000):
            site = f"service{chance.randrange(400)}.com"
            file.write(mail(f"Your order {number}", f"<no-reply@{site}>", body="text\n" * 300))
    task = Task((Box(Form.MBOX, os.fsencode(path)),), SECONDS)
    begin = time.process_time()
    assert settle([harvest_here(msgspec.msgpack.encode(task)).notes]).mails == 3000
    assert time.process_time() - begin < 3


def test_a_source_that_is_gone_is_named(tmp_path: Path) -> None:
    source = Source("mailbox:x", "x", "", SourceKind.MAILBOX, tmp_path / "x")
    reading = mailbox.read(source, NOW, nothing)
    assert not reading.read
    assert refused(reading) == ["file-missing"]
