"""Everything that is known about one process, in groups of lines for those who want more."""

from __future__ import annotations

from collections.abc import Iterator

from guardian.core.words import Words
from guardian.processes.model import Explanation, Process, Socket, Unknown
from guardian.ui.pages.processes.telling import starts, told, visible

MOST = 12  # lines of one group; more nobody reads
FIELDS = ("argv", "folder", "unit", "terminal", "tracer")

Group = tuple[str, list[str]]


def groups(words: Words, explanation: Explanation) -> list[Group]:
    """Headings with their lines; a group without lines is left out."""
    process = explanation.process
    made = (
        ("chain", [chain(explanation)] if explanation.ancestors else []),
        ("network", list(network(words, process))),
        ("devices", list(devices(process))),
        ("code", list(code(process))),
        ("starts", [starts(words, entry) for entry in explanation.entries]),
        ("process", list(plain_facts(words, process))),
        ("open", list(unanswered(words, explanation))),
    )
    return [
        (words.say(f"processes.page.more.{name}"), shorten(words, lines))
        for name, lines in made
        if lines
    ]


def shorten(words: Words, lines: list[str]) -> list[str]:
    once = list(dict.fromkeys(lines))
    if len(once) <= MOST:
        return once
    return [*once[:MOST], words.say("processes.page.and-more", count=len(once) - MOST)]


def chain(explanation: Explanation) -> str:
    """From the first program of this computer down to this one."""
    names = [process.name for process in reversed(explanation.ancestors)]
    return " › ".join(visible(name) for name in (*names, explanation.process.name))


def network(words: Words, process: Process) -> Iterator[str]:
    if isinstance(process.sockets, Unknown):
        return
    for socket in process.sockets:
        if socket.listening:
            yield words.say("processes.page.waits-at", address=near(socket))
        elif socket.connected:
            far = f"{socket.remote}:{socket.remote_port}"
            yield words.say("processes.seen.connected-to", value=visible(far))
        elif socket.protocol in ("raw", "raw6", "packet"):
            yield words.say("processes.page.sees-packets", kind=socket.protocol)


def near(socket: Socket) -> str:
    return visible(f"{socket.local}:{socket.local_port} ({socket.protocol})")


def devices(process: Process) -> Iterator[str]:
    if not isinstance(process.devices, Unknown):
        yield from (visible(device.path) for device in process.devices)


def code(process: Process) -> Iterator[str]:
    """Pieces of code from outside the system's own folders."""
    if not isinstance(process.components, Unknown):
        for component in process.components:
            via = f" ({component.via})" if component.via else ""
            yield visible(f"{component.path}{via}")


def plain_facts(words: Words, process: Process) -> Iterator[str]:
    for name in FIELDS:
        value = getattr(process, name)
        if isinstance(value, Unknown) or not value:
            continue
        shown = " ".join(value) if name == "argv" else str(value)
        yield words.say(f"processes.page.fact.{name}", value=visible(shown))


def unanswered(words: Words, explanation: Explanation) -> Iterator[str]:
    for gap in explanation.open_questions:
        yield told(words, gap.title())
