"""Consent, search, and what was found: the first half of the door to this pillar."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from guardian.accounts import observing, verdict
from guardian.accounts.cases.verification import watch
from guardian.accounts.catalogue.content import load_shared_logins
from guardian.accounts.model import (
    Account,
    Case,
    Entry,
    Evidence,
    EvidenceKind,
    Found,
    Look,
    NotRead,
    OwnAddress,
    SharedLogin,
    Sighting,
    Source,
    SourceKind,
    SourceState,
)
from guardian.accounts.report import to_csv
from guardian.accounts.repository import AccountsRepository, Stamps
from guardian.accounts.rights.addresses import tidy
from guardian.accounts.rules import judging
from guardian.accounts.rules.typed import name_site, read_site
from guardian.accounts.service.closing import ClosingService
from guardian.core.errors import Problem
from guardian.core.feature import Observation, Step, Summary
from guardian.core.jobs import Report
from guardian.core.paths import in_demo
from guardian.core.store import Store
from guardian.core.words import Words, message

BY_HAND = "hand:"


class AccountsService:
    """Finds the accounts that the programs in ``home`` know of, after consent for each source.

    ``closing`` is the other half: what to do about an account once it is found.
    """

    key = "accounts"

    def __init__(self, store: Store, home: Path, clock: Callable[[], datetime]) -> None:
        self._records = AccountsRepository(store)
        self._home = home.absolute()
        self._clock = clock
        self._surveyed: verdict.Survey | None = None
        self._known: tuple[Stamps, date, Found | None] | None = None
        self._observed: tuple[Stamps, date, tuple[Observation, ...]] | None = None
        self.closing = ClosingService(self._records, self.known, self._now)

    def sources(self, home: Path | None = None) -> tuple[SourceState, ...]:
        """The browser profiles that could be read in ``home``; see :meth:`survey`."""
        return self.survey(home)[0]

    def survey(
        self, home: Path | None = None
    ) -> tuple[tuple[SourceState, ...], tuple[NotRead, ...]]:
        """The browser profiles in ``home``, and the places that refused; reads no login.

        In another home than the person's own, nothing counts as allowed. Raises
        ``Problem("file-missing")`` when there is no such folder.
        """
        if home:
            check_home(home)
        found, refused = self._find_sources(home or self._home)
        allowed = self._records.consents() if home is None else frozenset()
        return tuple(SourceState(source, source.key in allowed) for source in found), refused

    def allowed_keys(self) -> frozenset[str]:
        """The keys of all sources that may be read, also of those that are gone."""
        return self._records.consents()

    def allow(self, key: str, yes: bool) -> None:
        """As :meth:`choose`, for one source."""
        self.choose({key: yes})

    def choose(self, wishes: Mapping[str, bool]) -> None:
        """Allow sources (by key) to be read from now on, or forget what they gave; all or none."""
        self._records.choose(wishes, self._now())

    def find(self, report: Report) -> Found:
        """Read every allowed source and remember what was seen. Raises ``Cancelled``.

        What an earlier search saw of a source that could not be read now is in the answer too,
        and what the person handed in.
        """
        return self.find_this_once((), report)

    def find_this_once(self, keys: Collection[str], report: Report) -> Found:
        """As :meth:`find`, but ``keys`` may be read this one time too, and nothing of them kept."""
        look = self._look(self._home, {*keys, *self._records.consents()}, report)
        whole = self._records.remember(self._minimise(look), keys)
        self._watch()
        found = self.known() if whole is self._records.last_look() else None
        return found or self._judge(self._now(), whole)

    def find_elsewhere(self, home: Path, keys: Collection[str], report: Report) -> Found:
        """Read the sources ``keys`` of another home, and remember nothing of it.

        Raises ``Problem("file-missing")`` when there is no such folder.
        """
        check_home(home)
        look = self._look(home.absolute(), keys, report)
        shared = judging.all_shared((look,), load_shared_logins())
        look = replace(look, sightings=judging.drop_mere_visits(look.sightings, (), shared))
        return judging.judge(look, {}, self._now(), shared=load_shared_logins())

    def bring(self, path: Path, report: Report) -> Source:
        """Read what the person hands in: an export of a password program, or a mailbox.

        ``path`` is a file, or a folder of mails. What is read is kept until it is forgotten
        (:meth:`forget`); handing in the same again takes the place of what was there. Passwords
        in it are never kept. Raises ``Problem`` where it is no kind Guardian knows, ``Cancelled``.
        """
        look, source = self._read_brought(path, report)
        self._records.bring(source.key, look)
        self._add_visits({sighting.site for sighting in look.sightings}, report)
        self._watch()
        return source

    def bring_this_once(self, path: Path, report: Report) -> Found:
        """As :meth:`bring`, together with what is known; nothing of it is kept."""
        look, _ = self._read_brought(path, report)
        before = self._records.last_look() or Look(self._now())
        return self._judge(self._now(), before, look)

    def add(self, site: str, username: str = "") -> Account:
        """Note an account the person knows of. Raises ``Problem("site-odd")``."""
        read = read_site(site)
        if read is None:
            raise Problem("site-odd", site=name_site(site))
        (place, name), username = read, tidy(username)
        now = self._now()
        source = Source(BY_HAND, "", "", SourceKind.HAND, Path())
        evidence = Evidence(BY_HAND, "", SourceKind.HAND, EvidenceKind.BY_HAND, created=now)
        added = Sighting(name, place, username, evidence)

        def note(before: Look | None) -> Look:
            seen = before.sightings if before else ()
            others = [one for one in seen if (one.site, one.username) != (name, username)]
            return Look(now, (*others, added), read=(source,))

        self._records.amend(BY_HAND, note)
        return self.account(name)

    def remove(self, site: str) -> str:
        """Take back that the person noted an account at ``site``; the answer is its name.

        Raises ``Problem("account-not-by-hand")`` where they did not.
        """
        sites = self.account(site).sites
        found = False

        def leave_out(before: Look | None) -> Look | None:
            nonlocal found
            seen = before.sightings if before else ()
            others = tuple(one for one in seen if one.site not in sites)
            found = len(others) < len(seen)
            return replace(before, sightings=others) if before and others else None

        self._records.amend(BY_HAND, leave_out)
        if not found:
            raise Problem("account-not-by-hand", site=sites[0])
        return sites[0]

    def forget(self, key: str) -> None:
        """Forget what was handed in under ``key``."""
        self._records.forget_brought(key)

    def to_csv(self, words: Words, found: Found | None = None) -> str:
        """The accounts of ``found``, or of what is known, as a table for spreadsheets."""
        found = found or self.known()
        return to_csv(found.accounts if found else (), words)

    def known(self) -> Found | None:
        """What the last search saw and the person handed in, judged as of today; None before.

        Asked for often: judged anew only when the search, the day or a case is another.
        """
        now, stamps = self._now(), self._records.stamps()
        known = self._known
        if known is None or known[:2] != (stamps, now.date()):
            known = self._known = stamps, now.date(), self._judge_anew(stamps, now)
        return known[2]

    def account(self, site: str) -> Account:
        """What is known of ``site``, contacts included. Raises ``Problem("account-unknown")``."""
        return self.closing.account(site)

    def check(self, report: Report) -> None:
        """Count the profiles that could be read, and the places that refuse."""
        report(0, 1)
        states, refused = self.survey()
        self._surveyed = verdict.Survey(len(states), len(refused))
        report(1, 1)

    def summary(self) -> Summary:
        """Where the person stands: how many accounts, how many long unused and undecided."""
        return verdict.summarise(self.known(), self._surveyed, self._now().date())

    def observations(self) -> tuple[Observation, ...]:
        """What the last search and the cases show; nothing before the first search."""
        now, stamps = self._now(), self._records.stamps()
        if self._observed is None or self._observed[:2] != (stamps, now.date()):
            found = self.known()
            lost = self._lost_cases(found, now.date())
            told = observing.observe(found, self._records.brought(), lost, now)
            self._observed = stamps, now.date(), told
        return self._observed[2]

    def next_steps(self) -> tuple[Step, ...]:
        """Search first, then decide on the oldest, then close what is to be closed."""
        return tuple(verdict.suggest(self.known(), self._surveyed, self._now().date()))

    def _lost_cases(self, found: Found | None, today: date) -> tuple[Case, ...]:
        """Cases of accounts that no search shows any more, as after a login was deleted."""
        seen = found.by_site() if found else {}
        cases = self._records.cases(today) if found else {}
        return tuple(case for site, case in cases.items() if site not in seen)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _watch(self) -> None:
        """Note what is known now of cases under way; of what is not kept, nothing is noted."""
        known, now = self.known(), self._now()
        if known and (events := watch(known, now)):
            self._records.note(events)

    def _judge(self, now: datetime, look: Look, *more: Look) -> Found:
        cases = self._records.cases(now.date())
        brought = (*self._records.brought(), *more)
        return judging.judge(look, cases, now, brought=brought, shared=load_shared_logins())

    def _judge_anew(self, stamps: Stamps, now: datetime) -> Found | None:
        """As little as needed: after a decision, all else is still as judged before."""
        known = self._known
        if known and known[2] and (known[0].look, known[1]) == (stamps.look, now.date()):
            found = judging.decide(known[2], self._records.cases(now.date()))
            if found is not None:
                return found
        look, brought = self._records.last_look(), self._records.brought()
        if look is None and not brought:
            return None
        return self._judge(now, look or Look(max(one.looked_at for one in brought)))

    def _minimise(self, look: Look) -> Look:
        """``look`` without visits to sites where nothing else shows that the person is known."""
        known = {sighting.site for one in self._records.brought() for sighting in one.sightings}
        before = self._records.last_look()
        allowed = self._records.consents()
        for sighting in before.sightings if before else ():
            evidence = sighting.evidence
            if evidence.kind is not EvidenceKind.VISIT and evidence.source_key in allowed:
                known.add(sighting.site)
        whole = (look, *self._records.brought(), *((before,) if before else ()))
        shared = judging.all_shared(whole, load_shared_logins())
        return replace(look, sightings=judging.drop_mere_visits(look.sightings, known, shared))

    def _add_visits(self, sites: Collection[str], report: Report) -> None:
        """See in the histories that may be read when ``sites`` were visited.

        The last search kept no visits to sites of which it knew nothing else.
        """
        from guardian.accounts.sources import read_source

        before, allowed = self._records.last_look(), self._records.consents()
        if before is None:
            return
        entries: list[Entry] = []
        for source in before.read:
            if source.kind.is_history and source.key in allowed:
                note = message("accounts.reading", source=source.name)
                reading = read_source(source, self._now(), partial(report, 0, 1, note))
                entries += reading.entries
        visits, _ = judging.bring_home(
            entry for entry in entries if entry.evidence.kind is EvidenceKind.VISIT
        )
        shared = judging.all_shared((before,), load_shared_logins())
        self._records.add_sightings(judging.drop_mere_visits(visits, sites, shared))

    def _read_brought(self, path: Path, report: Report) -> tuple[Look, Source]:
        from guardian.accounts.sources import read_source, recognise

        report(0, 1)
        source = recognise(path.absolute(), lambda: report(0, 1))
        note = message("accounts.reading", source=source.name)
        reading = read_source(source, self._now(), lambda: report(0, 1, note))
        if not reading.read:
            problem = reading.problems[0]
            raise Problem(problem.code, **problem.facts)
        sightings, devices = judging.bring_home(reading.entries)
        report(1, 1)
        return Look(
            looked_at=self._now(),
            sightings=sightings,
            devices=devices,
            read=(source,),
            not_read=reading.problems,
            addresses=tuple(OwnAddress(one, source.key) for one in reading.addresses),
        ), source

    def _find_sources(self, home: Path) -> tuple[tuple[Source, ...], tuple[NotRead, ...]]:
        """The environment speaks of the running person's home alone, not of any other, and not
        of the one that the demonstration makes up."""
        from guardian.accounts.sources import find_sources  # brings sqlite3 and more along

        environment: Mapping[str, str] = {}
        if home == Path.home() and not in_demo():
            environment = os.environ
        return find_sources(home, environment)

    def _look(self, home: Path, keys: Collection[str], report: Report) -> Look:
        from guardian.accounts.sources import read_source

        now = self._now()
        sources, not_read = self._find_sources(home)
        allowed = [source for source in sources if source.key in keys]
        entries: list[Entry] = []
        read: list[Source] = []
        problems = list(not_read)
        addresses: list[OwnAddress] = []
        shared: list[SharedLogin] = []
        for number, source in enumerate(allowed):
            note = message("accounts.reading", source=source.name)

            def check(done: int = number) -> None:
                report(done, len(allowed))

            report(number, len(allowed), note)
            reading = read_source(source, now, check)
            entries += reading.entries
            problems += reading.problems
            addresses += (OwnAddress(one, source.key) for one in reading.addresses)
            shared += (SharedLogin(sites, source.key) for sites in reading.shared)
            if reading.read:
                read.append(source)
        report(len(allowed), len(allowed))
        sightings, devices = judging.bring_home(entries)
        return Look(
            looked_at=now,
            sightings=sightings,
            devices=devices,
            read=tuple(read),
            not_read=tuple(problems),
            not_allowed=tuple(source for source in sources if source.key not in keys),
            addresses=tuple(dict.fromkeys(addresses)),
            shared=tuple(dict.fromkeys(shared)),
        )


def check_home(home: Path) -> None:
    """Raises ``Problem("file-missing")`` where ``home`` is no folder, ``Problem("no-permission")``
    where it may not be entered: every browser would seem to be in it, and to refuse."""
    there = False
    with suppress(OSError):
        there = home.is_dir()
    if not there:
        raise Problem("file-missing", name=str(home))
    if not os.access(home, os.X_OK):
        raise Problem("no-permission", name=str(home))
