"""From a document to its explanation: split, label, recognise, settle, count. Pure.

The learned weights say what a passage is about and how likely it favours the reader; the
recognisers find clauses by their decisive words. Where the two disagree about the direction and
neither is sure, nothing is claimed: the passage is left for the person to read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from guardian.clauses import counting
from guardian.clauses.content import ClauseKind, by_name, read_catalogue
from guardian.clauses.model import (
    Applies,
    Basis,
    Checklist,
    Clause,
    Direction,
    Document,
    Explanation,
    Labels,
    Law,
    Passage,
    PassageKind,
    Standing,
    Understood,
    Verdict,
)
from guardian.clauses.portion import EVERY, NEW_MOST, cut, split, tell_languages
from guardian.clauses.rules import checking, facts, laws
from guardian.clauses.rules.genre import looks_like_policy
from guardian.clauses.rules.patterns import compile_pattern
from guardian.clauses.rules.recognising import Recognisers, make_clause, recognise
from guardian.clauses.rules.signs import Lines
from guardian.clauses.rules.summing import sum_up
from guardian.clauses.rules.twins import take_back
from guardian.core.jobs import Report
from guardian.core.words import message

# from these confidences on a clause is shown; weights alone must be surer than words
SHOWN, SHOWN_LEARNED = 0.7, 0.85
WORDS_STAND = 0.9  # from here on decisive words stand against the weights
HALF = 0.5
BATCH, BATCH_MOST = 200, 60_000  # passages, characters: well under a second together
HELD_MOST = 20_000  # passages held against a list
FILLER_MOST, FILLER_LONGEST = 3, 90  # words, characters
LEARNED_LEAST = 6  # words; of shorter pieces, such as headings, the weights know too little
# a line of a table of contents, or a title in bold
TITLE_ALONE = re.compile(
    r"(?:[\divx]{1,5}\\?[.)]\s{1,4})?(?:\[[^\]]{1,200}\]\([^)]{1,300}\)|\*\*[^*]{1,200}\*\*)\s*"
)
BAD_VERDICTS = (Verdict.BAD, Verdict.BLOCKER)


def explain_document(document: Document, report: Report) -> Explanation:
    """Everything Guardian can say about ``document``. ``report`` may raise ``Cancelled``."""
    language = counting.guess_language(document.text)
    passages, end = split(document.text, report)
    read = cut(document, end)
    languages = tell_languages(passages, language, report)
    labels = label_all(passages, languages, report)
    clauses, understood = read_passages(read.text, passages, languages, labels, report)
    recognised = language is not None and recognisers_for(language).knows_any
    sample = cut(read, min(end, NEW_MOST))
    policy = looks_like_policy(sample.text, sample.words, language, read_catalogue())
    unread = len(document.text) - end
    check = partial(report, 1, 1, message("clauses.job.understanding"))
    check()
    easy = counting.measure_readability(read.text, read.words, passages, language)
    minutes = counting.reading_minutes(document.text, document.words)
    check()
    held = partial(held_lists, read, passages, labels, clauses, language)
    return Explanation(
        document=document,
        clauses=clauses,
        passages=understood,
        verdict=sum_up(clauses, understood, policy=policy, recognised=recognised),
        readability=replace(easy, minutes=minutes),
        looks_like_policy=policy,
        language=language,
        recognised_language=recognised,
        checklists=held(whole=is_whole(unread, languages, language), check=check) if policy else (),
        facts=facts.find_facts(read.text, passages, language or "en", check),
        fingerprint=hashlib.sha256(document.text.encode()).hexdigest(),
        unread=unread,
    )


def label_all(
    passages: Sequence[Passage], languages: Sequence[str | None], report: Report
) -> list[Labels]:
    """What the weights say of each passage, in batches, so that it can be cancelled."""
    note = message("clauses.job.understanding")
    spoken = {one.text: language or "en" for one, language in zip(passages, languages, strict=True)}
    known: dict[str, Labels] = {}
    for language in sorted(set(spoken.values())):
        for batch in batches([text for text, one in spoken.items() if one == language]):
            known.update(zip(batch, label(batch, language), strict=True))
            report(len(spoken) + len(known), 3 * len(spoken), note)
    return [known[passage.text] for passage in passages]


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """``texts`` in runs that are labelled well within a second."""
    start = size = 0
    for place, text in enumerate(texts):
        if place - start == BATCH or (size and size + len(text) > BATCH_MOST):
            yield texts[start:place]
            start, size = place, 0
        size += len(text)
    if start < len(texts):
        yield texts[start:]


def load(report: Report) -> None:
    """Read the weights, the lists and the patterns, as otherwise the first document does."""
    for language in read_catalogue().languages:
        report(0, 0)
        label([""], language)
        laws.named_laws("", (), language)
        facts.find_facts("", (), language)
        for pattern in recognisers_for(language).patterns():
            report(0, 0)
            compile_pattern(pattern)
    report(1, 1)


def label(texts: Sequence[str], language: str) -> list[Labels]:
    """What the weights say; they are loaded with the first sentence."""
    from guardian.clauses.engine import labelling

    return labelling.label(texts, language)


def read_passages(
    text: str,
    passages: Sequence[Passage],
    languages: Sequence[str | None],
    labels: Sequence[Labels],
    report: Report,
) -> tuple[tuple[Clause, ...], tuple[Understood, ...]]:
    """The clauses of all passages, and how far each passage was understood.

    Each is read in its own language; one whose language is unknown (None) is left to the person.
    """
    note = message("clauses.job.understanding")
    clauses: list[Clause] = []
    understood: list[Understood] = []
    together = list(zip(passages, languages, labels, strict=True))
    finders = {
        one: recognise(
            recognisers_for(one or "en"), text, [each for each, its, _ in together if its == one]
        )
        for one in set(languages)
    }
    for number, (passage, language, said) in enumerate(together):
        found = next(finders[language])
        shown, doubtful = settle(text, passage, said, found)
        clauses += shown
        doubtful = doubtful or language is None
        standing = Standing.CLAUSE if shown else stand(passage, said, doubtful=doubtful)
        understood.append(
            Understood(passage.start, passage.end, passage.kind, standing, said.given_topics())
        )
        if number % EVERY == 0:
            report(2 * len(passages) + number, 3 * len(passages), note)
    report(1, 1, note)
    return take_back(clauses, known_kinds()), tuple(understood)


def settle(
    text: str, passage: Passage, said: Labels, found: Sequence[Clause]
) -> tuple[list[Clause], bool]:
    """The clauses to show for one passage, and whether something was found that is too unsure."""
    shown = [one for one in found if one.confidence >= SHOWN and not contradicts(one, said)]
    known = {one.id for one in found}
    directions = {one.direction for one in found} - {Direction.NEUTRAL}
    for kind, chance in () if is_fragment(passage.text) else learned_kinds(said):
        if kind.id in known or known & set(kind.twins):
            continue
        if kind.direction is Direction.NEUTRAL or not directions - {kind.direction}:
            shown.append(
                make_clause(
                    kind, text, passage.start, passage.end, said.language,
                    confidence=round(chance, 3), group=read_catalogue().groups[kind.id],
                    basis=Basis.LEARNED,
                )
            )  # fmt: skip
    return shown, len(shown) < len(found)


def is_fragment(text: str) -> bool:
    """Whether ``text`` is too little to be judged by weights: a title, a question, a mere link."""
    return (
        len(text.split(None, LEARNED_LEAST)) < LEARNED_LEAST
        or text.endswith(("?", "？"))
        or bool(TITLE_ALONE.fullmatch(text))
    )


def contradicts(clause: Clause, said: Labels) -> bool:
    """Whether the weights rather see the other direction, and the words are not quite sure.

    Of such clauses about half are right (measured on services the weights had not seen).
    """
    verdict = said.likeliest()
    if verdict is None or clause.confidence >= WORDS_STAND or said.verdict[verdict] < HALF:
        return False
    if clause.direction is Direction.GOOD:
        return verdict in BAD_VERDICTS
    return clause.direction is Direction.BAD and verdict is Verdict.GOOD


def learned_kinds(said: Labels) -> list[tuple[ClauseKind, float]]:
    """Kinds that the weights alone are sure of, by what ToS;DR's readers called such sentences."""
    chances: dict[str, float] = {}
    kinds = kinds_by_case()
    for case, chance in said.cases.items():
        for name in kinds.get(case, ()):
            chances[name] = chances.get(name, 0.0) + chance
    catalogue = known_kinds()
    return [
        (catalogue[name], min(chance, 1.0))
        for name, chance in chances.items()
        if chance >= SHOWN_LEARNED
    ]


