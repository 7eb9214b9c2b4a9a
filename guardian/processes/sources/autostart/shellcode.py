"""Reading the start file of a command window: not what it says, but what it does.

Two questions above all: does it keep or send what is typed, and does it put something between the
person and a program that asks for a password? The answers are sought in what runs before each
prompt and each command, however it is written: bash, zsh or fish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from guardian.processes.sources.autostart.commands import base, split_commands, unquote
from guardian.processes.sources.autostart.drafts import expand
from guardian.processes.sources.autostart.traits import GAP, SENDS

MOST_LINES = 20_000
LONGEST_LINE = 8_000
LONGEST_BODY = 200
"""Lines of one function that are looked at."""

GUARDED = frozenset(
    [
        "sudo",
        "su",
        "doas",
        "pkexec",
        "ssh",
        "scp",
        "sftp",
        "passwd",
        "gpg",
        "gpg2",
        "login",
        "kinit",
        "ssh-add",
        "ssh-keygen",
        "cryptsetup",
        "mount",
        "psql",
        "mysql",
        "pass",
        "keepassxc-cli",
        "bw",
        "op",
    ]
)
"""Programs that ask for a password."""

FUNCTION = re.compile(
    r"^(\s*)(?:function\s+([\w:.@+-]+)\s*(?:\(\s*\))?|([\w:.@+-]+)\s*\(\s*\))\s*(\{|\(|$)(.*)"
)
FISH = re.compile(r"^(\s*)function\s+([\w:.@+-]+)\b(?!\s*[({])(.*)")
EVENT = re.compile(
    r"(?:--on-event|-e)[\s=]+fish_(?:preexec|postexec|prompt)|--on-variable\s+history"
)
PROMPT = re.compile(r"\b(?:PROMPT_COMMAND(?:\[\d*\])?|PS[0124]|R?PROMPT)\+?=(.*)", re.DOTALL)
TRAP = re.compile(
    r"\btrap\s+(?:--\s+)?('[^']*'|\"(?:\\.|[^\"\\])*\"|[\w:.@+-]{1,100})\s[^;\n]{0,100}\bDEBUG\b"
)
ZSH_HOOK = re.compile(
    r"\badd-zsh-hook\s+(?:-\w+\s+)*(?:preexec|precmd|zshaddhistory)\s+([\w:.@+-]+)"
    r"|\b(?:preexec|precmd|zshaddhistory)_functions\+?=\(?([^)\n]*)"
    r"|\bzle\s+-N\s+accept-line\s+([\w:.@+-]+)"
)
KEY = re.compile(r"\bbind\s+-x\s+(.{1,2000})")
HISTORY_FILE = re.compile(r"\.(?:bash|zsh)_history\b|\bfish_history\b")
HOOKS = frozenset(("precmd", "preexec", "zshaddhistory", "fish_prompt"))
HANDED_OVER = frozenset(("preexec", "zshaddhistory"))
"""Functions that are given what was typed as their arguments."""

TYPED = re.compile(
    r"BASH_COMMAND|READLINE_LINE|\$\{?BUFFER|\$\{?history\[|\bfc\s+-\w*[ln]"
    r"|\bhistory\s+(?:-1\b|\d|[|>)]|\|)|\$\(\s*(?:\w+=\S*\s+)*(?:builtin\s+)?history\b|`\s*history\b"
    r"|\$history\[1\]|\.(?:bash|zsh)_history\b|\bfish_history\b|\$\{?HISTFILE"
)
ARGUMENTS = re.compile(r"\$\{?[123@*]|\$\{?argv")
OWN_HISTORY = re.compile(r"history\s+-[aw]\s+[\"']?(?!\$\{?HISTFILE)[~/$.\w]")
COMPARISON = re.compile(r"\(\(.{0,500}?\)\)|\[\[.{0,500}?\]\]", re.DOTALL)
WRITES = re.compile(
    r"(?<![<=&-])\d?>>?\|?\s*(?![&(>\s]|[\"']?(?:/dev/(?:null|tty|stdout|stderr|fd|pts)|\$\{?TTY))\S"
    r"|\btee\b(?!\s+/dev/)|\bdd\b[^\n;|]{0,200}\bof="
)
HANDS_ON = re.compile(
    r"(?:^|[\s;&|(])(?:(?:~|\$HOME|\$\{HOME\}|/home/[^/\s]+|/root|/tmp|/var/tmp|/dev/shm)/\S+"
    r"|(?:python[\d.]*|perl|ruby|node|php)\s)"
)
READS_SECRET = re.compile(
    r"\bread\b[^\n;|&]{0,200}\s-\w*s|\bstty\b[^\n;|&]{0,100}-echo|\bsystemd-ask-p"
)
TAPS = re.compile(r"\b(?:strace|ltrace|script|ttyrec|asciinema)\b")
KEEPS_SCREEN = re.compile(r"\bexec\b[^\n]{0,200}>\s*>\(\s*(?:tee|cat|script|nc|logger)\b")
LEADING = frozenset(("exec", "if", "then", "command", "nohup", "{", "!"))
RECORDERS = frozenset(("script", "asciinema", "ttyrec", "termrec", "scriptlive"))
ALIAS = re.compile(
    r"^\s*(?:command\s+|builtin\s+)?alias\s+(?:-\w+\s+)*(?:--\s+)?([\w.-]+)[=\s](.*)"
)
ASSIGNED = re.compile(
    r"^\s*(?:export\s+|declare\s+\S+\s+|typeset\s+\S+\s+|set\s+-\S+\s+)*(\w+)[=\s](.*)"
)
PRELOAD = re.compile(
    r"(?:^|[\s;&])(?:export\s+|set\s+-\w+\s+)?(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH)[= ]([^\s;&]+)"
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Something a line does. ``path`` is the file it is about, with variables filled in."""

    line: int
    text: str
    facts: tuple[str, ...]
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    line: int
    head: str
    body: str


