"""The machine's form of explanations: what the documentation of ``--json`` promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guardian.clauses.model import (
    Change,
    Checklist,
    Clause,
    Explanation,
    Labels,
    ReadDocument,
    SideBySide,
    VersionChange,
)
from guardian.core.errors import Problem
from guardian.core.words import Words


def answer_explanation(words: Words, explanation: Explanation) -> dict[str, Any]:
    """One document; places count characters of the extracted text (``--with-text`` gives it)."""
    document = explanation.document
    return {
        "title": document.title,
        "verdict": words.tell(explanation.verdict),
        "clauses": [answer_clause(words, clause) for clause in explanation.clauses],
        "missing": [
            one for checklist in explanation.checklists for one in answer_missing(words, checklist)
        ],
        "actions": [words.say(f"clauses.action.{one}") for one in explanation.actions()],
        "facts": [
            {"name": one.name, "of": one.of, "text": one.text, "start": one.start, "end": one.end}
            for one in explanation.facts
        ],
        "passages": len(explanation.passages),
        "left_for_you": [
            {"start": one.start, "end": one.end, "topics": list(one.topics)}
            for one in explanation.left()
        ],
        "coverage": round(explanation.coverage, 4),
        "words": document.words,
        "reading_minutes": explanation.reading_minutes,
        "readability": {
            "school_grade": rounded(explanation.readability.grade),
            "mean_sentence": rounded(explanation.readability.mean_sentence),
            "long_share": round(explanation.readability.long_share, 3),
        },
        "looks_like_policy": explanation.looks_like_policy,
        "language": explanation.language,
        "recognised_language": explanation.recognised_language,
        "source": document.kind.value,
        "encoding": document.encoding,
        "unreadable_characters": document.unreadable,
        "unread_characters": explanation.unread,
        "dropped_words": document.dropped_words,
        "dropped_text": document.dropped_text,
        "pages": document.pages,
        "pages_without_text": document.wordless_pages,
        "sha256": explanation.fingerprint,
    }


def answer_clause(words: Words, clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "number": clause.number,
        "group": clause.group,
        "level": clause.level.value,
        "direction": clause.direction.value,
        "severity": clause.severity,
        "confidence": round(clause.confidence, 3),
        "basis": clause.basis.value,
        "quote": clause.quote,
        "start": clause.start,
        "end": clause.end,
        "slots": dict(clause.slots),
        "plain": words.say(f"clauses.kind.{clause.id}"),
        "why": words.say(f"clauses.why.{clause.id}"),
        "actions": [words.say(f"clauses.action.{action}") for action in clause.actions],
        "laws": [{"law": one.law, "article": one.article} for one in clause.pointers],
        "infringements": list(clause.infringements),
    }


def answer_missing(words: Words, checklist: Checklist) -> list[dict[str, Any]]:
    """Every item of one list, the found ones as well."""
    law = checklist.law.value
    return [
        {
            "law": law,
            "applies": checklist.applies.value,
            "id": item.id,
            "article": item.article,
            "answer": item.presence.value,
            "plain": words.say(f"clauses.check.{law}.{item.id}"),
            "common": item.common,
            "quote": item.quote,
            "start": item.start if item.quote else None,
            "end": item.end if item.quote else None,
            "words": checklist.words,
        }
        for item in checklist.items
    ]


def answer_diff(words: Words, change: VersionChange) -> dict[str, Any]:
    return {
        "old": change.old_title,
        "new": change.new_title,
        "changes": [answer_change(words, one) for one in change.changes],
        "sentences": {
            "same": change.same,
            "moved": change.moved,
            "added": [one.new for one in change.added],
            "removed": [one.old for one in change.removed],
            "reworded": [{"old": one.old, "new": one.new} for one in change.reworded],
        },
    }


def answer_change(words: Words, change: Change) -> dict[str, Any]:
    one = change.new or change.old
    assert one is not None
    return {
        "id": one.id,
        "number": one.number,
        "change": change.kind.value,
        "shift": change.shift.value,
        "plain": words.say(f"clauses.kind.{one.id}"),
        "slot": change.slot,
        "before": change.before,
        "after": change.after,
        "old": answer_clause(words, change.old) if change.old else None,
        "new": answer_clause(words, change.new) if change.new else None,
    }


def answer_side_by_side(words: Words, side: SideBySide) -> dict[str, Any]:
    return {
        "documents": list(side.titles),
        "rows": [
            {
                "id": name,
                "plain": words.say(f"clauses.kind.{name}"),
                "clauses": [[answer_clause(words, one) for one in cell] for cell in cells],
            }
            for name, cells in side.rows.items()
        ],
    }


def answer_labels(labels: Labels) -> dict[str, Any]:
    """One line of ``label``: what was given with its probability, and all probabilities."""
    verdict = labels.likeliest()
    return {
        "language": labels.language,
        "topics": {name: exact(labels.topics[name]) for name in labels.given_topics()},
        "unfair": {name: exact(labels.unfair[name]) for name in labels.given_unfair()},
        "unfair_levels": {
            name: labels.levels[name] for name in labels.given_unfair() if name in labels.levels
        },
        "verdict": {one.value: exact(chance) for one, chance in labels.verdict.items()},
        "important": exact(labels.important),
        "risk": exact(labels.risk),
        "sensitive": exact(labels.sensitive),
        "abstained": labels.abstained,
        "answers": {
            "topics": list(labels.given_topics()),
            "unfair": list(labels.given_unfair()),
            "verdict": verdict.value if verdict else None,
            "important": labels.important >= 0.5,
            "risk": labels.risk >= 0.5,
            "sensitive": labels.sensitive >= 0.5,
        },
        "probabilities": {
            "topics": {name: exact(chance) for name, chance in labels.topics.items()},
            "unfair": {name: exact(chance) for name, chance in labels.unfair.items()},
        },
    }


def answer_read(one: ReadDocument) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "source": one.source,
        "sha256": one.fingerprint,
        "read_at": one.read_at.isoformat(),
        "words": one.words,
        "language": one.language,
        "earlier": one.earlier,
        "levels": {level.value: count for level, count in one.counts.items()},
    }


def answer_problem(words: Words, file: Path, problem: Problem) -> dict[str, Any]:
    """What is said in place of a document that could not be read."""
    told = words.say(f"problem.{problem.code}", **problem.facts)
    return {"file": file.name, "problem": problem.code, "message": told}


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def exact(chance: float) -> float:
    """Six places: as fine as the weights are."""
    return round(chance, 6)
