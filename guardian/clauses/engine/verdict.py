"""Says of an English sentence whom it favours: good, neutral, bad or blocker, and how surely.

Two learned views are joined: which known kind of statement it is (each kind has one verdict), and
the verdict at once. Both are linear in runs of words and letters and in what the sentence speaks
of. Where the joined view is less sure than a fixed bar, the verdict is not to be said.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from guardian.clauses.engine.features import (
    Grams,
    Recipe,
    Signs,
    Vocabulary,
    find_grams,
    read_signs,
)
from guardian.clauses.engine.signs import find_signs
from guardian.clauses.engine.weights import measure
from guardian.clauses.model import Verdict
from guardian.core.errors import Problem
from guardian.core.paths import assets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

WEIGHTS = "clauses/models-tosdr/verdict.npz"
VERDICTS = tuple(Verdict)
LETTERS = Recipe(letters=(4,), within=True)
WORDS = Recipe(words=(1, 2, 3))
WORTH_NAMING = 0.02  # a kind of statement less likely than this is not named
LEAST = 0.001  # added to a probability before its logarithm is taken


@dataclass(frozen=True)
class Judged:
    """The verdict on one sentence: probabilities 0 to 1, those of ``verdict`` together 1.

    ``cases`` are the likely kinds of statement in the words of ToS;DR, the likeliest first.
    """

    verdict: Mapping[Verdict, float]
    cases: Mapping[str, float]
    abstained: bool


@dataclass(frozen=True)
class Part:
    """One family of features: how rare each is, and its few weights.

    Feature ``i`` has the weights from ``first[i]`` up to ``first[i + 1]``: ``heads`` says for
    which head each is. A head's weight is that whole number times its ``scales``.
    """

    vocabulary: Vocabulary
    rarity: NDArray[np.uint8]
    first: NDArray[np.int64]
    heads: NDArray[np.uint8]
    weights: NDArray[np.int8]
    scales: Scores

    def score(self, grams: Grams) -> Scores:
        """What these features add for each sentence (row) and head (column)."""
        import numpy as np

        found = measure(self.vocabulary, self.rarity, grams)
        sums = np.zeros((grams.count, len(self.scales)))
        ends = np.searchsorted(found.rows, np.arange(grams.count + 1)).tolist()
        for row, (start, end) in enumerate(pairwise(ends)):
            # whole numbers below 2**53: the order in which they are added cannot matter
            weights = self.table[found.columns[start:end]].astype(np.float64)
            np.matmul(found.values[start:end].astype(np.float64), weights, out=sums[row])
        lengths = np.sqrt(np.maximum(found.norms, 1).astype(np.float64))
        return sums / lengths[:, None] * self.scales

    @cached_property
    def table(self) -> NDArray[np.int8]:
        """All weights by feature (row) and head (column), some 5 MB: quicker to sum than the few
        of each feature are."""
        import numpy as np

        table = np.zeros((len(self.vocabulary), len(self.scales)), np.int8)
        table[np.repeat(np.arange(len(table)), np.diff(self.first)), self.heads] = self.weights
        return table


@dataclass(frozen=True)
class Judge:
    """All that is learned. Heads are first the ``cases``, then the four verdicts.

    ``ratings[i]`` is the place of the verdict of case ``i`` in :data:`VERDICTS`. ``heat`` makes
    scores of cases and of verdicts fit for a softmax. ``joining`` (8 rows, 4 columns) and ``bias``
    make the verdict of both views' logarithms; it is said from the probability ``bar`` on.
    ``easing`` (factor, addend) makes a case's log-odds as sure as experience bears out.
    ``caution``: the share of what speaks both for good and for bad that is added to neutral, as a
    wrong direction is worse than a missed one; and the power that calibrates the result again.
    """

    cases: tuple[str, ...]
    ratings: NDArray[np.int64]
    parts: tuple[Part, ...]
    heat: Scores
    joining: Scores
    bias: Scores
    easing: Scores
    caution: Scores
    bar: float

    def score(self, texts: Sequence[str] | Signs) -> Scores:
        """One score for each text (row) and head (column)."""
        signs = read_signs(texts)
        total = self.parts[0].score(find_grams(signs, LETTERS))
        total = total + self.parts[1].score(find_grams(signs, WORDS))
        return total + self.parts[2].score(find_signs(signs))

    def view(self, scores: Scores) -> tuple[Scores, Scores]:
        """Probabilities of the cases, and the logarithms of both views' verdicts (8 columns)."""
        import numpy as np

        size = len(self.cases)
        cases = softmax(scores[:, :size] * self.heat[0])
        at_once = softmax(scores[:, size:] * self.heat[1])
        sums = [cases[:, self.ratings == place].sum(axis=1) for place in range(len(VERDICTS))]
        return cases, np.log(np.column_stack([*sums, at_once]) + LEAST)

    def join(self, views: Scores) -> Scores:
        """Probabilities of the four verdicts, of the logarithms of both views."""
        import numpy as np

        total = self.bias
        for place in range(len(self.joining)):
            total = total + views[:, place, None] * self.joining[place]
        chances = softmax(total)
        disputed = np.minimum(chances[:, 0], chances[:, 2] + chances[:, 3])
        chances[:, 1] += self.caution[0] * disputed
        chances = chances ** self.caution[1]
        joined: Scores = chances / chances.sum(axis=1, keepdims=True)
        return joined

    def ease(self, cases: Scores) -> Scores:
        """Probabilities of the cases to be told: 0 where not worth naming, at most 1 together."""
        import numpy as np

        likely = np.clip(cases, LEAST, 1 - LEAST)
        odds = np.log(likely / (1 - likely)) * self.easing[0] + self.easing[1]
        eased = np.where(cases >= WORTH_NAMING, 1 / (1 + np.exp(-odds)), 0.0)
        told: Scores = eased / np.maximum(eased.sum(axis=1, keepdims=True), 1.0)
        return told


