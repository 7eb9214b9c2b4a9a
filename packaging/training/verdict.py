"""Trains the verdict of a sentence on the quotes of «Terms of Service; Didn't Read».

Ridge regression over words, letters and notions; one head for each kind of statement and one for
each verdict. Everything that is tuned afterwards (heats, how the two views are joined, the bar) is
fitted on predictions for services that were left out, which ridge regression gives exactly.
Needs scipy and scikit-learn, which the app does not.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from guardian.clauses.engine import verdict as engine
from guardian.clauses.engine.features import Grams, Vocabulary, find_grams
from guardian.clauses.engine.signs import find_signs
from guardian.clauses.engine.verdict import VERDICTS, Judge, Part
from guardian.clauses.engine.weights import measure
from guardian.core.paths import assets

Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]

QUOTES = "tosdr_quotes.jsonl.gz"
OWN_SERVICE = "own sentences"
OWN = Path(__file__).with_name("own-sentences.json")
SHARES = (0.4, 0.2, 0.4)  # of letters, words and notions in how alike two sentences are
LEAST_SERVICES = (5, 3, 4)  # a feature of fewer services is noise
RIDGE = 0.5  # how little one row is trusted; smaller pulls harder
OWN_RIDGE = 0.3  # our own sentences are labelled with more care than most quotes
OFF_TOPIC_RIDGE = 1.0  # quotes that ToS;DR itself marks as irrelevant
KEPT = (80_000, 150_000, 220_000)  # weights of cases that are kept, by family
ANSWERED = 0.55  # share of left-out quotes for which the verdict is said
CAUTION = np.array([0.7, 1.1])  # chosen on left-out services: direction for a little accuracy
HEATS = np.exp(np.linspace(1.0, 4.0, 61))
BARS = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Lessons:
    """Sentences with what they are: ``cases`` and ``ratings`` by number, ``services`` by name.

    ``ridges`` say how little each is trusted. The first ``quotes`` of them are quotes, the rest are
    our own sentences.
    """

    texts: tuple[str, ...]
    cases: Whole
    ratings: Whole
    services: tuple[str, ...]
    names: tuple[str, ...]
    ridges: Matrix
    quotes: int

    @property
    def rating_of_case(self) -> Whole:
        found = np.zeros(len(self.names), np.int64)
        found[self.cases] = self.ratings
        return found


@dataclass(frozen=True)
class Family:
    """Features of one family over all lessons; ``matrix`` has one row of length 1 a sentence."""

    vocabulary: Vocabulary
    rarity: NDArray[np.uint8]
    matrix: sp.csr_matrix


def read_quotes(data: Path, use: str) -> list[dict[str, str]]:
    with gzip.open(data / QUOTES, "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if row["use"] == use]


def read_lessons(data: Path) -> Lessons:
    """The quotes to train on, and our own sentences."""
    rows = read_quotes(data, "train")
    quotes = len(rows)
    rating = {row["case"]: row["rating"] for row in rows}
    own = json.loads(OWN.read_text(encoding="utf-8"))
    rows += [
        {"quote": text, "case": case, "rating": rating[case], "service": OWN_SERVICE}
        for case, texts in own.items()
        for text in texts
    ]
    names = tuple(sorted(rating))
    numbers = {name: number for number, name in enumerate(names)}
    verdicts = [one.value for one in VERDICTS]
    return Lessons(
        tuple(row["quote"] for row in rows),
        np.array([numbers[row["case"]] for row in rows]),
        np.array([verdicts.index(row["rating"]) for row in rows]),
        tuple(row["service"] for row in rows),
        names,
        np.array([ridge_of(row) for row in rows]),
        quotes,
    )


def ridge_of(row: dict[str, str]) -> float:
    if row["service"] == OWN_SERVICE:
        return OWN_RIDGE
    return OFF_TOPIC_RIDGE if row["irrelevant"] else RIDGE


def find_features(texts: Sequence[str]) -> tuple[Grams, Grams, Grams]:
    letters, words = find_grams(texts, engine.LETTERS), find_grams(texts, engine.WORDS)
    return letters, words, find_signs(texts)


def build_family(grams: Grams, services: Whole, least: int) -> Family:
    """Keep the features that stand in ``least`` services, and weigh them by how rare they are."""
    pairs = np.unique(grams.rows << np.int64(32) | grams.codes.astype(np.int64))
    rows, codes = pairs >> 32, pairs & 0xFFFFFFFF
    known, place, often = np.unique(codes, return_inverse=True, return_counts=True)
    spread = np.unique(place * (services.max() + 1) + services[rows]) // (services.max() + 1)
    kept = np.bincount(spread, minlength=len(known)) >= least
    rarity = 1.0 + np.log((1 + grams.count) / (1 + often[kept]))
    vocabulary = Vocabulary(known[kept].astype(np.uint32))
    sixteenths = np.clip(np.round(16 * rarity), 1, 255).astype(np.uint8)
    found = measure(vocabulary, sixteenths, grams)
    values = found.values / np.sqrt(found.norms)[found.rows]
    shape = (grams.count, len(vocabulary))
    matrix = sp.csr_matrix((values, (found.rows, found.columns)), shape=shape)
    return Family(vocabulary, sixteenths, matrix)


def leave_out(lessons: Lessons, families: Sequence[Family]) -> tuple[Matrix, Matrix]:
    """Scores of each quote by what the other services teach, and the dual weights of all.

    With G the inverse of the ridged likeness, leaving out the rows S gives Y_S - G_SS^-1 (GY)_S.
    """
    wanted = np.hstack([np.eye(len(lessons.names))[lessons.cases], np.eye(4)[lessons.ratings]])
    alike = np.zeros((len(lessons.texts), len(lessons.texts)))
    for share, family in zip(SHARES, families, strict=True):
        alike += share * (family.matrix @ family.matrix.T).toarray()
    alike[np.diag_indices_from(alike)] += lessons.ridges
    inverse = np.linalg.inv(alike)
    dual = inverse @ wanted
    scores = np.zeros_like(wanted)
    members = defaultdict(list)
    for row, service in enumerate(lessons.services):
        members[service].append(row)
    for rows in members.values():
        scores[rows] = wanted[rows] - np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
    return scores[: lessons.quotes], dual


def find_heat(scores: Matrix, truth: Whole) -> float:
    """The factor on ``scores`` that makes the truth likeliest."""
    rows = np.arange(len(truth))
    losses = [-np.log(engine.softmax(scores * heat)[rows, truth] + 1e-9).mean() for heat in HEATS]
    return float(HEATS[int(np.argmin(losses))])


def shrink(lessons: Lessons, family: Family, share: float, dual: Matrix, kept: int) -> Part:
    """Keep the weights that move scores most, as whole numbers from -127 to 127."""
    weights = share * (family.matrix.T @ dual)
    length = np.sqrt(np.asarray(family.matrix.multiply(family.matrix).sum(axis=0)).ravel())
    force = np.abs(weights) * length[:, None]
    force[:, len(lessons.names) :] = np.inf  # the four verdicts keep all
    bar = np.partition(force[:, : len(lessons.names)].ravel(), -kept)[-kept]
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    whole = np.round(weights / scales).astype(np.int8)
    stands = (force >= bar) & (whole != 0)
    rows, heads = np.nonzero(stands)
    many = np.bincount(rows, minlength=len(family.vocabulary))
    return Part(
        family.vocabulary,
        family.rarity,
        np.concatenate([[0], np.cumsum(many)]),
        heads.astype(np.uint8),
        whole[rows, heads],
        scales,
    )


def fit(lessons: Lessons) -> tuple[Judge, Matrix]:
    """What is learned of ``lessons``, and the scores of left-out quotes."""
    grams = find_features(lessons.texts)
    services = np.unique(lessons.services, return_inverse=True)[1]
    families = [
        build_family(one, services, least) for one, least in zip(grams, LEAST_SERVICES, strict=True)
    ]
    scores, dual = leave_out(lessons, families)
    parts = tuple(
        shrink(lessons, family, share, dual, kept)
        for family, share, kept in zip(families, SHARES, KEPT, strict=True)
    )
    size, quotes = len(lessons.names), slice(lessons.quotes)
    heat = np.array(
        [
            find_heat(scores[:, :size], lessons.cases[quotes]),
            find_heat(scores[:, size:], lessons.ratings[quotes]),
        ]
    )
    unset = np.zeros((8, 4)), np.zeros(4), np.zeros(2), CAUTION, 0.0
    learned = Judge(lessons.names, lessons.rating_of_case, parts, heat, *unset)
    cases, views = learned.view(scores)
    joined = LogisticRegression(C=1.0, max_iter=2000).fit(views, lessons.ratings[quotes])
    learned = replace(
        learned,
        joining=np.round(joined.coef_.T, 6),
        bias=np.round(joined.intercept_, 6),
        easing=find_easing(cases, lessons.cases[quotes]),
    )
    sure = np.sort(learned.join(views).max(axis=1))
    bar = float(np.round(sure[int((1 - ANSWERED) * len(sure))], 3))
    return replace(learned, bar=bar), scores


def find_easing(cases: Matrix, truth: Whole) -> Matrix:
    """Factor and addend that make the log-odds of cases worth naming fit how often they hold."""
    rows, columns = np.nonzero(cases >= engine.WORTH_NAMING)
    likely = np.clip(cases[rows, columns], engine.LEAST, 1 - engine.LEAST)
    odds = np.log(likely / (1 - likely))[:, None]
    line = LogisticRegression(C=100.0).fit(odds, truth[rows] == columns)
    return np.round(np.array([line.coef_[0, 0], line.intercept_[0]]), 6)


def train(data: Path, out: Path) -> None:
    """Write the weights that the quotes under ``data`` teach to ``out``/verdict.npz."""
    learned, _ = fit(read_lessons(data))
    with (out / "verdict.npz").open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **engine.pack(learned))


def cross_validate(data: Path) -> list[str]:
    """How well quotes of left-out services are judged, before weights are shrunk."""
    lessons = read_lessons(data)
    learned, scores = fit(lessons)
    verdicts = learned.join(learned.view(scores)[1])
    return describe(verdicts, lessons.ratings[: lessons.quotes], learned.bar)


def evaluate(data: Path) -> list[str]:
    """How well the app's engine with its shipped weights judges the dev quotes."""
    rows = read_quotes(data, "dev")
    names = [one.value for one in VERDICTS]
    judged = engine.judge([row["quote"] for row in rows])
    verdicts = np.array([[one.verdict[name] for name in VERDICTS] for one in judged])
    truth = np.array([names.index(row["rating"]) for row in rows])
    return describe(verdicts, truth, engine.read_judge(assets() / engine.WEIGHTS).bar)


