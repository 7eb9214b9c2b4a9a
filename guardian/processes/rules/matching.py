"""One value of a Sigma detection made ready: does what was seen fit it?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

from guardian.processes.content import Value
from guardian.processes.model import Unknown
from guardian.processes.rules.condition import RuleError

TEXT_MODIFIERS = ("startswith", "endswith", "contains", "re", "cased", "i")
NUMBER_MODIFIERS = ("gt", "gte", "lt", "lte")
MODIFIERS = (*TEXT_MODIFIERS, *NUMBER_MODIFIERS, "all", "exists")
LONGEST_TEXT = 16_384
"""Characters of a value that a regular expression is tried on."""
LONGEST_PATTERN = 16_000


@dataclass(frozen=True, slots=True)
class Partly:
    """Texts of which some were seen, and ``why`` there may be more."""

    texts: tuple[str, ...]
    why: Unknown


FieldValue = str | int | bool | None | tuple[str, ...] | Unknown | Partly
Fits = Callable[[FieldValue], bool]


@dataclass(frozen=True, slots=True)
class Matcher:
    """``cost`` orders tests, cheap ones first."""

    fits: Fits
    cost: int


def prepare_matcher(modifiers: frozenset[str], value: Value, own: bool) -> Matcher:
    """``own``: from a person's own rule, whose expressions nobody has timed.

    Raises :class:`RuleError`.
    """
    if "exists" in modifiers:
        if not isinstance(value, bool):
            raise RuleError("“exists” takes true or false", str(value))
        return Matcher(lambda found: (found is not None and found != ()) is value, 0)
    compare = modifiers & frozenset(NUMBER_MODIFIERS)
    if compare:
        return Matcher(prepare_comparison(min(compare), value), 0)
    if isinstance(value, str):
        match, cost = prepare_text(modifiers, value, own)
        return Matcher(
            lambda found: (
                match(found)
                if isinstance(found, str)
                else isinstance(found, tuple) and any(map(match, found))
            ),
            cost,
        )
    if modifiers & frozenset(TEXT_MODIFIERS):
        raise RuleError("a text was expected", str(value))
    if value is None:
        return Matcher(lambda found: found is None or found == (), 0)
    # True equals 1 in Python, and must not in a rule
    return Matcher(
        lambda found: found == value and isinstance(found, bool) is isinstance(value, bool), 0
    )


def prepare_comparison(modifier: str, value: Value) -> Fits:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RuleError(f"“{modifier}” takes a number", str(value))
    limit = value

    def fits(found: FieldValue) -> bool:
        if isinstance(found, bool) or not isinstance(found, int):
            return False
        above, below = found > limit, found < limit
        return {"gt": above, "gte": not below, "lt": below, "lte": not above}[modifier]

    return fits


def prepare_text(
    modifiers: frozenset[str], value: str, own: bool
) -> tuple[Callable[[str], bool], int]:
    """A test of one text, and its cost."""
    if "re" in modifiers:
        return prepare_expression(value, "i" in modifiers, own), 4
    exact = "cased" in modifiers
    shown: Callable[[str], str] = str if exact else fold
    wanted, pattern = read_wildcards(value if exact else value.casefold())
    if pattern is not None:
        before = "*" if modifiers & {"endswith", "contains"} else ""
        after = "*" if modifiers & {"startswith", "contains"} else ""
        whole = re.compile(translate(f"{before}{pattern}{after}"))
        return lambda text: whole.match(shown(text)) is not None, 3
    if "startswith" in modifiers:
        return lambda text: shown(text).startswith(wanted), 1
    if "endswith" in modifiers:
        return lambda text: shown(text).endswith(wanted), 1
    if "contains" in modifiers:
        return lambda text: wanted in shown(text), 2
    return lambda text: shown(text) == wanted, 1


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """Without the difference of large and small letters; one text meets many rules."""
    return text.casefold()


def read_wildcards(value: str) -> tuple[str, str | None]:
    r"""The plain text, and a pattern of module fnmatch where the value has wildcards.

    ``\*``, ``\?`` and ``\\`` stand for the signs themselves, any other backslash for itself
    (Sigma specification, «Escaping»).
    """
    plain, pattern, wild = "", "", False
    signs = iter(re.findall(r"\\[*?\\]|.", value, re.DOTALL))
    for sign in signs:
        if sign in ("*", "?"):
            wild = True
            pattern += sign
        else:
            letter = sign[-1]
            plain += letter
            pattern += f"[{letter}]" if letter in "*?[" else letter
    return plain, pattern if wild else None


def prepare_expression(value: str, ignore_case: bool, own: bool) -> Callable[[str], bool]:
    """A regular expression in the form of Python's ``re``.

    How long Guardian's rules take is measured before they are shipped. A person's own are asked
    with RE2, which knows no looking ahead and back, and no expression that takes for ever.
    """
    if len(value) > LONGEST_PATTERN:
        raise RuleError(f"an expression is longer than {LONGEST_PATTERN} characters", value)
    try:
        pattern = re.compile(value, re.IGNORECASE if ignore_case else 0)
        if own:
            return prepare_linear(value, ignore_case)
    except (re.error, RecursionError, OverflowError) as error:
        raise RuleError(f"“{value[:80]}” is not a regular expression: {error}", value) from error
    return lambda text: pattern.search(text[:LONGEST_TEXT]) is not None


def prepare_linear(value: str, ignore_case: bool) -> Callable[[str], bool]:
    """A person's own expression: its time only grows with the text, however it is written."""
    import re2  # late: only people's own rules need it

    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    try:
        pattern = re2.compile(value, options=options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        reason = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        raise RuleError(f"“{value[:80]}” cannot be used: {reason}", value) from error
    return lambda text: pattern.search(text[:LONGEST_TEXT]) is not None
