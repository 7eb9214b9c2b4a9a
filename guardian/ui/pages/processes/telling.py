"""Programs and findings as sentences, for the page and for a report to hand to a helper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from guardian.core.words import Message, Words
from guardian.processes.model import EVIDENCE_WORDS, Finding, Hit, Program, Scan

LONGEST = 300  # characters of a name or path that are shown
LONGEST_WORD = 40  # characters after which a line may break inside a word
ON_THE_CARD = ("Image", "ImageOwner", "User", "ParentImage")
WATCHING = {"Keyboard", "Camera", "Microphone", "StdioRemote"}
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


def about(words: Words, program: Program, now: datetime) -> list[str]:
    """Where a program lives, who brought it, for whom it runs, and since when."""
    return [
        place(words, program),
        software(words, program),
        users(words, program),
        since(words, program, now),
    ]


def about_finding(words: Words, finding: Finding, now: datetime) -> list[str]:
    """The same, with who started it and what else was seen."""
    lines = about(words, finding.program, now)
    starters = seen(words, finding.hits, only=("ParentImage",))
    lines += starters or [words.say("processes.page.starter-unknown")]
    others = tuple(name for name in EVIDENCE_WORDS if name not in ON_THE_CARD)
    return lines + seen(words, finding.hits, only=others)


def seen(words: Words, hits: Iterable[Hit], only: tuple[str, ...]) -> list[str]:
    """The evidence of these fields, each sentence once."""
    found = [
        told(words, Message(EVIDENCE_WORDS[name].code, {"value": value}))
        for hit in hits
        for name in only
        for value in hit.evidence.get(name, ())
    ]
    return list(dict.fromkeys(found))


def technical(words: Words, finding: Finding) -> list[str]:
    """What a person who knows computers asks for first."""
    program = finding.program
    pids = ", ".join(str(pid) for pid in program.pids)
    lines = [words.say("processes.page.pids", count=len(program.pids), pids=visible(pids))]
    for hit in finding.hits:
        attack = ", ".join(hit.attack)
        lines.append(words.say("processes.page.rule", rule=hit.rule, attack=attack))
    return lines


def may_be_watched(finding: Finding) -> bool:
    """Whether somebody might be watching, who would notice a change."""
    return any(WATCHING & hit.evidence.keys() for hit in finding.hits)


def report(words: Words, scan: Scan, finding: Finding, now: datetime) -> str:
    """A finding as text for a helper, without the names of home folders."""
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
