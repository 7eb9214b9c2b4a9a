"""What Guardian ships about services: facts alone, each with source and year, none hostile."""

from __future__ import annotations

import io
import json
import re
import runpy
import unicodedata
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from guardian.accounts.catalogue import content
from guardian.accounts.model import Difficulty, Place
from guardian.accounts.rules.addresses import locate_host, registrable
from guardian.core.paths import assets

ROOT = Path(__file__).resolve().parents[2]
SERVICES = content.load_services()
COMPANIES = content.load_companies()
RECORDS = [*{id(one): one for one in SERVICES.values()}.values()]
FIRMS = [*{id(one): one for one in COMPANIES.values()}.values()]
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}")


def all_urls() -> list[str]:
    deletions = [one.deletion.url for one in RECORDS if one.deletion and one.deletion.url]
    doors = [one.settings.url for one in RECORDS if one.settings]
    return [*deletions, *doors, *(one.form for one in FIRMS if one.form)]


def test_the_catalogue_is_large_and_looked_up_by_registrable_domain() -> None:
    assert len(SERVICES) > 8000
    assert len(SERVICES.keys() | COMPANIES.keys()) > 9000
    for site in (*SERVICES, *COMPANIES):
        assert locate_host(site) == (Place.WEB, site)


@pytest.mark.parametrize("records", [RECORDS, FIRMS], ids=["services", "companies"])
def test_no_domain_stands_in_two_records(records: list[content.Service]) -> None:
    sites = [site for one in records for site in one.sites]
    assert len(sites) == len(set(sites)) > 0


def test_every_address_is_secure_printable_and_leads_to_a_public_host() -> None:
    urls = all_urls()
    assert len(urls) > 2500
    for url in urls:
        parts = urlsplit(url)
        assert parts.scheme == "https", url
        assert parts.username is None, url
        assert parts.port is None, url
        assert re.fullmatch(r"[!-~]+", url), url
        assert locate_host(parts.hostname or "")[0] is Place.WEB, url  # type: ignore[index]
        assert "javascript:" not in unquote(url).lower(), url


def test_no_deletion_page_is_a_mere_front_door() -> None:
    for one in RECORDS:
        if one.deletion and one.deletion.url:
            parts = urlsplit(one.deletion.url)
            bare = not parts.path.strip("/") and not parts.query and not parts.fragment
            own = str(parts.hostname).removeprefix("www.") in one.sites
            assert not (bare and own), one


def test_every_fact_has_a_source_and_a_year() -> None:
    origins = content.load_origins()
    for one in (*RECORDS, *FIRMS):
        facts = (
            [one]
            if isinstance(one, content.Company)
            else filter(None, (one.deletion, one.settings, one.factors))
        )
        for fact in facts:
            assert 2010 <= fact.year <= origins[fact.source].year
    assert {one.name for one in origins.values()} >= {"JustDeleteMe", "datenanfragen.de"}
    assert all(one.licence in ("MIT", "CC0-1.0") for one in origins.values())


def test_names_and_addresses_hide_nothing() -> None:
    for one in (*RECORDS, *FIRMS):
        post = one.post if isinstance(one, content.Company) else ""
        assert one.name
        for sign in one.name + post.replace("\n", ""):
            assert unicodedata.category(sign)[0] != "C", one
    mails = [one.email for one in FIRMS if one.email]
    mails += [one.deletion.mail for one in RECORDS if one.deletion and one.deletion.mail]
    assert len(mails) > 2500
    assert [mail for mail in mails if not MAIL.fullmatch(mail)] == []


def test_it_stays_small_in_the_package() -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted((assets() / "accounts").glob("*.json")):
            package.write(file, file.name)
    assert memory.tell() < 700_000


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("google.com", "Google"),  # and not one of its many services
        ("amazon.co.uk", "Amazon"),
        ("microsoft.com", "Microsoft"),
        ("activision.com", "Activision"),
        ("bolt.eu", "Bolt"),
        ("nintendo.com", "Nintendo"),
        ("twitch.tv", "Twitch"),
        ("docker.com", "Docker"),  # whose forum runs on the software of another service
        ("qq.com", "QQ"),
    ],
)
def test_a_domain_that_several_claim_is_of_the_plainest(site: str, name: str) -> None:
    assert SERVICES[site].name == name


@pytest.mark.parametrize("site", ["mit.edu", "brave.com", "helpshift.com", "custhelp.com"])
def test_a_host_below_a_domain_does_not_speak_for_all_of_it(site: str) -> None:
    assert site not in SERVICES or SERVICES[site].deletion is None


