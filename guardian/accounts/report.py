"""The list of accounts as a table for a spreadsheet, in which no cell acts as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from guardian.accounts.catalogue.planning import make_task
from guardian.accounts.model import Account
from guardian.core.words import Words

COLUMNS = (
    "site", "names", "confidence", "first-seen", "last-used", "unused-days", "class", "why",
    "state", "risk", "difficulty", "route",
)  # fmt: skip
# a cell that begins so is calculated, or run, by spreadsheets; the last four are wide forms
ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def to_csv(accounts: Iterable[Account], words: Words) -> str:
    """One row for each account, days as YYYY-MM-DD, lines ending as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(words.say(f"accounts.report.{name}") for name in COLUMNS)
    for account in accounts:
        writer.writerow(map(defuse, make_row(account, words)))
    return text.getvalue()


def make_row(account: Account, words: Words) -> tuple[str, ...]:
    task = make_task(account)
    unused = account.unused_at_least
    return (
        account.site,
        "; ".join(account.usernames),
        words.say(f"accounts.confidence.{account.confidence.value}"),
        write_day(account.first_seen),
        write_day(account.last_used),
        "" if unused is None else str(unused.days),
        words.say(f"accounts.class.{account.use_class.value}"),
        words.tell(account.why),
        words.say(f"accounts.state.{account.state.value}"),
        ", ".join(words.say(f"accounts.report.risk.{risk.value}") for risk in task.risk),
        words.say(f"accounts.report.difficulty.{task.difficulty.value}"),
        task.route.url,
    )


def write_day(time: datetime | None) -> str:
    """The day as the sentence beside it names it; empty for none."""
    return f"{time.astimezone():%Y-%m-%d}" if time else ""


def defuse(cell: str) -> str:
    """``cell`` with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(ACTING) else cell
