"""The sign in the tray: once a day, in neutral words, and gone as soon as the person says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guardian.checkup.model import Every, Rhythm
from guardian.core import autostart
from guardian.core.paths import find_paths
from guardian.core.profiles import Colour, Kind, add_profile, paths_of
from guardian.core.settings import Settings, load_settings, save_settings
from guardian.core.words import Words
from guardian.ui import remind
from guardian.ui.kit.icon import icon
from guardian.ui.tray import Reminders, Tray
from tests.scenes.studio import NOW, Studio, open_studio

SUNDAY = datetime(2026, 11, 1, 18, tzinfo=UTC)


class CountingTray(Tray):
    shown = 0
    resting = True

    def remind(self) -> None:
        super().remind()
        self.shown += 1
        self.resting = False

    def rest(self) -> None:
        super().rest()
        self.resting = True


@dataclass
class Kept:
    rhythm: Rhythm
    now: datetime = SUNDAY
    last: date | None = None
    planned: date | None = None


@pytest.fixture
def kept() -> Kept:
    return Kept(Rhythm(Every.MONTHLY, begun=date(2026, 1, 1)))


@pytest.fixture
def tray(qtbot: QtBot) -> Iterator[CountingTray]:
    parent = QObject()
    tray = CountingTray(parent, Words(), icon("guardian"))
    yield tray
    tray.close()
    parent.deleteLater()


@pytest.fixture
def reminders(tray: CountingTray, kept: Kept) -> Iterator[Reminders]:
    made = Reminders(
        tray,
        lambda: kept.now,
        lambda: (kept.rhythm, kept.last),
        lambda rhythm: setattr(kept, "rhythm", rhythm),
        lambda work, done: done(work()),
    )
    made.planned.connect(lambda day: setattr(kept, "planned", day))
    made.start()
    yield made
    made.stop()


def test_it_shows_once_a_day(reminders: Reminders, tray: CountingTray, kept: Kept) -> None:
    reminders.look()
    assert tray.shown == 1
    kept.now += timedelta(days=1)
    reminders.look()
    assert tray.shown == 2


def test_it_goes_once_the_person_sat_down(
    reminders: Reminders, tray: CountingTray, kept: Kept
) -> None:
    kept.last = SUNDAY.date()
    reminders.look()
    assert tray.resting
    assert kept.planned == date(2026, 12, 6)


@pytest.mark.parametrize(("entry", "days"), [(1, 1), (2, 7), (3, 30)])
def test_it_waits_as_long_as_it_is_told(
    reminders: Reminders, tray: CountingTray, kept: Kept, entry: int, days: int
) -> None:
    tray._menu.actions()[entry].trigger()
    assert tray.resting
    assert kept.planned == SUNDAY.date() + timedelta(days=days)


def test_no_more_reminders_is_kept(reminders: Reminders, tray: CountingTray, kept: Kept) -> None:
    tray._menu.actions()[4].trigger()
    assert kept.rhythm.quiet and tray.resting
    assert kept.planned is None


def test_its_words_are_neutral(tray: CountingTray) -> None:
    tray.remind()
    shown = [action.text() for action in tray._menu.actions()] + [tray._icon.toolTip()]
    assert not [text for text in shown if "uardian" in text or "rivacy" in text]


def settings_on(day: str, *, wanted: bool = True) -> Settings:
    return replace(Settings(), remind_at_login=wanted, remind_on=day)


@pytest.mark.parametrize(
    ("settings", "comes"),
    [
        (settings_on("2026-11-01"), True),
        (settings_on("2026-10-04"), True),
        (settings_on("2026-11-02"), False),
        (settings_on("2026-11-01", wanted=False), False),
        (settings_on(""), False),
        (settings_on("soon"), False),
    ],
)
def test_at_log_in_only_the_day_is_asked(settings: Settings, comes: bool) -> None:
    paths = find_paths()
    save_settings(paths.settings_file, settings)
    assert bool(remind.find_waiting(paths, SUNDAY.date())) is comes


def test_at_log_in_it_can_be_put_off(guardian_home: Path) -> None:
    paths = find_paths()
    save_settings(paths.settings_file, settings_on("2026-11-01"))
    waiting = remind.find_waiting(paths, SUNDAY.date())
    remind.put_off(waiting, date(2026, 12, 1))
    assert not remind.find_waiting(paths, SUNDAY.date())
    assert load_settings(paths.settings_file)[0].remind_on == "2026-12-01"


def test_at_log_in_no_more_reminders_leaves_nothing_that_starts(guardian_home: Path) -> None:
    paths = find_paths()
    ben = add_profile(paths, "Ben", Colour.BLUE, Kind.PERSON, ["cold tea at noon"])
    his = paths_of(paths, ben).settings_file
    save_settings(paths.settings_file, settings_on("2026-11-01"))
    save_settings(his, settings_on("2026-12-01"))
    autostart.turn_on("Guardian")
    remind.silence(paths, remind.find_waiting(paths, SUNDAY.date()))
    assert not load_settings(paths.settings_file)[0].remind_on
    assert autostart.is_on(), "Ben still wants it"
    remind.silence(paths, remind.find_waiting(paths, date(2026, 12, 1)))
    assert not autostart.is_on()
    assert not load_settings(his)[0].remind_at_login


@pytest.fixture
def studio(qapp: QApplication, tmp_path: Path) -> Iterator[Studio]:
    with open_studio(qapp, tmp_path / "studio") as made:
        yield made


def test_the_setting_keeps_the_entry_and_the_day(studio: Studio) -> None:
    studio.start()
    studio.features.checkup.set_rhythm(
        Rhythm(Every.WEEKLY, "after tea", weekday=6, begun=NOW.date())
    )
    preferences = studio.guardian.preferences
    preferences.change(remind_at_login=True)
    studio.settle(lambda: bool(preferences.settings.remind_on))
    assert preferences.settings.remind_on == "2026-11-22"
    assert autostart.is_on()
    kept = (studio.guardian.paths.settings_file).read_text("utf-8")
    assert "tea" not in kept  # the day, and nothing of the rhythm
    preferences.change(remind_at_login=False)
    studio.settle(lambda: not preferences.settings.remind_on)
    assert not autostart.is_on()


def test_a_sitting_that_is_due_is_told_while_guardian_runs(studio: Studio) -> None:
    studio.start()
    tray = studio.guardian.reminding._tray
    assert tray is not None
    shown: list[str] = []
    tray.remind = lambda: shown.append("reminded")  # type: ignore[method-assign]
    studio.features.checkup.set_rhythm(Rhythm(Every.MONTHLY, begun=date(2026, 1, 1)))
    reminders = studio.guardian.reminding._reminders
    assert reminders is not None
    reminders.look()
    studio.settle(lambda: bool(shown))
    studio.features.checkup.record()
    reminders.look()
    studio.settle()
    assert shown == ["reminded"]


def test_after_a_lock_the_sign_still_comes_at_its_moment(studio: Studio) -> None:
    studio.start()
    studio.features.checkup.set_rhythm(Rhythm(Every.WEEKLY, weekday=6, hour=17, begun=NOW.date()))
    reminding = studio.guardian.reminding
    assert reminding._reminders is not None
    reminding._reminders.look()
    studio.settle(lambda: reminding.moment is not None)
    studio.guardian.lock()
    assert studio.guardian.store is None, "the moment is all that is remembered"
    shown: list[str] = []
    reminding._tray.remind = lambda: shown.append("reminded")
    reminding._look_at_clock()
    assert not shown
    reminding._clock = lambda: NOW + timedelta(days=1)
    reminding._look_at_clock()
    assert shown == ["reminded"]


def test_after_a_quick_exit_nothing_comes(studio: Studio) -> None:
    studio.start()
    studio.features.checkup.set_rhythm(Rhythm(Every.WEEKLY, begun=NOW.date()))
    studio.guardian.guard.vanish()
    assert studio.guardian.reminding._tray is None
