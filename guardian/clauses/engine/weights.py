"""Learned weights: reads them from a file and sums them over a sentence's features.

All sums are sums of whole numbers, so their order cannot matter; what follows is one square root,
one division and one multiplication, which IEEE 754 fixes to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from guardian.clauses.engine.features import Grams, Recipe, Vocabulary
from guardian.core.errors import Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

# 1 + ln(n) in 16ths for n = 0, 1, 2 ...: written out, because logarithms differ by machine
STEPS = 16
TIMES_SEEN = (0, 16, 27, 34, 38, 42, 45, 47, 49, 51, 53, 54, 56, 57, 58, 59, 60)
REJOIN = 0.6  # see Calibration
CALIBRATION = ("mix", "margins", "bias", "knots", "tails", "bars")


@dataclass(frozen=True)
class Sparse:
    """Whole-number values of known features: sentence, column, value; sorted by sentence.

    ``norms`` (one a sentence) are the square sums of the values.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.int64]
    norms: NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Features of one recipe with their rarity (in 16ths, 1 to 255) and their weights by head.

    ``weights`` has one row a feature and one column a head; a head's weight is that whole number
    times its ``scales``.
    """

    recipe: Recipe
    codes: NDArray[np.uint32]
    rarity: NDArray[np.uint8]
    weights: NDArray[np.int8]
    scales: Scores

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.codes)

    def score(self, grams: Grams) -> Scores:
        """What the block adds for each sentence (row) and head (column)."""
        import numpy as np

        found = measure(self.vocabulary, self.rarity, grams)
        sums = np.zeros((grams.count, len(self.scales)), np.int64)
        if len(found.rows):
            begins = np.flatnonzero(np.diff(found.rows, prepend=-1))
            products = self.weights[found.columns].astype(np.int64)
            products *= found.values[:, None]
            sums[found.rows[begins]] = np.add.reduceat(products, begins, axis=0)
        lengths = np.sqrt(np.maximum(found.norms, 1).astype(np.float64))
        return sums.astype(np.float64) / lengths[:, None] * self.scales


@dataclass(frozen=True)
class Calibration:
    """Makes probabilities of scores: how surely each head speaks, given what all of them say.

    ``mix[k, j]`` is what the score of head ``k`` adds to head ``j``, ``margins[j]`` what it adds
    that ``j`` stands above the best of the others; ``bias`` is one a head. Below ``knots[j]`` its
    own score counts ``tails[j]`` more, for far from doubt chances fall faster. ``bars`` (over 0, up
    to 0.5) is the probability from which each label is best given: it is told as 0.5, and the
    stretch from there to :data:`REJOIN` is drawn together; all others stay as they are.
    """

    mix: Scores
    margins: Scores
    bias: Scores
    knots: Scores
    tails: Scores
    bars: Scores

    def tell(self, scores: Scores) -> Scores:
        """Probabilities, a label being given from 0.5 on; to six places, see :func:`chances`."""
        import numpy as np

        plain = chances(self.logits(scores))
        drawn = 0.5 + (plain - self.bars) * ((REJOIN - 0.5) / (REJOIN - self.bars))
        between = (plain >= self.bars) & (plain < REJOIN)
        told: Scores = np.where(between, drawn, plain)
        return np.round(told, 6)

    def logits(self, scores: Scores) -> Scores:
        """Added up head by head in order, so that every machine rounds alike."""
        import numpy as np

        total = np.broadcast_to(self.bias, scores.shape)
        for place in range(scores.shape[1]):
            total = total + scores[:, place : place + 1] * self.mix[place]
        if self.margins.any():
            total = total + stand_out(scores) * self.margins
        return total + np.minimum(scores - self.knots, 0.0) * self.tails


@dataclass(frozen=True)
class Weights:
    """Linear models that share their features. ``heads`` names them, ``bias`` is one a head."""

    heads: tuple[str, ...]
    blocks: tuple[Block, ...]
    bias: Scores
    calibration: Calibration | None = None

    def judge(self, grams: Sequence[Grams]) -> dict[str, NDArray[np.float64]]:
        """The probability of each head, one for each sentence."""
        if self.calibration is None:
            raise ValueError("weights without calibration")
        found = self.calibration.tell(self.score(grams))
        return {head: found[:, place] for place, head in enumerate(self.heads)}

    def score(self, grams: Sequence[Grams]) -> Scores:
        """One score for each sentence (row) and head (column); ``grams`` one for each block."""
        total = self.bias + self.blocks[0].score(grams[0])
        for block, found in zip(self.blocks[1:], grams[1:], strict=True):
            total = total + block.score(found)
        return total


def measure(vocabulary: Vocabulary, rarity: NDArray[np.uint8], grams: Grams) -> Sparse:
    """How much each known feature counts in each sentence: often in it, and rare elsewhere."""
    import numpy as np

    rows, columns, counts = vocabulary.count(grams)
    often = np.array(TIMES_SEEN, np.int64)[np.minimum(counts, len(TIMES_SEEN) - 1)]
    values = often * rarity[columns].astype(np.int64)
    norms = np.zeros(grams.count, np.int64)
    if len(rows):
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        norms[rows[begins]] = np.add.reduceat(values * values, begins)
    return Sparse(rows, columns, values, norms)


def stand_out(scores: Scores) -> Scores:
    """How far each score stands above the best of the others in its row (below: negative)."""
    import numpy as np

    order = np.sort(scores, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    return np.where(scores == best, scores - second, scores - best)


def chances(scores: Scores) -> Scores:
    """Probabilities of scores, to six places, so that no machine's logarithms show."""
    import numpy as np

    return np.round(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))), 6)


