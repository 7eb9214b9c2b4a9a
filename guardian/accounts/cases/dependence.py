"""Which accounts others hang on: their mailbox, or the service they are entered by way of. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from guardian.accounts.cases import knowledge
from guardian.accounts.model import Account, CaseState, EvidenceKind

GMAIL = ("gmail.com", "googlemail.com")  # dots in the name make no difference there
CLOSED = (CaseState.CONFIRMED, CaseState.GONE)
ANYBODY = ""


def find_needed(accounts: Collection[Account]) -> frozenset[str]:
    """The sites of the accounts that other accounts, still open, hang on."""
    known = {site: account for account in accounts for site in knowledge.sites_of(account)}
    return frozenset(
        known[site].site
        for needed, addresses in find_needs(accounts).items()
        for site in knowledge.kin(needed) & known.keys()
        if ANYBODY in addresses or is_own(known[site], addresses)
    )


def find_needs(accounts: Collection[Account]) -> dict[str, set[str]]:
    """Site -> the mailboxes there that other accounts go by; ``ANYBODY`` where they sign in."""
    needs: dict[str, set[str]] = defaultdict(set)
    for account in accounts:
        if account.state in CLOSED:
            continue
        mailboxes = [(knowledge.mailbox_site(name), plain(name)) for name in account.usernames]
        for needed, address in (*mailboxes, *((site, ANYBODY) for site in providers_of(account))):
            if needed and knowledge.kin(needed).isdisjoint(knowledge.sites_of(account)):
                needs[needed].add(address)
    return needs


def is_own(account: Account, addresses: Collection[str]) -> bool:
    """Whether one of ``addresses`` is a mailbox of ``account``, as far as is known."""
    own = own_mailboxes(account, knowledge.family(account))
    return not own or not own.isdisjoint(addresses)


def own_mailboxes(account: Account, family: frozenset[str]) -> set[str]:
    """The addresses that end with this account; empty where that is not known."""
    names = (account.case.username,) if account.case.username else account.usernames
    return {plain(name) for name in names if knowledge.mailbox_site(name) in family}


def plain(address: str) -> str:
    """The mailbox an address leads to: without what stands behind a plus."""
    name, _, host = address.strip().lower().rpartition("@")
    name = name.partition("+")[0]
    return f"{name.replace('.', '')}@gmail.com" if host in GMAIL else f"{name}@{host}"


def providers_of(account: Account) -> Iterator[str]:
    """The sites by way of whose accounts this one is entered."""
    for one in account.evidence:
        if one.kind is EvidenceKind.SIGN_IN_WITH and one.provider:
            yield knowledge.provider_site(one.provider)
