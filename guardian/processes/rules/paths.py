"""What a path alone tells: the program's name, the same place written twice, odd folders."""

from __future__ import annotations

import re

SHELL = re.compile(r"(?:r?ba|da|a|z|k|mk|pdk|lk|c|tc|fi|ya|o|x)?sh[\d.-]*|elvish|nu|busybox|toybox")
"""Command windows of Unix by the name of their file."""

INTERPRETER = re.compile(
    rf"(?:{SHELL.pattern}|python|pypy|perl|ruby|node|nodejs|deno|bun|php|lua|luajit|tclsh|wish|"
    r"expect|osascript|pwsh|powershell|cmd|wscript|cscript|mshta|rundll32|gjs|guile|rscript|"
    r"java|javaw|gawk|mawk|awk)[\d.]*t?w?(?:\.exe)?",
    re.IGNORECASE,
)
"""Programs that do whatever the script or the line given to them says."""

TEMPORARY = (
    re.compile(r"/(?:tmp|var/tmp|dev/shm|run/shm|dev/mqueue)/"),
    re.compile(r"(?:/private)?/var/folders/[^/]+/[^/]+/T/(?!AppTranslocation/)"),
    re.compile(r"[a-z]:[\\/](?:.*[\\/]appdata[\\/]local|windows)[\\/]temp[\\/]", re.IGNORECASE),
)

PROGRAM_FOLDERS = re.compile(
    r"\.(?:local|config|var|steam|wine|nix-profile|nix-defexpr|guix-profile|linuxbrew|"
    r"cargo|rustup|go|g|nvm|npm.*|node.*|volta|fnm|yarn|pnpm.*|bun|deno|pyenv|venv.*|virtualenvs|"
    r"env|pipx|uv|tox|nox|conda|rbenv|rvm|gem|asdf|asdf-vm|mise|sdkman|jenv|jdks|jabba|gradle|m2|"
    r"ghcup|cabal|stack|opam|juliaup|julia|dotnet|nuget|swiftly|elan|foundry|vscode.*|cursor.*|"
    r"windsurf.*|zed.*|emacs.*|vim|oh-my-zsh|zsh|fzf|mozilla|dropbox-dist|tarball-installations|"
    r"lando|docker|krew|poetry|platformio|arduino15|sonarlint)"
)
"""Dot folders in which honest tools keep programs, as most developers' computers have them."""


def name_of(path: str) -> str:
    """The last part of a path of any system."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or path


def canonical(path: str) -> str:
    """One spelling for a path that a merged /usr, macOS or Windows lets people write in two."""
    if path[1:2] == ":" or path.startswith("\\\\"):
        return path.replace("/", "\\").casefold()
    if path.startswith(("/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/")):
        return f"/usr{path}"
    if path.startswith(("/private/tmp/", "/private/var/", "/private/etc/")):
        return path.removeprefix("/private")
    return path


def is_temporary(path: str) -> bool:
    """Whether it lies in a folder that anybody may write to and that is swept from time to time."""
    place = canonical(path)
    return any(each.match(place) for each in TEMPORARY)


def in_hidden_folder(path: str) -> bool:
    """Whether one of its folders begins with a dot and is none that honest tools are kept in."""
    return any(
        folder not in ("", ".", "..")
        and (folder.startswith(".") or not folder.strip())
        and not PROGRAM_FOLDERS.fullmatch(folder)
        for folder in path.replace("\\", "/").split("/")[:-1]
    )


def is_interpreter(path: str) -> bool:
    return INTERPRETER.fullmatch(name_of(path)) is not None


def is_shell(name: str) -> bool:
    return SHELL.fullmatch(name.removeprefix("-")) is not None
