"""The rules themselves: ``rules list``, ``rules show`` and ``rules check``."""

from __future__ import annotations

from pathlib import Path

import click

from guardian.cli.session import Session, json_option, pass_session
from guardian.core.errors import Problem

EXIT_FAULTS = 2


@click.group()
def rules() -> None:
    """What Guardian asks about every program, and whether rules of your own can be asked.

    \b
    Example:
      guardian processes rules list
      guardian processes rules check my-rules.yml
    """


@rules.command("list")
@json_option()
@pass_session
def list_rules(session: Session, as_json: bool) -> None:
    """List every rule: its code, what it is about, and how much it weighs."""
    shipped = session.features.processes.rules()
    if as_json:
        session.print_json(shipped)
        return
    for rule in shipped:
        title = session.words.say(f"processes.rule.{rule.code}.title")
        session.print(f"{rule.code:<28} {rule.level:<14} {title}")


@rules.command("show")
@click.argument("code")
@json_option()
@pass_session
def show_rule(session: Session, code: str, as_json: bool) -> None:
    """Show one rule: its sentences, and what exactly it asks."""
    rule = next((each for each in session.features.processes.rules() if each.code == code), None)
    if rule is None:
        raise Problem("rule-not-there", name=code)
    if not as_json:
        session.print(session.words.say(f"processes.rule.{code}.title"), "bold")
        for part in ("why", "honest", "do"):
            told = session.words.say(f"processes.rule.{code}.{part}")
            session.print(session.words.say(f"processes.cli.{part}", text=told))
    session.print_json(rule)


@rules.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@json_option()
@click.pass_context
@pass_session
def check_rules(session: Session, context: click.Context, file: Path, as_json: bool) -> None:
    """Say whether the rules in FILE (Sigma, YAML), or in a folder, can be asked.

    Exit codes: 0 all of them, 2 not all.
    """
    good, faults = session.features.processes.check_rules(file)
    if as_json:
        session.print_json({"rules": [rule.title for rule in good], "faults": faults})
    else:
        for fault in faults:
            session.say(
                "processes.cli.rule-fault",
                file=fault.file, line=fault.line, reason=fault.message,
            )  # fmt: skip
        session.say("processes.cli.rules-good", count=len(good))
    context.exit(EXIT_FAULTS if faults else 0)


COMMANDS = (rules,)
