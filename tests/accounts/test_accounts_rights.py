"""Writing, sending and waiting, through the door of the service."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from accounts_home import NOW

from guardian.accounts.model import (
    Account,
    CaseState,
    Deadline,
    Language,
    Law,
    LetterKind,
    LetterWish,
    Recipient,
    Sender,
)
from guardian.accounts.rights.references import find_reference
from guardian.accounts.service import AccountsService, ClosingService
from guardian.core.errors import Problem
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Words

ROOT = Path(__file__).resolve().parents[2]
ANNA = Sender("anna@example.net", "Anna", "DE", Language.ENGLISH)
SHOP = Recipient("Example Shop", "privacy@example.org", checked_year=2026)


@pytest.fixture
def closing(allowed: AccountsService, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClosingService]:
    monkeypatch.setattr("guardian.accounts.catalogue.routes.find_recipient", lambda site: SHOP)
    allowed.find(report_nothing)
    yield allowed.closing


def account(closing: ClosingService) -> Account:
    return closing.account("example.org")


def wish(
    kind: LetterKind = LetterKind.ERASURE, law: Law = Law.GDPR, who: Sender = ANNA
) -> LetterWish:
    return LetterWish("example.org", kind, law, who.language, who, "anna77")


def test_a_letter_that_went_out_starts_the_clock(closing: ClosingService) -> None:
    letter = closing.write(wish())
    assert letter.to == SHOP
    assert letter.written == NOW.date()
    case = closing.sent(letter, date(2026, 11, 25))
    assert case.state is CaseState.ASKED
    assert case.deadline == Deadline(
        date(2026, 12, 28), date(2026, 11, 25), "gdpr", "Article 12(3) GDPR"
    )
    assert case.reference == letter.reference == find_reference(letter.subject)
    assert case.username == "anna77"
    facts = case.events[-1].facts
    assert facts["recipient"] == "Example Shop"
    assert facts["kind"] == "erasure"
    assert facts["provisional"] == "no"
    assert (
        Words()
        .tell(closing.explain_deadline(case.deadline)[0])
        .startswith("The service has to answer by 28 December 2026.")
    )


def test_an_old_letter_without_an_answer_is_silence(closing: ClosingService) -> None:
    case = closing.sent(closing.write(wish()), date(2026, 1, 31))
    assert case.state is CaseState.SILENT
    reminder = closing.write(wish(LetterKind.REMINDER))
    assert "run out on 2 March 2026" in reminder.text
    case = closing.sent(reminder, NOW.date())
    assert case.state is CaseState.ASKED
    assert case.deadline
    assert case.deadline.day == NOW.date() + timedelta(days=14)
    complaint = closing.write(wish(LetterKind.COMPLAINT))
    assert complaint.to.name.startswith("Die Bundesbeauftragte")
    case = closing.sent(complaint, NOW.date())
    assert case.state is CaseState.ESCALATED
    assert case.deadline
    assert case.deadline.article == "Article 78(2) GDPR"


def test_what_was_sent_can_be_taken_back(closing: ClosingService) -> None:
    before = account(closing).case
    letter = closing.write(wish())
    closing.sent(letter, NOW.date())
    assert closing.undo("example.org") == before
    again = closing.write(wish())
    assert again.reference == letter.reference, "the draft may lie in a mail program already"


def test_all_letters_of_a_case_carry_one_mark(
    closing: ClosingService, store: Store, home: Path
) -> None:
    first = closing.write(wish())
    closing.sent(first, date(2026, 1, 31))
    later = AccountsService(store, home, lambda: NOW).closing
    for kind in LetterKind:
        assert later.write(wish(kind)).reference == first.reference


def test_the_name_of_the_case_is_used_where_none_is_given(closing: ClosingService) -> None:
    closing.set_state("example.org", CaseState.CLOSE, username="bert")
    wished = LetterWish("example.org", LetterKind.ERASURE, Law.GDPR, Language.ENGLISH, ANNA)
    assert "“bert”" in closing.write(wished).text


def test_a_service_without_a_known_address_can_still_be_written_to(
    closing: ClosingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardian.accounts.catalogue.routes.find_recipient", lambda site: None)
    letter = closing.write(wish())
    assert letter.to == Recipient("example.org")
    assert "with example.org under" in letter.text
    assert b"\nTo:" not in closing.draft(letter)


@pytest.mark.parametrize("day", ["2019-01-01", "2027-01-31"])
def test_a_day_that_makes_no_sense_is_refused(closing: ClosingService, day: str) -> None:
    with pytest.raises(Problem, match="letter-date-odd"):
        closing.sent(closing.write(wish()), date.fromisoformat(day))
    assert account(closing).case.events == ()


def test_a_service_may_ask_for_more_time_once_a_law_allows_it(closing: ClosingService) -> None:
    with pytest.raises(Problem, match="letter-no-more-time"):
        closing.more_time("example.org")
    closing.remember_sender(ANNA)
    closing.sent(closing.write(wish()), date(2026, 10, 1))
    assert account(closing).state is CaseState.SILENT
    case = closing.more_time("example.org")
    assert case.state is CaseState.ASKED
    assert case.deadline
    assert case.deadline.day == date(2027, 1, 4)
    said = Words().say(case.events[-1].cause, **case.events[-1].facts)
    assert said == "The service asked for more time, as the law allows (Article 12(3) GDPR)."
    reminder = closing.write(wish(LetterKind.REMINDER)).text
    assert "run out" not in reminder
    assert closing.undo("example.org").state is CaseState.SILENT
    assert "run out on 2 November 2026" in closing.write(wish(LetterKind.REMINDER)).text


def test_the_calendar_names_no_site(closing: ClosingService) -> None:
    with pytest.raises(Problem, match="letter-no-deadline"):
        closing.calendar("example.org")
    closing.sent(closing.write(wish()), date(2026, 11, 25))
    raw = closing.calendar("example.org")
    assert b"DTSTART;VALUE=DATE:20261228" in raw
    assert b"example" not in raw
    closing.remember_sender(Sender("anna@example.net", language=Language.GERMAN))
    assert b"SUMMARY:Einen Brief ansehen" in closing.calendar("example.org")


def test_a_letter_to_an_unknown_site_is_written_but_its_case_needs_an_account(
    closing: ClosingService,
) -> None:
    def wish_for(site: str) -> LetterWish:
        return LetterWish(site, LetterKind.ERASURE, Law.GDPR, Language.ENGLISH, ANNA)

    letter = closing.write(wish_for("https://www.nowhere.example/login"))
    assert letter.text and letter.reference
    with pytest.raises(Problem, match="account-unknown"):
        closing.sent(letter, date(2026, 11, 25))
    with pytest.raises(Problem, match="site-odd"):
        closing.write(wish_for("not a site"))


def test_the_person_chooses_among_places_with_names(closing: ClosingService) -> None:
    codes = [code for code, _ in closing.countries()]
    assert codes[-1] == ""
    assert closing.law_for("DE-BY") is Law.GDPR
    office = closing.authority("GB")
    assert office
    assert office.web == "https://ico.org.uk/"
    assert closing.authority("BR") is None


def test_the_list_of_authorities_is_made_from_facts(tmp_path: Path) -> None:
    facts, out = tmp_path / "facts", tmp_path / "made.json"
    facts.mkdir()
    (facts / "authorities.json").write_text(
        '[{"name": "One", "web": "https://one.example/", "relevant-countries": ["fr"],'
        ' "address": "Street"},'
        ' {"name": "Church", "email": "x@church.example", "relevant-countries": ["de"]}]'
    )
    script = [sys.executable, ROOT / "packaging/authorities", facts, out]
    done = subprocess.run(script, capture_output=True, text=True, check=True, env=os.environ)
    assert "left out: Church" in done.stderr
    assert '"places": ["FR"]' in out.read_text("utf-8")
    assert "California Privacy Protection Agency" in out.read_text("utf-8")
    assert "Church" not in out.read_text("utf-8")
