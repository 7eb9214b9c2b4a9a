"""The start files of command windows, and what they read in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import TEMPORARY, targets_of
from guardian.processes.sources.autostart.drafts import (
    SYSTEM_USER,
    Finder,
    draft_fact,
    draft_file,
    expand,
    variables_of,
)
from guardian.processes.sources.autostart.places import Person, Places
from guardian.processes.sources.autostart.shellcode import (
    ShellFile,
    Sight,
    find_sights,
    take_apart,
)
from guardian.processes.sources.autostart.traits import find_traits

SYSTEM = (
    *(
        f"/etc/{name}"
        for name in ("profile", "bash.bashrc", "bashrc", "zshrc", "zshenv", "zprofile")
    ),
    *(f"/etc/zsh/{name}" for name in ("zshenv", "zprofile", "zshrc", "zlogin", "zlogout")),
    *("/etc/fish/config.fish", "/etc/csh.cshrc", "/etc/csh.login", "/etc/ksh.kshrc"),
)
SYSTEM_FOLDERS = (("/etc/profile.d", (".sh", ".csh", ".fish")), ("/etc/fish/conf.d", (".fish",)))
OWN = tuple(
    f".{name}"
    for name in [
        "bashrc",
        "bash_profile",
        "bash_login",
        "profile",
        "bash_logout",
        "bash_aliases",
        "bash_functions",
        "zshenv",
        "zprofile",
        "zshrc",
        "zlogin",
        "zlogout",
        "kshrc",
        "mkshrc",
        "shrc",
        "cshrc",
        "tcshrc",
        "login",
        "config/fish/config.fish",
        "config/zsh/.zshrc",
        "config/zsh/.zshenv",
        "config/zsh/.zprofile",
        "config/bash/bashrc",
    ]
)
OWN_FOLDERS = (
    ".bashrc.d",
    ".zshrc.d",
    ".profile.d",
    ".config/fish/conf.d",
    ".config/fish/functions",
)
SOURCE = re.compile(r"(?:^|[;&|]\s*|\s)(?:\.|source)\s+(\"[^\"\n]+\"|'[^'\n]+'|[^\s;&|)]+)")
SHELL_NAME = re.compile(
    r"zsh|bash|fish|sh$|p10k|alias|profile|env|rc$|func|fzf|prompt|theme|plugin", re.I
)
VALUE = re.compile(r"^\s*(?:export\s+|set\s+-\w+\s+)?(\w+)[= ][\"']?([~$/][^\s\"';]*)")
OWN_TOOLS = (".local/bin", "bin")
MOST_FILES = 60
LARGEST_READ_IN_TURN = 100_000
MOST_PROGRAMS = 50
SYSTEM_PROGRAMS = ("/usr/", "/bin/", "/sbin/", "/lib", "/nix/store/", "/snap/")


def read(places: Places) -> Iterator[StartEntry]:
    common = Walk(places, None)
    for path in SYSTEM:
        yield from common.file(path)
    for folder, endings in SYSTEM_FOLDERS:
        for path in places.files(folder, *endings):
            yield from common.file(path)
    for person in places.people:
        walk = Walk(places, person)
        for name in OWN:
            yield from walk.file(f"{person.home}/{name}")
        for folder in OWN_FOLDERS:
            for path in places.files(f"{person.home}/{folder}"):
                yield from walk.file(path)
        for folder in OWN_TOOLS:
            yield from stand_ins(places, f"{person.home}/{folder}", person, "", 0)


class Walk:
    """Reads start files of one person, each once, and those they read in turn."""

    def __init__(self, places: Places, person: Person | None) -> None:
        self._places = places
        self._person = person
        self._find = Finder(places, person or SYSTEM_USER)
        self._variables = variables_of(person or SYSTEM_USER)
        self._done: set[str] = set()

    def file(self, path: str, depth: int = 0) -> Iterator[StartEntry]:
        if path in self._done or len(self._done) >= MOST_FILES:
            return
        self._done.add(path)
        state = self._places.state(path)
        if state is None or (depth and state.st_size > LARGEST_READ_IN_TURN):
            return
        text = self._places.read(path)
        if not text:
            return
        taken = take_apart(text)
        for _, line in taken.lines:
            if value := VALUE.match(line):
                known = expand(value[2], self._variables)
                if "$" not in known and ":" not in known and value[1].upper() != "PATH":
                    self._variables.setdefault(value[1], known)
        for sight in find_sights(taken, self._variables, lambda: self._places.in_time(path)):
            yield from self._tell(path, sight)
        yield from self._commands(path, taken)
        for number, line, other in self._read_in_turn(taken):
            yield from self._source(path, number, line, other, depth)

    def _tell(self, path: str, sight: Sight) -> Iterator[StartEntry]:
        facts, whose = sight.facts, self._person
        if "puts-first" in facts and sight.path:
            yield from self._first_folder(path, sight, sight.path)
        elif facts[0].startswith("sets-ld") and sight.path:
            yield draft_file(
                self._places,
                Place.PRELOAD,
                "start-file",
                path,
                sight.path,
                line=sight.line,
                person=whose,
                command=sight.text.strip(),
                facts=facts,
            )
        elif sight.path:
            yield draft_file(
                self._places,
                Place.SHELL,
                "start-file",
                path,
                sight.path,
                line=sight.line,
                person=whose,
                command=sight.text.strip(),
                facts=facts,
            )
        else:
            text = sight.text.strip()
            yield draft_fact(
                Place.SHELL,
                "start-file",
                path,
                facts,
                command=text,
                line=sight.line,
                person=whose,
            )

    def _first_folder(self, path: str, sight: Sight, folder: str) -> Iterator[StartEntry]:
        """A folder whose programs come before those of the system."""
        if not folder.startswith("/"):
            return
        state = self._places.state(folder)
        open_to_all = state is not None and state.st_mode & 0o002
        if open_to_all or f"{folder}/".startswith(TEMPORARY):
            yield draft_fact(
                Place.SHELL,
                "search-path",
                path,
                ("open-folder-first",),
                command=sight.text.strip(),
                line=sight.line,
                person=self._person,
            )
        yield from stand_ins(self._places, folder, self._person, path, sight.line)

    def _commands(self, path: str, taken: ShellFile) -> Iterator[StartEntry]:
        """Programs that are started, and lines that do something odd."""
        programs = 0
        for number, line in taken.lines:
            self._places.check()
            if not self._places.in_time(path):
                return
            full = expand(line, self._variables)
            traits = tuple(each for each in find_traits(full) if each not in ("preloads", "tunnel"))
            background = is_background(full)
            if not traits and "/" not in full and not background:
                continue
            target = self._foreign(full)
            if programs >= MOST_PROGRAMS or not (traits or target):
                continue
            programs += 1
            if is_alias(line) and not traits:
                continue
            entry_facts = (*traits, *(("background",) if background and target else ()))
            yield StartEntry(
                Place.SHELL,
                "start-file",
                path,
                path.rpartition("/")[2],
                command=line.strip()[:2000],
                line=number,
                target=target,
                user=self._person.name if self._person else "",
                facts=entry_facts,
            )
        for function in taken.functions.values():
            if traits := tuple(t for t in find_traits(function.body) if t in ALWAYS_ODD):
                yield draft_fact(
                    Place.SHELL,
                    "start-file",
                    path,
                    traits,
                    command=function.head.strip(),
                    line=function.line,
                    person=self._person,
                )

    def _foreign(self, line: str) -> str | None:
        """The first program of a line that lies outside the system's folders and exists."""
        if is_alias(line):
            return None
        for target in targets_of(line, self._find):
            odd = target.startswith(TEMPORARY)
            if target.startswith(SYSTEM_PROGRAMS) and not target.startswith("/usr/local/"):
                continue
            state = self._places.state(target)
            if odd or (state is not None and state.st_mode & 0o170000 == 0o100000):
                return target
        return None

    def _read_in_turn(self, taken: ShellFile) -> Iterator[tuple[int, str, str]]:
        for number, line in taken.lines:
            if "source" not in line and ". " not in line and ".\t" not in line:
                continue
            for found in SOURCE.findall(line):
                path = expand(found.strip("\"'"), self._variables)
                if path.startswith("/") and "$" not in path:
                    yield number, line, path

    def _source(
        self, path: str, number: int, line: str, other: str, depth: int
    ) -> Iterator[StartEntry]:
        facts = odd_source(other)
        if facts and self._places.state(other) is not None:
            yield draft_file(
                self._places,
                Place.SHELL,
                "start-file",
                path,
                other,
                line=number,
                person=self._person,
                command=line.strip(),
                facts=facts,
            )
        if depth < 2 and not other.startswith("/usr/"):
            yield from self.file(other, depth + 1)


