"""What is made of a snapshot: hits of rules, one card per program, and the whole answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guardian.core.feature import Level
from guardian.core.words import Message, message
from guardian.processes.model.entry import StartEntry
from guardian.processes.model.machine import Limit
from guardian.processes.model.posture import Check
from guardian.processes.model.process import Process
from guardian.processes.model.seen import System, Unknown


class Reach(StrEnum):
    """What a program can get at, as far as it was seen."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    KEYBOARD = "keyboard"
    SCREEN = "screen"
    TRAFFIC = "traffic"
    """Sees other programs' network traffic."""
    OTHER_PROGRAMS = "other-programs"
    """Looks into other programs, or puts code into them."""
    SECRETS = "secrets"
    """Has files open in which other programs keep secrets."""
    CALLED = "called"
    """Other computers can call it."""
    CONNECTED = "connected"
    """Is connected to other computers."""
    EVERYTHING = "everything"
    """Runs with all rights."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that fits some processes of one program.

    ``evidence`` is by field name, as rules name them; ``level`` is this hit's alone.
    """

    rule: str
    level: Level
    points: int
    pids: tuple[int, ...]
    evidence: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attack: tuple[str, ...] = ()
    milder: bool = False
    aspect: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    """More for the sentences than the program's name, such as the product's."""
    own: str = ""
    """The title of a rule that the person brought along, which has no sentences of Guardian's."""

    def title(self) -> Message:
        if self.own:
            return Message("processes.rule.own.title", {"title": self.own})
        return Message(f"processes.rule.{self.rule}.title")

    def plain(self, name: str) -> Message:
        """What was seen, in one sentence about the program called ``name``."""
        if self.own:
            return Message("processes.rule.own.plain", {"name": name, "title": self.own})
        return Message(f"processes.rule.{self.rule}.plain", {"name": name, **self.facts})

    def why(self) -> Message:
        if self.own:
            told = self.facts.get("description", "")
            kind = "why" if told else "no-why"
            return Message(f"processes.rule.own.{kind}", {"description": told})
        return Message(f"processes.rule.{self.rule}.why")

    def honest(self) -> Message:
        """What an honest reason would be."""
        if self.own:
            return message("processes.rule.own.honest")
        return Message(f"processes.rule.{self.rule}.honest")

    def do(self) -> Message:
        if self.own:
            return message("processes.rule.own.do")
        kind = "milder" if self.milder else "do"
        return Message(f"processes.rule.{self.rule}.{kind}")

    def seen(self) -> tuple[Message, ...]:
        """The evidence, one sentence per thing seen."""
        return tuple(
            IN_USE_WORDS.get(value) or Message(EVIDENCE_WORDS[name].code, {"value": value})
            for name, values in self.evidence.items()
            for value in values
            if name in EVIDENCE_WORDS
        )


