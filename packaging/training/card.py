"""The model card, and answers of the finished weights that the tests hold the app to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guardian.clauses.engine.features import find_grams
from guardian.clauses.engine.labelling import FILES, label
from guardian.clauses.engine.weights import Weights
from guardian.clauses.model import Labels
from training.rows import Task

HERE = Path(__file__).resolve().parent
CARD = "MODEL-CARD.md"
LEARNED = "Cross-validated"
APART = "Kept apart"


def write_figures(folder: Path, task: str, lines: Sequence[str], *, part: str = LEARNED) -> None:
    """Put a table into the model card under ``part``, in place of the one for the same task."""
    path = folder / CARD
    head = (HERE / "model-card.md").read_text("utf-8").rstrip("\n")
    tables = read_figures(path) if path.exists() else {}
    tables[f"{part}: {task}"] = list(lines)
    parts = [head]
    for title in sorted(tables, key=lambda title: (not title.startswith(LEARNED), title)):
        parts.append("\n".join([f"## {title}", "", *tables[title]]))
    path.write_text("\n\n".join(parts) + "\n", "utf-8")


def read_figures(path: Path) -> dict[str, list[str]]:
    """The tables of a model card by their titles."""
    tables: dict[str, list[str]] = {}
    title = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            title = line[3:] if line[3:].startswith((LEARNED, APART)) else ""
        elif title and line.startswith("|"):
            tables.setdefault(title, []).append(line)
    return tables


def ask_engine(task: Task) -> NDArray[np.float64]:
    """What the app says of the texts of ``task``: one row a sentence, one column a head.

    For levels the app gives no chance but a choice: 1 for the upper level, 0 for the lower.
    """
    language = task.name.split("-")[1]
    return np.array(
        [[answer(found, head) for head in task.heads] for found in label(task.texts, language)]
    )


def answer(found: Labels, head: str) -> float:
    if head in {"important", "risk", "sensitive"}:
        return float(getattr(found, head))
    if head.startswith("level "):
        _, tag, _, upper = head.split()
        return float(found.levels.get(tag, 0) >= int(upper))
    return found.unfair[head.split()[1]] if head.startswith("unfair ") else found.topics[head]


def write_answers(path: Path, learned: Mapping[str, Weights]) -> None:
    """What the weights say of our own sentences, to the last bit, straight after training."""
    sentences = json.loads((HERE / "own-answers.json").read_text("utf-8"))
    answers = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for language, texts in sentences.items():
        known = answers.setdefault(language, {})
        for text in texts:
            known.setdefault(text, {})
        for name in FILES[language]:
            if name in learned:
                weights = learned[name]
                found = weights.judge([find_grams(texts, one.recipe) for one in weights.blocks])
                for head, column in found.items():
                    for text, chance in zip(texts, column.tolist(), strict=True):
                        known[text][head] = chance.hex()
    written = json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(written + "\n", "utf-8")
