"""The mind: rules over a snapshot become findings, one card per program. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.jobs import Report, report_nothing
from guardian.processes.content import Detection, Rule
from guardian.processes.model import (
    Finding,
    Hit,
    NotSeen,
    Process,
    Program,
    Scan,
    Snapshot,
    System,
    Unknown,
)
from guardian.processes.rules.fields import FIELD_NAMES, Scene
from guardian.processes.rules.sigma import Question, RuleError, prepare_question

POINTS = {"informational": 0, "low": 1, "medium": 2, "high": 3, "critical": 6}
"""How much one rule weighs. Different rules about one program add up."""

ASK_FROM, ACT_FROM = 2, 6


def level_for(points: int) -> Level:
    if points >= ACT_FROM:
        return Level.ACT
    return Level.ASK if points >= ASK_FROM else Level.FINE


@dataclass(frozen=True)
class Prepared:
    """A rule made ready to be asked."""

    rule: Rule
    question: Question
    milder: Question | None

    def fits(self, system: System) -> bool:
        """Whether this kind of system can be asked at all."""
        return self.rule.logsource.product in (None, system)


def prepare(rules: Iterable[Rule], file: str) -> tuple[Prepared, ...]:
    """Check rules and make them ready. Raises ``Problem("content-bad")`` naming ``file``."""
    ready = []
    for rule in rules:
        try:
            ready.append(prepare_rule(rule))
        except RuleError as error:
            raise Problem("content-bad", file=file, reason=f"{rule.code}: {error}") from error
    return tuple(ready)


def prepare_rule(rule: Rule) -> Prepared:
    """Raises :class:`RuleError` for a rule that could never be answered."""
    strange = [name for name in rule.fields if name not in FIELD_NAMES]
    if strange:
        raise RuleError(f"there is no field “{strange[0]}”")
    question = prepare_question(rule.detection, FIELD_NAMES)
    if rule.guardian.milder is None:
        return Prepared(rule, question, None)
    detection = Detection({"milder": rule.guardian.milder.when}, "milder")
    return Prepared(rule, question, prepare_question(detection, FIELD_NAMES))


@dataclass(frozen=True)
class Verdict:
    """What one rule says about one process."""

    process: Process
    rule: Prepared
    milder: bool
    evidence: dict[str, tuple[str, ...]]


def assess(
    snapshot: Snapshot, rules: tuple[Prepared, ...], report: Report = report_nothing
) -> Scan:
    """Ask every rule about every process that is not part of the kernel."""
    by_pid = {process.pid: process for process in snapshot.processes}
    ordinary = [process for process in snapshot.processes if not process.kernel_thread]
    asked = [rule for rule in rules if rule.fits(snapshot.system)]
    verdicts: list[Verdict] = []
    open_questions: dict[tuple[str, Unknown], list[Process]] = {}
    for number, process in enumerate(ordinary):
        report(number, len(ordinary))
        scene = Scene(process, by_pid)
        for rule in asked:
            answer, unknown = rule.question.ask(scene.look)
            if answer:
                verdicts.append(judge(scene, rule))
            elif answer is None:
                why = Unknown.DENIED if Unknown.DENIED in unknown else Unknown.ABSENT
                open_questions.setdefault((rule.rule.code, why), []).append(process)
    report(len(ordinary), len(ordinary))
    programs = group(ordinary)
    not_for_here = (rule for rule in rules if not rule.fits(snapshot.system))
    denied = (
        program_key(process)
        for (_, why), processes in open_questions.items()
        if why is Unknown.DENIED
        for process in processes
    )
    return Scan(
        system=snapshot.system,
        taken=snapshot.taken,
        looked_at=len(programs),
        kernel_threads=len(snapshot.processes) - len(ordinary),
        partly_seen=len(set(denied)),
        programs=tuple(sorted(programs.values(), key=lambda program: program.name.casefold())),
        findings=tuple(find(programs, verdicts)),
        not_seen=(
            *(not_seen(code, why, found) for (code, why), found in open_questions.items()),
            *(NotSeen(rule.rule.code, Unknown.ABSENT, (), 0) for rule in not_for_here),
        ),
        limits=snapshot.limits,
    )


def judge(scene: Scene, rule: Prepared) -> Verdict:
    milder = rule.milder is not None and rule.milder.ask(scene.look)[0] is True
    evidence = {name: scene.evidence(name) for name in rule.rule.fields}
    return Verdict(scene.process, rule, milder, {k: v for k, v in evidence.items() if v})


def not_seen(code: str, why: Unknown, processes: list[Process]) -> NotSeen:
    pids = tuple(process.pid for process in processes)
    return NotSeen(code, why, pids, len({program_key(process) for process in processes}))


ProgramKey = tuple[object, ...]


def program_key(process: Process) -> ProgramKey:
    """Processes with one key are one program: the same file, in the same container."""
    if isinstance(process.exe, str):
        return ("file", process.exe, process.container)
    return ("name", process.name, process.uid)


def group(processes: list[Process]) -> dict[ProgramKey, Program]:
    found: dict[ProgramKey, list[Process]] = {}
    for process in processes:
        found.setdefault(program_key(process), []).append(process)
    return {key: describe(members) for key, members in found.items()}


def describe(members: list[Process]) -> Program:
    first = members[0]
    exe = first.exe if isinstance(first.exe, str) else None
    owners = [process.owner for process in members if not isinstance(process.owner, Unknown)]
    starts = [each.started for each in members if not isinstance(each.started, Unknown)]
    users = {each.user for each in members if not isinstance(each.user, Unknown)}
    return Program(
        name=name_of(exe) if exe else first.name,
        exe=exe,
        package=owners[0] if owners else None,
        package_known=bool(owners),
        container=first.container if isinstance(first.container, str) else None,
        users=tuple(sorted(users)),
        pids=tuple(process.pid for process in members),
        started=min(starts) if starts else None,
    )


def name_of(path: str) -> str:
    """The last part of a path of any system."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or path


