"""Rules checked and made ready to be asked many times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from guardian.core.errors import Problem
from guardian.processes.content import Detection, Rule
from guardian.processes.model import System
from guardian.processes.rules.fields import field_names, refuse_field
from guardian.processes.rules.sigma import Question, RuleError, prepare_question


@dataclass(frozen=True, eq=False)
class Prepared:
    """A rule made ready. ``own``: the person brought it along."""

    rule: Rule
    question: Question
    milder: Question | None
    own: bool = False

    def fits(self, system: System) -> bool:
        """Whether this kind of system can be asked at all."""
        return self.rule.logsource.product in (None, system)


def prepare(rules: Iterable[Rule], file: str) -> tuple[Prepared, ...]:
    """Check rules and make them ready. Raises ``Problem("content-bad")`` naming ``file``."""
    ready = []
    for rule in rules:
        try:
            ready.append(prepare_rule(rule))
        except RuleError as error:
            raise Problem("content-bad", file=file, reason=f"{rule.code}: {error}") from error
    return tuple(ready)


def prepare_rule(rule: Rule, own: bool = False) -> Prepared:
    """Raises :class:`RuleError` for a rule that could never be answered."""
    category = rule.logsource.category
    names, refuse = field_names(category), partial(refuse_field, category=category)
    question = prepare_question(rule.detection, names, refuse, own)
    for name in rule.fields:
        if name not in names:
            raise RuleError(refuse(name), name)
    if rule.guardian.milder is None:
        return Prepared(rule, question, None, own)
    detection = Detection({"milder": rule.guardian.milder.when}, "milder")
    return Prepared(rule, question, prepare_question(detection, names, refuse, own), own)