EVIDENCE_WORDS = {
    "Image": message("processes.seen.image", value=""),
    "ImageName": message("processes.seen.file-name", value=""),
    "ImageDeleted": message("processes.seen.deleted"),
    "ImageReplaced": message("processes.seen.replaced"),
    "ImageInMemory": message("processes.seen.in-memory"),
    "ImageOpenToOthers": message("processes.seen.open-to-others"),
    "ImageOwner": message("processes.seen.package", value=""),
    "ImageSigner": message("processes.seen.signer", value=""),
    "AppImage": message("processes.seen.appimage", value=""),
    "WorkFolder": message("processes.seen.work-folder", value=""),
    "Script": message("processes.seen.script", value=""),
    "ScriptOwner": message("processes.seen.script-package", value=""),
    "InlineCode": message("processes.seen.inline-code"),
    "Argv0": message("processes.seen.calls-itself", value=""),
    "Comm": message("processes.seen.short-name", value=""),
    "Hidden": message("processes.seen.hidden"),
    "User": message("processes.seen.user", value=""),
    "RunsAsRoot": message("processes.seen.root"),
    "RaisedRights": message("processes.seen.raised-rights"),
    "Capabilities": message("processes.seen.capability", value=""),
    "Container": message("processes.seen.container", value=""),
    "Unit": message("processes.seen.unit", value=""),
    "Terminal": message("processes.seen.terminal", value=""),
    "PtyShell": message("processes.seen.pty-shell"),
    "TracerImage": message("processes.seen.tracer", value=""),
    "TracerOwner": message("processes.seen.tracer-package", value=""),
    "TracerUser": message("processes.seen.tracer-user", value=""),
    "TracesOthers": message("processes.seen.traces-others"),
    "Keyboard": message("processes.seen.keyboard", value=""),
    "Pointer": message("processes.seen.pointer", value=""),
    "Camera": message("processes.seen.camera", value=""),
    "Microphone": message("processes.seen.microphone", value=""),
    "Screen": message("processes.seen.screen", value=""),
    "Typing": message("processes.seen.typing", value=""),
    "Memory": message("processes.seen.memory", value=""),
    "NetworkDevice": message("processes.seen.network-device", value=""),
    "Watcher": message("processes.seen.watcher", value=""),
    "StdioRemote": message("processes.seen.connected-to", value=""),
    "Listen": message("processes.seen.listens", value=""),
    "ListenOpen": message("processes.seen.listens-open", value=""),
    "Connected": message("processes.seen.connected", value=""),
    "RawSocket": message("processes.seen.raw-socket", value=""),
    "Preload": message("processes.seen.preload", value=""),
    "PreloadForeign": message("processes.seen.preload-foreign", value=""),
    "Components": message("processes.seen.component", value=""),
    "ComponentsDeleted": message("processes.seen.component-deleted", value=""),
    "PrivateFiles": message("processes.seen.private-file", value=""),
    "ParentImage": message("processes.seen.started-by", value=""),
    "ParentOwner": message("processes.seen.parent-package", value=""),
    "ParentScript": message("processes.seen.parent-script", value=""),
    "ParentComm": message("processes.seen.parent-name", value=""),
    "StartsByItself": message("processes.seen.starts-by-itself"),
    "StartHidden": message("processes.seen.start-hidden"),
    "Source": message("processes.seen.source", value=""),
    "SourceOwner": message("processes.seen.source-package", value=""),
    "EntryName": message("processes.seen.entry-name", value=""),
    "Command": message("processes.seen.command", value=""),
    "Target": message("processes.seen.target", value=""),
    "TargetOwner": message("processes.seen.target-package", value=""),
    "TargetSigner": message("processes.seen.target-signer", value=""),
    "TargetTemporary": message("processes.seen.target-temporary"),
    "TargetHiddenFolder": message("processes.seen.target-hidden-folder"),
    "EntryUser": message("processes.seen.entry-user", value=""),
    "EntryHidden": message("processes.seen.entry-hidden"),
    "Path": message("processes.seen.path", value=""),
    "Setuid": message("processes.seen.setuid"),
    "Setgid": message("processes.seen.setgid"),
    "FileOwner": message("processes.seen.package", value=""),
    "Interface": message("processes.seen.interface", value=""),
    "Domain": message("processes.seen.domain", value=""),
    "Installed": message("processes.seen.installed", value=""),
}
"""A sentence for every field that may be shown. Command lines of running programs may hold secrets
that stand in no file, and are not."""

IN_USE_WORDS = {
    "camera": message("processes.seen.camera-in-use"),
    "microphone": message("processes.seen.microphone-in-use"),
    "screen": message("processes.seen.screen-in-use"),
}
"""For what the system itself says is in use, without a device's path."""


@dataclass(frozen=True, slots=True)
class Program:
    """All processes that run the same program: the same file, or the same script of a file.

    ``exe`` None: the file could not be seen; the processes then share a name and a user.
    ``script``: what an interpreter runs; the program is then named after it. ``package`` None
    with ``package_known``: no package of this system brought it. No ``pids``: it does not run
    now; ``exe`` is then the file that starts by itself, or that a finding is about.
    ``started_by`` is the parent's program. ``signer`` as in Process, None also where not known.
    ``new``: not there when the person last said «this is how it is».
    """

    name: str
    exe: str | None
    package: str | None
    package_known: bool
    container: str | None
    users: tuple[str, ...]
    pids: tuple[int, ...]
    started: float | None
    script: str | None = None
    signer: str | None = None
    started_by: str | None = None
    unit: str | None = None
    reach: tuple[Reach, ...] = ()
    starts_by_itself: bool = False
    own: bool = False
    """Runs for the person who looks."""
    new: bool = False

    @property
    def running(self) -> bool:
        return bool(self.pids)


