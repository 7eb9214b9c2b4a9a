"""Documents are drawn by a child process that can neither write, nor reach out, nor freeze us."""

from __future__ import annotations

import io
import os
import random
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from guardian.core import child
from guardian.core.errors import Cancelled, Problem
from guardian.vault.preview import kinds, plain
from guardian.vault.preview.model import MOST_PIXELS, MOST_TEXT, Look, Picture
from guardian.vault.preview.view import View
from guardian.vault.service import Vault

DOCUMENTS = Path(__file__).resolve().parents[1] / "fixtures" / "vault" / "documents"


@contextmanager
def looking(data: bytes, name: str = "document", **limits: float) -> Iterator[View]:
    view = View(name, io.BytesIO(data), **limits)  # type: ignore[arg-type]
    try:
        yield view
    finally:
        view.close()


@contextmanager
def specimen(name: str) -> Iterator[View]:
    with looking((DOCUMENTS / name).read_bytes(), name) as view:
        yield view


def colour(picture: Picture, x: float, y: float) -> tuple[int, ...]:
    """The pixel at shares of the width and height."""
    column, line = int(x * picture.width), int(y * picture.height)
    at = line * picture.stride + 3 * column
    return tuple(picture.pixels[at : at + 3])


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[1] < 90


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return data + b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def one_page(content: bytes, catalogue: bytes = b"", box: bytes = b"0 0 300 200") -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>" % box,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 8>>"
        b"\nstream\n/X Do/X Do\nendstream",
    )


def png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


# what is shown


def test_a_pdf_is_drawn_page_by_page_with_its_words() -> None:
    with specimen("letter.pdf") as view:
        facts = view.facts()
        assert (facts.look, facts.pages) == (Look.PAGES, 3)
        assert ("title", "SPECIMEN letter") in [(one.code, one.text) for one in facts.sayings]
        first = view.page(0, 400)
        assert first.width == 400 and first.height == pytest.approx(400 * 2**0.5, abs=3)
        assert (first.full_width, first.full_height) == (560, 793)
        assert "lighthouse opens at nine" in first.text
        assert "Goodbye" in view.page(2, 100).text
        assert colour(first, 0.9, 0.9) == (255, 255, 255)
        assert min(first.pixels) < 80, "the letters are black"


def test_a_page_may_be_turned_and_enlarged() -> None:
    with specimen("letter.pdf") as view:
        view.facts()
        upright, lying = view.page(0, 300), view.page(0, 300, turns=1)
        assert upright.height > upright.width and lying.height < lying.width
        assert view.page(0, 2000).width == 2000


def test_a_search_tells_where_on_which_page() -> None:
    with specimen("letter.pdf") as view:
        view.facts()
        found = view.find("LIGHTHOUSE")
        assert [hit.page for hit in found.hits] == [0, 1] and found.next is None
        ((left, top, right, bottom),) = found.hits[0].areas
        assert 0 < left < right < 1 and 0 < top < bottom < 1
        page = view.page(0, 1000)
        inside = [
            colour(page, left + (right - left) * step / 50, (top + bottom) / 2)[0]
            for step in range(50)
        ]
        assert min(inside) < 100, "the rectangle lies on the letters"
        assert view.find("nowhere in here").hits == ()
        assert [hit.page for hit in view.find("lighthouse", 1).hits] == [1]


def test_a_pdf_with_a_password_asks_for_it() -> None:
    with specimen("password.pdf") as view:
        with pytest.raises(Problem, match=r"^preview-password$"):
            view.facts()
        with pytest.raises(Problem, match=r"^preview-password-wrong$"):
            view.facts("guess")
        assert view.facts("specimen").pages == 1
        assert "behind a password" in view.page(0, 200).text