def describe(verdicts: Matrix, truth: Whole, bar: float) -> list[str]:
    """Lines of a model card: all answered, by bar, by class, and who is taken for whom."""
    said, sure = verdicts.argmax(axis=1), verdicts.max(axis=1)
    lines = [f"{len(truth)} quotes, expected calibration error {find_error(verdicts, truth):.4f}"]
    for least in (0.0, *BARS, bar):
        some = sure >= least
        right, astray, good, bad = find_wrong(said[some], truth[some])
        lines.append(
            f"p >= {least:.3f}: answered {some.mean():.1%}, right {right:.1%}, wrong direction"
            f" {astray:.1%} (of the good ones {good:.1%}, of the bad ones {bad:.1%})"
        )
    for place, one in enumerate(VERDICTS):
        hits = int(((said == place) & (truth == place)).sum())
        of_said, of_true = int((said == place).sum()), int((truth == place).sum())
        row = ", ".join(
            f"{other.value} {int(((truth == place) & (said == number)).sum())}"
            for number, other in enumerate(VERDICTS)
        )
        precision, recall = hits / max(of_said, 1), hits / max(of_true, 1)
        lines.append(f"{one.value}: precision {precision:.3f}, recall {recall:.3f}; said {row}")
    return lines


def find_wrong(said: Whole, truth: Whole) -> tuple[float, float, float, float]:
    """Shares: right, wrong direction; of the good ones said to be bad, of the bad said good."""
    good, bad = truth == 0, truth >= 2
    turned, praised = good & (said >= 2), bad & (said == 0)
    return (
        float((said == truth).mean()),
        float((turned | praised).mean()),
        float(turned.sum() / max(good.sum(), 1)),
        float(praised.sum() / max(bad.sum(), 1)),
    )


def find_error(verdicts: Matrix, truth: Whole) -> float:
    """Expected calibration error of the likeliest verdict, in ten bins."""
    sure, right = verdicts.max(axis=1), verdicts.argmax(axis=1) == truth
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(float((right - sure)[bins == one].sum())) for one in range(10)]
    return sum(gaps) / len(truth)
