"""What the made-up family did with Guardian in the last year, done anew through the real services.

The clock moves from a year ago to now; nothing is written past the services' own doors.
"""

from __future__ import annotations

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from guardian.accounts.model import CaseState, Gone, Language, LetterKind, LetterWish, Sender
from guardian.accounts.service import AccountsService
from guardian.checkup.model import Circumstances, Rhythm, State
from guardian.checkup.service import CheckupService
from guardian.clauses.model import ReadDocument
from guardian.clauses.service import ClausesService
from guardian.core.content import decode
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.demo import content
from guardian.demo.content import Household, Login, Traces, Year
from guardian.features import Features, build
from guardian.processes.service import Recorded
from guardian.vault.service import VaultService

SEED = 7
LOOKED = 3
"""Days ago when the family last looked at what runs."""
DAYS = {"overdue": 75, "asked": 12, "gone": 140, "refused": 33, "confirmed": 20}
"""How many days ago the letter arrived, by what became of the account."""
BACKED_UP = 200
BEGAN = 76
"""Days ago when the family began to use more of Guardian than the checkup."""


class Clock:
    """Tells the time as it was so many days before ``now``."""

    def __init__(self, now: datetime) -> None:
        self._now, self._days = now, 0.0

    def __call__(self) -> datetime:
        return self._now - timedelta(days=self._days)

    def go_to(self, days_ago: float) -> None:
        self._days = days_ago


def live_through(store: Store, home: Path, now: datetime, eyes: Recorded) -> Features:
    """Fill ``store`` with a year of the family's use; the services as they stand at the end."""
    clock = Clock(now)
    built = build(store, home, clock, eyes=eyes)
    household, traces, year = content.read_household(), content.read_traces(), content.read_year()
    answer_questions(built.checkup, clock, household, year)
    sit_down(built.checkup, clock, year, range(BEGAN, 365))
    with ThreadPoolExecutor(1) as beside:  # both wait now and then: for a child, for a disk
        papers = beside.submit(keep_papers, store, now, home, household)
        find_accounts(built.accounts, clock)
        close_accounts(built.accounts, clock, household, traces)
        read_policies(built.clauses, clock)
        papers.result()
    sit_down(built.checkup, clock, year, range(LOOKED, BEGAN))
    clock.go_to(LOOKED)
    built.processes.scan(report_nothing)
    sit_down(built.checkup, clock, year, range(LOOKED))
    clock.go_to(0)
    built.vault.check()
    built.accounts.check(report_nothing)
    return built


def answer_questions(
    checkup: CheckupService, clock: Clock, household: Household, year: Year
) -> None:
    said, wish = year.circumstances, household.rhythm
    clock.go_to(year.sittings[0].days)
    checkup.describe(
        Circumstances(
            said.devices, said.phone, said.dependants, said.shared, said.public, said.leaked,
            said.minutes,
        )
    )  # fmt: skip
    begun = clock().date()
    checkup.set_rhythm(Rhythm(wish.every, wish.cue, wish.weekday, wish.hour, begun=begun))


def sit_down(checkup: CheckupService, clock: Clock, year: Year, days: range) -> None:
    """The sittings of these days ago: each time, a little more of the list was answered."""
    order = sorted(task.id for task in checkup.sheet().tasks.values() if not task.checks)
    random.Random(SEED).shuffle(order)
    for sitting in year.sittings:
        if sitting.days not in days:
            continue
        clock.go_to(sitting.days)
        said = {one.key for one in checkup.answers()}
        for key in order[: round(sitting.share * len(order))]:
            if key not in said:
                checkup.answer(key, State.PARTLY if len(key) % 5 == 0 else State.DONE)
        checkup.record()


def find_accounts(accounts: AccountsService, clock: Clock) -> None:
    """Allow every source, and look."""
    clock.go_to(0)
    states, _ = accounts.survey()
    accounts.choose({one.source.key: True for one in states})
    accounts.find(report_nothing)


def close_accounts(
    accounts: AccountsService, clock: Clock, household: Household, traces: Traces
) -> None:
    """Decisions and letters. Those for one and the same day are noted together."""
    closing, person = accounts.closing, household.people[0]
    sender = Sender(person.mail, person.name, household.country, Language.ENGLISH)
    closing.remember_sender(sender)
    by_case: dict[CaseState, list[str]] = {}
    for login in traces.accounts:
        if login.case in (CaseState.KEEP, CaseState.LATER, CaseState.CLOSE):
            by_case.setdefault(login.case, []).append(login.site)
    clock.go_to(10)
    for state, sites in by_case.items():
        closing.set_states(sites, state)
    for login in traces.accounts:
        if login.case and login.case not in by_case:
            walk_out(accounts, clock, login, sender)


def walk_out(accounts: AccountsService, clock: Clock, login: Login, sender: Sender) -> None:
    """One account from the list to where it stands."""
    closing, site, case = accounts.closing, login.site, login.case
    days = DAYS[login.state]
    clock.go_to(days + 1)
    closing.set_state(site, CaseState.CLOSE)
    clock.go_to(days)
    wish = LetterWish(
        site, LetterKind.ERASURE, closing.law_for(sender.country), sender.language, sender
    )
    letter = closing.send_to(closing.write(wish), f"privacy@{site}")
    closing.sent(letter, clock().date())
    clock.go_to(days - 9)
    if case in (CaseState.REFUSED, CaseState.CONFIRMED, CaseState.GONE):
        after = CaseState.CONFIRMED if case is CaseState.GONE else case
        closing.set_state(site, after)
    if case is CaseState.GONE:
        clock.go_to(days - 45)
        for step in Gone:
            closing.answer(site, step, gone=True)


def read_policies(clauses: ClausesService, clock: Clock) -> None:
    """Put what was found in the policies into the library, as read on their days."""
    file = content.folder() / "policies" / "read.json"
    for policy, read in zip(
        content.read_policies(), decode(file, tuple[ReadDocument, ...]), strict=True
    ):
        clock.go_to(policy.days)
        clauses.restore(replace(read, read_at=clock()))
    clock.go_to(0)


def keep_papers(store: Store, now: datetime, home: Path, household: Household) -> None:
    """Make the vault and put the papers into it; its backup is old. With a clock of its own."""
    clock = Clock(now)
    service, today = VaultService(store, clock), now.date()
    folder = home / "Documents" / household.vault
    scans = home / "Scans"
    with service.create(folder, household.passphrase) as vault:
        for paper in content.read_papers():
            if paper.folder and paper.folder not in vault.folders():
                vault.make_folder(paper.folder)
            vault.add([scans / paper.file], paper.folder)
            place = f"{paper.folder}/{paper.file}" if paper.folder else paper.file
            end = today + timedelta(days=paper.valid_days) if paper.valid_days else None
            vault.describe(place, replace(vault.details(place), note=paper.note, tags=paper.tags,
                                          valid_until=end))  # fmt: skip
    clock.go_to(BACKED_UP)
    stick = home / "Backup stick"
    stick.mkdir()
    service.back_up(folder, stick)
    shutil.rmtree(scans)
