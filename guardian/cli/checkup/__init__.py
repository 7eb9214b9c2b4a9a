"""``guardian checkup`` and its neighbours: what to do next, the score, how it went, the rhythm."""

from __future__ import annotations

from guardian.cli.checkup.looking import checkup
from guardian.cli.checkup.reporting import report
from guardian.cli.checkup.rhythm import rhythm
from guardian.cli.checkup.scoring import history, score
from guardian.cli.checkup.steps import steps

COMMANDS = (checkup, steps, score, history, report, rhythm)
