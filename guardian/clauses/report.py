"""One page about a document, a change or a comparison: to keep, to print, to show to others.

Whole in itself: no script, nothing fetched, every word escaped. It holds what the document says,
never where it was kept or whose it is. Layout stays with what Qt's own text engine can draw too,
so that the window prints the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from guardian.clauses.markup import unmark
from guardian.clauses.model import (
    Change,
    Checklist,
    Clause,
    Direction,
    Explanation,
    Presence,
    SideBySide,
    VersionChange,
)
from guardian.clauses.telling import (
    SHIFTS,
    count_changes,
    count_sentences,
    name_change,
    name_kind,
    plain,
    shareable,
    shorten,
)
from guardian.core.feature import Level
from guardian.core.sheet import heading, items, paragraph, top, whole
from guardian.core.words import Words

QUOTE_MOST, CELL_MOST = 340, 160
CHANGES_MOST, QUOTED_MOST = 40, 24
STYLE = """
@page { size: A4; margin: 13mm 16mm; }
body { font-family: Inter, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", Helvetica, Arial,
  sans-serif; font-size: 9.5pt; line-height: 1.35; color: #1f2a30; background: #ffffff;
  max-width: 178mm; margin: 0 auto; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 4px 0; }
h2 { font-size: 11.5pt; margin: 10px 0 1px 0; page-break-after: avoid; }
p { margin: 3px 0; }
ol { margin: 2px 0; }
li { margin: 1px 0; }
table { border-collapse: collapse; margin: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 3px 7px;
  border-width: 1px; border-style: solid; border-color: #d5d0c5; }
.clause { page-break-inside: avoid; }
.plain { font-weight: bold; margin: 6px 0 0 0; }
.quote { margin: 1px 0 1px 12px; color: #3a464d; }
.small, .before { font-size: 8.5pt; color: #4d5a61; }
.before { margin: 2px 0 0 12px; }
.verdict { font-size: 11.5pt; margin: 4px 0; }
.act { color: #8c2620; } .ask { color: #7a4606; } .fine { color: #175c4d; }
"""


def make_report(what: Explanation | VersionChange | SideBySide, words: Words) -> str:
    """The whole page as HTML, in the language of ``words``; quotes stay as they are."""
    if isinstance(what, Explanation):
        title = words.say("clauses.report.title", name=shareable(what.document.title))
        body = [*explain(what, words), *foot(words)]
    elif isinstance(what, VersionChange):
        title = words.say("clauses.report.title.change", name=shareable(what.new_title))
        body = [*tell_changes(what, words), *foot(words)]
    else:
        title = words.say("clauses.report.title.side", count=len(what.titles))
        body = [*tell_side_by_side(what, words), *foot(words)]
    return whole(title, top(title), body, language=words.language, style=STYLE)


def explain(one: Explanation, words: Words) -> list[str]:
    """One document: the verdict, the worst, the best, the gaps, what to do, the other points."""
    language = one.language or ""
    parts = [paragraph(words.tell(one.verdict), "verdict")]
    worst, best = one.worst(), one.best()
    for code, clauses in (("clauses.sheet.worst", worst), ("clauses.sheet.best", best)):
        if clauses:
            parts.append(heading(words.say(code)))
            parts += [tell_clause(words, clause, language) for clause in clauses]
    for checklist in one.checklists:
        parts += tell_gaps(words, checklist)
    actions = [words.say(f"clauses.action.{action}") for action in one.actions()]
    if actions:
        parts += [heading(words.say("clauses.sheet.actions")), items(actions, "ol")]
    told = {clause.id for clause in (*worst, *best)}
    rest = [group[0] for group in one.groups() if group[0].id not in told]
    if rest:
        parts += [heading(words.say("clauses.sheet.rest")), *list_clauses(words, rest)]
    return [*parts, *tell_measures(words, one)]


def tell_clause(words: Words, clause: Clause, language: str) -> str:
    """Level, plain words, the quote that proves them, and what was pulled out of it."""
    told = escape(words.say(f"clauses.kind.{clause.id}"))
    lines = [
        f'<p class="plain">{level_word(words, clause)} · {told}</p>',
        quote(clause.quote, language),
    ]
    slots = [
        words.say(f"clauses.slot.{name}", value=plain(unmark(value)))
        for name, value in clause.slots.items()
    ]
    if slots:
        lines.append(f'<p class="quote small">{escape(" · ".join(slots))}</p>')
    return f'<div class="clause">{"".join(lines)}</div>'


def level_word(words: Words, clause: Clause) -> str:
    """What a clause calls for, or that it is in the reader’s favour."""
    level = clause.level.value
    good = clause.direction is Direction.GOOD
    told = words.say("clauses.report.good" if good else f"level.{level}")
    return f'<span class="{level}">{escape(told)}</span>'


def list_clauses(words: Words, clauses: Sequence[Clause]) -> Iterator[str]:
    """By their short names, a paragraph for each level: there may be dozens."""
    for level in (Level.ACT, Level.ASK, Level.FINE):
        found = [clause for clause in clauses if clause.level is level]
        if found:
            names = " · ".join(name_kind(words, clause.id) for clause in found)
            told = escape(words.say(f"level.{level.value}"))
            yield f'<p><span class="{level.value}">{told}</span> · {escape(names)}</p>'


def tell_gaps(words: Words, checklist: Checklist) -> list[str]:
    """What a document of its kind should say and this one does not, as far as can be told."""
    law = checklist.law.value
    missing = checklist.at(Presence.NOT_FOUND)
    unclear = checklist.at(Presence.UNCLEAR)
    if not missing and not unclear:
        return []
    name = words.say(f"clauses.law.{law}")
    parts = [heading(words.say("clauses.report.gaps", law=name))]
    for code, found in (
        ("clauses.report.not-found", missing),
        ("clauses.report.unclear", unclear),
    ):
        if found:
            told = [words.say(f"clauses.check.{law}.{one.id}") for one in found]
            start = words.say(code, words=checklist.words)
            parts.append(paragraph(f"{start} {' '.join(told)}"))
    return parts


def tell_measures(words: Words, one: Explanation) -> list[str]:
    """How much was understood, how long it is, what was left out."""
    document = one.document
    told = [
        words.say(
            "clauses.coverage",
            count=len(one.passages),
            share=int(100 * one.coverage),
            left=len(one.left()),
        ),
        words.say("clauses.reading-time", count=one.reading_minutes, words=document.words),
    ]
    if document.dropped_words:
        told.append(words.say("clauses.dropped", count=document.dropped_words))
    if document.unreadable:
        told.append(words.say("clauses.unreadable", count=document.unreadable))
    if one.unread:
        told.append(words.say("clauses.unread", count=one.unread))
    return [heading(words.say("clauses.report.measures")), paragraph(" ".join(told), "small")]


def tell_changes(change: VersionChange, words: Words) -> list[str]:
    """Two versions: what got worse, what got better, what is otherwise different."""
    titles = words.say(
        "clauses.change.versions",
        old=shareable(change.old_title),
        new=shareable(change.new_title),
    )
    parts = [paragraph(titles, "small"), paragraph(count_changes(words, change), "verdict")]
    for shift in SHIFTS:
        found = change.at(shift)
        if found:
            parts.append(heading(words.say(f"clauses.diff.{shift.value}")))
            parts += [tell_change(words, one) for one in found[:CHANGES_MOST]]
        if len(found) > CHANGES_MOST:
            parts.append(paragraph(words.say("clauses.change.first", most=CHANGES_MOST)))
    return [*parts, paragraph(count_sentences(words, change), "small")]


def tell_change(words: Words, change: Change) -> str:
    """One change, with the words of both versions."""
    lines = [paragraph(name_change(words, change), "plain")]
    for code, clause in (("before", change.old), ("after", change.new)):
        if clause is not None:
            lines.append(paragraph(words.say(f"clauses.change.{code}"), "before"))
            lines.append(quote(clause.quote, ""))
    return f'<div class="clause">{"".join(lines)}</div>'


def tell_side_by_side(side: SideBySide, words: Words) -> list[str]:
    """A table of kinds by document, then the quotes below it."""
    heads = "".join(
        f"<th>{number}. {escape(shareable(title))}</th>"
        for number, title in enumerate(side.titles, 1)
    )
    lines = [f"<tr><th>{escape(words.say('clauses.grid.clause'))}</th>{heads}</tr>"]
    for name, cells in side.rows.items():
        told = escape(name_kind(words, name))
        row = "".join(f"<td>{cell_word(words, cell)}</td>" for cell in cells)
        lines.append(f"<tr><th>{told}</th>{row}</tr>")
    parts = [f'<table width="100%">{"".join(lines)}</table>']
    parts.append(heading(words.say("clauses.report.quotes")))
    for name, cells in list(side.rows.items())[:QUOTED_MOST]:
        parts.append(paragraph(words.say(f"clauses.kind.{name}"), "plain"))
        for number, cell in enumerate(cells, 1):
            if cell:
                text = shorten(cell[0].quote, CELL_MOST)
                parts.append(f'<p class="quote">{number}. “{escape(text)}”</p>')
    if len(side.rows) > QUOTED_MOST:
        parts.append(paragraph(words.say("clauses.change.first", most=QUOTED_MOST), "small"))
    return parts


def cell_word(words: Words, cell: Sequence[Clause]) -> str:
    """Whether a document has a kind of clause, by the word of its level."""
    if not cell:
        return f'<span class="small">{escape(words.say("clauses.grid.none"))}</span>'
    return level_word(words, cell[0])


def foot(words: Words) -> list[str]:
    told = f"{words.say('clauses.not-legal-advice')} {words.say('clauses.report.made')}"
    return [paragraph(told, "small")]


def quote(text: str, language: str) -> str:
    spoken = f' lang="{escape(language)}"' if language else ""
    return f'<p class="quote"{spoken}>“{escape(shorten(text, QUOTE_MOST))}”</p>'
