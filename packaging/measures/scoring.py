"""Compares what was found with what is true, and keeps the table that is printed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from measures.planted_accounts import DAY, Life
from measures.planted_truth import Truth

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# between the look and its judgement lies a moment
MOMENT = 60 * 10**6
MONTH = 30.4375 * DAY
Pairs = Sequence[tuple[Any, Truth]]


@dataclass(frozen=True)
class Line:
    """One line of the table; ``met`` is None where there is nothing to meet."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


@dataclass
class Table:
    """What is printed: lines, and below them every single thing that is wrong."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def say(self, what: str, figure: object, target: str = "", met: bool | None = None) -> None:
        self.lines.append(Line(what, str(figure), target, met))

    def none_wrong(self, what: str, wrong: Collection[str], of: int) -> None:
        """A line for a thing of which nothing may be wrong."""
        self.say(what, f"{len(wrong)} of {of}", "0", not wrong)
        self.notes += (f"{what}: {one}" for one in sorted(wrong))

    def print(self) -> None:
        wide = [max(len(getattr(one, name)) for one in self.lines) for name in ("what", "figure")]
        for one in self.lines:
            verdict = "" if one.met is None else "met" if one.met else "MISSED"
            print(f"{one.what:<{wide[0]}}  {one.figure:<{wide[1]}}  {one.target:<8} {verdict}")
        if self.notes:
            print("\n" + "\n".join(self.notes))

    @property
    def missed(self) -> bool:
        return any(one.met is False for one in self.lines)


def score(table: Table, life: Life, answer: Any, truths: Sequence[Truth]) -> None:
    """Everything about the accounts of an answer."""
    # whether somebody who left a question came back with an account, no trace can tell
    found = [one for one in answer.accounts if life.doubtful.isdisjoint(one.sites)]
    right = match(found, truths)
    recall, precision = len(right) / len(truths), len(right) / max(len(found), 1)
    table.say("recall", f"{recall:.4f}", ">= 0.995", recall >= 0.995)
    table.say("precision", f"{precision:.4f}", ">= 0.995", precision >= 0.995)
    good = {id(truth) for _, truth in right}, {id(one) for one, _ in right}
    table.notes += (f"not found: {sorted(one.sites)}" for one in truths if id(one) not in good[0])
    table.notes += (f"wrong: {sorted(one.sites)}" for one in found if id(one) not in good[1])
    seen = {site for one in found for site in one.sites}
    taken = {f"{site} ({kind})" for kind, site in life.decoys if site in seen}
    table.none_wrong("look-alikes taken for accounts", taken, len(life.decoys))
    doubtful = len(answer.accounts) - len(found)
    table.say(
        "left at the question, back a week later", f"{doubtful} of {len(life.doubtful)} taken"
    )
    score_times(table, "last use", right, lambda one: one.last_used, lambda one: one.last_used)
    score_times(table, "first sign", right, lambda one: one.first_seen, lambda one: one.first_seen)
    score_unused(table, answer.looked_at, right)
    score_windows(table, right)
    table.none_wrong("accounts with wrong names", {
        f"{one.site}: {one.usernames}, planted {sorted(truth.names)}"
        for one, truth in right
        if set(one.usernames) != truth.names
    }, len(right))  # fmt: skip
    table.none_wrong("accounts more or less sure than they are", {
        f"{one.site}: {one.confidence}"
        for one, truth in right
        if (one.confidence.value == "sure") != truth.saved
    }, len(right))  # fmt: skip
    hosts = {site for kind, site in life.decoys if kind == "no public name"}
    unnamed = {one for one in hosts if one.strip("[]") not in answer.own_network}
    table.none_wrong("devices at home that are not named", unnamed, len(hosts))


def match(found: Sequence[Any], truths: Sequence[Truth]) -> list[tuple[Any, Truth]]:
    """Each account found that is exactly one that was planted, with the truth about it."""
    homes = {(truth.place, site): truth for truth in truths for site in truth.opens}
    taken: dict[int, tuple[Any, Truth]] = {}
    for one in found:
        truth = homes.get((one.place.value, one.site))
        if truth and truth.sites <= set(one.sites) <= truth.opens:
            taken.setdefault(id(truth), (one, truth))
    return list(taken.values())


def score_times(
    table: Table,
    what: str,
    right: Pairs,
    theirs: Callable[[Any], datetime | None],
    ours: Callable[[Truth], int | None],
) -> None:
    """How far the times found are from the truth; a time where there is none is wrong too."""
    wrong, worst = set(), 0
    for account, truth in right:
        got, want = theirs(account), ours(truth)
        at = None if got is None else (got - EPOCH) // MICROSECOND
        if at == want:
            continue
        worst = max(worst, abs((at or 0) - (want or 0)) // 10**6)
        planted = None if want is None else EPOCH + timedelta(microseconds=want)
        wrong.add(f"{account.site}: {got}, planted {planted}")
    dated = sum(ours(truth) is not None for _, truth in right)
    table.say(f"{what}: largest error ({dated} are dated)", f"{worst} s", "0 s", not wrong)
    table.none_wrong(f"{what}: wrong", wrong, len(right))


def score_unused(table: Table, looked_at: datetime, right: Pairs) -> None:
    """Whether «unused for at least» counts from the newest sign of life, and the class fits it."""
    wrong, classes = set(), set()
    now = (looked_at - EPOCH) // MICROSECOND
    for account, truth in right:
        got = account.unused_at_least
        want = None if truth.newest is None else now - truth.newest.time
        if (got is None) != (want is None) or (
            got is not None and want is not None and abs(got // MICROSECOND - want) > MOMENT
        ):
            wrong.add(f"{account.site}: {got}, planted {timedelta(microseconds=want or 0)}")
        months = None if want is None else want / MONTH
        if months is None:
            fitting = "unknown"
        elif months < 6:
            fitting = "in-use"
        else:
            fitting = "sleeping" if months <= 24 else "forgotten"
        if account.use_class.value != fitting:
            classes.add(f"{account.site}: {account.use_class}, planted {fitting}")
    table.none_wrong("unused for at least: wrong", wrong, len(right))
    table.none_wrong("in use, sleeping, forgotten: wrong", classes, len(right))


def score_windows(table: Table, right: Pairs) -> None:
    """Whether each account says how far back its sources reach, that of its proof first."""
    wrong = set()
    for account, truth in right:
        windows = [(one.source_kind.value, one.days) for one in account.windows]
        first = truth.newest.window if truth.newest else windows[0]
        if set(windows) != truth.windows or windows[0] != first:
            wrong.add(f"{account.site}: {windows}, planted {truth.windows}, first {first}")
    share = 1 - len(wrong) / max(len(right), 1)
    table.say("window flags right", f"{share:.2%}", "100 %", not wrong)
    table.notes += (f"windows: {one}" for one in sorted(wrong))
