"""What runs on an event: a device appears, the network changes, software is installed.

Grammar: the manual pages udev(7), NetworkManager-dispatcher(8), apt.conf(5), dpkg(1),
interfaces(5), acpid(8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.drafts import draft, draft_file
from guardian.processes.sources.autostart.places import Places

UDEV = (
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d",
)
UDEV_RUN = re.compile(
    r"\b(RUN|PROGRAM|IMPORT)(?:\{(program|\w+)\})?\s*(?:\+=|:=|==|=)\s*e?\"((?:\\.|[^\"\\])*)\""
)
UDEV_PROGRAMS = "/usr/lib/udev"
SCRIPTS = (
    ("/etc/NetworkManager/dispatcher.d", "network"),
    ("/etc/NetworkManager/dispatcher.d/pre-up.d", "network"),
    ("/etc/NetworkManager/dispatcher.d/pre-down.d", "network"),
    ("/etc/NetworkManager/dispatcher.d/no-wait.d", "network"),
    ("/usr/lib/NetworkManager/dispatcher.d", "network"),
    *(
        (f"/etc/networkd-dispatcher/{state}.d", "network")
        for state in (
            "routable",
            "dormant",
            "no-carrier",
            "off",
            "carrier",
            "degraded",
            "configuring",
            "configured",
        )
    ),
    *((f"/etc/network/if-{when}.d", "network") for when in ("up", "down", "pre-up", "post-down")),
    *((f"/etc/ppp/{when}.d", "network") for when in ("ip-up", "ip-down", "ipv6-up", "ipv6-down")),
    ("/etc/dhcp/dhclient-enter-hooks.d", "network"),
    ("/etc/dhcp/dhclient-exit-hooks.d", "network"),
    ("/etc/update-motd.d", "motd"),
    ("/etc/X11/Xsession.d", "session"),
    ("/etc/X11/xinit/xinitrc.d", "session"),
    ("/etc/X11/Xreset.d", "session"),
    ("/etc/xdg/plasma-workspace/env", "session"),
    ("/etc/xdg/plasma-workspace/shutdown", "session"),
    ("/etc/gdm3/Init", "session"),
    ("/etc/gdm3/PostLogin", "session"),
    ("/etc/gdm3/PreSession", "session"),
    ("/etc/gdm3/PostSession", "session"),
    ("/etc/pm/sleep.d", "sleep"),
    ("/usr/lib/pm-utils/sleep.d", "sleep"),
    ("/etc/pm/power.d", "sleep"),
    ("/etc/acpi", "acpi"),
    ("/etc/kernel/postinst.d", "kernel-package"),
    ("/etc/kernel/prerm.d", "kernel-package"),
    ("/etc/kernel/install.d", "kernel-package"),
    ("/etc/initramfs-tools/hooks", "start-image"),
    ("/etc/initramfs-tools/scripts/init-premount", "start-image"),
    ("/etc/initramfs-tools/scripts/init-bottom", "start-image"),
    ("/etc/grub.d", "start-image"),
    ("/usr/local/share/apport/package-hooks", "crash"),
)
NO_SCRIPT = re.compile(r"README|\.(?:md|txt|dpkg-\w+|conf|ucf-\w+)$|^\.placeholder$")
APT = re.compile(
    r"(?:Pre-Invoke|Post-Invoke(?:-Success|-Stats)?|Pre-Install-Pkgs|Post-Install-Pkgs|"
    r"Proxy-Auto-Detect|ProxyAutoDetect|Key-Invoke)\b[^;{}\"]*(?:\{(?P<block>[^}]*)\}|(?P<one>\"[^;]*))",
    re.DOTALL,
)
TEXT = re.compile(r"\"((?:\\.|[^\"\\])*)\"")
DPKG = re.compile(r"^(?:pre|post)-invoke[= ]\s*(.+)|^status-logger[= ]\s*(.+)")
ACPI = re.compile(r"^action\s*=\s*(.+)")
INTERFACES = re.compile(r"^(?:pre-up|up|post-up|down|pre-down|post-down)\s+(.+)")
CORE_PATTERN = "/proc/sys/kernel/core_pattern"


def read(places: Places) -> Iterator[StartEntry]:
    for folder in UDEV:
        for path in places.files(folder, ".rules"):
            yield from udev(places, path)
    for folder, kind in SCRIPTS:
        for path in places.files(folder):
            yield from script(places, path, kind)
    for path in ("/etc/apt/apt.conf", *places.files("/etc/apt/apt.conf.d")):
        yield from apt(places, path)
    for path in ("/etc/dpkg/dpkg.cfg", *places.files("/etc/dpkg/dpkg.cfg.d")):
        yield from matching(places, path, DPKG, "dpkg")
    for path in places.files("/etc/acpi/events"):
        yield from matching(places, path, ACPI, "acpi")
    for path in ("/etc/network/interfaces", *places.files("/etc/network/interfaces.d")):
        yield from matching(places, path, INTERFACES, "network")
    yield from pacman(places)
    yield from core(places)


def udev(places: Places, path: str) -> Iterator[StartEntry]:
    text = places.read(path) or ""
    if "RUN" not in text and "PROGRAM" not in text and "IMPORT" not in text:
        return
    text = text.replace("\\\n", " ")
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        for key, kind, value in UDEV_RUN.findall(line):
            if kind == "builtin" or (key == "IMPORT" and kind != "program"):
                continue
            command = value.replace('\\"', '"')
            first = command.split(None, 1)[0] if command.split() else ""
            yield draft(
                places,
                Place.HOOK,
                "udev",
                path,
                command if "/" in first else f"{UDEV_PROGRAMS}/{command}",
                line=number,
            )


def script(places: Places, path: str, kind: str) -> Iterator[StartEntry]:
    """A file of its own in a folder whose files are run."""
    name = path.rpartition("/")[2]
    state = places.state(path)
    if NO_SCRIPT.search(name) or state is None or state.st_mode & 0o170000 != 0o100000:
        return
    yield draft_file(places, Place.HOOK, kind, path, path)


def apt(places: Places, path: str) -> Iterator[StartEntry]:
    text = places.read(path) or ""
    if "nvoke" not in text and "Install-Pkgs" not in text and "roxy" not in text:
        return
    text = re.sub(r"^\s*(?://|#)[^\n]*", "", text, flags=re.MULTILINE)
    for found in APT.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        for command in TEXT.findall(found["block"] or found["one"]):
            code = command.replace('\\"', '"')
            yield draft(places, Place.HOOK, "apt", path, code, line=line, code=True)


def matching(
    places: Places, path: str, pattern: re.Pattern[str], kind: str
) -> Iterator[StartEntry]:
    """One command for each line that fits."""
    for number, line in places.lines(path):
        if found := pattern.match(line[:20_000]):
            command = next(filter(None, found.groups())).strip("\"'")
            yield draft(places, Place.HOOK, kind, path, command, line=number, code=True)


def pacman(places: Places) -> Iterator[StartEntry]:
    """Hooks of Arch Linux's package manager (alpm-hooks(5))."""
    for folder in ("/etc/pacman.d/hooks", "/usr/share/libalpm/hooks"):
        for path in places.files(folder, ".hook"):
            yield from matching(places, path, re.compile(r"Exec\s*=\s*(.+)"), "pacman")


def core(places: Places) -> Iterator[StartEntry]:
    """The program that is handed the memory of every program that crashes."""
    text = (places.read(CORE_PATTERN) or "").strip() if places.here else ""
    if text.startswith("|"):
        yield draft(places, Place.HOOK, "crash", CORE_PATTERN, text[1:])
