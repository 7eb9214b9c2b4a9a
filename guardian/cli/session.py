"""What every command shares: the words, the records, progress, and how answers are printed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from guardian import features
from guardian.core import keychain, log, meeting
from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.files import write_atomically
from guardian.core.jobs import Report, Throttle, report_nothing
from guardian.core.paths import Paths, find_paths, in_demo
from guardian.core.profiles import FIRST, GUEST, Kind, Profile, find_profile, paths_of
from guardian.core.store import Store, open_in_memory, open_store
from guardian.core.words import Fact, Message, Words
from guardian.features import Features

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

STYLES = {Level.FINE: "green", Level.ASK: "yellow", Level.ACT: "bold red"}
TRIES = 3
# without these two reasons a person does not expect records, so an empty answer is no surprise
EXPECTED_EMPTY = ("keyring-absent", "passphrase-skipped")


class Terminal(Console):
    """A reader that went away, such as ``head``, ends the command and not only the printing."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


@contextmanager
def output() -> Iterator[None]:
    """Writing an answer. Raises ``Problem`` where the system takes no more of it, as on a full
    disk; a reader that went away is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Problem("output-refused", reason=error.strerror or "unknown") from error


class PlainWords(Words):
    """Sentences for a terminal: a name in them can neither steer it nor begin a line."""

    def show(self, fact: Fact) -> str:
        text = super().show(fact)
        return one_line(text) if isinstance(fact, str) else text


class Session:
    """One run of the ``guardian`` command. The records are opened when first needed.

    ``nickname`` says whose records they are, "" for the first profile; ``guest`` for nobody's.
    """

    def __init__(self, nickname: str = "", *, guest: bool = False) -> None:
        self.nickname, self.guest = nickname, guest
        self.words = PlainWords()
        self.out = Terminal(highlight=False, soft_wrap=True)
        self.err = Terminal(stderr=True, highlight=False)
        self.why: Problem | None = None
        self.wants_json = False
        self._answered = False

    @cached_property
    def home(self) -> Path:
        """Whose files are looked at. Raises ``Problem`` where the system does not say."""
        try:
            return Path.home()
        except RuntimeError:
            raise Problem("home-unknown") from None

    @cached_property
    def profile(self) -> Profile:
        """Whose records are opened. Raises ``Problem("profile-unknown")``."""
        if self.guest:
            return GUEST
        return find_profile(self.root, self.nickname) if self.nickname else FIRST

    @property
    def is_child(self) -> bool:
        return self.profile.kind is Kind.CHILD

    @cached_property
    def paths(self) -> Paths:
        """Where the files of this profile are. Raises ``Problem``; see ``root``, ``profile``."""
        return paths_of(self.root, self.profile)

    @cached_property
    def root(self) -> Paths:
        """Where Guardian keeps its own files. Raises ``Problem`` without a home."""
        try:
            Path.home()  # without one, the system's places would lie in a folder called «~»
            return find_paths()
        except RuntimeError:  # GUARDIAN_HOME begins with the home of somebody unknown
            raise Problem("home-unknown") from None

    @cached_property
    def store(self) -> Store:
        """The person's records; asks for the passphrase on a terminal where one is set.

        Raises ``Problem("projecting")`` while a demonstration is on a projector.
        """
        if self.guest:
            return open_in_memory(owner=GUEST.id)
        if not in_demo() and meeting.is_projecting(meeting.meeting_place()):
            raise Problem("projecting")
        for left in reversed(range(TRIES)):
            try:
                return open_store(self.paths, keychain.find_keychain(), self._ask_passphrase)
            except Problem as problem:
                if problem.code != "passphrase-wrong":
                    raise
                if not left:
                    self.tell_forgotten(problem)
                    raise
                self.show_problem(problem)
        raise AssertionError("unreachable")

    def tell_forgotten(self, problem: Problem) -> None:
        """After a wrong passphrase that is not asked for again: what is gone with a forgotten one,
        and what is not. ``problem`` is told here, and not once more when it is raised."""
        self.show_problem(problem)
        self.why = problem
        self.err.print(self.words.say("profile.forgotten"))

    @cached_property
    def features(self) -> Features:
        """All services. Where the records cannot be used, says why and goes on in memory."""
        home = self.home
        try:
            built = features.build(self.store, home, child=self.is_child)
        except Problem as problem:
            if "store" not in self.__dict__:
                raise
            self.store.close()
            self.store = open_in_memory(problem, self.store.owner)
            built = features.build(self.store, home, child=self.is_child)
        if self.store.why:
            self.show_problem(self.store.why)
            self.why = self.store.why
        return built

    def recorded(self) -> Features:
        """All services, for commands about the records alone.

        Raises the ``Problem`` that keeps them shut: an answer from an empty memory is not true.
        """
        built = self.features
        if self.why and self.why.code not in EXPECTED_EMPTY:
            raise self.why
        return built

    def unlocked(self) -> Features:
        """All services, for what the person's own answers alone can tell.

        Raises ``Problem`` also where they did not unlock their records: “0 of 100” and “is marked
        as done” would not be true.
        """
        built = self.recorded()
        if self.why and self.why.code == "passphrase-skipped":
            raise self.why
        return built

    @cached_property
    def _has_colours(self) -> bool:
        """Asked for with every line, and slow to find out."""
        return self.out.is_terminal

    def _ask_passphrase(self) -> str | None:
        if not on_terminal():
            return None
        prompt = self.words.say("cli.records-passphrase")
        answer: str = click.prompt(
            prompt, hide_input=True, default="", show_default=False, err=True
        )
        return answer or None

    def say(self, code: str, **facts: Fact) -> None:
        """Print one sentence. Markup, control characters and new lines in facts show as text."""
        self.print(self.words.say(code, **facts))

    def tell(self, sentence: Message) -> None:
        self.print(self.words.tell(sentence))

    def print(self, text: str, style: str = "") -> None:
        with output():
            if self._has_colours:
                self.out.print(Text(printable(text), style=style))
            else:  # without colours there is nothing to lay out, and a list may be long
                click.echo(printable(text))

    def print_level(self, level: Level, text: str) -> None:
        """A line that begins with its level, in words and colour."""
        line = Text(f"{self.words.say(f'level.{level.value}'):<18}", style=STYLES[level])
        with output():
            self.out.print(line.append(Text(printable(text), style="default")))

    def print_json(self, answer: Any) -> None:
        """The machine's form of an answer: one JSON document on standard output."""
        try:
            encoded = msgspec.json.encode(answer, enc_hook=str)
        except UnicodeEncodeError:  # a name that is no text
            plain = msgspec.to_builtins(answer, enc_hook=str)
            encoded = msgspec.json.encode(as_text(plain))
        self._answered = True
        with output():
            click.echo(msgspec.json.format(encoded, indent=2).decode())

    def show_problem(self, problem: Problem) -> None:
        """What happened and what to do, on standard error; once where it is told already."""
        if problem is self.why:
            return
        log.note_problem(problem.code)
        for line in (f"problem.{problem.code}", f"problem.{problem.code}.do"):
            self.err.print(Text(printable(self.words.say(line, **problem.facts))))

    def answer_problem(self, problem: Problem) -> None:
        """The machine's form of a problem, where ``--json`` got no answer yet."""
        if self.wants_json and not self._answered:
            told = self.words.say(f"problem.{problem.code}", **problem.facts)
            self.print_json({"problem": problem.code, "message": told})

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """``work(*arguments, report)`` with a progress bar where a person watches."""
        if not self.err.is_terminal:
            return work(*arguments, report_nothing)
        columns = (TextColumn("{task.description}", markup=False), BarColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task("", total=None)

            def show(done: int, total: int, note: Message | None = None, /) -> None:
                described = printable(self.words.tell(note)) if note else None
                bar.update(task, completed=done, total=total or None, description=described)

            report: Report = Throttle(show)
            return work(*arguments, report)


def write_file(path: Path, data: bytes) -> None:
    """Write an answer to the file a person named. Raises ``Problem``."""
    if not path.name:  # as of "" and of "/"
        raise Problem("file-is-folder", name=str(path))
    write_atomically(path, data)


def printable(text: str) -> str:
    """``text`` with control and direction-changing characters made visible.

    Bytes of a name that are no text (surrogate escapes) become ``\\xNN``.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character in "\n\t" or character.isprintable() else escaped(character)
        for character in text
    )


def one_line(text: str) -> str:
    """:func:`printable`, and on one line: for names that others chose."""
    return printable(text.replace("\n", "\\n").replace("\t", "\\t"))


def escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def as_text(answer: Any) -> Any:
    """``answer`` (of lists, dicts and values) with what is no Unicode text made visible."""
    if isinstance(answer, str):
        return "".join(
            escaped(character) if "\ud800" <= character <= "\udfff" else character
            for character in answer
        )
    if isinstance(answer, dict):
        return {as_text(key): as_text(value) for key, value in answer.items()}
    return [as_text(one) for one in answer] if isinstance(answer, (list, tuple)) else answer


def on_terminal() -> bool:
    """Whether a person sits there who can be asked; standard input may not even be open."""
    return sys.stdin is not None and sys.stdin.isatty()


def note_json(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    session = context.find_object(Session)
    if session is not None:
        session.wants_json = value
    return value


def json_option(about: str = "Answer as JSON.") -> Callable[[F], F]:
    """``--json``; a problem is then also answered as ``{"problem": code, "message": text}``."""
    return click.option("--json", "as_json", is_flag=True, callback=note_json, help=about)


pass_session = click.make_pass_decorator(Session)
