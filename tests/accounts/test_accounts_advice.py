"""What to mind before an account is closed, and what to clean up after, with real numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from accounts_home import NOW
from accounts_ledger import case_of, find, mail, seen, turn
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts.cases import advice, knowledge
from guardian.accounts.cases.dependence import find_needed
from guardian.accounts.cases.knowledge import Hold
from guardian.accounts.catalogue.content import load_kinds, load_shared_logins
from guardian.accounts.model import (
    Account,
    Advice,
    AdviceKind,
    Case,
    CaseState,
    EvidenceKind,
    Found,
    Look,
    Place,
    Sighting,
    SourceKind,
)
from guardian.accounts.rules import judging
from guardian.core.words import Words

A, K, S = AdviceKind, EvidenceKind, CaseState
WORDS = Words()
UNKNOWN = "small-club.example.org"


def before(site: str, *sightings: Sighting, case: Case | None = None) -> dict[AdviceKind, Advice]:
    """The advice about ``site`` by kind; the first of each."""
    return by_kind(all_before(find(*sightings), site, case))


def all_before(found: Found, site: str, case: Case | None = None) -> tuple[Advice, ...]:
    account = found.by_site()[site]
    return advice.before(replace(account, case=case) if case else account, found, NOW)


def after(site: str, *sightings: Sighting) -> dict[AdviceKind, Advice]:
    found = find(*sightings)
    return by_kind(advice.after(found.by_site()[site], found))


def by_kind(told: tuple[Advice, ...]) -> dict[AdviceKind, Advice]:
    return {one.kind: one for one in reversed(told)}


def say(one: Advice) -> str:
    text = WORDS.tell(one.text)
    assert one.text.code in WORDS
    assert "{" not in text
    return text


# who hangs on this account


def test_the_accounts_with_an_address_of_the_mailbox_are_counted_and_listed() -> None:
    others = [
        seen(f"shop{number}.example", name=f"anna@{host}")
        for number, host in enumerate(["gmail.com"] * 9 + ["googlemail.com"] * 5)
    ]
    elsewhere = [seen("a.example", name="anna@web.de"), seen("b.example", name="anna")]
    told = before("google.com", seen("google.com"), *others, *elsewhere)[A.MAILBOX]
    assert say(told).startswith("14 other accounts go by mail addresses from google.com")
    assert told.stops
    assert set(told.sites) == {sighting.site for sighting in others}


def test_a_mailbox_with_a_domain_of_its_own_counts_too() -> None:
    told = before(
        "mailserver.example", seen("mailserver.example"),
        seen("a.example", name="me@mail.mailserver.example"),
    )[A.MAILBOX]  # fmt: skip
    assert told.sites == ("a.example",)
    assert say(told).startswith("1 other account goes by a mail address")


def test_another_persons_mailbox_at_the_same_provider_does_not_hang_on_this_one() -> None:
    traces = (
        seen("google.com", name="anna.b@gmail.com"),
        seen("a.example", name="Anna.B@gmail.com"),
        seen("b.example", name="annab+shop@googlemail.com"),
        seen("c.example", name="ben@gmail.com"),
    )
    assert set(before("google.com", *traces)[A.MAILBOX].sites) == {"a.example", "b.example"}
    ben = case_of(turn(S.CLOSE, 1, username="ben@gmail.com"))
    assert before("google.com", *traces, case=ben)[A.MAILBOX].sites == ("c.example",)


@pytest.mark.parametrize("state", [S.GONE, S.CONFIRMED])
def test_what_is_closed_already_depends_on_nothing(state: CaseState) -> None:
    found = find(
        seen("google.com"), seen("a.example", name="anna@gmail.com"),
        cases={"a.example": case_of(turn(state, 3))},
    )  # fmt: skip
    assert A.MAILBOX not in by_kind(all_before(found, "google.com"))


def test_the_accounts_that_sign_in_with_this_one_are_listed() -> None:
    def with_it(site: str, provider: str) -> Sighting:
        return seen(site, K.SIGN_IN_WITH, 90, provider=provider)

    traces = (
        seen("google.com"), seen("facebook.com"), seen("live.com"),
        with_it("a.example", "accounts.google.com"), with_it("b.example", "accounts.google.com"),
        with_it("c.example", "www.facebook.com"), with_it("d.example", "login.microsoftonline.com"),
        with_it("e.example", "id.unknown.example"), with_it("f.example", ""),
    )  # fmt: skip
    told = before("google.com", *traces)[A.PROVIDER]
    assert (set(told.sites), told.stops) == ({"a.example", "b.example"}, True)
    assert say(told).startswith("2 other accounts sign in with google.com.")
    assert before("facebook.com", *traces)[A.PROVIDER].sites == ("c.example",)
    assert before("live.com", *traces)[A.PROVIDER].sites == ("d.example",)
    assert A.PROVIDER not in before("a.example", *traces)


def test_sites_seen_under_one_login_end_together() -> None:
    traces = (seen("steampowered.com"), seen("steamcommunity.com"))
    told = [one for one in all_before(find(*traces), "steampowered.com") if one.sites]
    seen_too, known = (one for one in told if one.kind is A.SHARED_LOGIN)
    assert (seen_too.sites, seen_too.stops) == (("steamcommunity.com",), True)
    assert say(seen_too).startswith("Closing steampowered.com may also end your account at 1 other")
    assert "steamcommunity.com" not in known.sites
    assert not known.stops
    assert "no trace" in say(known)


def test_a_site_and_the_app_of_the_same_service_end_together() -> None:
    app = "com.netflix.mediaclient"
    traces = (seen("netflix.com"), seen(app, place=Place.APP), seen("com.odd", place=Place.APP))
    assert before("netflix.com", *traces)[A.SHARED_LOGIN].sites == (app,)
    told = before(app, *traces)
    assert told[A.SHARED_LOGIN].sites == ("netflix.com",)
    assert told[A.EXPORT].text.code == "accounts.advice.export.media"


def test_the_same_name_in_another_country_is_nothing_to_tell() -> None:
    told = before("ebay.de", seen("ebay.de"))
    assert all(not site.startswith("ebay.") for one in told.values() for site in one.sites)


# what was paid, and what there is to save


@pytest.mark.parametrize(("days", "told"), [(0, True), (390, True), (400, False), (3000, False)])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [(K.MAIL_SUBSCRIPTION, A.SUBSCRIPTION), (K.MAIL_RECEIPT, A.BALANCE)],
)
def test_payments_of_the_last_thirteen_months_are_told_with_their_day(
    kind: EvidenceKind, expected: AdviceKind, days: int, told: bool
) -> None:
    given = before(UNKNOWN, seen(UNKNOWN), mail(UNKNOWN, kind, days))
    assert (expected in given) is told
    if told:
        assert given[expected].stops
        assert "202" in say(given[expected])


def test_without_such_a_mail_only_what_the_list_says_is_told_and_as_such() -> None:
    told = before("spotify.com", seen("spotify.com"))[A.SUBSCRIPTION]
    assert not told.stops
    assert "According to our list (20" in say(told)
    assert "saw no mail" in say(told)


def test_money_is_moved_before_a_payment_service_is_closed() -> None:
    told = before("paypal.com", seen("paypal.com"))[A.BALANCE]
    assert told.stops
    assert "Look for money" in say(told)


HOLDS = {
    "google.com": (Hold.MAIL, Hold.FILES),
    "bitwarden.com": (Hold.PASSWORDS,),
    "doctolib.de": (Hold.HEALTH,),
    "paypal.com": (Hold.MONEY,),
    "dropbox.com": (Hold.FILES,),
    "facebook.com": (Hold.SOCIAL,),
    "coursera.org": (Hold.LEARNING,),
    "steampowered.com": (Hold.GAMES,),
    "netflix.com": (Hold.MEDIA,),
    "airbnb.com": (Hold.TRAVEL,),
    "zalando.de": (Hold.SHOPPING,),
    UNKNOWN: (Hold.OTHER,),
}


@pytest.mark.parametrize("site", HOLDS)
def test_what_to_save_follows_from_the_kind_of_service(site: str) -> None:
    exports = [one for one in all_before(find(seen(site)), site) if one.kind is A.EXPORT]
    assert [one.text.code.rpartition(".")[2] for one in exports] == list(HOLDS[site])
    assert all(site in say(one) and not one.stops for one in exports)


@pytest.mark.parametrize("hold", Hold)
def test_there_are_words_for_all_that_a_service_may_hold(hold: Hold) -> None:
    assert f"accounts.advice.export.{hold.value}" in WORDS


def test_every_kind_of_service_in_the_catalogue_is_one_that_people_would_miss_or_of_no_kind() -> (
    None
):
    named = {name for names in knowledge.KINDS.values() for name in names}
    without = {"vpn", "other", "security", "children", "maps"}
    assert named | without == set(load_kinds())


@pytest.mark.parametrize(
    ("site", "word", "stops"),
    [
        ("google.com", "this mailbox", False),
        ("bitwarden.com", "passwords or sign-in codes", True),
        ("github.com", "If you sign in to github.com with codes", False),
    ],
)
def test_sign_in_codes_are_thought_of(site: str, word: str, stops: bool) -> None:
    told = before(site, seen(site))[A.SECOND_FACTOR]
    assert word in say(told)
    assert told.stops is stops


def test_a_phone_number_may_end_with_its_contract_but_not_with_any_web_host() -> None:
    assert "phone number" in say(before("congstar.de", seen("congstar.de"))[A.SECOND_FACTOR])
    host = before("digitalocean.com", seen("digitalocean.com"))[A.SECOND_FACTOR]
    assert "phone number" not in say(host)


def test_who_sends_mail_for_companies_holds_no_mailbox() -> None:
    told = all_before(find(seen("mailjet.com")), "mailjet.com")
    assert all(one.text.code != "accounts.advice.export.mail" for one in told)


def test_a_passkey_is_kept_until_the_end() -> None:
    told = before(UNKNOWN, seen(UNKNOWN, K.PASSKEY))[A.SECOND_FACTOR]
    assert "Keep the device" in say(told)
    assert A.SECOND_FACTOR not in before(UNKNOWN, seen(UNKNOWN))


def chromium(site: str, kind: EvidenceKind = K.SAVED_LOGIN, who: str = "ben") -> Sighting:
    source = f"Chromium ({who})"
    return seen(site, kind, source=source, source_kind=SourceKind.CHROMIUM)


def test_whose_account_it_is_is_asked_when_several_profiles_know_it() -> None:
    told = before(UNKNOWN, seen(UNKNOWN), chromium(UNKNOWN))[A.HOUSEHOLD]
    assert "2 browser profiles of this computer: Chromium (ben), Firefox (anna)" in say(told)
    mine = (seen(UNKNOWN), seen(UNKNOWN, K.VISIT, source_kind=SourceKind.FIREFOX_HISTORY))
    assert A.HOUSEHOLD not in before(UNKNOWN, *mine)
    assert A.HOUSEHOLD not in before(UNKNOWN, seen(UNKNOWN), mail(UNKNOWN, K.MAIL_RECEIPT, 5))


def test_what_should_stop_the_person_comes_first() -> None:
    found = find(
        seen("google.com"), chromium("google.com"), seen("a.example", name="x@gmail.com"),
        mail("google.com", K.MAIL_RECEIPT, 5),
    )  # fmt: skip
    stops = [one.stops for one in all_before(found, "google.com")]
    assert stops == sorted(stops, reverse=True)
    assert {True, False} == set(stops)


# cleaning up


def test_saved_logins_and_cookies_are_named_with_where_they_are() -> None:
    export = seen(UNKNOWN, source="Bitwarden", source_kind=SourceKind.EXPORT)
    told = after(UNKNOWN, seen(UNKNOWN), chromium(UNKNOWN), export)
    entries = advice.after(find(seen(UNKNOWN), export).accounts[0], None)
    assert "from: Chromium (ben), Firefox (anna)." in say(told[A.SAVED_ENTRY])
    assert "in: Chromium (ben), Firefox (anna)." in say(told[A.COOKIES])
    assert any("this list came from: Bitwarden" in say(one) for one in entries)


def test_an_account_known_from_mail_alone_leaves_nothing_in_a_browser() -> None:
    assert after(UNKNOWN, mail(UNKNOWN, K.MAIL_SIGN_UP, 500)) == {}


def test_a_login_never_saved_leaves_no_entry_but_cookies() -> None:
    told = after(UNKNOWN, chromium(UNKNOWN, K.NEVER_SAVE))
    assert set(told) == {A.COOKIES}


ALIASES = {
    "anna+shop@gmail.com": "a filter",
    "x9.lamp@aleeas.com": "Switch off the alias",
    "shop@anna.anonaddy.com": "Switch off the alias",
    "q7@privaterelay.appleid.com": "Switch off the alias",
    "anna@gmail.com": "",
    "anna": "",
    "+": "",
    "+anna@gmail.com": "",
    "anna@notduck.com": "",
}


@pytest.mark.parametrize("name", ALIASES)
def test_addresses_made_for_one_account_are_switched_off(name: str) -> None:
    told = after(UNKNOWN, seen(UNKNOWN, name=name)).get(A.ALIAS)
    assert (say(told) if told else "").count(ALIASES[name]) if ALIASES[name] else told is None


def test_an_alias_that_another_account_uses_stays() -> None:
    both = (seen(UNKNOWN, name="q@duck.com"), seen("b.example", name="Q@duck.com"))
    assert A.ALIAS not in after(UNKNOWN, *both)


def test_programs_and_apps_are_removed_by_hand() -> None:
    program = seen(UNKNOWN, K.PROGRAM, source_kind=SourceKind.PROGRAMS)
    assert "is installed on this computer" in say(after(UNKNOWN, seen(UNKNOWN), program)[A.PROGRAM])
    app = seen("com.example.club", place=Place.APP)
    told = after("com.example.club", app)
    assert "Remove the app com.example.club" in say(told[A.PROGRAM])
    assert A.COOKIES not in told


# whatever the ledger holds

hosts = st.sampled_from(
    ["google.com", "a.example", "steampowered.com", "com.example.app", "web.de"]
)
names = st.sampled_from(
    ["", "anna@gmail.com", "a@b@c", "@", "x@\0", "ü@bücher.example", "@gmail.com"]
)
ledgers = st.lists(
    st.builds(
        lambda site, kind, days, name, provider: seen(
            site, kind, days, name=name, provider=provider,
            place=Place.APP if site.startswith("com.") else Place.WEB,
        ),
        hosts, st.sampled_from(K), st.none() | st.integers(-9, 900), names,
        st.sampled_from(["", "accounts.google.com", "..", "\0", "x" * 300]),
    ),
    max_size=8,
)  # fmt: skip


@given(ledgers)
def test_any_ledger_gives_advice_in_whole_sentences(sightings: list[Sighting]) -> None:
    found = find(*sightings)
    for account in (*found.accounts, *found.contacts):
        for one in (*advice.before(account, found, NOW), *advice.after(account, found)):
            assert say(one)
            assert account.site not in one.sites
            assert len(set(one.sites)) == len(one.sites)
        assert advice.before(account, None, NOW)


def test_advice_for_an_account_made_by_hand_needs_no_list_of_sites() -> None:
    account: Account = replace(find(seen("google.com")).accounts[0], sites=())
    assert advice.before(account, None, NOW)


NEEDED = {
    "the mailbox that another goes by": (
        (seen("google.com", name="anna@gmail.com"), seen("a.example", name="An.Na+a@gmail.com")),
        {"google.com"},
    ),
    "a mailbox whose name is not known": (
        (seen("google.com"), seen("a.example", name="anna@gmail.com")),
        {"google.com"},
    ),
    "somebody else's mailbox there": (
        (seen("google.com", name="anna@gmail.com"), seen("a.example", name="ben@gmail.com")),
        set(),
    ),
    "its own mailbox": ((seen("google.com", name="anna@gmail.com"),), set()),
    "one login under two of its sites": (
        (seen("google.com", name="anna@gmail.com"), seen("youtube.com", name="anna@gmail.com")),
        set(),
    ),
    "who signs others in": (
        (
            seen("facebook.com"),
            seen("b.example", K.SIGN_IN_WITH, provider="www.facebook.com"),
            seen("c.example"),
        ),
        {"facebook.com"},
    ),
    "a mailbox with a domain of its own": (
        (seen("club.example"), seen("a.example", name="me@mail.club.example")),
        {"club.example"},
    ),
}


@pytest.mark.parametrize("case", NEEDED)
def test_which_accounts_others_hang_on(case: str) -> None:
    sightings, needed = NEEDED[case]
    assert find_needed(find(*sightings).accounts) == needed


def test_nobody_hangs_on_an_account_for_the_sake_of_one_that_is_gone() -> None:
    gone = {"a.example": case_of(turn(S.GONE, 10))}
    found = find(seen("google.com"), seen("a.example", name="anna@gmail.com"), cases=gone)
    assert find_needed(found.accounts) == frozenset()


@given(st.lists(st.sampled_from([one for sightings, _ in NEEDED.values() for one in sightings])))
def test_what_others_hang_on_is_what_the_advice_says(sightings: list[Sighting]) -> None:
    look = Look(NOW, tuple(sightings))
    found = judging.judge(look, {}, NOW, shared=load_shared_logins())
    stopped = {
        account.site
        for account in found.accounts
        if {A.MAILBOX, A.PROVIDER} & by_kind(advice.before(account, found, NOW)).keys()
    }
    assert find_needed(found.accounts) == stopped
