"""The page of running programs, over looks put together by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget

from guardian.core.errors import Problem
from guardian.core.feature import Level
from guardian.core.words import message
from guardian.processes.model import (
    Answer,
    Autostart,
    Check,
    Explanation,
    Finding,
    Hit,
    Known,
    Limit,
    NotSeen,
    Place,
    Process,
    Program,
    Reach,
    Running,
    Scan,
    Socket,
    StartEntry,
    System,
    Unknown,
)
from guardian.processes.service import Example, SelfTest
from guardian.ui.jobs import Job
from guardian.ui.pages.processes import trial
from guardian.ui.pages.processes.page import ProcessesPage
from guardian.ui.pages.processes.work import Shown, lay_out
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio

# name, path, package, user
ORDINARY = (
    ("systemd", "/usr/lib/systemd/systemd", "systemd", "root"),
    ("NetworkManager", "/usr/sbin/NetworkManager", "network-manager", "root"),
    ("Xorg", "/usr/lib/xorg/Xorg", "xserver-xorg-core", "root"),
    ("gnome-shell", "/usr/bin/gnome-shell", "gnome-shell", "ana"),
    ("gnome-terminal-server", "/usr/libexec/gnome-terminal-server", "gnome-terminal", "ana"),
    ("nautilus", "/usr/bin/nautilus", "nautilus", "ana"),
    ("firefox-esr", "/usr/lib/firefox-esr/firefox-esr", "firefox-esr", "ana"),
    ("pipewire", "/usr/bin/pipewire", "pipewire-bin", "ana"),
    ("wireplumber", "/usr/bin/wireplumber", "wireplumber", "ana"),
    ("cupsd", "/usr/sbin/cupsd", "cups-daemon", "root"),
    ("soffice.bin", "/usr/lib/libreoffice/program/soffice.bin", "libreoffice-core", "ana"),
    ("tracker-miner-fs-3", "/usr/libexec/tracker-miner-fs-3", "tracker-miner-fs", "ana"),
    ("dbus-daemon", "/usr/bin/dbus-daemon", "dbus-daemon", "messagebus"),
    ("avahi-daemon", "/usr/sbin/avahi-daemon", "avahi-daemon", "avahi"),
)
BASELINE = datetime(2026, 11, 3, 18, 0, tzinfo=NOW.tzinfo)
SHELL_PID = 421
STREAM = Socket("tcp", "192.0.2.20", 41822, "203.0.113.7", 4444, listening=False)


def program(
    pid: int, name: str, path: str | None, package: str | None, user: str, **more: object
) -> Program:
    """A program with one process, running for three hours."""
    made = Program(
        name=name, exe=path, package=package, package_known=path is not None, container=None,
        users=(user,), pids=(pid,),
        started=(NOW - timedelta(hours=3, minutes=pid % 60)).timestamp(),
        started_by="/usr/bin/gnome-shell" if pid > SHELL_PID else "/usr/lib/systemd/systemd",
        own=user == "ana",
    )  # fmt: skip
    return replace(made, **more)


def ordinary() -> list[Program]:
    return [program(400 + 7 * number, *row) for number, row in enumerate(ORDINARY)]


def hidden() -> Program:
    """Another person's program, of which almost nothing can be seen."""
    return program(1740, "ben-session", None, None, "ben", started=None, started_by=None)


def hit(rule: str, level: Level, points: int, pid: int, **evidence: tuple[str, ...]) -> Hit:
    return Hit(rule, level, points, (pid,), dict(evidence), ("T1059.004",))


def asking() -> Finding:
    """Installed by hand, and reads the keyboard."""
    helper = program(
        2318, "typing-helper", "/opt/example/typing-helper", None, "ana",
        reach=(Reach.KEYBOARD,), new=True, starts_by_itself=True,
    )  # fmt: skip
    seen = hit("reads-keyboard", Level.ASK, 2, 2318, Keyboard=("/dev/input/event3",))
    return Finding(helper, Level.ASK, (seen,), entries=(START_HELPER,))


def acting() -> Finding:
    """Takes its commands from the network, and lives among temporary files."""
    shell = program(
        2571, "update", "/tmp/.cache-x/update", None, "ana", reach=(Reach.CONNECTED,)
    )  # fmt: skip
    seen = (
        hit("shell-on-network", Level.ACT, 6, 2571, StdioRemote=("203.0.113.7:4444",)),
        hit("runs-from-temp", Level.ASK, 3, 2571),
    )
    return Finding(shell, Level.ACT, seen)


