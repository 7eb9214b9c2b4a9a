"""What the last look tells the checkup: what was seen, and what would help next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from guardian.core.errors import Problem
from guardian.core.feature import Level, Observation, Step, key_about
from guardian.core.words import message
from guardian.processes.model import Answer, Finding, Scan
from guardian.processes.rules.identity import identity_of
from guardian.processes.rules.known import known_finding

STALE = timedelta(days=30)
COMMAND = "guardian processes scan"
MOST_MINUTES = 20
"""However many questions: nobody has to answer them all in one sitting."""
NO_TIME = datetime.min.replace(tzinfo=UTC)
CHECK_NAMES = {"encryption": "disk-encryption", "updates": "system-updates"}
"""What the checkup's list calls a check, where that is not our key."""


def settle(scan: Scan, knows: Callable[[str], bool]) -> Scan:
    """``scan`` as it is now that the person said «I know this» about some of it.

    ``knows`` tells whether there is an answer of that identity.
    """
    if all(finding.level is Level.FINE for finding in scan.findings):
        return scan
    return replace(scan, findings=tuple(settle_one(one, knows) for one in scan.findings))


def settle_one(finding: Finding, knows: Callable[[str], bool]) -> Finding:
    if finding.level is Level.FINE:
        return finding
    try:
        meant = known_finding(finding, NO_TIME)
    except Problem:  # there is no saying «I know this» about it
        return finding
    return replace(finding, level=Level.FINE, known=True) if knows(meant.identity) else finding


def observe(scan: Scan | None) -> tuple[Observation, ...]:
    """That the programs were looked at, the questions answered, and each check of the set-up."""
    if scan is None:
        return ()
    seen = scan.taken
    looked = message("processes.observed.looked", count=scan.looked_at)
    posture = (
        Observation(
            CHECK_NAMES.get(check.key, check.key),
            int(check.answer is Answer.FINE),
            1,
            seen,
            check.tell(),
        )
        for check in scan.posture
        if check.answer is not Answer.UNREAD
    )
    return Observation("programs-looked", 1, 1, seen, looked), observe_questions(scan), *posture


def observe_questions(scan: Scan) -> Observation:
    """How many of the programs that raised a question the person knows."""
    key = "programs-questions"
    known = sum(finding.known for finding in scan.findings)
    total = known + sum(finding.level is not Level.FINE for finding in scan.findings)
    if not total:
        return Observation(key, 1, 1, scan.taken, message("processes.observed.no-questions"))
    text = message("processes.observed.questions", count=total, known=known)
    return Observation(key, known, total, scan.taken, text)


def suggest(scan: Scan | None, now: datetime) -> Iterator[Step]:
    """Look; then what was seen to be wrong, one by one; then the questions; then look again."""
    if scan is None:
        title, why = message("processes.step.look"), message("processes.step.look.why")
        yield Step(title, why, 1, COMMAND, "programs-looked")
        return
    for finding in scan.findings:
        if finding.level is Level.ACT:
            title = message("processes.step.act", name=finding.program.name)
            key = key_about("processes-act", identity_of(finding.program))
            yield Step(title, message("processes.step.act.why"), 5, COMMAND, key, Level.ACT)
    if worth := scan.count(Level.ASK):
        title = message("processes.step.questions", count=worth)
        why = message("processes.step.questions.why")
        yield Step(title, why, min(2 * worth, MOST_MINUTES), COMMAND, "programs-questions")
    if now - scan.taken > STALE:
        title = message("processes.step.again")
        why = message("processes.step.again.why", ago=now - scan.taken)
        yield Step(title, why, 1, COMMAND, "programs-looked")
