"""The labelled sentences to learn from, as one task for each file of weights."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guardian.clauses.engine.features import Recipe
from guardian.clauses.model.labels import TOPICS, UNFAIR

HERE = Path(__file__).resolve().parent
UNKNOWN = -1
# the levels that tags are given with, where there is more than one: tag, lower, upper
LEVELS = (("a", 2, 3), ("cr", 2, 3), ("j", 1, 3), ("law", 1, 2), ("ltd", 1, 2), ("ter", 2, 3))
TAG = re.compile(r"([a-z]+)([123])")
CHINESE = (
    "数据收集", "权限获取", "共享、委托、转让、公开（披露）", "使用", "存储方式", "安全措施",
    "数据、权限管理", "联系方式", "隐私政策的授权、修改与变更", "停止运营", "特殊人群",
    "摘要", "潜在风险",
)  # fmt: skip
Truth = NDArray[np.int8]


@dataclass(frozen=True)
class Task:
    """Sentences with what people said of them, for one file of weights.

    ``truth`` has one row a sentence and one column a head: 1, 0, or :data:`UNKNOWN`. Sentences of
    one of ``groups`` (a document, where that is known) are never on both sides of a fold. The first
    ``measured`` rows come from the data, the rest we wrote ourselves: they are only learned from.
    ``shares`` is how much each recipe counts, ``keep`` how many features of all are kept. Heads in
    ``mixed`` listen to each other. ``strictness`` is C of the support vector machine.
    """

    name: str
    heads: tuple[str, ...]
    texts: tuple[str, ...]
    truth: Truth
    groups: NDArray[np.int64]
    measured: int
    recipes: tuple[Recipe, ...]
    shares: tuple[float, ...]
    keep: int
    strictness: float
    folds: int = 5
    mixed: bool = False


def read_tasks(data: Path, use: str) -> list[Task]:
    """All tasks with the rows of ``data`` that are for ``use`` («train» or «dev»)."""
    return [
        topics_en(data, use), unfair_en(data, use), weight_en(data, use), topics_zh(data, use)
    ]  # fmt: skip


def read_rows(data: Path, name: str, use: str) -> list[dict[str, Any]]:
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row["use"] == use]


def read_own(name: str, use: str) -> list[dict[str, Any]]:
    """Sentences that we wrote and labelled ourselves; there are none to measure on."""
    if use != "train":
        return []
    own: list[dict[str, Any]] = json.loads((HERE / f"own-{name}.json").read_text("utf-8"))
    return own


def read_ideas(language: str) -> tuple[str, ...]:
    return tuple(json.loads((HERE / f"ideas-{language}.json").read_text("utf-8")).values())


def english() -> tuple[Recipe, ...]:
    return Recipe(words=(1, 2), marks=True), Recipe(ideas=read_ideas("en"))


def topics_en(data: Path, use: str) -> Task:
    rows = read_rows(data, "appsi139_topic", use)
    own = read_own("topics", use)
    truth = [row["y"] for row in rows]
    truth += [[int(topic in one["topics"]) for topic in TOPICS] for one in own]
    texts = [row["text"] for row in rows] + [one["text"] for one in own]
    return Task(
        "topics-en", TOPICS, tuple(texts), np.array(truth, np.int8), np.arange(len(texts)),
        len(rows), english(), (1.0, 1.0), 45_000, 0.3, mixed=True,
    )  # fmt: skip


def unfair_en(data: Path, use: str) -> Task:
    rows = read_rows(data, "unfair_tos_en", use)
    own = read_own("unfair", use)
    given = [
        {found[1]: int(found[2]) for found in map(TAG.fullmatch, row["tags"]) if found}
        for row in [*rows, *own]
    ]
    truth = [
        [int(tag in tags) for tag in UNFAIR]
        + [int(tags[tag] >= upper) if tag in tags else UNKNOWN for tag, _, upper in LEVELS]
        for tags in given
    ]
    heads = [f"unfair {tag}" for tag in UNFAIR]
    heads += [f"level {tag} {lower} {upper}" for tag, lower, upper in LEVELS]
    texts = [row["sentence"] for row in rows] + [one["text"] for one in own]
    documents = number(row["doc"] for row in rows)
    return Task(
        "unfair-en", tuple(heads), tuple(texts), np.array(truth, np.int8),
        np.append(documents, np.zeros(len(own), np.int64)), len(rows), english(),
        (1.0, 1.0), 45_000, 0.6,
    )  # fmt: skip


def weight_en(data: Path, use: str) -> Task:
    said: dict[str, list[int]] = {}
    for column, name in enumerate(("imp", "risk", "sens")):
        for row in read_rows(data, f"appsi139_{name}", use):
            said.setdefault(row["text"], [UNKNOWN] * 3)[column] = row["y"]
    return Task(
        "weight-en", ("important", "risk", "sensitive"), tuple(said),
        np.array(list(said.values()), np.int8), np.arange(len(said)), len(said), english(),
        (1.0, 1.0), 30_000, 0.1,
    )  # fmt: skip


def topics_zh(data: Path, use: str) -> Task:
    rows = read_rows(data, "capp130_zh", use)
    truth = [[int(name in row["labels"]) for name in CHINESE] for row in rows]
    recipes = (
        Recipe(letters=(1, 2, 3, 4), within=False),
        Recipe(ideas=read_ideas("zh"), within=False),
    )
    return Task(
        "topics-zh", (*TOPICS, "important", "risk"), tuple(row["text"] for row in rows),
        np.array(truth, np.int8), number(row["doc"] for row in rows), len(rows), recipes,
        (1.0, 0.5), 70_000, 0.3,
    )  # fmt: skip


def number(names: Iterable[object]) -> NDArray[np.int64]:
    """The same number for the same name, by first appearance."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(name, len(seen)) for name in names], np.int64)
