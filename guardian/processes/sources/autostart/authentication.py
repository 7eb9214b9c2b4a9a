"""What sees or decides log-ins: PAM, sudo and polkit.

Grammar: the manual pages pam.d(5), pam_exec(8), sudoers(5), polkit(8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import base
from guardian.processes.sources.autostart.drafts import draft, draft_fact, draft_file
from guardian.processes.sources.autostart.places import Places

MODULES = ("/usr/lib/security", "/lib/security", "/usr/lib64/security", "/lib64/security")
RULE = re.compile(
    r"(?:(?P<service>\S+)\s+)??-?(?P<type>auth|account|password|session)\s+"
    r"(?P<control>\[[^\]]*\]|\w+)\s+(?P<module>\S+)(?:\s+(?P<rest>.*))?",
    re.IGNORECASE,
)
TO_ALL = re.compile(
    r"^(?P<who>[^\s=#]+)\s+[^=\n]+=\s*(?:\([^)]*\)\s*)?(?:[A-Z_]+:\s*)*NOPASSWD\s*:\s*"
    r"(?:[A-Z_]+:\s*)*ALL\s*$"
)
DEFAULTS = re.compile(r"^Defaults\S*\s+.*(?:!authenticate|env_keep[^\n]*LD_PRELOAD|!env_reset)")
GENERAL = re.compile(
    r"tee|cat|dd|cp|install|logger|curl|wget|nc|ncat|socat|mail|env|\w*sh|python[\d.]*|perl|ruby"
)
"""Tools that do with a password whatever they are told to."""
SUDO_PLUGIN = re.compile(r"^Plugin\s+\S+\s+(\S+)")
SYSTEM_POLKIT = ("/usr/share/polkit-1/rules.d",)
POLKIT = ("/etc/polkit-1/rules.d", "/usr/local/share/polkit-1/rules.d", *SYSTEM_POLKIT)


def read(places: Places) -> Iterator[StartEntry]:
    folders = module_folders(places)
    for path in ("/etc/pam.conf", *places.files("/etc/pam.d")):
        yield from pam(places, path, folders)
    for path in ("/etc/sudoers", *places.files("/etc/sudoers.d")):
        yield from sudoers(places, path)
    for number, line in places.lines("/etc/sudo.conf"):
        plugin = SUDO_PLUGIN.match(line)
        if plugin and "/" in plugin[1]:
            yield draft_file(
                places,
                Place.AUTHENTICATION,
                "sudo-plugin",
                "/etc/sudo.conf",
                plugin[1],
                line=number,
                command=line,
                facts=("sees-passwords",),
            )
    for folder in POLKIT:
        for path in places.files(folder, ".rules"):
            yield from polkit(places, path)


def module_folders(places: Places) -> tuple[str, ...]:
    """Where PAM modules lie on this system; Debian adds one per architecture."""
    multi = [f"/usr/lib/{each}/security" for each in places.names("/usr/lib") if "-linux-" in each]
    return (*multi, *MODULES)


def pam(places: Places, path: str, folders: tuple[str, ...]) -> Iterator[StartEntry]:
    for number, line in places.lines(path):
        rule = RULE.match(line[:20_000])
        if not rule or rule["control"].lower() in ("include", "substack"):
            continue
        module, rest = rule["module"], rule["rest"] or ""
        if module.endswith("pam_exec.so"):
            yield from pam_exec(places, path, number, line, rest)
        elif module.endswith("pam_permit.so") and lets_in(rule):
            yield draft_fact(
                Place.AUTHENTICATION,
                "pam",
                path,
                ("lets-anyone-in",),
                command=line,
                line=number,
            )
        full = find_module(places, module, folders)
        if full is not None:
            yield draft_file(
                places,
                Place.AUTHENTICATION,
                "pam-module",
                path,
                full,
                line=number,
                command=line,
                facts=("sees-passwords",) if rule["type"].lower() in ("auth", "password") else (),
            )


def lets_in(rule: re.Match[str]) -> bool:
    """A line that accepts any password; files for automatic log-in do so on purpose."""
    return rule["type"].lower() == "auth" and rule["control"].lower() == "sufficient"


def pam_exec(places: Places, path: str, number: int, line: str, rest: str) -> Iterator[StartEntry]:
    words = rest.split()
    options = {"expose_authtok", "debug", "seteuid", "quiet", "quiet_log", "stdout"}
    start = 0
    while start < len(words) and (words[start] in options or "=" in words[start]):
        start += 1
    facts = ["runs-at-log-in"]
    if "expose_authtok" in words[:start]:
        facts.append("is-given-passwords")
        if start < len(words) and not GENERAL.fullmatch(base(words[start])):
            facts.append("made-for-it")
    yield draft(
        places,
        Place.AUTHENTICATION,
        "pam-exec",
        path,
        " ".join(words[start:]),
        line=number,
        facts=tuple(facts),
    )


def find_module(places: Places, module: str, folders: tuple[str, ...]) -> str | None:
    """A module's full path; None for one that is not installed."""
    if module.startswith("/"):
        return module
    return next((f"{folder}/{module}" for folder in folders if places.has(folder, module)), None)


def sudoers(places: Places, path: str) -> Iterator[StartEntry]:
    for number, line in places.lines(path):
        facts: tuple[str, ...] = ()
        if TO_ALL.match(line):
            facts = ("no-password-for-anything",)
        elif DEFAULTS.match(line):
            facts = ("weakens-sudo",)
        if facts:
            yield draft_fact(
                Place.AUTHENTICATION, "sudoers", path, facts, command=line, line=number
            )


def polkit(places: Places, path: str) -> Iterator[StartEntry]:
    """Rules that say yes without asking for one certain action, and those that run a program."""
    text = places.read(path) or ""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
    facts = []
    if re.search(r"Result\.YES|[\"']yes[\"']", code) and not re.search(
        r"action\.id|action\.lookup|isInGroup|subject\.", code
    ):
        facts.append("allows-everything")
    if spawn := re.search(r"polkit\.spawn\(\s*\[?\s*[\"']([^\"']+)", code):
        yield draft(
            places,
            Place.AUTHENTICATION,
            "polkit",
            path,
            spawn[1],
            facts=("runs-at-log-in",),
        )
    if facts:
        yield draft_fact(Place.AUTHENTICATION, "polkit", path, tuple(facts))
