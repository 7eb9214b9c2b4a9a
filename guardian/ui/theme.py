"""The look: colour tokens of three themes, the typeface, and how both reach Qt."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Template

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from guardian.core.paths import assets
from guardian.core.settings import TextSize, Theme
from guardian.ui.garbage import no_search

FAMILY = "Inter"
PROPERTY = "guardian-look"
PROJECTING = "guardian-projecting"
# what a widget hears when the look changes; with a style sheet in force Qt sends no
# ApplicationFontChange
LOOK_CHANGES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.StyleChange})


@dataclass(frozen=True)
class Tokens:
    """Every colour of one theme. ``*_soft`` are grounds for text in the colour before them."""

    paper: str
    card: str
    ink: str
    dim: str
    line: str
    trough: str
    border: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    ask: str
    ask_soft: str
    act: str
    act_soft: str
    fine: str
    fine_soft: str


LIGHT = Tokens(
    paper="#f6f4ef",
    card="#ffffff",
    ink="#1f2a30",
    dim="#5a6870",
    line="#e3dfd6",
    trough="#e3dfd6",
    border="#7c888f",
    accent="#1c7460",
    accent_hover="#196554",
    on_accent="#ffffff",
    accent_soft="#e7f3ef",
    ask="#8f5208",
    ask_soft="#fbf0de",
    act="#a5302a",
    act_soft="#fbe8e5",
    fine="#1b6b59",
    fine_soft="#e7f3ef",
)
DARK = Tokens(
    paper="#14181b",
    card="#1d2327",
    ink="#e8ecef",
    dim="#9aa6ad",
    line="#2c353a",
    trough="#2c353a",
    border="#74828a",
    accent="#6cc7b0",
    accent_hover="#83d4c0",
    on_accent="#0d1c18",
    accent_soft="#1d332e",
    ask="#f0b866",
    ask_soft="#352a18",
    act="#f49a91",
    act_soft="#3b2221",
    fine="#6cc7b0",
    fine_soft="#1d332e",
)
CONTRAST = Tokens(
    paper="#000000",
    card="#000000",
    ink="#ffffff",
    dim="#ffffff",
    line="#ffffff",
    trough="#4d4d4d",
    border="#ffffff",
    accent="#ffd60a",
    accent_hover="#ffe566",
    on_accent="#000000",
    accent_soft="#2b2600",
    ask="#ffd60a",
    ask_soft="#2b2600",
    act="#ff9d94",
    act_soft="#330c08",
    fine="#7df0c4",
    fine_soft="#002a1d",
)
THEMES = {Theme.LIGHT: LIGHT, Theme.DARK: DARK, Theme.CONTRAST: CONTRAST}
# on a wall everything pales: all text 7:1 on every ground it may stand on
PROJECTED = {
    Theme.LIGHT: replace(
        LIGHT,
        ink="#11181c",
        dim="#3d484e",
        border="#5a666d",
        accent="#0d5446",
        accent_hover="#0a4538",
        ask="#643703",
        act="#80201b",
        fine="#0d5144",
    ),
    Theme.DARK: replace(
        DARK, dim="#c3ccd1", border="#93a0a7", accent="#8adfc9", accent_hover="#a3ead7",
        ask="#ffcf8a", act="#ffb8b0", fine="#8adfc9",
    ),
    Theme.CONTRAST: CONTRAST,
}  # fmt: skip

# role: (pixels at 100 %, weight)
FONTS = {
    "title": (27, 640),
    "lead": (21, 560),
    "heading": (17, 620),
    "body": (15, 400),
    "strong": (15, 600),
    "small": (13, 450),
}
PROJECTOR_SCALE = 2.15  # the body text is then 24 points high
HEADS = frozenset({"title", "lead", "heading"})
LEAST_HEAD, LEAST_TEXT = 48, 32  # pixels on a projector: 36 and 24 points


@dataclass(frozen=True)
class Look:
    """What is applied now; ``projected`` for a whole room to read."""

    theme: Theme
    tokens: Tokens
    scale: float
    projected: bool = False


def make_look(shown: Theme, size: TextSize, *, projected: bool = False) -> Look:
    """The person's text size counts on a projector too, from a larger beginning."""
    scale = int(size.value) / 100
    if projected:
        return Look(shown, PROJECTED[shown], scale * PROJECTOR_SCALE, projected=True)
    return Look(shown, THEMES[shown], scale)


def project(app: QApplication, *, on: bool) -> None:
    """Every look from now on is one for a projector, or no longer; ``apply_look`` puts it on."""
    app.setProperty(PROJECTING, on)


