"""What to do about an account: the order of work, the ways out, and the case of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from guardian.accounts.cases import advice, knowledge, states, verification
from guardian.accounts.cases.dependence import find_needed
from guardian.accounts.catalogue import planning, routes
from guardian.accounts.model import (
    Account,
    Advice,
    Attachment,
    Authority,
    Case,
    CaseState,
    Check,
    CheckStep,
    Deadline,
    Event,
    Found,
    Gone,
    Law,
    Letter,
    LetterWish,
    Place,
    Route,
    Sender,
    Task,
    WorkPlan,
)
from guardian.accounts.repository import AccountsRepository
from guardian.accounts.rights import authorities, deadlines, drafts, laws, writing
from guardian.accounts.rights.addresses import read_address, tidy
from guardian.accounts.rights.calendar import to_ics
from guardian.accounts.rights.references import make_reference
from guardian.accounts.rules.typed import name_site, read_note, read_site
from guardian.core.errors import Problem
from guardian.core.words import Message


class ClosingService:
    """Walks one account after the other out of the door; everything can be taken back."""

    def __init__(
        self,
        records: AccountsRepository,
        known: Callable[[], Found | None],
        now: Callable[[], datetime],
    ) -> None:
        self._records, self._known, self._now = records, known, now

    def account(self, site: str, found: Found | None = None) -> Account:
        """The account or contact at ``site``: a name as listed, a host, or an address there.

        Looked for in ``found``, or in what is known. Raises ``Problem("account-unknown")``.
        """
        found = found or self._known()
        _, named = read_site(site) or (None, site)
        for wanted in ({site, site.lower()}, {named}):
            for account in everybody(found):
                if not wanted.isdisjoint(account.sites):
                    return account
        raise Problem("account-unknown", site=name_site(site))

    def plan(self, found: Found | None = None) -> WorkPlan:
        """All accounts of ``found`` (or of what is known) that want a decision or a deed."""
        found = found or self._known()
        accounts = found.accounts if found else ()
        return planning.make_plan(accounts, find_needed(accounts))

    def task(self, account: Account) -> Task:
        """What decides when the turn of ``account`` comes, and its first way out."""
        return planning.make_task(account)

    def routes_of(self, account: Account) -> tuple[Route, ...]:
        """All ways to have ``account`` closed, in the order to try them."""
        sender = self._records.sender()
        return routes.find_routes(account.place, account.site, sender.country if sender else "")

    def routes(self, site: str) -> tuple[Route, ...]:
        """The same for any site, host or address, known or not. Raises ``Problem("site-odd")``."""
        place, name, _ = self._find(site)
        sender = self._records.sender()
        return routes.find_routes(place, name, sender.country if sender else "")

    def before(self, account: Account, found: Found | None = None) -> tuple[Advice, ...]:
        """What to mind before ``account`` is closed; what should stop the person comes first.

        ``found`` is what to look for other accounts in; what is known, if not given.
        """
        return advice.before(account, found or self._known(), self._now())

    def after(self, account: Account, found: Found | None = None) -> tuple[Advice, ...]:
        """What to clean up by hand once ``account`` is closed; ``found`` as in :meth:`before`."""
        return advice.after(account, found or self._known())

    def choices(self, account: Account) -> tuple[CaseState, ...]:
        """The states that make sense next; any other can be set too."""
        return states.choices(account.case)

    def set_state(self, site: str, state: CaseState, note: str = "", username: str = "") -> Case:
        """Note where the case stands, whatever came before. Raises ``Problem``."""
        username = tidy(username)
        facts = {"username": username} if username else {}
        note = read_note(note) if note.strip() else ""
        return self._note(site, Event(self._now(), state, note, facts=facts))

    def set_states(self, sites: Sequence[str], state: CaseState) -> dict[str, Case]:
        """As :meth:`set_state` for many at once, all or none; the cases by the sites given."""
        event = Event(self._now(), state)
        return self._note_all(sites, lambda names: self._records.note([(n, event) for n in names]))

    def undo_all(self, sites: Sequence[str]) -> dict[str, Case]:
        """As :meth:`undo` for many at once, all or none."""
        return self._note_all(sites, lambda names: self._records.undo(*names))

    def _note_all(self, sites: Sequence[str], note: Callable[[list[str]], None]) -> dict[str, Case]:
        accounts = by_site(self._known())
        with_case = self._records.sites_with_case()
        names = []
        for site in sites:
            if site not in accounts:
                raise Problem("account-unknown", site=site)
            account = accounts[site]
            names.append(next((one for one in account.sites if one in with_case), account.site))
        note(names)
        accounts = by_site(self._known())
        return {site: accounts[site].case for site in sites}

    def add_note(self, site: str, note: str) -> Case:
        """Keep a sentence of the person's with the case. Raises ``Problem``."""
        return self._note(site, Event(self._now(), note=read_note(note)))

    def attach(self, site: str, name: str, place: str) -> Case:
        """Note that a proof called ``name`` now lies at ``place`` in a vault."""
        attachment = Attachment(name, place, self._now())
        return self._note(site, Event(self._now(), attachment=attachment))

    def undo(self, site: str) -> Case:
        """Take back what happened last, whatever it was. Raises ``Problem("account-unknown")``."""
        self._records.undo(self._case_site(site))
        return self.account(site).case

    def sender(self) -> Sender:
        """Who letters are from: what was said last, else the address found most often."""
        remembered = self._records.sender()
        if remembered is not None:
            return remembered
        found = self._known()
        return Sender(address=found.addresses[0] if found and found.addresses else "")

    def remember_sender(self, sender: Sender) -> None:
        self._records.remember_sender(replace(sender, name=tidy(sender.name)))

    def read_country(self, text: str) -> str:
        """The code of the place that ``text`` names. Raises ``Problem("country-unknown")``."""
        return laws.read_country(text)

    def write(self, wish: LetterWish) -> Letter:
        """A letter as wished, dated today; the site need not be known.

        Raises ``Problem`` where something needed is missing.
        """
        place, name, account = self._find(wish.site)
        wish = replace(wish, site=name)
        case, goes_by = (account.case, account.site) if account else (Case(), name)
        service = routes.find_recipient(routes.find_home(place, name))
        kept_under = self._records.case_site(account.sites if account else (name,)) or goes_by
        mark = make_reference(self._records.secret(), kept_under)
        return writing.write(wish, service, case, mark, self._now().date())

    def send_to(self, letter: Letter, address: str) -> Letter:
        """``letter``, to another mail address. Raises ``Problem("letter-address-odd")``."""
        email = read_address(address)
        if email is None:
            raise Problem("letter-address-odd", address=tidy(address))
        return replace(letter, to=replace(letter.to, email=email, checked_year=None, source=""))

    def draft(self, letter: Letter) -> bytes:
        """``letter`` as an .eml file that opens in a mail program, ready to be sent by hand.

        Where no mail address of the recipient is known, the draft leaves that open. Raises
        ``Problem("letter-address-odd")``.
        """
        return drafts.to_eml(letter)

    def due(self, letter: Letter, arrived: date) -> Deadline | None:
        """By when an answer is due if ``letter`` arrived on that day; nothing is noted.

        Raises ``Problem("letter-date-odd")``, ``Problem("account-unknown")``.
        """
        self.account(letter.wish.site)
        return states.read_deadline(writing.note_sent(letter, arrived, self._now()))

    def sent(self, letter: Letter, arrived: date) -> Case:
        """Note that ``letter`` went out and arrived on that day: the clock starts.

        Raises ``Problem("letter-date-odd")``.
        """
        return self._note(letter.wish.site, writing.note_sent(letter, arrived, self._now()))

    def more_time(self, site: str) -> Case:
        """Note that the service asked in time for the longer period that the law allows.

        Raises ``Problem("letter-no-more-time")`` where it allows none.
        """
        event = writing.note_more_time(self.account(site).case, self.sender().country, self._now())
        if event is None:
            raise Problem("letter-no-more-time")
        return self._note(site, event)

    def calendar(self, site: str) -> bytes:
        """The day an answer is due, as an .ics file with a neutral title.

        Raises ``Problem("letter-no-deadline")``.
        """
        case = self.account(site).case
        if case.deadline is None:
            raise Problem("letter-no-deadline")
        return to_ics(case.deadline, case.reference, self.sender().language, self._now())

    def explain_deadline(self, deadline: Deadline) -> tuple[Message, ...]:
        """Which rule sets that day, counted from when, and whether it may still move."""
        return deadlines.explain(deadline)

    def authority(self, country: str) -> Authority | None:
        """Who watches over data protection there; None where Guardian knows of none."""
        return authorities.authority_for(country)

    def countries(self) -> tuple[tuple[str, Message], ...]:
        """Where a person may say to live: codes with their names; the last is anywhere else."""
        return laws.countries()

    def law_for(self, country: str) -> Law:
        """Whose law a letter of somebody who lives there rests on."""
        return laws.law_for(country)

    def check_steps(self, account: Account) -> tuple[CheckStep, ...]:
        """The three looks that show whether the account is gone, with what came of them."""
        return verification.check_steps(account)

    def check_day(self, account: Account) -> date | None:
        """From which day on those looks make sense; None before the service was asked."""
        return verification.check_day(account.case, knowledge.waits(account))

    def why_check_day(self, account: Account) -> Message | None:
        """Why to wait until that day, with the day in it."""
        return verification.explain_day(account.case, knowledge.waits(account))

    def answer(self, site: str, step: Gone, gone: bool) -> Case:
        """Note what one look showed: all three gone close the case, one not gone reopens it."""
        check = Check(step, gone, self._now())
        return self._note(site, verification.answer(self.account(site).case, check))

    def _find(self, site: str) -> tuple[Place, str, Account | None]:
        """Place, site and account, if one is known. Raises ``Problem("site-odd")``.

        Of several sites of the account, the one that was asked for.
        """
        read = read_site(site)
        with suppress(Problem):
            account = self.account(site)
            named = read[1] if read else ""
            name = named if named in account.sites else account.site
            return account.place, name, account
        if read is None:
            raise Problem("site-odd", site=name_site(site))
        return *read, None

    def _note(self, site: str, *events: Event) -> Case:
        name = self._case_site(site)
        self._records.note([(name, event) for event in events])
        return self.account(site).case

    def _case_site(self, site: str) -> str:
        """The site under which the case of an account is kept, also if it goes by another now."""
        account = self.account(site)
        return self._records.case_site(account.sites) or account.site


def by_site(found: Found | None) -> Mapping[str, Account]:
    return found.by_site() if found else {}


def everybody(found: Found | None) -> Iterator[Account]:
    """Accounts and contacts."""
    if found:
        yield from found.accounts
        yield from found.contacts