@dataclass(slots=True)
class ShellFile:
    """A start file taken apart: its functions, and the lines outside of them."""

    functions: dict[str, Function]
    lines: list[tuple[int, str]]


def take_apart(text: str) -> ShellFile:
    functions: dict[str, Function] = {}
    outside: list[tuple[int, str]] = []
    lines = [GAP.sub(" ", line)[:LONGEST_LINE] for line in text.split("\n")[:MOST_LINES]]
    place = 0
    while place < len(lines):
        number, line = place + 1, lines[place]
        while line.endswith("\\") and place + 1 < len(lines) and len(line) < LONGEST_LINE:
            place += 1
            line = line[:-1] + " " + lines[place]
        place += 1
        found = "function" in line or "(" in line
        if found and (head := FUNCTION.match(line) or FISH.match(line)):
            place, body = find_body(lines, place, head)
            name = head[2] or head[3]
            functions[name] = Function(number, line, body)
        elif line.strip() and not line.lstrip().startswith("#"):
            if line.count("'") % 2 and "=" in line:
                place, line = whole_quote(lines, place, line)
            outside.append((number, line))
    return ShellFile(functions, outside)


def find_body(lines: list[str], place: int, head: re.Match[str]) -> tuple[int, str]:
    """The lines of a function, and the line after it."""
    fish = head.re is FISH
    rest = head[3] if fish else head[5]
    if (
        not fish
        and re.search(r"[;}&)]\s*\}?\s*;?\s*(?:#.*)?$", rest)
        and rest.rstrip().endswith("}")
    ):
        return place, rest
    ends = re.compile(rf"^\s{{0,{len(head[1])}}}(?:end\b|\}}|\))" if not fish else r"^(?:end)\b")
    body = [rest]
    while place < len(lines) and len(body) < LONGEST_BODY:
        line = lines[place]
        place += 1
        if ends.match(line):
            break
        body.append(line)
    return place, "\n".join(body)


def whole_quote(lines: list[str], place: int, line: str) -> tuple[int, str]:
    """A value that goes on over several lines, up to its closing quote."""
    for ahead in range(place, min(place + 30, len(lines))):
        if lines[ahead].count("'") % 2:
            return ahead + 1, "\n".join([line, *lines[place : ahead + 1]])
    return place, line


def find_sights(
    file: ShellFile, variables: Mapping[str, str], go_on: Callable[[], bool] = lambda: True
) -> Iterator[Sight]:
    """Everything a start file does that is worth telling, as long as ``go_on`` says so."""
    for number, text, handed in hooks_of(file):
        if not go_on():
            return
        full = unfold(text, file.functions)
        if keeps_typing(full, text if handed else ""):
            yield Sight(number, text, ("logs-commands",))
    for name, function in file.functions.items():
        if name in GUARDED and catches(function.body):
            yield Sight(function.line, function.head, ("catches-passwords",))
    for number, line in file.lines:
        if not go_on():
            return
        yield from sights_of_line(number, line, variables)


def hooks_of(file: ShellFile) -> Iterator[tuple[int, str, bool]]:
    """What runs before each prompt or command: line, code, and whether it is handed the typing."""
    for name, function in file.functions.items():
        event = EVENT.search(function.head) is not None
        if name in HOOKS or event:
            yield function.line, function.body, event or name in HANDED_OVER
        for place, line in enumerate(function.body.split("\n")):
            if prompt := PROMPT.search(line):
                yield function.line + place, prompt[1], False
    for number, line in file.lines:
        if shown := PROMPT.search(line):
            yield number, shown[1], False
        if trap := TRAP.search(line):
            yield number, unquote(trap[1]), False
        if key := KEY.search(line):
            yield number, unquote(key[1]), False
        for hook in ZSH_HOOK.finditer(line):
            for name in (hook[1] or hook[2] or hook[3] or "").split():
                if name in file.functions:
                    yield file.functions[name].line, file.functions[name].body, True


