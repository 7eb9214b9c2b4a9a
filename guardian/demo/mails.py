"""Writes the mail of the made-up home: a Thunderbird profile with one folder of mails."""

from __future__ import annotations

from email.utils import format_datetime
from pathlib import Path

from guardian.demo.browsers import Days
from guardian.demo.content import Household, Mail, Traces

ROOT = ".thunderbird"
PROFILE = "rivera02.default-release"
INI = """[Profile0]
Name=Family
IsRelative=1
Path={profile}
Default=1
"""
BODY = (
    "Hello Ana,\n\nthis mail is part of a demonstration. The service does not exist.\n\n"
    "Your account has been created. Your user name is {mail}.\n"
)
NEWS = "Hello Ana,\n\nthis mail is part of a demonstration. The service does not exist.\n"


def write_mails(home: Path, household: Household, traces: Traces, days: Days) -> None:
    """The mails, the oldest first, in one mbox file."""
    profile = home / ROOT / PROFILE
    folder = profile / "Mail" / "Local Folders"
    folder.mkdir(parents=True)
    (home / ROOT / "profiles.ini").write_text(INI.format(profile=PROFILE))
    mail = household.people[0].mail
    (profile / "prefs.js").write_text(f'user_pref("mail.identity.id1.useremail", "{mail}");\n')
    letters = sorted(traces.mails, key=lambda one: -one.days)
    text = "".join(write_mail(one, mail, days) for one in letters)
    (folder / "Inbox").write_text(text, "utf-8")


def write_mail(mail: Mail, to: str, days: Days) -> str:
    when = days.ago(mail.days)
    local = "news" if mail.bulk else "no-reply"
    lines = [
        f"From - {when:%a %b %d %H:%M:%S %Y}",
        f"From: {mail.name} <{local}@{mail.site}>",
        f"To: {to}",
        f"Subject: {mail.subject}",
        f"Date: {format_datetime(when)}",
    ]
    if mail.bulk:
        lines += [f"List-Unsubscribe: <https://www.{mail.site}/leave>", "Precedence: bulk"]
    body = NEWS if mail.bulk else BODY.format(mail=to)
    return "\n".join(lines) + f"\n\n{body}\n"
