"""What to mind before an account is closed, and what to clean up after, from its ledger. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from guardian.accounts.cases import knowledge
from guardian.accounts.cases.dependence import CLOSED, own_mailboxes, plain, providers_of
from guardian.accounts.cases.knowledge import Hold
from guardian.accounts.model import (
    Account,
    Advice,
    AdviceKind,
    Evidence,
    EvidenceKind,
    Found,
    Place,
    SourceKind,
)
from guardian.core.words import Message, message

# a yearly subscription writes once in twelve months, and a little late
RECENT = timedelta(days=396)
BROWSERS = (
    SourceKind.FIREFOX,
    SourceKind.FIREFOX_HISTORY,
    SourceKind.CHROMIUM,
    SourceKind.CHROMIUM_HISTORY,
)
# Domains that forward mail under made-up names: SimpleLogin, addy.io, Firefox Relay, DuckDuckGo,
# Apple and Proton Pass, as public programs that work with them name them (2026).
ALIAS_DOMAINS = frozenset(
    {
        "4wrd.cc", "8alias.com", "8shield.net", "addy.io", "addymail.com", "aleeas.com",
        "anonaddy.com", "anonaddy.me", "dralias.com", "duck.com", "mailer.me", "mozmail.com",
        "passfwd.com", "passinbox.com", "passmail.com", "passmail.net",
        "privaterelay.appleid.com", "relay.firefox.com", "silomails.com", "simplelogin.co",
        "simplelogin.com", "simplelogin.fr", "slmail.me", "slmails.com",
    }
)  # fmt: skip
SPENT_AT = (Hold.MONEY, Hold.GAMES, Hold.SHOPPING, Hold.TRAVEL)


def before(account: Account, found: Found | None, now: datetime) -> tuple[Advice, ...]:
    """What to mind before ``account`` is closed; what should be settled first comes first."""
    others = [] if found is None else [one for one in found.accounts if is_other(one, account)]
    advice = [
        *of_mailbox(account, others),
        *of_provider(account, others),
        *of_shared_login(account, others),
        *of_payments(account, now),
        *of_codes(account),
        *of_export(account),
        *of_household(account),
    ]
    return tuple(sorted(advice, key=lambda one: not one.stops))


def after(account: Account, found: Found | None) -> tuple[Advice, ...]:
    """What to clean up by hand once ``account`` is closed."""
    others = [] if found is None else [one for one in found.accounts if is_other(one, account)]
    return (
        *of_saved_entries(account),
        *of_cookies(account),
        *of_aliases(account, others),
        *of_programs(account),
    )


def is_other(one: Account, account: Account) -> bool:
    """Whether ``one`` is another account that is still open, as far as is known."""
    return (one.place, one.site) != (account.place, account.site) and one.state not in CLOSED


def of_mailbox(account: Account, others: Iterable[Account]) -> Iterator[Advice]:
    """Accounts whose user name is an address at this provider: resets and codes arrive there."""
    family = knowledge.family(account)
    own = own_mailboxes(account, family)
    sites = [
        other.site
        for other in others
        if any(
            knowledge.mailbox_site(name) in family and (not own or plain(name) in own)
            for name in other.usernames
        )
    ]
    if sites:
        text = message("accounts.advice.mailbox", count=len(sites), site=account.site)
        yield Advice(AdviceKind.MAILBOX, text, tuple(sites), stops=True)


def of_provider(account: Account, others: Iterable[Account]) -> Iterator[Advice]:
    """Accounts that are entered by way of this one."""
    family = knowledge.family(account)
    sites = [other.site for other in others if not family.isdisjoint(providers_of(other))]
    if sites:
        text = message("accounts.advice.provider", count=len(sites), site=account.site)
        yield Advice(AdviceKind.PROVIDER, text, tuple(sites), stops=True)


def of_shared_login(account: Account, others: Iterable[Account]) -> Iterator[Advice]:
    """Other sites and apps that end with this login: those seen here, and those only known of."""
    family = knowledge.family(account)
    seen = [site for site in knowledge.sites_of(account) if site != account.site]
    seen += [one.site for one in others if not family.isdisjoint(knowledge.homes_of(one))]
    if seen:
        text = message("accounts.advice.shared-login", count=len(seen), site=account.site)
        yield Advice(AdviceKind.SHARED_LOGIN, text, tuple(seen), stops=True)
    known = other_brands(family, (*knowledge.homes_of(account), account.site, *seen))
    if known:
        text = message("accounts.advice.shared-login.known", count=len(known), site=account.site)
        yield Advice(AdviceKind.SHARED_LOGIN, text, known)


def other_brands(family: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
    """One site for each name but those told: «shop.de» beside «shop.com» is nothing new."""
    names = {brand(site) for site in told}
    brands: dict[str, str] = {}
    for site in sorted(family, key=lambda one: (len(one), one)):
        if brand(site) not in names:
            brands.setdefault(brand(site), site)
    return tuple(sorted(brands.values()))


def brand(site: str) -> str:
    return site.partition(".")[0]


def of_payments(account: Account, now: datetime) -> Iterator[Advice]:
    """A subscription that may be running, and what was paid for."""
    site, deletion = account.site, knowledge.deletion_of(account)
    if subscribed := newest_of(account, EvidenceKind.MAIL_SUBSCRIPTION, now):
        text = message("accounts.advice.subscription", site=site, day=subscribed)
        yield Advice(AdviceKind.SUBSCRIPTION, text, stops=True)
    elif deletion and "cancel_subscription_first" in deletion.hints:
        year = str(deletion.year)
        text = message("accounts.advice.subscription.known", site=site, year=year)
        yield Advice(AdviceKind.SUBSCRIPTION, text)
    if paid := newest_of(account, EvidenceKind.MAIL_RECEIPT, now):
        text = message("accounts.advice.balance", site=site, day=paid)
        yield Advice(AdviceKind.BALANCE, text, stops=True)
    elif hold := next((one for one in knowledge.holds_of(account) if one in SPENT_AT), None):
        text = Message(f"accounts.advice.balance.{hold.value}", {"site": site})
        yield Advice(AdviceKind.BALANCE, text, stops=knowledge.moves_money(account))


def newest_of(account: Account, kind: EvidenceKind, now: datetime) -> datetime | None:
    """When the newest trace of a kind is from, if that is at most thirteen months ago."""
    times = [one.newest for one in account.evidence if one.kind is kind and one.newest]
    return max((time for time in times if now - time <= RECENT), default=None)


def of_codes(account: Account) -> Iterator[Advice]:
    """Codes that arrive here for other accounts, or elsewhere for this one."""
    where = codes_at(account)
    if where:
        text = Message(f"accounts.advice.second-factor.{where}", {"site": account.site})
        yield Advice(AdviceKind.SECOND_FACTOR, text, stops=where == "passwords")


def codes_at(account: Account) -> str:
    """Where sign-in codes come in; empty where none is known of."""
    holds, service = knowledge.holds_of(account), knowledge.service_of(account)
    if Hold.PASSWORDS in holds:
        return "passwords"
    if Hold.MAIL in holds:
        return "mail"
    if knowledge.is_phone(account):
        return "phone"
    if any(one.kind is EvidenceKind.PASSKEY for one in account.evidence):
        return "passkey"
    return "own" if service and service.factors and service.factors.offered else ""


def of_export(account: Account) -> Iterator[Advice]:
    """What to save, by what services of this kind hold."""
    for hold in knowledge.holds_of(account):
        text = Message(f"accounts.advice.export.{hold.value}", {"site": account.site})
        yield Advice(AdviceKind.EXPORT, text)


def of_household(account: Account) -> Iterator[Advice]:
    """Several browser profiles that know the account: not all of them need be one person's."""
    names = names_of(one for one in account.evidence if one.source_kind in BROWSERS)
    if len(names) > 1:
        text = message("accounts.advice.household", count=len(names), names=", ".join(names))
        yield Advice(AdviceKind.HOUSEHOLD, text)


