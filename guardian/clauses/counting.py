"""Measures a text: its words, how long it takes to read, and its language."""

from __future__ import annotations

import re

WORDS_PER_MINUTE, HAN_PER_MINUTE = 230, 400
LANGUAGE_SAMPLE = 50_000
WORD = re.compile(r"[^\W_]++(?:['’-][^\W_]++)*+")
HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = frozenset(
    ("the", "of", "and", "to", "in", "you", "your", "we", "our", "or", "for", "is", "are", "with")
).union(("this", "that", "by", "as", "be", "not", "any"))


def count_words(text: str) -> int:
    """Words of spaced scripts plus one for each Chinese character."""
    han = len(HAN.findall(text))
    return sum(1 for _ in WORD.finditer(HAN.sub(" ", text) if han else text)) + han


def reading_minutes(text: str, words: int) -> int:
    """How long an adult reads, at 230 words or 400 Chinese characters a minute; at least one."""
    han = len(HAN.findall(text))
    return max(1, round((words - han) / WORDS_PER_MINUTE + han / HAN_PER_MINUTE))


def guess_language(text: str) -> str | None:
    """``zh`` or ``en`` by what the text is made of; None when it is neither."""
    sample = text[:LANGUAGE_SAMPLE]
    letters = sum(character.isalpha() for character in sample)
    if not letters:
        return None
    if len(HAN.findall(sample)) * 4 >= letters:
        return "zh"
    words = re.findall(r"[a-z]+", sample.lower())
    common = sum(word in ENGLISH for word in words)
    return "en" if words and common / len(words) >= 0.12 else None
