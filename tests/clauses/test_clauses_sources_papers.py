"""How PDF, Word, OpenDocument and mail files become text."""

# ruff: noqa: E501 - one example a line reads better

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import Document, SourceKind
from guardian.clauses.sentences import split
from guardian.clauses.sources.contents import read_content
from guardian.core.errors import Problem
from tests.clauses.papers import docx, lines, odt, packed, paragraph, pdf

LOCKED_PDF = Path(__file__).parents[1] / "fixtures" / "vault" / "documents" / "password.pdf"


def code_of(data: bytes, name: str) -> str:
    with pytest.raises(Problem) as caught:
        read_content(data, name)
    assert caught.value.facts.get("name", name) == name
    return caught.value.code


def read_pdf(*pages: list[tuple[float, str]] | None, **more: str) -> Document:
    return read_content(pdf(*pages, **more), "policy.pdf")  # type: ignore[arg-type]


LONG = "We share your letters and pictures with the firms that help us to run this"


def test_the_lines_of_a_pdf_become_paragraphs_again() -> None:
    read = read_pdf(
        lines("What we share", "", LONG, "service, and with nobody else. We never sell them.", "Ask us.", "", "- your name", "- your mail"),
        title="Lantern",
    )  # fmt: skip
    assert read.text.split("\n") == [
        "What we share",
        f"{LONG} service, and with nobody else. We never sell them.",
        "Ask us.",
        "- your name",
        "- your mail",
    ]
    assert (read.title, read.kind, read.pages, read.wordless_pages) == (
        "Lantern",
        SourceKind.PDF,
        1,
        0,
    )


def test_a_paragraph_goes_on_over_the_page_without_the_lines_that_every_page_has() -> None:
    def page(number: int, *texts: str) -> list[tuple[float, str]]:
        return [(770, "Lantern Works"), *lines(*texts), (30, f"Page {number} of 3")]

    read = read_pdf(page(1, LONG), page(2, "service, and with nobody else."), page(3, "The end."))
    assert read.text == f"{LONG} service, and with nobody else.\nThe end."
    assert read.dropped_text.split("\n") == [
        "Lantern Works", "Page 1 of 3", "Page 2 of 3", "Page 3 of 3"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        (("We use your infor-", "mation."), "We use your information."),
        (
            ("We ask a third-", "party about a third party."),
            "We ask a third-party about a third party.",
        ),
        (("An opt-out is an opt-", "out."), "An opt-out is an opt-out."),
        (("We keep it (see", "below)."), "We keep it (see below)."),
    ],
)
def test_words_cut_at_the_end_of_a_line_are_whole_again(cut: tuple[str, ...], whole: str) -> None:
    assert read_pdf(lines(*cut)).text == whole


def test_chinese_lines_are_joined_without_a_space() -> None:
    read = read_pdf(
        lines(
            "第一条 总则",
            "",
            "我们会收集您的个人信息，并且不会在未经您同意的情况",
            "下出售给第三方。",
        )
    )
    assert (
        read.text
        == "第一条 总则\n我们会收集您的个人信息，并且不会在未经您同意的情况下出售给第三方。"
    )


def test_pages_without_words_are_counted_and_a_pdf_of_pictures_says_so() -> None:
    assert read_pdf(lines("We keep notes."), None, []).wordless_pages == 1
    assert code_of(pdf(None, None), "scan.pdf") == "document-no-words"


def test_a_locked_pdf_asks_for_a_copy_and_never_for_the_password() -> None:
    assert code_of(LOCKED_PDF.read_bytes(), "locked.pdf") == "document-locked"


def test_a_script_in_a_pdf_is_not_read() -> None:
    data = pdf(
        lines("We keep it."), more=b"/OpenAction<</S/JavaScript/JS(app.launchURL('http://x'))>>"
    )
    assert read_content(data, "a.pdf").text == "We keep it."


@given(st.integers(0, 2000), st.integers(0, 2000), st.binary(max_size=20))
def test_a_pdf_that_is_damaged_anywhere_gives_words_or_a_problem(
    a: int, b: int, noise: bytes
) -> None:
    data = pdf(lines("We keep notes.", "And more."))
    try:
        read_content(data[:a] + noise + data[b:], "torn.pdf").text.encode()
    except Problem as problem:
        assert problem.code.startswith("document-")