def of_saved_entries(account: Account) -> Iterator[Advice]:
    """Where the login is still saved."""
    saved = [
        one
        for one in account.evidence
        if one.kind in (EvidenceKind.SAVED_LOGIN, EvidenceKind.PASSKEY)
    ]
    if names := names_of(one for one in saved if one.source_kind is not SourceKind.EXPORT):
        text = message("accounts.advice.saved-entry", site=account.site, names=", ".join(names))
        yield Advice(AdviceKind.SAVED_ENTRY, text)
    if names := names_of(one for one in saved if one.source_kind is SourceKind.EXPORT):
        text = message(
            "accounts.advice.saved-entry.export", site=account.site, names=", ".join(names)
        )
        yield Advice(AdviceKind.SAVED_ENTRY, text)


def of_cookies(account: Account) -> Iterator[Advice]:
    """Every browser that was ever there may keep cookies of it."""
    names = names_of(one for one in account.evidence if one.source_kind in BROWSERS)
    if names and account.place is Place.WEB:
        text = message("accounts.advice.cookies", site=account.site, names=", ".join(names))
        yield Advice(AdviceKind.COOKIES, text)


def of_aliases(account: Account, others: Iterable[Account]) -> Iterator[Advice]:
    """Made-up addresses that lead to the person's mailbox, and that nothing else needs now."""
    used = {name.lower() for other in others for name in other.usernames}
    for name in account.usernames:
        local, _, host = name.lower().rpartition("@")
        if not local or name.lower() in used:
            continue
        if any(host == one or host.endswith(f".{one}") for one in ALIAS_DOMAINS):
            yield Advice(AdviceKind.ALIAS, message("accounts.advice.alias", address=name))
        elif "+" in local.strip("+"):
            yield Advice(AdviceKind.ALIAS, message("accounts.advice.alias.plus", address=name))


def of_programs(account: Account) -> Iterator[Advice]:
    """Programs and apps that belong to it."""
    if account.place is Place.APP:
        yield Advice(AdviceKind.PROGRAM, message("accounts.advice.program.app", site=account.site))
    if any(one.kind is EvidenceKind.PROGRAM for one in account.evidence):
        yield Advice(AdviceKind.PROGRAM, message("accounts.advice.program", site=account.site))


def names_of(evidence: Iterable[Evidence]) -> list[str]:
    """The names of the sources, each once."""
    return sorted({one.source_name for one in evidence} - {""})
