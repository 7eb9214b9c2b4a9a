"""Which products that watch or control are on this computer, how sure that is, what it weighs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from guardian.processes.content import Product, ProductKind, SigmaLevel
from guardian.processes.model import Place, Process, Snapshot, StartEntry, Unknown
from guardian.processes.rules.catalogue import Catalogue, PathFacts, plain_service
from guardian.processes.rules.paths import is_interpreter, name_of

Strength = Literal["sure", "name"]
Subject = Process | StartEntry | str
"""A process, something that starts by itself, or an install place that exists."""

Sight = Literal["lasting", "running", "present", "name"]
"""``lasting``: starts by itself, or other computers can reach it. ``name``: only called so."""

LEVELS: Mapping[ProductKind, Mapping[Sight, SigmaLevel]] = {
    # Known by its place, package or signature, and made to watch in secret: nothing else on a
    # home computer is both so certain and so grave. Somebody who put it there himself says so once.
    "stalkerware": {
        "lasting": "critical",
        "running": "critical",
        "present": "high",
        "name": "medium",
    },
    "employee": {"lasting": "high", "running": "high", "present": "medium", "name": "medium"},
    "parental": {"lasting": "high", "running": "high", "present": "low", "name": "medium"},
    "recorder": {"lasting": "high", "running": "high", "present": "low", "name": "medium"},
    # Help from afar that somebody starts when he needs it is no question; a door kept open is.
    "remote": {"lasting": "medium", "running": "low", "present": "informational", "name": "low"},
    "tunnel": {"lasting": "low", "running": "low", "present": "informational", "name": "low"},
    # Nearly always known to whoever uses the computer: told, never asked about.
    "management": {
        "lasting": "informational",
        "running": "informational",
        "present": "informational",
        "name": "informational",
    },
}

ATTACK: Mapping[ProductKind, tuple[str, ...]] = {
    "stalkerware": ("T1056", "T1113"),
    "employee": ("T1056", "T1113"),
    "parental": ("T1056", "T1113"),
    "recorder": ("T1056.001",),
    "remote": ("T1219.002",),
    "tunnel": ("T1572",),
    "management": ("T1072",),
}
"""Techniques of MITRE ATT&CK that products of a kind can serve."""

STARTERS = frozenset({"bwrap", "snap-confine", "runuser", "su", "sudo", "env", "nohup", "firejail"})
"""Programs that only start another one, in surroundings of its own or as somebody else."""

STARTING_PLACES = frozenset({Place.SERVICE, Place.TIMER, Place.LOGIN, Place.BOOT})


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """A product and by what it was recognised; ``evidence`` by field name, as rules name them.

    ``sure``: by install place, package, service, signature, or its name together with an address
    of its maker in the command line. ``name``: only by what it is called.
    """

    subject: Subject
    product: Product
    strength: Strength
    evidence: dict[str, tuple[str, ...]]

    @property
    def rule(self) -> str:
        return f"product-{self.product.kind}"

    def level(self, *, starts: bool, listens: bool) -> SigmaLevel:
        """How much it weighs. ``starts``: by itself; ``listens``: others can reach it."""
        levels = LEVELS[self.product.kind]
        if self.strength == "name":
            return levels["name"]
        if isinstance(self.subject, str):
            return levels["present"]
        lasting = listens or (starts and not self.product.common)
        return levels["lasting" if lasting else "running"]


@dataclass
class Clues:
    """What speaks for which product, for one subject."""

    sure: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    named: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    shared: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, found: Iterable[Product], name: str, value: str) -> None:
        note(self.sure, found, name, value)

    def add_path(self, facts: PathFacts, name: str, value: str) -> None:
        note(self.sure, facts.placed, name, value)
        note(self.named, facts.named, name, value)
        note(self.shared, facts.shared, name, value)

    def settle(self, command: str, catalogue: Catalogue) -> None:
        """A name becomes sure where the command line has an address of the same maker."""
        for found in (self.named, self.shared):
            for key in [key for key in found if key not in self.sure]:
                domain = catalogue.domain_in(command, key)
                if domain is not None:
                    self.sure[key] = {**found[key], "Domain": [domain]}

    def matches(self, subject: Subject, catalogue: Catalogue) -> Iterator[ProductMatch]:
        """What is only called so is left out where something else is sure."""
        strength: Strength = "sure" if self.sure else "name"
        for key, notes in sorted((self.sure or self.named).items()):
            evidence = {name: tuple(dict.fromkeys(values)) for name, values in notes.items()}
            yield ProductMatch(subject, catalogue.by_key[key], strength, evidence)


def note(
    book: dict[str, dict[str, list[str]]], found: Iterable[Product], name: str, value: str
) -> None:
    for product in found:
        book.setdefault(product.key, {}).setdefault(name, []).append(value)


def match_products(snapshot: Snapshot, products: Iterable[Product]) -> tuple[ProductMatch, ...]:
    """The products in ``snapshot``: processes first, then what starts by itself, then places.

    Places that merely exist are told only of products that nothing else was seen of.
    """
    catalogue = Catalogue(products, snapshot.system)
    by_pid = {process.pid: process for process in snapshot.processes}
    found: list[ProductMatch] = []
    for process in snapshot.processes:
        if not process.kernel_thread:
            found += of_process(process, by_pid.get(process.ppid), catalogue)
    if not isinstance(snapshot.entries, Unknown):
        for entry in snapshot.entries:
            found += of_entry(entry, catalogue)
    met = {match.product.key for match in found if match.strength == "sure"}
    found += of_places(snapshot.present, met, catalogue)
    return tuple(found)


def of_process(
    process: Process, parent: Process | None, catalogue: Catalogue
) -> Iterator[ProductMatch]:
    clues = Clues()
    for name, path in paths_of(process):
        clues.add_path(catalogue.look_up(path), name, path)
    for name, owner in (("ImageOwner", process.owner), ("ScriptOwner", process.script_owner)):
        if isinstance(owner, str):
            clues.add(catalogue.packaged(owner), name, owner)
    if isinstance(process.signer, str):
        clues.add(catalogue.signed(process.signer), "ImageSigner", process.signer)
    if isinstance(process.unit, str) and leads_unit(process, parent):
        clues.add(catalogue.serving(process.unit), "Unit", process.unit)
    if (clues.named or clues.shared) and isinstance(process.argv, tuple):
        clues.settle(" ".join(process.argv), catalogue)
    return clues.matches(process, catalogue)


def leads_unit(process: Process, parent: Process | None) -> bool:
    """Whether it is what the unit was made for: its first program, and none that runs another.

    Whole desktops run below the unit of a remote session.
    """
    if parent is not None and parent.unit == process.unit:
        return False
    if not isinstance(process.exe, str):
        return True
    passes_on = is_interpreter(process.exe) and not isinstance(process.script, str)
    return not passes_on and name_of(process.exe) not in STARTERS


def paths_of(process: Process) -> Iterator[tuple[str, str]]:
    """Every file the process can be recognised by, with the field that tells it.

    Where its own file is kept from us, what it was started as and its short name must do.
    """
    if isinstance(process.exe, str):
        yield "Image", process.exe
    else:
        if isinstance(process.argv, tuple) and process.argv and process.argv[0]:
            yield "Argv0", process.argv[0]
        if isinstance(process.exe, Unknown) and process.name:
            yield "Comm", process.name
    if isinstance(process.script, str):
        yield "Script", process.script.removeprefix("-m ")
    if isinstance(process.appimage, str):
        yield "AppImage", process.appimage


def of_entry(entry: StartEntry, catalogue: Catalogue) -> Iterator[ProductMatch]:
    """What starts by itself; an entry that is switched off starts nothing."""
    if entry.enabled is False:
        return iter(())
    clues = Clues()
    if isinstance(entry.target, str):
        clues.add_path(catalogue.look_up(entry.target), "Target", entry.target)
    for name, owner in (("TargetOwner", entry.target_owner), ("SourceOwner", entry.owner)):
        if isinstance(owner, str):
            clues.add(catalogue.packaged(owner), name, owner)
    if isinstance(entry.target_signer, str):
        clues.add(catalogue.signed(entry.target_signer), "TargetSigner", entry.target_signer)
    if entry.place in STARTING_PLACES and entry.name:
        clues.add(catalogue.serving(entry.name), "EntryName", entry.name)
        note(clues.named, catalogue.branded(plain_service(entry.name)), "EntryName", entry.name)
    if clues.named or clues.shared:
        clues.settle(entry.command, catalogue)
    return clues.matches(entry, catalogue)


def of_places(
    present: Iterable[str], met: set[str], catalogue: Catalogue
) -> Iterator[ProductMatch]:
    places: dict[str, list[str]] = {}
    for place in present:
        for product in catalogue.asked.get(place, ()):
            if product.key not in met:
                places.setdefault(product.key, []).append(place)
    for key, found in places.items():
        yield ProductMatch(found[0], catalogue.by_key[key], "sure", {"Installed": tuple(found)})
