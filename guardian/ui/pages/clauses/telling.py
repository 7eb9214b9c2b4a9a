"""What a reading says in words: shares, how hard a text is, names of topics and of facts."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from guardian.clauses.markup import unmark
from guardian.clauses.model import TOPICS, Clause, Explanation, PassageKind
from guardian.core.words import Words

# one name for each of TOPICS, in their order
TOPIC_CODES = (
    "collection", "permission", "sharing", "use", "storage", "security", "rights", "contact",
    "changes", "stop", "groups",
)  # fmt: skip
# the highest school grade, and the mean length of Chinese sentences, still called so
EASE = (("easy", 8.0, 25.0), ("medium", 12.0, 40.0), ("hard", 16.0, 60.0))
LONG = re.compile(r"[!-~]{25,}")
BREAKS = re.compile(r"[/?&=_.,;:@+-]+|[^/?&=_.,;:@+-]{24}")
QUOTE_MOST, SHORT_MOST, TITLE_MOST = 700, 200, 90
ITEM_MOST, LIST_MOST = 45, 25  # characters of an item that says little alone; items before it


@dataclass(frozen=True)
class Voice:
    """``words`` for the window, ``told`` for what is explained; their languages may differ."""

    words: Words
    told: Words

    def kind(self, clause: Clause) -> str:
        """What the clause means, in one plain sentence."""
        return self.told.say(f"clauses.kind.{clause.id}")

    def short(self, clause: Clause) -> str:
        """The name of its kind in a few words."""
        code = f"clauses.short.{clause.id}"
        return self.told.say(code) if code in self.told else ""


def short(title: str) -> str:
    """A title that leaves room for the page; names of files often have a stroke for a space."""
    title = title.replace("_", " ")
    return title if len(title) <= TITLE_MOST else title[:TITLE_MOST] + " …"


def tell_time(words: Words, explanation: Explanation) -> str:
    """How long it is and how long that takes to read."""
    code = "clauses.page.reading-time" if explanation.language == "zh" else "clauses.reading-time"
    return words.say(code, count=explanation.reading_minutes, words=explanation.document.words)


def tell_ease(words: Words, explanation: Explanation) -> str:
    """How hard the text is, in plain words; empty where that cannot be told."""
    shape = explanation.readability
    measure = shape.grade
    place = 1
    if measure is None:
        if explanation.language != "zh" or not shape.mean_sentence:
            return ""
        measure, place = shape.mean_sentence, 2
    ease = next((name for name, *bars in EASE if measure <= bars[place - 1]), "very-hard")
    return words.say(f"clauses.page.ease.{ease}")


def tell_long(words: Words, explanation: Explanation) -> str:
    """How much of it are very long sentences; empty where there are hardly any."""
    share = round(explanation.readability.long_share * 100)
    unit = "characters" if explanation.language == "zh" else "words"
    return words.say(f"clauses.page.long.{unit}", share=share) if share >= 10 else ""


def was_understood(explanation: Explanation) -> bool:
    """Whether it makes sense to say how much of it was."""
    known = explanation.recognised_language and explanation.looks_like_policy
    return known and bool(explanation.passages)


def tell_coverage(words: Words, explanation: Explanation) -> str:
    """How much of it was understood, and how much is left to the person."""
    return words.say(
        "clauses.coverage",
        share=int(explanation.coverage * 100),  # rounded down: never more than is true
        count=len(explanation.passages),
        left=len(explanation.left()),
    )


def tell_topics(words: Words, topics: tuple[str, ...]) -> str:
    """What a passage seems to be about; empty where that is not known."""
    names = dict(zip(TOPICS, TOPIC_CODES, strict=True))
    known = [words.say(f"clauses.page.topic.{names[one]}") for one in topics if one in names]
    return words.say("clauses.page.about", topics=", ".join(known)) if known else ""


def tell_counts(words: Words, look: int, fine: int) -> str:
    """The sentence for these two numbers; either may be zero."""
    parts = []
    if look:
        parts.append(words.say("clauses.page.look", count=look))
    if fine:
        parts.append(words.say("clauses.page.good", count=fine))
    if not parts:
        return words.say("clauses.page.nothing")
    if len(parts) == 1:
        return words.say("clauses.page.count.one", points=parts[0])
    return words.say("clauses.page.count.both", look=parts[0], good=parts[1])


def words_of(clause: Clause) -> str:
    """The document’s own words."""
    return clause.quote


def words_with_lead(explanation: Explanation, clause: Clause) -> str:
    """The same; a short item of a list comes after the line that its list hangs on."""
    if len(clause.quote) > ITEM_MOST:
        return clause.quote
    text, passages = explanation.document.text, explanation.passages
    place = bisect_left(passages, clause.start, key=lambda one: one.start)
    for before in reversed(passages[max(place - LIST_MOST, 0) : place]):
        lead = text[before.start : before.end]
        if lead.rstrip(" *_").endswith((":", "：")):
            return f"{lead} … {clause.quote}"
        if before.kind is not PassageKind.ITEM:
            break
    return clause.quote


def quoted(quote: str, most: int = QUOTE_MOST) -> str:
    """The quote in one paragraph; an endless one is cut between words, where it can be.

    Markdown’s signs are left out; long addresses may be broken.
    """
    text = breakable(" ".join(unmark(quote).split()))
    if len(text) <= most:
        return text
    end = text.rfind(" ", most // 2, most)
    return text[: end if end > 0 else most] + " …"


def breakable(text: str) -> str:
    """Lets very long words, such as addresses, go on in the next line."""
    return LONG.sub(lambda word: BREAKS.sub("\\g<0>\u200b", word.group()), text)
