"""The one door to the accounts pillar: consent, search, decisions, and the way out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from guardian.accounts import rules, verdict
from guardian.accounts.content import load_services
from guardian.accounts.model import (
    Account,
    Decision,
    Entry,
    Found,
    Look,
    NotRead,
    Route,
    Source,
    SourceState,
)
from guardian.accounts.repository import AccountsRepository, Stamps
from guardian.core.errors import Problem
from guardian.core.feature import Step, Summary
from guardian.core.jobs import Report
from guardian.core.store import Store
from guardian.core.words import message


class AccountsService:
    """Finds the accounts that the browsers in ``home`` know of, after consent for each profile."""

    key = "accounts"

    def __init__(self, store: Store, home: Path, clock: Callable[[], datetime]) -> None:
        self._records = AccountsRepository(store)
        self._home = home.absolute()
        self._clock = clock
        self._surveyed: verdict.Survey | None = None
        self._known: tuple[Stamps, date, Found | None] | None = None

    def sources(self, home: Path | None = None) -> tuple[SourceState, ...]:
        """The browser profiles that could be read in ``home``; see :meth:`survey`."""
        return self.survey(home)[0]

    def survey(
        self, home: Path | None = None
    ) -> tuple[tuple[SourceState, ...], tuple[NotRead, ...]]:
        """The browser profiles in ``home``, and the places that refused; reads no login.

        In another home than the person's own, nothing counts as allowed.
        """
        found, refused = self._find_sources(home or self._home)
        allowed = self._records.consents() if home is None else frozenset()
        return tuple(SourceState(source, source.key in allowed) for source in found), refused

    def allow(self, key: str, yes: bool) -> None:
        """As :meth:`choose`, for one source."""
        self.choose({key: yes})

    def choose(self, wishes: Mapping[str, bool]) -> None:
        """Allow sources (by key) to be read from now on, or forget what they gave; all or none."""
        self._records.choose(wishes, self._now())

    def find(self, report: Report) -> Found:
        """Read every allowed source and remember what was seen. Raises ``Cancelled``.

        What an earlier search saw of a source that could not be read now is in the answer too.
        """
        return self.find_this_once((), report)

    def find_this_once(self, keys: Collection[str], report: Report) -> Found:
        """As :meth:`find`, but ``keys`` may be read this one time too, and nothing of them kept."""
        look = self._look(self._home, {*keys, *self._records.consents()}, report)
        whole = self._records.remember(look, keys)
        if whole is self._records.last_look() and (known := self.known()):
            return known
        return rules.judge(whole, self._records.decisions(), self._now())

    def find_elsewhere(self, home: Path, keys: Collection[str], report: Report) -> Found:
        """Read the sources ``keys`` of another home, and remember nothing of it.

        Raises ``Problem("file-missing")`` when there is no such folder.
        """
        if not home.is_dir():
            raise Problem("file-missing", name=str(home))
        return rules.judge(self._look(home.absolute(), keys, report), {}, self._now())

    def known(self) -> Found | None:
        """What the last search saw, judged as of today; None before the first.

        Asked for often: judged anew only when the search, the day or a decision is another.
        """
        now, stamps = self._now(), self._records.stamps()
        known = self._known
        if known is None or known[:2] != (stamps, now.date()):
            known = self._known = stamps, now.date(), self._judge_anew(stamps, now)
        return known[2]

    def account(self, site: str) -> Account:
        """What the last search knows of ``site``. Raises ``Problem("account-unknown")``."""
        for account in self._accounts():
            if account.site.lower() == site.lower():
                return account
        raise Problem("account-unknown", site=site)

    def decide(self, site: str, decision: Decision) -> None:
        """Remember what the person wants. Raises ``Problem("account-unknown")``."""
        self._records.decide(self.account(site).site, decision, self._now())

    def undo(self, site: str) -> Decision:
        """Back to the decision before, which is given. Raises ``Problem("account-unknown")``."""
        self._records.undo_decision(self.account(site).site)
        return self.account(site).decision

    def route_of(self, account: Account) -> Route:
        """The way to have ``account`` deleted."""
        return rules.find_route(account.place, account.site, load_services())

    def route(self, site: str) -> Route:
        """The way to have an account deleted, for any site. Opens nothing.

        ``site`` may be a site of an account, a host or an address. Raises ``Problem``.
        """
        known = {account.site: account.place for account in self._accounts()}
        if site in known:
            return rules.find_route(known[site], site, load_services())
        located = rules.locate(site if "://" in site else f"https://{site}")
        if located is None or located[0] is None:
            raise Problem("site-odd", site=site)
        return rules.find_route(located[0], located[1], load_services())

    def check(self, report: Report) -> None:
        """Count the profiles that could be read, and the places that refuse."""
        report(0, 1)
        states, refused = self.survey()
        self._surveyed = verdict.Survey(len(states), len(refused))
        report(1, 1)

    def summary(self) -> Summary:
        """Where the person stands: how many accounts, how many long unused and undecided."""
        return verdict.summarise(self.known(), self._surveyed)

    def next_steps(self) -> tuple[Step, ...]:
        """Search first, then decide on the oldest, then close what is to be closed."""
        return tuple(verdict.suggest(self.known(), self._surveyed))

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _accounts(self) -> tuple[Account, ...]:
        found = self.known()
        return found.accounts if found else ()

    def _judge_anew(self, stamps: Stamps, now: datetime) -> Found | None:
        """As little as needed: after a decision, all else is still as judged before."""
        known, decisions = self._known, self._records.decisions()
        if known and known[2] and (known[0].look, known[1]) == (stamps.look, now.date()):
            return rules.decide(known[2], decisions)
        look = self._records.last_look()
        return rules.judge(look, decisions, now) if look else None

    def _find_sources(self, home: Path) -> tuple[tuple[Source, ...], tuple[NotRead, ...]]:
        """The environment speaks of the running person's home alone, not of any other."""
        from guardian.accounts.sources import find_sources  # brings sqlite3 and more along

        environment: Mapping[str, str] = os.environ if home == Path.home() else {}
        return find_sources(home, environment)

    def _look(self, home: Path, keys: Collection[str], report: Report) -> Look:
        from guardian.accounts.sources import read_source

        now = self._now()
        sources, not_read = self._find_sources(home)
        allowed = [source for source in sources if source.key in keys]
        entries: list[Entry] = []
        read: list[Source] = []
        problems = list(not_read)
        for number, source in enumerate(allowed):
            note = message("accounts.reading", source=source.name)

            def check(done: int = number) -> None:
                report(done, len(allowed))

            report(number, len(allowed), note)
            reading = read_source(source, now, check)
            entries += reading.entries
            problems += reading.problems
            if reading.read:
                read.append(source)
        report(len(allowed), len(allowed))
        sightings, devices = rules.bring_home(entries)
        return Look(
            looked_at=now,
            sightings=sightings,
            devices=devices,
            read=tuple(read),
            not_read=tuple(problems),
            not_allowed=tuple(source for source in sources if source.key not in keys),
        )
