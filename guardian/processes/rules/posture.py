"""What the set-up of a computer means: one answer of three per check. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from guardian.processes.model import Answer, Check, Seen, Setup, System, Unknown

SLOW_LOCK = 15  # minutes; longer, and whoever passes by can read
OLD_ASK = 14  # days without asking for updates
MANY_WAITING = 30
SHOWN = 3

Found = tuple[Answer, str, dict[str, str | int]]
"""Answer, variant of the sentence, facts."""

UNREAD: Found = (Answer.UNREAD, "", {})


def fine(variant: str = "", **facts: str | int) -> Found:
    return Answer.FINE, variant, facts


def attend(variant: str = "", **facts: str | int) -> Found:
    return Answer.LOOK, variant, facts


def some(names: tuple[str, ...]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" (+{more})" if more > 0 else "")


def switch(read: Callable[[Setup], Seen[bool]]) -> Callable[[Setup], Found]:
    """Judges what is either on, which is fine, or off."""

    def judge(setup: Setup) -> Found:
        on = read(setup)
        if isinstance(on, Unknown):
            return UNREAD
        return fine() if on else attend()

    return judge


def listing(read: Callable[[Setup], Seen[tuple[str, ...]]]) -> Callable[[Setup], Found]:
    """Judges a list that is empty on most computers."""

    def judge(setup: Setup) -> Found:
        names = read(setup)
        if isinstance(names, Unknown):
            return UNREAD
        return attend(count=len(names), names=some(names)) if names else fine()

    return judge


def judge_screen_lock(setup: Setup) -> Found:
    lock = setup.screen_lock
    if isinstance(lock, Unknown):
        return UNREAD
    if not lock.enabled or not lock.minutes:
        return attend()
    return (attend if lock.minutes > SLOW_LOCK else fine)(
        "slow" if lock.minutes > SLOW_LOCK else "", count=lock.minutes
    )


def judge_auto_login(setup: Setup) -> Found:
    name = setup.auto_login
    if isinstance(name, Unknown):
        return UNREAD
    return fine() if name is None else attend(name=name)


def judge_people(setup: Setup) -> Found:
    if isinstance(setup.second_root, str):
        return attend("second-root", name=setup.second_root)
    if setup.guest is True:
        return attend("guest")
    if isinstance(setup.people, Unknown):
        return UNREAD
    admins = tuple(person.name for person in setup.people if person.admin)
    if len(admins) > 1:
        return attend(count=len(admins), names=some(admins))
    return fine(count=len(setup.people), names=some(tuple(one.name for one in setup.people)))


def judge_admin(setup: Setup) -> Found:
    if isinstance(setup.admin, Unknown):
        return UNREAD
    if not setup.admin:
        return fine()
    alone = not isinstance(setup.people, Unknown) and len(setup.people) < 2
    return fine("alone") if alone else attend()


def judge_open_places(setup: Setup) -> Found:
    places = setup.open_places
    if isinstance(places, Unknown):
        return UNREAD
    if not places:
        return fine()
    if not isinstance(setup.people, Unknown) and len(setup.people) < 2:
        return fine("alone")
    return attend(count=len(places), names=some(places))


def judge_saved_logins(setup: Setup) -> Found:
    saved = setup.saved_logins
    if isinstance(saved, Unknown):
        return UNREAD
    if not saved:
        return fine()
    total = sum(one.count for one in saved)
    return attend(count=total, names=some(tuple(one.browser for one in saved)))


def judge_add_ons(setup: Setup) -> Found:
    add_ons = setup.add_ons
    if isinstance(add_ons, Unknown):
        return UNREAD
    forced = tuple(f"{one.name} ({one.browser})" for one in add_ons if one.forced)
    if forced:
        return attend("forced", count=len(forced), names=some(forced))
    everywhere = tuple(f"{one.name} ({one.browser})" for one in add_ons)
    return attend(count=len(everywhere), names=some(everywhere)) if everywhere else fine()


def judge_updates(setup: Setup) -> Found:
    updates = setup.updates
    if isinstance(updates.days, int) and updates.days > OLD_ASK:
        return attend("old", count=updates.days)
    if isinstance(updates.waiting, int) and updates.waiting > MANY_WAITING:
        return attend("waiting", count=updates.waiting)
    if isinstance(updates.automatic, Unknown):
        return UNREAD
    return fine() if updates.automatic else attend()


def judge_redirects(setup: Setup) -> Found:
    redirects = setup.redirects
    if isinstance(redirects, Unknown):
        return UNREAD
    if not redirects:
        return fine()
    first = redirects[0]
    values = tuple(one.value for one in redirects if one.kind == first.kind)
    return attend(first.kind, count=len(values), names=some(values))


def judge_permissions(setup: Setup) -> Found:
    names = setup.permissions
    if names is Unknown.ABSENT and setup.system is System.LINUX:
        return Answer.UNREAD, "none-asked", {}
    return listing(lambda _: names)(setup)


def judge_reports(setup: Setup) -> Found:
    """One thing at a time: the first that is switched on, the most telling before the others."""
    names = setup.reports
    if isinstance(names, Unknown):
        return UNREAD
    for variant in ("location", "advertising", "statistics", "problems"):
        if variant in names:
            return attend(variant)
    return fine()


def judge_backup(setup: Setup) -> Found:
    backup = setup.backup
    if isinstance(backup, Unknown):
        return UNREAD
    if backup is None:
        return attend()
    if backup.encrypted is False:
        return attend("open", name=backup.program)
    return fine("" if backup.encrypted is True else "unsure", name=backup.program)


CHECKS: tuple[tuple[str, Callable[[Setup], Found]], ...] = (
    ("screen-lock", judge_screen_lock),
    ("auto-login", judge_auto_login),
    ("encryption", switch(lambda setup: setup.encrypted)),
    ("firewall", switch(lambda setup: setup.firewall)),
    ("people", judge_people),
    ("admin", judge_admin),
    ("open-places", judge_open_places),
    ("saved-logins", judge_saved_logins),
    ("add-ons", judge_add_ons),
    ("updates", judge_updates),
    ("redirects", judge_redirects),
    ("certificates", listing(lambda setup: setup.certificates)),
    ("remote-access", listing(lambda setup: setup.remote_access)),
    ("shares", listing(lambda setup: setup.shares)),
    ("permissions", judge_permissions),
    ("reports", judge_reports),
    ("secure-boot", switch(lambda setup: setup.secure_boot)),
    ("backup", judge_backup),
)

OWN_WAYS = {
    System.WINDOWS: {key for key, _ in CHECKS},
    System.MACOS: {key for key, _ in CHECKS},
}
KDE_WAYS = {"screen-lock", "auto-login", "redirects", "reports"}


def judge_setup(setup: Setup) -> tuple[Check, ...]:
    """Every check, what needs a look first, what could not be read before what is fine."""
    order = (Answer.LOOK, Answer.UNREAD, Answer.FINE)
    checks = []
    for key, judge in CHECKS:
        answer, variant, facts = judge(setup)
        checks.append(Check(key, answer, variant, facts=facts))
    with_ways = [replace(check, way=way_for(setup, check.key)) for check in checks]
    return tuple(sorted(with_ways, key=lambda check: order.index(check.answer)))


def way_for(setup: Setup, key: str) -> str:
    """Which system's settings the advice leads through."""
    if setup.system in OWN_WAYS:
        return setup.system.value
    return "kde" if setup.desktop == "kde" and key in KDE_WAYS else ""