def test_pages_of_strangers_are_not_shown() -> None:
    """Mistakes in the facts: pages that lie with another service altogether."""
    for site in ("shopee.com", "ceeol.com", "streamlabs.com", "zave.it"):
        deletion = SERVICES[site].deletion
        assert deletion is not None
        assert deletion.url == ""


def test_a_brand_is_not_taken_for_a_stranger_of_the_same_name() -> None:
    for site, stranger in {
        "gemini.com": "Google",
        "coda.io": "Panic",
        "bibox.com": "Westermann",
        "o2.pl": "Telefónica",
        "headway.co": "GTHW",
    }.items():
        assert site not in COMPANIES or stranger not in COMPANIES[site].name
    assert "Twilio" in COMPANIES["authy.com"].name
    assert "Adobe" in COMPANIES["behance.net"].name


def test_who_shares_a_login() -> None:
    groups = [set(group) for group in content.load_shared_logins()]

    def together(one: str, other: str) -> bool:
        return any({one, other} <= group for group in groups)

    assert together("twitter.com", "x.com")
    assert together("costco.ca", "costco.com")
    assert together("themeforest.net", "envato.com")
    assert together("gmail.com", "google.com")
    assert together("amazon.de", "amazon.com") and together("audible.de", "amazon.co.uk")
    assert not together("amazon.co.jp", "amazon.com")  # a login of its own
    assert not together("heroku.com", "salesforce.com")  # one page of it, not the account
    for group in groups:
        assert len(group) > 1
        assert all(registrable(site) == site for site in group)


@pytest.mark.parametrize(
    ("domain", "site"),
    [
        ("gmail.com", "google.com"),
        ("googlemail.com", "google.com"),
        ("hotmail.fr", "live.com"),
        ("outlook.com", "live.com"),
        ("icloud.com", "apple.com"),
        ("gmx.net", "gmx.net"),
        ("hanmail.net", "kakao.com"),
        ("126.com", "163.com"),
        ("yahoo.com.br", "yahoo.com"),
        ("mailbox.org", "mailbox.org"),
    ],
)
def test_a_public_mailbox_belongs_to_an_account(domain: str, site: str) -> None:
    assert domain in content.load_mail_providers()
    assert content.load_mailboxes()[domain] == site


def test_a_company_of_its_own_is_no_public_mailbox() -> None:
    assert not {"amazon.com", "github.com", "example.org"} & content.load_mail_providers()


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("accounts.google.com", "google.com"),
        ("appleid.apple.com", "apple.com"),
        ("facebook.com", "facebook.com"),
        ("www.facebook.com", "facebook.com"),
        ("login.microsoftonline.com", "live.com"),
        ("github.com", "github.com"),
    ],
)
def test_who_signs_people_in_elsewhere(host: str, site: str) -> None:
    assert content.load_identity_providers()[host] == site


def test_every_kind_that_a_service_is_of_has_its_line_in_the_table() -> None:
    kinds = content.load_kinds()
    used = {kind for one in RECORDS for kind in one.kinds}
    assert used - kinds.keys() == set()
    for kind in kinds.values():
        assert all(locate_host(site) == (Place.WEB, site) for site in kind.sites)
    assert content.find_kinds("tinder.com") == ("dating",)
    assert content.find_kinds("nowhere.example") == ()


# --- the script that makes it ------------------------------------------------------------------


def service(name: str, domain: str, url: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "domains": [domain],
        "url": url,
        "difficulty": "easy",
        "url_year": 2024,
        **more,
    }


def make(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    deletion: list[Any] | None = None,
    *,
    contacts: list[Any] | None = None,
    directory: list[Any] | None = None,
    doors: dict[str, str] | None = None,
    logins: list[Any] | None = None,
) -> dict[str, dict[str, Any]]:
    """The services made from such facts, by domain."""
    folder.mkdir(exist_ok=True)
    files = {
        "deletion": deletion or [],
        "contacts": contacts or [],
        "categories": directory or [],
        "logins": {"change_password_urls": doors or {}, "shared_logins": logins or []},
    }
    for name, facts in files.items():
        (folder / f"{name}.json").write_text(json.dumps(facts), "utf-8")
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    monkeypatch.setattr("sys.argv", ["catalogue", str(folder), str(folder / "out")])
    runpy.run_path(str(ROOT / "packaging/catalogue"), run_name="__main__")
    made = json.loads((folder / "out/services.json").read_text("utf-8"))
    return {site: one for one in made for site in one["sites"]}


