"""Labels single sentences: what the weights say of them, and what decisive words add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from guardian.clauses import counting, sentences
from guardian.clauses.explaining import SHOWN, known_kinds, label, recognisers_for
from guardian.clauses.model import UNFAIR, Clause, Direction, Labels, Verdict
from guardian.clauses.rules.recognising import Recognisers, recognise
from guardian.clauses.rules.summing import BLOCKER

CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff60]")
ENGLISH_WORDS = 3  # make a sentence English that has a Chinese name or sign in it
DOUBTFUL = 2  # the level of an unfair term that only words tell of
DIRECTIONS = (Direction.BAD, Direction.GOOD, Direction.NEUTRAL)
# decisive words give an unfair tag this chance where the weights do not rule it out
RAISED, NOT_RULED_OUT = 0.55, 0.05


def label_texts(texts: Sequence[str]) -> tuple[Labels, ...]:
    """Labels for single sentences, each in the language it is written in.

    Decisive words add to the weights, and stand alone where nothing was learned.
    """
    languages = [guess_sentence_language(text) for text in texts]
    labels: list[Labels | None] = [None] * len(texts)
    for language in sorted(set(languages)):
        places = [place for place, one in enumerate(languages) if one == language]
        for place, said in zip(
            places, label([texts[one] for one in places], language), strict=True
        ):
            labels[place] = with_words(texts[place], said, recognisers_for(language))
    return tuple(one for one in labels if one is not None)


def guess_sentence_language(text: str) -> str:
    """``zh`` for a sentence with Chinese letters or signs, unless it is an English one with a
    Chinese name in it; else ``en``."""
    if not CHINESE.search(text):
        return "en"
    words, han = re.findall(r"[a-z]+", text.lower()), counting.count_han(text)
    common = sum(word in counting.ENGLISH for word in words)
    english = common >= ENGLISH_WORDS or (not han and len(words) >= ENGLISH_WORDS)
    return "en" if english and han < len(words) else "zh"


def with_words(text: str, said: Labels, known: Recognisers) -> Labels:
    """``said``, with what decisive words add to it."""
    found = [
        clause
        for clauses in recognise(known, text, sentences.split(text))
        for clause in clauses
        if clause.confidence >= SHOWN
    ]
    unfair = dict(said.unfair) or dict.fromkeys(UNFAIR, 0.0)
    levels = dict(said.levels)
    for clause in found:
        tag = known_kinds()[clause.id].unfair
        if not tag:
            continue
        learned = tag in said.unfair
        chance = RAISED if learned else clause.confidence
        if chance > unfair[tag] and (not learned or unfair[tag] >= NOT_RULED_OUT):
            unfair[tag] = chance
            levels.setdefault(tag, DOUBTFUL)
    if said.verdict or not found:
        return replace(said, unfair=unfair, levels=levels)
    gravest = min(found, key=lambda one: (DIRECTIONS.index(one.direction), -one.severity))
    verdict = verdict_of(gravest)
    rest = (1 - gravest.confidence) / 3
    chances = {one: gravest.confidence if one is verdict else rest for one in Verdict}
    return replace(said, unfair=unfair, levels=levels, verdict=chances, abstained=False)


def verdict_of(clause: Clause) -> Verdict:
    """The verdict that a clause stands for."""
    if clause.direction is Direction.GOOD:
        return Verdict.GOOD
    if clause.direction is Direction.NEUTRAL:
        return Verdict.NEUTRAL
    return Verdict.BLOCKER if clause.severity >= BLOCKER else Verdict.BAD
