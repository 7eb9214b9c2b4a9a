"""Tells from the address of a visited page which service somebody was signing in to with another.

«Sign in with …» leads through a page of the provider, whose address names the place to come back
to. The forms of these addresses are those of the providers' own documentation of OAuth 2.0 and
OpenID; nothing is fetched. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from guardian.accounts.model import Place
from guardian.accounts.rules.addresses import locate

# longer than any address a provider accepts
MAX_ADDRESS = 16_384
MAX_RETURN = 2_048
MAX_FIELDS = 100
# what one of these addresses always holds; each is looked for in every address of a history
MARKS = (
    "redirect_uri=", "redirect_url=", "openid.return_to=", "oauth_token=", "request_uri=",
    "/gsi/select?",
)  # fmt: skip
RETURN_FIELDS = ("redirect_uri", "redirect_url", "openid.return_to")
# where the page comes back by a message from window to window, these name the asking page
ASKING_FIELDS = ("origin", "domain")
# «storagerelay://https/www.example.org?id=…» is how Google's own script names the asking page
RELAY = re.compile(r"storagerelay://(https?)/([^/?#]+)")
# in place of a place to come back to: a number under which provider and service agreed on one
NUMBERS = ("oauth_token", "request_uri")
# fields by which a service is told that there is no sign-in, with what they say (empty: anything)
REFUSALS = {"error": "", "denied": "", "openid.error": "", "openid.mode": "cancel"}


@dataclass(frozen=True)
class Provider:
    """A service that others let people sign in with.

    ``host`` names it, ``hosts`` are where its pages for this lie, and ``pages`` what their paths
    begin with (a regular expression). ``own`` are further sites of the same owner: coming back
    there is no account elsewhere.
    """

    host: str
    pages: str
    hosts: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignIn:
    """A visit to a provider on the way into a service.

    ``service`` is the service's address, empty where the address does not tell (the service lets
    another firm do its sign-ins, or names itself by a number). ``back`` is the host and path that
    the provider sends people back to, empty where it does not say.
    """

    service: str
    provider: str
    back: str = ""


MICROSOFT = (
    "microsoft.com", "live.com", "office.com", "office365.com", "outlook.com", "azure.com",
    "sharepoint.com", "xbox.com", "bing.com", "msn.com", "skype.com", "visualstudio.com",
    "windows.com", "windows.net", "microsoft365.com", "cloud.microsoft", "onedrive.com",
)  # fmt: skip
OAUTH = r"/(login/)?oauth2?(\.0)?(/v\d+(\.\d+)?)?/(authori[sz]e|authorization|auth)"
PROVIDERS = (
    Provider(
        "accounts.google.com",
        r"/o/oauth2/|/signin/oauth|/v3/signin/|/gsi/select",
        own=("youtube.com", "googleapis.com", "googleusercontent.com", "gstatic.com",
             "android.com", "withgoogle.com", "chrome.com", "blogger.com"),
    ),
    Provider(
        "appleid.apple.com", r"/auth/authorize", ("account.apple.com",), own=("icloud.com",)
    ),
    Provider(
        "www.facebook.com",
        r"(/v\d+(\.\d+)?)?/dialog/oauth|(/v\d+(\.\d+)?)?/dialog/oidc",
        ("facebook.com", "m.facebook.com", "web.facebook.com", "limited.facebook.com"),
        own=("messenger.com", "fb.com", "meta.com", "oculus.com"),
    ),
    Provider(
        "login.microsoftonline.com",
        r"/[^/]+(/[^/]+)?/oauth2/(v2\.0/)?authorize",
        ("login.windows.net", "login.microsoftonline.us"),
        own=MICROSOFT,
    ),
    Provider("login.live.com", r"/oauth20_authorize\.srf", own=("microsoftonline.com", *MICROSOFT)),
    Provider("github.com", OAUTH, own=("githubapp.com", "github.dev", "githubusercontent.com")),
    Provider("gitlab.com", OAUTH),
    Provider("bitbucket.org", r"/site/oauth2/authorize", own=("atlassian.com",)),
    Provider("auth.atlassian.com", r"/authorize", own=("atlassian.net", "trello.com")),
    Provider("www.linkedin.com", rf"/uas{OAUTH}|{OAUTH}", ("linkedin.com",)),
    Provider(
        "twitter.com",
        rf"/i{OAUTH}|{OAUTH}|/oauth/authenticate",
        ("x.com", "api.twitter.com", "api.x.com", "mobile.twitter.com"),
        own=("x.com", "twitter.com"),
    ),
    Provider(
        "discord.com", rf"(/api)?(/v\d+)?{OAUTH}", ("discordapp.com",), own=("discordapp.com",)
    ),
    Provider(
        "www.amazon.com",
        r"/ap/oa",
        ("na.account.amazon.com", "eu.account.amazon.com", "apac.account.amazon.com",
         "www.amazon.de", "www.amazon.co.uk", "www.amazon.fr", "www.amazon.it", "www.amazon.es",
         "www.amazon.co.jp", "www.amazon.in", "www.amazon.ca", "www.amazon.com.br"),
        own=("primevideo.com", "audible.com", "aws.amazon.com"),
    ),
    Provider("api.login.yahoo.com", r"/oauth2/request_auth", own=("yahoo.co.jp", "aol.com")),
    Provider(
        "www.paypal.com",
        r"/connect|/signin/authorize|/webapps/auth/protocol/openidconnect",
        ("paypal.com",),
    ),
    Provider("accounts.spotify.com", rf"(/[a-z-]+)?(/authorize|{OAUTH})"),
    Provider("id.twitch.tv", OAUTH, ("api.twitch.tv",)),
    Provider("slack.com", rf"(/openid/connect/authorize|{OAUTH})"),
    Provider("www.dropbox.com", rf"(/1)?{OAUTH}", ("dropbox.com",)),
    Provider("www.reddit.com", r"/api/v1/authorize", ("reddit.com", "old.reddit.com")),
    Provider("www.tiktok.com", r"(/v\d)?/auth/authorize"),
    Provider("www.instagram.com", OAUTH, ("api.instagram.com",), own=("facebook.com",)),
    Provider("steamcommunity.com", r"/openid/login", own=("steampowered.com",)),
    Provider("www.epicgames.com", r"/id/authorize", own=("unrealengine.com", "fortnite.com")),
    Provider("oauth.battle.net", r"(/oauth)?/authorize", ("eu.battle.net", "us.battle.net"),
             own=("blizzard.com",)),
    Provider("www.strava.com", OAUTH),
    Provider("orcid.org", OAUTH),
    Provider("login.salesforce.com", r"/services/oauth2/authorize", own=("force.com",)),
    Provider("accounts.zoho.com", r"/oauth/v2/auth", ("accounts.zoho.eu",), own=("zoho.eu",)),
    Provider("oauth.vk.com", r"/authorize", ("id.vk.com", "id.vk.ru", "oauth.vk.ru"),
             own=("vk.ru",)),
    Provider("oauth.yandex.ru", r"/authorize", ("oauth.yandex.com",), own=("ya.ru", "yandex.com")),
    Provider("connect.ok.ru", OAUTH),
    Provider("oauth.mail.ru", r"/login"),
    Provider("open.weixin.qq.com", r"/connect/(qrconnect|oauth2/authorize)"),
    Provider("graph.qq.com", r"/oauth2\.0/(authorize|show)"),
    Provider("api.weibo.com", OAUTH, own=("weibo.cn", "sina.com.cn")),
    Provider("openauth.alipay.com", r"/oauth2/"),
    Provider("access.line.me", r"/oauth2/v\d(\.\d)?/authorize"),
    Provider("kauth.kakao.com", OAUTH),
    Provider("nid.naver.com", OAUTH),
)  # fmt: skip
# firms that do the sign-ins for services: the page to come back to is theirs, not the service's
BROKERS = (
    "auth0.com", "firebaseapp.com", "amazoncognito.com", "okta.com", "oktapreview.com",
    "onelogin.com", "b2clogin.com", "ciamlogin.com", "pingone.com", "supabase.co",
    "accounts.dev", "clerk.dev", "stytch.com", "workos.com", "descope.com", "frontegg.com",
    "kinde.com", "gigya.com", "rpxnow.com", "janraincapture.com", "loginradius.com",
    "fusionauth.io", "propelauth.com", "propelauthtest.com", "logto.app", "authing.cn",
    "auth.expo.io", "hanko.io", "userfront.com", "xboxlive.com",
)  # fmt: skip
BY_HOST = {host: one for one in PROVIDERS for host in (one.host, *one.hosts)}
PAGES = {one.host: re.compile(f"({one.pages})") for one in PROVIDERS}
# these two own their name under the endings of many countries
OWN_NAMES = {"accounts.google.com": "google.", "www.amazon.com": "amazon."}


def recognise(address: str) -> SignIn | None:
    """What the address of a visited page says about a sign-in; None where it is no such page."""
    provider, named = split(address)
    if provider is None:
        return None
    for place in candidates(named):
        site = find_site(place)
        if site is None or is_own(provider, site):
            continue
        host = urlsplit(place).hostname or ""
        service = "" if is_broker(host) else f"https://{host}"
        return SignIn(service, provider.host, page_of(place))
    # what leads to the provider itself, to a program or to nowhere names no service
    return SignIn("", provider.host) if named.keys() & set(NUMBERS) else None


def split(address: str) -> tuple[Provider | None, dict[str, str]]:
    """The provider whose page an address leads to (None: no such page), and the fields in it."""
    if len(address) > MAX_ADDRESS or not address.startswith("https://"):
        return None, {}
    try:
        parts = urlsplit(address)
        provider = BY_HOST.get(parts.hostname or "")
        if provider is None or not PAGES[provider.host].match(parts.path):
            return None, {}
        fields = parse_qsl(parts.query, max_num_fields=MAX_FIELDS)
    except ValueError:
        return None, {}
    return provider, dict(reversed(fields))  # the first of a name counts


def candidates(named: Mapping[str, str]) -> Iterator[str]:
    """The addresses that may be the service's, the one to come back to first."""
    for field in RETURN_FIELDS:
        place = named.get(field, "")
        if relay := RELAY.match(place):
            yield f"{relay[1]}://{relay[2]}"
        elif len(place) <= MAX_RETURN:
            yield place
    for field in ASKING_FIELDS:
        place = named.get(field, "")
        if "." in place and len(place) <= MAX_RETURN:
            yield place if "://" in place else f"https://{place}"


