"""Recognising the same program or entry in a later look, whatever version it has by then."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

from guardian.processes.model import Baseline, Program, Scan, StartEntry
from guardian.processes.rules.paths import canonical

CHANGING = (
    (re.compile(r"^/nix/store/[a-z0-9]{32}-"), "/nix/store/"),
    (re.compile(r"^/gnu/store/[a-z0-9]{32}-"), "/gnu/store/"),
    (re.compile(r"^/snap/([^/]+)/[^/]+/"), r"/snap/\1/"),
    (re.compile(r"^(/tmp/\.mount_[^/]*?)[^/]{6}/"), r"\1/"),
    (re.compile(r"/_MEI[^/]+/"), "/_MEI/"),
    (re.compile(r"\d+(?:\.\d+)+"), "#"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b"), "#"),
)
"""What a path has that a new version, or only a new start, changes."""


def identity_of(subject: Program | StartEntry) -> str:
    """The same for the same thing at another time: where it stands, and who brought it."""
    if isinstance(subject, Program):
        return program_identity(subject)
    return digest(
        "entry",
        subject.place.value,
        subject.kind,
        lasting(subject.source),
        subject.name,
        lasting(subject.command),
        lasting(subject.target) if isinstance(subject.target, str) else "",
        *sorted(subject.facts),
    )


def program_identity(program: Program) -> str:
    script = program.script or ""
    own_file = bool(script) and not script.startswith("-")
    return digest(
        "program",
        program.container or "",
        "" if own_file else lasting(program.exe or program.name),
        lasting(script),
        program.package or "",
        program.signer or "",
    )


@lru_cache(maxsize=4096)
def lasting(text: str) -> str:
    """``text`` without version numbers and other parts that change by themselves."""
    text = canonical(text)
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return text


def digest(*parts: str) -> str:
    """24 letters and digits that tell nothing of the parts."""
    whole = "\0".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(whole, digest_size=12).hexdigest()


def baseline_of(scan: Scan) -> Baseline:
    """Everything of ``scan`` as what is usual on this computer from now on."""
    programs = (identity_of(program) for program in scan.programs)
    entries = (identity_of(each.entry) for each in scan.autostart)
    return Baseline(scan.taken, frozenset((*programs, *entries)))
