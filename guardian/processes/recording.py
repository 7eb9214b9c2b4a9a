"""The nouns of this pillar as JSON: kept records, the look with admin rights, recorded fixtures.

A field that was not seen is left out and named under ``unknown`` with the reason.
"""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from guardian.core.errors import Problem
from guardian.processes.model import Unknown

T = TypeVar("T")

UNKNOWN = "unknown"
MISFITS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What building from other JSON than ours raises."""


def encode(record: object) -> bytes:
    """A :class:`Snapshot`, a :class:`Scan` or any other of the frozen nouns."""
    whole = plain(record)
    try:
        return msgspec.json.encode(whole)
    except UnicodeEncodeError:  # a name of bytes that are no text, or half a sign: now a mark
        text = json.dumps(whole, ensure_ascii=False, default=msgspec.to_builtins)
        return text.encode("utf-8", "replace")


def plain(value: Any) -> Any:
    """Dataclasses as maps, without the fields that were not seen."""
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    unknown = {name: each.value for name, each in fields.items() if isinstance(each, Unknown)}
    seen = {name: plain(each) for name, each in fields.items() if name not in unknown}
    return {**seen, UNKNOWN: unknown} if unknown else seen


def decode(raw: bytes, kind: type[T]) -> T:
    """Raises ``Problem("snapshot-unreadable")`` for anything :func:`encode` does not write."""
    try:
        record = build(kind, msgspec.json.decode(raw))
    except (msgspec.MsgspecError, *MISFITS) as error:
        raise Problem("snapshot-unreadable") from error
    assert isinstance(record, kind)
    return record


def build(kind: Any, value: Any) -> Any:
    """``value``, as read from JSON, as an object of type ``kind``."""
    if dataclasses.is_dataclass(kind):
        return build_record(kind, value)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        inner = [part for part in parts if part not in (Unknown, type(None))]
        if value is None and type(None) in parts:
            return None
        return build(inner[0] if len(inner) == 1 else Union[tuple(inner)], value)  # noqa: UP007
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError("a list was expected")
        if parts[-1] is Ellipsis:
            return tuple(build(parts[0], each) for each in value)
        return tuple(build(part, each) for part, each in zip(parts, value, strict=True))
    return msgspec.convert(value, kind)


def build_record(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError("a map was expected")
    hints = hints_of(kind)
    reasons = value.get(UNKNOWN, {})
    fields: dict[str, Any] = {
        name: build(hints[name], each) for name, each in value.items() if name != UNKNOWN
    }
    for name, why in reasons.items():
        if Unknown not in (hints[name], *get_args(hints[name])):
            raise ValueError(f"{name} is always seen")
        fields[name] = Unknown(why)
    return kind(**fields)


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
