"""Looking: ``scan``, ``list``, ``autostart`` and ``posture``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import click

from guardian.cli.processes import answers, telling
from guardian.cli.session import Session, json_option, one_line, pass_session
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.processes.model import Answer, Finding, Running, Scan

EXIT_ACT = 1
DEEPEST = 200

rules_option = click.option(
    "--rules",
    "rules",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Ask the rules in this file too; see 'guardian processes rules check'.",
)


def look(session: Session, deep: bool, admin: bool, rules: tuple[Path, ...] = ()) -> Scan:
    service = session.features.processes
    if admin:
        refusal = service.admin_refusal()
        if refusal:
            raise refusal
        session.err.print(session.words.say("processes.cli.admin-before"))
    return session.run(
        lambda report: service.scan(report, deep=deep, admin=admin, extra_rules=rules)
    )


@click.command()
@click.option("--deep", is_flag=True, help="Also look for hidden processes; takes seconds longer.")
@click.option("--since-baseline", is_flag=True, help="Only what is new since the baseline.")
@click.option("--admin", is_flag=True, help="Look with admin rights too; asks for a password.")
@rules_option
@json_option("Answer as one JSON document.")
@click.pass_context
@pass_session
def scan(  # noqa: PLR0917 - one for each option
    session: Session,
    context: click.Context,
    deep: bool,
    since_baseline: bool,
    admin: bool,
    rules: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Look once at all that runs or starts by itself. Reads only, and needs no admin rights.

    \b
    Example:
      guardian processes scan
      guardian processes scan --since-baseline
      guardian processes scan --deep --json
      guardian processes scan --rules my-rules.yml

    Exit codes: 0 nothing needs action, 1 something does, 2 a problem.

    \b
    JSON: {"headline", "level", "looked_at", "ask", "act", "partly_seen", "as_admin", "deep",
      "baseline", "limits", "programs": [{"pid", "exe", "name", "owner", "level",
      "findings": [{"rule", "level", "evidence", "attack"}]}], "not_seen": [...],
      "autostart": [{"place", "kind", "source", "line", "name", "command", "target", "owner",
      "level", "findings", "new"}], "posture": [{"key", "answer", "sentence", "fix"}]}.
      What has a finding but does not run stands in "programs" too, without "pid".
    """
    found = look(session, deep, admin, rules)
    shown = only_new(found) if since_baseline else found
    if as_json:
        session.print_json(answers.scan_as_json(session, shown))
    else:
        session.tell(found.headline())
        if since_baseline:
            tell_new(session, shown)
        telling.print_scan(session, shown)
        tell_rest(session, shown)
        session.say("processes.cli.closing")
    context.exit(EXIT_ACT if shown.level is Level.ACT else 0)


def only_new(found: Scan) -> Scan:
    """What is there only since the person said «this is how it is»."""
    new = {each.entry for each in found.autostart if each.new}

    def is_new(finding: Finding) -> bool:
        return finding.program.new or not new.isdisjoint(finding.entries)

    return replace(
        found,
        programs=tuple(each for each in found.programs if each.new),
        findings=tuple(filter(is_new, found.findings)),
        autostart=tuple(each for each in found.autostart if each.new),
    )


def tell_new(session: Session, shown: Scan) -> None:
    if shown.baseline is None or shown.baseline == shown.taken:
        session.say("processes.cli.first-look")
        return
    programs, entries = len(shown.programs), len(shown.autostart)
    session.say("processes.cli.new-programs", count=programs, day=shown.baseline)
    for program in shown.programs:
        session.print("  " + telling.program_line(session, program))
    session.say("processes.cli.new-entries", count=entries, day=shown.baseline)
    for each in shown.autostart:
        telling.print_autostart(session, each)


def tell_rest(session: Session, found: Scan) -> None:
    """In a line each: what starts by itself, and how the computer is set up."""
    worth = sum(each.level is not Level.FINE for each in found.autostart)
    if found.autostart_seen:
        total = len(found.autostart)
        session.say("processes.cli.autostart-count", count=total, worth=worth)
    looks = sum(check.answer is Answer.LOOK for check in found.posture)
    if looks:
        session.say("processes.cli.posture-count", count=looks)


@click.command("list")
@click.option("--tree", is_flag=True, help="Show who started whom.")
@json_option("Answer as one JSON document.")
@pass_session
def list_programs(session: Session, tree: bool, as_json: bool) -> None:
    """List every program that runs now: who runs it, and which software brought it.

    \b
    Example:
      guardian processes list
      guardian processes list --tree
    """
    found = look(session, deep=False, admin=False)
    if as_json:
        by_program = {finding.program: finding for finding in found.findings}
        listed = (answers.program_as_json(each, by_program.get(each)) for each in found.programs)
        session.print_json(list(listed))
    elif tree:
        print_tree(session, found)
    else:
        for program in found.programs:
            session.print(telling.program_line(session, program))


def print_tree(session: Session, found: Scan) -> None:
    """Every process below the one that started it; a circle of numbers is cut where it closes."""
    children: dict[int, list[Running]] = defaultdict(list)
    there = {each.pid for each in found.running}
    for each in found.running:
        children[each.ppid if each.ppid in there and each.ppid != each.pid else 0].append(each)
    # at the end, what hangs below nobody
    waiting = [(each, 0) for each in reversed((*children[0], *found.running))]
    met: set[int] = set()
    while waiting:
        each, depth = waiting.pop()
        if each.pid in met:
            continue
        met.add(each.pid)
        indent = "  " * min(depth, DEEPEST)
        session.print(f"{indent}{each.pid} {one_line(each.name)}   {one_line(each.user)}")
        waiting += [(child, depth + 1) for child in reversed(children[each.pid])]


@click.command()
@json_option("Answer as one JSON document.")
@pass_session
def autostart(session: Session, as_json: bool) -> None:
    """List what starts by itself, or lets somebody in: where it stands, and whose it is.

    \b
    Example:
      guardian processes autostart
    """
    found = look(session, deep=False, admin=False)
    if as_json:
        session.print_json([answers.autostart_as_json(each) for each in found.autostart])
        return
    order = list(reversed(Level))
    for each in sorted(found.autostart, key=lambda each: order.index(each.level)):
        telling.print_autostart(session, each)
    for place in found.unread:
        session.say("processes.cli.unread", place=place)


@click.command()
@json_option("Answer as one JSON document.")
@pass_session
def posture(session: Session, as_json: bool) -> None:
    """Say how this computer is set up: locks, updates, who may come in from outside.

    \b
    Example:
      guardian processes posture
    """
    found = look(session, deep=False, admin=False)
    if as_json:
        session.print_json([answers.check_as_json(session, each) for each in found.posture])
        return
    if not found.posture:
        raise Problem("posture-not-here")
    order = (Answer.LOOK, Answer.UNREAD, Answer.FINE)
    for check in sorted(found.posture, key=lambda check: order.index(check.answer)):
        words = session.words
        answer = words.say(f"processes.cli.answer.{check.answer.value}")
        session.print(f"{answer}: {words.tell(check.title())}", "bold")
        session.print("  " + words.tell(check.tell()))
        fix = check.fix()
        if fix:
            session.print("  " + words.tell(fix))


COMMANDS = (scan, list_programs, autostart, posture)
