"""How good weights are: F1 of each head and of all, and how far chances are off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.rows import UNKNOWN, Task

Floats = NDArray[np.float64]
BINS = 10


@dataclass(frozen=True)
class Figures:
    """One head: sentences that have the label, precision, recall and F1, each 0 to 1."""

    head: str
    sentences: int
    precision: float
    recall: float
    f1: float


def measure_head(head: str, truth: NDArray[np.int8], given: NDArray[np.bool_]) -> Figures:
    known = truth != UNKNOWN
    truth, given = truth[known] == 1, given[known]
    hits = int((truth & given).sum())
    many, said = int(truth.sum()), int(given.sum())
    f1 = 2 * hits / max(many + said, 1)
    return Figures(head, many, hits / max(said, 1), hits / max(many, 1), f1)


def micro(truth: NDArray[np.int8], given: NDArray[np.bool_]) -> float:
    hits = int(((truth == 1) & given).sum())
    return 2 * hits / max(int((truth == 1).sum()) + int(given.sum()), 1)


def calibration_error(truth: NDArray[np.int8], found: Floats) -> float:
    """The mean distance of chances from how often they come true, over all heads and bins."""
    known = truth != UNKNOWN
    right, chance = (truth[known] == 1).astype(float), found[known]
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    off = [
        abs(right[bins == one].sum() - chance[bins == one].sum())
        for one in range(BINS)
        if (bins == one).any()
    ]
    return float(sum(off) / len(right))


def describe(task: Task, truth: NDArray[np.int8], found: Floats) -> Iterator[str]:
    """Lines of a Markdown table: one a head, then all together."""
    given = found >= 0.5
    yield "| label | sentences | precision | recall | F1 |"
    yield "|---|---|---|---|---|"
    kinds: dict[str, list[int]] = {}
    for place, head in enumerate(task.heads):
        one = measure_head(head, truth[:, place], given[:, place])
        found_right = f"{one.precision:.2f} | {one.recall:.2f} | {one.f1:.3f}"
        yield f"| {head} | {one.sentences} | {found_right} |"
        kinds.setdefault(kind_of(task, head), []).append(place)
    for kind, places in kinds.items():
        if kind not in {"topics", "unfair"}:
            continue
        each = [measure_head("", truth[:, one], given[:, one]) for one in places]
        f1s = [one.f1 for one in each if one.sentences]
        off = calibration_error(truth[:, places], found[:, places])
        yield (
            f"| all {kind} | | micro {micro(truth[:, places], given[:, places]):.3f} "
            f"| macro {np.mean(f1s):.3f} | calibration error {off:.4f} |"
        )


def kind_of(task: Task, head: str) -> str:
    if head in {"important", "risk", "sensitive"}:
        return head
    return head.split(maxsplit=1)[0] if task.name == "unfair-en" else "topics"
