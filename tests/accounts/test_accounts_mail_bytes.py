"""Mails as bytes: cutting, decoding and finding what is meant, on anything and without an error."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_helpers import mail

from guardian.accounts.mail import bodies, decoding, mbox
from guardian.accounts.mail.heads import Part, read_fields, read_head


def split_all(raw: bytes) -> list[tuple[bytes, bytes]]:
    place = 0

    def read(size: int) -> bytes:
        nonlocal place
        place += size
        return raw[place - size : place]

    return list(mbox.split_mbox(read))


@given(st.binary(max_size=600))
def test_any_bytes_are_cut_into_mails_without_an_error(raw: bytes) -> None:
    for end in (b"", b"\nFrom - Mon Mar  4 12:00:00 2019\nSubject: x\n\n" + raw):
        for head, body in split_all(raw + end):
            read_head(head)
            bodies.read_body(Part(b"multipart/x; boundary=a", b"base64"), body)


PIECES = st.lists(
    st.sampled_from(
        [b"From - Mon Mar  4 12:00:00 2019\n", b"From a@b.c 1 12:00 1999\r\n", b"Subject: x\n",
         b"\n", b"\r\n", b"From me\n", b">From x\n", b"text\n", b"From a@b.c\n", b"To: y\r\n",
         b"From \n"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=60)
@given(PIECES, st.integers(1, 40))
def test_where_a_piece_of_the_file_ends_changes_nothing(pieces: list[bytes], size: int) -> None:
    raw = b"".join(pieces)
    whole = split_all(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mbox, "CHUNK", size)
        assert split_all(raw) == whole


def test_what_only_looks_like_a_new_mail_stays_where_it_is() -> None:
    body = (
        "From here on it is quiet.\n>From now: quoted\n\nFrom Anna: hello\n"
        "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: a@b.c\n"
    )
    text = mail("One", "a@kite.com", body=body).rstrip("\n") + "\n" + mail("Two", "b@kite.com")
    for raw in (text, text.replace("\n", "\r\n"), "garbage\n" + text, "\ufeff" + text):
        heads = [head for head, _ in split_all(raw.encode())]
        subjects = [(read_fields(head) or {})[b"subject"].strip() for head in heads]
        assert subjects == [b"One", b"Two"]


@given(st.text(max_size=60), st.sampled_from(["utf-8", "gb18030", "iso-2022-jp", "koi8-r"]))
def test_encoded_words_are_read_back(text: str, charset: str) -> None:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    raw = line.encode(charset, "ignore")
    clear = raw.decode(charset).strip()
    if charset == "iso-2022-jp":  # its words must be whole: it changes alphabets on the way
        words = [raw]
    else:
        words = [raw[place : place + 7] for place in range(0, len(raw), 7)]
    header = b"\r\n ".join(
        b"=?" + charset.encode() + b"?B?" + b64encode(word) + b"?=" for word in words
    )
    assert decoding.decode_header(header) == clear


@given(st.binary(max_size=300))
def test_any_header_is_read_without_an_error(raw: bytes) -> None:
    for value in (raw, b"=?utf-8?B?" + raw + b"?=", b"=?" + raw + b"?Q?=E4?= x"):
        text = decoding.decode_header(value)
        assert "\n" not in text
        assert "\x00" not in text
        decoding.addresses_in(value)
        decoding.parse_date(value)
        decoding.display_name(value)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "café"),
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?iso-8859-1*de?q?gr=FC=DFe?=", "grüße"),
        (b"=?zip?B?AAAA?= x", "\ufffd x"),
        (b"plain =?utf-8?q?a?= b", "plain a b"),
        (b"=?utf-8?B?YQ?=", "a"),
        (b"gr\xfc\xdfe", "grüße"),
        (b"a\x00b\r\n\tc", "a b c"),
    ],
)
def test_odd_encodings_are_read_as_well_as_may_be(raw: bytes, text: str) -> None:
    assert decoding.decode_header(raw).strip("\ufffd ") == text.strip("\ufffd ")


@pytest.mark.parametrize(
    ("line", "addresses"),
    [
        (b'"x <a@paypal.com>" <b@evil.com>', ["b@evil.com"]),
        (b"=?utf-8?q?=3Ca=40paypal=2Ecom=3E?= <b@evil.com>", ["b@evil.com"]),
        (b"<a@paypal.com> <b@evil.com>", ["a@paypal.com", "b@evil.com"]),
        (b"B@Evil.com (a@paypal.com)", ["b@evil.com"]),
        (b"undisclosed-recipients:;", []),
        (b"a@b@c.com", []),
        (b"<>", []),
    ],
)
def test_only_the_address_counts_not_what_stands_beside_it(
    line: bytes, addresses: list[str]
) -> None:
    assert decoding.addresses_in(line) == addresses


def test_two_senders_are_none() -> None:
    assert read_head(b"From: a@kite.com\nFrom: b@heron.com\nSubject: x\n") is None
    assert read_head(b"From: <a@kite.com> <b@heron.com>\nSubject: x\n") is None


def heads() -> Iterator[bytes]:
    yield b"From: a@kite.com\nSubject: " + b"x" * 400_000
    yield b"From: a@kite.com\n" + b"X-Y: z\n" * 60_000
    yield b"From: " + b'"(<' * 60_000 + b"\nSubject: x\n"
    yield b"Subject: " + b"=?utf-8?q?" * 40_000 + b"\nFrom: a@kite.com\n"
    yield b"DKIM-Signature: " + b"d=;" * 90_000 + b"\nFrom: a@kite.com\n"
    yield b"From: a@kite.com\n" + b"!" * 250_000 + b"\n"


@pytest.mark.parametrize("head", tuple(heads()), ids=range(6))
def test_a_huge_head_takes_no_time(head: bytes) -> None:
    begin = time.monotonic()
    for _ in range(3):
        split_all(b"From - Mon Mar  4 12:00:00 2019\n" + head + b"\n\n" + head)
        read_head(head)
    assert time.monotonic() - begin < 3


def test_the_body_is_found_whatever_it_is_wrapped_in() -> None:
    plain = "Ihr Konto ist bereit: grüße"
    wrapped = b64encode(plain.encode("cp1252"))
    inner = (
        b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + wrapped
        + b"\r\n--c--\r\n--b--"
    )
    assert bodies.read_body(Part(b'multipart/mixed; boundary="b"', b""), inner).strip() == plain
    html = b"<style>p {}</style><p>Ihr&nbsp;Konto</p><script>x"
    assert bodies.read_body(Part(b"text/html", b""), html).split() == ["Ihr", "Konto"]
    assert bodies.read_body(Part(b"image/png", b"base64"), b"AAAA") == ""