ALWAYS_ODD = frozenset(("shell-to-network", "watches-typing", "decodes-and-runs"))


def is_background(line: str) -> bool:
    plain = line.partition(" #")[0].rstrip().rstrip(")} ;").rstrip()
    plain = re.sub(r"\s*\d?&?>{1,2}\s*&?\S+$", "", plain)
    started = re.search(r"(?:^|[\s;&(])(?:nohup|setsid|disown|daemonize)\b", line)
    return bool(started) or bool(re.search(r"(?<![&>|])&\s*(?:$|\)|disown|2?>)", plain))


def is_alias(line: str) -> bool:
    words = line.split(None, 1)
    return bool(words) and words[0] in ("alias", "abbr", "complete", "bindkey", "bind", "zstyle")


def odd_source(path: str) -> tuple[str, ...]:
    """Why reading this file is odd: it is temporary, or hidden twice over and no start file."""
    if path.startswith(TEMPORARY):
        return ("reads-temporary-file",)
    folders, _, name = path.rpartition("/")
    inside = [part for part in folders.split("/")[1:] if part.startswith(".")]
    in_home = path.startswith(("/home/", "/root/", "/var/home/"))
    if name.startswith(".") and (inside or not in_home) and not SHELL_NAME.search(name):
        return ("reads-hidden-file",)
    if len(inside) > 1 and not any(SHELL_NAME.search(part) for part in (*inside, name)):
        return ("reads-hidden-file",)
    return ()