def test_a_picture_stands_as_the_camera_was_held_and_says_what_it_knows() -> None:
    with specimen("photo.jpg") as view:
        facts = view.facts()
        said = {one.code: one.text for one in facts.sayings}
        assert facts.look is Look.PICTURE and facts.pages == 1
        assert said == {
            "taken": "2026-03-01 12:30",
            "camera": "Specimen Pinhole 1",
            "program": "Guardian specimen maker",
            "where": "-48.85822, -123.39333",
        }
        upright = view.page(0, 200)
        assert (upright.width, upright.height) == (200, 300)
        assert (upright.full_width, upright.full_height) == (400, 600)
        assert is_red(colour(upright, 0.95, 0.05))
        assert is_red(colour(view.page(0, 200, turns=1), 0.95, 0.95))
        assert is_red(colour(view.page(0, 200, turns=2), 0.05, 0.95))
        assert is_red(colour(view.page(0, 200, turns=-1), 0.05, 0.05))
        assert view.page(0, 5000).width == 400, "never blown up beyond its own size"


def test_what_can_be_seen_through_stands_on_white() -> None:
    with specimen("stamp.png") as view:
        view.facts()
        assert colour(view.page(0, 300), 0.02, 0.02) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "BMP", "PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_pictures_of_every_kind_are_drawn(kind: str, mode: str) -> None:
    data = io.BytesIO()
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("black", (0, 0, 30, 40))
    picture.convert(mode).save(data, kind)
    with looking(data.getvalue()) as view:
        assert view.facts().look is Look.PICTURE
        drawn = view.page(0, 60)
        assert max(colour(drawn, 0.2, 0.5)) < 40 and min(colour(drawn, 0.8, 0.5)) > 215


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "F", "P", "LA", "RGBA"])
def test_unusual_ways_to_keep_colours_are_drawn(mode: str) -> None:
    data = io.BytesIO()
    picture = Image.linear_gradient("L").resize((64, 64))
    picture = picture.convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        both = b"".join(bytes((0, value)) for value in picture.tobytes())
        picture = Image.frombytes("I;16", (64, 64), both)
    picture.save(data, "TIFF")
    with looking(data.getvalue()) as view:
        view.facts()
        drawn = view.page(0, 64)
        top, bottom = sum(colour(drawn, 0.5, 0.05)), sum(colour(drawn, 0.5, 0.95))
        assert abs(top - bottom) > 300, "the gradient is there"


def test_each_page_of_a_scan_is_shown() -> None:
    data = io.BytesIO()
    first, second = Image.new("RGB", (40, 60), "white"), Image.new("RGB", (80, 20), "red")
    first.save(data, "TIFF", save_all=True, append_images=[second])
    with looking(data.getvalue()) as view:
        assert view.facts().pages == 2
        assert view.page(0, 40).height == 60
        assert (view.page(1, 80).full_width, view.page(1, 80).full_height) == (80, 20)


def test_a_text_is_shown_letter_by_letter() -> None:
    with specimen("readme.md") as view:
        assert view.facts().look is Look.TEXT
        assert "**box 3**" in view.text().text and "<script>" in view.text().text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encoding_it_has(encoding: str) -> None:
    told = "Schöne Grüße aus Köln, die Straße ist naß – wie immer im März.\n" * 20
    with looking(told.encode(encoding)) as view:
        view.facts()
        assert view.text().text.strip() == told.strip()


def test_a_very_long_text_is_cut_and_says_so() -> None:
    with looking(b"one line of a log\n" * 200_000) as view:
        view.facts()
        text = view.text()
        assert not text.whole and len(text.text) == MOST_TEXT


def test_control_characters_are_seen_and_do_nothing() -> None:
    assert plain.harmless("a\x1b[31mb\x00c\x7f\r\nd\u202egpj.exe") == "a␛[31mb␀c␡\nd\ufffdgpj.exe"
    assert max(map(len, plain.harmless("x" * 50_000).split("\n"))) == plain.LONGEST_LINE