def apply_look(app: QApplication, theme: Theme, size: TextSize) -> None:
    """Dress the whole application; may be called again at any time."""
    shown = resolve(app, theme)
    look = make_look(shown, size, projected=bool(app.property(PROJECTING)))
    before = app.property(PROPERTY)
    if before == look:
        return
    app.setProperty(PROPERTY, look)
    if before is None:
        app.setStyle("Fusion")
    app.setPalette(palette(look.tokens))
    app.setFont(font("body"))
    restyle(app, style_sheet(look))


class Unheard(QObject):
    """Keeps from every widget that its look changed."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() in LOOK_CHANGES


def restyle(app: QApplication, sheet: str) -> None:
    """Put on ``sheet``. A sheet that changes Qt puts on a widget once for each of its ancestors,
    a new one only once: so the old one goes first, and nobody is dressed without any."""
    unheard = Unheard()
    with no_search():  # taking a sheet off waits for a lock of Qt
        app.installEventFilter(unheard)
        app.setStyleSheet("")
        app.removeEventFilter(unheard)
        app.setStyleSheet(sheet)


def resolve(app: QApplication, theme: Theme) -> Theme:
    """Which theme ``system`` means now; the hint is unknown on bare X11, where light is used."""
    if theme is not Theme.SYSTEM:
        return theme
    hints = app.styleHints()
    if hasattr(hints, "accessibility"):
        access = hints.accessibility()
        if access.contrastPreference() == Qt.ContrastPreference.HighContrast:
            return Theme.CONTRAST
    return Theme.DARK if hints.colorScheme() == Qt.ColorScheme.Dark else Theme.LIGHT


def look() -> Look:
    """The look in force; light before one was applied."""
    app = QApplication.instance()
    found = app.property(PROPERTY) if app else None
    return found if isinstance(found, Look) else Look(Theme.LIGHT, LIGHT, 1.0)


def tokens() -> Tokens:
    return look().tokens


def px(size: float) -> int:
    """A length in pixels that grows with the person's text size."""
    return round(size * look().scale)


def ring() -> int:
    """How thick the line around what has the focus is, in pixels."""
    return 6 if look().projected else 2


@cache
def family() -> str:
    """The name of the shipped typeface, once Qt knows it."""
    found = find_spec("fontpkg_inter")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "files" / "Inter[opsz,wght].ttf"
    QFontDatabase.addApplicationFont(str(file))
    return FAMILY


def font(role: str) -> QFont:
    """The font of a role. Weights are set as axes: the typeface is one variable font."""
    size, weight = FONTS[role]
    pixels = px(size)
    if look().projected:
        pixels = max(pixels, LEAST_HEAD if role in HEADS else LEAST_TEXT)
    return QFont(make_font(size, pixels, weight))  # a copy, which whoever asks may alter


@cache
def make_font(size: int, pixels: int, weight: int) -> QFont:
    """Made once: thousands ask when the look changes."""
    made = QFont(family())
    made.setPixelSize(pixels)
    made.setVariableAxis(QFont.Tag("wght"), weight)
    made.setVariableAxis(QFont.Tag("opsz"), min(max(size, 14), 32))
    return made


def palette(colours: Tokens) -> QPalette:
    """Fusion's palette from our tokens."""
    roles = {
        QPalette.ColorRole.Window: colours.paper,
        QPalette.ColorRole.WindowText: colours.ink,
        QPalette.ColorRole.Base: colours.card,
        QPalette.ColorRole.AlternateBase: colours.paper,
        QPalette.ColorRole.Text: colours.ink,
        QPalette.ColorRole.Button: colours.card,
        QPalette.ColorRole.ButtonText: colours.ink,
        QPalette.ColorRole.BrightText: colours.act,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.ink,
        QPalette.ColorRole.ToolTipText: colours.card,
        QPalette.ColorRole.PlaceholderText: colours.dim,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Dark: colours.border,
        QPalette.ColorRole.Accent: colours.accent,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.dim))
    return made


def style_sheet(shown: Look) -> str:
    """The one style sheet, with the tokens and lengths of ``shown`` filled in.

    Lengths are written ``$px8`` and grow with the text size.
    """
    source = (assets() / "guardian.qss").read_text("utf-8")
    if shown.projected:
        source += (assets() / "projector.qss").read_text("utf-8")
    icons = assets() / "icons"
    values = {f"px{size}": f"{px(size)}px" for size in range(1, 65)}
    values |= asdict(shown.tokens)
    values |= {"tick": (icons / f"tick-{shown.theme.value}.svg").as_posix()}
    values |= {"dot": (icons / f"dot-{shown.theme.value}.svg").as_posix()}
    values |= {"arrow": (icons / f"arrow-{shown.theme.value}.svg").as_posix()}
    return Template(source).substitute(values)
