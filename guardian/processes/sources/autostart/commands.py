"""From a command line to the program or script that really runs.

Helpers such as env, nice or nohup are looked through; a shell's code is taken apart; an
interpreter stands for its script. The grammar is that of the POSIX shell as far as it matters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from guardian.processes.sources.scripts import INTERPRETER, find_script

Find = Callable[[str], str | None]
"""A program's full path from its bare name; None where there is none."""

LONGEST = 20_000
DEEPEST = 6
"""Helpers and shells inside each other that are looked through."""

TOKEN = re.compile(
    r"[ \t\r\f\v]*(?:(?P<op>&&|\|\||;;|[;&|()\n]|\d?[<>]+&?)"
    r"|(?P<word>(?:\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|\$\([^()]*\)|[^\s;&|()<>'\"\\$]+|['\"\\$])+))",
    re.DOTALL,
)
QUOTED = re.compile(r"\\(.)|'([^']*)'|\"((?:\\.|[^\"\\])*)\"", re.DOTALL)
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
SYSTEM = ("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/lib/", "/usr/libexec/", "/lib/")

TEMPORARY = ("/tmp/", "/var/tmp/", "/dev/shm/")

WRAPPERS: dict[str, tuple[str, int]] = {
    "nice": ("-n --adjustment", 0),
    "ionice": ("-c -n --class --classdata", 0),
    "nohup": ("", 0),
    "setsid": ("", 0),
    "exec": ("-a", 0),
    "command": ("", 0),
    "builtin": ("", 0),
    "time": ("-o -f", 0),
    "sudo": ("-u -g -h -p -C -D -R -T -U --user --group --chdir", 0),
    "doas": ("-u -C", 0),
    "pkexec": ("--user", 0),
    "timeout": ("-s -k --signal --kill-after", 1),
    "stdbuf": ("-i -o -e", 0),
    "taskset": ("", 1),
    "chrt": ("", 1),
    "chroot": ("", 1),
    "systemd-run": ("-u --unit -p --property -E --setenv --slice --description", 0),
    "systemd-cat": ("-t -p", 0),
    "systemd-inhibit": ("", 0),
    "dbus-run-session": ("--config-file --dbus-daemon", 0),
    "dbus-launch": ("", 0),
    "ssh-agent": ("-a -t", 0),
    "setpriv": ("--reuid --regid --groups --inh-caps --bounding-set", 0),
    "unshare": ("", 0),
    "nsenter": ("-t", 0),
    "firejail": ("", 0),
    "proot": ("-r -b -w", 0),
    "strace": ("-o -e -p", 0),
    "xvfb-run": ("-n -s -e -f", 0),
    "screen": ("-S -dmS -c -dm -L -Logfile", 0),
    "watch": ("-n", 0),
    "cpulimit": ("-l", 0),
    "daemonize": ("-c -e -o -p -l -u -E", 0),
    "daemon": ("-n -u --name --user", 0),
    "busybox": ("", 0),
    "toybox": ("", 0),
    "torsocks": ("", 0),
    "torify": ("", 0),
    "proxychains": ("-f", 0),
    "proxychains4": ("-f", 0),
    "gamemoderun": ("", 0),
    "mangohud": ("", 0),
    "uwsm": ("", 0),
    "app": ("", 0),
    "wine": ("", 0),
    "mono": ("", 0),
    "chronic": ("", 0),
    "catchsegv": ("", 0),
}
"""Programs that start another one: their options that take a value, and how many words come
before the other's name."""

WORDLESS = frozenset(
    [
        "cd",
        "export",
        "set",
        "unset",
        "true",
        "false",
        ":",
        "test",
        "[",
        "[[",
        "sleep",
        "echo",
        "printf",
        "read",
        "wait",
        "umask",
        "ulimit",
        "trap",
        "exit",
        "return",
        "local",
        "declare",
        "typeset",
        "readonly",
        "shift",
        "let",
        "alias",
        "unalias",
        "eval",
        "hash",
        "type",
        "which",
    ]
)
"""What a shell does by itself, or what never is the point of a line."""

OPENING = frozenset(
    [
        "if",
        "then",
        "else",
        "elif",
        "while",
        "until",
        "do",
        "!",
        "{",
        "}",
        "(",
        ")",
        "fi",
        "done",
        "time",
    ]
)


