"""Colours: readable in every theme, and one style sheet that is complete."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication

from guardian.core.paths import assets
from guardian.core.settings import TextSize, Theme
from guardian.ui import theme
from guardian.ui.theme import THEMES, Look, Tokens

TEXT = 4.5  # WCAG 2.2, 1.4.3
CONTROL = 3.0  # WCAG 2.2, 1.4.11
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "dim", "accent") for ground in ("paper", "card")),
    ("ink", "accent_soft"), ("accent", "accent_soft"), ("dim", "accent_soft"),
    ("on_accent", "accent"), ("on_accent", "accent_hover"),
    *((level, f"{level}_soft") for level in ("fine", "ask", "act")),
    *((level, ground) for level in ("fine", "ask", "act") for ground in ("card", "paper")),
    ("ink", "ask_soft"), ("accent", "ask_soft"), ("card", "ink"),
]  # fmt: skip
CONTROL_PAIRS = [
    (colour, ground) for colour in ("border", "accent") for ground in ("paper", "card")
]


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read(name: Theme, ink: str, ground: str) -> None:
    colours = THEMES[name]
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= TEXT


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("edge", "ground"), CONTROL_PAIRS)
def test_controls_can_be_seen(name: Theme, edge: str, ground: str) -> None:
    colours = THEMES[name]
    assert contrast(getattr(colours, edge), getattr(colours, ground)) >= CONTROL


def test_high_contrast_is_high() -> None:
    colours = THEMES[Theme.CONTRAST]
    for ink in ("ink", "dim", "accent", "fine", "ask", "act", "border"):
        assert contrast(getattr(colours, ink), colours.paper) >= 7


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_leaves_no_gap_unfilled(name: Theme) -> None:
    filled = theme.style_sheet(Look(name, THEMES[name], 1.25))
    assert "$" not in filled
    for file in re.findall(r"url\(([^)]+)\)", filled):
        assert (assets() / "icons" / file.rsplit("/", 1)[1]).is_file()


def test_every_token_is_a_colour() -> None:
    for colours in THEMES.values():
        for name in Tokens.__dataclass_fields__:
            assert re.fullmatch(r"#[0-9a-f]{6}", getattr(colours, name)), name


def test_the_text_size_reaches_the_fonts(qapp: QApplication) -> None:
    theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)
    usual = theme.font("body").pixelSize()
    theme.apply_look(qapp, Theme.LIGHT, TextSize.LARGER)
    assert theme.font("body").pixelSize() == round(usual * 1.5)
    assert qapp.font().family() == "Inter"
    theme.apply_look(qapp, Theme.LIGHT, TextSize.NORMAL)
