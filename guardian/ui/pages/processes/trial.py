"""Harmless examples for trainers: planted, looked for, and taken away again by the service."""

from __future__ import annotations

from guardian.core.jobs import Report
from guardian.core.words import Words
from guardian.processes.service import Example, ProcessesService, SelfTest


def run(service: ProcessesService, report: Report) -> SelfTest:
    return service.selftest(report)


def tell(words: Words, result: SelfTest) -> list[str]:
    """How many examples were found, then each with what became of it."""
    counts = {"count": result.found, "total": result.planted}
    return [
        words.say("processes.page.trial.found", **counts),
        *(tell_one(words, example) for example in result.examples),
    ]


def tell_one(words: Words, example: Example) -> str:
    kind = "hit" if example.found else "missed" if example.planted else "unplanted"
    return words.say(f"processes.page.trial.{kind}", name=words.tell(example.title()))
