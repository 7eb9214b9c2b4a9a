"""Scores of every kind, for properties that hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from guardian.checkup.model import Basis, LeftOut, Point, Score
from guardian.checkup.rules.scoring import HELD, reckon, whole

NAMES = "abcdefghij"
SHARES = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))


@st.composite
def points(draw: st.DrawFn, name: str) -> Point:
    return Point(
        task=name,
        weight=draw(st.integers(1, 3)),
        share=draw(SHARES),
        freshness=draw(st.one_of(st.just(1.0), st.floats(0.5, 1))),
        basis=draw(st.sampled_from(Basis)),
        done=draw(st.integers(0, 9)),
        total=draw(st.integers(1, 9)),
        since=draw(st.none() | st.dates()),
    )


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Any score: some tasks count, some are set aside, some are unknown, some hold it."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    cut = draw(st.integers(0, len(names)))
    counted = tuple(draw(points(name)) for name in names[:cut])
    aside = tuple(LeftOut(name, draw(st.booleans())) for name in names[cut:])
    holds = tuple(draw(st.lists(st.sampled_from("abxy"), unique=True, max_size=3)))
    raw = reckon(counted)
    # whatever an older Guardian may have kept as the value
    value = draw(st.one_of(st.none(), st.integers(0, 100)))
    if value is None:
        value = min(whole(raw), HELD) if holds else whole(raw)
    return Score(counted, aside, holds, raw, value)
