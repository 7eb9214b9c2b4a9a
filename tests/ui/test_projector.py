"""The projector view: every page fits the wall, keys lead it, and real records stay away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from guardian.core import meeting
from guardian.core.errors import Problem
from guardian.core.settings import TextSize, Theme
from guardian.core.words import Words
from guardian.demo.place import Place, make_place, sweep
from guardian.demo.service import Demo
from guardian.ui import theme
from guardian.ui.apart import PROJECTING, Records, Wall, mine
from guardian.ui.demo_app import tell_banner
from guardian.ui.kit.button import Button
from guardian.ui.kit.page import Column, Page, SearchField, Tall, scrolling
from guardian.ui.kit.rail import Rail
from guardian.ui.kit.text import Text
from guardian.ui.kit.working import Working
from guardian.ui.people.who import WhoPage
from guardian.ui.projector import Projector
from guardian.ui.theme import CONTRAST, HEADS, PROJECTED, make_look
from guardian.ui.window import Tab, Window
from tests.scenes import demo
from tests.scenes.inspection import clipped, wider_than_room
from tests.scenes.studio import NOW, Studio, open_studio
from tests.ui.test_theme import TEXT_PAIRS, contrast
from tests.ui.wall_room import WALKS, dialogs, sights

WALL = (1920, 1080)
FAR = 7.0  # contrast, for the last row
POINT = 96 / 72  # pixels
# what schools have hangs there too; in larger letters that one is scrolled sideways here and there
WALLS = (
    (WALL, TextSize.NORMAL),
    (WALL, TextSize.LARGER),
    ((1280, 720), TextSize.NORMAL),
    ((1024, 768), TextSize.NORMAL),
)
LIVING = """
import sys, time
from pathlib import Path
from guardian.ui.apart import Records, Wall
place = Path(sys.argv[2])
sign = Records(place) if sys.argv[1] == "records" else Wall(place / "guardian-demo-x", place)
print(sign.announce(), flush=True)
time.sleep(60)
"""
MEETING = """
import sys
from guardian.demo.service import begin
from guardian.ui.apart import Records, Wall

def show(sign):
    print(sign.announce(), flush=True)
    sys.stdin.read()
    sign.withdraw()
    return 0

if sys.argv[1] == "real":
    show(Records())
else:
    begin(lambda demo: show(Wall(demo.place.folder, demo.place.meeting)), print)
