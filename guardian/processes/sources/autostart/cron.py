"""What runs by timetable outside systemd: cron, anacron and at.

Grammar: the manual pages crontab(5), anacrontab(5) and at(1).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from guardian.processes.model import Place, StartEntry
from guardian.processes.sources.autostart.drafts import draft, draft_file
from guardian.processes.sources.autostart.places import Person, Places

TABLES = ("/var/spool/cron/crontabs", "/var/spool/cron/tabs", "/var/spool/cron")
FOLDERS = tuple(f"/etc/cron.{often}" for often in ("hourly", "daily", "weekly", "monthly"))
AT_JOBS = ("/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs")
SETTING = re.compile(r"([A-Za-z_]\w*)\s*=\s*(.*)")
WHEN = re.compile(r"(@\w+|(?:[\d*,/~LW-]|[A-Za-z]{3}\b)+(?:\s+[\w*,/~#?-]+){4})\s+(.*)")
AT_FRAME = re.compile(
    r"#|umask |cd |[A-Za-z_]\w*=.*; export |\t? *echo 'Execution directory|\t? *exit 1|\}"
    r"|\$\{SHELL|(?:atd?|marcin)DELIMITER"
)
ANSWER_TIME = 2.0
"""Seconds that crontab and at are waited for."""


@dataclass(frozen=True, slots=True)
class Job:
    """One line of a timetable. ``user`` is empty in a table that belongs to one user."""

    line: int
    when: str
    user: str
    command: str


def parse_table(text: str, with_user: bool) -> tuple[list[Job], dict[str, str]]:
    """The jobs of a timetable, and the variables it sets. Lines that make no sense are left."""
    jobs: list[Job] = []
    variables: dict[str, str] = {}
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()[:20_000]
        if not line or line.startswith("#"):
            continue
        timed = WHEN.fullmatch(line)
        if not timed:
            if setting := SETTING.fullmatch(line):
                variables[setting[1]] = setting[2].strip("\"' ")
            continue
        when, rest, user = timed[1], timed[2], ""
        if with_user:
            user, _, rest = rest.partition(" ") if " " in rest else rest.partition("\t")
        # an unescaped % begins what the command is given to read
        command = re.split(r"(?<!\\)%", rest, maxsplit=1)[0].replace("\\%", "%").strip()
        if command:
            jobs.append(Job(number, when, user.strip(), command))
    return jobs, variables


def read(places: Places) -> Iterator[StartEntry]:
    by_name = {person.name: person for person in places.people}
    yield from table(places, "/etc/crontab", places.read("/etc/crontab"), True, None)
    for path in places.files("/etc/cron.d"):
        yield from table(places, path, places.read(path), True, None)
    for folder in TABLES:
        for path in places.files(folder):
            name = path.rpartition("/")[2]
            person = by_name.get(name) or Person(name, f"/home/{name}", -1)
            yield from table(places, path, places.read(path), False, person)
    if places.here and any(folder in places.unread for folder in TABLES):
        person = places.people[0]
        yield from table(places, "crontab -l", answer("/usr/bin/crontab", "-l"), False, person)
    for folder in FOLDERS:
        for path in places.files(folder):
            if not path.endswith("/.placeholder"):
                yield draft_file(places, Place.TIMER, folder.rpartition("/")[2], path, path)
    yield from anacron(places)
    yield from at_jobs(places)


def table(
    places: Places, source: str, text: str | None, with_user: bool, person: Person | None
) -> Iterator[StartEntry]:
    jobs, variables = parse_table(text or "", with_user)
    for job in jobs:
        yield draft(
            places,
            Place.TIMER,
            "cron",
            source,
            job.command,
            person=person,
            line=job.line,
            code=True,
            variables=variables,
            facts=("reboot",) if job.when == "@reboot" else (),
            user=job.user or None,
        )


def anacron(places: Places) -> Iterator[StartEntry]:
    """Lines of period, delay, name and command."""
    for number, line in places.lines("/etc/anacrontab"):
        parts = line.split(None, 3)
        if len(parts) == 4 and (parts[0].isdigit() or parts[0].startswith("@")):
            yield draft(
                places,
                Place.TIMER,
                "anacron",
                "/etc/anacrontab",
                parts[3],
                name=parts[2],
                line=number,
                code=True,
            )


def at_jobs(places: Places) -> Iterator[StartEntry]:
    """Jobs that run once at a given time."""
    person = places.people[0] if places.people else None
    for folder in AT_JOBS:
        for path in places.files(folder):
            if not path.endswith((".SEQ", ".lockfile")):
                yield from at_job(places, path, places.read(path), person)
    if places.here and any(folder in places.unread for folder in AT_JOBS):
        for line in (answer("/usr/bin/atq") or "").split("\n"):
            number = line.partition("\t")[0].strip()
            if number.isdigit():
                text = answer("/usr/bin/at", "-c", number)
                yield from at_job(places, f"at -c {number}", text, person)


def at_job(
    places: Places, source: str, text: str | None, person: Person | None
) -> Iterator[StartEntry]:
    lines = [line for line in (text or "").split("\n") if not AT_FRAME.match(line)]
    code = "\n".join(lines).strip()
    if code:
        yield draft(places, Place.TIMER, "at", source, code, person=person, code=True)


def answer(*command: str) -> str | None:
    """What a program of the system says; its tables are closed even to those they belong to."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_TIME,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout[: 1 << 20].decode("utf-8", "replace") if done.returncode == 0 else None
