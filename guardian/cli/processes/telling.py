"""Cards, gaps and entries as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from guardian.cli.session import Session, one_line
from guardian.core.feature import Level
from guardian.processes.model import (
    Autostart,
    Finding,
    Hit,
    Known,
    NotSeen,
    Program,
    Scan,
    StartEntry,
    Unknown,
    hide_secrets,
)

SAFETY = ("title", "noticed", "other-device", "evidence", "help", "danger")


def print_scan(session: Session, found: Scan) -> None:
    """Everything worth a word; the headline is told already."""
    if any(finding.watching for finding in asked(found.findings)):
        print_safety(session)
    for finding in asked(found.findings):
        session.print("")
        print_finding(session, finding)
    session.print("")
    for limit in found.limits:
        session.tell(limit.tell())
    print_gaps(session, found.not_seen)
    known = sum(finding.known for finding in found.findings)
    simple = sum(each.level is Level.FINE and not each.known for each in found.findings)
    if known:
        session.say("processes.cli.known-left-out", count=known)
    if simple:
        session.say("processes.cli.simple-left-out", count=simple)


def asked(findings: Iterable[Finding]) -> list[Finding]:
    """Without what the person said «I know this» about, and what has a simple explanation."""
    return [each for each in findings if not each.known and each.level is not Level.FINE]


def print_safety(session: Session) -> None:
    """The calm notice that comes before any advice on what may watch somebody."""
    session.print("")
    title, *rest = (f"processes.safety.{name}" for name in SAFETY)
    session.print(session.words.say(title), "bold")
    for code in rest:
        session.print("  " + session.words.say(code))


def print_finding(session: Session, finding: Finding) -> None:
    """One card: what was seen, why it matters, an honest reason, what to do."""
    program, words = finding.program, session.words
    session.print_level(finding.level, one_line(program.name))
    if program.new:
        session.print("  " + words.say("processes.cli.new"))
    for hit in finding.hits:
        print_hit(session, hit, program.name)
    for entry in finding.entries:
        session.print("  " + entry_line(session, entry))
    if program.started is not None:
        session.print("  " + words.say("processes.cli.since", day=day_of(program.started)))


def print_hit(session: Session, hit: Hit, name: str) -> None:
    words = session.words
    session.print("  " + words.tell(hit.plain(name)))
    for sentence in hit.seen():
        session.print("    " + words.tell(sentence))
    if hit.pids:
        session.print("    " + words.say("processes.cli.pids", pids=numbers(hit.pids)))
    why, honest, do = (words.tell(part) for part in (hit.why(), hit.honest(), hit.do()))
    session.print("    " + words.say("processes.cli.why", text=why))
    session.print("    " + words.say("processes.cli.honest", text=honest))
    session.print("    " + words.say("processes.cli.do", text=do))


def print_gaps(session: Session, gaps: Iterable[NotSeen]) -> None:
    """How many questions stay open, and why; each by its name would fill the screen."""
    counts = Counter(map(kind_of, gaps))
    for kind in ("denied", "untold", "system"):
        if counts[kind]:
            session.say(f"processes.cli.gaps-{kind}", count=counts[kind])
    if counts:
        session.say("processes.cli.gaps-where")


def kind_of(gap: NotSeen) -> str:
    if gap.reason is Unknown.DENIED:
        return "denied"
    return "untold" if gap.programs else "system"


def print_autostart(session: Session, each: Autostart) -> None:
    line = entry_line(session, each.entry)
    if each.new:
        line += "   " + session.words.say("processes.cli.new")
    session.print_level(each.level, line)
    for hit in each.hits:
        session.print("    " + session.words.tell(hit.plain(each.entry.name)))


def entry_line(session: Session, entry: StartEntry) -> str:
    words = session.words
    place = words.say(f"processes.page.place.{entry.place.value}")
    source = f"{entry.source}:{entry.line}" if entry.line else entry.source
    what = (
        entry.target if isinstance(entry.target, str) else hide_secrets(entry.command) or entry.name
    )
    return words.say("processes.cli.starts", place=place, what=what, source=source)


def program_line(session: Session, program: Program) -> str:
    return session.words.say(
        "processes.cli.row",
        name=program.script or program.exe or program.name,
        users=", ".join(program.users),
        package=package_of(session, program),
        pids=numbers(program.pids),
    )


def known_line(session: Session, known: Known) -> str:
    return session.words.say(
        "processes.cli.known-row",
        id=known.identity,
        path=known.script or known.image or "",
        rules=", ".join(known.rules),
        day=known.when,
    )


def package_of(session: Session, program: Program) -> str:
    if program.package:
        return program.package
    words = session.words
    if program.package_known:
        return words.say("processes.cli.package-none")
    return words.say("processes.cli.package-unknown")


def numbers(pids: tuple[int, ...]) -> str:
    return ", ".join(str(pid) for pid in pids)


def day_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()
