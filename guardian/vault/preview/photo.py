"""Pictures, drawn by Pillow, and what cameras write into them."""

from __future__ import annotations

import math
import warnings
from contextlib import suppress
from typing import BinaryIO

from PIL import Image

from guardian.core.errors import Problem
from guardian.vault.preview.model import MOST_PIXELS, Facts, Hits, Look, Picture, Saying, Text
from guardian.vault.preview.plain import one_line

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
MOST_DECODED = 120_000_000  # pixels; more would not fit the child's memory
MOST_FRAMES = 500
LONGEST_SIDE = 16_000
Image.MAX_IMAGE_PIXELS = None  # ours is checked instead
# numbers of the EXIF standard (CIPA DC-008)
MAKER, MODEL, PROGRAM, CHANGED, AUTHOR = 271, 272, 305, 306, 315
CAMERA_PART, PLACE_PART, TAKEN = 0x8769, 0x8825, 0x9003
TURNS = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)


class Photo:
    """The picture in ``file``. Raises ``Problem`` where it is damaged or too large to draw."""

    def __init__(self, file: BinaryIO) -> None:
        warnings.simplefilter("ignore")
        try:
            self._image = Image.open(file, formats=FORMATS)
        except (OSError, SyntaxError, ValueError) as error:
            raise Problem("preview-damaged") from error
        self._size = self._image.size
        if self._image.format != "JPEG":  # which need not be unpacked in full
            refuse_if_large(self._image)
        self._sayings = read_sayings(self._image)
        self._drawn: tuple[int, Image.Image] | None = None

    def facts(self) -> Facts:
        frames = 1
        if self._image.format == "TIFF":
            frames = min(getattr(self._image, "n_frames", 1), MOST_FRAMES)
        return Facts(Look.PICTURE, frames, self._sayings)

    def page(self, number: int, width: int, turns: int) -> Picture:
        try:
            upright = self._upright(number)
        except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
            raise Problem("preview-damaged") from error
        turn = TURNS[turns % 4]
        image = upright.transpose(turn) if turn is not None else upright
        full = self._full(image)
        scale = min(max(1, width), full[0], image.width) / image.width
        if scale < 1:
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        return Picture(*image.size, 3 * image.width, image.tobytes(), *full)

    def _full(self, image: Image.Image) -> tuple[int, int]:
        """The picture's own size, lying or standing as ``image`` does."""
        long, short = max(self._size), min(self._size)
        return (long, short) if image.width >= image.height else (short, long)

    def _upright(self, number: int) -> Image.Image:
        """The whole picture in red, green and blue, as the camera was held, of bounded size."""
        if self._drawn is not None and self._drawn[0] == number:
            return self._drawn[1]
        image = self._image
        image.seek(number)
        self._size = image.size
        image.draft("RGB", (4000, 4000))  # JPEG: decode no more than can be shown
        refuse_if_large(image)
        shrink = math.sqrt(MOST_PIXELS / (image.width * image.height))
        shrink = min(shrink, LONGEST_SIDE / max(image.size))
        orientation = image.getexif().get(0x0112, 1)
        image.load()
        few = shrink < 1 and image.mode in ("L", "RGB", "RGBA", "CMYK")
        made = to_rgb(image.reduce(math.ceil(1 / shrink)) if few else image)
        if made.width * made.height > MOST_PIXELS or max(made.size) > LONGEST_SIDE:
            made.thumbnail((round(made.width * shrink), round(made.height * shrink)))
        made = turn_upright(made, orientation)
        self._drawn = (number, made)
        return made

    def find(self, text: str, first: int) -> Hits:
        raise ValueError("a picture has no text")

    def text(self) -> Text:
        raise ValueError("a picture has no text")


def refuse_if_large(image: Image.Image) -> None:
    if image.width * image.height > MOST_DECODED:
        raise Problem("preview-large")


def to_rgb(image: Image.Image) -> Image.Image:
    """On white where it can be seen through."""
    if image.mode.startswith(("I;16", "I", "F")):
        low, high = image.getextrema()
        span = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        offset = float(low)  # type: ignore[arg-type]
        image = image.convert("F").point(lambda value: value * (255 / span) - offset * 255 / span)
        return image.convert("L").convert("RGB")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    return image.convert("RGB")


UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def turn_upright(image: Image.Image, orientation: object) -> Image.Image:
    turn = UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def read_sayings(image: Image.Image) -> tuple[Saying, ...]:
    """When, with what and where it was taken, as far as the file says; a file made to break its
    reader says nothing."""
    try:
        exif = image.getexif()
        camera, place = exif.get_ifd(CAMERA_PART), exif.get_ifd(PLACE_PART)
        found = (
            ("taken", to_time(camera.get(TAKEN) or exif.get(CHANGED) or "")),
            ("camera", " ".join(str(exif.get(key, "")).strip() for key in (MAKER, MODEL))),
            ("program", exif.get(PROGRAM, "")),
            ("author", exif.get(AUTHOR, "")),
            ("where", to_place(place)),
        )
        texts = [Saying(code, one_line(str(value).replace("\0", ""))) for code, value in found]
    except Exception:  # a hostile file makes a parser raise anything
        return ()
    return tuple(one for one in texts if one.text)


def to_time(text: object) -> str:
    """«2026-03-01 12:30» for «2026:03:01 12:30:15»."""
    day, _, time = str(text).partition(" ")
    return f"{day.replace(':', '-')} {time[:5]}".strip()


def to_place(place: dict[int, object]) -> str:
    """«52.51628, 13.37772» from degrees, minutes and seconds."""
    found = []
    for side, parts, negative in ((1, 2, "S"), (3, 4, "W")):
        with suppress(TypeError, ValueError, ZeroDivisionError):
            degrees, minutes, seconds = (float(part) for part in place[parts])  # type: ignore[attr-defined]
            value = degrees + minutes / 60 + seconds / 3600
            found.append(-value if str(place.get(side, "")).startswith(negative) else value)
    return ", ".join(f"{value:.5f}" for value in found) if len(found) == 2 else ""
