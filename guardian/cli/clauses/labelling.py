"""``label``: what the weights and the decisive words say of single sentences, for measuring."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import IO, Any

import click
import msgspec

from guardian.cli.clauses.answers import answer_labels
from guardian.cli.session import Session, output, pass_session
from guardian.core.errors import Problem

BATCH = 500


@click.command()
@click.argument("file", type=click.File("rb"), default="-", metavar="[FILE]")
@pass_session
def label(session: Session, file: IO[bytes]) -> None:
    """Label sentences: JSON lines {"text": ...} in, one JSON line each out.

    Each line out has topics and unfair (name: probability, of those given; a label is given from
    0.5 on), verdict (a probability for good, neutral, bad, blocker), important, risk and sensitive
    (a probability each), and abstained (the verdict is too unsure to be said). "answers" repeats
    what is given without numbers; "probabilities" has those of all topics and unfair tags.

    \b
    Example:
      guardian clauses label sentences.jsonl > labels.jsonl
    """
    service = session.features.clauses
    for batch in batches(file):
        for said in service.label(batch):
            with output():
                sys.stdout.write(msgspec.json.encode(answer_labels(said)).decode() + "\n")


def batches(file: IO[bytes]) -> Iterator[list[str]]:
    """The texts of all lines, some hundred at a time. Raises ``Problem`` naming a bad line."""
    batch: list[str] = []
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        batch.append(text_of(line, number))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def text_of(line: bytes, number: int) -> str:
    try:
        row: Any = msgspec.json.decode(line.removeprefix(BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem("label-line-bad", line=number) from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise Problem("label-line-bad", line=number)
    return str(row["text"])


COMMANDS = (label,)
