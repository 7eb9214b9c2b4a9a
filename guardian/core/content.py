"""Reading what Guardian ships as data, checked against the types it is meant to have."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from guardian.core.errors import Problem
from guardian.core.paths import assets

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every content record: immutable, typed, and strict about misspelt fields."""


def read_content(name: str, kind: type[T]) -> T:
    """The content file ``assets/<name>`` as ``kind``.

    Raises ``Problem("content-bad")`` that names the file and the place in it.
    """
    return decode(assets() / name, kind)


def decode(path: Path, kind: type[T]) -> T:
    """The JSON file ``path`` as ``kind``; see :func:`read_content`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Problem(
            "content-bad", file=path.name, reason=error.strerror or "cannot be read"
        ) from error
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as error:
        raise Problem("content-bad", file=path.name, reason=describe(error, raw)) from error
    except UnicodeDecodeError as error:
        raise Problem("content-bad", file=path.name, reason="not UTF-8 text") from error


def describe(error: msgspec.DecodeError, raw: bytes) -> str:
    """Say where in ``raw`` an error sits: a line number for broken JSON, else the field's path."""
    text = str(error)
    if "(byte " not in text:
        return text
    offset = int(text.rsplit("(byte ", 1)[1].rstrip(")"))
    line = raw.count(b"\n", 0, offset) + 1
    return f"line {line}: {text.rsplit(' (byte', 1)[0]}"