def test_the_kind_is_told_by_the_bytes_not_by_the_name() -> None:
    def kind(data: bytes, name: str = "holiday.jpg") -> Look:
        return kinds.recognise(io.BytesIO(data), name)

    assert kind((DOCUMENTS / "letter.pdf").read_bytes()) is Look.PAGES
    assert kind(b"BMW manual, page one") is Look.TEXT
    assert kind(b"") is Look.EMPTY
    assert kind(b"PK\x03\x04" + bytes(30), "letter.docx") is Look.OFFICE
    assert kind(b"PK\x03\x04" + bytes(30), "papers.zip") is Look.NONE
    assert kind(b"\x7fELF" + bytes(60), "letter.pdf") is Look.NONE


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04[Content_Types].xml", b"\x7fELF" + bytes(60)])
def test_what_cannot_be_shown_is_named_and_nothing_is_drawn(data: bytes) -> None:
    with looking(data) as view:
        assert view.facts().pages == 0
        with pytest.raises(Problem, match="preview-damaged"):
            view.page(0, 100)


# hostile and broken files


def outcome(data: bytes, **limits: float) -> str:
    """What looking at ``data`` ends in: how it looks, or the code of the problem."""
    with looking(data, **limits) as view:
        try:
            facts = view.facts()
            if facts.pages:
                view.page(facts.pages - 1, 300)
                view.page(0, 300)
        except Problem as problem:
            return problem.code
        return facts.look.value


def test_a_document_that_was_cut_off_says_so() -> None:
    assert outcome((DOCUMENTS / "cut-off.pdf").read_bytes()) == "preview-damaged"
    photo = (DOCUMENTS / "photo.jpg").read_bytes()
    assert outcome(photo[: len(photo) // 2]) == "preview-damaged"
    assert outcome(photo[:40]) == "preview-damaged"


def test_a_picture_of_fifty_thousand_squared_is_refused_before_it_is_unpacked() -> None:
    start = time.monotonic()
    assert outcome(png(50_000, 50_000, bytes(1000))) == "preview-large"
    assert time.monotonic() - start < 5


def test_a_large_picture_is_made_smaller() -> None:
    with looking(png(7000, 7000, bytes(7001 * 7000))) as view:
        view.facts()
        drawn = view.page(0, 7000)
        assert drawn.width * drawn.height <= MOST_PIXELS
        assert drawn.full_width == 7000


def test_a_pdf_that_claims_a_million_pages_shows_the_one_it_has() -> None:
    data = one_page(b"BT /F1 20 Tf 20 100 Td (only me) Tj ET")
    with looking(data.replace(b"/Count 1>>", b"/Count 1000000>>")) as view:
        facts = view.facts()
        assert "only me" in view.page(0, 100).text
        if facts.pages > 1:
            with pytest.raises(Problem, match="preview-damaged"):
                view.page(facts.pages - 1, 100)


def test_a_script_in_a_pdf_is_no_more_than_bytes() -> None:
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);this.submitForm\\(1\\))>>"
    with looking(one_page(b"BT /F1 20 Tf 20 100 Td (plain page) Tj ET", script)) as view:
        assert view.facts().pages == 1
        assert view.page(0, 100).text == "plain page"


@pytest.mark.parametrize(
    "data",
    [
        one_page(b"/X Do"),  # a drawing that draws itself, twice
        one_page(b"q " * 500_000),
        one_page(b"1 0 0 1 0 0 cm " * 200_000),
        one_page(b"", box=b"0 0 1e9 1"),
        one_page(b"", box=b"0 0 0 0"),
        one_page(b"", box=b"9 9 -9 nan"),
        one_page(b"BT /F1 1e30 Tf 0 0 Td (huge letters) Tj ET"),
        one_page(b"").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        pdf(b"<</Type/Catalog/Pages 1 0 R>>"),
        b"%PDF-1.7\n",
    ],
    ids=range(10),
)
def test_a_pdf_made_to_break_its_reader_ends_in_a_picture_or_a_problem(data: bytes) -> None:
    start = time.monotonic()
    assert outcome(data, seconds=8.0) in {"pages", "preview-damaged", "preview-too-hard"}
    assert time.monotonic() - start < 12


