"""Who really wrote a mail: the site behind the address, and whether that can be believed.

Only the address counts, never the name beside it. Where the head shows who signed the mail, the
signature must belong to the sender's own domain, or the receiving server must have found the whole
in order (DMARC). Where the head shows nothing, as in Thunderbird's index, the address is taken at
its word, but for names that are often stolen.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from guardian.accounts.mail.content import load_lexicon, load_senders
from guardian.accounts.mail.heads import Head, read_checks, read_signers
from guardian.accounts.mail.tagging import fold, split
from guardian.accounts.model import Place
from guardian.accounts.rules.addresses import locate_host, registrable

FIRST_LAST = re.compile(r"[a-z]{2,}[._][a-z]{2,}")
PRIVATE_ROLES = re.compile(
    r"(?:no|do-?not|nao|ne-?pas|nicht)[._-]?(?:re|ant)\w*|account\w*|security"
)
LETTERS = re.compile(r"[a-z]+")
# signs that are read as others: digits for letters, two letters for one
LOOKS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Cyrillic and Greek letters that look like Latin ones
DOUBLES = frozenset("асеорхуіјѕԁһӏԛԝьвкмнтαορνικυχγ")


class Voice(IntEnum):
    """In what voice somebody writes: a service by role, an advertiser, a person, or unclear."""

    UNCLEAR = 0
    SERVICE = 1
    NEWS = 2
    PERSON = 3


class Origin(NamedTuple):
    """Where a mail is from. ``names`` are the sender's own names, as they stand in a subject."""

    site: str
    voice: Voice
    names: frozenset[str]


@lru_cache(maxsize=65536)
def find_origin(address: str, name: str) -> Origin | None:
    """The origin of a mail from ``address``; None where that is nobody's service.

    None for private mailboxes, for mailers that write for many, for addresses without a public
    name, and for domains that pose as another.
    """
    senders = load_senders()
    local, _, host = address.rpartition("@")
    host = host.rstrip(".")
    located = locate_host(host)
    if not local or located is None or located[0] is not Place.WEB or poses(host, name):
        return None
    domain = located[1]
    if domain in senders.relays or "." not in domain:
        return None
    if domain in senders.private and host == domain and not PRIVATE_ROLES.fullmatch(local):
        return None
    site = senders.aliases.get(domain, domain)
    return Origin(site, voice_of(local, name, site), names_of(site, name))


def poses(host: str, name: str) -> bool:
    """Whether a host is made to be taken for another one."""
    if not host.isascii() or "xn--" in host:
        return mixes_scripts(host)
    domain = registrable(host)
    label = domain.partition(".")[0]
    plain = label.translate(LOOKS)
    for pair, one in PAIRS:
        plain = plain.replace(pair, one)
    senders = load_senders()
    parts = set(re.split(r"[-_]", label))
    claimed = fold(name)
    for brand, own in senders.brands.items():
        if label in own:
            return False
        if plain in own and plain != label:
            return True
        if len(parts) > 1 and parts & own and parts & senders.bait:
            return True
        if claimed and claims(claimed, brand) and not any(one in domain for one in own):
            return True
    return False


def claims(name: str, brand: str) -> bool:
    """Whether a display name says no more than that it is ``brand``."""
    if not name.startswith(brand):
        return False
    senders = load_senders()
    return all(word in senders.titles or word in senders.bait for word in split(name[len(brand) :]))


def mixes_scripts(host: str) -> bool:
    """Whether a part of an international name is written to look like Latin letters."""
    try:
        shown = [read_label(part) for part in host.split(".")]
    except UnicodeError:
        return True
    for label in shown:
        if not label.isascii() and unicodedata.normalize("NFKC", label).isascii():
            return True  # odd forms of plain letters: no honest program writes them
        scripts = {script_of(sign) for sign in label if sign.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}:
            return True
        if not label.isascii() and all(s in DOUBLES for s in label if s.isalpha()):
            return True
    return False


def read_label(part: str) -> str:
    """A part of a host name as it is read. Raises ``UnicodeError`` for one that stands for none."""
    if not part.lower().startswith("xn--"):
        return part
    return part[4:].encode("ascii").decode("punycode")


def script_of(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def names_of(site: str, name: str) -> frozenset[str]:
    """What a sender may be called in a subject, without spaces: its domain, its name, parts.

    A part that means something of its own («hotel») is no name.
    """
    label = label_of(site)
    words = [word for word in split(fold(name)) if word not in load_senders().titles]
    found = {label, "".join(words)}
    parts = [part for part in re.split(r"[-_]", fold(site.partition(".")[0])) if len(part) > 4]
    parts += (word for word in words if len(word) > 3 and word in label)
    found.update(part for part in parts if not load_lexicon().tag(part))
    return frozenset(one for one in found if len(one) > 1)


def label_of(site: str) -> str:
    """The first part of a site's name, as one word."""
    return re.sub(r"[-_]", "", fold(site.partition(".")[0]))


def voice_of(local: str, name: str, site: str) -> Voice:
    senders = load_senders()
    words = set(filter(None, re.split(r"[._+-]", local)))
    if local in senders.news or words & senders.news:
        return Voice.NEWS
    label = label_of(site)
    if local in senders.roles or words & senders.roles or local == label:
        return Voice.SERVICE
    called = split(fold(name))
    if any(len(word) > 2 and word in label for word in called) or label in "".join(called):
        return Voice.UNCLEAR  # the name is the service's own
    letters = "".join(LETTERS.findall(local))
    person = 2 <= len(called) <= 3 and letters in {
        *called, "".join(called), called[0][:1] + called[-1], called[0] + called[-1][:1],
    }  # fmt: skip
    return Voice.PERSON if person or FIRST_LAST.fullmatch(local) else Voice.UNCLEAR


def is_believable(head: Head, site: str) -> bool | None:
    """Whether the sender is who it says: yes, no, or None where the head shows nothing of it."""
    checks = read_checks(head) if head.results else {}
    if checks.get("dmarc") == "pass":
        return True
    if checks.get("dmarc") == "fail":
        return False
    if checks.get("dkim") == "fail" and checks.get("spf") in ("fail", "softfail"):
        return False
    signers = read_signers(head)
    return signed_by(signers, head.sender.rpartition("@")[2], site) if signers else None


@lru_cache(maxsize=8192)
def signed_by(signers: tuple[str, ...], host: str, site: str) -> bool:
    """Whether one of the signers is the site, or the sender's own domain."""
    aliases = load_senders().aliases
    domains = {registrable(domain) for domain in signers if domain.isascii()}
    return bool({registrable(host), site} & {*domains, *(aliases.get(one, one) for one in domains)})
