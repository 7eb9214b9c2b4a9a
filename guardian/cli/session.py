"""What every command shares: the words, the records, progress, and how answers are printed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from guardian import features
from guardian.core import keychain, log
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report, Throttle, report_nothing
from guardian.core.paths import Paths, find_paths
from guardian.core.store import Store, open_store
from guardian.core.words import Fact, Message, Words

T = TypeVar("T")

STYLES = {Level.FINE: "green", Level.ASK: "yellow", Level.ACT: "bold red"}
TRIES = 3


class Session:
    """One run of the ``guardian`` command. The records are opened when first needed."""

    def __init__(self) -> None:
        self.words = Words()
        self.out = Console(highlight=False, soft_wrap=True)
        self.err = Console(stderr=True, highlight=False)
        self.home = Path.home()

    @cached_property
    def paths(self) -> Paths:
        return find_paths()

    @cached_property
    def store(self) -> Store:
        """The person's records; asks for the passphrase on a terminal where one is set."""
        for left in reversed(range(TRIES)):
            try:
                return open_store(self.paths, keychain.find_keychain(), self._ask_passphrase)
            except Problem as problem:
                if problem.code != "passphrase-wrong" or not left:
                    raise
                self.show_problem(problem)
        raise AssertionError("unreachable")

    @cached_property
    def features(self) -> features.Features:
        return features.build(self.store, self.home)

    def _ask_passphrase(self) -> str | None:
        if not sys.stdin.isatty():
            return None
        prompt = self.words.say("cli.records-passphrase")
        answer: str = click.prompt(
            prompt, hide_input=True, default="", show_default=False, err=True
        )
        return answer or None

    def say(self, code: str, **facts: Fact) -> None:
        """Print one sentence. Markup and control characters in facts are shown as text."""
        self.print(self.words.say(code, **facts))

    def tell(self, sentence: Message) -> None:
        self.print(self.words.tell(sentence))

    def print(self, text: str, style: str = "") -> None:
        self.out.print(Text(printable(text), style=style))

    def print_level(self, level: Level, text: str) -> None:
        """A line that begins with its level, in words and colour."""
        line = Text(f"{self.words.say(f'level.{level.value}'):<18}", style=STYLES[level])
        self.out.print(line.append(Text(printable(text), style="default")))

    def print_json(self, answer: Any) -> None:
        """The machine's form of an answer: one JSON document on standard output."""
        text = msgspec.json.format(msgspec.json.encode(answer, enc_hook=str), indent=2)
        click.echo(text.decode())

    def show_problem(self, problem: Problem) -> None:
        """What happened and what to do, on standard error."""
        log.note_problem(problem.code)
        for line in (f"problem.{problem.code}", f"problem.{problem.code}.do"):
            self.err.print(Text(printable(self.words.say(line, **problem.facts))))

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """``work(*arguments, report)`` with a progress bar where a person watches."""
        if not self.err.is_terminal:
            return work(*arguments, report_nothing)
        columns = (TextColumn("{task.description}", markup=False), BarColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task("", total=None)

            def show(done: int, total: int, note: Message | None = None, /) -> None:
                described = self.words.tell(note) if note else None
                bar.update(task, completed=done, total=total or None, description=described)

            report: Report = Throttle(show)
            return work(*arguments, report)


def printable(text: str) -> str:
    """``text`` with control and direction-changing characters made visible."""
    return "".join(
        character if character in "\n\t" or character.isprintable() else f"\\u{ord(character):04x}"
        for character in text
    )


pass_session = click.make_pass_decorator(Session)