def softmax(scores: Scores) -> Scores:
    import numpy as np

    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Scores = raised / raised.sum(axis=1, keepdims=True)
    return chances


def known() -> bool:
    """Whether learned weights are there."""
    return (assets() / WEIGHTS).is_file()


def judge(texts: Sequence[str] | Signs) -> list[Judged]:
    """The verdict on each of some English sentences. Raises ``Problem("content-bad")``.

    Probabilities are rounded to six places, so that no machine's logarithms show.
    """
    import numpy as np

    signs = read_signs(texts)
    if not signs.texts:
        return []
    learned = read_judge(assets() / WEIGHTS)
    cases, views = learned.view(learned.score(signs))
    verdicts, named = np.round(learned.join(views), 6), np.round(learned.ease(cases), 6)
    return [
        Judged(
            dict(zip(VERDICTS, verdict.tolist(), strict=True)),
            {learned.cases[place]: float(row[place]) for place in likeliest(row)},
            bool(verdict.max() < learned.bar),
        )
        for verdict, row in zip(verdicts, named, strict=True)
    ]


def likeliest(row: Scores) -> list[int]:
    """Places of the cases that have any chance, the likeliest first."""
    import numpy as np

    some = np.flatnonzero(row)
    return [int(place) for place in some[np.argsort(-row[some], kind="stable")]]


@cache
def read_judge(path: Path) -> Judge:
    """The learned weights in ``path``. Raises ``Problem("content-bad")``; never unpickles."""
    import numpy as np

    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return unpack({name: file[name] for name in file.files})
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Problem("content-bad", file=path.name, reason=reason) from error
    except (ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise Problem("content-bad", file=path.name, reason="not weights") from error


def unpack(arrays: dict[str, NDArray[np.generic]]) -> Judge:
    """What is learned, of the arrays of a file. Raises ValueError, KeyError or TypeError."""
    import numpy as np

    names = tuple(str(name) for name in arrays["cases"])
    size = len(names) + len(VERDICTS)
    learned = Judge(
        names,
        arrays["ratings"].astype(np.int64, casting="safe"),
        tuple(unpack_part(arrays, place, size) for place in range(3)),
        arrays["heat"].astype(np.float64, casting="safe"),
        arrays["joining"].astype(np.float64, casting="safe"),
        arrays["bias"].astype(np.float64, casting="safe"),
        arrays["easing"].astype(np.float64, casting="safe"),
        arrays["caution"].astype(np.float64, casting="safe"),
        float(arrays["bar"].astype(np.float64, casting="safe")),
    )
    four = len(VERDICTS)
    pairs = (learned.heat, learned.easing, learned.caution)
    whole = learned.ratings.shape == (len(names),) and learned.bias.shape == (four,)
    whole &= learned.joining.shape == (2 * four, four)
    if not whole or any(pair.shape != (2,) for pair in pairs):
        raise ValueError("arrays of different sizes")
    return learned


def unpack_part(arrays: dict[str, NDArray[np.generic]], place: int, size: int) -> Part:
    """One family of features with ``size`` heads. Raises ValueError, KeyError or TypeError."""
    import numpy as np

    codes = arrays[f"codes{place}"].astype(np.uint32, casting="safe")
    many = arrays[f"many{place}"].astype(np.int64, casting="safe")
    part = Part(
        Vocabulary(codes),
        arrays[f"rarity{place}"].astype(np.uint8, casting="safe"),
        np.concatenate([[0], np.cumsum(many)]),
        arrays[f"heads{place}"].astype(np.uint8, casting="safe"),
        arrays[f"weights{place}"].astype(np.int8, casting="safe"),
        arrays[f"scales{place}"].astype(np.float64, casting="safe"),
    )
    whole = len(part.heads) == len(part.weights) == part.first[-1]
    if not whole or len(many) != len(codes) or len(part.rarity) != len(codes):
        raise ValueError("arrays of different sizes")
    if part.scales.shape != (size,) or part.heads.max(initial=0) >= size:
        raise ValueError("heads that do not exist")
    return part


def pack(learned: Judge) -> dict[str, NDArray[np.generic]]:
    """The arrays of a file that :func:`read_judge` reads."""
    import numpy as np

    arrays: dict[str, NDArray[np.generic]] = {
        "cases": np.array(learned.cases),
        "ratings": learned.ratings.astype(np.uint8),
        "heat": learned.heat,
        "joining": learned.joining,
        "bias": learned.bias,
        "easing": learned.easing,
        "caution": learned.caution,
        "bar": np.array(learned.bar),
    }
    for place, part in enumerate(learned.parts):
        arrays |= {
            f"codes{place}": part.vocabulary.codes,
            f"rarity{place}": part.rarity,
            f"many{place}": np.diff(part.first).astype(np.uint8),
            f"heads{place}": part.heads,
            f"weights{place}": part.weights,
            f"scales{place}": part.scales,
        }
    return arrays
