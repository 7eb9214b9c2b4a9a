"""Three ways to answer «what is there?»: a value, «kept from this user», «not told here»."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TypeVar, Union

T = TypeVar("T")


class Unknown(Enum):
    """Why a field has no value. Neither of the two ever counts as «nothing there»."""

    DENIED = "denied"
    """The system keeps it from this user; admin rights may show it."""
    ABSENT = "absent"
    """This kind of system does not tell such a thing, or nobody asked for it."""


Seen = Union[T, Unknown]  # noqa: UP007 - a generic alias cannot be written with | in Python 3.11


class System(StrEnum):
    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"
    OTHER = "other"
