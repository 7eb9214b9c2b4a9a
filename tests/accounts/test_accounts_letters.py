"""Our letters: right in every law, language and turn of a case, and closed to tricks."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guardian.accounts.cases.verification import ANSWERED
from guardian.accounts.model import (
    Case,
    CaseState,
    Event,
    Language,
    Law,
    Letter,
    LetterKind,
    LetterWish,
    Recipient,
    Sender,
)
from guardian.accounts.rights.addresses import read_address, tidy
from guardian.accounts.rights.authorities import all_authorities, authority_for
from guardian.accounts.rights.drafts import to_eml
from guardian.accounts.rights.history import History, read_history
from guardian.accounts.rights.laws import Step, load_rules
from guardian.accounts.rights.letters import Matter, compose
from guardian.accounts.rights.references import find_reference, make_reference
from guardian.accounts.rights.templates import (
    GAP,
    choose,
    find_gaps,
    load_template,
    render,
    write_date,
)
from guardian.accounts.rights.writing import note_sent, write
from guardian.core.errors import Problem
from guardian.core.paths import assets

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVICE = Recipient("Example Shop", "privacy@example.org", checked_year=2026)
MARK = "7K2Q-M9XT"
TEXTS = [
    (law, step, language)
    for law in Law
    for step in Step
    for language in Language
    if step is not Step.TO_SERVICE or law is Law.UK_GDPR
]
COUNTRIES = {Law.GDPR: "DE-BY", Law.UK_GDPR: "GB", Law.CCPA: "US-CA", Law.GENERAL: "CH"}
ANYTHING = st.text(max_size=60)


def sender(law: Law = Law.GDPR, **changes: str) -> Sender:
    facts = {"address": "anna@example.net", "name": "Anna Beispiel", "country": COUNTRIES[law]}
    return Sender(**{**facts, **changes})  # type: ignore[arg-type]


def wish(
    kind: LetterKind = LetterKind.ERASURE,
    law: Law = Law.GDPR,
    language: Language = Language.ENGLISH,
    username: str = "anna77",
    **changes: str,
) -> LetterWish:
    return LetterWish("example.org", kind, law, language, sender(law, **changes), username)


def letter(*events: Event, service: Recipient | None = SERVICE, **wished: object) -> Letter:
    case = Case(events=events)
    return write(wish(**wished), service, case, MARK, NOW.date())  # type: ignore[arg-type]


def asked(arrived: str = "2026-01-31", law: Law = Law.GDPR) -> Event:
    first = letter(law=law)
    return note_sent(first, date.fromisoformat(arrived), NOW)


# every way a case can have gone, as far as a letter tells it
PASTS = [
    History(),
    History(asked=date(2026, 11, 1)),
    History(date(2026, 1, 31), date(2026, 1, 31), date(2026, 3, 2), "gdpr"),
    *(
        History(
            date(2026, 1, 31), date(2026, 1, 31), date(2026, 3, 2), law.value,
            reminded=date(2026, 4, 1), complained=date(2026, 5, 1),
            replied=bool(answer), answer=answer,
        )
        for law in Law
        for answer in (None, CaseState.REFUSED, CaseState.CONFIRMED)
    ),
]  # fmt: skip


@pytest.mark.parametrize(("law", "step", "language"), TEXTS)
def test_every_letter_is_whole_in_every_turn_of_a_case(
    law: Law, step: Step, language: Language
) -> None:
    kind = LetterKind.COMPLAINT if "complaint" in step.value else LetterKind(step.value)
    rules = load_rules()
    known = {rule.article[language] for rule in rules.values()}
    names, usernames = ("", "Anna Beispiel"), ("", "anna77", "ANNA@example.net", "a@b.example")
    services = (SERVICE, Recipient("example.org"), Recipient("X", post="Street 1\n12345 Town"))
    for name, username, past, service in itertools.product(names, usernames, PASTS, services):
        wished = wish(kind, law, language, username, name=name)
        made = compose(wished, Matter(step, service, service, past, MARK, NOW.date()))
        whole = f"{made.subject}\n{made.text}"
        assert not GAP.search(whole), whole
        assert not re.search(
            r"[{}\[\]\\]|  |None|\n\n\n| [.,]", whole.replace(f"[Ref. {MARK}]", "")
        )
        assert made.subject.endswith(f"[Ref. {MARK}]")
        assert len(made.text) < 1800
        assert wished.sender.address in made.text
        assert ("Anna Beispiel" in made.text) == bool(name)
        assert ("anna77" in made.text) == (username == "anna77")
        assert set(made.articles) <= known
        assert all(article in made.text for article in made.articles)
        assert (law is Law.GENERAL) == (not made.articles)
        assert made.text.strip().endswith("anna@example.net")


@pytest.mark.parametrize(("law", "step", "language"), TEXTS)
def test_a_letter_cites_by_rule_alone_and_never_calls_names(
    law: Law, step: Step, language: Language
) -> None:
    template = load_template(law, step, language)
    text = "\n".join(line.text for line in template.lines)
    assert not re.search(r"\d|§|\bArt\b|Article|[Ss]ection", GAP.sub("", text))
    rules = load_rules()
    for gap in find_gaps(template):
        if gap in rules:
            assert rules[gap].law is law, f"{gap} is not of {law}"
    for word in ("illegal", "unlawful", "rechtswidrig", "lawyer", "sue "):
        assert word not in text.lower()


def test_no_text_is_shipped_that_nobody_can_ask_for() -> None:
    shipped = {
        path.relative_to(assets()) for path in assets().glob("accounts/rights/letters/*/*/*")
    }
    assert {str(path) for path in shipped} == {
        f"accounts/rights/letters/{language.value}/{law.value}/{step.value}.txt"
        for law, step, language in TEXTS
    }


def test_both_languages_say_the_same() -> None:
    for law in Law:
        for step in Step:
            if (law, step, Language.ENGLISH) not in TEXTS:
                continue
            english, german = (load_template(law, step, language) for language in Language)
            assert set(find_gaps(english)) == set(find_gaps(german)), (law, step)
            for truths in (set(), {"asked", "silent"}, {"username", "refused", "arrived", "asked"}):
                both = [choose(one, truths) for one in (english, german)]
                assert set(find_gaps(both[0])) == set(find_gaps(both[1]))


def test_a_first_letter_asks_for_what_the_law_gives() -> None:
    made = letter()
    assert made.to == SERVICE
    wanted = ["17(1)", "7(3)", "21(1)", "19", "12(3)", "12(4)", "12(6)"]
    assert list(made.articles) == [f"Article {number} GDPR" for number in wanted]
    assert "Example Shop (example.org)" in made.text
    assert "within one month" in made.text
    assert "A copy of an identity document is not needed." in made.text


def test_identity_is_kept_small() -> None:
    assert "own e-mail address" in letter().text
    assert "anna@example.net" in letter(username="").text.split("\n")[2]
    other = letter(username="old@example.com").text
    assert "write to the e-mail address of the account" in other
    assert "own e-mail address" not in other


def test_a_letter_of_a_german_reads_german() -> None:
    made = letter(asked(), kind=LetterKind.REMINDER, language=Language.GERMAN)
    assert "am 31. Januar 2026" in made.text
    assert "am 2. März 2026 abgelaufen (Art. 12 Abs. 3 DSGVO)" in made.text
    assert "Art. 77 Abs. 1 DSGVO" in made.articles


def test_a_reminder_tells_what_happened_and_no_more() -> None:
    late = letter(asked(), kind=LetterKind.REMINDER).text
    assert "reached you on 31 January 2026" in late
    assert "run out on 2 March 2026 (Article 12(3) GDPR). I have not received an answer." in late
    early = letter(asked("2026-11-20"), kind=LetterKind.REMINDER).text
    assert "run out" not in early
    refused = letter(asked(), Event(NOW, CaseState.REFUSED), kind=LetterKind.REMINDER).text
    assert "You declined" in refused
    assert "run out" not in refused
    assert "not received" not in refused
    alive = letter(
        asked(), Event(NOW, CaseState.CONFIRMED), Event(NOW, CaseState.CLOSE),
        kind=LetterKind.REMINDER,
    ).text  # fmt: skip
    assert "You told me that it was done." in alive
    replied = letter(asked(), Event(NOW, cause=ANSWERED), kind=LetterKind.REMINDER).text
    assert "not received" not in replied
    assert "run out" not in replied
    by_hand = letter(Event(NOW, CaseState.ASKED), kind=LetterKind.REMINDER).text
    assert "On 21 November 2026 I asked you" in by_hand
    unknown = letter(kind=LetterKind.REMINDER).text
    assert "I have asked you before" in unknown
    assert "not received" not in unknown


def test_the_day_of_another_law_is_not_held_against_anybody() -> None:
    general = note_sent(letter(law=Law.GENERAL), date(2026, 1, 31), NOW)
    made = letter(general, kind=LetterKind.REMINDER, law=Law.GDPR)
    assert "run out" not in made.text
    assert (
        "I had asked for an answer by 2 March 2026"
        in letter(general, kind=LetterKind.REMINDER, law=Law.GENERAL).text
    )


def test_a_complaint_goes_to_the_authority_of_the_place() -> None:
    reminder = note_sent(letter(asked(), kind=LetterKind.REMINDER), date(2026, 4, 1), NOW)
    made = letter(asked(), reminder, kind=LetterKind.COMPLAINT)
    assert made.to.email == "poststelle@lda.bayern.de"
    assert "about Example Shop (example.org) (Article 77(1) GDPR)" in made.text
    assert "reached at privacy@example.org" in made.text
    assert "reminder of mine reached the service on 1 April 2026" in made.text
    california = letter(kind=LetterKind.COMPLAINT, law=Law.CCPA)
    assert california.to.name == "California Privacy Protection Agency"
    with pytest.raises(Problem, match="letter-no-authority"):
        letter(kind=LetterKind.COMPLAINT, country="")


def test_in_the_uk_the_service_hears_the_complaint_first() -> None:
    request = asked(law=Law.UK_GDPR)
    first = letter(request, kind=LetterKind.COMPLAINT, law=Law.UK_GDPR)
    assert first.to == SERVICE
    assert "section 164A Data Protection Act 2018" in first.articles
    heard = note_sent(first, date(2026, 6, 30), NOW)
    assert heard.state is CaseState.ASKED
    assert heard.facts["due"] == "2026-07-30"
    second = letter(request, heard, kind=LetterKind.COMPLAINT, law=Law.UK_GDPR)
    assert "Information Commissioner" in second.to.name
    assert "reached it on 30 June 2026" in second.text
    assert note_sent(second, date(2026, 8, 3), NOW).state is CaseState.ESCALATED


def test_the_history_is_that_of_the_last_request() -> None:
    again = [asked(), Event(NOW, CaseState.REFUSED), asked("2026-06-01")]
    assert read_history(again).answer is None
    assert read_history(again).arrived == date(2026, 6, 1)
    by_hand = [asked(), Event(NOW, CaseState.ASKED)]
    assert read_history(by_hand).due == date(2026, 3, 2)
    assert read_history(by_hand).reminded == NOW.date()
    assert read_history([]) == History()
    odd = Event(NOW, CaseState.ASKED, facts={"kind": "erasure", "due": "soon"})
    assert read_history([odd]) == History(asked=NOW.date())


def test_a_letter_needs_an_address_of_the_persons_own() -> None:
    with pytest.raises(Problem, match="letter-no-sender"):
        letter(address=" ")
    for address in ("anna", "anna@", "a b@example.net", "a@example.net\nBcc: all@example.org"):
        with pytest.raises(Problem, match="letter-address-odd"):
            letter(address=address)


def test_what_fills_a_gap_is_never_looked_at_again() -> None:
    made = letter(username="{name}{gdpr-17-1}{0.__class__}%s\\", name="{address} [not name] x")
    assert "“{name}{gdpr-17-1}{0.__class__}%s\\”" in made.text
    assert "\n{address} [not name] x\n" in made.text


@given(ANYTHING, ANYTHING, ANYTHING, st.sampled_from(TEXTS))
@example("Anna\r\nBcc: all@example.org", "\u202eanna\x00", "evil\n\n[x]", TEXTS[0])
@example("\ud800", "{", "}", TEXTS[-1])
def test_no_name_breaks_a_letter_or_its_draft(name, username, service, text):
    law, step, language = text
    kind = LetterKind.COMPLAINT if "complaint" in step.value else LetterKind(step.value)
    to = Recipient(service, "privacy@example.org")
    wished = wish(kind, law, language, username, name=name)
    made = compose(wished, Matter(step, to, to, History(), MARK, NOW.date()))
    assert "\n" not in made.subject
    assert "\r" not in made.text
    calm = compose(
        wish(kind, law, language, tidy(username) and "x", name=tidy(name) and "x"),
        Matter(step, SERVICE, SERVICE, History(), MARK, NOW.date()),
    )
    if tidy(username).lower() != "anna@example.net" and not read_address(tidy(username)):
        assert made.text.count("\n") == calm.text.count("\n")
    draft = email.message_from_bytes(to_eml(made), policy=email.policy.default)
    assert sorted(draft.keys()) == sorted(
        ["X-Unsent", "X-Uniform-Type-Identifier", "From", "To", "Subject", "Content-Type",
         "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert draft["To"].addresses[0].addr_spec == "privacy@example.org"
    assert draft["From"].addresses[0].addr_spec == "anna@example.net"
    assert find_reference(draft["Subject"]) == MARK


def test_a_draft_opens_with_all_that_was_written() -> None:
    made = letter(language=Language.GERMAN, name="Anna Müßig", username="ännchen")
    raw = to_eml(made)
    draft = email.message_from_bytes(raw, policy=email.policy.default)
    assert draft["X-Unsent"] == "1"
    assert draft["From"].addresses[0].display_name == "Anna Müßig"
    assert draft["Subject"] == made.subject
    assert draft.get_content().replace("\r\n", "\n") == made.text
    assert draft.get_content_type() == "text/plain"
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.splitlines())) <= 998
    assert not {"Message-ID", "Date", "X-Mailer", "User-Agent", "Bcc"} & set(draft.keys())


def test_a_draft_leaves_an_unknown_address_open() -> None:
    draft = email.message_from_bytes(to_eml(letter(service=None)), policy=email.policy.default)
    assert draft["To"] is None
    assert "example.org" in draft.get_content()


@pytest.mark.parametrize(
    "address",
    ["privacy", "a@b@c.example", "x@example.org\r\nBcc: y@example.org", "a,b@example.org",
     "<a@example.org>", "a@localhost", "a@-x.example", "ä@example.org", "a@.example", "@a.example",
     "a..b@example.org", "a@example.org\x00", "a@" + "x" * 64 + ".example"],
)  # fmt: skip
def test_a_draft_to_an_odd_address_is_refused(address: str) -> None:
    with pytest.raises(Problem, match="letter-address-odd") as told:
        to_eml(letter(service=Recipient("Shop", address)))
    assert "\n" not in str(told.value.facts["address"])


def test_addresses_in_other_scripts_are_written_for_every_program() -> None:
    assert read_address(" Anna.B+x@Bücher.example ") == "Anna.B+x@xn--bcher-kva.example"


@given(st.binary(min_size=1, max_size=20), st.text(max_size=30))
def test_a_mark_is_found_again_however_the_subject_was_changed(secret, site):
    mark = make_reference(secret.hex(), site)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", mark)
    assert mark == make_reference(secret.hex(), site)
    for subject in (
        f"Re: Please erase [Ref. {mark}]", f"AW: WG: x [REF {mark}] y", f"[{mark.lower()}]",
        f"Re: long\r\n [Ref.\r\n {mark}]", f"[ref.{mark} ]",
    ):  # fmt: skip
        assert find_reference(subject) == mark


def test_other_brackets_are_no_mark() -> None:
    for subject in ("", "[Ticket 1234-5678]", "7K2Q-M9XT", "[7K2Q-M9X]", "[7K2Q_M9XT]", "[#12345]"):
        assert find_reference(subject) is None
    assert make_reference("a", "example.org") != make_reference("b", "example.org")
    assert make_reference("a", "example.org") != make_reference("a", "example.com")


def test_lines_join_and_keep_their_end_where_they_say_so() -> None:
    template = choose(load_template(Law.GDPR, Step.ERASURE, Language.ENGLISH), {"name"})
    facts = dict.fromkeys(find_gaps(template), "x")
    assert render(template, facts).endswith("\n\nYours faithfully,\n\nx\nx\n")


@given(st.dates())
def test_dates_are_written_as_people_write_them(day):
    english, german = (write_date(day, language) for language in Language)
    assert english.startswith(f"{day.day} ")
    assert german.startswith(f"{day.day}. ")
    assert english.endswith(f" {day.year}")
    assert german.endswith(f" {day.year}")


def test_every_european_has_an_authority_and_each_german_state_its_own() -> None:
    states = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split()  # noqa: SIM905
    found = [authority_for(f"DE-{state}") for state in states]
    assert len({one.name for one in found if one}) == 16
    bavaria = authority_for("de-by")
    assert bavaria
    assert "Landesamt für Datenschutzaufsicht" in bavaria.name, "the one for companies"
    federal = authority_for("DE")
    assert federal
    assert federal == authority_for("DE-ZZ")
    assert "bfdi.bund.de" in federal.web
    zurich = authority_for("CH-ZH")
    assert zurich
    assert "edoeb" in zurich.web
    assert authority_for("US") is authority_for("BR") is authority_for("") is None
    for one in all_authorities():
        assert one.web.startswith("http")
        assert one.countries
        assert one.checked_year >= 2026
        assert not one.email or read_address(one.email) == one.email
        for word in ("Bistümer", "Katholisch", "EKD", "Rundfunk"):
            assert word not in one.name, "not for companies"
