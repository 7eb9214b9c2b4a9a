"""Strict base64: one spelling for one meaning."""

from __future__ import annotations

import base64
import binascii

STANDARD_TO_URL = str.maketrans("+/", "-_")


def encode_url(data: bytes) -> str:
    """URL-safe base64 with padding."""
    return base64.urlsafe_b64encode(data).decode("ascii")


def decode_url(text: str) -> bytes:
    """The bytes of URL-safe base64 with padding. Raises ``ValueError``.

    Only the one canonical spelling is taken: a reader that ignores unused bits would see two
    names where one was written.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if encode_url(data) != text:
        raise ValueError("not canonical base64")
    return data


def decode_standard(text: str) -> bytes:
    """The bytes of ordinary base64 with padding, canonical. Raises ``ValueError``."""
    if "-" in text or "_" in text:
        raise ValueError("not ordinary base64")
    return decode_url(text.translate(STANDARD_TO_URL))


def encode_token(data: bytes) -> str:
    """URL-safe base64 without padding, as JSON web tokens use it."""
    return encode_url(data).rstrip("=")


def decode_token(text: str) -> bytes:
    """The bytes of one part of a JSON web token. Raises ``ValueError``.

    Padding and the ordinary alphabet are tolerated, because other writers use them.
    """
    bare = text.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    if text not in (bare, padded):
        raise ValueError("wrong padding")
    if "-" in bare or "_" in bare:
        return decode_url(padded)
    return decode_standard(padded)
