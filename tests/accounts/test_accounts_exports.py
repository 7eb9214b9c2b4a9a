"""Exports handed in: every known kind is recognised by its content, and no password leaves it."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import pickle
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from accounts_home import CANARY, FIXTURE, NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardian.accounts.model import EvidenceKind, Source, SourceKind
from guardian.accounts.service import AccountsService
from guardian.accounts.sources import exports, find_sources, read_source, recognise
from guardian.accounts.sources.exports import parsing, tables
from guardian.accounts.sources.exports.formats import TABLES, find_table
from guardian.accounts.sources.exports.logins import bare_address, unix_ms
from guardian.accounts.sources.reading import Reading
from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import report_nothing
from guardian.core.words import Words

EXPORTS = FIXTURE.parent / "exports"
EXAMPLE = ("https://example.org", "anna@example.org")
DROPBOX = "https://www.dropbox.com"
CREATED, CHANGED = datetime(2019, 3, 1, 12, tzinfo=UTC), datetime(2019, 6, 1, 12, tzinfo=UTC)
really_apart = exports.run_limited


def go() -> None:
    """Nobody wishes to stop."""


@pytest.fixture(autouse=True)
def _at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests spare themselves the process apart; its border is kept."""

    def here(function: Callable[[bytes], Any], data: bytes, kind: Any, **_: Any) -> Any:
        return msgspec.convert(msgspec.msgpack.decode(msgspec.msgpack.encode(function(data))), kind)

    monkeypatch.setattr(exports, "run_limited", here)


def bring(path: Path) -> tuple[Source, Reading]:
    source = recognise(path, go)
    return source, read_source(source, NOW, go)


def read(path: Path) -> Reading:
    return bring(path)[1]


