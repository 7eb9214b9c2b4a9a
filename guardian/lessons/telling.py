"""The words of a lesson, as its structure numbers them: for paper, for the page, for a terminal."""

from __future__ import annotations

from guardian.core.words import Words
from guardian.lessons.content import CARE
from guardian.lessons.model import Kind, Pack, Part, Question, Showing, Slot


def name_lesson(words: Words, pack: Pack) -> str:
    return words.say(f"lesson.{pack.id}")


def tell_aim(words: Words, pack: Pack) -> str:
    return words.say(f"lesson.{pack.id}.aim")


def list_needs(words: Words, pack: Pack) -> list[str]:
    """What to bring."""
    return [words.say(f"lesson.{pack.id}.needs.{number}") for number in up_to(pack.needs)]


def list_handout(words: Words, pack: Pack) -> list[str]:
    """The lines of the page people take home."""
    return [words.say(f"lesson.{pack.id}.handout.{number}") for number in up_to(pack.handout)]


def name_phase(words: Words, part: Part) -> str:
    return words.say(f"lesson.phase.{part.phase.value}")


def tell_part(words: Words, pack: Pack, part: Part) -> str:
    """What happens in a phase."""
    return words.say(f"lesson.{pack.id}.{part.phase.value}")


def list_notes(words: Words, pack: Pack, part: Part) -> list[str]:
    """What the trainer keeps in mind during a phase."""
    start = part.phase.value
    return [words.say(f"lesson.{pack.id}.{start}.notes.{number}") for number in up_to(part.notes)]


def tell_showing(words: Words, pack: Pack, showing: Showing) -> str:
    """What to show in a step of the demo."""
    return words.say(f"lesson.{pack.id}.show.{showing.number}")


def ask(words: Words, pack: Pack, question: Question) -> str:
    return words.say(f"lesson.{pack.id}.quiz.{question.number}")


def list_options(words: Words, pack: Pack, question: Question) -> list[str]:
    asked = question.number
    return [
        words.say(f"lesson.{pack.id}.quiz.{asked}.{number}") for number in up_to(question.options)
    ]


def tell_because(words: Words, pack: Pack, question: Question) -> str:
    """Why the right answer is right."""
    return words.say(f"lesson.{pack.id}.quiz.{question.number}.because")


def tell_minutes(words: Words, minutes: int) -> str:
    return words.say("lesson.minutes", count=minutes)


def name_slot(words: Words, slot: Slot) -> str:
    """The lesson's title, or that it is a break."""
    if slot.kind is Kind.BREAK:
        return words.say("lesson.break")
    return words.say(f"lesson.{slot.pack}")


def list_care(words: Words) -> list[str]:
    """The card that is read out before anything else."""
    return [words.say(f"lesson.care.{number}") for number in up_to(CARE)]


def up_to(count: int) -> range:
    """1 to ``count``: words are numbered from 1."""
    return range(1, count + 1)
