"""Keeps windows out of screenshots and screen sharing, where the system can do so.

Windows (10, version 2004 and later) and macOS can; X11 and Wayland have no such wish to make.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Protocol

SHOWN, HIDDEN = 0x00, 0x11  # WDA_NONE and WDA_EXCLUDEFROMCAPTURE of SetWindowDisplayAffinity
SHARING_NONE, SHARING_READ_ONLY = 0, 1  # of NSWindowSharingType


class System(Protocol):
    """What keeps a window out of pictures; ``identity`` is what Qt calls its winId."""

    def hide(self, identity: int, hidden: bool) -> bool:
        """Whether the system agreed."""
        ...


class Windows:
    def __init__(self, library: Any = None) -> None:
        self._user = library or ctypes.windll.user32  # type: ignore[attr-defined]

    def hide(self, identity: int, hidden: bool) -> bool:
        affinity = ctypes.c_uint32(HIDDEN if hidden else SHOWN)
        return bool(self._user.SetWindowDisplayAffinity(ctypes.c_void_p(identity), affinity))


class Mac:
    """Qt's winId is the NSView here; its NSWindow is asked for."""

    def __init__(self, library: Any = None) -> None:
        self._objc = library or ctypes.cdll.LoadLibrary("/usr/lib/libobjc.A.dylib")
        self._objc.sel_registerName.restype = ctypes.c_void_p
        self._objc.sel_registerName.argtypes = [ctypes.c_char_p]

    def hide(self, identity: int, hidden: bool) -> bool:
        window = self._send(identity, b"window")
        if not window:
            return False
        sharing = SHARING_NONE if hidden else SHARING_READ_ONLY
        self._send(window, b"setSharingType:", sharing)
        return True

    def _send(self, receiver: int, selector: bytes, *numbers: int) -> int:
        send = self._objc.objc_msgSend
        send.restype = ctypes.c_void_p
        send.argtypes = [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_ulong] * len(numbers)]
        return send(receiver, self._objc.sel_registerName(selector), *numbers) or 0


def find_system(platform: str = sys.platform) -> System | None:
    """The system's own way, or None where it has none."""
    try:
        if platform == "win32":
            return Windows()
        if platform == "darwin":
            return Mac()
    except (AttributeError, OSError):
        return None
    return None
