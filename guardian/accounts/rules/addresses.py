"""Where an address leads: to a public site, an app, a device at home, or nowhere.

No file is opened here but the public suffix list that its package carries.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from guardian.accounts.model import Place
from guardian.core.paths import in_demo

KEPT_HOSTS = 50_000
WEB_SCHEMES = {"http", "https", "ftp"}
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?")
PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")
DOTS = re.compile("[.\u3002\uff0e\uff61]")
TAKEN_FOR_OTHERS = frozenset("ß\u1e9eς\u200c\u200d")
LONGEST_LABEL = 63
LOCAL_ENDINGS = (
    ".local", ".localhost", ".localdomain", ".lan", ".home", ".internal", ".home.arpa", ".intranet",
)  # fmt: skip
# nobody can own such a name; the demonstration's services have them, and nobody else's
RESERVED_ENDINGS = (".test", ".invalid")


def locate(address: str) -> tuple[Place | None, str] | None:
    """Where an address of a saved login leads: (WEB, registrable domain), (APP, package).

    (None, host) is one without a public name: an IP address, a single word, ``*.local``.
    None is no account at all, such as a browser's own ``chrome://`` entries.
    """
    if address.lower().startswith("android://"):
        package = address.rpartition("@")[2].strip("/")
        return (Place.APP, package) if PACKAGE.fullmatch(package) else None
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in WEB_SCHEMES or not host:
        return None
    return locate_host(host)


def locate_host(host: str) -> tuple[Place | None, str] | None:
    """The same for a bare host name in lower case; see :func:`locate`."""
    return locate_name(host, in_demo())


@lru_cache(KEPT_HOSTS)  # several sources name the same hosts
def locate_name(host: str, demo: bool) -> tuple[Place | None, str] | None:
    """The same; in the ``demo``, names that are reserved for tests count as public."""
    if ":" in host or host[-1:].isdigit():  # no public name ends in a digit
        with suppress(ValueError):
            return None, str(ipaddress.ip_address(host))
    name = to_ascii(host)
    if not HOST.fullmatch(name) or ".." in name:
        return None
    if "." not in name or name.endswith(LOCAL_ENDINGS):
        return None, name
    if name.endswith(RESERVED_ENDINGS) and not demo:
        return None, name
    return Place.WEB, registrable(name)


def to_ascii(host: str) -> str:
    """``host`` as it is registered, in ASCII and lower case; empty where it cannot be."""
    if host.isascii():
        return host.lower()
    try:
        return ".".join(label_to_ascii(label) for label in DOTS.split(host))
    except UnicodeError:
        return ""


def label_to_ascii(label: str) -> str:
    """One part of a host name. Raises ``UnicodeError``.

    Python's own codec follows the rule of 2003, which makes «fass» of «faß»: another site.
    """
    if TAKEN_FOR_OTHERS.isdisjoint(label):
        return label.encode("idna").decode("ascii").lower()
    plain = unicodedata.normalize("NFKC", label.lower())
    name = f"xn--{plain.encode('punycode').decode('ascii')}"
    if len(name) > LONGEST_LABEL:
        raise UnicodeError("too long for a part of a host name")
    return name


@cache
def registrable(host: str) -> str:
    """The part of a host name that somebody registered: one account usually serves all of it."""
    return suffixes().privatesuffix(host) or host


@cache
def suffixes() -> Any:
    """The public suffix list; a tenth of a second to read, so not before it is needed."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
