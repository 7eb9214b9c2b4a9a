"""Which addresses may go into the catalogue, and whose a domain is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote, unquote, urlsplit

from guardian.accounts.model import Place
from guardian.accounts.rules.addresses import locate_host

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
SCRIPTS = ("javascript:", "data:", "vbscript:", "file:", "blob:")
LANGUAGE = re.compile(r"[a-z]{2}([-_][a-z]{2})?", re.I)
NEARLY_NOTHING = {"", "home", "index", "index.html", "index.php", "index.htm", "index.aspx"}

# a host of its own for people who want something: its bare address is more than a front door
COUNTERS = ("privacy", "support", "help", "delete", "preferences", "dsar", "gdpr", "request",
            "account", "profile", "datenschutz", "selbstauskunft")  # fmt: skip

# names of hosts that stand for the whole service rather than for another one beside it
DOORS = {
    "1login", "account", "accounts", "app", "auth", "client", "clients", "connect", "console",
    "customer", "customers", "dashboard", "global", "home", "id", "identity", "idp", "login", "m",
    "member", "members", "mobile", "online", "passport", "portal", "profile", "s", "secure",
    "signin", "sso", "user", "users", "web", "www",
}  # fmt: skip

# who runs help pages and forms for others
HELPERS = {
    "atlassian.net", "custhelp.com", "datenschutzanfrage.de", "dporganizer.com", "dsextern.de",
    "formstack.com", "freshdesk.com", "gdprform.io", "helpscoutdocs.com", "helpshift.com",
    "intercom.help", "iubenda.com", "legaldata.law", "oncentrl.com", "onetrust.com",
    "paperform.co", "relyance.ai", "sp-prod.net", "sprinklr.com", "termly.io", "trustarc.com",
    "zendesk.com",
}  # fmt: skip
# the same, where every customer has a registrable domain of its own
HELPER_ENDINGS = (".my.site.com", ".force.com", ".notion.site", ".salesforce-sites.com")

# Whose pages lie with somebody else: read one by one, all pages of the same company or its own
# second name. Everything else outside a service's own domains is left out.
HOMES = {
    "3daimtrainer.com": "steelseries.com",
    "aljazeera.com": "aljazeera.net",
    "amazonaws.com": "amazon.com",
    "app.link": "branch.io",
    "atlassian.net": "atlassian.com",
    "att.net": "att.com",
    "attn.tv": "attentivemobile.com",
    "bild.de": "axelspringer.com",
    "bing.com": "live.com",
    "blogger.com": "google.com",
    "bloomingdales.com": "customerservice-bloomingdales.com",
    "catme.com": "catme.org",
    "cheezburger.com": "cheezburgernetwork.wordpress.com",
    "comcast.net": "xfinity.com",
    "commentcamarche.net": "ccm.net",
    "cpanel.com": "cpanel.net",
    "deutschepost.de": "dhl.de",
    "eki-net.com": "jreast.co.jp",
    "everand.com": "scribd.com",
    "experiandirect.com": "experian.com",
    "extra.com.br": "grupocasasbahia.com.br",
    "freelancer.com": "freelancer.in",
    "gamemaker.io": "opera.com",
    "geny.io": "genymotion.com",
    "getpostman.com": "postman.co",
    "gitlab.com": "gitlab.io",
    "gmail.com": "google.com",
    "googlemail.com": "google.com",
    "instagram.com": "facebook.com",
    "iversity.com": "iversity.org",
    "jetbrains.space": "jetbrains.com",
    "jimdofree.com": "jimdo.com",
    "kaspersky.de": "kaspersky.com",
    "lgt.li": "lgt.com",
    "messenger.com": "facebook.com",
    "microsoft.com": "live.com",
    "minid.no": "difi.no",
    "moodle.com": "moodle.org",
    "msn.com": "live.com",
    "myshopify.com": "shopify.com",
    "myworkdayjobs.com": "workday.com",
    "nbcnews.com": "nbc.com",
    "nike.com.br": "nike.com",
    "o2online.de": "telefonica.de",
    "oculus.com": "meta.com",
    "office365.com": "live.com",
    "onelink.me": "appsflyer.com",
    "passdock.com": "passdock.net",
    "paysafecard.com": "paysafe.com",
    "phishtank.com": "cisco.com",
    "pogo.com": "ea.com",
    "prestashop.com": "prestashop.net",
    "proximus.com": "proximus.be",
    "quip.com": "salesforce.com",
    "redd.it": "reddit.com",
    "rottentomatoes.com": "fandango.com",
    "service-now.com": "servicenow.com",
    "slideshare.com": "scribd.com",
    "slideshare.net": "scribd.com",
    "stardock.com": "stardock.atlassian.net",
    "suumo.jp": "recruit.co.jp",
    "swarmapp.com": "foursquare.com",
    "synchrony.com": "mysynchrony.com",
    "tdsynnex.com": "tdsynnex.eu",
    "teads.com": "teads.tv",
    "telekom.com": "telekom.de",
    "telekom.de": "telekom.com",
    "tenor.com": "google.com",
    "terraform.io": "hashicorp.com",
    "the-sun.com": "thesun.co.uk",
    "thingiverse.com": "makerbot.com",
    "tripadvisor.com": "tripadvisorsupport.com",
    "twitch.tv": "twitch.com",
    "twitter.com": "x.com",
    "ufcfightpass.com": "ufc.com",
    "ugc.com": "ugc.fr",
    "vtech.com": "vtechkids.com",
    "vuforiachalk.com": "ptc.com",
    "worldstar.com": "worldstarhiphop.com",
    "youtube.com": "google.com",
    "zamnesia.nl": "zamnesia.com",
}


def site_of(host: str) -> str:
    """The registrable domain of a host name; empty for what is none."""
    located = locate_host(host.lower().strip(" ./").partition("/")[0])
    return located[1] if located and located[0] is Place.WEB else ""


def is_whole(host: str) -> bool:
    """Whether a host name is the registrable domain itself."""
    host = host.lower().strip(" ./").partition("/")[0].removeprefix("www.")
    return host == site_of(host)


def claim(host: str, name: str = "") -> int:
    """How well a host name proves that all of its domain belongs to ``name``; 0 is not at all.

    3: it is the domain. 2: it is its door, such as «login.» or «my.». 1: the names are alike.
    """
    site = site_of(host)
    if not site:
        return 0
    if is_whole(host):
        return 3
    first = host.lower().partition(".")[0]
    if first in DOORS or first.startswith("my") or len(first) == 2:
        return 2
    return int(alike(name, site))


def plain(name: str) -> str:
    """A name in small letters and digits alone, to compare it."""
    flat = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in flat if sign.isalnum())


def label(site: str) -> str:
    """What somebody chose as the name of a registrable domain: «example» of example.co.uk."""
    return plain(site.partition(".")[0])


def alike(name: str, site: str) -> bool:
    one, other = plain(name), label(site)
    return len(min(one, other, key=len)) >= 3 and (one in other or other in one)


def tidy_text(text: str) -> str:
    """A name or a postal address without signs that hide or turn around others."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(
        "".join(sign for sign in line if unicodedata.category(sign)[0] != "C") for line in lines
    ).strip()


