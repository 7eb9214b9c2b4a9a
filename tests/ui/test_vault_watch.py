"""What locks a vault by itself: nobody there, a locked screen, a computer that goes to sleep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guardian.ui import session_watch
from guardian.ui.session_signs import DESKTOPS, Hear, Sign, encode, signs
from guardian.ui.session_watch import SessionWatch, has_session_bus
from guardian.ui.watch import Watch

MANAGER = "org.freedesktop.login1.Manager"
SESSION = "org.freedesktop.login1.Session"


@dataclass
class FakeBus:
    """A desktop that says what the test lets it say; ``told`` keeps what it was asked."""

    there: bool = True
    told: list[str] = field(default_factory=list)
    signs: tuple[Sign, ...] = ()
    hear: Hear | None = None

    def listen(self, signs: Sequence[Sign], hear: Hear) -> bool:
        self.told.append("listen")
        self.signs, self.hear = tuple(signs), hear
        return self.there

    def delay_sleep(self) -> None:
        self.told.append("delay")

    def let_sleep(self) -> None:
        self.told.append("let")

    def say(self, interface: str, member: str, *arguments: Any) -> None:
        assert self.hear is not None
        self.hear(interface, member, arguments)


@dataclass
class Post:
    """A watch with a clock that stands still and a desktop that is not real."""

    owner: QObject
    bus: FakeBus
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 19, 0, tzinfo=UTC))
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = Watch(
            self.owner, lambda: self.now, lambda: 10, SessionWatch(self.owner, lambda: self.bus)
        )
        self.watch.idle.connect(lambda: self.lock("idle"))
        self.watch.slept.connect(lambda: self.lock("slept"))
        self.watch.screen_locked.connect(lambda: self.lock("screen"))
        self.watch.asked_lock.connect(lambda: self.lock("asked"))

    def lock(self, why: str) -> None:
        self.heard.append(why)
        self.watch.stop()
        self.bus.told.append("locked")

    def sit(self, minutes: float) -> None:
        """Time passes with the computer on and nobody there."""
        for _ in range(int(minutes * 12)):
            self.now += timedelta(seconds=5)
            if not self.heard:
                self.watch.look()

    def touch(self) -> None:
        place = QPointF(3, 3)
        move = QMouseEvent(
            QEvent.Type.MouseMove, place, place, Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(self.owner, move)


@pytest.fixture
def post(qtbot: QtBot) -> Iterator[Post]:
    owner = QWidget()
    qtbot.addWidget(owner)
    made = Post(owner, FakeBus())
    made.watch.start()
    yield made
    made.watch.stop()


def test_ten_minutes_without_a_touch_are_too_long(post: Post) -> None:
    post.sit(9)
    post.touch()
    post.sit(9.5)
    assert post.heard == []
    post.sit(1)
    assert post.heard == ["idle"]


def test_a_sleep_that_nobody_announced_is_noticed_at_the_first_look_after_it(post: Post) -> None:
    post.now += timedelta(minutes=2)
    post.watch.look()
    assert post.heard == ["slept"]


def test_the_first_touch_after_a_sleep_comes_too_late(post: Post) -> None:
    post.now += timedelta(minutes=2)
    post.touch()
    assert post.heard == ["slept"]


def test_a_busy_moment_is_no_sleep(post: Post) -> None:
    post.now += timedelta(seconds=20)
    post.watch.look()
    assert post.heard == []


def test_time_before_the_vault_was_opened_is_no_sleep(post: Post) -> None:
    post.watch.stop()
    post.now += timedelta(hours=3)
    post.watch.start()
    post.watch.look()
    assert post.heard == []


@pytest.mark.parametrize("desktop", DESKTOPS)
def test_a_locked_screen_of_every_desktop_locks(post: Post, desktop: str) -> None:
    post.bus.say(f"org.{desktop}.ScreenSaver", "ActiveChanged", False)
    assert post.heard == []
    post.bus.say(f"org.{desktop}.ScreenSaver", "ActiveChanged", True)
    assert post.heard == ["screen"]


def test_a_wish_to_lock_the_session_locks(post: Post) -> None:
    post.bus.say(SESSION, "Unlock")
    assert post.heard == []
    post.bus.say(SESSION, "Lock")
    assert post.heard == ["screen"]


def test_the_computer_waits_with_its_sleep_until_the_vault_is_locked(post: Post) -> None:
    assert post.bus.told == ["listen", "delay"]
    post.bus.say(MANAGER, "PrepareForSleep", True)
    assert post.heard == ["slept"]
    assert post.bus.told == ["listen", "delay", "locked", "let"]


def test_after_a_sleep_that_locked_nothing_the_next_one_is_delayed_again(post: Post) -> None:
    post.watch.slept.disconnect()
    post.bus.say(MANAGER, "PrepareForSleep", True)
    post.bus.say(MANAGER, "PrepareForSleep", False)
    assert post.bus.told == ["listen", "delay", "let", "delay"]


def test_a_locked_vault_neither_hears_nor_delays_anything(post: Post) -> None:
    post.watch.stop()
    assert post.bus.told[-1] == "let"
    told = list(post.bus.told)
    post.bus.say(MANAGER, "PrepareForSleep", True)
    post.bus.say("org.gnome.ScreenSaver", "ActiveChanged", True)
    assert post.heard == [] and post.bus.told == told


@pytest.mark.parametrize(
    "said",
    [
        (MANAGER, "PrepareForShutdown", True),
        ("org.gnome.ScreenSaver", "WakeUpScreen"),
        ("org.gnome.ScreenSaver", "ActiveChanged"),
        ("org.gnome.ScreenSaver", "ActiveChanged", "true"),
        (SESSION, "PauseDevice", 1, 2, "x"),
    ],
)
def test_other_signals_ask_for_nothing(post: Post, said: tuple[Any, ...]) -> None:
    post.bus.say(*said)
    assert post.heard == []


def test_a_computer_without_a_desktop_bus_is_quiet_and_still_locks_when_idle(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    post = Post(owner, FakeBus(there=False))
    post.watch.start()
    assert not post.watch.session.hears and post.bus.told == ["listen"]
    post.sit(10.5)
    assert post.heard == ["idle"]


def test_nothing_is_connected_before_a_vault_is_open_and_then_once(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    post = Post(owner, FakeBus())
    assert post.bus.told == []
    for _ in range(2):
        post.watch.start()
        post.watch.stop()
    assert post.bus.told.count("listen") == 1
    assert post.watch.session.hears


# from whom


def test_only_logind_is_believed_on_the_system_bus() -> None:
    system = [sign for sign in signs({}) if sign.bus == "system"]
    assert {sign.service for sign in system} == {"org.freedesktop.login1"}
    assert {sign.member for sign in system} == {"PrepareForSleep", "Lock"}


def test_only_the_wish_for_this_session_counts_where_it_has_a_name() -> None:
    paths = {sign.path for sign in signs({"XDG_SESSION_ID": "c2"}) if sign.member == "Lock"}
    assert paths == {"/org/freedesktop/login1/session/c2"}
    paths = {sign.path for sign in signs({}) if sign.member == "Lock"}
    assert paths == {""}


@pytest.mark.parametrize(
    ("name", "path"), [("7", "_37"), ("42", "_342"), ("c2", "c2"), ("a-b", "a_2db")]
)
def test_a_session_is_named_on_the_bus_as_systemd_names_it(name: str, path: str) -> None:
    assert encode(name) == path


def test_a_bus_is_never_started_by_asking_for_it(tmp_path: Path) -> None:
    assert not has_session_bus({})
    assert not has_session_bus({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert has_session_bus({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"})
    (tmp_path / "bus").touch()
    assert has_session_bus({"XDG_RUNTIME_DIR": str(tmp_path)})


def test_a_window_without_a_screen_listens_to_no_desktop(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert qapp.platformName() != "offscreen" or session_watch.find_bus() is None
