"""The eyes of this pillar: one snapshot of what runs, taken the way this system allows."""

from __future__ import annotations

import sys

from guardian.core.jobs import Report
from guardian.processes.model import Snapshot


def take_snapshot(report: Report) -> Snapshot:
    """All processes of this moment. Raises ``Cancelled``; reads only, asks for no rights."""
    platform: str = sys.platform
    if platform == "linux":
        from guardian.processes.sources import linux

        return linux.take_snapshot(report)
    from guardian.processes.sources import portable

    return portable.take_snapshot(report)
