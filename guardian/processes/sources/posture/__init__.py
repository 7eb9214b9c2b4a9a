"""How this computer is set up: one file per system, all of it readable without admin rights."""

from __future__ import annotations

import os
import sys

from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.processes.model import Setup, System
from guardian.processes.sources.look import Look
from guardian.processes.sources.machine import Machine


def read_setup(look: Look, report: Report) -> Setup:
    """What the checks are made of. Raises ``Cancelled``; reads only."""
    report(0, 0, message("processes.working.setup"))
    platform: str = sys.platform
    if platform == "win32":
        from guardian.processes.sources.posture import windows
        from guardian.processes.sources.winregistry import WindowsRegistry

        return windows.read_setup(
            Machine(look.home, environment=os.environ, registry=WindowsRegistry())
        )
    machine = Machine(look.home, environment=os.environ, uid=os.getuid())
    if platform == "darwin":
        from guardian.processes.sources.posture import macos

        return macos.read_setup(machine)
    if platform == "linux":
        from guardian.processes.sources.posture import linux

        return linux.read_setup(machine)
    return Setup(System.OTHER)
