"""Makes small documents for the tests: PDF, Word, OpenDocument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

LEFT, TOP, LEADING, SIZE = 72, 720, 14, 11
# every code stands for the character of that number
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin begincmap
1 begincodespacerange <0000> <ffff> endcodespacerange
100 beginbfrange %s endbfrange endcmap end""" % b" ".join(
    b"<%02x00> <%02xff> <%02x00>" % (high, high, high) for high in (0x30, *range(0x4E, 0xA0), 0xFF)
)
FONTS = (
    b"<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    b"/F2<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 3 0 R/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    b"/Supplement 0>>/DW 1000>>]>>>>"
)

Line = tuple[float, str]  # its height above the page's foot in points, its words


def lines(*texts: str, top: float = TOP) -> list[Line]:
    """One line below the other; an empty one is a gap."""
    return [(top - LEADING * number, text) for number, text in enumerate(texts) if text]


def pdf(*pages: Sequence[Line] | None, title: str = "", more: bytes = b"") -> bytes:
    """A PDF of pages with lines; None is a page with a picture and no words."""
    objects = [b"", b"", stream(TO_UNICODE)]
    kids = []
    for page in pages:
        drawing = b"72 72 200 200 re f" if page is None else b"\n".join(map(draw, page))
        objects.append(stream(drawing))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font%s>>>>" % (len(objects), FONTS)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % more
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    objects.append(b"<</Title(%s)>>" % escape(title))
    return assemble(objects)


def draw(line: Line) -> bytes:
    height, text = line
    wide = not text.isascii() and ord(max(text)) > 0x3000
    words = b"<%s>" % text.encode("utf-16-be").hex().encode() if wide else b"(%s)" % escape(text)
    font = b"F2" if wide else b"F1"
    return b"BT /%s %d Tf 1 0 0 1 %d %g Tm %s Tj ET" % (font, SIZE, LEFT, height, words)


def escape(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def stream(data: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(data), data)


def assemble(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    data_and_table = data + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    trailer = b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\n" % (count, count - 1)
    return data_and_table + trailer + b"startxref\n%d\n%%%%EOF" % len(data)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {WORD}><w:style w:styleId="1"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="L"><w:name w:val="List Bullet"/></w:style></w:styles>"""


def docx(body: str, **parts: str) -> bytes:
    """A Word document; ``parts`` are further ones in its folder, by name without ending."""
    return packed(
        {
            "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": STYLES,
            **{f"word/{name}.xml": f"<w:x {WORD}>{part}</w:x>" for name, part in parts.items()},
        }
    )


def paragraph(text: str, settings: str = "") -> str:
    """One paragraph of Word's."""
    return f"<w:p><w:pPr>{settings}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table")
)


def odt(body: str, manifest: str = "<m/>") -> bytes:
    """An OpenDocument text."""
    content = f"<office:document-content {OPEN}><office:body><office:text>{body}</office:text>"
    return packed(
        {
            "META-INF/manifest.xml": manifest,
            "content.xml": f"{content}</office:body></office:document-content>",
        }
    )