def write(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def pairs(reading: Reading) -> set[tuple[str, str]]:
    return {(entry.address, entry.username) for entry in reading.entries}


def losses(reading: Reading) -> dict[str, object]:
    """What was left out, by code; its sentences must exist."""
    words = Words()
    for one in reading.problems:
        for sentence in (one.what, one.todo):
            assert sentence.code in words
            assert "{" not in words.tell(sentence)
    return {one.code: one.facts.get("count") for one in reading.problems}


def refusal(path: Path) -> str:
    """The code of the problem that handing in ``path`` gives; its sentences must exist."""
    words = Words()
    with pytest.raises(Problem) as caught:
        bring_or_refuse(path)
    problem = caught.value
    for code in (f"problem.{problem.code}", f"problem.{problem.code}.do"):
        assert code in words
        assert "{" not in words.say(code, **problem.facts)
    assert CANARY not in repr(problem) + str(problem.facts)
    return problem.code


def bring_or_refuse(path: Path) -> Reading:
    reading = read(path)
    if not reading.read:
        raise Problem(reading.problems[0].code, **reading.problems[0].facts)
    return reading


KNOWN = {
    # what lies in the archive is an account still
    "1password.csv": ("1Password", {EXAMPLE, (DROPBOX, "anna")}, {}),
    "1password.json": (
        "1Password",
        {EXAMPLE, (DROPBOX, "anna@example.org"), ("https://gone.example.org", "")},
        {},
    ),
    "bitwarden-organisation.csv": ("Bitwarden", {EXAMPLE}, {}),
    "bitwarden.csv": (
        "Bitwarden",
        {EXAMPLE, (DROPBOX, "anna@example.org"), ("https://linkedin.com", "anna")},
        {"export-no-address": 1},
    ),
    "bitwarden.json": (
        "Bitwarden",
        {EXAMPLE, (DROPBOX, "anna@example.org")},
        {"export-no-address": 1, "export-put-away": 1, "export-rows-odd": 1},
    ),
    "chrome.csv": (
        "Chrome, Edge or Brave",
        {
            EXAMPLE,
            (DROPBOX, "anna"),
            ("http://192.168.1.1", "admin"),
            ("android://@com.adobe.reader", "anna@example.org"),
            ("https://www.linkedin.com", ""),
        },
        {},
    ),
    "dashlane.csv": ("Dashlane", {EXAMPLE, ("https://dropbox.com", "anna")}, {}),
    "enpass.json": ("Enpass", {EXAMPLE}, {"export-put-away": 1}),
    "firefox.csv": ("Firefox", {EXAMPLE, (DROPBOX, "anna")}, {}),
    "keepass.csv": ("KeePass", {EXAMPLE}, {}),
    "keepassxc.csv": ("KeePassXC", {EXAMPLE}, {"export-no-address": 1, "export-put-away": 1}),
    "keeper.csv": ("Keeper", {EXAMPLE, (DROPBOX, "anna")}, {"export-no-address": 1}),
    "keeper.json": ("Keeper", {EXAMPLE}, {}),
    "lastpass-older.csv": ("LastPass", {EXAMPLE}, {}),
    "lastpass.csv": ("LastPass", {EXAMPLE, (DROPBOX, "=HYPERLINK(anna)")}, {}),
    "nordpass.csv": ("NordPass", {EXAMPLE, (DROPBOX, "anna@example.org")}, {}),
    "other.csv": ("other.csv", {EXAMPLE}, {}),
    "proton-pass-newer.csv": (
        "Proton Pass",
        {("https://example.org", "anna"), (DROPBOX, "anna")},
        {},
    ),
    "proton-pass.csv": ("Proton Pass", {EXAMPLE, (DROPBOX, "anna@example.org")}, {}),
    "proton-pass.json": (
        "Proton Pass",
        {EXAMPLE, (DROPBOX, "anna@example.org")},
        {"export-put-away": 1},
    ),
    "roboform.csv": ("RoboForm", {EXAMPLE, (DROPBOX, "@anna")}, {}),
    "safari-older.csv": ("Safari", {EXAMPLE}, {}),
    "safari.csv": ("Safari", {EXAMPLE, ("https://dropbox.com", "anna")}, {}),
}


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_export_gives_its_logins_and_says_what_it_left_out(name: str) -> None:
    program, logins, left_out = KNOWN[name]
    source, reading = bring(EXPORTS / name)
    assert (source.name, source.kind, source.window_days) == (program, SourceKind.EXPORT, None)
    assert source.key.startswith("export:")
    assert source.key.endswith(f"/{name}")
    assert pairs(reading) == logins
    assert losses(reading) == left_out
    assert {entry.evidence.kind for entry in reading.entries} == {EvidenceKind.SAVED_LOGIN}
    assert all(entry.username == entry.evidence.username for entry in reading.entries)


def test_no_fixture_is_left_out() -> None:
    files = {file.name for file in EXPORTS.iterdir()}
    assert files == {*KNOWN, "bitwarden-encrypted.json"}
    assert all(CANARY in (EXPORTS / name).read_text() for name in KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_no_password_leaves_an_export(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    source, reading = bring(EXPORTS / name)
    gathered = parsing.gather(os.fsencode(EXPORTS / name))
    for trace in (repr(reading), repr(source), repr(gathered), caplog.text):
        assert "canary" not in trace
    assert b"canary" not in pickle.dumps((source, reading))


@pytest.mark.parametrize(
    "name", ["1password.json", "bitwarden.json", "enpass.json", "proton-pass.csv"]
)
def test_dates_of_an_export_are_kept_to_the_second(name: str) -> None:
    evidence = read(EXPORTS / name).entries[0].evidence
    assert (evidence.created, evidence.changed, evidence.last_used) == (CREATED, CHANGED, None)


def test_firefox_alone_says_when_a_login_was_last_used() -> None:
    evidence = read(EXPORTS / "firefox.csv").entries[0].evidence
    assert (evidence.created, evidence.changed) == (CREATED, CHANGED)
    assert evidence.last_used == datetime(2021, 1, 1, 12, tzinfo=UTC)


def test_keepassxc_dates_are_read() -> None:
    evidence = read(EXPORTS / "keepassxc.csv").entries[0].evidence
    assert evidence.created == CREATED
    assert evidence.changed == datetime(2021, 5, 1, 10, tzinfo=UTC)


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("archive", "member", "fixture"),
    [
        ("anna.1pux", "export.data", "1password.json"),
        ("bitwarden.zip", "data.json", "bitwarden.json"),
        ("Proton Pass_export.zip", "Proton Pass/data.json", "proton-pass.json"),
        ("dashlane.zip", "credentials.csv", "dashlane.csv"),
    ],
)
def test_an_archive_gives_the_same_as_the_file_in_it(
    tmp_path: Path, archive: str, member: str, fixture: str
) -> None:
    others = {
        "export.attributes": b"{}",
        "files/photo.jpg": b"\xff\xd8" * 99,
        "ids.csv": CANARY.encode(),
    }
    path = pack(tmp_path / archive, {**others, member: (EXPORTS / fixture).read_bytes()})
    assert pairs(read(path)) == KNOWN[fixture][1]


def test_handing_in_the_same_again_takes_the_place_of_it(
    service: AccountsService, tmp_path: Path
) -> None:
    path = write(tmp_path, (EXPORTS / "bitwarden.csv").read_bytes(), "bitwarden.csv")
    service.bring(path, report_nothing)
    found = service.known()
    assert found
    assert {account.site for account in found.accounts} == {
        "example.org", "dropbox.com", "linkedin.com",
    }  # fmt: skip
    header = path.read_text().splitlines()[0]
    path.write_text(f"{header}\n,,login,x,,,0,https://example.org,anna,{CANARY},\n")
    service.bring(path, report_nothing)
    found = service.known()
    assert found
    assert [account.site for account in found.accounts] == ["example.org"]
    assert [source.name for source in found.brought] == ["Bitwarden"]
    assert CANARY not in repr(found)


def test_an_export_is_never_looked_for(home: Path) -> None:
    (home / "passwords.csv").write_bytes((EXPORTS / "chrome.csv").read_bytes())
    sources, _ = find_sources(home, {})
    assert SourceKind.EXPORT not in {source.kind for source in sources}


# how tables come


HEADERS = [
    ("chrome.csv", "Chrome, Edge or Brave"),
    ("firefox.csv", "Firefox"),
    ("bitwarden.csv", "Bitwarden"),
    ("keepassxc.csv", "KeePassXC"),
    ("lastpass.csv", "LastPass"),
    ("nordpass.csv", "NordPass"),
    ("proton-pass.csv", "Proton Pass"),
    ("1password.csv", "1Password"),
    ("dashlane.csv", "Dashlane"),
]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
WAYS = st.tuples(
    st.sampled_from(",;\t"), st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n", "\r"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(which=st.sampled_from(HEADERS), order=st.randoms(), capital=st.booleans(), way=WAYS)
def test_neither_order_nor_separator_nor_encoding_of_a_table_matters(
    tmp_path: Path,
    which: tuple[str, str],
    order: random.Random,
    capital: bool,
    way: tuple[str, str, str],
) -> None:
    (name, program), (separator, encoding, line_end) = which, way
    rows = list(csv.reader(io.StringIO((EXPORTS / name).read_text(), newline="")))
    columns = list(range(len(rows[0])))
    order.shuffle(columns)
    if capital:
        rows[0] = [cell.title() for cell in rows[0]]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([row[number] for number in columns] for row in rows)
    path = write(tmp_path, text.getvalue().encode(encoding), "any name.txt")
    source, reading = bring(path)
    assert source.name == program
    assert pairs(reading) == KNOWN[name][1]
    assert losses(reading) == KNOWN[name][2]


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "gb18030"])
def test_names_in_a_foreign_encoding_come_out_right(tmp_path: Path, encoding: str) -> None:
    name = "用户名称" if encoding == "gb18030" else "Jörg Müller"
    rows = "".join(f"Straße,https://site{i}.de,{name},x,\n" for i in range(20))
    if encoding == "gb18030":
        rows = rows.replace("Straße", "我的网站")
    data = ("name,url,username,password,note\n" + rows).encode(encoding)
    assert {username for _, username in pairs(read(write(tmp_path, data)))} == {name}


def test_the_line_that_tells_a_spreadsheet_the_separator_is_passed_over(tmp_path: Path) -> None:
    path = write(
        tmp_path, f"sep=;\r\n\r\nurl;username;password\r\nhttps://example.org;anna;{CANARY}\r\n"
    )
    assert pairs(read(path)) == {("https://example.org", "anna")}


def test_every_table_is_told_from_every_other() -> None:
    for table in TABLES:
        found = find_table(sorted(table.needs, reverse=True))
        assert found is table


@pytest.mark.parametrize(
    "header", ["name,amount,date", "url,title,visits", "password,hint", "from,to,subject,date"]
)
def test_a_table_of_something_else_is_not_taken_for_logins(tmp_path: Path, header: str) -> None:
    assert refusal(write(tmp_path, f"{header}\nhttps://example.org,b,c,d\n")) == "import-unknown"


def test_a_title_that_is_a_site_stands_in_for_a_missing_address(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "name,url,username,password\n"
        "Amazon.de,,anna,x\nJohn.Smith,,anna,x\nmy bank,,anna,x\nexample.org,not a url,anna,x\n",
    )
    reading = read(path)
    assert pairs(reading) == {("https://amazon.de", "anna"), ("https://example.org", "anna")}
    assert losses(reading) == {"export-no-address": 2}


def test_what_only_begins_like_a_note_of_lastpass_is_a_login(tmp_path: Path) -> None:
    header = "url,username,password,totp,extra,name,grouping,fav"
    rows = ["http://snapchat.com", "http://group-buy.de", "http://sn", "http://sn/", "http://group"]
    body = "\n".join(f"{row},anna,x,,,name,,0" for row in rows)
    reading = read(write(tmp_path, f"{header}\n{body}\n"))
    assert pairs(reading) == {("http://snapchat.com", "anna"), ("http://group-buy.de", "anna")}
    assert not reading.problems


@pytest.mark.parametrize("end", ["", "\n", "\r\n  ", "\n\n,,,,\n"])
def test_the_end_of_a_table_may_look_like_this(tmp_path: Path, end: str) -> None:
    start = "name,url,username,password,note\nc,https://dropbox.com,anna,x,"
    reading = read(write(tmp_path, start + end))
    assert pairs(reading) == {("https://dropbox.com", "anna")}
    assert not reading.problems


def test_keeper_may_leave_out_its_last_cells(tmp_path: Path) -> None:
    path = write(tmp_path, f"Web,Example,anna,{CANARY},https://example.org,a note")
    source, reading = bring(path)
    assert source.name == "Keeper"
    assert pairs(reading) == {("https://example.org", "anna")}
    assert not reading.problems


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        (f"https://anna:{CANARY}@Example.ORG:8443/a?b=c#d", "https://example.org"),
        ("example.org/login", "https://example.org"),
        ("example.org:8443", "https://example.org"),
        ("localhost:3000", "https://localhost"),
        ("192.168.1.1", "https://192.168.1.1"),
        ("http://[::1]:80/", "http://[::1]"),
        ("androidapp://com.example.app", "android://@com.example.app"),
        ("android://hash==@com.example.app/", "android://@com.example.app"),
        ("bücher.de", "https://bücher.de"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:anna@example.org", ""),
        ("anna@example.org", ""),
        ("router", ""),
        ("john.smith", ""),
        ("https://", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_scheme_and_host_of_an_address_are_kept(address: str, bare: str) -> None:
    assert bare_address(address) == bare


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://exam\u202eple.org", "https://exa\0mple.org", "\t"]
)
def test_hostile_addresses_lead_nowhere(tmp_path: Path, address: str) -> None:
    reading = read(write(tmp_path, f"name,url,username,password\nx,{address},anna,y\n"))
    assert not reading.entries
    assert losses(reading) == {"export-no-address": 1}


def test_names_are_kept_on_one_line_and_without_hidden_marks(tmp_path: Path) -> None:
    path = write(
        tmp_path, 'name,url,username,password\nx,https://example.org,"an\u202ena\r\n\0b",y\n'
    )
    assert pairs(read(path)) == {("https://example.org", "an na b")}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1551441600", 1551441600000),
        ("1551441600000", 1551441600000),
        (1551441600, 1551441600000),
        (1551441600.0, 1551441600000),
        ("2019-03-01T12:00:00Z", 1551441600000),
        ("2019-03-01T13:00:00+01:00", 1551441600000),
        ("2019-03-01T12:00:00", 1551441600000),
        ("yesterday", 0),
        ("", 0),
        (None, 0),
        (True, 0),
        ("9" * 30, 0),
        ("-5", 0),
        ("0001-01-01T00:00:00+23:00", 0),
    ],
)
def test_times_are_understood_however_an_export_writes_them(written: object, meant: int) -> None:
    assert unix_ms(written) == meant


