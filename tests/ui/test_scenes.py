"""Every state of every page: as drawn before, named for screen readers, and never cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from guardian.core.settings import TextSize, Theme
from guardian.ui.kit.dialog import Dialog
from guardian.ui.theme import THEMES
from tests.scenes import IN_EVERY_THEME, SCENES
from tests.scenes.inspection import (
    DoubledWords,
    clipped,
    install_doubling,
    nameless,
    out_of_order,
    unreachable,
    wider_than_room,
)
from tests.scenes.scene import Scene
from tests.scenes.studio import SIZE, Studio, open_studio

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
DIFFERENT = 8  # of 255, in one channel: more than rounding
SMALL = (760, 560)
ALLOWED = 0.00003  # of all pixels: less than one letter


@pytest.fixture
def redraw(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--redraw"))


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels that differ visibly; 1 for different sizes."""
    if one.size() != other.size():
        return 1.0
    one = one.convertToFormat(QImage.Format.Format_RGB32)
    other = other.convertToFormat(QImage.Format.Format_RGB32)
    a, b = bytes(one.constBits()), bytes(other.constBits())
    if a == b:
        return 0.0
    pairs = zip(memoryview(a), memoryview(b), strict=True)
    return sum(abs(x - y) > DIFFERENT for x, y in pairs) / (len(a) / 4)


def against_golden(image: QImage, name: str, redraw: bool, tmp_path: Path) -> list[str]:
    file = GOLDEN / f"{name}.png"
    if redraw:
        GOLDEN.mkdir(exist_ok=True)
        if not file.exists() or difference(image, QImage(str(file))) > 0:
            image.save(str(file))
        return []
    if not file.exists():
        return [f"no golden picture {file.name}; draw it with --redraw"]
    share = difference(image, QImage(str(file)))
    if share <= ALLOWED:
        return []
    seen = tmp_path / f"{name}.png"
    image.save(str(seen))
    return [f"{file.name} looks different ({share:.2%} of the pixels); seen: {seen}"]


def test_every_golden_picture_belongs_to_a_scene() -> None:
    names = {scene.name for scene in SCENES}
    assert names >= IN_EVERY_THEME
    assert {file.stem.rsplit("-", 1)[0] for file in GOLDEN.iterdir()} == names


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_looks_as_drawn_and_can_be_used(
    scene: Scene, qapp: QApplication, tmp_path: Path, redraw: bool
) -> None:
    problems: list[str] = []
    with open_studio(qapp, tmp_path / "studio") as studio:
        studio.start(welcomed=scene.welcomed)
        shown = scene.prepare(studio) or studio.window
        studio.dress(Theme.LIGHT)
        # restyling is what takes the time here, so each look is put on once
        for theme in THEMES if scene.name in IN_EVERY_THEME else (Theme.LIGHT,):
            if theme is not Theme.LIGHT:
                studio.dress(theme)
            image = studio.picture(shown).toImage()
            problems += against_golden(image, f"{scene.name}-{theme}", redraw, tmp_path)
        for inspect in (nameless, out_of_order, unreachable, clipped):
            problems += inspect(shown)
        problems += sticking_out(studio, SMALL)
        studio.dress(Theme.LIGHT, TextSize.LARGER)
        problems += sticking_out(studio, SIZE)
        if isinstance(shown, Dialog):
            shown.fit()  # as when it opens; the text size cannot change while it is open
            studio.rest()
        problems += [f"at 150 %: {problem}" for problem in clipped(shown)]
        problems += studio.stray.seen
    assert not problems, "\n".join(problems)


def sticking_out(studio: Studio, size: tuple[int, int]) -> list[str]:
    """What is wider than its room when the window has this size."""
    studio.window.resize(*size)
    studio.rest()
    return [f"{size[0]} wide: {one}" for one in wider_than_room(studio.window)]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_has_room_for_words_twice_as_long(
    scene: Scene, qapp: QApplication, tmp_path: Path
) -> None:
    translator = install_doubling(qapp)
    try:
        with open_studio(qapp, tmp_path / "studio", DoubledWords()) as studio:
            studio.start(welcomed=scene.welcomed)
            shown = scene.prepare(studio) or studio.window
            studio.dress(Theme.LIGHT)
            problems = clipped(shown)
    finally:
        qapp.removeTranslator(translator)
    assert not problems, "\n".join(problems)
