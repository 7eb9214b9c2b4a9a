"""Labels sentences: topics, unfair terms, what matters, what is risky, and whom it favours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from guardian.clauses.engine import verdict
from guardian.clauses.engine.features import Grams, Recipe, Signs, batches, find_grams, read_signs
from guardian.clauses.engine.weights import Weights, read_weights
from guardian.clauses.model import GIVEN, TOPICS, UNFAIR, Labels
from guardian.core.paths import assets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Chances = Mapping[str, NDArray[np.float64]]

FOLDER = "clauses/models"
# the files of each language; a head stands in one of them only
FILES = {"en": ("topics-en", "unfair-en", "weight-en"), "zh": ("topics-zh",)}
LEVELS = 3
USUAL_LEVEL = 2  # of tags that hardly ever have another


@cache
def weights_for(language: str) -> tuple[Weights, ...]:
    """The weights of ``language``, read once. Raises ``Problem("content-bad")``."""
    folder = assets() / FOLDER
    return tuple(read_weights(folder / f"{name}.npz") for name in FILES.get(language, ()))


def label(texts: Sequence[str], language: str) -> list[Labels]:
    """What the learned weights say of each text by itself, in order.

    In a language that Guardian has not learned, labels are empty. A text of nothing but spaces gets
    the labels of an empty one. Raises ``Problem("content-bad")`` when weights cannot be read.
    """
    if language not in FILES:
        return [Labels(language) for _ in texts]
    return [one for part in batches(texts) for one in label_batch(part, language)]


def label_batch(texts: Sequence[str], language: str) -> Iterator[Labels]:
    """The same for as many texts as fit in memory together."""
    found: dict[str, NDArray[np.float64]] = {}
    signs = read_signs(texts)
    grams: dict[Recipe, Grams] = {}
    for weights in weights_for(language):
        for block in weights.blocks:
            if block.recipe not in grams:
                grams[block.recipe] = find_grams(signs, block.recipe)
        found |= weights.judge([grams[block.recipe] for block in weights.blocks])
    rows = {head: column.tolist() for head, column in found.items()}
    judged = judge(signs, language)
    for place in range(len(texts)):
        chance = {head: column[place] for head, column in rows.items()}
        one = judged[place] if judged else None
        unfair = {tag: chance[f"unfair {tag}"] for tag in UNFAIR if f"unfair {tag}" in chance}
        yield Labels(
            language=language,
            topics={topic: chance[topic] for topic in TOPICS},
            unfair=unfair,
            levels={tag: level(tag, chance) for tag, p in unfair.items() if p >= GIVEN},
            important=chance.get("important", 0.0),
            risk=chance.get("risk", 0.0),
            sensitive=chance.get("sensitive", 0.0),
            verdict=one.verdict if one else {},
            cases=one.cases if one else {},
            abstained=one.abstained if one else True,
        )


def judge(texts: Sequence[str] | Signs, language: str) -> Sequence[verdict.Judged]:
    """The verdicts, where they were learned for ``language``."""
    return verdict.judge(texts) if language == "en" and verdict.known() else ()


def level(tag: str, chance: Mapping[str, float]) -> int:
    """1 fair, 2 doubtful or 3 unfair: the upper of the two levels that a tag has, if likelier."""
    for lower in range(1, LEVELS):
        for upper in range(lower + 1, LEVELS + 1):
            head = f"level {tag} {lower} {upper}"
            if head in chance:
                return upper if chance[head] >= GIVEN else lower
    return USUAL_LEVEL
