"""In which order to go about it: what a service may hold, times how easy it is to leave. Pure.

``score = risk x ease x rest``, each a number from the tables below, so that every place in the
order can be explained: what is at stake there, how little it takes, and how long nobody cared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from guardian.accounts.catalogue.content import find_kinds, load_kinds, load_services
from guardian.accounts.catalogue.routes import find_home, find_route, find_service
from guardian.accounts.model import (
    Account,
    CaseState,
    Confidence,
    Difficulty,
    Queue,
    Risk,
    RouteKind,
    Task,
    UseClass,
    WorkPlan,
)

# risk: 1, and this much more for each thing the service may hold
WEIGHTS = {
    Risk.MONEY: 2.0,
    Risk.DOCUMENTS: 2.0,
    Risk.HEALTH: 2.0,
    Risk.CHILDREN: 2.0,
    Risk.CONTACTS: 1.0,
    Risk.LOCATION: 1.0,
}
RISKS = tuple(Risk)
EASE = {
    Difficulty.EASY: 1.0,
    Difficulty.MEDIUM: 0.7,
    Difficulty.UNKNOWN: 0.5,
    Difficulty.HARD: 0.4,
    Difficulty.LIMITED: 0.3,
    Difficulty.IMPOSSIBLE: 0.2,
}
# rest: the longer unused, the less is lost with it; not known counts neither way
REST = {
    UseClass.FORGOTTEN: 2.0,
    UseClass.SLEEPING: 1.5,
    UseClass.UNKNOWN: 1.0,
    UseClass.IN_USE: 0.5,
}
LEFT_OUT = (CaseState.KEEP, CaseState.CONFIRMED, CaseState.GONE)
# what the person began comes first; what waits for an answer, or was put off, comes last
TURNS = {CaseState.FOUND: 1, CaseState.ASKED: 3, CaseState.LATER: 4}
# what others hang on, such as their mailbox, comes after all that is not begun
NEEDED_TURN = 2
# asked already, and no way forward but in writing
INSISTING = (CaseState.REFUSED, CaseState.SILENT, CaseState.ESCALATED)


def find_risk(site: str) -> tuple[Risk, ...]:
    """What of a person the service at ``site`` may hold; empty where nothing is known."""
    kinds = load_kinds()
    held = {risk for kind in find_kinds(site) if kind in kinds for risk in kinds[kind].risks}
    return tuple(risk for risk in RISKS if risk in held)


def find_difficulty(site: str) -> Difficulty:
    """How hard it is to close an account at ``site``."""
    service = load_services().get(site)
    return service.deletion.difficulty if service and service.deletion else Difficulty.UNKNOWN


def find_queue(account: Account, difficulty: Difficulty) -> Queue:
    """Where an account waits: done in minutes, worth a letter, or only to be emptied."""
    if account.state in INSISTING:
        return Queue.LETTER
    if difficulty is Difficulty.IMPOSSIBLE:
        return Queue.EMPTY
    if difficulty in (Difficulty.EASY, Difficulty.MEDIUM):
        return Queue.QUICK
    service = find_service(account.place, account.site)
    if difficulty is Difficulty.UNKNOWN and service and service.settings:
        return Queue.QUICK
    return Queue.LETTER


def make_task(account: Account) -> Task:
    """``account`` with all that decides when its turn comes."""
    home = find_home(account.place, account.site)
    difficulty, risk = find_difficulty(home), find_risk(home)
    route = find_route(account.place, account.site)
    score = (1.0 + sum(WEIGHTS[one] for one in risk)) * EASE[difficulty] * REST[account.use_class]
    name = account.site if route.kind is RouteKind.APP_PAGE else route.name
    queue = find_queue(account, difficulty)
    return Task(account, name, queue, difficulty, risk, round(score, 2), route)


def make_plan(accounts: Iterable[Account], needed: Collection[str] = ()) -> WorkPlan:
    """The order of work over all accounts that still want a decision or a deed.

    ``needed`` are the sites of accounts that others hang on.
    """
    queues: dict[Queue, list[Task]] = {queue: [] for queue in Queue}
    for account in accounts:
        if account.state not in LEFT_OUT and account.confidence is not Confidence.CONTACT:
            task = make_task(account)
            queues[task.queue].append(task)
    quick, letter, empty = (
        tuple(sorted(queues[queue], key=lambda task: find_turn(task, needed))) for queue in Queue
    )
    return WorkPlan(quick, letter, empty)


def find_turn(task: Task, needed: Collection[str]) -> tuple[int, float, float, str]:
    """Sorts tasks of one queue: begun first, then by score, then the longest unused."""
    account = task.account
    turn = TURNS.get(account.state, 0)
    if account.state is CaseState.FOUND and account.site in needed:
        turn = NEEDED_TURN
    days = account.unused_at_least.total_seconds() if account.unused_at_least else 0.0
    return turn, -task.score, -days, account.site