ALWAYS = frozenset(("sudo", "su", "doas", "pkexec", "passwd", "login"))
SOMETIMES = frozenset(("ssh", "scp", "sftp", "ssh-add", "gpg", "gpg2", "kinit", "cryptsetup"))
"""Other distributions of software, such as conda, bring their own builds of these."""


def is_script(places: Places, path: str) -> bool:
    return (places.read(path) or "").startswith("#!")


def stand_ins(
    places: Places, folder: str, person: Person | None, source: str, line: int
) -> Iterator[StartEntry]:
    """Programs in ``folder`` that take the place of those that ask for a password."""
    if folder.startswith(("/usr/", "/bin", "/sbin", "/snap/", "/nix/")):
        return
    for name in places.names(folder):
        path = f"{folder}/{name}"
        if is_stand_in(places, path, name, own=not source):
            yield draft_file(
                places,
                Place.SHELL,
                "search-path",
                source or path,
                path,
                line=line,
                person=person,
                name=name,
                facts=("stands-in-for-password-program",),
            )


def is_stand_in(places: Places, path: str, name: str, own: bool) -> bool:
    """Whether a file takes the place of a program of the system that asks for a password."""
    if name in SOMETIMES:
        if not own and not is_script(places, path):
            return False
    elif name not in ALWAYS:
        return False
    return any(places.has(each, name) for each in ("/usr/bin", "/usr/sbin", "/bin", "/sbin"))
