"""The page of running programs, over a computer put together by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.words import message
from guardian.processes.content import read_rules, rules_file
from guardian.processes.model import (
    Device,
    DeviceKind,
    Limit,
    Process,
    Scan,
    Snapshot,
    Socket,
    System,
    Unknown,
)
from guardian.processes.rules.assess import assess, prepare
from guardian.ui.jobs import Job
from guardian.ui.pages.processes.card import FindingCard
from guardian.ui.pages.processes.listing import rows_of
from guardian.ui.pages.processes.page import ProcessesPage
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio

# name, path, package, user
ORDINARY = (
    ("systemd", "/usr/lib/systemd/systemd", "systemd", "root"),
    ("NetworkManager", "/usr/sbin/NetworkManager", "network-manager", "root"),
    ("Xorg", "/usr/lib/xorg/Xorg", "xserver-xorg-core", "root"),
    ("gnome-shell", "/usr/bin/gnome-shell", "gnome-shell", "ana"),
    ("gnome-terminal", "/usr/libexec/gnome-terminal-server", "gnome-terminal", "ana"),
    ("nautilus", "/usr/bin/nautilus", "nautilus", "ana"),
    ("firefox-esr", "/usr/lib/firefox-esr/firefox-esr", "firefox-esr", "ana"),
    ("pipewire", "/usr/bin/pipewire", "pipewire-bin", "ana"),
    ("wireplumber", "/usr/bin/wireplumber", "wireplumber", "ana"),
    ("cupsd", "/usr/sbin/cupsd", "cups-daemon", "root"),
    ("soffice.bin", "/usr/lib/libreoffice/program/soffice.bin", "libreoffice-core", "ana"),
    ("tracker-miner", "/usr/libexec/tracker-miner-fs-3", "tracker-miner-fs", "ana"),
    ("dbus-daemon", "/usr/bin/dbus-daemon", "dbus-daemon", "messagebus"),
    ("avahi-daemon", "/usr/sbin/avahi-daemon", "avahi-daemon", "avahi"),
)
USERS = {"root": 0, "ana": 1000, "messagebus": 101, "avahi": 108}
STREAM = Socket("tcp", "192.0.2.20", 41822, "203.0.113.7", 4444, listening=False)


def process(  # noqa: PLR0917 - each is a column of the table above
    pid: int, name: str, path: str, package: str | None, user: str, ppid: int = 1
) -> Process:
    """An ordinary process of which everything could be seen."""
    return Process(
        pid=pid,
        ppid=ppid,
        name=name[:15],
        argv=(path,),
        exe=path,
        exe_deleted=False,
        exe_replaced=False,
        exe_in_memory=False,
        exe_read_only=False,
        owner=package,
        script=None,
        script_owner=None,
        uid=USERS.get(user, 1001),
        user=user,
        started=(NOW - timedelta(hours=3, minutes=pid % 60)).timestamp(),
        tracer=0,
        container=None,
        unit=None,
        devices=(),
        stdio=(None, None, None),
        listeners=(),
    )


def ordinary() -> list[Process]:
    return [process(400 + 7 * number, *row) for number, row in enumerate(ORDINARY)]


def asking() -> Process:
    """Installed by hand, and reads the keyboard."""
    helper = process(2318, "typing-helper", "/opt/example/typing-helper", None, "ana", 421)
    return replace(helper, devices=(Device(DeviceKind.KEYBOARD, "/dev/input/event3"),))


def acting() -> Process:
    """Takes its commands from the network, and lives among temporary files."""
    shell = process(2571, "update", "/tmp/.cache-x/update", None, "ana", 421)
    return replace(shell, stdio=(STREAM, STREAM, STREAM), name="bash", argv=("bash", "-i"))


def updated() -> Process:
    """Replaced by an update while it runs."""
    music = process(1911, "music-player", "/usr/bin/music-player", "music-player", "ana", 421)
    return replace(music, exe_deleted=True, exe_replaced=True)


def hidden() -> Process:
    """Another person's program, of which almost nothing can be seen."""
    return Process(
        pid=1740, ppid=1, name="ben-session", argv=Unknown.DENIED, exe=Unknown.DENIED,
        exe_deleted=Unknown.DENIED, exe_replaced=Unknown.DENIED, exe_in_memory=Unknown.DENIED,
        exe_read_only=Unknown.DENIED, owner=Unknown.DENIED, script=Unknown.DENIED,
        script_owner=Unknown.DENIED, uid=1001, user="ben", devices=Unknown.DENIED,
        stdio=Unknown.DENIED, listeners=Unknown.DENIED,
    )  # fmt: skip


def snapshot(*more: Process, limits: tuple[Limit, ...] = ()) -> Snapshot:
    return Snapshot(System.LINUX, NOW, (*ordinary(), hidden(), *more), limits)


def scan_of(taken: Snapshot) -> Scan:
    """What Guardian's own rules say about ``taken``."""
    file = rules_file()
    return assess(taken, prepare(read_rules(file), file.name))


def two_questions() -> Scan:
    return scan_of(snapshot(asking(), acting(), updated()))


def page_of(studio: Studio) -> ProcessesPage:
    page = studio.show("processes")
    assert isinstance(page, ProcessesPage)
    return page


def shown(studio: Studio, scan: Scan) -> ProcessesPage:
    page = page_of(studio)
    page.show_scan(scan, rows_of(studio.guardian.words, scan))
    studio.settle()
    return page


def empty(studio: Studio) -> None:
    page_of(studio)


def working(studio: Studio) -> None:
    page = page_of(studio)
    job = Job(page)
    page.follow(job)
    job.progressed.emit(118, 312, message("processes.working.reading"))
    studio.settle_working()


def questions(studio: Studio) -> None:
    shown(studio, two_questions())


def nothing(studio: Studio) -> None:
    shown(studio, scan_of(snapshot(limits=(Limit.INSIDE_CONTAINER,))))


def unfolded(studio: Studio) -> None:
    page = shown(studio, two_questions())
    card = page.findChildren(FindingCard)[0]
    card.details.toggle()
    studio.settle()
    page.area.ensureWidgetVisible(card.copy, 0, 60)
    studio.settle()


def searched(studio: Studio) -> None:
    page = shown(studio, two_questions())
    page.list.search.setText("gnome")
    page.list.rows.choose_first()
    page.list.rows.activated.emit(page.list.rows.currentIndex())
    studio.settle()
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    studio.settle()


def gaps(studio: Studio) -> None:
    page = shown(studio, scan_of(snapshot()))
    page.gaps.toggle()
    studio.settle()
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    studio.settle()


def remembered(studio: Studio) -> None:
    before = NOW - timedelta(days=3)
    helper = replace(asking(), started=(before - timedelta(hours=2)).timestamp())
    studio.features.processes._scans.save(replace(scan_of(snapshot(helper)), taken=before))
    page_of(studio)


def error(studio: Studio) -> QWidget | None:
    page = shown(studio, scan_of(snapshot()))
    page.notice.show_problem(Problem("content-bad", file="rules.json", reason="line 12"))
    studio.settle()
    return None


SCENES = (
    Scene("processes-empty", empty),
    Scene("processes-working", working),
    Scene("processes-questions", questions),
    Scene("processes-unfolded", unfolded),
    Scene("processes-searched", searched),
    Scene("processes-nothing", nothing),
    Scene("processes-gaps", gaps),
    Scene("processes-remembered", remembered),
    Scene("processes-error", error),
)
