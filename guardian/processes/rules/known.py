"""«I know this»: a Sigma filter by path, owner or signature, and rule. Never by name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from guardian.core.errors import Problem
from guardian.processes.content import (
    Detection,
    Rule,
    Selection,
    Value,
    as_list,
    even,
    read_rules,
    rules_file,
)
from guardian.processes.model import (
    Autostart,
    Finding,
    Known,
    PowerFile,
    Process,
    Program,
    StartEntry,
    Unknown,
)
from guardian.processes.rules.fields import FIELDS, Scene
from guardian.processes.rules.identity import digest
from guardian.processes.rules.matching import FieldValue
from guardian.processes.rules.paths import canonical
from guardian.processes.rules.programs import path_of
from guardian.processes.rules.sigma import Question, prepare_question

FILTER = "known"
MOST_KNOWN = 10_000
WILD = str.maketrans({sign: f"\\{sign}" for sign in "\\*?"})


def known_finding(finding: Finding, when: datetime, note: str = "") -> Known:
    """«I know this» about a whole card.

    Raises ``Problem("known-needs-file")`` for what has no file by which it could be told from
    something else that only bears its name.
    """
    program = finding.program
    rules = tuple(dict.fromkeys(hit.rule for hit in finding.hits))
    lines = [entry for entry in finding.entries if path_of(entry) == program.exe != entry.target]
    if lines and not program.pids:
        return known_lines(lines, rules, when, note)
    script = program.script
    if script is not None and not script.startswith("-"):
        return pin(program, None, script, rules, when, note)
    image = program.exe
    in_memory = image is not None and image.startswith("/memfd:")
    inline = script is not None and not script.startswith("-m ")
    if image is None or in_memory or inline:
        raise Problem("known-needs-file", name=program.name)
    return pin(program, image, script, rules, when, note)


def pin(  # noqa: PLR0917
    program: Program,
    image: str | None,
    script: str | None,
    rules: tuple[str, ...],
    when: datetime,
    note: str,
) -> Known:
    return with_identity(
        Known(
            "", rules, image, script, program.package, program.signer, when, note, program.container
        )
    )


def known_entry(autostart: Autostart, when: datetime, note: str = "") -> Known:
    """«I know this» about one thing that starts by itself."""
    entry = autostart.entry
    rules = tuple(dict.fromkeys(hit.rule for hit in autostart.hits))
    if path_of(entry) != entry.target:
        return known_lines([entry], rules, when, note)
    owner, signer = seen(entry.target_owner), seen(entry.target_signer)
    return with_identity(Known("", rules, path_of(entry), None, owner, signer, when, note))


def known_lines(
    entries: list[StartEntry], rules: tuple[str, ...], when: datetime, note: str
) -> Known:
    """Lines of one file, each by what it says: the next line in that file is asked about again."""
    names = tuple(dict.fromkeys(entry.name for entry in entries))
    commands = tuple(dict.fromkeys(entry.command for entry in entries if entry.command))
    source, owner = entries[0].source, seen(entries[0].owner)
    known = Known("", rules, source, None, owner, None, when, note, None, names, commands)
    return with_identity(known)


def seen(value: str | Unknown | None) -> str | None:
    return value if isinstance(value, str) else None


def with_identity(known: Known) -> Known:
    """Two answers about the same thing for the same rules are one."""
    text = (known.image, known.script, known.owner, known.signer, known.container)
    parts = (*(each or "" for each in text), *known.names, "", *known.commands, "")
    return replace(known, identity=digest(FILTER, *parts, *sorted(known.rules)))


def selection_of(known: Known) -> Selection:
    """What the thing must be like, as alternatives of a Sigma selection: the program running,
    what starts it, and its file where the file gives rights."""
    if known.names:
        line = {"EntryName": known.names, "Command": known.commands or (None,)}
        return [fields(Source=(known.image,), SourceOwner=(known.owner,), **line)]
    if known.script is not None and known.image is None:
        path, program = known.script, {"Script": (known.script,), "ScriptOwner": (known.owner,)}
    else:
        path = known.image or ""
        program = {"Image": (path,), "ImageOwner": (known.owner,), "ImageSigner": (known.signer,)}
        if known.script is not None:
            return [fields(**program, Script=(known.script,), Container=(known.container,))]
    return [
        fields(**program, Container=(known.container,)),
        fields(Target=(path,), TargetOwner=(known.owner,), TargetSigner=(known.signer,)),
        fields(Path=(path,), FileOwner=(known.owner,)),
    ]


def fields(**values: Iterable[str | None]) -> dict[str, list[Value]]:
    """Each field with the values it may have, to the letter; None: the field must be empty."""
    found: dict[str, list[Value]] = {}
    for name, allowed in values.items():
        texts: list[Value] = [text.translate(WILD) for text in allowed if text is not None]
        found[f"{name}|cased" if texts else name] = texts or [None]
    return found


class Filters:
    """All answers «I know this», ready to be asked."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_rule: dict[str, list[Known]] = defaultdict(list)
        self._ready: dict[tuple[int, int], Question | None] = {}
        for each in known:
            for rule in each.rules:
                self._by_rule[rule].append(each)

    def settle(self, rule: str, subject: Scene | str) -> bool:
        """Whether the person knows ``subject`` as far as ``rule`` is concerned; a text is the path
        of a file of which nothing but its presence was seen."""
        return any(self._fits(known, subject) for known in self._by_rule.get(rule, ()))

    def _fits(self, known: Known, subject: Scene | str) -> bool:
        if isinstance(subject, str):
            return canonical(known.image or "") == canonical(subject)
        table = table_of(subject)
        if table is None:
            return False
        key = (id(known), id(table))
        if key not in self._ready:
            self._ready[key] = question_of(known, table)
        question = self._ready[key]

        def look(name: str) -> FieldValue:
            value = subject.look(name)
            return None if value is Unknown.ABSENT else value  # no such thing on this system

        return question is not None and question.ask(look)[0] is True


