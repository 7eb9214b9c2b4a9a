"""The made-up family: the same on every day, nobody's, and with everything a trainer shows."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from guardian.accounts.model import CaseState, Confidence, Place, UseClass
from guardian.accounts.rules.addresses import locate
from guardian.clauses.service import ClausesService
from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.store import open_in_memory
from guardian.core.words import Words
from guardian.demo import content
from guardian.processes.service import ProcessesService
from tests.demo.opening import NOW, Open, close, open_demo

HOST = re.compile(r"(?:://|@)([a-z0-9.-]+[a-z0-9])")
NOBODY = (".test", ".invalid")
UK_DRAMA = re.compile(r"\+44 7700 900\d{3}")  # Ofcom keeps these for plays


@pytest.fixture(scope="module")
def shown() -> Iterator[Open]:
    """The demonstration of one day, for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUARDIAN_DEMO", "1")
        opened = open_demo(NOW)
        yield opened
        close(opened)


def told(opened: Open) -> dict[str, object]:
    """Everything the demonstration shows, with days counted from its own today."""
    built, today = opened.features, opened.demo.clock()
    found = built.accounts.known()
    assert found is not None

    def ago(when: datetime | None) -> int | None:
        return (today.date() - when.date()).days if when else None

    return {
        "accounts": [
            (one.site, one.use_class, one.state, ago(one.first_seen), ago(one.last_used),
             sorted(each.kind for each in one.evidence), one.people)
            for one in found.accounts
        ],
        "contacts": [one.site for one in found.contacts],
        "programs": [(one.level, one.program.name, [hit.rule for hit in one.hits])
                     for one in built.processes.scan(report_nothing).findings],
        "policies": [(one.title, ago(one.read_at), one.counts, one.earlier)
                     for one in built.clauses.library()],
        "history": [(ago(one.taken), one.value) for one in built.checkup.history()],
        "vault": [[(day - today.date()).days for day in one.expiries]
                  for one in built.vault.known()],
    }  # fmt: skip


def test_it_looks_the_same_on_another_day(shown: Open) -> None:
    other = open_demo(NOW + timedelta(days=101, hours=7))
    try:
        assert told(other) == told(shown)
    finally:
        close(other)


def test_about_forty_accounts_lie_there_with_evidence_of_ten_years(shown: Open) -> None:
    found = shown.features.accounts.known()
    assert found is not None
    assert 38 <= len(found.accounts) <= 45
    assert not found.not_read
    assert not found.own_network
    assert min(one.first_seen for one in found.accounts if one.first_seen) < NOW - timedelta(3500)
    classes = Counter(one.use_class for one in found.accounts)
    assert min(classes[each] for each in UseClass if each is not UseClass.UNKNOWN) >= 5
    assert Confidence.LIKELY in {one.confidence for one in found.accounts}
    assert len(found.people) >= 3
    assert [one.site for one in found.contacts] == ["shoemarket.test"]


def test_accounts_stand_at_every_stage_and_one_answer_is_overdue(shown: Open) -> None:
    found = shown.features.accounts.known()
    assert found is not None
    states = Counter(one.state for one in found.accounts)
    assert states[CaseState.FOUND] >= 20
    for state in (
        CaseState.KEEP, CaseState.LATER, CaseState.CLOSE, CaseState.ASKED, CaseState.REFUSED,
        CaseState.CONFIRMED, CaseState.GONE,
    ):  # fmt: skip
        assert states[state], state
    (overdue,) = (one for one in found.accounts if one.state is CaseState.SILENT)
    assert overdue.case.deadline is not None
    assert overdue.case.deadline.day < NOW.date()


def test_two_sites_that_share_a_login_are_one_account(shown: Open) -> None:
    account = shown.features.accounts.account("cinemabox.test")
    assert set(account.sites) == {"cinemabox.test", "cinemabox-live.test"}


def test_exactly_three_programs_are_worth_a_look(shown: Open) -> None:
    scan = shown.features.processes.scan(report_nothing)
    assert Counter(one.level for one in scan.findings) == {Level.ACT: 1, Level.ASK: 2}
    assert scan.findings[0].level is Level.ACT
    assert all(one.level is Level.FINE for one in scan.autostart if one.entry.target_owner)


def test_four_policies_are_explained_one_chinese_and_one_changed(shown: Open) -> None:
    read = shown.features.clauses.library()
    assert len({one.title for one in read}) == 4
    assert [one.language for one in read].count("zh") == 1
    assert [one.title for one in read if one.earlier] == ["Cloudnest: privacy policy"]
    told_steps = [Words().tell(one.title) for one in shown.features.clauses.next_steps()]
    assert any("Cloudnest" in one for one in told_steps)


