"""Traces become accounts: merged by site and shared login, with since when each lies unused.

Pure: the same look and the same time give the same answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from guardian.accounts.model import (
    Account,
    Case,
    Confidence,
    Device,
    Entry,
    Evidence,
    EvidenceKind,
    Found,
    Look,
    Place,
    Sighting,
    Source,
    SourceKind,
    UseClass,
    Window,
)
from guardian.accounts.rules.addresses import locate
from guardian.core.words import Message, message

MONTH = timedelta(days=30.4375)
SLEEPING_FROM = 6 * MONTH
FORGOTTEN_FROM = 24 * MONTH
YEAR = timedelta(days=365.25)
OLDEST = datetime.min.replace(tzinfo=UTC)

CONFIDENCE = {
    EvidenceKind.SAVED_LOGIN: Confidence.SURE,
    EvidenceKind.PASSKEY: Confidence.SURE,
    EvidenceKind.BY_HAND: Confidence.SURE,
    EvidenceKind.NEVER_SAVE: Confidence.LIKELY,
    EvidenceKind.DISMISSED_SAVE: Confidence.LIKELY,
    EvidenceKind.SIGN_IN_WITH: Confidence.LIKELY,
    EvidenceKind.MAIL_SIGN_UP: Confidence.LIKELY,
    EvidenceKind.MAIL_SIGN_IN: Confidence.LIKELY,
    EvidenceKind.MAIL_CLOSED: Confidence.LIKELY,
    EvidenceKind.PROGRAM: Confidence.LIKELY,
}
SUREST_FIRST = tuple(Confidence)
# what shows that somebody used the account: marketing never does
USES = frozenset(
    {
        EvidenceKind.SAVED_LOGIN, EvidenceKind.DISMISSED_SAVE, EvidenceKind.SIGN_IN_WITH,
        EvidenceKind.PASSKEY, EvidenceKind.VISIT, EvidenceKind.MAIL_SIGN_UP,
        EvidenceKind.MAIL_SIGN_IN, EvidenceKind.MAIL_RECEIPT, EvidenceKind.MAIL_SUBSCRIPTION,
    }
)  # fmt: skip
# a visit alone shows no account: it is kept only beside something that does
ALONE_NOTHING = frozenset({EvidenceKind.VISIT})
Groups = Iterable[Collection[str]]


def bring_home(entries: Iterable[Entry]) -> tuple[tuple[Sighting, ...], tuple[Device, ...]]:
    """Entries as sightings of accounts, and the hosts that are no accounts elsewhere.

    Visits are dropped but for sites where something else shows that the person is known: where
    somebody merely went is nobody's business, Guardian's included.
    """
    sightings: list[Sighting] = []
    devices: dict[Device, None] = {}
    for entry in entries:
        located = locate(entry.address)
        if located is None:
            continue
        place, name = located
        if place is not None:
            sightings.append(Sighting(name, place, entry.username, entry.evidence))
        elif entry.evidence.kind is not EvidenceKind.VISIT:
            devices[Device(name, entry.evidence.source_key)] = None
    return tuple(sightings), tuple(devices)


def drop_mere_visits(
    sightings: Sequence[Sighting], known: Iterable[str], shared: Groups
) -> tuple[Sighting, ...]:
    """Leaves out the visits to sites of which nothing else is seen, here or in ``known``.

    A visit to one of several sites with one login (``shared``) counts for all of them.
    """
    groups = join(shared)
    told = {one.site for one in sightings if one.evidence.kind not in ALONE_NOTHING}
    told = {groups.get(site, site) for site in (*told, *known)}
    return tuple(
        one
        for one in sightings
        if one.evidence.kind is not EvidenceKind.VISIT or groups.get(one.site, one.site) in told
    )


def all_shared(looks: Iterable[Look], catalogue: Groups) -> Groups:
    """Groups of sites with one login: those of the catalogue, and those a browser knows."""
    return (*catalogue, *(group.sites for one in looks for group in one.shared))


def judge(
    look: Look,
    cases: Mapping[str, Case],
    now: datetime,
    *,
    brought: Sequence[Look] = (),
    shared: Groups = (),
) -> Found:
    """What was seen means at the time ``now``: accounts, longest unused first, unknown last.

    ``brought`` is what the person handed in, ``shared`` are groups of domains with one login,
    ``cases`` go by site.
    """
    whole = (look, *brought)
    sources = {
        source.key: source
        for one in whole
        for source in (*(kept.source for kept in one.kept), *one.read)
    }
    groups = join(all_shared(whole, shared))
    seen: dict[tuple[Place, str], list[Sighting]] = defaultdict(list)
    for one in whole:
        for sighting in one.sightings:
            site = sighting.site
            name = groups.get(site, site) if sighting.place is Place.WEB else site
            seen[sighting.place, name].append(sighting)
    accounts: list[Account] = []
    contacts: list[Account] = []
    for (place, _), sightings in seen.items():
        account = make_account(place, sightings, cases, sources, now)
        if account is None:
            continue
        known = account.confidence is not Confidence.CONTACT or account.state.is_decided
        (accounts if known else contacts).append(account)
    accounts.sort(key=order)
    contacts.sort(key=order)
    return Found(
        accounts=tuple(accounts),
        contacts=tuple(contacts),
        own_network=tuple(sorted({device.host for one in whole for device in one.devices})),
        read=look.read,
        not_read=tuple(problem for one in whole for problem in one.not_read),
        not_allowed=look.not_allowed,
        looked_at=look.looked_at,
        kept=look.kept,
        brought=tuple(source for one in brought for source in one.read),
        addresses=own_addresses(whole),
    )


def join(groups: Groups) -> dict[str, str]:
    """Site -> the name of its group; groups that share a site are one."""
    home: dict[str, str] = {}

    def root(site: str) -> str:
        while (above := home.get(site, site)) != site:
            home[site] = site = home.get(above, above)
        return site

    for group in groups:
        first, *others = group
        for other in others:
            one, two = sorted((root(first), root(other)))
            home[two] = one
            home.setdefault(one, one)
    return {site: root(site) for site in home}


def own_addresses(looks: Iterable[Look]) -> tuple[str, ...]:
    """The person's mail addresses, the one named most often first."""
    counted: Counter[str] = Counter()
    for look in looks:
        for own in look.addresses:
            counted[own.address] += 5  # a program's own word for it
        for sighting in look.sightings:
            name = sighting.username
            if "@" in name and "." in name.rpartition("@")[2]:
                counted[name.lower()] += 1
    return tuple(address for address, _ in counted.most_common())