def table_of(scene: Scene) -> Mapping[str, object] | None:
    if isinstance(scene.subject, Process):
        return FIELDS["process_snapshot"]
    if isinstance(scene.subject, StartEntry):
        return FIELDS["autostart_entry"]
    return FIELDS["power_file"] if isinstance(scene.subject, PowerFile) else None


def question_of(known: Known, table: Mapping[str, object]) -> Question | None:
    """The alternatives that speak of this kind of thing."""
    about = [
        each for each in selection_of(known) if all(key.split("|")[0] in table for key in each)
    ]
    if not about:
        return None
    return prepare_question(Detection({FILTER: about}, FILTER), frozenset(table))


def as_sigma(known: Known, rules: Iterable[Rule] | None = None) -> str:
    """One answer as a Sigma filter, in YAML. ``rules`` have the ids; Guardian's own if None.

    Form: Sigma specification, «Filters»: the condition says what is still reported.
    """
    import uuid

    import yaml  # late: reading it takes longer than most looks

    ids = {rule.code: rule.id for rule in rules or read_rules(rules_file())}
    path = known.script or known.image or ""
    document: dict[str, Any] = {
        "title": f"I know this: {path}"[:250],
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"guardian:{known.identity}")),
        "date": known.when.date().isoformat(),
        "logsource": {"service": "guardian"},
        "filter": {
            "rules": [ids.get(code) or code for code in known.rules],
            FILTER: selection_of(known),
            "condition": f"not {FILTER}",
        },
    }
    if known.note:
        document["description"] = known.note
    # as numbers: some letters of file names end a line in YAML
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=False, explicit_start=True)


def parse_known(text: str, rules: Iterable[Rule] | None = None) -> tuple[Known, ...]:
    """Filters as :func:`as_sigma` writes them, any number in one text.

    Raises ``Problem("known-unreadable")`` with the line: also for filters by less than path,
    owner and rule.
    """
    from guardian.processes.rules.yamltext import YamlFault, read_documents

    codes = {rule.id: rule.code for rule in rules or read_rules(rules_file())}
    found = []
    try:
        for document in read_documents(text, MOST_KNOWN):
            try:
                found.append(read_filter(document.data, codes))
            except ValueError as error:
                raise YamlFault(document.line, str(error)) from error
    except YamlFault as fault:
        raise Problem("known-unreadable", line=fault.line, reason=fault.reason) from fault
    return tuple(found)


def read_filter(data: Any, codes: Mapping[str, str]) -> Known:
    """Raises ``ValueError`` with what is wrong with it."""
    try:
        block = data["filter"]
        selection = even(block[FILTER])
        known = replace(
            known_of_selection(selection),
            rules=tuple(codes.get(str(each), str(each)) for each in as_list(block["rules"])),
            when=day_of(data.get("date")),
            note=str(data.get("description") or ""),
        )
        exact = selection == selection_of(known) and block["condition"] == f"not {FILTER}"
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise ValueError("this is not a filter as Guardian writes them") from error
    path = known.image or known.script or ""
    absolute = path.startswith(("/", "\\\\")) or path[1:3] in (":\\", ":/")
    if not exact or not absolute or not known.rules or known.rules == ("any",):
        raise ValueError("a filter needs a full path, its owner, and the rules it is about")
    return with_identity(known)


def known_of_selection(selection: Any) -> Known:
    """The answer that leads to these alternatives, if any does."""
    first = {
        key.split("|")[0]: [plain(each) for each in texts] for key, texts in selection[0].items()
    }

    def only(name: str) -> str | None:
        return first.get(name, [None])[0]

    nothing = Known("", (), None, None, None, None, datetime.now(UTC))
    if "Source" in first:
        commands = tuple(each for each in first["Command"] if each is not None)
        names = tuple(each or "" for each in first["EntryName"])
        return replace(
            nothing, image=only("Source"), owner=only("SourceOwner"), names=names, commands=commands
        )
    script, image = only("Script"), only("Image")
    owner = only("ScriptOwner") if image is None else only("ImageOwner")
    return replace(
        nothing,
        image=image,
        script=script,
        owner=owner,
        signer=only("ImageSigner"),
        container=only("Container"),
    )


def plain(value: Any) -> str | None:
    """A value without the signs that keep it from being a pattern."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("a text was expected")
    letters = iter(value)
    return "".join(next(letters, "") if letter == "\\" else letter for letter in letters)


def day_of(value: Any) -> datetime:
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    return datetime.combine(day, time(), UTC)
