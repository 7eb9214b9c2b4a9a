"""The eyes of this pillar: what runs, what starts by itself and how the computer is set up."""

from __future__ import annotations

import sys

from guardian.core.jobs import Report
from guardian.processes.model import Setup, Snapshot, StartEntry, System
from guardian.processes.sources.look import Look
from guardian.processes.sources.owners import OwnerCache, Owners

__all__ = [
    "Look",
    "OwnerCache",
    "Owners",
    "take_entries",
    "take_setup",
    "take_snapshot",
    "this_system",
]


def this_system() -> System:
    from guardian.processes.sources import portable

    return portable.SYSTEMS.get(sys.platform, System.OTHER)


def take_snapshot(look: Look, report: Report) -> Snapshot:
    """All processes of this moment. Raises ``Cancelled``; reads only, asks for no rights."""
    platform: str = sys.platform
    if platform == "linux":
        from guardian.processes.sources import linux

        return linux.take_snapshot(look, report)
    if platform == "win32":
        from guardian.processes.sources import windows

        return windows.take_snapshot(look, report)
    if platform == "darwin":
        from guardian.processes.sources import macos

        return macos.take_snapshot(look, report)
    from guardian.processes.sources import portable

    return portable.take_snapshot(report)


def take_entries(
    look: Look, owners: Owners, report: Report
) -> tuple[tuple[StartEntry, ...], tuple[str, ...]]:
    """Everything that starts by itself, and the places of such things that may not be read."""
    from guardian.processes.sources import autostart

    return autostart.take_entries(look, owners, report)


def take_setup(look: Look, report: Report) -> Setup:
    """How this computer is set up, as far as it was read. Raises ``Cancelled``."""
    from guardian.processes.sources import posture

    return posture.read_setup(look, report)