def test_the_history_covers_a_year_and_mostly_rises(shown: Open) -> None:
    history = shown.features.checkup.history()
    assert len(history) >= 10
    assert history[-1].taken - history[0].taken > timedelta(days=350)
    assert history[-1].value > history[0].value + 20
    assert any(one.value > other.value for one, other in itertools.pairwise(history))
    assert shown.features.checkup.circumstances().asked
    assert shown.features.checkup.rhythm().every


def test_the_vault_opens_and_a_passport_ends_in_forty_days(shown: Open) -> None:
    (known,) = shown.features.vault.known()
    assert NOW.date() + timedelta(days=40) in known.expiries
    with shown.features.vault.open(known.path, shown.demo.passphrase) as vault:
        papers = {one.path: vault.read(one.path) for one in vault.list_all().entries if one.size}
    assert len(papers) == len(content.read_papers())
    assert all("SPECIMEN" in name for name in papers)
    assert all(raw.startswith((b"%PDF", b"\x89PNG")) for raw in papers.values())
    titles = [Words().tell(one.title) for one in shown.features.vault.next_steps()]
    assert any("backup" in one for one in titles)


def test_every_name_of_a_site_belongs_to_nobody(shown: Open) -> None:
    for file in (path for path in shown.demo.home.rglob("*") if path.is_file()):
        raw = file.read_bytes()
        # what is encrypted and what is drawn holds none
        if not re.search("Family papers|Backup stick", str(file)) and not raw.startswith(
            (b"%PDF", b"\x89PNG")
        ):
            text = dump(file) if raw.startswith(b"SQLite") else raw.decode("utf-8")
            foreign = {one for one in HOST.findall(text) if not one.endswith(NOBODY)}
            assert not foreign, file
    household = content.read_household()
    assert all(one.mail.endswith(NOBODY) for one in household.people)


def dump(file: Path) -> str:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        return "\n".join(database.iterdump())


def test_every_number_is_reserved_or_fails_its_own_check() -> None:
    household = content.read_household()
    assert all(UK_DRAMA.fullmatch(one.phone) for one in household.people)
    passport = household.numbers[0]
    assert int(passport.digit) != check_digit(passport.number)
    account = household.numbers[1].number.replace(" ", "")
    turned = account[4:] + account[:4]
    assert int("".join(str(int(sign, 36)) for sign in turned)) % 97 != 1
    written = "\n".join(path.read_text("utf-8") for path in content.folder().glob("*.json"))
    phones = re.findall(r"\+\d[\d ()-]{7,}", written)
    assert all(UK_DRAMA.fullmatch(one.strip()) for one in phones)


def check_digit(number: str) -> int:
    """As on passports (ICAO 9303): weights 7, 3, 1; letters count from 10."""
    values = (0 if sign == "<" else int(sign, 36) for sign in number)
    return sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10


def test_what_was_found_in_the_policies_is_what_guardian_finds_today() -> None:
    """The readings are shipped, so that nobody waits; packaging/demo-papers makes them."""
    clauses = ClausesService(open_in_memory(), lambda: NOW)
    shipped = json.loads((content.folder() / "policies" / "read.json").read_text("utf-8"))
    for policy, read in zip(content.read_policies(), shipped, strict=True):
        text = (content.folder() / "policies" / policy.file).read_text("utf-8")
        found = clauses.explain_text(text, policy.title, report_nothing, keep=False)
        assert [one.id for one in found.clauses] == [one["id"] for one in read["clauses"]]
        assert found.fingerprint == read["fingerprint"]


def test_such_names_are_no_accounts_for_anybody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://www.cloudnest.test/login"
    monkeypatch.setenv("GUARDIAN_DEMO", "1")
    assert locate(address) == (Place.WEB, "cloudnest.test")
    monkeypatch.delenv("GUARDIAN_DEMO")
    assert locate(address) == (None, "www.cloudnest.test")


def test_nothing_of_a_recorded_computer_can_be_ended_or_tried_out(shown: Open) -> None:
    processes: ProcessesService = shown.features.processes
    scan = processes.scan(report_nothing)
    assert not any(processes.endable(one) for one in scan.programs)
    for act in (
        lambda: processes.end(scan.programs[0]),
        lambda: processes.selftest(report_nothing),
        lambda: processes.scan(report_nothing, admin=True),
    ):
        with pytest.raises(Exception, match="recorded-only"):
            act()
    assert processes.explain(2571, report_nothing).program.name == "free-converter"