def test_a_page_that_never_ends_is_given_up() -> None:
    squeezed = zlib.compress(b"0 0 m 300 200 l S 0 0 300 200 re f\n" * 8_000_000, 9)
    body = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(squeezed), squeezed)
    data = one_page(b"x").replace(b"<</Length 1>>\nstream\nx\nendstream", body)
    start = time.monotonic()
    assert outcome(data, seconds=2.0) == "preview-too-hard"
    assert time.monotonic() - start < 6


def test_more_memory_than_allowed_is_a_problem() -> None:
    data = png(9000, 9000, bytes(9001 * 9000))
    assert outcome(data, memory=110_000_000) == "preview-too-hard"


@pytest.mark.parametrize("name", ["letter.pdf", "photo.jpg", "stamp.png"])
def test_flipped_and_cut_documents_are_drawn_or_told(name: str) -> None:
    whole = (DOCUMENTS / name).read_bytes()
    chance = random.Random(name)
    good = {"pages", "picture", "text", "none", "preview-damaged", "preview-large",
            "preview-too-hard", "preview-password"}  # fmt: skip
    for _ in range(12):
        data = bytearray(whole[: chance.randrange(1, len(whole))])
        for _ in range(chance.randrange(8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert outcome(bytes(data)) in good


# the two processes


def test_a_child_that_is_killed_is_a_problem_and_no_more() -> None:
    with specimen("letter.pdf") as view:
        view.facts()
        view._process.kill()
        with pytest.raises(Problem, match="preview-too-hard") as caught:
            view.page(0, 100)
        assert caught.value.facts == {"name": "letter.pdf"}


def test_closing_ends_the_child_and_the_file_at_once() -> None:
    file = io.BytesIO((DOCUMENTS / "letter.pdf").read_bytes())
    view = View("letter.pdf", file)
    view.facts()
    start = time.monotonic()
    view.close()
    view.close()
    assert time.monotonic() - start < 0.5
    assert view._process.returncode is not None and file.closed
    with pytest.raises(Cancelled):
        view.page(0, 100)


def test_closing_while_a_page_is_drawn_ends_the_drawing() -> None:
    squeezed = zlib.compress(b"0 0 300 200 re f\n" * 8_000_000, 9)
    body = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(squeezed), squeezed)
    data = one_page(b"x").replace(b"<</Length 1>>\nstream\nx\nendstream", body)
    ends: list[BaseException] = []
    with looking(data) as view:
        view.facts()

        def draw() -> None:
            try:
                view.page(0, 500)
            except BaseException as error:
                ends.append(error)

        thread = threading.Thread(target=draw)
        thread.start()
        time.sleep(0.3)
        start = time.monotonic()
        view.close()
        thread.join()
        assert time.monotonic() - start < 1
    assert [type(end) for end in ends] == [Cancelled]


class Unreadable(io.BytesIO):
    """A file on a stick that is pulled out after ``good`` reads."""

    def __init__(self, data: bytes, good: int) -> None:
        super().__init__(data)
        self.good = good

    def read(self, count: int | None = -1, /) -> bytes:
        self.good -= 1
        if self.good < 0:
            raise OSError(5, "Input/output error")
        return super().read(count)


@pytest.mark.parametrize("good", [0, 1, 2])
def test_a_disk_that_goes_away_is_told_with_the_name(good: int) -> None:
    data = one_page(b"BT /F1 20 Tf 20 100 Td (x) Tj ET" + b"%" * 600_000)
    view = View("letter.pdf", Unreadable(data, good))
    try:
        with pytest.raises(Problem, match="file-unreadable") as caught:
            view.facts()
            view.page(0, 100)
        assert caught.value.facts["name"] == "letter.pdf"
    finally:
        view.close()


def test_damage_inside_a_vault_is_told_and_other_pages_stay(
    vault: Vault, document: Callable[..., Path]
) -> None:
    vault.add([document("long.txt", b"all is well\n" * 60_000)])
    (place,) = (p for p in vault.folder.rglob("*.c9r") if p.stat().st_size > 100_000)
    data = bytearray(place.read_bytes())
    data[300_000] ^= 1
    place.write_bytes(bytes(data))
    view = vault.view("long.txt")
    with pytest.raises(Problem, match="vault-document-damaged") as caught:
        view.facts()
    assert caught.value.facts == {"name": "long.txt"}


def test_locking_the_vault_ends_the_preview(vault: Vault) -> None:
    vault.add([DOCUMENTS / "letter.pdf"])
    view = vault.view("letter.pdf")
    assert view.facts().pages == 3
    vault.lock()
    assert view._process.returncode is not None
    with pytest.raises(Cancelled):
        view.page(1, 100)


def test_pages_are_read_from_the_vault_as_they_are_needed(vault: Vault) -> None:
    vault.add([DOCUMENTS / "letter.pdf", DOCUMENTS / "photo.jpg"])
    for name, look in (("letter.pdf", Look.PAGES), ("photo.jpg", Look.PICTURE)):
        view = vault.view(name)
        assert view.facts().look is look and view.page(0, 50).width == 50
        view.close()


LIES = {
    "noise": "o.write(os.urandom(64))",
    "too long": "o.write(b'\\xff\\xff\\xff\\xff')",
    "nothing": "pass",
    "another type": "say({'type': 'Answer', 'result': ['x', 1, 2]})",
    "unknown problem": "say({'type': 'Sorry', 'code': 'vault-locked'})",
    "tiny pixels": "say({'type': 'Answer', 'result': picture(4000, 4000, b'x')})",
    "endless picture": "say({'type': 'Answer', 'result': picture(10**9, 10**9, b'x')})",
    "negative": "say({'type': 'Answer', 'result': picture(-1, -1, b'xxx')})",
}
LIAR = """
import os, sys, msgspec
i, o = sys.stdin.buffer, sys.stdout.buffer
def say(message):
    data = msgspec.msgpack.encode(message)
    o.write(len(data).to_bytes(4, "big") + data)
def picture(width, height, pixels):
    return {"width": width, "height": height, "stride": 3 * width, "pixels": pixels,
            "full_width": 1, "full_height": 1, "text": ""}
i.read(4)
%s
o.flush()
"""


@pytest.mark.parametrize("lie", LIES)
def test_a_child_that_was_taken_over_is_not_believed(
    lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def liar(_module: str, *_: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", LIAR % LIES[lie]]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(child, "start", liar)
    with looking(b"anything") as view, pytest.raises(Problem, match="preview-too-hard"):
        view.page(0, 100)


def test_a_child_may_ask_for_bytes_anywhere_and_gets_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = LIAR.replace("i.read(4)", "i.read(int.from_bytes(i.read(4), 'big'))") % (
        "for offset in (-5, 0, 10**15):\n"
        "    say({'type': 'Need', 'offset': offset}); o.flush()\n"
        "    i.read(int.from_bytes(i.read(4), 'big'))\n"
        "say({'type': 'Sorry', 'code': 'preview-large'})"
    )

    def greedy(_module: str, *_: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", code]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(child, "start", greedy)
    with looking(b"anything") as view, pytest.raises(Problem, match="preview-large"):
        view.page(0, 100)


watched: list[str] = []
watching = threading.Event()


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if watching.is_set() and event == "open":
        path, _, flags = arguments
        writing = int(flags) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)  # type: ignore[call-overload]
        if writing and isinstance(path, str) and path != os.devnull:  # a number is a pipe
            watched.append(path)


sys.addaudithook(watch)


def test_looking_opens_no_file_for_writing(vault: Vault, tmp_path: Path) -> None:
    vault.add(sorted(DOCUMENTS.iterdir()))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    watched.clear()
    watching.set()
    try:
        (tmp_path / "seen").touch()
        for entry in vault.list().entries:
            view = vault.view(entry.path)
            try:
                facts = view.facts()
                _ = view.page(0, 300) if facts.pages else view.text()
                if facts.look is Look.PAGES:
                    view.find("lighthouse")
            except Problem as problem:
                assert problem.code in {"preview-damaged", "preview-password"}
            view.close()
    finally:
        watching.clear()
    (tmp_path / "seen").unlink()
    assert watched == [str(tmp_path / "seen")], "the watch sees, and saw nothing else"
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert after == before