# what may be wrong with a file


def test_a_stray_quotation_mark_does_not_swallow_the_rows_after_it(tmp_path: Path) -> None:
    rows = [
        f'n{i},https://site{i}.de,anna,"x' if i % 9 == 4 else f"n{i},https://site{i}.de,anna,x"
        for i in range(60)
    ]
    reading = read(write(tmp_path, "name,url,username,password\n" + "\n".join(rows) + "\n"))
    assert len(reading.entries) == 60
    assert not reading.problems


def test_rows_of_another_width_are_counted_and_the_others_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "name,url,username,password,note\n"
        f"a,https://a.example.org,anna,with,a comma {CANARY},too many\n"
        "b\n\n"
        "c,https://dropbox.com,anna,x,\n",
    )
    reading = read(path)
    assert pairs(reading) == {("https://dropbox.com", "anna")}
    assert losses(reading) == {"export-rows-odd": 2}


@pytest.mark.parametrize("end", ["d,https://linke", 'd,https://linkedin.com,anna,"x'])
def test_a_table_cut_short_is_read_up_to_there_and_named(tmp_path: Path, end: str) -> None:
    path = write(tmp_path, f"name,url,username,password,note\nc,https://dropbox.com,anna,x,\n{end}")
    reading = read(path)
    assert pairs(reading) == {("https://dropbox.com", "anna")}
    assert losses(reading) == {"export-cut-short": None}


