"""Furnishes the made-up home: browsers, mail, papers that lie about, policies."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from guardian.demo import content
from guardian.demo.browsers import Days, write_browsers
from guardian.demo.mails import write_mails

LOOSE = "Tax letter SPECIMEN.pdf"
"""A paper that still lies among the downloads."""


def furnish(home: Path, now: datetime) -> None:
    """Write everything into the empty folder ``home``."""
    household, traces, days = content.read_household(), content.read_traces(), Days(now)
    write_browsers(home, household, traces, now)
    write_mails(home, household, traces, days)
    scans, policies = home / "Scans", home / "Documents" / "Policies"
    for folder in (scans, policies, home / "Downloads"):
        folder.mkdir(parents=True)
    for paper in content.read_papers():
        put(content.folder() / "papers" / paper.file, scans, days.ago(paper.changed_days))
    put(content.folder() / "papers" / LOOSE, home / "Downloads", days.ago(160))
    for policy in content.read_policies():
        put(content.folder() / "policies" / policy.file, policies, days.ago(policy.days))


def put(file: Path, folder: Path, when: datetime) -> None:
    """A copy of ``file`` in ``folder``, last changed then."""
    copy = folder / file.name
    shutil.copyfile(file, copy)
    os.utime(copy, (when.timestamp(), when.timestamp()))
