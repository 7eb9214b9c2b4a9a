#!/usr/bin/env python3
"""Sleeping examples of software that watches or hides, and how many of them Guardian names.

Each look is at a throw-away computer (see namespaces.py): one with nothing planted, and for each
half of the plants one with behaviours and one with honest look-alikes. Guardian looks as root and
as an ordinary user. The development half was known while rules were written, the held-out half was
written apart and kept away until they stood, and so was the third set, of another tester's
invention. Beside it, on request, rkhunter, chkrootkit, unhide and Lynis, as root, in the same
computers.

Usage: sh packaging/run.sh bench plants [development] [heldout] [third] [--peers] [--quick]
       [--json FILE]
With --quick, Guardian looks without --deep. Needs root on a Debian machine with debootstrap; the
tree is made once (about three minutes) and kept in the cache. Without --peers the whole takes half
a minute, with them a quarter of an hour.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from measures.debian_tree import find_tree
from measures.namespaces import ANNA, PLACE, Machine, copy_sleeper, guardian_command
from measures.planting import LOOK_ALIKE, Truth
from measures.plants_peers import PEERS, Told, ask_all, news
from measures.plants_scoring import (
    Item,
    Mark,
    as_json,
    mark,
    mark_lines,
    read_items,
    summarise,
)

HALVES = {
    "development": ("planted_processes", "planted_lookalikes"),
    "heldout": ("planted_heldout", "planted_heldout_places", "planted_heldout_lookalikes"),
    "third": ("planted_third", "planted_third_lookalikes"),
}
LOOKERS = {"root": 0, "user": ANNA}


@dataclass
class Look:
    """One computer: what was planted there, and what everybody said about it."""

    module: str
    truths: list[Truth] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    items: dict[str, list[Item]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    peers: dict[str, Told] = field(default_factory=dict)


def look(module: str, peers: bool, deep: bool) -> Look:
    """Plant a module in a computer of its own and let everybody look; "" plants nothing."""
    done = Look(module)
    with Machine() as machine:
        if module:
            copy_sleeper(machine)
            command = ["python3", "-B", "-m", "measures.planting", module]
            planted = machine.run(command, extra={"PYTHONPATH": f"{PLACE}/packaging"})
            if planted.returncode:
                raise SystemExit(f"{module} could not be planted:\n{planted.stderr[-2000:]}")
            told = json.loads(planted.stdout.splitlines()[-1])
            done.truths = [Truth(**one) for one in told["plants"]]
            done.failed = told["failed"]
        for name, uid in LOOKERS.items():
            ask_guardian(machine, done, name, uid, deep)
        if peers:
            done.peers = ask_all(machine)
    return done


def ask_guardian(machine: Machine, done: Look, name: str, uid: int, deep: bool) -> None:
    words = ["--deep"] if deep else []
    command, extra = guardian_command("processes", "scan", *words, "--json")
    home = "/run/user/1000/guardian" if uid else "/run/guardian"
    told = machine.run(command, uid=uid, extra=extra | {"GUARDIAN_HOME": home})
    try:
        answer = json.loads(told.stdout)
    except ValueError:
        done.troubles.append(f"as {name}, exit code {told.returncode}: {told.stderr[-1500:]}")
        answer = {"programs": []}
    acts = any(one.get("level") == "act" for one in answer["programs"])
    if told.returncode != int(acts):
        done.troubles.append(f"as {name}: exit code {told.returncode}, something at act: {acts}")
    done.answers[name] = answer
    done.cpu[name] = told.cpu
    done.items[name] = read_items(answer)


def print_table(looks: Sequence[Look], clean: Look) -> None:
    """One line per plant: Guardian as root and as user, then the others."""
    others = [peer.name for peer in PEERS if clean.peers]
    print(f"{'plant':7}{'':66}{'root':6}{'user':6}" + "".join(f"{one:12}" for one in others))
    for one in looks:
        for truth in one.truths:
            marks = [f"{mark(truth, one.items[name]):6}" for name in LOOKERS]
            marks += (f"{peer_mark(one, clean, name, truth):12}" for name in others)
            unseen = " (root only)" if truth.root_only else ""
            print(f"{truth.name:7}{(truth.shape + unseen)[:64]:66}" + "".join(marks))


def peer_mark(one: Look, clean: Look, name: str, truth: Truth) -> Mark:
    return mark_lines(truth, news(one.peers[name], clean.peers.get(name)))


def tell_half(half: str, looks: Sequence[Look], clean: Look) -> dict[str, Any]:
    """Counts for a half, printed and returned."""
    truths = [truth for one in looks for truth in one.truths]
    told: dict[str, Any] = {}
    for name, uid in LOOKERS.items():
        marks = {truth.name: mark(truth, one.items[name]) for one in looks for truth in one.truths}
        told[name] = one = summarise(truths, marks, bool(uid))
        print(
            f"{half}, Guardian as {name}: {one['found']} of {one['plants']} found"
            f" ({one['noticed']} more as a notice, {one['hinted']} only mentioned,"
            f" {one['meant as a notice']} are meant as a notice);"
            f" of {one['seeable']} that can be seen: {one['seeable found']};"
            f" look-alikes raised: {one['raised']} of {one['look-alikes']}"
        )
    for peer in PEERS if clean.peers else ():
        named = [
            truth.kind
            for one in looks
            for truth in one.truths
            if peer_mark(one, clean, peer.name, truth) is Mark.FOUND
        ]
        alike = named.count(LOOK_ALIKE)
        told[peer.name] = {"found": len(named) - alike, "raised": alike}
        print(f"{half}, {peer.name}: {len(named) - alike} found, look-alikes raised: {alike}")
    return told


def tell_clean(clean: Look) -> dict[str, Any]:
    """What was raised although nothing was planted."""
    told: dict[str, Any] = {}
    for name in LOOKERS:
        raised = [one for one in clean.items[name] if one.raised]
        cards = [one for one in raised if one.kind == "program"]
        posture = sum(one.kind == "posture" for one in raised)
        acts = sum(one.level == "act" for one in cards)
        told[name] = {"act": acts, "ask": len(cards) - acts, "items": as_json(clean.items[name])}
        print(
            f"nothing planted, Guardian as {name}: {acts} at act, {len(cards) - acts} at ask,"
            f" {posture} posture answers to look at,"
            f" {clean.cpu[name]:.1f} CPU seconds"
        )
        for one in raised:
            print(f"    {one.level} {one.kind} {one.name}: {', '.join(one.rules)}")
    for name, peer in clean.peers.items():
        told[name] = {"lines": len(peer.lines), "cpu": peer.cpu}
        print(f"nothing planted, {name}: {len(peer.lines)} lines, {peer.cpu:.1f} CPU seconds")
    return told


def measure(halves: Sequence[str], peers: bool, deep: bool, file: Path | None) -> None:
    find_tree()
    modules = ["", *(module for half in halves for module in HALVES[half])]
    with ThreadPoolExecutor(4) as pool:
        looks = dict(
            zip(modules, pool.map(lambda one: look(one, peers, deep), modules), strict=True)
        )
    clean = looks[""]
    told: dict[str, Any] = {}
    for half in halves:
        chosen = [looks[module] for module in HALVES[half]]
        print_table(chosen, clean)
        print()
        told[half] = tell_half(half, chosen, clean)
        print()
    told["clean"] = tell_clean(clean)
    for one in looks.values():
        for trouble in (*one.failed, *one.troubles):
            print(f"trouble, {one.module or 'nothing planted'}: {trouble}")
    troubles = [trouble for one in looks.values() for trouble in (*one.failed, *one.troubles)]
    if file:
        told["looks"] = [
            {
                "module": one.module,
                "plants": [asdict(truth) for truth in one.truths],
                "raised": {name: as_json(items) for name, items in one.items.items()},
                "peers": {
                    name: news(peer, clean.peers.get(name)) for name, peer in one.peers.items()
                },
                "answers": one.answers,
            }
            for one in looks.values()
        ]
        file.write_text(json.dumps(told, indent=1, ensure_ascii=False))
    if troubles:
        raise SystemExit("These figures are not to be trusted: something went wrong above.")


def plants(*words: str) -> None:
    """Read what is asked for from the command line, and measure."""
    left = list(map(str, words))
    file = None
    if "--json" in left:
        at = left.index("--json")
        file = Path(left[at + 1])
        del left[at : at + 2]
    peers = "--peers" in left
    deep = "--quick" not in left
    halves = [word for word in left if word not in ("--peers", "--quick")] or list(HALVES)
    if unknown := set(halves).difference(HALVES):
        raise SystemExit(f"There is no half called {', '.join(sorted(unknown))}.\n\n{__doc__}")
    measure(halves, peers, deep, file)


if __name__ == "__main__":
    plants(*sys.argv[1:])
