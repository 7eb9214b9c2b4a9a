"""Which laws a document goes by in its own words, and whether it is terms or a policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guardian.clauses.model import Law, Passage
from guardian.clauses.rules.folding import fold
from guardian.clauses.rules.signs import Lines, read_checklists

TITLE_LINES = 3
TERMS_TITLE = re.compile(
    r"\bterms\b|\bconditions\b|\bagreement\b|\beula\b|\btos\b|\blicen[cs]e\b"
    r"|(?:服务|用户|使用|许可|会员|注册|软件)(?:服务|使用|许可)?(?:协议|条款|条件|须知)|服务条款|用户协议"
)
PRIVACY_TITLE = re.compile(
    r"\bprivacy\b|\bdata (?:protection|policy)\b|\bcookies?\b|隐私|个人信息|信息保护"
)
TERMS_WORDS = re.compile(
    r"\bthese terms\b|\bthis agreement\b|\bterms of (?:service|use)\b|\bliab(?:le|ility)\b"
    r"|\bwarrant(?:y|ies)\b|\bgoverning law\b|\bgoverned by\b|\bindemnif|\blicen[cs]e\b|\barbitrat"
    r"|\bterminat|\bdisputes?\b|\brefunds?\b|协议|条款|违约|责任|免责|赔偿|管辖|知识产权|争议|终止"
)
PRIVACY_WORDS = re.compile(
    r"\bpersonal (?:data|information)\b|\bprivacy\b|\bcollect|\bcookies?\b|\bthird[- ]part"
    r"|\bprocess(?:ing|ed)?\b|\byour (?:data|information)\b|\bretain|隐私|个人信息|收集|共享|存储"
)


@dataclass(frozen=True)
class Named:
    """A law that the document names: ``document.text[start:end] == quote``."""

    law: Law
    quote: str
    start: int
    end: int


def named_laws(
    text: str,
    passages: Sequence[Passage],
    language: str,
    check: Callable[[], None] = lambda: None,
    lines: Lines | None = None,
) -> tuple[Named, ...]:
    """The laws that the document itself says it follows or that it gives rights under.

    ``lines`` are its passages where they were made ready to be searched before.
    This is what the document says. Whether a law applies is not for Guardian to decide.
    """
    lines = lines or Lines(passages, language, check)
    found = ((one.law, lines.first(one.named)) for one in read_checklists().lists)
    return tuple(
        Named(law, text[place.start : place.end], place.start, place.end)
        for law, place in found
        if place
    )


def is_terms(text: str, title: str = "") -> bool:
    """Whether this is a contract (terms, agreement) rather than a privacy policy.

    The title and the first lines decide; where they say nothing, the words of the whole do.
    """
    first = [line for line in text[:2000].splitlines() if line.strip()][:TITLE_LINES]
    for line in (title, *first):
        words = fold(line).lower()
        terms, privacy = TERMS_TITLE.search(words), PRIVACY_TITLE.search(words)
        if (terms is None) != (privacy is None):
            return terms is not None
    words = text.lower()
    return len(TERMS_WORDS.findall(words)) > len(PRIVACY_WORDS.findall(words))