HOSTILE = [
    "javascript:alert(1)//shop.example",
    "http://shop.example/delete",
    "//shop.example/delete",
    "https://shop.example@evil.example/delete",
    "https://evil.example@shop.example/delete",
    "https://evil.example/shop.example/delete",
    "https://shop.example.evil.example/delete",
    "https://shop-example.com/delete",
    "https://shор.example/delete",  # two letters of it are Cyrillic
    "https://shop.example:8443/delete",
    "https://shop.example\\@evil.example/delete",
    "https://shop.example/delete?next=javascript:alert(1)",
    "https://shop.example/delete?next=JaVaScRiPt%3Aalert(1)",
    "https://[::1/delete",
    "https://10.0.0.1/delete",
    "data:text/html,shop.example",
    "https://shop.example/\u202egnp.eteled",
    "https://shop.example/%E2%80%AEgnp.eteled",
    "https://shop.example/delete%00",
    "https://shop.example",
    "https://www.shop.example/en-us/",
    "https://shop.example/#",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_what_is_no_page_of_the_service_is_left_out_aloud(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    made = make(tmp_path, monkeypatch, [service("Shop", "shop.example", url)])
    assert "url" not in made["shop.example"]["deletion"]
    assert made["shop.example"]["deletion"]["difficulty"] == "easy"
    assert "left out: Shop" in capfd.readouterr().err


@pytest.mark.parametrize(
    "url",
    [
        "https://help.shop.example/delete",
        "https://shop.zendesk.com/hc/articles/1",
        "https://privacy.shop.example/",
        "https://shop.example/delete#step-2",
    ],
)
def test_what_lies_with_the_service_or_a_known_helper_is_kept(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path, monkeypatch, [service("Shop", "shop.example", url)])
    assert made["shop.example"]["deletion"]["url"] == url


def test_signs_that_cannot_be_seen_do_not_get_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = service("Sh\u202eop\u0000", "shop.example", "https://shop.example/l\u00f6schen")
    made = make(tmp_path, monkeypatch, [{**odd, "email": "a@b.example, c@d.example"}])
    assert made["shop.example"]["name"] == "Shop"
    assert made["shop.example"]["deletion"]["url"] == "https://shop.example/l%C3%B6schen"
    assert "mail" not in made["shop.example"]["deletion"]


def test_the_domain_itself_counts_more_than_a_host_under_it_and_the_order_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [
        service("Cloud of Big", "cloud.big.example", "https://cloud.big.example/bye"),
        service("Big", "app.big.example", "https://app.big.example/bye"),
        service("Mighty", "big.example", "https://big.example/bye"),
        service("Other", "shop.big.example", "https://shop.big.example/bye"),
        service("Mighty Two", "www.big.example", "https://two.example/bye"),
    ]
    one = make(tmp_path / "one", monkeypatch, facts)
    other = make(tmp_path / "other", monkeypatch, facts[::-1])
    assert one == other
    assert one["big.example"]["name"] == "Mighty"


def test_facts_follow_a_shared_login_but_not_a_mere_neighbour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(
        tmp_path,
        monkeypatch,
        [service("Big", "big.example", "https://big.example/bye")],
        doors={"big.example": "https://big.example/password", "evil.example": "https://x.example/"},
        logins=[
            {"shared": ["big.example", "twin.example"]},
            {"from": ["far.example"], "to": ["one-page.big.example"]},
        ],
    )
    assert made["twin.example"]["deletion"] == made["big.example"]["deletion"]
    assert made["twin.example"]["settings"]["url"] == "https://big.example/password"
    assert "far.example" not in made
    assert "evil.example" not in made


def test_the_years_are_those_of_the_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = service("Shop", "shop.example", "https://shop.example/bye", url_year=2013)
    made = make(
        tmp_path,
        monkeypatch,
        [old],
        directory=[
            {
                "name": "Shop",
                "domain": "shop.example",
                "additional": [],
                "second_factor": ["sms"],
                "categories": ["retail"],
                "regions": [],
            }
        ],
    )
    assert made["shop.example"]["deletion"]["year"] == 2013
    assert made["shop.example"]["factors"] == {
        "offered": ["sms"],
        "year": 2026,
        "source": "2fa-directory",
    }
    assert Difficulty(made["shop.example"]["deletion"]["difficulty"]) is Difficulty.EASY
