"""What a Linux desktop answers about itself: the lock of the screen, and what it tells others."""

from __future__ import annotations

import re

from guardian.processes.model import ScreenLock, Seen, Unknown
from guardian.processes.sources.machine import Machine, sections, yes

LOCKERS = (
    "org.gnome.desktop.screensaver",
    "org.cinnamon.desktop.screensaver",
    "org.mate.screensaver",
)


def ask_desktop(machine: Machine, schema: str, key: str) -> str | None:
    """A setting of the desktop; None where it has none of that name, or where there is no desktop.

    Without a session bus the tool would answer with the defaults, which say nothing.
    """
    if not machine.environment.get("XDG_CURRENT_DESKTOP"):
        return None
    answer = machine.run(("gsettings", "get", schema, key))
    return answer.strip().strip("'") if isinstance(answer, str) else None


def number_in(text: str | None) -> int:
    """The last number of an answer such as ``uint32 300``; 0 for none."""
    found = re.findall(r"\d+", text or "")
    return int(found[-1]) if found else 0


def read_screen_lock(machine: Machine) -> Seen[ScreenLock]:
    desktop = machine.environment.get("XDG_CURRENT_DESKTOP", "")
    if "KDE" in desktop:
        text = machine.text("~/.config/kscreenlockerrc")
        if text is Unknown.DENIED:
            return Unknown.DENIED
        daemon = sections(text).get("daemon", {}) if isinstance(text, str) else {}
        # KDE writes only what differs from its defaults: locked after five minutes
        enabled = yes(daemon.get("autolock", "true"))
        return ScreenLock(enabled, number_in(daemon.get("timeout", "5")) if enabled else 0)
    for schema in LOCKERS:
        locks = ask_desktop(machine, schema, "lock-enabled")
        if locks is None:
            continue
        session = schema.replace(".screensaver", ".session")
        idle = ask_desktop(machine, session, "idle-delay")
        return ScreenLock(yes(locks), -(-number_in(idle) // 60))
    return Unknown.ABSENT


def read_reports(machine: Machine) -> Seen[tuple[str, ...]]:
    """What is told to others by default: location, problem reports, statistics."""
    found = []
    asked = (
        ("org.gnome.system.location", "enabled", "location"),
        ("org.gnome.desktop.privacy", "report-technical-problems", "problems"),
        ("org.gnome.desktop.privacy", "send-software-usage-stats", "statistics"),
    )
    answers = [(ask_desktop(machine, schema, key), name) for schema, key, name in asked]
    found += [name for answer, name in answers if answer == "true"]
    known = any(answer is not None for answer, _ in answers)
    files = (
        ("/etc/default/whoopsie", "", "report_crashes", "problems"),
        ("/etc/popularity-contest.conf", "", "participate", "statistics"),
    )
    for path, section, key, name in files:
        text = machine.text(path)
        if isinstance(text, str):
            known = True
            if yes(sections(text).get(section, {}).get(key)):
                found.append(name)
    kde = machine.text("~/.config/PlasmaUserFeedback")
    if isinstance(kde, str):
        known = True
        if number_in(sections(kde).get("global", {}).get("feedbacklevel")):
            found.append("statistics")
    return tuple(dict.fromkeys(found)) if known else Unknown.ABSENT
