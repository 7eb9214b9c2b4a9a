"""Which script an interpreter runs, read from its arguments."""

from __future__ import annotations

import re

from guardian.processes.model import Seen, Unknown

INTERPRETER = re.compile(
    r"(?:python|pypy|perl|ruby|node|nodejs|php|lua|luajit|bash|dash|sh|ash|zsh|ksh|mksh|fish|tclsh|"
    r"wish|osascript|pwsh|powershell|wscript|cscript|gjs|guile|Rscript)[\d.]*(?:\.exe)?",
    re.IGNORECASE,
)
INLINE = {
    "py": ("-c",),
    "pe": ("-e", "-E"),
    "ru": ("-e",),
    "no": ("-e", "-p", "--eval", "--print"),
    "ph": ("-r",),
    "lu": ("-e",),
    "os": ("-e",),
    "pw": ("-c", "-command", "-encodedcommand"),
    "po": ("-c", "-command", "-encodedcommand"),
}
"""Options that are followed by code, by the first letters of the interpreter; shells use -c."""

WITH_VALUE = {
    "py": ("-W", "-X"),
    "no": ("-r", "--require", "--import"),
    "ba": ("-o", "-O", "--rcfile", "--init-file"),
}


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
    inline, valued = INLINE.get(family, ("-c",)), WITH_VALUE.get(family, ())
    words = iter(arguments)
    for word in words:
        if word in inline or (inline == ("-c",) and re.fullmatch(r"-[a-zA-Z]*c", word)):
            return "-c"
        if word == "-m" and family == "py":
            return f"-m {next(words, '')}".rstrip()
        if word == "--":
            return next(words, None)
        if word in valued:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None
