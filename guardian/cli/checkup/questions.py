"""The seven questions of the first run, on a terminal or as ``NAME=VALUE``."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import click

from guardian.checkup.model import Circumstances, Dependant, Device, Leak, Phone
from guardian.cli.session import Session
from guardian.core.errors import Problem

E = TypeVar("E", bound=StrEnum)

QUESTIONS = ("devices", "phone", "dependants", "shared", "public", "leaked", "minutes")
CHOICES: dict[str, tuple[str, ...]] = {
    "devices": tuple(one.value for one in Device),
    "phone": tuple(one.value for one in Phone),
    "dependants": (*(one.value for one in Dependant), "nobody"),
    "shared": ("yes", "no"),
    "public": ("yes", "no"),
    "leaked": tuple(one.value for one in Leak),
    "minutes": ("5", "20", "45"),
}


def set_answers(before: Circumstances, given: tuple[str, ...]) -> Circumstances:
    """``before`` with answers such as ``phone=android``. Raises ``Problem("question-unknown")``."""
    after = before
    for one in given:
        name, _, value = one.partition("=")
        if name not in CHOICES:
            raise Problem("question-unknown", name=name, names=", ".join(QUESTIONS))
        after = put(after, name, value)
    return replace(after, asked=True)


def put(now: Circumstances, name: str, value: str) -> Circumstances:
    given = [part.strip() for part in value.split(",") if part.strip()]
    wrong = [part for part in given if part not in CHOICES[name]]
    several = name in ("devices", "dependants")
    if wrong or not given or (len(given) > 1 and not several):
        raise Problem("answer-unknown", name=name, choices=", ".join(CHOICES[name]))
    if name == "devices":
        return replace(now, devices=frozenset(map(Device, given)))
    if name == "dependants":
        some = frozenset(Dependant(part) for part in given if part != "nobody")
        return replace(now, dependants=some)
    only = given[0]
    if name == "phone":
        return replace(now, phone=Phone(only))
    if name == "leaked":
        return replace(now, leaked=Leak(only))
    if name == "minutes":
        return replace(now, minutes=int(only))
    return replace(now, **{name: only == "yes"})  # type: ignore[arg-type]


def ask(session: Session, before: Circumstances) -> Circumstances:
    """Ask them one after the other; Enter takes what is offered."""
    after = before
    for name in QUESTIONS:
        session.err.print(session.words.say(f"question.{name}"))
        choices = CHOICES[name]
        while True:
            typed = click.prompt(
                ", ".join(choices), default=told(after, name), err=True, show_default=True
            )
            try:
                after = put(after, name, str(typed).lower())
                break
            except Problem as problem:
                session.show_problem(problem)
    return replace(after, asked=True)


def told(now: Circumstances, name: str) -> str:
    """The present answer in the form :func:`put` takes."""
    value = getattr(now, name)
    if isinstance(value, frozenset):
        return ",".join(sorted(value)) or "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
