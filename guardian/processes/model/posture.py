"""How the computer itself is set up: checks with three answers and one fix each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from guardian.core.words import Message


class Answer(StrEnum):
    FINE = "fine"
    LOOK = "look"
    """Look at this."""
    UNREAD = "unread"
    """Could not be read; the person can look by hand."""


@dataclass(frozen=True, slots=True)
class Check:
    """One answer. ``variant`` chooses among the sentences of the same answer; "" is the usual one.

    ``way`` names the system whose settings the way leads through: windows, macos
    or kde; "" for others.
    """

    key: str
    answer: Answer
    variant: str = ""
    way: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)

    def title(self) -> Message:
        return Message(f"processes.posture.{self.key}.title")

    def tell(self) -> Message:
        """What was seen, in one sentence."""
        code = f"processes.posture.{self.key}.{self.answer.value}"
        if self.variant:
            code = f"processes.posture.{self.key}.{self.answer.value}.{self.variant}"
        return Message(code, self.facts)

    def fix(self) -> Message | None:
        """Where to look and to change it; nothing where all is well."""
        if self.answer is Answer.FINE:
            return None
        if self.way:
            return Message(f"processes.posture.{self.key}.do.{self.way}", self.facts)
        return Message(f"processes.posture.{self.key}.do", self.facts)