"""
find_meeting_place = meeting.meeting_place  # before each test puts another in its place


@pytest.fixture
def at_the_end(qapp: QApplication) -> Iterator[None]:
    yield
    theme.project(qapp, on=False)
    theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)


def press(widget: QWidget, key: Qt.Key, qtbot: QtBot, *held: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(widget, key, *held)


def projector_of(studio: Studio) -> Projector:
    guardian, place = studio.guardian, studio.folder / "no-one-else"
    folder = place / "guardian-demo-x"
    folder.mkdir(parents=True, exist_ok=True)
    return Projector(studio.window, guardian.words, guardian.dress, Wall(folder, place))


# every sight


def test_all_that_can_be_shown_fits_the_wall_a_small_one_and_larger_letters(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_the_end: None
) -> None:
    monkeypatch.setenv("GUARDIAN_DEMO", "1")
    problems: list[str] = []
    with open_studio(qapp, tmp_path / "studio") as studio:
        studio.start()
        demo.enter(studio)
        assert tuple(studio.window.rail.keys) == tuple(WALKS)
        talk(studio)
        projector = projector_of(studio)
        studio.window.resize(*WALL)
        projector.turn_on()
        for wall, size in WALLS:
            studio.guardian.preferences.change(text_size=size)
            studio.window.resize(*wall)
            studio.rest()
            where = f"{wall[0]}x{wall[1]}, {size.value} %"
            for name in sights(studio):
                found = [*faults(studio.window.stack.currentWidget()), *around(studio.window, wall)]
                problems += [f"{where}, {name}: {one}" for one in found]
            for dialog in dialogs(studio) if wall == WALL else ():
                found = [*faults(dialog), *too_large(dialog)]
                problems += [f"{where}, {type(dialog).__name__}: {one}" for one in found]
        projector.turn_off()
        studio.rest()
        assert theme.look().projected is False
        projector.close()
        problems += studio.stray.seen
    assert not problems, "\n".join(problems)


def talk(studio: Studio) -> None:
    """The word above all pages, which is longest over the vault."""
    place = Place(studio.folder / "demo", -1)
    said = partial(tell_banner, studio.guardian.words, Demo(place, lambda: NOW))
    studio.window.page_shown.connect(lambda key: studio.window.show_banner(said(key)))


def faults(window: QWidget) -> list[str]:
    return [*clipped(window), *wider_than_room(window), *small(window)]


def around(window: Window, wall: tuple[int, int]) -> Iterator[str]:
    """The same of what stands around the page, and whether the window went beyond the wall."""
    yield from faults(window._banner)
    yield from squeezed(window.rail)
    if window.size().toTuple() != wall or window.minimumSizeHint().width() > wall[0]:
        yield f"the window grew to {window.size().toTuple()} or more"


def too_large(dialog: QDialog) -> Iterator[str]:
    screen = dialog.screen().availableGeometry().size()
    if dialog.width() > screen.width() or dialog.height() > screen.height():
        yield f"{dialog.size().toTuple()} is larger than the screen"


def squeezed(rail: Rail) -> Iterator[str]:
    """Icons that lie over each other."""
    buttons = [one for one in rail.findChildren(Button) if one.isVisibleTo(rail)]
    buttons.sort(key=lambda one: one.y())
    for one, other in pairwise(buttons):
        if one.geometry().intersects(other.geometry()):
            yield f"{one.accessibleName()} lies over {other.accessibleName()}"


def small(window: QWidget) -> Iterator[str]:
    """Words that the last row could not read."""
    for label in window.findChildren(QLabel):
        if label.isVisibleTo(window) and label.text().strip():
            head = isinstance(label, Text) and label.role in HEADS
            least = round((36 if head else 24) * POINT)
            if label.font().pixelSize() < least:
                yield f"“{label.text()[:30]}” is {label.font().pixelSize()} pixels high"


# the look


@pytest.mark.parametrize("name", PROJECTED)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_all_text_on_the_wall_has_a_contrast_of_seven_to_one(
    name: Theme, ink: str, ground: str
) -> None:
    colours = PROJECTED[name]
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= FAR


def test_the_text_size_of_the_person_counts_on_the_wall_too() -> None:
    assert make_look(Theme.DARK, TextSize.NORMAL, projected=True).scale == pytest.approx(2.15)
    larger = make_look(Theme.CONTRAST, TextSize.LARGER, projected=True)
    assert larger.scale == pytest.approx(3.225)
    assert larger.tokens is CONTRAST


@pytest.mark.parametrize("name", PROJECTED)
def test_the_ring_around_the_focus_is_thick_and_nothing_moves(name: Theme) -> None:
    filled = theme.style_sheet(make_look(name, TextSize.NORMAL, projected=True))
    assert "$" not in filled
    assert "QPushButton:focus { border: 6px solid" in filled
    assert "widget-animation-duration: 0" in filled
    assert "6px solid" not in theme.style_sheet(make_look(name, TextSize.NORMAL))


def test_the_hint_in_an_empty_field_can_be_read_from_afar(
    qapp: QApplication, qtbot: QtBot, at_the_end: None
) -> None:
    theme.project(qapp, on=True)
    theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)
    field = SearchField("Search by name")
    qtbot.addWidget(field)
    field.show()
    hint = field.palette().placeholderText().color()
    assert hint.alpha() == 255  # Qt pales it by half where the style sheet says nothing
    assert contrast(hint.name(), theme.tokens().card) >= FAR


def test_a_bar_of_work_stands_still_on_the_wall(
    qapp: QApplication, qtbot: QtBot, at_the_end: None
) -> None:
    for on in (False, True):
        theme.project(qapp, on=on)
        theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)
        working = Working(Words())
        qtbot.addWidget(working)
        working.show_progress(0, 0, None)
        bar = working.findChild(QProgressBar)
        assert (bar.maximum() == 0) is not on  # without a maximum it runs to and fro


# its keys


@pytest.fixture
def shown(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, at_the_end: None
) -> Iterator[tuple[Window, Projector]]:
    words = Words()
    window = Window(words)
    window.show_banner("DEMO")
    folder = tmp_path / "guardian-demo-x"
    folder.mkdir()

    def dress() -> None:
        theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)

    projector = Projector(window, words, dress, Wall(folder, tmp_path))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: qapp.activeWindow() is window)
    yield window, projector
    projector.close()
    window.close()
    window.deleteLater()


def test_ctrl_p_and_the_button_turn_it_on_and_off(
    shown: tuple[Window, Projector], qtbot: QtBot
) -> None:
    window, projector = shown
    press(window, Qt.Key.Key_P, qtbot, Qt.KeyboardModifier.ControlModifier)
    assert projector.on
    assert theme.look().projected
    projector.button.click()
    assert not projector.on
    assert not theme.look().projected


def test_b_turns_the_screen_black_and_back_but_not_while_typing(
    shown: tuple[Window, Projector], qtbot: QtBot
) -> None:
    window, projector = shown
    press(window, Qt.Key.Key_B, qtbot)
    assert projector.blank is None  # it is not on yet
    projector.turn_on()
    press(window, Qt.Key.Key_B, qtbot)
    blank = projector.blank
    assert blank is not None
    assert blank.isVisible()
    assert blank.grab().toImage().pixelColor(5, 5) == Qt.GlobalColor.black
    press(blank, Qt.Key.Key_B, qtbot)
    assert projector.blank is None
    field = QLineEdit()
    window.stack.addWidget(field)
    window.stack.setCurrentWidget(field)
    field.setFocus()
    press(field, Qt.Key.Key_B, qtbot)
    assert projector.blank is None
    assert field.text() == "b"


def test_f11_fills_the_screen_and_gives_it_back(
    shown: tuple[Window, Projector], qtbot: QtBot
) -> None:
    window, projector = shown
    projector.turn_on()
    press(window, Qt.Key.Key_F11, qtbot)
    assert window.isFullScreen()
    press(window, Qt.Key.Key_F11, qtbot)
    assert not window.isFullScreen()


def test_arrows_and_page_keys_scroll_what_is_seen(
    shown: tuple[Window, Projector], qtbot: QtBot
) -> None:
    window, projector = shown
    page = Page("A long page")
    page.content.addWidget(scrolling(*(Text(f"Line {number}") for number in range(80))))
    window.set_tabs([Tab("long", "lessons", lambda: page), Tab("other", "lessons", Page)])
    window.show_page("long")
    projector.turn_on()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: page.findChild(Column).verticalScrollBar().maximum() > 0)
    page.setFocus()
    bar = page.findChild(Column).verticalScrollBar()
    press(window, Qt.Key.Key_Down, qtbot)
    first = bar.value()
    press(window, Qt.Key.Key_PageDown, qtbot)
    assert 0 < first < bar.value()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp):
        press(window, key, qtbot)
    assert bar.value() == 0


def test_what_is_too_wide_scrolls_sideways_with_the_arrows(
    shown: tuple[Window, Projector], qtbot: QtBot
) -> None:
    window, projector = shown
    page, broad = Page("A broad page"), Text("One word")
    broad.setMinimumWidth(3000)
    page.content.addWidget(broad)
    window.set_tabs([Tab("broad", "lessons", lambda: page), Tab("other", "lessons", Page)])
    window.show_page("broad")
    projector.turn_on()
    window.resize(1280, 720)
    bar = page.findChild(Tall).horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1000)
    assert window.width() == 1280
    page.setFocus()
    press(window, Qt.Key.Key_Right, qtbot)
    press(window, Qt.Key.Key_Right, qtbot)
    far = bar.value()
    press(window, Qt.Key.Key_Left, qtbot)
    assert 0 < bar.value() < far
    assert projector.on
    projector.turn_off()
    qtbot.waitUntil(lambda: page.findChild(Tall) is None)


def test_in_little_room_the_banner_breaks_and_the_icons_shrink_and_both_come_back(
    shown: tuple[Window, Projector], qtbot: QtBot
) -> None:
    window, projector = shown
    tabs = [Tab(key, "lessons", partial(Page, "A page")) for key in WALKS]
    window.set_tabs(tabs)
    window.show_page(tabs[0].key)
    projector.turn_on()
    word, button = window._banner_text, projector.button
    for size, below in (((1920, 1080), False), ((1024, 600), True), ((1920, 1080), False)):
        window.resize(*size)
        qtbot.waitUntil(lambda below=below: (button.y() >= word.geometry().bottom()) is below)
        qtbot.waitUntil(lambda: not list(squeezed(window.rail)))
    assert window.rail.sizeHint().height() <= window.rail.height()


# nothing real beside it


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such folder")
def test_they_meet_in_the_runtime_folder_where_it_is_this_persons_alone(tmp_path: Path) -> None:
    own, open_to_all = tmp_path / "own", tmp_path / "open"
    own.mkdir(mode=0o700)
    open_to_all.mkdir()
    open_to_all.chmod(0o755)
    elsewhere = Path(tempfile.gettempdir())
    for named, place in (
        (str(own), own), (str(open_to_all), elsewhere), ("own", elsewhere), ("", elsewhere),
        (str(tmp_path / "gone"), elsewhere), ("/", elsewhere), ("/\0", elsewhere),
    ):  # fmt: skip
        assert find_meeting_place({"XDG_RUNTIME_DIR": named}) == place
    assert find_meeting_place({}) == elsewhere


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such folder")
@pytest.mark.parametrize(("first", "second"), [("real", "demo"), ("demo", "real")])
def test_they_find_each_other_though_their_temporary_folders_differ(
    tmp_path: Path, first: str, second: str
) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    with begin(first, tmp_path) as one:
        assert one.stdout.readline().strip() == "True"
        with begin(second, tmp_path) as other:
            assert other.stdout.readline().strip() == "False"
            other.stdin.close()
        one.stdin.close()
    with begin(second, tmp_path) as other:
        assert other.stdout.readline().strip() == "True"
        other.stdin.close()
    assert not list(run.iterdir()), "nothing is left lying about"
    assert not list(tmp_path.glob("tmp-*/guardian*"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only age tells")
def test_the_way_to_a_demonstration_that_was_killed_is_swept_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    killed, alive = make_place(), make_place()
    os.close(killed._lock)  # as the system does for a process that ends
    ways = [tmp_path / one.folder.name for one in (killed, alive)]
    assert all(way.is_symlink() for way in ways)
    assert sweep() == 1
    assert [way.is_symlink() for way in ways] == [False, True]
    alive.wipe()
    assert not list(tmp_path.glob("guardian-demo-*"))


def begin(who: str, folder: Path) -> subprocess.Popen[str]:
    """A real window or a sealed demonstration of its own process, until its input ends."""
    temporary = folder / f"tmp-{who}"
    temporary.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(MEETING), who],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={
            **os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(temporary),
            "XDG_RUNTIME_DIR": str(folder / "run"),
        },
    )  # fmt: skip


def test_real_records_keep_the_projector_off_and_are_kept_shut_by_it(tmp_path: Path) -> None:
    folder = tmp_path / "guardian-demo-x"
    folder.mkdir()
    records, wall = Records(tmp_path), Wall(folder, tmp_path)
    assert records.announce()
    assert not wall.announce()
    assert not (folder / PROJECTING).exists()
    records.withdraw()
    assert wall.announce()
    assert not records.announce()
    assert not list(mine(tmp_path, "guardian-open-*"))
    wall.withdraw()
    assert records.announce()
    records.withdraw()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
@pytest.mark.parametrize("who", ["records", "wall"])
def test_a_sign_counts_between_processes_and_not_after_its_process_was_killed(
    tmp_path: Path, who: str
) -> None:
    folder = tmp_path / "guardian-demo-x"
    folder.mkdir()
    other = Wall(folder, tmp_path) if who == "records" else Records(tmp_path)
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LIVING), who, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        assert not other.announce()
        process.kill()
    assert other.announce()
    other.withdraw()


def test_a_real_window_stays_shut_while_a_projector_is_on(
    qapp: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "guardian-demo-x"
    folder.mkdir()
    wall = Wall(folder, tmp_path)
    with open_studio(qapp, tmp_path / "studio") as studio:
        assert wall.announce()
        studio.window.show()
        studio.guardian.open_records()
        studio.settle(lambda: isinstance(studio.window.stack.currentWidget(), WhoPage))
        page = studio.window.stack.currentWidget()
        assert studio.features is None
        assert any("on a projector now" in one.text() for one in page.findChildren(Text))
        wall.withdraw()
        page.tiles[0].click()
        studio.settle(lambda: studio.features is not None)
        with pytest.raises(Problem, match="projector-records-open"):
            projector_at(studio, wall).turn_on()
        studio.guardian.leave()
        assert wall.announce()
        wall.withdraw()


def projector_at(studio: Studio, wall: Wall) -> Projector:
    return Projector(studio.window, studio.guardian.words, studio.guardian.dress, wall)
