"""Icons and pictures: our own SVG drawings, tinted with the tokens of the theme in force."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from guardian.core.paths import assets
from guardian.ui import theme

# the colours pictures are drawn with, and the tokens that take their place
PICTURE_INKS = {
    "#aaaaa1": "accent",
    "#aaaaa2": "accent_soft",
    "#aaaaa3": "line",
    "#aaaaa4": "card",
    "#aaaaa5": "dim",
    "#aaaaa6": "ask",
}


@lru_cache(maxsize=256)
def draw(source: str, colours: tuple[tuple[str, str], ...], width: int, height: int) -> QPixmap:
    """The SVG file ``assets/<source>`` with colours replaced; sizes in device pixels."""
    svg = (assets() / source).read_text("utf-8")
    for old, new in colours:
        svg = svg.replace(old, new)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, width, height))
    painter.end()
    return pixmap


def pixmap(name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon in the colour of ``token``; ``size`` in logical pixels."""
    side = round(size * ratio)
    colour = getattr(theme.tokens(), token)
    made = QPixmap(draw(f"icons/{name}.svg", (("#000000", colour),), side, side))
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, token: str = "ink", checked: str = "accent", gap: int = 0) -> QIcon:
    """An icon for a button: ``checked`` is its colour while the button is down.

    ``gap`` logical pixels stay free at its right, since Qt sets words too close to icons.
    """
    return compose(name, token, checked, gap, theme.look())


@lru_cache(maxsize=256)
def compose(name: str, token: str, checked: str, gap: int, _look: theme.Look) -> QIcon:
    """An icon of the look in force, made once."""
    made = QIcon()
    for ratio in (1, 2):
        for colour, mode, state in (
            (token, QIcon.Mode.Normal, QIcon.State.Off),
            (checked, QIcon.Mode.Normal, QIcon.State.On),
            ("dim", QIcon.Mode.Disabled, QIcon.State.Off),
        ):
            made.addPixmap(beside_gap(pixmap(name, colour, theme.px(20), ratio), gap), mode, state)
    return made


def beside_gap(drawn: QPixmap, gap: int) -> QPixmap:
    """``drawn`` with ``gap`` logical pixels of nothing at its right."""
    if not gap:
        return drawn
    ratio = drawn.devicePixelRatio()
    wide = QPixmap(drawn.width() + round(gap * ratio), drawn.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return wide


class Drawing(QLabel):
    """A label that redraws itself when the theme, the text size or the screen changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def redraw(self) -> None:
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in theme.LOOK_CHANGES:
            self.redraw()
        super().changeEvent(event)


class Icon(Drawing):
    """One icon, ``size`` logical pixels at 100 % text size. Says nothing to screen readers."""

    def __init__(self, name: str, token: str = "ink", size: int = 20) -> None:
        super().__init__()
        self._name, self._token, self._size = name, token, size
        self.redraw()

    def change(self, name: str, token: str) -> None:
        self._name, self._token = name, token
        self.redraw()

    def redraw(self) -> None:
        size = theme.px(self._size)
        self.setPixmap(pixmap(self._name, self._token, size, self.devicePixelRatioF()))
        self.setFixedSize(QSize(size, size))


class Picture(Drawing):
    """An illustration of ``assets/pictures``, 240 × 150 logical pixels at 100 %."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.redraw()

    def change(self, name: str) -> None:
        self._name = name
        self.redraw()

    def redraw(self) -> None:
        ratio = self.devicePixelRatioF()
        width, height = theme.px(240), theme.px(150)
        inks = tuple((ink, getattr(theme.tokens(), token)) for ink, token in PICTURE_INKS.items())
        drawn = draw(
            f"pictures/{self._name}.svg", inks, round(width * ratio), round(height * ratio)
        )
        made = QPixmap(drawn)
        made.setDevicePixelRatio(ratio)
        self.setPixmap(made)
        self.setFixedSize(width, height)