def explained() -> Finding:
    """Replaced by an update while it runs."""
    music = program(1911, "music-player", "/usr/bin/music-player", "music-player", "ana")
    seen = Hit("file-deleted", Level.FINE, 1, (1911,), {}, ("T1070.004",), milder=True)
    return Finding(music, Level.FINE, (seen,))


START_HELPER = StartEntry(
    Place.LOGIN, "xdg-autostart", "/home/ana/.config/autostart/typing-helper.desktop",
    "typing-helper", "/opt/example/typing-helper --quiet", target="/opt/example/typing-helper",
    target_exists=True, target_owner=None, owner=None, user="ana",
    changed=(NOW - timedelta(days=9)).timestamp(),
)  # fmt: skip


def starts() -> tuple[Autostart, ...]:
    def owned(place: Place, name: str, source: str, target: str, owner: str) -> Autostart:
        entry = StartEntry(
            place, "unit", source, name, target, target=target, target_exists=True,
            target_owner=owner, owner=owner,
        )  # fmt: skip
        return Autostart(entry, Level.FINE, ())

    units = "/usr/lib/systemd/system"
    services = [
        owned(Place.SERVICE, f"{package}.service", f"{units}/{package}.service", path, package)
        for _, path, package, user in ORDINARY
        if user != "ana"
    ]
    timers = [
        owned(Place.TIMER, f"{name}.timer", f"{units}/{name}.timer", f"/usr/bin/{name}", name)
        for name in ("fstrim", "man-db", "logrotate")
    ]
    logins = [
        owned(Place.LOGIN, name, f"/etc/xdg/autostart/{name}.desktop", f"/usr/bin/{name}", name)
        for name in ("orca", "tracker-miner-fs")
    ]
    return (*services, *timers, *logins, Autostart(START_HELPER, Level.ASK, (), new=True))


def checks() -> tuple[Check, ...]:
    """Answers of this computer, three of them not fine."""
    fine = ("auto-login", "admin", "updates", "shares")
    return (
        Check("encryption", Answer.LOOK),
        Check("saved-logins", Answer.LOOK, facts={"count": 31, "names": "Firefox"}),
        Check("firewall", Answer.UNREAD),
        Check("screen-lock", Answer.FINE, facts={"count": 5}),
        *(Check(key, Answer.FINE) for key in fine),
    )


def scan_of(
    *findings: Finding, limits: Iterable[Limit] = (), baseline: datetime | None = BASELINE
) -> Scan:
    """A look at an ordinary computer, and at what the findings are about."""
    ranked = sorted(findings, key=lambda each: -list(Level).index(each.level))
    programs = tuple(
        sorted(
            (*ordinary(), hidden(), *(each.program for each in findings)),
            key=lambda each: each.name.casefold(),
        )
    )
    return Scan(
        system=System.LINUX, taken=NOW, looked_at=len(programs), kernel_threads=1, partly_seen=1,
        programs=programs, findings=tuple(ranked),
        not_seen=(NotSeen("reads-keyboard", Unknown.DENIED, (1740,), 1),),
        limits=tuple(limits), running=tuple(running(programs)), autostart=starts(),
        autostart_seen=True, unread=("/etc/sudoers.d",), posture=checks(), baseline=baseline,
    )  # fmt: skip


def running(programs: tuple[Program, ...]) -> Iterable[Running]:
    """systemd starts all but what the person's own session starts."""
    yield Running(2, 0, "kthreadd", "root", None, None)
    for number, each in enumerate(programs):
        pid = each.pids[0]
        parent = 0 if pid == 400 else SHELL_PID if pid > SHELL_PID else 400
        yield Running(pid, parent, each.name[:15], each.users[0], number, each.started)


def questions_scan() -> Scan:
    return scan_of(asking(), acting(), explained())


def explanation_of(finding: Finding) -> Explanation:
    def process(pid: int, name: str) -> Process:
        return Process(pid, 1, name)

    me = replace(
        process(finding.program.pids[0], "update"), argv=("bash", "-i"), folder="/tmp/.cache-x",
        sockets=(STREAM,), terminal=None,
    )  # fmt: skip
    above = (process(421, "gnome-shell"), process(400, "systemd"))
    return Explanation(me, finding.program, above, finding, (), finding.entries)