def unfold(text: str, functions: Mapping[str, Function]) -> str:
    """``text`` with the functions it names, and those they name in turn."""
    done: dict[str, None] = {}
    waiting = [text]
    while waiting and len(done) < 20:
        for name in re.findall(r"[\w:.@+-]+", waiting.pop()):
            if name in functions and name not in done:
                done[name] = None
                waiting.append(functions[name].body)
    return "\n".join([text, *(functions[name].body for name in done)])


def keeps_typing(text: str, handed: str) -> bool:
    """Whether code takes what was typed and writes it to a file or hands it on.

    ``handed``: the part of it that is given the typing as its arguments.
    """
    if OWN_HISTORY.search(text):
        return True
    if not (TYPED.search(text) or (handed and ARGUMENTS.search(handed))):
        return False
    code = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    plain = COMPARISON.sub(" ", code)
    return bool(WRITES.search(plain) or SENDS.search(plain) or HANDS_ON.search(plain))


def catches(body: str) -> bool:
    """Whether what stands in for a program that asks for a password asks or listens itself."""
    plain = COMPARISON.sub(" ", body)
    writes = WRITES.search(plain) or re.search(r"\b(?:curl|wget|nc|ncat|socat|telnet)\b", plain)
    return bool(READS_SECRET.search(plain) or TAPS.search(plain) or writes)


def sights_of_line(number: int, line: str, variables: Mapping[str, str]) -> Iterator[Sight]:
    sends = HISTORY_FILE.search(line) is not None and SENDS.search(line) is not None
    if sends or KEEPS_SCREEN.search(line):
        yield Sight(number, line, ("logs-commands",))
    if "LD_" in line:
        for name, value in PRELOAD.findall(line):
            for path in dict.fromkeys(expand(unquote(value), variables).split(":")):
                if path.startswith("/"):
                    yield Sight(number, line, (f"sets-{name.lower().replace('_', '-')}",), path)
    if alias := ALIAS.match(line):
        yield from sights_of_alias(number, alias[1], alias[2], variables)
        return
    if assigned := ASSIGNED.match(line):
        yield from sights_of_value(number, line, assigned, variables)
    if any(word in line for word in RECORDERS):
        for words in split_commands(line):
            started = next((word for word in words if word not in LEADING), "")
            if base(started) in RECORDERS:
                yield Sight(number, line, ("logs-commands",))


def sights_of_value(
    number: int, line: str, assigned: re.Match[str], variables: Mapping[str, str]
) -> Iterator[Sight]:
    """A variable that says where the history is kept, or where programs are looked for."""
    value = expand(unquote(assigned[2].strip()), variables)
    if assigned[1] == "HISTFILE" and value.startswith(("/tmp/", "/var/tmp/", "/dev/shm/")):
        yield Sight(number, line, ("logs-commands",))
    if assigned[1] in ("PATH", "fish_add_path", "path"):
        for folder in first_folders(value):
            yield Sight(number, line, ("puts-first",), folder)


def sights_of_alias(
    number: int, name: str, value: str, variables: Mapping[str, str]
) -> Iterator[Sight]:
    """An alias of a program that asks for a password, if it leads elsewhere or listens."""
    if name not in GUARDED:
        return
    text = expand(unquote(value.strip()), variables)
    words = next(iter(split_commands(text)), [])
    leads = next((word for word in words if "/" in word and base(word) == name), None)
    if catches(text):
        yield Sight(number, f"alias {name}={value}", ("catches-passwords",))
    elif leads is not None and leads.startswith("/"):
        yield Sight(number, f"alias {name}={value}", ("stands-in-for-password-program",), leads)
    elif words and words[0].startswith("/") and is_out_of_sight(words[0]):
        yield Sight(number, f"alias {name}={value}", ("stands-in-for-password-program",), words[0])


def is_out_of_sight(path: str) -> bool:
    """A temporary folder, or a name with a dot that is not one of a home's own folders."""
    if path.startswith(("/tmp/", "/var/tmp/", "/dev/shm/")):
        return True
    folders = path.split("/")
    return any(
        each.startswith(".") and each not in (".local", ".cargo", ".nix-profile")
        for each in folders
    )


def first_folders(value: str) -> list[str]:
    """The folders that are searched before the usual ones."""
    before = (
        re.split(r"\$\{?PATH|\$path", value)[0] if re.search(r"\$\{?PATH|\$path", value) else ""
    )
    return [each.strip("\"' (") for each in re.split(r"[:\s]", before) if each.strip("\"' (")]
