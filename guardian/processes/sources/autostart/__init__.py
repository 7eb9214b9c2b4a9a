"""What starts by itself on this computer, or lets somebody in."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import Seen, StartEntry, Unknown
from guardian.processes.sources.look import Look
from guardian.processes.sources.machine import Machine
from guardian.processes.sources.owners import Owners


def take_entries(
    look: Look, owners: Owners, report: Report
) -> tuple[tuple[StartEntry, ...], tuple[str, ...]]:
    """All entries, and the places that may not be read. Raises ``Cancelled``; reads only."""

    def check() -> None:
        report(0, 0, message("processes.working.autostart"))

    platform: str = sys.platform
    if platform == "linux":
        from guardian.processes.sources.autostart import linux

        return linux.take_entries(os.path.normpath(look.home), owners, check)
    if platform == "win32":
        from guardian.processes.sources.autostart import windows
        from guardian.processes.sources.winregistry import WindowsRegistry

        registry = WindowsRegistry()
        machine = Machine(look.home, environment=os.environ, registry=registry)
        found, unread = windows.take_entries(machine, check)
        return signed(found, machine), unread
    if platform == "darwin":
        from guardian.processes.sources.autostart import macos

        machine = Machine(look.home, environment=os.environ, uid=os.getuid())
        found, unread = macos.take_entries(machine, check)
        return signed(found, machine), unread
    return (), ()


def signed(entries: tuple[StartEntry, ...], machine: Machine) -> tuple[StartEntry, ...]:
    """The entries with who signed their programs; what is missing has no signer to be asked."""
    targets = sorted({each.target for each in entries if isinstance(each.target, str)})
    signers = read_signers(targets, machine)
    return tuple(
        replace(each, target_signer=signers.get(each.target.lower(), Unknown.DENIED))
        if isinstance(each.target, str)
        else each
        for each in entries
    )


def read_signers(paths: list[str], machine: Machine) -> dict[str, Seen[str | None]]:
    """Path in lower case -> who signed it."""
    platform: str = sys.platform
    if platform == "win32":
        from guardian.processes.sources import windows

        found = windows.read_signers(paths, machine)
        return {} if isinstance(found, Unknown) else dict(found)
    from guardian.processes.sources import macos

    return {path.lower(): macos.read_signer(path, machine) for path in paths}
