"""What rules look at: one subject among all of its moment, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from guardian.processes.content import Category
from guardian.processes.model import (
    Interface,
    PowerFile,
    Process,
    StartEntry,
    Unknown,
    hide_secrets,
)
from guardian.processes.rules.entryfields import ENTRY_FIELDS, INTERFACE_FIELDS, POWER_FIELDS
from guardian.processes.rules.processfields import PROCESS_FIELDS
from guardian.processes.rules.sigma import FieldValue, Partly
from guardian.processes.rules.world import World

Subject = Process | StartEntry | PowerFile | Interface
LONGEST_SHOWN = 300
"""Characters of one piece of evidence that are kept."""
MOST_SHOWN = 20
"""Values of one field that are kept as evidence."""
COMMANDS = ("Command", "Argv0")
"""Fields in which a password may stand: a program may put its whole command line into one word."""

FIELDS: dict[Category, dict[str, Callable[..., FieldValue]]] = {
    "process_snapshot": PROCESS_FIELDS,
    "listener": PROCESS_FIELDS,
    "device_use": PROCESS_FIELDS,
    "injected_library": PROCESS_FIELDS,
    "autostart_entry": ENTRY_FIELDS,
    "power_file": POWER_FIELDS,
    "interface": INTERFACE_FIELDS,
}


def field_names(category: Category) -> frozenset[str]:
    return frozenset(FIELDS[category])


def refuse_field(name: str, category: Category) -> str:
    """Why ``name`` cannot be asked for in a rule of ``category``, with what may have been meant."""
    elsewhere = [other for other, table in FIELDS.items() if name in table]
    if elsewhere:
        return f"a rule of the category {category} has no field “{name}” ({elsewhere[0]} has)"
    close = get_close_matches(name, FIELDS[category], 1)
    meant = f"; did you mean “{close[0]}”?" if close else ""
    return f"there is no field “{name}”{meant}"


class Found(dict[str, FieldValue]):
    """Fields that were asked for; others are found when they are."""

    def __init__(self, table: Mapping[str, Callable[..., FieldValue]], *about: object) -> None:
        self._table = table
        self._about = about

    def __missing__(self, name: str) -> FieldValue:
        value = self[name] = self._table[name](*self._about)
        return value


class Scene:
    """One subject. Every field is found once, however many rules ask for it."""

    __slots__ = ("look", "subject")

    def __init__(self, subject: Subject, world: World) -> None:
        self.subject = subject
        if isinstance(subject, Process):
            found = Found(PROCESS_FIELDS, subject, world)
        elif isinstance(subject, StartEntry):
            found = Found(ENTRY_FIELDS, subject)
        elif isinstance(subject, PowerFile):
            found = Found(POWER_FIELDS, subject)
        else:
            found = Found(INTERFACE_FIELDS, subject)
        self.look: Callable[[str], FieldValue] = found.__getitem__

    def has(self, name: str) -> bool:
        """Whether something is there for sure."""
        value = self.look(name)
        if not value or isinstance(value, Unknown):
            return False
        return bool(value.texts) if isinstance(value, Partly) else True

    def evidence(self, name: str) -> tuple[str, ...]:
        """The field as texts to show; nothing where there is nothing or it was not seen."""
        value = self.look(name)
        if isinstance(value, Partly):
            value = value.texts
        if isinstance(value, Unknown) or value is None or value is False:
            return ()
        texts = value if isinstance(value, tuple) else (str(value),)
        short = tuple(text[:LONGEST_SHOWN] for text in texts[:MOST_SHOWN] if text)
        return tuple(map(hide_secrets, short)) if name in COMMANDS else short
