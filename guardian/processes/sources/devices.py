"""Which open files of a process are a keyboard, a camera, a microphone, or see as much."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from guardian.processes.model import Device, DeviceKind
from guardian.processes.sources.rawprocess import DELETED, read_text

EV_REP = 1 << 0x14
"""Repeats while held down: what keyboards do and buttons, mice and switches do not."""
LETTERS = 0x3FF << 16
"""The keys Q to P, include/uapi/linux/input-event-codes.h."""

NAMES: tuple[tuple[DeviceKind, re.Pattern[str]], ...] = (
    (DeviceKind.CAMERA, re.compile(r"video\d+|v4l/.+")),
    (DeviceKind.MICROPHONE, re.compile(r"snd/pcmC\d+D\d+c")),
    (DeviceKind.POINTER, re.compile(r"input/(?:js\d+|mouse\d+|mice)|js\d+|psaux")),
    (DeviceKind.SCREEN, re.compile(r"fb\d+|vcs[au]?\d*")),
    (DeviceKind.TYPING, re.compile(r"(?:input/)?uinput|uhid")),
    (DeviceKind.MEMORY, re.compile(r"k?mem|port|crash|fmem|pmem")),
    (DeviceKind.NETWORK, re.compile(r"net/tun|tap\d+")),
    (DeviceKind.WATCHER, re.compile(r"usbmon\d+")),
)
"""Devices by their names below /dev. Input devices are asked what they are instead."""

WATCHERS = frozenset(("fanotify", "perf_event", "bpf-prog", "bpf_link", "userfaultfd"))
"""Handles without a path that tell of other programs' doings, by the kernel's names for them."""
TRACING = re.compile(r"/sys/kernel/(?:debug/)?tracing/.+|/proc/kmsg")
MEMORY_OF = re.compile(r"/proc/(\d+)(?:/task/\d+)?/mem")
HIDRAW = Path("/sys/class/hidraw")
NUMBERS = Path("/sys/dev/char")
KEYBOARD_USAGE = b"\x05\x01\x09\x06"
POINTER_USAGES = (b"\x05\x01\x09\x02", b"\x05\x01\x09\x04", b"\x05\x01\x09\x05")
"""«Generic desktop»: keyboard; mouse, joystick, game pad (HID usage tables 1.12, section 4)."""


class DeviceNames:
    """Knows what kind each device is. An input device it cannot rule out counts as a keyboard."""

    def __init__(self, proc: Path) -> None:
        self._file = proc / "bus" / "input" / "devices"
        self._inputs: dict[str, DeviceKind | None] | None = None

    def kind_of(self, name: str) -> DeviceKind | None:
        """What a device gives away; ``name`` as below /dev, such as ``input/event3``."""
        if name.startswith("input/event"):
            if self._inputs is None:
                self._inputs = parse_inputs(read_text(self._file))
            return self._inputs.get(name[6:], DeviceKind.KEYBOARD)
        if name.startswith("hidraw"):
            return raw_input(name)
        return next((kind for kind, pattern in NAMES if pattern.fullmatch(name)), None)

    def kind_at(self, path: str) -> DeviceKind | None:
        """What the open file at ``path`` gives away, going by its path alone."""
        if path.startswith("/dev/"):
            return self.kind_of(path[5:].removesuffix(DELETED))
        if path.startswith("/proc/"):
            return DeviceKind.MEMORY if path == "/proc/kcore" else self._tracing(path)
        return self._tracing(path) if path.startswith("/sys/") else None

    @staticmethod
    def _tracing(path: str) -> DeviceKind | None:
        return DeviceKind.WATCHER if TRACING.fullmatch(path) else None


def watcher(link: str) -> Device | None:
    """A handle without a path that watches, such as ``anon_inode:[fanotify]``."""
    name = link.removeprefix("anon_inode:").strip("[]")
    return Device(DeviceKind.WATCHER, name) if name in WATCHERS else None


def other_memory(link: str, own: tuple[int, ...]) -> Device | None:
    """The memory of a process that is none of ``own``, its numbers here and in its container."""
    match = MEMORY_OF.fullmatch(link)
    if match is None or int(match[1]) in own:
        return None
    return Device(DeviceKind.MEMORY, link)


def parse_inputs(text: str) -> dict[str, DeviceKind | None]:
    """Event devices of /proc/bus/input/devices, such as ``event3``: keyboard, pointer, neither."""
    found: dict[str, DeviceKind | None] = {}
    for block in text.split("\n\n"):
        handlers: list[str] = []
        events = keys = 0
        for line in block.split("\n"):
            if line.startswith("H: Handlers="):
                handlers = line.partition("=")[2].split()
            elif line.startswith("B: EV="):
                events = hexadecimal(line.partition("=")[2])
            elif line.startswith("B: KEY="):
                keys = hexadecimal(line.rpartition(" ")[2].rpartition("=")[2])
        typing = "kbd" in handlers and (events & EV_REP or keys & LETTERS == LETTERS)
        pointer = any(re.fullmatch(r"(?:mouse|js)\d+", name) for name in handlers)
        kind = DeviceKind.KEYBOARD if typing else DeviceKind.POINTER if pointer else None
        found.update({name: kind for name in handlers if name.startswith("event")})
    return found


def hexadecimal(text: str) -> int:
    try:
        return int(text.strip(), 16)
    except ValueError:
        return 0


@cache
def raw_input(name: str) -> DeviceKind | None:
    """What a ``hidraw`` device says of itself; a keyboard where it says nothing."""
    try:
        told = (HIDRAW / name / "device" / "report_descriptor").read_bytes()
    except (OSError, ValueError):
        return DeviceKind.KEYBOARD
    if KEYBOARD_USAGE in told:
        return DeviceKind.KEYBOARD
    pointer = any(usage in told for usage in POINTER_USAGES)
    return DeviceKind.POINTER if pointer else None


FIXED = {(1, 1): "mem", (1, 2): "kmem", (1, 4): "port", (10, 200): "net/tun", (10, 223): "uinput"}
MAJORS = {7: "vcs{}", 29: "fb{}", 81: "video{}"}
"""Numbers that never change (Documentation/admin-guide/devices.txt)."""


@cache
def name_number(number: int) -> str:
    """The name below /dev that belongs to a device number, wherever its file stands, or ""."""
    major, minor = os.major(number), os.minor(number)
    for line in read_text(NUMBERS / f"{major}:{minor}" / "uevent").split("\n"):
        if line.startswith("DEVNAME="):
            return line[8:]
    if major == 13:
        return f"input/event{minor - 64}" if minor >= 64 else f"input/mouse{minor}"
    return FIXED.get((major, minor)) or MAJORS.get(major, "").format(minor)
