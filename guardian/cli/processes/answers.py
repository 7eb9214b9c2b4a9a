"""The machine's form of what was found; its names are a promise to those who read it."""

from __future__ import annotations

from typing import Any

from guardian.cli.session import Session
from guardian.core.feature import Level
from guardian.processes.model import (
    Autostart,
    Check,
    Explanation,
    Finding,
    Hit,
    Known,
    NotSeen,
    Process,
    Program,
    Scan,
    StartEntry,
    Unknown,
    hide_in_words,
    hide_secrets,
)


def scan_as_json(session: Session, found: Scan) -> dict[str, Any]:
    by_program = {finding.program: finding for finding in found.findings}
    resting = [each.program for each in found.findings if each.program not in found.programs]
    return {
        "system": found.system,
        "taken": found.taken,
        "level": found.level,
        "headline": session.words.tell(found.headline()),
        "looked_at": found.looked_at,
        "ask": found.count(Level.ASK),
        "act": found.count(Level.ACT),
        "partly_seen": found.partly_seen,
        "kernel_threads": found.kernel_threads,
        "as_admin": found.as_admin,
        "deep": found.deep,
        "baseline": found.baseline,
        "limits": found.limits,
        "programs": [
            program_as_json(program, by_program.get(program))
            for program in (*found.programs, *resting)
        ],
        "not_seen": [gap_as_json(gap) for gap in found.not_seen],
        "autostart": [autostart_as_json(each) for each in found.autostart],
        "autostart_unread": found.unread,
        "posture": [check_as_json(session, each) for each in found.posture],
    }


def program_as_json(program: Program, finding: Finding | None) -> dict[str, Any]:
    return {
        "pid": program.pids,
        "exe": program.exe,
        "script": program.script,
        "name": program.name,
        "owner": program.package,
        "owner_known": program.package_known,
        "signer": program.signer,
        "users": program.users,
        "container": program.container,
        "started": program.started,
        "started_by": program.started_by,
        "reach": program.reach,
        "starts_by_itself": program.starts_by_itself,
        "new": program.new,
        "known": finding.known if finding else False,
        "level": finding.level if finding else Level.FINE,
        "findings": [hit_as_json(hit) for hit in finding.hits] if finding else [],
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    return {
        "rule": hit.rule,
        "level": hit.level,
        "pid": hit.pids,
        "evidence": hit.evidence,
        "attack": hit.attack,
        "facts": hit.facts,
    }


def gap_as_json(gap: NotSeen) -> dict[str, Any]:
    return {
        "rule": gap.rule,
        "reason": gap.reason.value,
        "pid": gap.pids,
        "programs": gap.programs,
    }


def entry_as_json(entry: StartEntry) -> dict[str, Any]:
    return {
        "place": entry.place,
        "kind": entry.kind,
        "source": entry.source,
        "line": entry.line,
        "name": entry.name,
        "command": hide_secrets(entry.command),
        "target": seen(entry.target),
        "owner": seen(entry.target_owner) or seen(entry.owner),
        "user": seen(entry.user),
        "enabled": seen(entry.enabled),
        "hidden": entry.hidden,
        "facts": entry.facts,
    }


def autostart_as_json(each: Autostart) -> dict[str, Any]:
    return {
        **entry_as_json(each.entry),
        "level": each.level,
        "findings": [hit_as_json(hit) for hit in each.hits],
        "new": each.new,
        "known": each.known,
    }


def check_as_json(session: Session, check: Check) -> dict[str, Any]:
    words, fix = session.words, check.fix()
    return {
        "key": check.key,
        "answer": check.answer,
        "facts": check.facts,
        "title": words.tell(check.title()),
        "sentence": words.tell(check.tell()),
        "fix": words.tell(fix) if fix else None,
    }


def process_as_json(process: Process) -> dict[str, Any]:
    argv = process.argv
    return {
        "pid": process.pid,
        "ppid": process.ppid,
        "name": process.name,
        "exe": seen(process.exe),
        "command": None if isinstance(argv, Unknown) else hide_in_words(argv),
        "user": seen(process.user),
        "started": seen(process.started),
    }


def explanation_as_json(explained: Explanation) -> dict[str, Any]:
    return {
        "process": process_as_json(explained.process),
        "program": program_as_json(explained.program, explained.finding),
        "ancestors": [process_as_json(each) for each in explained.ancestors],
        "autostart": [entry_as_json(each) for each in explained.entries],
        "not_seen": [gap_as_json(gap) for gap in explained.open_questions],
    }


def known_as_json(known: Known) -> dict[str, Any]:
    return {
        "id": known.identity,
        "rules": known.rules,
        "image": known.image,
        "script": known.script,
        "owner": known.owner,
        "signer": known.signer,
        "when": known.when,
        "note": known.note,
    }


def seen(value: Any) -> Any:
    """What was not seen is null."""
    return None if isinstance(value, Unknown) else value