def unquote(word: str) -> str:
    """A word as the shell would hand it on."""
    if "'" not in word and '"' not in word and "\\" not in word:
        return word

    def plain(found: re.Match[str]) -> str:
        if found[3] is not None:
            return re.sub(r"\\([\"\\$`\n])", r"\1", found[3])
        return found[1] if found[1] is not None else found[2]

    return QUOTED.sub(plain, word)


def split_commands(code: str) -> list[list[str]]:
    """Shell code as its simple commands, each as words; redirections and remarks are left out."""
    code = code[:LONGEST]
    commands: list[list[str]] = [[]]
    place, skip = 0, False
    while found := TOKEN.match(code, place):
        place = found.end()
        if (word := found["word"]) is not None:
            if skip:
                skip = False
            elif word.startswith("#"):
                end = code.find("\n", place)
                place = len(code) if end < 0 else end
            else:
                commands[-1].append(unquote(word))
        elif found["op"][-1] in "<>" or found["op"].endswith((">&", "<&")):
            skip = True
        else:
            skip = False
            commands.append([])
    return [command for command in commands if command]


def split_words(line: str) -> list[str]:
    """One command line as words, as systemd and desktop entries write it."""
    if not any(sign in line for sign in "'\"\\"):
        return line[:LONGEST].split()
    words = re.findall(r"(?:\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|[^\s'\"\\]+|['\"\\])+", line[:LONGEST])
    return [unquote(word) for word in words]


def strip_opening(words: list[str]) -> list[str]:
    """A command without what only leads in to it, such as ``if`` or ``NAME=value``."""
    place = 0
    while place < len(words) and (ASSIGNMENT.match(words[place]) or words[place] in OPENING):
        place += 1
    return words[place:]


def find_target(words: list[str], find: Find, depth: int = 0) -> str | None:
    """The program or script ``words`` start, as a full path; None where it cannot be told."""
    words = strip_opening(words)
    if not words or depth > DEEPEST:
        return None
    name = base(words[0])
    if name in (".", "source"):
        return find(words[1]) if len(words) > 1 else None
    inner: str | None = None
    if name in ("su", "runuser"):
        inner = of_other_user(words, find, depth)
    elif (rest := look_through(name, words)) is not None:
        inner = find_target(rest, find, depth + 1)
    elif INTERPRETER.fullmatch(name):
        inner = of_interpreter(words, find, depth)
    return inner or find(words[0])


def look_through(name: str, words: list[str]) -> list[str] | None:
    """The command a helper starts; None where ``name`` is no helper, or starts nothing."""
    if name in SPECIAL:
        return SPECIAL[name](words)
    if LOADER.fullmatch(name):
        return skip_options(words[1:], "--library-path --preload --argv0 --audit", 0)
    if name not in WRAPPERS:
        return None
    options, positions = WRAPPERS[name]
    return skip_options(words[1:], options, positions)


def of_store(words: list[str]) -> list[str] | None:
    """The application that flatpak or snap runs, as ``flatpak:org.example.App``."""
    if "run" not in words[1:3]:
        return None
    rest = [word for word in words[words.index("run") + 1 :] if not word.startswith("-")]
    return [f"{base(words[0])}:{rest[0]}"] if rest else None


def of_daemon(words: list[str]) -> list[str] | None:
    """What start-stop-daemon starts."""
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in ("--exec", "-x", "--startas", "-a"):
            return [value] if equals else words[place + 1 : place + 2] or None
    return None


def of_tmux(words: list[str]) -> list[str] | None:
    return ["sh", "-c", words[-1]] if len(words) > 2 and " " in words[-1] else None


def of_java(words: list[str]) -> list[str] | None:
    return words[words.index("-jar") + 1 :] or None if "-jar" in words else None


def of_flock(words: list[str]) -> list[str] | None:
    if "-c" in words:
        return ["sh", *words[words.index("-c") :]]
    return skip_options(words[1:], "-w -E", 1)


def of_env(words: list[str]) -> list[str] | None:
    if "-S" in words:
        return split_words(" ".join(words[words.index("-S") + 1 :]))
    return skip_options(words[1:], "-u -C --chdir --unset", 0)