def test_a_word_document_keeps_the_order_of_its_page() -> None:
    bullet, numbered = '<w:pStyle w:val="L"/>', '<w:numPr><w:numId w:val="4"/></w:numPr>'
    cells = "".join(f"<w:tc>{paragraph(one)}</w:tc>" for one in ("Name", "To greet you"))
    body = (
        paragraph("Policy", '<w:pStyle w:val="T"/>')
        + paragraph("What we keep", '<w:pStyle w:val="1"/>')
        + f"<w:sdt><w:sdtContent>{paragraph('Inside a control.')}</w:sdtContent></w:sdt>"
        + "<w:p><w:r><w:t>We </w:t></w:r><w:del><w:r><w:t>never </w:t></w:r></w:del><w:ins><w:r><w:t>may </w:t></w:r></w:ins>"
        + '<w:hyperlink w:id="9"><w:r><w:t>sell</w:t></w:r></w:hyperlink><w:r><w:br/><w:t>it.</w:t></w:r></w:p>'
        + paragraph("one", bullet) + paragraph("two", numbered)
        + f"<w:tbl><w:tr>{cells}</w:tr><w:tr><w:tc>{paragraph('a')}{paragraph('b')}</w:tc><w:tc>{paragraph('c')}</w:tc></w:tr></w:tbl>"
        + paragraph("After.")
    )  # fmt: skip
    read = read_content(
        docx(body, footnotes=paragraph("A note."), header1=paragraph("Lantern Works")), "a.docx"
    )
    assert read.text.split("\n") == [
        "# Policy", "## What we keep", "Inside a control.", "We may sell", "it.", "- one", "- two",
        "Name | To greet you", "a", "b", "c", "After.", "A note.",
    ]  # fmt: skip
    assert (read.title, read.dropped_text, read.kind) == (
        "Policy",
        "Lantern Works",
        SourceKind.WORD,
    )


def test_an_open_document_is_read_too() -> None:
    body = (
        "<text:h>What we keep</text:h><text:p>We <text:span>keep</text:span><text:s/>notes.</text:p>"
        "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert read_content(odt(body), "a.odt").text == "## What we keep\nWe keep notes.\n- one\na | b"
    assert code_of(odt(body, "<m:encryption-data xmlns:m='m'/>"), "a.odt") == "document-locked"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "We sell it. "><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx(paragraph("a" * 20_000_000)), "document-too-hard"),
        (docx(paragraph("We sell it."))[:300], "document-damaged"),
        (packed({"word/document.xml": "<w:document>"}), "document-damaged"),
        (packed({"xl/workbook.xml": "<a/>"}), "document-other-kind"),
        (packed({f"part{n}": "" for n in range(10_001)}), "document-too-hard"),
    ],
    ids=["bomb", "half", "not xml", "table", "many parts"],
)
def test_a_word_file_made_to_break_its_reader_ends_in_a_problem(data: bytes, code: str) -> None:
    assert code_of(data, "a.docx") == code


