"""Which script an interpreter runs, read from its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Seen, Unknown

INTERPRETER = re.compile(
    r"(?:python|pypy|perl|ruby|node|nodejs|php|lua|luajit|bash|dash|sh|ash|zsh|ksh|mksh|fish|tclsh|"
    r"wish|osascript|pwsh|powershell|wscript|cscript|gjs|guile|Rscript|javaw?|mono|"
    r"ld-linux[-\w]*\.so|ld-musl-\w+\.so)[\d.]*(?:\.exe)?",
    re.IGNORECASE,
)
"""Also the loader of programs, that can be told to run a file that may not be started itself."""

INLINE = {
    "py": r"-[a-zA-Z]*c|-",
    "pe": r"-[acilnpstwTUWX0-9]*[eE]|-",
    "ru": r"-[adilnpsvwy0-9]*e|-",
    "no": r"-e|-p|-pe|--eval|--print|-",
    "ph": r"-r|--run",
    "lu": r"-e|-",
    "os": r"-e|-",
    "pw": r"-(?:c|command|e|ec|enc|encodedcommand)|-",
    "po": r"-(?:c|command|e|ec|enc|encodedcommand)|-",
    "ja": r"(?!)",
    "ld": r"(?!)",
}
"""Options that stand before code, or say that code comes in by itself (a lone ``-``), by the first
letters of the interpreter; shells use -c."""
SHELLS = r"-[a-zA-Z]*c"

POWERSHELL = frozenset((
    "-executionpolicy", "-ep", "-ex", "-exec", "-windowstyle", "-w", "-win", "-version", "-v",
    "-inputformat", "-outputformat", "-configurationname", "-psconsolefile", "-workingdirectory",
    "-wd", "-settingsfile", "-custompipename",
))  # fmt: skip
WITH_VALUE = {
    "py": frozenset(("-W", "-X", "--check-hash-based-pycs")),
    "pe": frozenset(("-I",)),
    "ru": frozenset(("-I", "-r", "-C", "-E")),
    "no": frozenset(("-r", "--require", "--import", "--loader", "--env-file", "-C", "--title")),
    "ph": frozenset(("-c", "-d", "-z")),
    "lu": frozenset(("-l",)),
    "ba": frozenset(("-o", "-O", "--rcfile", "--init-file")),
    "os": frozenset(("-l",)),
    "mo": frozenset(("--config", "--runtime")),
    "pw": POWERSHELL,
    "po": POWERSHELL,
    "ja": frozenset((
        "-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "--add-opens",
        "--add-exports", "--add-reads",
    )),
    "ld": frozenset(("--library-path", "--preload", "--argv0", "--audit", "--inhibit-rpath")),
}  # fmt: skip
"""Options whose value is a word of its own."""


def find_script(exe: Seen[str | None], argv: Seen[tuple[str, ...]]) -> Seen[str | None]:
    """The script's path as given; ``-c`` or ``-m name`` for code without a file of its own.

    None for a program that is no interpreter, or one that waits for a person's input.
    """
    if isinstance(exe, Unknown):
        return exe
    name = exe.replace("\\", "/").rpartition("/")[2] if exe else ""
    if not INTERPRETER.fullmatch(name):
        return None
    if isinstance(argv, Unknown):
        return argv
    return script_among(argv[1:], name[:2].lower())


def script_among(arguments: tuple[str, ...], family: str) -> str | None:
    """The first argument that is no option, or what stands in for it."""
    if family == "ja":
        return java_program(iter(arguments))
    inline, valued = re.compile(INLINE.get(family, SHELLS)), WITH_VALUE.get(family, frozenset())
    words = iter(arguments)
    for word in words:
        option = word.lower() if valued is POWERSHELL else word
        if inline.fullmatch(option):
            return "-c"
        if word == "-m" and family == "py":
            return f"-m {next(words, '')}".rstrip()
        if word == "--":
            return next(words, None)
        if option in valued:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def java_program(words: Iterator[str]) -> str | None:
    """The archive or the source a Java program comes in; ``-m name`` for a class of a library."""
    for word in words:
        if word in ("-jar", "-m", "--module"):
            rest = next(words, None)
            return rest if word == "-jar" or rest is None else f"-m {rest}"
        if word in WITH_VALUE["ja"]:
            next(words, None)
        elif not word.startswith(("-", "@")):
            return word if word.endswith((".java", ".jar")) else f"-m {word}"
    return None