SPECIAL: dict[str, Callable[[list[str]], list[str] | None]] = {
    "env": of_env,
    "flatpak": of_store,
    "flock": of_flock,
    "java": of_java,
    "snap": of_store,
    "start-stop-daemon": of_daemon,
    "tmux": of_tmux,
}
LOADER = re.compile(r"ld(?:-linux[\w-]*|-musl-\w+)?\.so[\d.]*")


def skip_options(words: list[str], with_value: str, positions: int) -> list[str] | None:
    """What is left after a helper's own options and its first ``positions`` words."""
    valued = with_value.split()
    place = 0
    while place < len(words):
        word = words[place]
        if word == "--":
            place += 1
            break
        if word.startswith("-") and len(word) > 1:
            place += 2 if word in valued else 1
        elif ASSIGNMENT.match(word):
            place += 1
        else:
            break
    rest = words[place + positions :]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    return rest or None


def of_other_user(words: list[str], find: Find, depth: int) -> str | None:
    """What su or runuser starts: the code after -c, or the command after the options."""
    for option in ("-c", "--command"):
        if option in words[:-1]:
            return of_code(words[words.index(option) + 1], find, depth + 1) or find(words[0])
    rest = skip_options(words[1:], "-u -g -s --user", 0) if "-u" in words else None
    return find_target(rest, find, depth + 1) if rest else find(words[0])


def of_interpreter(words: list[str], find: Find, depth: int) -> str | None:
    """The script an interpreter runs; None for code without a file that is found."""
    script = find_script(words[0], tuple(words))
    if not isinstance(script, str):
        return None
    if script == "-c":
        code = code_of(words)
        return of_code(code, find, depth + 1) if base(words[0]).endswith("sh") else None
    return None if script.startswith("-") else find(script if "/" in script else f"./{script}")


def code_of(words: list[str]) -> str:
    """The code after the first -c, -lc, -e or --eval; empty where there is none."""
    for place, word in enumerate(words[:-1]):
        if place and (re.fullmatch(r"-[a-zA-Z]*[ceEr]", word) or word == "--eval"):
            return words[place + 1]
    return ""


def of_code(code: str, find: Find, depth: int = 0) -> str | None:
    """The program shell code is about: the first from outside the system's folders, or the first.

    ``sleep 30; test -x /home/ada/x && /home/ada/x`` is about /home/ada/x. A file that is only
    read in turn counts where it is a temporary one, or where nothing else is started.
    """
    started: list[str] = []
    read: list[str] = []
    for target, only_read in walk_code(code, find, depth):
        (read if only_read else started).append(target)
    foreign = [path for path in started if not path.startswith(SYSTEM)]
    temporary = [path for path in read if path.startswith(TEMPORARY)]
    if (
        not foreign
        and not temporary
        and len(started) > 1
        and INTERPRETER.fullmatch(base(started[-1]))
    ):
        return None  # tools that make commands for a shell: none of them is the program
    return next(iter((*foreign, *temporary, *started, *read)), None)


def targets_of(code: str, find: Find) -> Iterator[str]:
    """Every program that shell code starts, in its order."""
    return (target for target, only_read in walk_code(code, find, 0) if not only_read)


def walk_code(code: str, find: Find, depth: int) -> Iterator[tuple[str, bool]]:
    """Every file of shell code, and whether it is only read. ``cd`` counts for what follows."""
    here = find
    for command in split_commands(code):
        words = strip_opening(command)
        if words[:1] == ["cd"] and len(words) > 1 and words[1].startswith("/"):
            here = moved(find, words[1])
        elif words and words[0] not in WORDLESS:
            target = find_target(words, here, depth)
            if target is not None:
                yield target, words[0] in (".", "source")


def moved(find: Find, folder: str) -> Find:
    """``find`` for somebody who stands in ``folder``."""

    def inside(name: str) -> str | None:
        relative = "/" in name and not name.startswith(("/", "-", "flatpak:", "snap:"))
        return find(f"{folder}/{name.removeprefix('./')}" if relative else name)

    return inside


def base(path: str) -> str:
    return path.rpartition("/")[2]