@cache
def kinds_by_case() -> dict[str, tuple[str, ...]]:
    """Which kinds of clause each statement of ToS;DR means."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in read_catalogue().kinds:
        for case in kind.cases:
            found[case] = (*found.get(case, ()), kind.id)
    return found


def stand(passage: Passage, said: Labels, *, doubtful: bool) -> Standing:
    """How far a passage without a clause was understood."""
    few = len(passage.text) <= FILLER_LONGEST and counting.count_words(passage.text) <= FILLER_MOST
    if passage.kind is PassageKind.HEADING or few:
        return Standing.FILLER
    if doubtful:
        return Standing.UNSURE
    topics = said.given_topics()
    if said.important < HALF and said.risk < HALF:
        return Standing.ORDINARY if topics else Standing.FILLER
    if said.verdict:
        against = sum(said.verdict.get(one, 0.0) for one in BAD_VERDICTS)
        ordinary = bool(topics) and against < HALF
    else:
        ordinary = bool(topics) and said.risk < HALF
    return Standing.ORDINARY if ordinary else Standing.UNSURE


def is_whole(unread: int, languages: Sequence[str | None], language: str | None) -> bool:
    """Whether enough was read, in a language with lists, to say that something is not there."""
    known = language is not None and 2 * languages.count(language) >= len(languages)
    return known and not unread and len(languages) <= HELD_MOST


def held_lists(
    document: Document,
    passages: Sequence[Passage],
    labels: Sequence[Labels],
    clauses: Sequence[Clause],
    language: str | None,
    *,
    whole: bool,
    check: Callable[[], None],
) -> tuple[Checklist, ...]:
    """The lists of those laws that the document itself names, and for terms the customary one."""
    if language is None:
        return ()
    text = document.text
    passages, labels = passages[:HELD_MOST], labels[:HELD_MOST]
    lines = Lines(passages, language, check)
    named = [one.law for one in laws.named_laws(text, passages, language, lines=lines)]
    if laws.is_terms(text[:NEW_MOST], document.title):
        named.append(Law.TERMS)
    return tuple(
        checking.check(
            law,
            text,
            passages,
            labels,
            clauses,
            language,
            Applies.DOCUMENT,
            whole=whole,
            lines=lines,
        )
        for law in named
    )


def check_law(explanation: Explanation, law: Law, report: Report) -> Checklist:
    """Hold the document against ``law`` because the person asks for it."""
    language = explanation.language
    passages, end = split(explanation.document.text, report)
    text = explanation.document.text[:end]
    languages = tell_languages(passages, language, report)
    whole = is_whole(explanation.unread, languages, language)
    passages = passages[:HELD_MOST]
    labels = label_all(passages, languages[:HELD_MOST], report)
    return checking.check(
        law, text, passages, labels, explanation.clauses, language or "en", Applies.ASKED,
        whole=whole,
        cancel=partial(report, 1, 1, message("clauses.job.understanding")),
    )  # fmt: skip


@cache
def known_kinds() -> dict[str, ClauseKind]:
    return by_name(read_catalogue())


@cache
def recognisers_for(language: str) -> Recognisers:
    """The recognisers of one language, compiled once per run."""
    return Recognisers(read_catalogue(), language)
