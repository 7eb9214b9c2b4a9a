"""The mind: rules over a snapshot become findings, one card per program. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from guardian.core.feature import Level
from guardian.core.jobs import Report, report_nothing
from guardian.processes.content import Category, Product
from guardian.processes.model import (
    EVIDENCE_WORDS,
    Autostart,
    Baseline,
    Finding,
    Known,
    NotSeen,
    Process,
    Running,
    Scan,
    Seen,
    Snapshot,
    StartEntry,
    Unknown,
)
from guardian.processes.rules.fields import Scene, Subject
from guardian.processes.rules.known import Filters
from guardian.processes.rules.prepared import Prepared, prepare, prepare_rule
from guardian.processes.rules.products import ATTACK, match_products
from guardian.processes.rules.programs import ProgramKey, Programs
from guardian.processes.rules.sigma import DEAR_FIELDS
from guardian.processes.rules.verdicts import Verdict, hits_of
from guardian.processes.rules.weighing import weigh
from guardian.processes.rules.world import World

__all__ = ["Prepared", "assess", "prepare", "prepare_rule"]

OTHERS: tuple[Category, ...] = ("autostart_entry", "power_file", "interface")
"""What rules are about that is no process."""


def assess(  # noqa: PLR0917 - the seam of the pillar; all but two have usual values
    snapshot: Snapshot,
    rules: tuple[Prepared, ...],
    products: tuple[Product, ...] = (),
    known: tuple[Known, ...] = (),
    baseline: Baseline | None = None,
    me: int | None = None,
    report: Report = report_nothing,
) -> Scan:
    """Ask every rule about everything it is about. ``me`` is the user number of who looks."""
    world = World(snapshot, me)
    court = Court(world, Programs(world, baseline), Filters(known))
    asked = [rule for rule in rules if rule.fits(snapshot.system)]
    scenes = [scene for members in court.programs.members.values() for scene in members]
    court.hear(
        scenes, [rule for rule in asked if rule.rule.logsource.category not in OTHERS], report
    )
    court.hear_others(snapshot, asked)
    court.hear_products(snapshot, products)
    keys = {key: number for number, key in enumerate(court.in_order())}
    programs = tuple(court.programs.program(key) for key in keys)
    not_for_here = (rule for rule in rules if not rule.fits(snapshot.system))
    return Scan(
        system=snapshot.system,
        taken=snapshot.taken,
        looked_at=len(programs),
        kernel_threads=sum(process.kernel_thread for process in snapshot.processes),
        partly_seen=len(court.partly_seen()),
        programs=programs,
        findings=tuple(court.findings()),
        not_seen=(*court.not_seen(), *map(unasked, not_for_here)),
        limits=snapshot.limits,
        running=tuple(court.running(snapshot.processes, keys)),
        autostart=tuple(court.autostart(snapshot.entries)),
        autostart_seen=not isinstance(snapshot.entries, Unknown),
        unread=snapshot.unread,
        as_admin=snapshot.as_admin,
        deep=snapshot.deep,
        baseline=None if baseline is None else baseline.taken,
    )


def unasked(rule: Prepared, why: Unknown = Unknown.ABSENT) -> NotSeen:
    return NotSeen(rule.rule.code, why, (), 0, rule.rule.title if rule.own else "")


class Court:
    """Gathers what rules and products say, and gives it back as cards."""

    def __init__(self, world: World, programs: Programs, filters: Filters) -> None:
        self.programs = programs
        self._world = world
        self._filters = filters
        self._cards: dict[ProgramKey, list[Verdict]] = defaultdict(list)
        self._of_entries: dict[StartEntry, list[Verdict]] = defaultdict(list)
        self._open: dict[tuple[Prepared, Unknown], list[Subject]] = {}
        self._unasked: list[NotSeen] = []

    def hear(self, scenes: list[Scene], rules: list[Prepared], report: Report) -> None:
        """Ask ``rules`` about ``scenes``, skipping what a missing field settles at a glance."""
        needs = [rule.question.needs - DEAR_FIELDS.keys() for rule in rules]
        glanced = sorted(frozenset[str]().union(*needs))
        asks = [
            (rule, needed, rule.question.part.ask)
            for rule, needed in zip(rules, needs, strict=True)
        ]
        alike = not any("Age" in rule.question.fields for rule in rules)
        answered: dict[tuple[object, ...], list[tuple[Prepared, Unknown | None]]] = {}
        unknown: list[Unknown] = []
        for number, scene in enumerate(scenes):
            report(number, len(scenes))
            likeness = self._likeness(scene) if alike else None
            answers = None if likeness is None else answered.get(likeness)
            if answers is None:
                answers = []
                look = scene.look
                missing = {name for name in glanced if not look(name)}
                for rule, needed, ask in asks:
                    if not missing.isdisjoint(needed):
                        continue
                    unknown.clear()
                    answer = ask(look, unknown)
                    if answer:
                        answers.append((rule, None))
                    elif answer is None:
                        why = Unknown.DENIED if Unknown.DENIED in unknown else Unknown.ABSENT
                        answers.append((rule, why))
                if likeness is not None:
                    answered[likeness] = answers
            for rule, reason in answers:
                if reason is None:
                    self._judge(scene, rule)
                else:
                    self._open.setdefault((rule, reason), []).append(scene.subject)
        report(len(scenes), len(scenes))

    def _likeness(self, scene: Scene) -> tuple[object, ...] | None:
        subject = scene.subject
        return self._world.likeness(subject) if isinstance(subject, Process) else None

    def hear_others(self, snapshot: Snapshot, rules: list[Prepared]) -> None:
        """Ask about entries, files that give rights, and interfaces, where they were looked for."""
        subjects: dict[str, Seen[tuple[Subject, ...]]] = {
            "autostart_entry": snapshot.entries,
            "power_file": snapshot.power_files,
            "interface": snapshot.interfaces,
        }
        for category, found in subjects.items():
            about = [rule for rule in rules if rule.rule.logsource.category == category]
            if not isinstance(found, Unknown):
                self.hear([Scene(each, self._world) for each in found], about, report_nothing)
            elif category != "power_file" or snapshot.deep:  # only a deep look promises them
                self._unasked += [unasked(rule, found) for rule in about]

    def hear_products(self, snapshot: Snapshot, products: tuple[Product, ...]) -> None:
        """Add the products that watch or control, as one more side of the programs they are."""
        for match in match_products(snapshot, products) if products else ():
            starts, listens = self._lasts(match.subject)
            verdict = Verdict(
                rule=match.rule,
                level=match.level(starts=starts, listens=listens),
                aspect="product",
                evidence=match.evidence,
                attack=ATTACK[match.product.kind],
                milder=match.strength == "name",
                facts={"product": match.product.name},
            )
            self._enter(match.subject, verdict)

    def _lasts(self, subject: Subject | str) -> tuple[bool, bool]:
        """Whether it starts by itself, and whether other computers can call it."""
        if not isinstance(subject, Process):
            return isinstance(subject, StartEntry), False
        scene = Scene(subject, self._world)
        return scene.look("StartsByItself") is True, scene.has("ListenOpen")

    def _judge(self, scene: Scene, asked: Prepared) -> None:
        rule = asked.rule
        milder = asked.milder is not None and asked.milder.ask(scene.look)[0] is True
        shown = [name for name in rule.fields if name in EVIDENCE_WORDS]
        evidence = {name: scene.evidence(name) for name in shown}
        verdict = Verdict(
            rule=rule.code,
            level=rule.guardian.milder.level if milder and rule.guardian.milder else rule.level,
            aspect=rule.guardian.aspect,
            evidence={name: values for name, values in evidence.items() if values},
            attack=rule.attack,
            milder=milder,
            facts={"description": rule.description} if asked.own else {},
            own=rule.title if asked.own else "",
        )
        self._enter(scene.subject, verdict)

    def _enter(self, subject: Subject | str, verdict: Verdict) -> None:
        """Put a verdict on the card it belongs to."""
        shown = subject if isinstance(subject, str) else Scene(subject, self._world)
        known = self._filters.settle(verdict.rule, shown)
        pid = subject.pid if isinstance(subject, Process) else None
        verdict = replace(verdict, known=known, pid=pid)
        self._cards[self.programs.key_of(subject)].append(verdict)
        if isinstance(subject, StartEntry):
            self._of_entries[subject].append(verdict)

    def in_order(self) -> list[ProgramKey]:
        """The running programs by name."""
        return sorted(
            self.programs.members, key=lambda key: self.programs.program(key).name.casefold()
        )

    def findings(self) -> Iterator[Finding]:
        """One card per program: most urgent first, and of those what is new."""
        order = list(reversed(Level))
        cards = [self._card(key, verdicts) for key, verdicts in self._cards.items()]
        yield from sorted(
            cards,
            key=lambda card: (order.index(card.level), not card.program.new, card.program.name),
        )

    def _card(self, key: ProgramKey, verdicts: list[Verdict]) -> Finding:
        program, entries = self.programs.program(key), tuple(self.programs.entries.get(key, ()))
        hits, known = hits_of(verdicts)
        product = any(hit.aspect == "product" for hit in hits)
        new = (program.new and product) or any(map(self.programs.is_new, entries))
        level = Level.FINE if known else weigh(hits, program.starts_by_itself, new)
        return Finding(program, level, hits, known, entries)

    def autostart(self, entries: Seen[Iterable[StartEntry]]) -> Iterator[Autostart]:
        """Every entry, with what is said about itself."""
        for entry in () if isinstance(entries, Unknown) else entries:
            new = self.programs.is_new(entry)
            verdicts = self._of_entries.get(entry)
            if not verdicts:
                yield Autostart(entry, Level.FINE, (), new)
                continue
            hits, known = hits_of(verdicts)
            yield Autostart(
                entry, Level.FINE if known else weigh(hits, True, new), hits, new, known
            )

    def running(
        self, processes: Iterable[Process], numbers: dict[ProgramKey, int]
    ) -> Iterator[Running]:
        for process in processes:
            key = None if process.kernel_thread else self.programs.key_of(process)
            yield Running(
                pid=process.pid,
                ppid=process.ppid,
                name=process.name if key is None else self.programs.program(key).name,
                user=process.user if isinstance(process.user, str) else "",
                program=None if key is None else numbers[key],
                started=None if isinstance(process.started, Unknown) else process.started,
            )

    def partly_seen(self) -> set[ProgramKey]:
        """Running programs about which something is kept from this user."""
        return {
            self.programs.key_of(subject)
            for (_, why), subjects in self._open.items()
            if why is Unknown.DENIED
            for subject in subjects
            if isinstance(subject, Process)
        }

    def not_seen(self) -> Iterator[NotSeen]:
        for (asked, why), subjects in self._open.items():
            pids = tuple(each.pid for each in subjects if isinstance(each, Process))
            programs = {self.programs.key_of(subject) for subject in subjects}
            own = asked.rule.title if asked.own else ""
            yield NotSeen(asked.rule.code, why, pids, len(programs), own)
        yield from self._unasked