def test_a_cell_of_ten_megabytes_does_not_stop_the_rest(tmp_path: Path) -> None:
    big = "x" * 10_000_000
    path = write(
        tmp_path,
        "name,url,username,password,note\n"
        f'a,https://example.org,anna,x,"{big}"\n'
        f"b,https://dropbox.com,{big},x,\n"
        f"c,https://{big},anna,x,\n"
        "d,https://linkedin.com,anna,x,\n",
    )
    reading = read(path)
    assert pairs(reading) == {("https://example.org", "anna"), ("https://linkedin.com", "anna")}
    assert losses(reading) == {"export-rows-odd": 2}


def grow(path: Path) -> None:
    path.write_text("name,url,username,password\n")
    os.truncate(path, 2 * 10**9)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def lead_nowhere(path: Path) -> None:
    path.symlink_to("gone")


def nest(path: Path) -> None:
    path.write_text('{"items": ' + "[" * 200_000 + "]" * 200_000 + "}")


def cut_json(path: Path) -> None:
    path.write_bytes((EXPORTS / "bitwarden.json").read_bytes()[:-200])


def cut_zip(path: Path) -> None:
    pack(path, {"export.data": (EXPORTS / "1password.json").read_bytes()})
    path.write_bytes(path.read_bytes()[:-40])