def find(programs: dict[ProgramKey, Program], verdicts: list[Verdict]) -> Iterator[Finding]:
    """One card per program, most urgent first."""
    by_program: dict[ProgramKey, list[Verdict]] = {}
    for verdict in verdicts:
        by_program.setdefault(program_key(verdict.process), []).append(verdict)
    cards = [weigh(programs[key], hits_of(found)) for key, found in by_program.items()]
    order = list(reversed(Level))
    yield from sorted(cards, key=lambda card: (order.index(card.level), card.program.name))


def hits_of(verdicts: list[Verdict]) -> tuple[Hit, ...]:
    """The verdicts on one program, one hit per rule; a harmless explanation must hold for all."""
    by_rule: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_rule.setdefault(verdict.rule.rule.code, []).append(verdict)
    return tuple(sorted(map(merge, by_rule.values()), key=lambda hit: -hit.points))


def merge(verdicts: list[Verdict]) -> Hit:
    rule = verdicts[0].rule.rule
    milder = all(verdict.milder for verdict in verdicts)
    sigma_level = rule.guardian.milder.level if milder and rule.guardian.milder else rule.level
    told = verdicts if milder else [verdict for verdict in verdicts if not verdict.milder]
    evidence: dict[str, tuple[str, ...]] = {}
    for verdict in told:
        for name, values in verdict.evidence.items():
            evidence[name] = tuple(dict.fromkeys((*evidence.get(name, ()), *values)))
    points = POINTS[sigma_level]
    pids = tuple(verdict.process.pid for verdict in told)
    return Hit(rule.code, level_for(points), points, pids, evidence, rule.attack, milder)


def weigh(program: Program, hits: tuple[Hit, ...]) -> Finding:
    """The level of a program: the points of its different hits together."""
    return Finding(program, level_for(sum(hit.points for hit in hits)), hits)