def tidy_mail(mail: str | None) -> str:
    """A mail address, or nothing where it is not plainly one."""
    mail = (mail or "").strip()
    return mail if MAIL.fullmatch(mail) and ".." not in mail else ""


def tidy_url(url: str, own: Collection[str]) -> str:
    """``url`` if it is secure, printable, and lies with the service itself; else nothing.

    ``own`` are the registrable domains of the service.
    """
    # a text fragment would carry words of the page
    url = url.strip().partition(":~:")[0].rstrip("#")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme != "https" or parts.username is not None or port or "\\" in url:
        return ""
    if not HOST.fullmatch(host) or len(url) > 400 or not lies_with(host, own):
        return ""
    plain_url = unquote(url)
    if any(script in plain_url.casefold() for script in SCRIPTS):
        return ""
    if any(unicodedata.category(sign)[0] == "C" for sign in plain_url):
        return ""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


def lies_with(host: str, own: Collection[str]) -> bool:
    """Whether a host belongs to the service, or to somebody known to work for it."""
    site = site_of(host)
    if site in own or site in HELPERS or host.endswith(HELPER_ENDINGS):
        return bool(site)
    return any(HOMES.get(one) == site for one in own)


def is_front_door(url: str) -> bool:
    """Whether an address leads no further than to the first page of a site."""
    parts = urlsplit(url)
    if parts.query or parts.fragment.strip("/#"):
        return False
    steps = [step for step in parts.path.lower().split("/") if step not in NEARLY_NOTHING]
    if any(not LANGUAGE.fullmatch(step) for step in steps):
        return False
    first = (parts.hostname or "").partition(".")[0]
    return not any(counter in first for counter in COUNTERS)
