"""Lists of thousands laid out: every process, every program, and all that starts by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from guardian.core.feature import Level
from guardian.core.words import Words
from guardian.processes.model import (
    Autostart,
    Place,
    Program,
    Running,
    Scan,
    Unknown,
    hide_secrets,
)
from guardian.ui.kit.rows import Row
from guardian.ui.kit.tree import TOP, Forest, plant
from guardian.ui.pages.processes import telling

URGENT = {Level.ACT: 0, Level.ASK: 1, Level.FINE: 2}
KERNEL = 3  # after all levels: hundreds of parts of the system core, which nobody looks for

# each row carries (level, name, minus its start, user), and each order reads of it what it needs
ORDERS: dict[str, Callable[[Row], Any]] = {
    "worth": lambda row: row.sort,
    "name": lambda row: (row.sort[0] == KERNEL, row.sort[1]),
    "new": lambda row: (row.sort[0] == KERNEL, row.sort[2], row.sort[1]),
    "user": lambda row: (row.sort[0] == KERNEL, row.sort[3], row.sort[1]),
}


def mark(words: Words, level: Level, new: bool) -> tuple[str, str]:
    """The word at the right of a row, and its colour."""
    fresh = words.say("processes.page.new") if new else ""
    worth = words.say(f"level.{level.value}") if level is not Level.FINE else ""
    return " · ".join(filter(None, (worth, fresh))), level.value if worth else "accent"


def levels_of(scan: Scan) -> dict[Program, Level]:
    return {finding.program: finding.level for finding in scan.findings}


def program_row(words: Words, key: str, program: Program, level: Level) -> Row:
    said, token = mark(words, level, program.new)
    name = telling.visible(program.name)
    order = (URGENT[level], name.casefold(), -(program.started or 0.0), "".join(program.users[:1]))
    return Row(key, name, telling.in_short(words, program), said, token, sort=order)


def plant_programs(words: Words, scan: Scan) -> Forest:
    """Every program once, side by side. Keys are «program-» and its number."""
    levels = levels_of(scan)
    rows = [
        program_row(words, f"program-{number}", program, levels.get(program, Level.FINE))
        for number, program in enumerate(scan.programs)
    ]
    return plant(rows, [TOP] * len(rows))


def plant_processes(words: Words, scan: Scan) -> Forest:
    """Every process under the one that started it. Keys are «process-» and its number."""
    levels = levels_of(scan)
    told = [
        program_row(words, "", program, levels.get(program, Level.FINE))
        for program in scan.programs
    ]
    place = {running.pid: number for number, running in enumerate(scan.running)}
    rows = [process_row(words, running, told) for running in scan.running]
    parents = [place.get(running.ppid, TOP) for running in scan.running]
    return plant(lift(rows, parents), parents)


def lift(rows: list[Row], parents: list[int]) -> list[Row]:
    """A row that leads to something urgent is sorted as if it were as urgent itself."""
    urgency = [row.sort[0] for row in rows]
    for number, own in enumerate(urgency):
        above = parents[number]
        while own < URGENT[Level.FINE] and above != TOP and urgency[above] > own:
            urgency[above] = own
            above = parents[above]
    return [
        replace(row, sort=(urgent, *row.sort[1:])) if urgent != row.sort[0] else row
        for row, urgent in zip(rows, urgency, strict=True)
    ]


def process_row(words: Words, running: Running, told: list[Row]) -> Row:
    """A process says what is known of its program; ``told`` has the rows of all programs."""
    key = f"process-{running.pid}"
    if running.program is None or running.program >= len(told):
        name = telling.visible(running.name)
        order = (KERNEL, name.casefold(), -(running.started or 0.0), running.user)
        return Row(key, name, words.say("processes.page.kernel"), sort=order)
    program = told[running.program]
    order = (program.sort[0], program.sort[1], -(running.started or 0.0), running.user)
    return Row(key, program.title, program.detail, program.mark, program.token, sort=order)


def list_starts(words: Words, scan: Scan) -> Forest:
    """What starts by itself, under the kind of place it stands in. Keys are «place-» and the
    place, «entry-» and its number."""
    places = [place for place in Place if any(one.entry.place is place for one in scan.autostart)]
    rows = [place_row(words, scan, number, place) for number, place in enumerate(places)]
    parents = [TOP] * len(rows)
    for number, one in enumerate(scan.autostart):
        rows.append(start_row(words, number, one))
        parents.append(places.index(one.entry.place))
    return plant(rows, parents)


def place_row(words: Words, scan: Scan, number: int, place: Place) -> Row:
    those = [one for one in scan.autostart if one.entry.place is place]
    title = words.say(f"processes.page.place.{place.value}")
    named = words.say("processes.page.place", name=title, count=len(those))
    worth = sum(one.level is not Level.FINE and not one.known for one in those)
    new = sum(one.new for one in those)
    marks = {"worth": worth, "new": new}
    said = " · ".join(
        words.say(f"processes.page.place.{kind}", count=count)
        for kind, count in marks.items()
        if count
    )
    plain = words.say(f"processes.page.place.{place.value}.plain")
    token = Level.ASK.value if worth else "accent"
    return Row(f"place-{place.value}", named, plain, said, token, sort=(not worth, number))


def start_row(words: Words, number: int, one: Autostart) -> Row:
    said, token = mark(words, Level.FINE if one.known else one.level, one.new)
    entry = one.entry
    name = telling.visible(entry.name)
    detail = " · ".join(filter(None, (target(words, one), brought(words, one))))
    if entry.enabled is False:
        detail = f"{words.say('processes.page.switched-off')} · {detail}"
    return Row(
        f"entry-{number}", name, detail, said, token,
        sort=(URGENT[one.level], not one.new, name.casefold()),
    )  # fmt: skip


def target(words: Words, one: Autostart) -> str:
    """The program an entry starts, if it starts one."""
    found = one.entry.target
    if isinstance(found, str):
        return telling.visible(found)
    return telling.visible(hide_secrets(one.entry.command)) if found is None else ""


def brought(words: Words, one: Autostart) -> str:
    """Who owns what an entry starts; for one that starts nothing, who owns the entry."""
    starts = isinstance(one.entry.target, str)
    owner = one.entry.target_owner if starts else one.entry.owner
    if isinstance(owner, Unknown):
        return words.say("processes.page.software-unknown")
    if owner is None:
        return words.say("processes.page.software-none")
    return words.say("processes.page.software", name=telling.visible(owner))
