"""Tells the words of a page from its furniture: menus, banners, footers, lists of other pages.

A line lost here would be a clause that Guardian calls missing, so that in doubt a line stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from guardian.clauses.counting import HAN, count_words

LEAST_KEPT = 0.6  # of the page's words; an article with less of them was found wrongly
LEAST_LEGAL = 0.25  # of the words left over, in lines that speak of data and rights
PROSE_WORDS = 10
ANCHOR_WORDS = 5
PROSE_MOST = 80  # words of whole sentences that no menu or footer holds
PART_MOST, BANNER_MOST = 0.25, 0.5  # of the page's words
LINKED = 0.7
MENU = 2  # lines that are nothing but links, one after another
MARGIN = 10  # lines before and after an article: its headline, its date, a postal address
SPEAKS = re.compile(
    r"personal|\bdata\b|informat|privacy|consent|collect|\bshar(?:e|ing)|disclos|third[ -]part"
    r"|\bterms\b|agree|liab|\brights\b|right to|\bpolic(?:y|ies)\b|\bminors?\b|parent|guardian"
    r"|permission|\bservices?\b|account|\blaws?\b|delet|retain|retention|notice|arbitrat|warrant"
    r"|cookie|processing|controller|affiliat|terminat|indemn|licen[cs]e|jurisdict|effective|updated"
    r"|modif|contact|refund|subscri|dispute|opt[ -]out|children|secur"
    r"|个人|信息|隐私|同意|收集|共享|披露|第三方|条款|协议|责任|权利|账[号户]|帐[号户]|法律|删除|保存"
    r"|授权|撤回|生效|更新|更改|仲裁|管辖|终止|投诉|未成年|安全|資料|個人|隱私",
    re.IGNORECASE,
)
DATE_MOST = 120
DATE = re.compile(
    r"(?:effective|updated|modified|revised|version|生效|更新|修订|发布|版本)[^\n]{0,40}\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class Part:
    """A stretch of a page.

    ``soft``: a header or an aside, which may hold a headline, a date or a summary. ``banner``: it
    asks for consent in front of the page.
    """

    furniture: bool = False
    soft: bool = False
    banner: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a page; ``links`` characters of it lead elsewhere."""

    text: str
    links: int = 0
    part: Part = field(default_factory=Part)

    @cached_property
    def words(self) -> int:
        return count_words(self.text)

    @cached_property
    def weight(self) -> int:
        """About how many English words say as much; a Chinese word has two characters."""
        return self.words - len(HAN.findall(self.text)) // 2

    @cached_property
    def bare(self) -> str:
        """The line without its mark and without spaces, to know it again."""
        return "".join(self.text.split()).strip("-#|")

    @property
    def is_link(self) -> bool:
        return self.links > LINKED * len(self.text)

    @property
    def is_prose(self) -> bool:
        return self.weight >= PROSE_WORDS and not self.is_link

    @property
    def speaks(self) -> bool:
        """Whether it speaks of data, rights or duties, more than in passing."""
        return not self.is_link and self.weight >= PROSE_WORDS - 2 and self.subjects >= 2

    @property
    def is_date(self) -> bool:
        """Whether it says from when on the document is valid."""
        return len(self.text) <= DATE_MOST and not self.is_link and bool(DATE.search(self.text))

    @cached_property
    def subjects(self) -> int:
        return len({one.lower() for one in SPEAKS.findall(self.text)})


def choose(lines: Sequence[Line], article: Counter[str]) -> list[bool]:
    """For each line of a page whether it belongs to its text.

    ``article`` holds the bare lines that an extractor took for the article; empty where it found
    none.
    """
    ours = outside_furniture(lines)
    body = [line for line, stays in zip(lines, ours, strict=True) if stays]
    total = sum(line.words for line in body)
    found = [line.bare in article for line in body]
    kept = sum(line.words for line, taken in zip(body, found, strict=True) if taken)
    rest = [line for line, taken in zip(body, found, strict=True) if not taken]
    spoken = sum(line.words for line in rest if line.speaks)
    if not kept or (kept < LEAST_KEPT * total and spoken >= LEAST_LEGAL * (total - kept)):
        found = [line.is_prose or line.text.startswith("#") for line in body]
    inside = iter(around(body, found))
    return [stays and next(inside) for stays in ours]


def outside_furniture(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it stands outside of menus, footers and banners.

    A part that holds much of the page, or whole paragraphs, is no furniture whatever it is called.
    """
    words: Counter[Part] = Counter()
    prose: Counter[Part] = Counter()
    for line in lines:
        words[line.part] += line.words
        prose[line.part] += line.words if line.is_prose else 0
    total = sum(words.values())
    stays = {part: is_ours(part, words[part], prose[part], total) for part in words}
    ours = [
        stays[line.part] or (line.part.soft and not line.is_link and bool(line.bare))
        for line in lines
    ]
    return ours if any(ours) else [True] * len(lines)


def is_ours(part: Part, words: int, prose: int, total: int) -> bool:
    """Whether a part with so many words, of them so many in whole sentences, is no furniture."""
    if not part.furniture:
        return True
    if part.banner:
        return words > BANNER_MOST * total and prose * 2 > words
    return prose >= PROSE_MOST or (words > PART_MOST * total and prose * 2 > words)


def around(body: Sequence[Line], found: Sequence[bool]) -> list[bool]:
    """The article from its first line to its last with a margin, and what else speaks of data."""
    anchors = [
        number
        for number, (line, taken) in enumerate(zip(body, found, strict=True))
        if taken and line.weight >= ANCHOR_WORDS and not line.is_link
    ]
    if not anchors:
        return [True] * len(body)
    first = anchors[0] - reach(body[: anchors[0]][::-1])
    last = anchors[-1] + reach(body[anchors[-1] + 1 :])
    kept = [
        first <= number <= last or line.speaks or line.is_date for number, line in enumerate(body)
    ]
    for number, line in enumerate(body[:-1]):
        # the heading over a line that stays
        if kept[number + 1] and not kept[number] and line.text.startswith("#"):
            kept[number] = True
    return kept


def reach(lines: Sequence[Line]) -> int:
    """How many of the lines next to an article still belong to it.

    All up to the last one that speaks of its subject, before a menu begins, and then a few that
    are no other prose: a headline, a postal address.
    """
    last = links = strange = 0
    for number, line in enumerate(lines, 1):
        links = links + 1 if line.is_link else 0
        if links == MENU:
            return min(number - MENU, strange or number, last + MARGIN)
        if line.is_prose and line.subjects:
            last, strange = number, 0
        elif line.is_prose:
            strange = strange or number - 1
    return min(len(lines), strange or len(lines), last + MARGIN)