def decide(found: Found, cases: Mapping[str, Case]) -> Found | None:
    """``found`` with other cases; all else is as judged before. None: it must be judged anew."""

    def decided(account: Account) -> Account:
        if cases.keys().isdisjoint(account.sites) and not account.case.events:
            return account  # nearly all of them, and there may be tens of thousands
        case = next((cases[site] for site in account.sites if site in cases), Case())
        return account if account.case == case else replace(account, case=case)

    contacts = tuple(map(decided, found.contacts))
    accounts = tuple(map(decided, found.accounts))
    moved = any(one.state.is_decided for one in contacts)
    moved |= any(
        one.confidence is Confidence.CONTACT and not one.state.is_decided for one in accounts
    )
    return None if moved else replace(found, accounts=accounts, contacts=contacts)


def order(account: Account) -> tuple[bool, timedelta, str]:
    unused = account.unused_at_least
    return unused is None, -(unused or timedelta()), account.site


def make_account(
    place: Place,
    seen: list[Sighting],
    cases: Mapping[str, Case],
    sources: Mapping[str, Source],
    now: datetime,
) -> Account | None:
    """One account from everything seen of its sites; None where that is visits alone."""
    if all(sighting.evidence.kind in ALONE_NOTHING for sighting in seen):
        return None
    sites = rank_sites(seen, cases)
    ranked = [(one.newest, one) for one in map(name_it, seen)]
    ranked.sort(key=lambda pair: (pair[0] or OLDEST, pair[1].source_key), reverse=True)
    evidence = [one for _, one in ranked]
    newest, proof = next(
        (pair for pair in ranked if pair[0] and pair[1].kind in USES), (None, None)
    )
    unused = max(now - newest, timedelta()) if newest else None
    first = proof or evidence[0]
    return Account(
        site=sites[0],
        place=place,
        usernames=tuple(sorted({sighting.username for sighting in seen} - {""})),
        evidence=tuple(evidence),
        first_seen=find_first(evidence),
        last_used=max(
            (one.last_used for one in evidence if one.last_used and one.kind in USES), default=None
        ),
        unused_at_least=unused,
        use_class=classify(unused),
        why=explain(first, unused),
        windows=find_windows(first, evidence, sources),
        confidence=judge_confidence(evidence),
        sites=sites,
        people=tuple(sorted({one.source_name for one in evidence if tells_whose(one)})),
        case=next((cases[site] for site in sites if site in cases), Case()),
    )