def spoil_zip(path: Path) -> None:
    pack(path, {"export.data": (EXPORTS / "1password.json").read_bytes()})
    data = bytearray(path.read_bytes())
    data[60:120] = bytes(60)
    path.write_bytes(data)


def blow_up(path: Path) -> None:
    pack(path, {"data.json": b"[" * 70_000_000})


def lock_zip(path: Path) -> None:
    """The mark of a member under a password stands in both of a zip's headers."""
    pack(path, {"data.json": b"{}"})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data[at : at + 2] = struct.pack("<H", 1)
    path.write_bytes(data)


BAD: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: None, "file-missing"),
    (lambda path: path.write_bytes(b""), "import-empty"),
    (lambda path: path.write_bytes(b"\xff\x00nonsense" * 500), "import-unknown"),
    (lambda path: path.write_bytes(b"\0" * 5000), "import-unknown"),
    (lambda path: path.write_text("Dear Anna,\n\nhow are you?\n"), "import-unknown"),
    (lambda path: path.write_text('{"name": "a package", "version": 1}'), "import-unknown"),
    (lambda path: path.write_text("{}"), "import-unknown"),
    (lambda path: pack(path, {"holiday.txt": b"sun"}), "import-unknown"),
    (grow, "export-huge"),
    (loop, "file-unreadable"),
    (lead_nowhere, "file-missing"),
    (os.mkfifo, "import-odd"),
    (nest, "export-damaged"),
    (cut_json, "export-damaged"),
    (cut_zip, "export-damaged"),
    (spoil_zip, "export-damaged"),
    (blow_up, "export-huge"),
    (lock_zip, "export-locked"),
    (lambda path: pack(path, {"Proton Pass/data.pgp": b"x"}), "export-locked"),
    (lambda path: path.write_bytes(b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5" * 9), "export-locked"),
    (lambda path: path.write_text("-----BEGIN PGP MESSAGE-----\n\nx\n"), "export-locked"),
]


@pytest.mark.parametrize(("spoil", "code"), BAD)
def test_a_bad_file_is_named_in_plain_words(
    tmp_path: Path, spoil: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "export"
    spoil(path)
    assert refusal(path) == code


def test_an_encrypted_export_is_left_closed_and_the_way_round_is_told() -> None:
    assert refusal(EXPORTS / "bitwarden-encrypted.json") == "export-locked"
    text = Words().say("problem.export-locked.do")
    assert "CSV" in text
    assert "delete" in text


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read all, so the system's refusal is played."""
    path = write(tmp_path, "x")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(parsing.os, "open", refuse)
    assert refusal(path) == "no-permission"
    monkeypatch.setattr(Path, "is_dir", refuse)
    assert refusal(path) == "no-permission"


def test_a_folder_is_no_export(tmp_path: Path) -> None:
    assert exports.recognise(tmp_path, go) is None


def test_a_file_that_changed_since_it_was_recognised_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, (EXPORTS / "chrome.csv").read_bytes())
    source = recognise(path, go)
    path.write_text("nothing of that kind any more")
    reading = read_source(source, NOW, go)
    assert not reading.read
    assert losses(reading) == {"import-unknown": None}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.text(alphabet='{}[]":,\n\r;\t\0aé"1https://.', max_size=400).map(str.encode),
        st.tuples(st.sampled_from(sorted(KNOWN)), st.integers(0, 3000), st.binary(max_size=9)).map(
            lambda spoilt: (
                (whole := (EXPORTS / spoilt[0]).read_bytes())[: spoilt[1]]
                + spoilt[2]
                + whole[spoilt[1] + 5 :]
            )
        ),
    )
)
def test_nothing_that_a_file_holds_raises_more_than_a_problem(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path, data)
    try:
        reading = read(path)
    except Problem:
        return
    losses(reading)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["items", "login", "type", "uris", "uri", "encrypted", "accounts", "vaults", "records",
         "data", "content", "fields", "category", "title", "overview", "details", "loginFields"]
    ), inner, max_size=4)
), max_leaves=12))  # fmt: skip
def test_no_shape_of_json_raises_more_than_a_problem(shape: object) -> None:
    from guardian.accounts.sources.exports import documents

    try:
        documents.gather(json.dumps(shape).encode(), "export.json")
    except Problem as problem:
        assert problem.code in ("export-locked", "export-damaged")


def test_reading_begins_anew_only_so_often() -> None:
    text = "url,username,password\n" + '"x"y\n' * 200 + 'https://example.org,anna,"x"y\n' * 50
    found = tables.gather(text)
    assert found
    assert len(found.logins) == 50


# the process apart


def test_an_export_is_read_in_a_process_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "run_limited", really_apart)
    assert pairs(read(EXPORTS / "chrome.csv")) == KNOWN["chrome.csv"][1]


def test_reading_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "run_limited", really_apart)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        recognise(EXPORTS / "bitwarden.json", stop)


def test_what_takes_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_hard(*_: object, **__: object) -> None:
        raise Problem("document-too-hard")

    source = recognise(EXPORTS / "chrome.csv", go)
    monkeypatch.setattr(exports, "run_limited", too_hard)
    assert losses(read_source(source, NOW, go)) == {"export-too-hard": None}