def find_site(address: str) -> str | None:
    """The registrable name of a public web site; None for all else an address may lead to."""
    if not address.lower().startswith(("https://", "http://")):
        return None
    try:
        parts = urlsplit(address)
        if "@" in parts.netloc:  # «https://known.example@other.example» means the other
            return None
    except ValueError:
        return None
    place, name = locate(address) or (None, "")
    return name if place is Place.WEB else None


@cache
def own_sites(provider: Provider) -> frozenset[str]:
    hosts = (provider.host, *provider.hosts)
    return frozenset(filter(None, (*provider.own, *(find_site(f"https://{one}") for one in hosts))))


def is_own(provider: Provider, site: str) -> bool:
    """Whether a site is the provider's own."""
    name = OWN_NAMES.get(provider.host)
    return site in own_sites(provider) or bool(name and site.startswith(name))


def is_broker(host: str) -> bool:
    return any(host == broker or host.endswith(f".{broker}") for broker in BROKERS)


def find_service(address: str, provider: str) -> str:
    """The service a page belongs to, on the way back from ``provider`` (its host).

    Empty for a stage on the way: a page of the provider's or a broker's, or of no public site.
    """
    site = find_site(address)
    if site is None or len(address) > MAX_ADDRESS or is_own(BY_HOST[provider], site):
        return ""
    host = urlsplit(address).hostname or ""
    return "" if is_broker(host) else f"https://{host}"


def page_of(address: str) -> str:
    """Host and path of an address that can be taken apart."""
    parts = urlsplit(address)
    return f"{parts.hostname or ''}{parts.path}"


def refuses(address: str) -> bool:
    """Whether somebody comes back to this page without having signed in."""
    if len(address) > MAX_ADDRESS:
        return False
    try:
        parts = urlsplit(address)
        fields = [
            *parse_qsl(parts.query, max_num_fields=MAX_FIELDS),
            *parse_qsl(parts.fragment, max_num_fields=MAX_FIELDS),
        ]
    except ValueError:
        return False
    return any(name in REFUSALS and REFUSALS[name] in ("", value) for name, value in fields)
