"""From what single rules say about single subjects to hits, one per rule and program."""

from __future__ import annotations

from dataclasses import dataclass, field

from guardian.processes.content import SigmaLevel
from guardian.processes.model import Hit
from guardian.processes.rules.weighing import POINTS, level_for


@dataclass(frozen=True)
class Verdict:
    """A rule that fits one subject. ``level`` is the one that holds for this subject; ``known``:
    the person said «I know this». ``facts``, ``own``, ``milder`` as in :class:`Hit`."""

    rule: str
    level: SigmaLevel
    aspect: str
    evidence: dict[str, tuple[str, ...]]
    attack: tuple[str, ...] = ()
    pid: int | None = None
    milder: bool = False
    known: bool = False
    facts: dict[str, str] = field(default_factory=dict)
    own: str = ""


def hits_of(verdicts: list[Verdict]) -> tuple[tuple[Hit, ...], bool]:
    """The hits that are still a question, and False; or all, and True, when each is known."""
    asked = [verdict for verdict in verdicts if not verdict.known]
    by_rule: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in asked or verdicts:
        by_rule.setdefault((verdict.rule, verdict.facts.get("product", "")), []).append(verdict)
    hits = sorted(map(merge, by_rule.values()), key=lambda hit: (-hit.points, hit.rule))
    return tuple(hits), not asked


def merge(verdicts: list[Verdict]) -> Hit:
    """One hit of one rule; a harmless explanation must hold for all to soften."""
    milder = all(verdict.milder for verdict in verdicts)
    told = [verdict for verdict in verdicts if verdict.milder is milder]
    heaviest = max(told, key=lambda verdict: POINTS[verdict.level])
    evidence: dict[str, dict[str, None]] = {}
    for verdict in told:
        for name, values in verdict.evidence.items():
            evidence.setdefault(name, {}).update(dict.fromkeys(values))
    points = POINTS[heaviest.level]
    return Hit(
        rule=heaviest.rule,
        level=level_for(points),
        points=points,
        pids=tuple(verdict.pid for verdict in told if verdict.pid is not None),
        evidence={name: tuple(values) for name, values in evidence.items()},
        attack=heaviest.attack,
        milder=milder,
        aspect=heaviest.aspect,
        facts=heaviest.facts,
        own=heaviest.own,
    )
