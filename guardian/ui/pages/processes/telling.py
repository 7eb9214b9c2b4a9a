"""Programs and findings as sentences, for the page and for a report to hand to a helper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from guardian.core.words import Message, Words
from guardian.processes.model import (
    Finding,
    Hit,
    Program,
    Reach,
    Scan,
    StartEntry,
)

LONGEST = 300  # characters of a name or path that are shown
LONGEST_WORD = 40  # characters after which a line may break inside a word
MOST_SEEN = 4  # lines of evidence on a card; the rest stands with the technical details
ON_THE_CARD = {
    "Image", "ImageName", "ImageOwner", "ImageDeleted", "Comm", "User", "Script", "ParentImage",
    "ParentOwner", "ParentComm", "StartsByItself", "Source", "Target", "IsMine",
}  # fmt: skip
REACH_ICONS = {
    Reach.CAMERA: "camera",
    Reach.MICROPHONE: "microphone",
    Reach.KEYBOARD: "keyboard",
    Reach.SCREEN: "screen",
    Reach.TRAFFIC: "traffic",
    Reach.OTHER_PROGRAMS: "programs",
    Reach.SECRETS: "key",
    Reach.CALLED: "called",
    Reach.CONNECTED: "connected",
    Reach.EVERYTHING: "crown",
}
HOMES = re.compile(r"(?<!\w)(?:/(?:var/)?home|/Users|[A-Za-z]:\\Users)[/\\][^/\\\s“”,;]+")


def visible(text: str) -> str:
    """``text`` with invisible characters written out, so that no name can play tricks."""
    shown = text if text.isprintable() else "".join(map(written_out, text))
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def written_out(char: str) -> str:
    """Controls, marks of direction and line ends as their number; other characters as they are."""
    kind = unicodedata.category(char)
    return f"\\u{ord(char):04x}" if kind[0] == "C" or kind in ("Zl", "Zp") else char


def breakable(text: str) -> str:
    """``text`` with places where a long path may go on in the next line."""
    parts = re.split(r"(?<=[/\\])", text)
    pieces = (
        part[at : at + LONGEST_WORD] for part in parts for at in range(0, len(part), LONGEST_WORD)
    )
    return "\u200b".join(pieces)


def told(words: Words, sentence: Message) -> str:
    """A sentence of the domain whose facts come from a program, and so may hold anything."""
    facts = {
        name: visible(fact) if isinstance(fact, str) else fact
        for name, fact in sentence.facts.items()
    }
    return words.tell(Message(sentence.code, facts))


def others(words: Words, left: int, at_once: int) -> str:
    """What a button is called that brings some of those left."""
    if left <= at_once:
        return words.say("processes.page.others", count=left)
    return words.say("processes.page.others-of", count=at_once, left=left)


def when(words: Words, moment: datetime, now: datetime) -> str:
    time = f"{moment:%H:%M}"
    if moment.date() == now.date():
        return words.say("processes.page.today", time=time)
    return words.say("processes.page.on-day", day=moment, time=time)


def since(words: Words, program: Program, now: datetime) -> str:
    if program.started is None:
        return words.say("processes.page.since-unknown")
    started = datetime.fromtimestamp(program.started, now.tzinfo)
    return words.say("processes.page.since", when=when(words, started, now))


def software(words: Words, program: Program) -> str:
    """Which package brought a program."""
    if program.package:
        return words.say("processes.page.software", name=visible(program.package))
    if program.package_known:
        return words.say("processes.page.software-none")
    return words.say("processes.page.software-unknown")


def users(words: Words, program: Program) -> str:
    if not program.users:
        return words.say("processes.page.user-unknown")
    return words.say("processes.page.user", name=visible(", ".join(program.users)))


def place(words: Words, program: Program) -> str:
    if program.exe is None:
        return words.say("processes.page.file-unknown")
    return words.say("processes.page.file", path=visible(program.exe))


def starter(words: Words, program: Program) -> str:
    if program.started_by:
        return words.say("processes.seen.started-by", value=visible(program.started_by))
    return words.say("processes.page.starter-unknown")


def about(words: Words, program: Program, now: datetime) -> list[str]:
    """Where a program lives, who brought it, who started it, for whom it runs, since when."""
    lines = [place(words, program)]
    if program.script:
        lines.append(words.say("processes.seen.script", value=visible(program.script)))
    lines.append(software(words, program))
    if not program.running:
        return [*lines, words.say("processes.page.not-running")]
    return [
        *lines,
        users(words, program),
        since(words, program, now),
        starter(words, program),
        *([words.say("processes.page.by-itself")] if program.starts_by_itself else []),
    ]


def about_finding(words: Words, finding: Finding, now: datetime) -> list[str]:
    """The same, with the first of what else was seen."""
    program = finding.program
    told_already = {program.name, program.exe, program.script}
    hits = [
        replace(hit, evidence={
            name: each for name, each in hit.evidence.items() if not told_already.issuperset(each)
        })
        for hit in finding.hits
    ]  # fmt: skip
    return about(words, program, now) + seen(words, hits)[:MOST_SEEN]


def in_short(words: Words, program: Program) -> str:
    """Who brought a program and where it lives, in one line."""
    package = program.package or software(words, program)
    folder = program.exe or words.say("processes.page.file-unknown")
    parts = (package, folder, ", ".join(program.users))
    return " · ".join(visible(part) for part in parts if part)


def seen(words: Words, hits: Iterable[Hit], *, whole: bool = False) -> list[str]:
    """The evidence, each sentence once; what the card says anyway only if ``whole``."""
    said = () if whole else ON_THE_CARD
    found = [
        told(words, sentence)
        for hit in hits
        for sentence in replace(
            hit, evidence={name: each for name, each in hit.evidence.items() if name not in said}
        ).seen()
    ]
    return list(dict.fromkeys(found))


def technical(words: Words, finding: Finding) -> list[str]:
    """What a person who knows computers asks for first."""
    program = finding.program
    lines = [pids(words, program)] if program.running else []
    lines += seen(words, finding.hits, whole=True)
    for hit in finding.hits:
        attack = ", ".join(hit.attack) or words.say("processes.page.no-number")
        lines.append(words.say("processes.page.rule", rule=hit.rule, attack=attack))
    return lines + [starts(words, entry) for entry in finding.entries]


def pids(words: Words, program: Program) -> str:
    shown = ", ".join(str(pid) for pid in program.pids)
    return words.say("processes.page.pids", count=len(program.pids), pids=visible(shown))


def starts(words: Words, entry: StartEntry) -> str:
    """One thing that starts by itself, in one sentence."""
    kind = words.say(f"processes.page.place.{entry.place.value}")
    return words.say("processes.page.starts", place=kind, source=visible(entry.source))


def reach(words: Words, program: Program) -> list[tuple[str, str]]:
    """What a program can reach, each as the name of an icon and a few words."""
    return [
        (REACH_ICONS[each], words.say(f"processes.page.reach.{each.value}"))
        for each in program.reach
    ]


def report(
    words: Words,
    scan: Scan,
    finding: Finding,
    now: datetime,
    more: Sequence[tuple[str, list[str]]] = (),
) -> str:
    """A finding as text for a helper, without the names of home folders. ``more`` has headings
    with lines."""
    program = finding.program
    myself = words.say("processes.page.this-user")
    names = tuple(myself if name == own_name() else name for name in program.users)
    program = replace(program, users=names)
    finding = replace(finding, program=program)
    lines = [
        visible(program.name),
        words.say(f"level.{finding.level.value}"),
        words.say("processes.page.looked", when=when(words, scan.taken, now)),
        *(told(words, hit.plain(program.name)) for hit in finding.hits),
        *about_finding(words, finding, now),
        *technical(words, finding),
        *(line for heading, lines in more for line in (heading, *lines)),
        *(told(words, limit.tell()) for limit in scan.limits),
    ]
    return "\n".join(redact(line) for line in lines)


def redact(text: str) -> str:
    """``text`` with ~ in place of home folders, the person's own and those of others."""
    text = HOMES.sub("~", text)
    home = str(Path.home())
    if len(home) > 1:
        text = re.sub(rf"(?<!\w){re.escape(home)}(?![^/\\\s“”,;])", "~", text)
    if name := own_name():
        text = re.sub(rf"(?<=[/\\]){re.escape(name)}(?=[/\\])", "~", text)
    return text


def own_name() -> str:
    """What the person is called on this computer; empty for the administrator."""
    name = Path.home().name
    return "" if name == "root" else name
