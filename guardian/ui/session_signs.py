"""What a desktop says over D-Bus about locked screens and sleep: signals and their meaning.

Going to sleep and a wish to lock are told by logind, a locked screen by the desktops' screen
savers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

LOGIN = "org.freedesktop.login1"
LOGIN_PATH = "/org/freedesktop/login1"
DESKTOPS = ("freedesktop", "gnome", "cinnamon", "mate", "xfce")  # KDE speaks as freedesktop


class Happening(StrEnum):
    """What the desktop can say about itself."""

    SCREEN_LOCKED = "screen-locked"
    SLEEPS = "sleeps"
    WOKE = "woke"


@dataclass(frozen=True)
class Sign:
    """A signal on the ``system`` or ``session`` bus; no ``service``, no ``path``: whoever's."""

    bus: str
    service: str
    path: str
    interface: str
    member: str


def signs(environment: Mapping[str, str]) -> tuple[Sign, ...]:
    """What to listen for. On the system bus only logind is believed; on the session bus every
    program is the person's own, and which of them keeps the screen differs."""
    own = environment.get("XDG_SESSION_ID", "")
    session = f"{LOGIN_PATH}/session/{encode(own)}" if own else ""
    savers = (f"org.{desktop}.ScreenSaver" for desktop in DESKTOPS)
    return (
        Sign("system", LOGIN, LOGIN_PATH, f"{LOGIN}.Manager", "PrepareForSleep"),
        Sign("system", LOGIN, session, f"{LOGIN}.Session", "Lock"),
        *(Sign("session", "", "", saver, "ActiveChanged") for saver in savers),
    )


def encode(name: str) -> str:
    """``name`` as the last part of a D-Bus path: what may not stand there as ``_`` and hex digits.

    As ``sd_bus_path_encode`` of systemd does it: a digit in front is written so too.
    """
    return "".join(
        chr(byte) if chr(byte).isalpha() or (number and chr(byte).isdigit()) else f"_{byte:02x}"
        for number, byte in enumerate(name.encode())
        if byte < 0x80
    )


def meaning(interface: str, member: str, arguments: Sequence[Any]) -> Happening | None:
    """What a signal says, or None for one that asks for nothing."""
    begins = bool(arguments) and arguments[0] is True
    if interface == f"{LOGIN}.Manager" and member == "PrepareForSleep":
        return Happening.SLEEPS if begins else Happening.WOKE
    if interface == f"{LOGIN}.Session" and member == "Lock":
        return Happening.SCREEN_LOCKED
    if interface.endswith(".ScreenSaver") and member == "ActiveChanged" and begins:
        return Happening.SCREEN_LOCKED
    return None


Hear = Callable[[str, str, Sequence[Any]], None]


class Bus(Protocol):
    """How the desktop is heard. ``hear`` gets interface, member and arguments of each signal."""

    def listen(self, signs: Sequence[Sign], hear: Hear) -> bool:
        """Whether anything can be heard at all."""
        ...

    def delay_sleep(self) -> None:
        """Ask that the computer waits with going to sleep until :meth:`let_sleep`."""
        ...

    def let_sleep(self) -> None: ...
