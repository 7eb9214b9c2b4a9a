"""How a person is drawn: the first letter of their nickname in their colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from guardian.core.profiles import Colour, Kind, Profile
from guardian.core.words import Words
from guardian.ui import theme
from guardian.ui.kit.icon import beside_gap

# white letters stand out from each of them, 4.5 to 1 and more
INKS = {
    Colour.GREEN: "#1c7460",
    Colour.BLUE: "#2a5fa5",
    Colour.VIOLET: "#6a4aa3",
    Colour.ROSE: "#a8325e",
    Colour.AMBER: "#8f5208",
    Colour.SLATE: "#4a5a63",
}
LETTER = 0.46  # of the height of the circle


def name_of(words: Words, profile: Profile) -> str:
    """What ``profile`` is called on the screen; the first one may have no nickname yet."""
    if profile.kind is Kind.GUEST:
        return words.say("people.guest")
    return profile.nickname or words.say("people.first")


def face(name: str, colour: Colour, size: int, gap: int = 0) -> QIcon:
    """A circle of ``size`` logical pixels with the first letter of ``name``; ``gap`` pixels stay
    free at its right."""
    made = QIcon()
    for ratio in (1, 2):
        made.addPixmap(beside_gap(draw_face(initial(name), colour, size, ratio), gap))
    return made


def initial(name: str) -> str:
    """The first letter, as large as it can be written; some letters become two then."""
    return name.strip()[:1].upper()[:1]


@lru_cache(maxsize=64)
def draw_face(letter: str, colour: Colour, size: int, ratio: int) -> QPixmap:
    side = size * ratio
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(INKS[colour]))
    painter.drawEllipse(QRectF(0.5, 0.5, side - 1, side - 1))
    font = QFont(theme.font("strong"))
    font.setPixelSize(max(round(side * LETTER), 1))
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, letter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
