"""One saved login of an export: where it leads, whose it is, and when; nothing else of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from guardian.accounts.model import Place
from guardian.accounts.rules.addresses import HOST, locate, suffixes, to_ascii

# longer than any address or name that means something
MAX_ADDRESS = 8192
MAX_NAME = 512
MAX_PARTS = 200
APPS = ("androidapp://", "android-app://")
# what stands for «no address»: LastPass writes notes and folders like that, and the browsers
# keep their own sign-in under a name of their own
NO_SITES = frozenset({"http://sn", "http://group", "chrome://firefoxaccounts"})
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
PORT = re.compile(r"[^/?#]*:\d{1,5}([/?#]|$)")
# what password programs call their bin, as a step of a path of groups
BINS = frozenset(
    {
        "recycle bin", "trash", "deleted items", "papierkorb", "corbeille", "papelera",
        "papelera de reciclaje", "cestino", "lixeira", "reciclagem", "prullenbak", "kosz",
        "корзина", "回收站", "ごみ箱", "휴지통",
    }
)  # fmt: skip
SECONDS_END = 10**11


class Login(msgspec.Struct, frozen=True, array_like=True):
    """``addresses`` hold a scheme and a host alone, one per site; times are Unix milliseconds."""

    addresses: list[str]
    name: str = ""
    created: int = 0
    changed: int = 0
    used: int = 0


class Gathered(msgspec.Struct):
    """What an export holds, and how many of its entries are not among ``logins``, by reason.

    ``key`` and ``program`` say what kind of export it is; ``program`` is empty where that is not
    known.
    """

    key: str
    program: str
    logins: list[Login] = []
    homeless: int = 0
    away: int = 0
    odd: int = 0
    cut: bool = False

    def take(
        self,
        sites: Iterable[object],
        names: Iterable[object],
        title: object = "",
        times: tuple[object, ...] = (),
    ) -> None:
        """Add one login. Raises nothing: what makes no sense is counted."""
        wanted, called = [text(one) for one in sites], [text(one) for one in names]
        if any(len(one) > MAX_ADDRESS for one in wanted) or any(
            len(one) > MAX_NAME for one in called
        ):
            self.odd += 1
            return
        wanted = [one.strip() for one in wanted if one.strip()]
        name = next(filter(None, map(plain, called)), "")
        if NO_SITES.issuperset(one.lower().rstrip("/") for one in wanted) and (wanted or not name):
            return  # a note, a folder: no login
        addresses = find_addresses(wanted) or find_addresses([named_site(text(title))])
        if addresses:
            stamps = [unix_ms(one) for one in times]
            self.logins.append(Login(addresses, name, *stamps))
        else:
            self.homeless += 1


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def plain(name: str) -> str:
    """A name on one line, without the characters that only steer how it is shown."""
    if name.isprintable():
        return " ".join(name.split())
    visible = (char if unicodedata.category(char)[0] != "C" else " " for char in name)
    return " ".join("".join(visible).split())


def find_addresses(candidates: Iterable[str]) -> list[str]:
    """The bare addresses of all sites among ``candidates``, each once.

    An app beside a site is the same login by another door, and left out.
    """
    found: dict[tuple[Place | None, str], str] = {}
    for candidate in candidates:
        bare = bare_address(candidate)
        located = locate(bare) if bare else None
        if located:
            found.setdefault(located, bare)
    sites = [bare for (place, _), bare in found.items() if place is not Place.APP]
    return sites or list(found.values())


def bare_address(candidate: str) -> str:
    """``candidate`` without path, user and password; empty where it leads to no site.

    An app stays ``android://@package``; what comes without a scheme is one of the web.
    """
    candidate = candidate.strip()
    if candidate.lower().startswith(("android://", *APPS)):
        place = candidate.partition("://")[2].rpartition("@")[2]
        return f"android://@{place.partition('/')[0]}"
    ported = PORT.match(candidate) is not None
    if ported or not SCHEME.match(candidate):
        host = re.split(r"[/?#:]", candidate, maxsplit=1)[0].lower()
        return f"https://{host}" if ported or is_public(host) or is_number(host) else ""
    try:
        parts = urlsplit(candidate)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}" if host else ""


def is_public(host: str) -> bool:
    """Whether a bare text is the name of a public site: it ends like one."""
    name = to_ascii(host)
    if "." not in name or ".." in name or not HOST.fullmatch(name):
        return False
    return suffixes().privatesuffix(name, accept_unknown=False) is not None


def is_number(host: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", host) is not None


def named_site(title: str) -> str:
    """A title that is itself the name of a site; else empty."""
    title = title.strip()
    if len(title) > 253 or not title or title[0] in ".-" or any(char.isspace() for char in title):
        return ""
    if title.lower().startswith(("http://", "https://")):
        return title
    return title if is_public(title.lower()) else ""


def split_addresses(cell: str) -> list[str]:
    """The addresses in a cell that may hold several: a JSON list, or parted by commas or lines."""
    if cell.lstrip().startswith("["):
        try:
            listed = msgspec.json.decode(cell)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            listed = None
        if isinstance(listed, list):
            return [
                text(one.get("url")) if isinstance(one, dict) else text(one)
                for one in listed[:MAX_PARTS]
            ]
    return [part for part in re.split(r"[,\s]+", cell, maxsplit=MAX_PARTS) if part]


def in_bin(path: str) -> bool:
    """Whether a path of groups leads through a bin."""
    return any(step.strip().lower() in BINS for step in path.split("/"))


def unix_ms(value: object) -> int:
    """A time as exports write it (Unix seconds or milliseconds, ISO 8601); 0 where it is none."""
    if isinstance(value, str):
        value = value.strip()
        if not value.isascii() or len(value) > 40:
            return 0
        if not value.isdigit():
            return iso_ms(value)
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10**15:
        return 0
    return value * 1000 if value < SECONDS_END else value


def iso_ms(value: str) -> int:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return 0
    try:
        return max(0, int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000))
    except (OverflowError, ValueError):
        return 0
