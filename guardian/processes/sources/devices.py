"""Which open files of a process are a keyboard, a camera or a microphone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from guardian.processes.model import Device, DeviceKind
from guardian.processes.sources.procfs import parse_keyboards
from guardian.processes.sources.rawprocess import read_text, shown

INTERESTING = re.compile(
    r"/dev/(?:(?P<camera>video\d+)|snd/(?P<microphone>pcmC\d+D\d+c)"
    r"|input/(?P<event>event\d+)|(?P<raw>hidraw\d+))(?: \(deleted\))?"
)
HIDRAW = Path("/sys/class/hidraw")
KEYBOARD_USAGE = b"\x05\x01\x09\x06"
"""«Generic desktop: keyboard» in a report descriptor (HID usage tables 1.12, section 4)."""


class DeviceNames:
    """Knows which input devices are keyboards. One it cannot rule out counts as a keyboard."""

    def __init__(self, proc: Path) -> None:
        self._file = proc / "bus" / "input" / "devices"
        self._keyboards: dict[str, bool] | None = None

    def is_keyboard(self, name: str) -> bool:
        if name.startswith("hidraw"):
            return raw_keyboard(name)
        if self._keyboards is None:
            self._keyboards = parse_keyboards(read_text(self._file))
        return self._keyboards.get(name, True)


@cache
def raw_keyboard(name: str) -> bool:
    try:
        return KEYBOARD_USAGE in (HIDRAW / name / "device" / "report_descriptor").read_bytes()
    except OSError:
        return True


def find_devices(links: dict[int, str], root: str, names: DeviceNames) -> tuple[Device, ...]:
    """The devices among a process's open files; ``root`` is stripped from their paths."""
    found = set()
    for link in links.values():
        if "/dev/" not in link:
            continue
        path = link.removeprefix(root) if root != "/" else link
        match = INTERESTING.fullmatch(path)
        if not match:
            continue
        if match["camera"]:
            found.add(Device(DeviceKind.CAMERA, shown(path)))
        elif match["microphone"]:
            found.add(Device(DeviceKind.MICROPHONE, shown(path)))
        elif names.is_keyboard(match["event"] or match["raw"]):
            found.add(Device(DeviceKind.KEYBOARD, shown(path)))
    return tuple(sorted(found, key=lambda device: device.path))
