"""The one door to the accounts pillar: consent, search, decisions, and the way out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from guardian.accounts import rules
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
from guardian.accounts.repository import AccountsRepository
from guardian.core.errors import Problem
from guardian.core.feature import Level, Step, Summary
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
        self._counted: int | None = None

    def sources(self, home: Path | None = None) -> tuple[SourceState, ...]:
        """The browser profiles with saved logins in ``home``; reads no login.

        In another home than the person's own, nothing counts as allowed.
        """
        found, _ = self._find_sources(home or self._home)
        allowed = self._records.consents() if home is None else frozenset()
        return tuple(SourceState(source, source.key in allowed) for source in found)

    def allow(self, key: str, yes: bool) -> None:
        """Allow a source to be read from now on, or take that back and forget what it gave."""
        if yes:
            self._records.allow(key, self._now())
        else:
            self._records.forbid(key)

    def find(self, report: Report) -> Found:
        """Read every allowed source and remember what was seen. Raises ``Cancelled``."""
        return self.find_this_once((), report)

    def find_this_once(self, keys: Collection[str], report: Report) -> Found:
        """As :meth:`find`, but sources in ``keys`` may be read this one time too."""
        look = self._look(self._home, {*keys, *self._records.consents()}, report)
        if look.read or look.not_read:  # without any consent, what was known stays
            self._records.remember(look)
        return self._judge(look)

    def find_elsewhere(self, home: Path, keys: Collection[str], report: Report) -> Found:
        """Read the sources ``keys`` of another home, and remember nothing of it.

        Raises ``Problem("file-missing")`` when there is no such folder.
        """
        if not home.is_dir():
            raise Problem("file-missing", name=str(home))
        return rules.judge(self._look(home.absolute(), keys, report), {}, self._now())

    def known(self) -> Found | None:
        """What the last search saw, judged as of now; None before the first."""
        look = self._records.last_look()
        return self._judge(look) if look else None

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
        """Count the profiles that could be read; reading them needs consent."""
        report(0, 1)
        self._counted = len(self.sources())
        report(1, 1)

    def summary(self) -> Summary:
        """Where the person stands: how many accounts, how many long unused and undecided."""
        found = self.known()
        if found is None or not (found.accounts or found.read):
            return self._summary_before()
        old = sum(is_old(account) for account in found.accounts)
        waiting = any(is_old(one) and one.decision is not Decision.KEEP for one in found.accounts)
        level = Level.ASK if waiting else Level.FINE
        if not found.accounts:
            return Summary(level, message("accounts.summary.none"))
        text = message("accounts.summary", count=len(found.accounts), old=old)
        return Summary(level, text)

    def next_steps(self) -> tuple[Step, ...]:
        """Search first, then decide on the oldest, then close what is to be closed."""
        found = self.known()
        if found is None or not (found.accounts or found.read):
            if self._counted == 0:
                return ()
            title, why = message("accounts.step.find"), message("accounts.step.find.why")
            return (Step(title, why, 2, "guardian accounts find"),)
        steps = []
        if close := [one for one in found.accounts if one.decision is Decision.CLOSE]:
            title = message("accounts.step.close", site=close[0].site)
            command = f"guardian accounts route {close[0].site}"
            steps.append(Step(title, message("accounts.step.close.why"), 5, command))
        undecided = [one for one in found.accounts if one.decision is Decision.UNDECIDED]
        if old := sum(is_old(one) for one in undecided):
            title = message("accounts.step.decide", count=old)
            why = message("accounts.step.decide.why")
            steps.append(Step(title, why, 5, "guardian accounts list"))
        return tuple(steps)

    def _summary_before(self) -> Summary:
        if self._counted is None:
            return Summary(None, message("accounts.summary.not-looked"))
        if not self._counted:
            return Summary(None, message("accounts.summary.no-sources"))
        return Summary(None, message("accounts.summary.could-read", count=self._counted))

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _accounts(self) -> tuple[Account, ...]:
        found = self.known()
        return found.accounts if found else ()

    def _judge(self, look: Look) -> Found:
        return rules.judge(look, self._records.decisions(), self._now())

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
        sightings, own_network = rules.bring_home(entries)
        return Look(
            looked_at=now,
            sightings=sightings,
            own_network=own_network,
            read=tuple(read),
            not_read=tuple(problems),
            not_allowed=tuple(source for source in sources if source.key not in keys),
        )


def is_old(account: Account) -> bool:
    """Not used for over a year, as far as is known."""
    return account.unused_at_least is not None and account.unused_at_least > rules.YEAR
