"""Who may log in from outside, and what runs when somebody does: keys, sshd, the ssh client.

A key itself is never kept: its kind and its remark are. Formats: sshd(8), sshd_config(5),
ssh_config(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.commands import split_words
from guardian.processes.sources.autostart.drafts import draft, draft_fact
from guardian.processes.sources.autostart.places import Person, Places

FILES = (".ssh/authorized_keys", ".ssh/authorized_keys2")
KIND = re.compile(r"(?:^|\s)((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)\s+([A-Za-z0-9+/=]{16,})(?:\s+(.*))?$")
OPTION = re.compile(r"([A-Za-z0-9-]+)(?:=(\"(?:\\.|[^\"\\])*\"|[^,\s]*))?(?:,|\s|$)")
PLAIN = ("authorized_keys", "authorized_keys2", "%h/.ssh/authorized_keys", "none")
SYSTEM_CLIENT = "/etc/ssh/ssh_config"


@dataclass(frozen=True, slots=True)
class Key:
    """One key that may log in. ``options`` by name, in small letters."""

    kind: str
    remark: str
    options: dict[str, str]


def parse_key(line: str) -> Key | None:
    """A line of authorized_keys; None for one that holds no key."""
    found = KIND.search(line[:20_000])
    if not found:
        return None
    options = {
        name.lower(): value.strip('"').replace('\\"', '"')
        for name, value in OPTION.findall(line[: found.start()])
    }
    return Key(found[1], (found[3] or "").strip(), options)


def read(places: Places) -> Iterator[StartEntry]:
    for person in places.people:
        for name in FILES:
            yield from key_file(places, f"{person.home}/{name}", person, ())
        yield from login_script(places, f"{person.home}/.ssh/rc", person)
        yield from client(places, f"{person.home}/.ssh/config", person)
    yield from login_script(places, "/etc/ssh/sshrc", None)
    for path in (SYSTEM_CLIENT, *places.files("/etc/ssh/ssh_config.d", ".conf")):
        yield from client(places, path, None)
    for path in ("/etc/ssh/sshd_config", *places.files("/etc/ssh/sshd_config.d", ".conf")):
        yield from server(places, path)


def key_file(
    places: Places, path: str, person: Person, facts: tuple[str, ...]
) -> Iterator[StartEntry]:
    state = places.state(path)
    if state is None:
        return
    if state.st_mode & 0o022:
        facts = (*facts, "others-can-change-it")
    if path.endswith("authorized_keys2"):
        facts = (*facts, "second-key-file")
    for number, line in places.lines(path):
        key = parse_key(line)
        if key is None:
            continue
        name = f"{key.kind} {key.remark}".strip()
        command = key.options.get("command", "")
        own = facts
        if re.search(r"\bLD_|\bBASH_ENV|\bPATH=", key.options.get("environment", "")):
            own = (*own, "changes-the-environment")
        if not command:
            yield draft_fact(Place.KEY, "key", path, own, name=name, line=number, person=person)
            continue
        yield draft(
            places,
            Place.KEY,
            "key",
            path,
            command,
            name=name,
            person=person,
            line=number,
            code=True,
            facts=(*own, "runs-a-command"),
        )


def login_script(places: Places, path: str, person: Person | None) -> Iterator[StartEntry]:
    """What sshd runs at each log-in from outside."""
    text = "\n".join(line for _, line in places.lines(path))
    if text:
        yield draft(
            places, Place.KEY, "ssh-rc", path, text, person=person, code=True, facts=("at-log-in",)
        )


def settings(places: Places, path: str) -> Iterator[tuple[int, str, str]]:
    """The settings of an ssh file: line, name in small letters, value."""
    for number, line in places.lines(path):
        found = re.match(r"(\w+)(?:\s*=\s*|\s+)(.+)", line[:20_000])
        if found:
            yield number, found[1].lower(), found[2].strip()


def client(places: Places, path: str, person: Person | None) -> Iterator[StartEntry]:
    """What the ssh client runs or opens by itself."""
    values = list(settings(places, path))
    local = any(name == "permitlocalcommand" and value == "yes" for _, name, value in values)
    runs = {"proxycommand", "knownhostscommand", *(("localcommand",) if local else ())}
    for number, name, value in values:
        if name == "remoteforward":
            yield draft_fact(
                Place.KEY,
                "ssh-config",
                path,
                ("opens-a-way-back",),
                command=f"RemoteForward {value}",
                line=number,
                person=person,
            )
        elif name in runs and value.lower() != "none":
            yield draft(
                places,
                Place.KEY,
                "ssh-config",
                path,
                value,
                person=person,
                line=number,
                code=True,
                facts=("runs-on-the-way-out",),
            )


def server(places: Places, path: str) -> Iterator[StartEntry]:
    """Where sshd takes keys from, and what it runs."""
    for number, name, value in settings(places, path):
        if name in ("authorizedkeyscommand", "forcecommand", "authorizedprincipalscommand"):
            if value.lower() in ("none", "internal-sftp"):
                continue
            fact = "forced-command" if name == "forcecommand" else "asks-a-program-for-keys"
            yield draft(
                places,
                Place.KEY,
                "sshd",
                path,
                value,
                line=number,
                code=name == "forcecommand",
                facts=(fact,),
            )
        elif name == "authorizedkeysfile":
            for each in split_words(value):
                if each.removeprefix("%h/").removeprefix(".ssh/") not in PLAIN:
                    yield from other_file(places, path, number, each)


def other_file(places: Places, path: str, line: int, pattern: str) -> Iterator[StartEntry]:
    """A place for keys besides the usual one, and the keys there."""
    temporary = pattern.startswith(("/tmp/", "/var/tmp/", "/dev/shm/"))
    fact = "temporary-key-file" if temporary else "other-key-file"
    command = f"AuthorizedKeysFile {pattern}"
    yield draft_fact(Place.KEY, "sshd", path, (fact,), command=command, line=line)
    yield from other_keys(places, pattern)


def other_keys(places: Places, pattern: str) -> Iterator[StartEntry]:
    """The keys in a file that sshd was told to read besides the usual one."""
    for person in places.people:
        path = pattern.replace("%h", person.home).replace("%u", person.name)
        path = path if path.startswith("/") else f"{person.home}/{path}"
        yield from key_file(places, path, person, ("other-key-file",))