def find_first(evidence: Iterable[Evidence]) -> datetime | None:
    """The first sign of the account; a visit may well have been before there was one."""
    signs = (one.oldest for one in evidence if one.kind not in ALONE_NOTHING)
    return min((time for time in signs if time), default=None)


def rank_sites(seen: Iterable[Sighting], cases: Mapping[str, Case]) -> tuple[str, ...]:
    """The sites, and first the one the account goes by: what has a case, then most traces."""
    counted = Counter(sighting.site for sighting in seen)
    if len(counted) == 1:
        return tuple(counted)
    return tuple(sorted(counted, key=lambda site: (site not in cases, -counted[site], site)))


def name_it(sighting: Sighting) -> Evidence:
    evidence = sighting.evidence
    if evidence.username == sighting.username:
        return evidence
    return replace(evidence, username=sighting.username)


def tells_whose(evidence: Evidence) -> bool:
    """Whether its source belongs to one person: what was handed in and installed does not say."""
    kind = evidence.source_kind
    return not kind.is_brought and kind is not SourceKind.PROGRAMS


def proves_use(evidence: Evidence) -> bool:
    """«Never save» only proves that the site was visited once: later uses leave no trace."""
    return evidence.newest is not None and evidence.kind in USES


def judge_confidence(evidence: Sequence[Evidence]) -> Confidence:
    """As sure as the surest trace."""
    levels = {CONFIDENCE.get(one.kind, Confidence.CONTACT) for one in evidence}
    return next(level for level in SUREST_FIRST if level in levels)


def find_windows(
    first: Evidence, others: Iterable[Evidence], sources: Mapping[str, Source]
) -> tuple[Window, ...]:
    """What the sources cannot show, each once; that of ``first`` comes first."""
    by_source = {first.source_key: first}
    for one in others:
        by_source.setdefault(one.source_key, one)
    windows = []
    for key, one in by_source.items():
        days = sources[key].window_days if key in sources else None
        windows.append(Window(one.source_name, one.source_kind, days))
    return tuple(windows)


def classify(unused: timedelta | None) -> UseClass:
    """In use below 6 months, forgotten above 24."""
    if unused is None:
        return UseClass.UNKNOWN
    if unused < SLEEPING_FROM:
        return UseClass.IN_USE
    return UseClass.SLEEPING if unused <= FORGOTTEN_FROM else UseClass.FORGOTTEN


def explain(proof: Evidence, unused: timedelta | None) -> Message:
    """The sentence that says how long an account lies unused here, and how we know."""
    newest, source = proof.newest, proof.source_name
    if proof.kind is EvidenceKind.BY_HAND:
        return message("accounts.why.by-hand")
    if newest is None:
        return message("accounts.why.no-date", source=source)
    if proof.kind is EvidenceKind.NEVER_SAVE:
        return message("accounts.why.never-save", source=source, day=newest)
    if unused is None:
        return message("accounts.why.no-use", source=source, day=newest)
    sign = name_sign(proof)
    if classify(unused) is UseClass.IN_USE:
        return Message(f"accounts.why.recent-{sign}", {"source": source, "day": newest})
    return Message(f"accounts.why.{sign}", {"span": unused, "source": source, "day": newest})


def name_sign(proof: Evidence) -> str:
    """What the newest sign of life is: for a saved login, which of its three times."""
    if proof.kind is not EvidenceKind.SAVED_LOGIN:
        return proof.kind.value
    if proof.newest == proof.last_used:
        return "used"
    return "saved" if proof.newest == proof.created else "changed"
