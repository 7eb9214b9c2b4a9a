"""Which service an address of «sign in with …» leads to, and which addresses are none."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from urllib.parse import quote, urlsplit

import pytest
from histories import FAMILIES, Step, ask, day, entries, read_profile, write_history
from hypothesis import example, given
from hypothesis import strategies as st

from guardian.accounts.model import EvidenceKind, Place
from guardian.accounts.rules.addresses import locate
from guardian.accounts.sources import sign_in_with
from guardian.accounts.sources.sign_in_with import SignIn, find_service, recognise, refuses

BACK = quote("https://www.tent.example/cb?x=1", "")
GOOGLE = "https://accounts.google.com/o/oauth2/v2/auth?client_id=7&redirect_uri="

# as the providers' own documentation has them
PAGES = {
    f"{GOOGLE}{BACK}": "accounts.google.com",
    f"https://accounts.google.com/o/oauth2/auth?redirect_uri={BACK}": "accounts.google.com",
    "https://accounts.google.com/signin/oauth/oauthchooseaccount?client_id=7"
    f"&redirect_uri={BACK}": "accounts.google.com",
    "https://accounts.google.com/gsi/select?client_id=7&ux_mode=popup"
    f"&origin={quote('https://www.tent.example', '')}": "accounts.google.com",
    f"{GOOGLE}{quote('storagerelay://https/www.tent.example?id=auth123', '')}": (
        "accounts.google.com"
    ),
    f"https://appleid.apple.com/auth/authorize?redirect_uri={BACK}": "appleid.apple.com",
    f"https://www.facebook.com/v19.0/dialog/oauth?redirect_uri={BACK}": "www.facebook.com",
    f"https://m.facebook.com/dialog/oauth?app_id=1&redirect_uri={BACK}": "www.facebook.com",
    "https://www.facebook.com/v19.0/dialog/oauth?domain=www.tent.example&redirect_uri="
    f"{quote('https://staticxx.facebook.com/x/connect/xd_arbiter/', '')}": "www.facebook.com",
    f"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?redirect_uri={BACK}": (
        "login.microsoftonline.com"
    ),
    f"https://login.live.com/oauth20_authorize.srf?redirect_uri={BACK}": "login.live.com",
    f"https://github.com/login/oauth/authorize?redirect_uri={BACK}": "github.com",
    f"https://gitlab.com/oauth/authorize?redirect_uri={BACK}": "gitlab.com",
    f"https://www.linkedin.com/oauth/v2/authorization?redirect_uri={BACK}": "www.linkedin.com",
    f"https://x.com/i/oauth2/authorize?redirect_uri={BACK}": "twitter.com",
    f"https://discord.com/oauth2/authorize?redirect_uri={BACK}": "discord.com",
    f"https://discord.com/api/oauth2/authorize?redirect_uri={BACK}": "discord.com",
    f"https://www.amazon.com/ap/oa?redirect_uri={BACK}": "www.amazon.com",
    f"https://api.login.yahoo.com/oauth2/request_auth?redirect_uri={BACK}": "api.login.yahoo.com",
    f"https://www.paypal.com/connect?flowEntry=static&redirect_uri={BACK}": "www.paypal.com",
    f"https://accounts.spotify.com/de/authorize?redirect_uri={BACK}": "accounts.spotify.com",
    f"https://id.twitch.tv/oauth2/authorize?redirect_uri={BACK}": "id.twitch.tv",
    f"https://slack.com/openid/connect/authorize?redirect_uri={BACK}": "slack.com",
    f"https://www.dropbox.com/oauth2/authorize?redirect_uri={BACK}": "www.dropbox.com",
    f"https://www.reddit.com/api/v1/authorize?redirect_uri={BACK}": "www.reddit.com",
    f"https://steamcommunity.com/openid/login?openid.return_to={BACK}": "steamcommunity.com",
    f"https://oauth.vk.com/authorize?redirect_uri={BACK}": "oauth.vk.com",
    f"https://open.weixin.qq.com/connect/qrconnect?redirect_uri={BACK}": "open.weixin.qq.com",
    f"https://access.line.me/oauth2/v2.1/authorize?redirect_uri={BACK}": "access.line.me",
}


@pytest.mark.parametrize(("address", "provider"), PAGES.items())
def test_the_service_and_the_provider_are_told(address: str, provider: str) -> None:
    found = recognise(address)
    assert found is not None
    assert (found.service, found.provider) == ("https://www.tent.example", provider)
    assert any(mark in address for mark in sign_in_with.MARKS)


HOSTILE = [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "http://localhost:8080/cb",
    "http://127.0.0.1/cb",
    "http://[::1]/cb",
    "http://192.168.1.1/cb",
    "https://nas/cb",
    "https://printer.local/cb",
    "com.example.app:/oauth",
    "urn:ietf:wg:oauth:2.0:oob",
    "https://accounts.google.com/back",
    "https://www.google.de/back",
    "https://www.youtube.com/back",
    "https://tent.example@evil.example/",
    "https://evil\x00.example/",
    "https://evil\u202e.example/",
    "https://[evil/",
    "https://",
    "//tent.example",
    "postmessage",
    "",
    "https://a.example/" + "a" * 3000,
]


@pytest.mark.parametrize("back", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_public_service_is_none(back: str) -> None:
    assert recognise(GOOGLE + quote(back, "")) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://accounts.google.com/ServiceLogin?continue=https://mail.example",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://accounts.google.com.evil.example/o/oauth2/auth?redirect_uri=" + BACK,
        "http://accounts.google.com/o/oauth2/auth?redirect_uri=" + BACK,
        "https://github.com/guardian/repository?redirect_uri=" + BACK,
        "https://unknown.example/oauth/authorize?redirect_uri=" + BACK,
        GOOGLE + BACK + "&x=1" * 200,
        GOOGLE + BACK + "a" * 20_000,
    ],
)
def test_other_pages_are_none(address: str) -> None:
    assert recognise(address) is None


def test_lookalikes_and_other_scripts_keep_their_true_name() -> None:
    found = recognise(GOOGLE + quote("https://www.bücher.example/cb", ""))
    assert found is not None
    assert locate(found.service) == (Place.WEB, "xn--bcher-kva.example")


def test_the_first_place_to_come_back_to_counts() -> None:
    found = recognise(f"{GOOGLE}{BACK}&redirect_uri={quote('https://evil.example/', '')}")
    assert found is not None
    assert found.service == "https://www.tent.example"


def test_a_firm_that_does_sign_ins_for_others_is_not_the_service() -> None:
    for host in ("tent.eu.auth0.com", "tent-1.firebaseapp.com", "tent.okta.com"):
        found = recognise(GOOGLE + quote(f"https://{host}/login/callback", ""))
        assert found == SignIn("", "accounts.google.com", f"{host}/login/callback")


def test_a_number_in_place_of_the_service_leaves_it_open() -> None:
    found = recognise("https://api.twitter.com/oauth/authenticate?oauth_token=abc")
    assert found == SignIn("", "twitter.com")


def test_the_stages_on_the_way_back_are_no_services() -> None:
    google = "accounts.google.com"
    assert find_service("https://www.tent.example/home?code=1", google) == (
        "https://www.tent.example"
    )
    for stage in (
        "https://accounts.google.com/consent",
        "https://myaccount.google.com/",
        "https://tent.auth0.com/login/callback",
        "http://localhost/",
        "javascript:1",
    ):
        assert find_service(stage, google) == ""


def test_coming_back_empty_handed_is_seen() -> None:
    assert refuses("https://www.tent.example/cb?error=access_denied&state=1")
    assert refuses("https://www.tent.example/cb?denied=abc")
    assert refuses("https://www.tent.example/cb#error=access_denied")
    assert refuses("https://www.tent.example/cb?openid.mode=cancel")
    assert not refuses("https://www.tent.example/cb?openid.mode=id_res&error=")
    assert not refuses("https://www.tent.example/cb?code=1&state=error=")
    assert not refuses("https://[")


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
@example("https://[")
@example("http://[::1")
def test_whatever_stands_there_gives_a_public_site_or_nothing(text: str) -> None:
    for address in (text, GOOGLE + text, GOOGLE + quote(text, "")):
        found = recognise(address)
        if found and found.service:
            parts = urlsplit(found.service)
            assert parts.scheme == "https"
            assert "@" not in parts.netloc
            assert (locate(found.service) or (None,))[0] is Place.WEB
        assert refuses(address) in (True, False)
        assert isinstance(find_service(address, "github.com"), str)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__[-15:])
def test_what_merely_looks_like_a_sign_in_is_none(family: ModuleType, tmp_path: Path) -> None:
    start, soon, later = (day("2026-10-01", seconds) for seconds in (0, 5, 9))
    steam = "https://steamcommunity.com/openid/login?openid.mode=checkid_setup&openid.return_to="
    frame = family.LAYOUT.frames[-1]
    steps = [
        # told in the other half of the address, and in Steam's way
        Step(ask("a.example"), start),
        Step("https://a.example/cb#error=access_denied&state=1", soon, 1),
        Step("https://a.example/", later, 2),
        Step(steam + quote("https://b.example:8443/cb", ""), start),
        Step("https://b.example:8443/cb?openid.mode=cancel", soon, 4),
        Step("https://b.example/", later, 5),
        # given up; the next visit is another story
        Step(ask("c.example"), day("2026-09-01")),
        Step("https://c.example/news", start),
        # asked by the page itself, in a frame
        Step("https://d.example/", start),
        Step(ask("d.example"), soon, 9, how=frame, hidden=1),
        Step("https://d.example/two", later, 9),
        # no error is no error
        Step(ask("e.example"), start),
        Step("https://e.example/cb?code=1&error=&openid.mode=id_res", soon, 12),
    ]
    write_history(family, tmp_path, steps)
    assert set(entries(read_profile(family, tmp_path), EvidenceKind.SIGN_IN_WITH)) == {
        "https://e.example"
    }
