"""Reads a company that speaks of itself by its name as “we”, as recognisers expect it."""

from __future__ import annotations

import re
from collections import Counter

LEAST = 4  # times a name must act before it is taken for the company’s
MOST = 1
SAMPLE = 200_000  # characters
DEED = (
    "may|will|can|cannot|shall|must|does|do|has|have|is|are|collects?|uses?|shares?|discloses?"
    "|reserves?|processes|process|receives?|retains?|stores?|keeps?|sells?|provides?|obtains?"
    "|reviews?|requires?|makes?|takes?|works?|maintains?|transfers?"
)
ACTING = re.compile(rf"\b([A-Z][\w’'&.-]{{1,30}}) (?:also |never |only )?(?:{DEED})\b")
# what a document calls other things and people by, in capitals all the same
NO_NAMES = frozenset(
    (
        *("you", "we", "our", "service", "services", "content", "site", "app", "user", "users"),
        *("output", "input", "third", "section", "party", "parties", "member", "members", "to"),
        *("policy", "notice", "terms", "agreement", "statement", "company", "companies"),
    )
)
WRITTEN_SMALL = 0.1  # a name is hardly ever written without its capital
FIRST_PERSON = {
    "does": "do", "has": "have", "is": "are", "processes": "process", "discloses": "disclose",
}  # fmt: skip


def find_names(text: str) -> tuple[str, ...]:
    """Names, in small letters, by which the company in an English document speaks of itself."""
    found = Counter(one[1].lower() for one in ACTING.finditer(text[:SAMPLE]))
    names = [
        name
        for name, count in found.most_common(2 * MOST)
        if count >= LEAST and is_name(name, text)
    ]
    return tuple(names[:MOST])


def is_name(word: str, text: str) -> bool:
    """Whether ``word`` is written with a capital wherever it stands."""
    if word in NO_NAMES:
        return False
    forms = Counter(
        re.findall(rf"(?<![\w./@-]){re.escape(word)}(?![\w/@-]|\.\w)", text[:SAMPLE], re.IGNORECASE)
    )
    return forms[word] <= WRITTEN_SMALL * forms.total()


def say_we(words: str, names: tuple[str, ...]) -> str:
    """``words`` (small letters) with “we” for each of ``names``, and the verb to go with it."""
    for name in names:
        if name in words:
            called = re.escape(name)
            words = re.sub(rf"\b{called}(?:'s|’s)", "our", words)
            words = re.sub(
                rf"\b{called} ((?:also |never |only )?)({DEED})\b",
                lambda found: f"we {found[1]}{first_person(found[2])}",
                words,
            )
    return words


def first_person(verb: str) -> str:
    """The verb as it goes with “we”."""
    if verb in FIRST_PERSON:
        return FIRST_PERSON[verb]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb
