"""``guardian processes``: what runs on this computer, and what of it deserves a question."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.core.feature import Level
from guardian.processes.model import Finding, Hit, NotSeen, Program, Scan, Unknown

EXIT_ACT = 1


@click.group()
def processes() -> None:
    """What runs on this computer, and which of it deserves a question.

    \b
    Example:
      guardian processes scan
    """


@processes.command()
@json_option("Answer as one JSON document.")
@click.pass_context
@pass_session
def scan(session: Session, context: click.Context, as_json: bool) -> None:
    """Look at every running program once. Reads only, and needs no admin rights.

    \b
    Example:
      guardian processes scan
      guardian processes scan --json

    Exit codes: 0 nothing needs action, 1 something does, 2 a problem.
    """
    found: Scan = session.run(session.features.processes.scan)
    if as_json:
        session.print_json(scan_as_json(found))
    else:
        print_scan(session, found)
    context.exit(EXIT_ACT if found.level is Level.ACT else 0)


@processes.command("list")
@json_option("Answer as one JSON document.")
@pass_session
def list_programs(session: Session, as_json: bool) -> None:
    """List every program that runs now: who runs it, and which software brought it.

    \b
    Example:
      guardian processes list
    """
    found: Scan = session.run(session.features.processes.scan)
    if as_json:
        session.print_json([program_as_json(program, None) for program in found.programs])
        return
    for program in found.programs:
        session.say(
            "processes.cli.row",
            name=program.exe or program.name,
            users=", ".join(program.users),
            package=package_of(session, program),
            pids=numbers(program.pids),
        )


def print_scan(session: Session, found: Scan) -> None:
    session.tell(found.headline())
    for finding in found.findings:
        session.print("")
        print_finding(session, finding)
    session.print("")
    for limit in found.limits:
        session.tell(limit.tell())
    for gap in found.not_seen:
        print_gap(session, gap)
    session.say("processes.cli.closing")


def print_finding(session: Session, finding: Finding) -> None:
    """One card: what was seen, why it matters, an honest reason, what to do."""
    program, words = finding.program, session.words
    session.print_level(finding.level, one_line(program.name))
    for hit in finding.hits:
        session.print("  " + words.tell(hit.plain(program.name)))
        for sentence in hit.seen():
            session.print("    " + words.tell(sentence))
        session.print("    " + words.say("processes.cli.pids", pids=numbers(hit.pids)))
        why, honest, do = (words.tell(part) for part in (hit.why(), hit.honest(), hit.do()))
        session.print("    " + words.say("processes.cli.why", text=why))
        session.print("    " + words.say("processes.cli.honest", text=honest))
        session.print("    " + words.say("processes.cli.do", text=do))
    if program.started is not None:
        day = datetime.fromtimestamp(program.started, UTC).astimezone()
        session.print("  " + words.say("processes.cli.since", day=day))


def print_gap(session: Session, gap: NotSeen) -> None:
    rule = session.words.tell(gap.title())
    if not gap.pids:
        session.say("processes.cli.absent", rule=rule)
    elif gap.reason is Unknown.DENIED:
        session.say("processes.cli.denied", count=gap.programs, rule=rule)
    else:
        session.say("processes.cli.absent-some", count=gap.programs, rule=rule)


def numbers(pids: tuple[int, ...]) -> str:
    return ", ".join(str(pid) for pid in pids)


def package_of(session: Session, program: Program) -> str:
    if program.package:
        return program.package
    words = session.words
    if program.package_known:
        return words.say("processes.cli.package-none")
    return words.say("processes.cli.package-unknown")


def scan_as_json(found: Scan) -> dict[str, Any]:
    """The machine's form of a scan; its names are a promise to those who read it."""
    by_program = {finding.program: finding for finding in found.findings}
    return {
        "system": found.system,
        "taken": found.taken,
        "level": found.level,
        "looked_at": found.looked_at,
        "partly_seen": found.partly_seen,
        "kernel_threads": found.kernel_threads,
        "programs": [
            program_as_json(program, by_program.get(program)) for program in found.programs
        ],
        "not_seen": [
            {
                "rule": gap.rule,
                "reason": gap.reason.value,
                "pid": gap.pids,
                "programs": gap.programs,
            }
            for gap in found.not_seen
        ],
        "limits": found.limits,
    }


def program_as_json(program: Program, finding: Finding | None) -> dict[str, Any]:
    return {
        "pid": program.pids,
        "exe": program.exe,
        "name": program.name,
        "owner": program.package,
        "owner_known": program.package_known,
        "users": program.users,
        "container": program.container,
        "level": finding.level if finding else Level.FINE,
        "findings": [hit_as_json(hit) for hit in finding.hits] if finding else [],
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    return {
        "rule": hit.rule,
        "level": hit.level,
        "pid": hit.pids,
        "evidence": hit.evidence,
        "attack": hit.attack,
    }