def test_a_part_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(docx(paragraph("We sell it. " * 5000)))
    place = data.find(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    assert code_of(bytes(data), "a.docx") == "document-damaged"


def test_entities_of_a_word_file_are_never_followed() -> None:
    body = (
        f"{ENTITIES}<w:document xmlns:w='w'><w:p><w:t>We &b;&f; keep it.</w:t></w:p></w:document>"
    )
    try:
        text = read_content(packed({"word/document.xml": body}), "a.docx").text
    except Problem:
        return
    assert "root:" not in text
    assert "We sell it" not in text


@given(st.binary(max_size=300))
def test_any_bytes_inside_a_word_file_give_words_or_a_problem(noise: bytes) -> None:
    try:
        read_content(packed({"word/document.xml": noise, "_rels/.rels": noise[:50]}), "a.docx")
    except Problem as problem:
        assert problem.code.startswith("document-")


def mail(body: str, subject: str = "New terms") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "service@example.com"
    message.set_content(body)
    return message


SAID = "We change our terms on 1 March. You may object until then. " * 8


def test_a_mail_is_read_without_the_headers_of_mails_that_it_passes_on() -> None:
    message = mail(
        f"---------- Forwarded message ---------\nFrom: A <a@example.com>\nDate: Monday\n\n{SAID}"
    )
    read = read_content(bytes(message), "mail.eml")
    assert read.text.split() == SAID.split()
    assert "a@example.com" in read.dropped_text
    assert (read.title, read.kind) == ("New terms", SourceKind.MAIL)


def test_the_part_of_a_mail_that_says_more_is_read() -> None:
    message = mail("See this mail in your browser.")
    message.add_alternative(
        f"<html><body><p>{SAID}</p></body></html>", subtype="html", charset="gb18030"
    )
    assert read_content(bytes(message), "mail.eml").text == SAID.strip()
    message = mail(SAID)
    message.add_alternative(f"<p>{SAID} <a>Unsubscribe here</a></p>", subtype="html")
    assert "Unsubscribe" not in read_content(bytes(message), "mail.eml").text


def test_a_mail_that_says_nothing_gives_way_to_its_attachment() -> None:
    message = mail("Please see the attached file.")
    message.add_attachment(
        docx(paragraph("We keep notes.")),
        maintype="application",
        subtype="x",
        filename="terms.docx",
    )
    read = read_content(bytes(message), "mail.eml")
    assert (read.text, read.kind) == ("We keep notes.", SourceKind.WORD)
    message.add_attachment(
        pdf(lines("We keep it.")), maintype="application", subtype="pdf", filename="more.pdf"
    )
    assert code_of(bytes(message), "mail.eml") == "document-attachments"


def test_a_mail_that_speaks_for_itself_names_what_else_it_brought() -> None:
    message = mail(SAID)
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="terms.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    read = read_content(bytes(message), "mail.eml")
    assert read.text.split() == SAID.split()
    assert read.attachments == ("terms.pdf",)


def test_a_mailbox_with_one_mail_is_read_and_one_with_several_is_not() -> None:
    one = b"From service@example.com Mon Mar  2 10:00:00 2026\n" + bytes(mail(SAID))
    assert read_content(one, "box.mbox").text.split() == SAID.split()
    assert code_of(one + b"\n" + one, "box.mbox") == "document-several-mails"


def test_a_page_that_a_browser_saved_as_one_file_is_read() -> None:
    page = (
        f"<html><head><title>Rules</title></head><body><nav>Menu</nav><p>{SAID}</p></body></html>"
    )
    data = (
        b"From: <Saved by a browser>\nSnapshot-Content-Location: https://example.com/terms\n"
        b'Subject: Rules\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
        b"--b\nContent-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n%s\n"
        b"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\naaaa\n--b--\n"
    ) % page.encode()
    read = read_content(data, "rules.mhtml")
    assert (read.title, read.text, read.dropped_text) == ("Rules", SAID.strip(), "Menu")
    assert read.kind is SourceKind.HTML


@given(
    st.binary(max_size=200),
    st.sampled_from(["plain", "html", "mixed; boundary=a", "related; boundary=b"]),
)
def test_any_mail_gives_words_or_a_problem(noise: bytes, kind: str) -> None:
    head = (
        f"Subject: a\nContent-Type: {'text' if ';' not in kind else 'multipart'}/{kind}\n".encode()
    )
    try:
        read_content(head + noise + b"\n\n--a\n\n" + noise, "a.eml").text.encode()
    except Problem as problem:
        assert problem.code.startswith("document-")


def test_every_kind_of_paper_is_cut_into_the_same_sentences() -> None:
    said = ["What we share", "We never sell your letters.", "You can delete them at any time."]
    papers = (
        pdf(lines(said[0], "", f"{said[1]} {said[2]}")),
        docx(paragraph(said[0]) + paragraph(f"{said[1]} {said[2]}")),
        odt(f"<text:p>{said[0]}</text:p><text:p>{said[1]} {said[2]}</text:p>"),
        f"<h2>{said[0]}</h2><p>{said[1]}\n{said[2]}</p>".encode(),
        "\n\n".join((said[0], f"{said[1]} {said[2]}")).encode(),
    )
    for paper in papers:
        found = [one.text.removeprefix("## ") for one in split(read_content(paper, "paper").text)]
        assert found == said
