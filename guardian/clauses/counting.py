"""Measures a text: its words, how long it takes to read, and its language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from guardian.clauses.model import Passage, PassageKind, Readability

WORDS_PER_MINUTE, HAN_PER_MINUTE = 230, 400
LANGUAGE_SAMPLE = 50_000
WORD = re.compile(r"[^\W_]++(?:['’-][^\W_]++)*+")
HAN = re.compile(r"[\u3400-\u9fff]")
HAN_RUN = re.compile(r"[\u3400-\u9fff]++")
KANA = re.compile(r"[\u3040-\u30ff]")  # what tells Japanese from Chinese
KANA_SHARE = 0.2
LATIN = re.compile(r"[a-zA-Z]")
TELLING, LONG_ENOUGH = 20, 8  # letters, words
COMMON = 0.12  # of the words of an English text
VOWELS = re.compile(r"[aeiouy]+")
AT_ONCE = 100_000  # characters whose words may be held at once
LONG_SENTENCE, LONG_SENTENCE_HAN = 30, 60
ENGLISH = frozenset(
    ("the", "of", "and", "to", "in", "you", "your", "we", "our", "or", "for", "is", "are", "with")
).union(("this", "that", "by", "as", "be", "not", "any"))


def count_words(text: str) -> int:
    """Words of spaced scripts plus one for each Chinese character."""
    han = count_han(text)
    spaced = HAN.sub(" ", text) if han else text
    if len(spaced) <= AT_ONCE:
        return len(WORD.findall(spaced)) + han
    return sum(1 for _ in WORD.finditer(spaced)) + han


def count_han(text: str) -> int:
    """Chinese characters, counted without holding each of millions."""
    if text.isascii():
        return 0
    return sum(run.end() - run.start() for run in HAN_RUN.finditer(text))


def reading_minutes(text: str, words: int) -> int:
    """How long an adult reads, at 230 words or 400 Chinese characters a minute; at least one."""
    han = count_han(text)
    return max(1, round((words - han) / WORDS_PER_MINUTE + han / HAN_PER_MINUTE))


def guess_language(text: str) -> str | None:
    """``zh`` or ``en`` by what the text is made of; None when it is neither."""
    sample = text[:LANGUAGE_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    if len(HAN.findall(sample)) * 4 >= letters:
        return "zh" if len(KANA.findall(sample)) < KANA_SHARE * letters else None
    words = re.findall(r"[a-z]+", sample.lower())
    common = sum(word in ENGLISH for word in words)
    return "en" if words and common >= COMMON * len(words) else None


def spoken(text: str, language: str | None) -> str | None:
    """The language of one passage of a document in ``language``; None when it is neither.

    Few letters say nothing, so that they count as the document's.
    """
    letters = sum(map(str.isalpha, text))
    if letters < TELLING:
        return language
    if 5 * count_han(text) >= letters:
        return "zh" if len(KANA.findall(text)) < KANA_SHARE * letters else None
    plain = len(LATIN.findall(text))
    if 2 * plain < letters:
        return None
    words = re.findall(r"[a-z]+", text.lower())
    common = sum(word in ENGLISH for word in words)
    if len(words) >= LONG_ENOUGH and common >= COMMON * len(words):
        return "en"
    # a list of English nouns has no accents; a sentence of another language nearly always
    foreign = language is None or (len(words) >= LONG_ENOUGH and not common and plain < letters)
    return None if foreign else "en"


def measure_readability(
    text: str, words: int, passages: Sequence[Passage], language: str | None
) -> Readability:
    """How hard ``text`` is to read; sentences are its passages without the headings."""
    lengths = [
        count_words(passage.text) for passage in passages if passage.kind is not PassageKind.HEADING
    ]
    most = LONG_SENTENCE_HAN if language == "zh" else LONG_SENTENCE
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    return Readability(
        minutes=reading_minutes(text, words),
        mean_sentence=mean,
        long_share=sum(length > most for length in lengths) / len(lengths) if lengths else 0.0,
        grade=school_grade(text, mean) if language == "en" and lengths else None,
    )


def school_grade(text: str, mean_sentence: float) -> float:
    """The Flesch-Kincaid grade (Kincaid and others 1975), syllables counted by vowel groups."""
    words = Counter(re.findall(r"[a-z]+", text[:LANGUAGE_SAMPLE].lower()))
    syllables = sum(count * count_syllables(word) for word, count in words.items())
    return max(0.0, 0.39 * mean_sentence + 11.8 * syllables / max(1, words.total()) - 15.59)


def count_syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end is none."""
    groups = len(VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - silent)
