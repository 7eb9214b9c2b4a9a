"""Fits linear models on features of the app's own engine, and calibrates them.

Scores for calibrating come from models that have not seen the document (or the sentence, where
documents are unknown). All random choices have fixed seeds: the same data make the same files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from guardian.clauses.engine.features import Grams, Recipe, Vocabulary, batches, find_grams
from guardian.clauses.engine.weights import (
    STEPS,
    Block,
    Calibration,
    Weights,
    chances,
    measure,
    stand_out,
)
from training.rows import UNKNOWN, Task

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
LEAST_SENTENCES = 2  # a feature of one sentence alone is noise
NEAR = 3  # sentences in doubt for each that has the label
LEAST_TO_CALIBRATE = 10  # a head with fewer sentences gives its label from score 0 on,
STEEP = 4.0  # and its logit is so many times its score
LEAST_TO_MIX = 30  # a head with fewer sentences listens to itself alone
ROUGHLY, CLOSELY = 0.02, 0.001  # when the search for the best weights ends
MILD = {"risk": 0.4}  # what people disagree on is fitted less closely
COMMON, COMMON_BAR, RARE_BAR = 0.05, 0.3, 0.22  # a common label given wrongly harms more
BARS = (0.1, 0.5)  # between these, the chance from which a label is given


@dataclass(frozen=True)
class Seen:
    """The vocabulary of one block with its rarity."""

    vocabulary: Vocabulary
    rarity: NDArray[np.uint8]

    def matrix(self, grams: Grams) -> sp.csr_matrix:
        """Values as the engine measures them: one row a sentence, of length one."""
        found = measure(self.vocabulary, self.rarity, grams)
        values = found.values / np.sqrt(np.maximum(found.norms, 1).astype(float))[found.rows]
        shape = (grams.count, len(self.vocabulary))
        return sp.csr_matrix((values, (found.rows, found.columns)), shape=shape)

    def only(self, kept: Places) -> Seen:
        return Seen(Vocabulary(self.vocabulary.codes[kept]), self.rarity[kept])


def gather(texts: tuple[str, ...], recipe: Recipe) -> Grams:
    """The features of all texts."""
    rows, codes, count = [], [], 0
    for part in batches(texts):
        grams = find_grams(part, recipe)
        rows.append(grams.rows + count)
        codes.append(grams.codes)
        count += grams.count
    return Grams(np.concatenate(rows), np.concatenate(codes), count)


def choose(grams: Grams, chosen: NDArray[np.bool_]) -> Grams:
    """The features of the chosen sentences, numbered anew."""
    kept = chosen[grams.rows]
    places = np.cumsum(chosen) - 1
    return Grams(places[grams.rows[kept]], grams.codes[kept], int(chosen.sum()))


def look(grams: Grams) -> Seen:
    """All features of at least :data:`LEAST_SENTENCES` sentences."""
    pairs = np.unique((grams.rows.astype(np.uint64) << np.uint64(32)) | grams.codes)
    codes, often = np.unique((pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32), return_counts=True)
    codes, often = codes[often >= LEAST_SENTENCES], often[often >= LEAST_SENTENCES]
    rarity = STEPS * (1 + np.log((1 + grams.count) / (1 + often)))
    return Seen(Vocabulary(codes), np.clip(np.round(rarity), 1, 255).astype(np.uint8))


def fit(task: Task, grams: list[Grams], chosen: NDArray[np.bool_]) -> Weights:
    """Weights learned from the chosen sentences: first with all features, then with the best."""
    mine = [choose(one, chosen) for one in grams]
    seen = [look(one) for one in mine]
    truth = task.truth[chosen]
    learned, _ = fit_heads(task, seen, mine, truth, tolerance=ROUGHLY)
    strength = np.abs(learned).max(axis=1)
    kept = np.sort(np.argsort(-strength, kind="stable")[: task.keep])
    ends = np.cumsum([0] + [len(one.vocabulary) for one in seen])
    seen = [
        one.only(kept[(kept >= start) & (kept < end)] - start)
        for one, start, end in zip(seen, ends[:-1], ends[1:], strict=True)
    ]
    learned, bias = fit_heads(task, seen, mine, truth, tolerance=CLOSELY)
    blocks, start = [], 0
    for one, recipe, share in zip(seen, task.recipes, task.shares, strict=True):
        part = learned[start : start + len(one.vocabulary)] * share
        start += len(one.vocabulary)
        scales = np.maximum(np.abs(part).max(axis=0), 1e-9) / 127
        whole = np.round(part / scales).astype(np.int8)
        blocks.append(Block(recipe, one.vocabulary.codes, one.rarity, whole, scales))
    return Weights(task.heads, tuple(blocks), bias)


def fit_heads(
    task: Task,
    seen: list[Seen],
    grams: list[Grams],
    truth: NDArray[np.int8],
    *,
    tolerance: float,
) -> tuple[Floats, Floats]:
    """Weights (feature, head) and bias of one support vector machine a head."""
    parts = [
        one.matrix(found) * share
        for one, found, share in zip(seen, grams, task.shares, strict=True)
    ]
    whole = sp.hstack(parts).tocsr()
    weights = np.zeros((whole.shape[1], len(task.heads)))
    bias = np.full(len(task.heads), -1.0)
    for head in range(len(task.heads)):
        known = truth[:, head] != UNKNOWN
        labels = truth[known, head]
        if labels.min() != labels.max():
            strictness = task.strictness * MILD.get(task.heads[head], 1.0)
            model = LinearSVC(C=strictness, tol=tolerance, random_state=0)
            model.fit(whole[known], labels)
            weights[:, head] = model.coef_[0]
            bias[head] = model.intercept_[0]
    return weights, bias


def folds_of(task: Task) -> Places:
    """The fold of each measured sentence; -1 for our own, which are always learned from."""
    shuffled = np.random.default_rng(6).permutation(int(task.groups.max()) + 1)
    folds = shuffled[task.groups] % task.folds
    folds[task.measured :] = -1
    return folds


def score_unseen(task: Task, grams: list[Grams]) -> Floats:
    """Scores of every measured sentence by weights that have not seen its group."""
    folds = folds_of(task)
    scores = np.zeros((task.measured, len(task.heads)))
    for fold in range(task.folds):
        weights = fit(task, grams, folds != fold)
        found = weights.score([choose(one, folds == fold) for one in grams])
        scores[(folds == fold)[: task.measured]] = found
    return scores


def calibrate(task: Task, scores: Floats) -> Calibration:
    """What turns scores into chances, with the bar from which each label is best given."""
    many = len(task.heads)
    mix = np.zeros((many, many))
    margins, bias, knots, tails = np.zeros((4, many))
    bars = np.full(many, 0.5)
    stands = stand_out(scores) if task.mixed else np.zeros_like(scores)
    for head in range(many):
        truth = task.truth[: task.measured, head]
        known = truth != UNKNOWN
        if (truth == 1).sum() < LEAST_TO_CALIBRATE:
            mix[head, head] = STEEP
            continue
        mixes = task.mixed and (truth == 1).sum() >= LEAST_TO_MIX
        others = list(range(many)) if mixes else [head]
        knots[head] = border(scores[known, head], truth[known])
        columns = [scores[:, one] for one in others]
        columns += [np.minimum(scores[:, head] - knots[head], 0.0), stands[:, head] * mixes]
        table = np.stack(columns, axis=1)[known]
        model = LogisticRegression(C=0.3 if mixes else 100.0, max_iter=1000)
        model.fit(table, truth[known])
        mix[others, head] = model.coef_[0][: len(others)]
        tails[head], margins[head] = model.coef_[0][len(others) :]
        bias[head] = model.intercept_[0]
        if not task.heads[head].startswith("level"):
            told = chances(table @ model.coef_[0] + bias[head])
            near = table[:, others.index(head)] >= knots[head]
            doubtful = LogisticRegression(C=model.C, max_iter=1000)
            doubtful.fit(table[near], truth[known][near])
            least = COMMON_BAR if (truth[known] == 1).mean() > COMMON else RARE_BAR
            many_given = count_given(doubtful.predict_proba(table)[:, 1], least)
            bars[head] = np.clip(np.sort(told)[-many_given], *BARS)
    return Calibration(mix, margins, bias, knots, tails, bars)


def border(scores: Floats, truth: NDArray[np.int8]) -> float:
    """The score below which nobody doubts that the label is not given.

    Below it the curve bends: else it would follow the many clear sentences, not those in doubt.
    """
    order = np.sort(scores)[::-1]
    return float(order[min(max(int(NEAR * truth.sum()), 300), len(order)) - 1])


def count_given(found: Floats, least: float) -> int:
    """How many sentences to give the label, the likeliest first, so that expected F1 is highest.

    None is given to a sentence of a chance below ``least``.
    """
    order = np.sort(found)[::-1]
    hits = np.cumsum(order)
    expected = 2 * hits / (np.arange(1, len(order) + 1) + order.sum())
    best = float(np.clip(order[int(np.argmax(expected))], least, 0.5))
    return max(int((found >= best).sum()), 1)


def learn(task: Task) -> tuple[Weights, Floats]:
    """The finished weights, and the scores that sentences get which were not learned from."""
    grams = [gather(task.texts, recipe) for recipe in task.recipes]
    scores = score_unseen(task, grams)
    calibration = calibrate(task, scores)
    weights = fit(task, grams, np.ones(len(task.texts), bool))
    return Weights(weights.heads, weights.blocks, weights.bias, calibration), scores