def known_helper() -> Known:
    return Known(
        "typing-helper", ("reads-keyboard",), "/opt/example/typing-helper", None, None, None,
        NOW - timedelta(days=2),
    )  # fmt: skip


def page_of(studio: Studio) -> ProcessesPage:
    page = studio.show("processes")
    assert isinstance(page, ProcessesPage)
    return page


def shown(studio: Studio, scan: Scan) -> ProcessesPage:
    page = page_of(studio)
    page.show_look(lay_out(studio.guardian.words, scan))
    studio.settle(lambda: not page.views.busy)
    return page


def in_view(studio: Studio, page: ProcessesPage, widget: QWidget) -> None:
    studio.settle(lambda: not page.views.busy)
    page.views.area.ensureWidgetVisible(widget, 0, 60)
    studio.settle()


def to_the_end(studio: Studio, page: ProcessesPage) -> None:
    studio.settle(lambda: not page.views.busy)
    bar = page.views.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    studio.settle()


def empty(studio: Studio) -> None:
    page_of(studio)


def streaming(studio: Studio) -> None:
    """The first look under way, with its first finding."""
    page = page_of(studio)
    job = Job(page)
    page.follow(job)
    job.progressed.emit(118, 312, message("processes.working.reading"))
    page.show_part(Shown(scan_of(acting(), baseline=None)))
    studio.settle(lambda: not page.views.busy)


def questions(studio: Studio) -> None:
    shown(studio, questions_scan())


def advised(studio: Studio) -> None:
    """What to do about a program that may watch: first the calm notice, ending it last."""
    studio.features.processes.endable = lambda _program: True
    page = shown(studio, scan_of(asking()))
    card = page.views.findings.cards[0]
    card.advice.button.click()
    in_view(studio, page, card.advice.part)


def unfolded(studio: Studio) -> None:
    studio.features.processes.explain = lambda _pid, _report: explanation_of(acting())
    page = shown(studio, scan_of(acting()))
    card = page.views.findings.cards[0]
    card.advice.button.click()
    card.more.button.click()
    in_view(studio, page, card.copy)


def nothing(studio: Studio) -> None:
    """Nothing worth a question, what is known, and what could not be seen."""
    page = shown(studio, scan_of(limits=(Limit.INSIDE_CONTAINER,), baseline=None))
    page.views.known.show_known((known_helper(),))
    page.views.known.fold.button.click()
    page.views.gaps.fold.toggle()
    studio.settle(lambda: not page.views.busy)


def trial_of() -> SelfTest:
    examples = (
        Example("temporary", True, True), Example("open-port", True, True),
        Example("hidden-folder", True, False), Example("debugging-port", False, False),
    )  # fmt: skip
    return SelfTest(examples, scan_of())


def ways(studio: Studio) -> None:
    page = shown(studio, scan_of())
    page.views.ways.show_refusal(None)
    page.views.ways.show_trial(trial.tell(studio.guardian.words, trial_of()))
    to_the_end(studio, page)


def tree(studio: Studio) -> None:
    page = shown(studio, questions_scan())
    page.views.show_view("runs")
    listing = page.views.listing
    listing.search.setText("ana")
    listing.rows.choose_first()
    listing.rows.opened.emit(listing.rows.current_key())
    studio.settle()


def autostart(studio: Studio) -> None:
    page = shown(studio, questions_scan())
    page.views.show_view("starts")
    studio.settle()


def posture(studio: Studio) -> None:
    page = shown(studio, questions_scan())
    page.views.show_view("computer")
    studio.settle()


def remembered(studio: Studio) -> None:
    """After a restart, with a problem on top."""
    before = NOW - timedelta(days=3)
    scan = replace(scan_of(asking()), taken=before, programs=(), running=())
    page = shown(studio, scan)
    page.notice.show_problem(Problem("content-bad", file="rules.json", reason="line 12"))
    studio.settle()


SCENES = (
    Scene("processes-empty", empty),
    Scene("processes-streaming", streaming),
    Scene("processes-questions", questions),
    Scene("processes-advised", advised),
    Scene("processes-unfolded", unfolded),
    Scene("processes-nothing", nothing),
    Scene("processes-ways", ways),
    Scene("processes-tree", tree),
    Scene("processes-autostart", autostart),
    Scene("processes-posture", posture),
    Scene("processes-remembered", remembered),
)