def write_weights(path: Path, weights: Weights) -> None:
    """Write ``weights`` so that the same weights make the same file."""
    import numpy as np

    arrays: dict[str, NDArray[np.generic]] = {
        "heads": np.array(weights.heads),
        "bias": weights.bias,
    }
    if weights.calibration is not None:
        arrays |= {
            f"calibration_{part}": getattr(weights.calibration, part) for part in CALIBRATION
        }
    for place, block in enumerate(weights.blocks):
        recipe = block.recipe
        arrays |= {
            f"words{place}": np.array(recipe.words, np.int64),
            f"letters{place}": np.array(recipe.letters, np.int64),
            f"ideas{place}": np.array(recipe.ideas, np.str_),
            f"switches{place}": np.array([recipe.within, recipe.skips, recipe.marks]),
            f"codes{place}": block.codes,
            f"rarity{place}": block.rarity,
            f"weights{place}": block.weights,
            f"scales{place}": block.scales,
        }
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read_weights(path: Path) -> Weights:
    """The weights in ``path``. Raises ``Problem("content-bad")``; never unpickles."""
    import numpy as np

    try:
        # from memory: a broken archive would keep its file open
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        weights = unpack(arrays)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Problem("content-bad", file=path.name, reason=reason) from error
    except Exception as error:  # a broken archive can fail in a dozen ways, none of them ours
        raise Problem("content-bad", file=path.name, reason="not weights") from error
    return weights


def unpack(arrays: dict[str, NDArray[np.generic]]) -> Weights:
    """Weights of the arrays of a file. Raises ValueError, KeyError or TypeError."""
    heads = tuple(str(head) for head in arrays["heads"])
    many = len(heads)
    blocks = tuple(
        unpack_block({name.removesuffix(str(place)): one for name, one in arrays.items()}, many)
        for place in range(sum(name.startswith("codes") for name in arrays))
    )
    bias = shaped(arrays["bias"], (many,))
    if not blocks:
        raise ValueError("no features")
    calibration = None
    if "calibration_mix" in arrays:
        parts = [arrays[f"calibration_{part}"] for part in CALIBRATION]
        mix, *others = (
            shaped(one, (many,) * (1 + (place == 0))) for place, one in enumerate(parts)
        )
        calibration = Calibration(mix, *others)
        if not bool(((calibration.bars > 0.0) & (calibration.bars <= 0.5)).all()):
            raise ValueError("bars out of range")
    return Weights(heads, blocks, bias, calibration)


def unpack_block(arrays: dict[str, NDArray[np.generic]], heads: int) -> Block:
    """One block of its arrays. Raises ValueError, KeyError or TypeError."""
    import numpy as np

    within, skips, marks = (bool(one) for one in arrays["switches"])
    recipe = Recipe(
        words=tuple(int(one) for one in arrays["words"].astype(np.int64)),
        letters=tuple(int(one) for one in arrays["letters"].astype(np.int64)),
        within=within,
        skips=skips,
        marks=marks,
        ideas=tuple(str(one) for one in arrays["ideas"]),
    )
    codes = arrays["codes"].astype(np.uint32, casting="safe")
    rarity = arrays["rarity"].astype(np.uint8, casting="safe")
    weights = arrays["weights"].astype(np.int8, casting="safe")
    if rarity.shape != codes.shape or weights.shape != (len(codes), heads):
        raise ValueError("arrays of different sizes")
    if codes.ndim != 1 or bool((codes[1:] <= codes[:-1]).any()):
        raise ValueError("features out of order")
    return Block(recipe, codes, rarity, weights, shaped(arrays["scales"], (heads,)))


def shaped(array: NDArray[np.generic], shape: tuple[int, ...]) -> Scores:
    """``array`` as finite numbers of that shape. Raises ValueError or TypeError."""
    import numpy as np

    numbers = array.astype(np.float64, casting="safe")
    if numbers.shape != shape or not bool(np.isfinite(numbers).all()):
        raise ValueError("wrong shape or numbers")
    return numbers