WATCHES = frozenset({Reach.CAMERA, Reach.MICROPHONE, Reach.KEYBOARD, Reach.SCREEN, Reach.TRAFFIC})
WATCHING_FIELDS = frozenset(
    {"Camera", "Microphone", "Keyboard", "Screen", "Typing", "PtyShell", "StdioRemote"}
)
WATCHING_PRODUCTS = frozenset(
    {"product-stalkerware", "product-parental", "product-recorder", "product-remote"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One card: a program, and everything about it that is worth a question.

    ``known``: the person said «I know this» about every hit; ``level`` is then fine.
    ``entries`` are the things that start it by itself.
    """

    program: Program
    level: Level
    hits: tuple[Hit, ...]
    known: bool = False
    entries: tuple[StartEntry, ...] = ()

    @property
    def watching(self) -> bool:
        """Whether somebody may be watching through it, who would notice a change."""
        return (
            not WATCHES.isdisjoint(self.program.reach)
            or any(WATCHING_FIELDS & hit.evidence.keys() for hit in self.hits)
            or any(hit.rule in WATCHING_PRODUCTS for hit in self.hits)
        )


@dataclass(frozen=True, slots=True)
class Running:
    """One process as a line of the tree. ``program`` counts from 0 in the scan's ``programs``;
    None for a part of the kernel."""

    pid: int
    ppid: int
    name: str
    user: str
    program: int | None
    started: float | None


@dataclass(frozen=True, slots=True)
class Autostart:
    """A thing that starts by itself, and what is made of it."""

    entry: StartEntry
    level: Level
    hits: tuple[Hit, ...]
    new: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the person said «I know this» about: kept as a Sigma filter for some rules.

    ``image`` and ``script`` are full paths, ``owner`` the package and ``signer`` the signature
    at that time; a program whose path, owner or signer differs is asked about again.
    """

    identity: str
    rules: tuple[str, ...]
    image: str | None
    script: str | None
    owner: str | None
    signer: str | None
    when: datetime
    note: str = ""
    container: str | None = None
    names: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    """For what starts no program of its own: the names and commands of the very entries meant."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the computer was when the person said «this is how it is»: an identity for each program
    and each thing that starts by itself."""

    taken: datetime
    identities: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A rule that could not be answered for some processes or entries (which have no pids), and
    why. No ``programs``: it could not be asked at all. ``own``: as in :class:`Hit`."""

    rule: str
    reason: Unknown
    pids: tuple[int, ...]
    programs: int
    own: str = ""

    def title(self) -> Message:
        if self.own:
            return Message("processes.rule.own.title", {"title": self.own})
        return Message(f"processes.rule.{self.rule}.title")


@dataclass(frozen=True, slots=True)
class Scan:
    """The answer of one look. ``partly_seen`` counts programs that hide something without admin
    rights; ``findings`` has the most urgent first."""

    system: System
    taken: datetime
    looked_at: int
    kernel_threads: int
    partly_seen: int
    programs: tuple[Program, ...]
    findings: tuple[Finding, ...]
    not_seen: tuple[NotSeen, ...]
    limits: tuple[Limit, ...] = ()
    running: tuple[Running, ...] = ()
    autostart: tuple[Autostart, ...] = ()
    autostart_seen: bool = False
    """Whether the places of things that start by themselves were looked at."""
    unread: tuple[str, ...] = ()
    """Places of such things that may not be read."""
    posture: tuple[Check, ...] = ()
    as_admin: bool = False
    deep: bool = False
    baseline: datetime | None = None
    """When the person's baseline was taken; None: nothing is called new."""

    @property
    def level(self) -> Level:
        """The most urgent level of all findings."""
        order = list(Level)
        return max((each.level for each in self.findings), key=order.index, default=Level.FINE)

    def headline(self) -> Message:
        """What needs action or deserves a question, of how many, and what could not be seen."""
        act, ask = self.count(Level.ACT), self.count(Level.ASK)
        if act:
            kind, count = ("both", ask) if ask else ("act", act)
        else:
            kind, count = ("ask", ask) if ask else ("none", self.looked_at)
        partly = "-partly" if self.partly_seen and not self.as_admin else ""
        facts = {"count": count, "act": act, "looked": self.looked_at, "part": self.partly_seen}
        return Message(f"processes.headline.{kind}{partly}", facts)

    def count(self, level: Level) -> int:
        """How many programs stand at ``level`` because of a finding."""
        return sum(finding.level is level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one process. ``ancestors`` begin with the parent; ``open_questions`` are
    rules that could not be answered for it."""

    process: Process
    program: Program
    ancestors: tuple[Process, ...]
    finding: Finding | None
    open_questions: tuple[NotSeen, ...]
    entries: tuple[StartEntry, ...]
