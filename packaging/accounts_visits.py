"""Makes the profiles with a history that tests/accounts reads; see packaging/accounts-fixtures.

A small server on this machine stands in for every site. Chromium walks through it as a person
would: it signs in with another service, turns back at the question, is refused, logs in with a
password and overlooks the question whether to save it, and uses a passkey of a virtual key. Its
times are then moved by SQL, all by the same span. Firefox is told its visits with chosen times.
No site was reached, so Chromium was not told which sites share a login: those rows are SQL too.
Databases are packed anew with small pages, which changes no row; ``Preferences`` keeps only the
two lists that are read.
"""

from __future__ import annotations

import http.server
import json
import shutil
import sqlite3
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from browser_drivers import Pipe, chromium_time, firefox, unix

CANARY = "canary-Zq7-never-read-me"
NAME = "anna@example.org"
# the last thing that happens in Chromium happens then
LAST_DAY = "2026-11-01"
PLAIN_SITES = ("shop.example", "forum.example", "club.example")
SIGN_IN = "https://accounts.google.com/o/oauth2/v2/auth?client_id=1&scope=email&redirect_uri="

# Firefox: address, days of the visits, kind of the visit (1 link, 5 and 6 redirects)
FIREFOX_VISITS: list[tuple[str, list[str], int]] = [
    ("https://www.spotify.com/de/", ["2024-01-01", "2025-03-03"], 1),
    ("https://open.spotify.com/", ["2025-08-08"], 1),
    ("https://news.example/today", ["2026-10-10"], 1),
    (f"{SIGN_IN}{quote('https://auth.tent.example/cb', '')}", ["2024-05-01"], 6),
    ("https://www.tent.example/home", ["2024-05-02", "2024-06-07"], 1),
    (f"{SIGN_IN}{quote('https://never-back.example/cb', '')}", ["2024-05-03"], 6),
    ("https://never-back.example/login", ["2024-05-02"], 1),
    (f"https://github.com/login/oauth/authorize?redirect_uri={quote('http://localhost:8080/', '')}",
     ["2024-05-04"], 1),
    ("http://192.168.1.1/", ["2026-01-01"], 1),
]  # fmt: skip
FIREFOX_FORMS = [
    ("email", "anna@example.org", 7),
    ("loginfmt", "Anna.Office@example.com", 2),
    ("friend_email", "ben@example.net", 1),
    ("searchbar-history", "who is ben@example.net", 1),
    ("email", "not an address", 1),
    ("iban", "DE02120300000000202051", 3),
]
QUIET_VISITS = [("https://news.example/today", ["2026-11-02"], 1)]

ADD_VISITS = """
const [rows, fields, done] = arguments;
(async () => {
  const places = "resource://gre/modules/PlacesUtils.sys.mjs";
  const { PlacesUtils } = ChromeUtils.importESModule(places);
  const forms = "resource://gre/modules/FormHistory.sys.mjs";
  const { FormHistory } = ChromeUtils.importESModule(forms);
  await PlacesUtils.history.insertMany(rows.map(([url, times, transition]) =>
    ({ url, visits: times.map(time => ({ date: new Date(time * 1000), transition })) })));
  await FormHistory.update(fields.map(([fieldname, value, timesUsed]) => ({ op: "add", fieldname,
    value, timesUsed, firstUsed: 1600000000000000, lastUsed: 1700000000000000 })));
  return rows.length;
})().then(done, error => done("failed: " + error));
"""


def add_visits(home: Path, visits: list[tuple[str, list[str], int]], fields: list[Any]) -> None:
    rows = [[url, [unix(day) for day in days], kind] for url, days, kind in visits]
    with firefox(home) as remote:
        answer = remote.send("WebDriver:ExecuteAsyncScript", script=ADD_VISITS, args=[rows, fields])
        print("Firefox, visits:", answer)


# The sites ------------------------------------------------------------------------------------


class Site(http.server.BaseHTTPRequestHandler):
    """Every site there is, by its host and path."""

    def log_message(self, *_args: object) -> None:
        pass

    def do_GET(self) -> None:
        host, path = self.headers["Host"].partition(":")[0], self.path.partition("?")[0]
        back = quote(f"https://{host}/cb", "")
        if path == "/with-google":
            self.lead_to(f"{SIGN_IN}{back}")
        elif path == "/o/oauth2/v2/auth":
            self.show("<a id=yes href=/yes>Yes</a><a id=no href=/no>No</a>")
        elif path == "/yes":
            self.lead_to("https://www.tent.example/cb?code=1")
        elif path == "/no":
            self.lead_to("https://www.refused.example/cb?error=access_denied")
        elif path == "/cb":
            self.lead_to("/home")
        elif path == "/login":
            self.show(
                "<form method=post action=/in><input name=email autocomplete=username>"
                "<input type=password name=pw><button id=go>Sign in</button></form>"
            )
        else:
            self.show("<a id=with href=/with-google>Sign in with Google</a>")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.lead_to("/home")

    def lead_to(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def show(self, body: str) -> None:
        data = f"<!doctype html><title>A page</title><body>{body}</body>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def sites(folder: Path) -> Iterator[list[str]]:
    """The sites on this machine, plain and with a certificate; the flags that lead there."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) for _ in range(2)]
    plain, secret = servers
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    secret.socket = context.wrap_socket(secret.socket, server_side=True)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    # where a certificate is wrong, Chromium offers to save no password
    rules = [f"MAP {site} 127.0.0.1:{plain.server_port}" for site in PLAIN_SITES]
    rules.append(f"MAP * 127.0.0.1:{secret.server_port}")
    try:
        yield [
            f"--host-resolver-rules={','.join(rules)}",
            "--ignore-certificate-errors",
            "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
        ]
    finally:
        for server in servers:
            server.shutdown()


# Chromium -------------------------------------------------------------------------------------


class Walk:
    """One tab, moved about as a person would."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe, self.tab = pipe, pipe.open("about:blank")

    def go(self, url: str, wait: float = 1.2) -> None:
        self.pipe.send("Page.navigate", self.tab, url=url)
        time.sleep(wait)

    def do(self, script: str, wait: float = 1.2) -> Any:
        answer = self.pipe.evaluate(self.tab, script)
        time.sleep(wait)
        return answer

    def type(self, field: str, text: str) -> None:
        self.do(f"document.querySelector('[name={field}]').focus()", 0.2)
        for letter in text:
            self.pipe.send("Input.dispatchKeyEvent", self.tab, type="char", text=letter)


PASSKEY = """
(async () => {
  const user = { id: new Uint8Array([1]), name: "anna", displayName: "Anna" };
  const made = await navigator.credentials.create({ publicKey: {
    challenge: new Uint8Array(16), rp: { name: "x" }, user,
    pubKeyCredParams: [{ type: "public-key", alg: -7 }] } });
  const used = await navigator.credentials.get({ publicKey: {
    challenge: new Uint8Array(16),
    allowCredentials: [{ type: "public-key", id: made.rawId }] } });
  return used.type;
})().catch(error => "failed: " + error)
"""


def walk_chromium(home: Path) -> None:
    """Everything a person does in ``visits``; ends with the files as Chromium leaves them."""
    with sites(home) as flags:
        pipe = Pipe(home / ".config/chromium", "Default", *flags)
        try:
            walk = Walk(pipe)
            sign_in(walk)
            for site in PLAIN_SITES:
                walk.go(f"http://{site}/login")
                walk.type("email", NAME)
                walk.type("pw", CANARY)
                walk.do("document.getElementById('go').click()", 7)  # the question is overlooked
                walk.go("https://news.example/", 2)
            use_passkey(walk)
            walk.go("https://news.example/", 3)
            pipe.close()
        finally:
            pipe.kill()


def sign_in(walk: Walk) -> None:
    for site, answer in (("tent", "yes"), ("refused", "no"), ("turned-back", "")):
        walk.go(f"https://www.{site}.example/")
        walk.do("document.getElementById('with').click()")
        if answer:
            walk.do(f"document.getElementById('{answer}').click()")
        else:
            walk.do("history.back()")
        print("Chromium:", walk.do("location.href", 0))


def use_passkey(walk: Walk) -> None:
    walk.go("https://www.key.example/")
    walk.pipe.send("WebAuthn.enable", walk.tab)
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    options |= {"hasResidentKey": True, "isUserVerified": True}
    walk.pipe.send("WebAuthn.addVirtualAuthenticator", walk.tab, options=options)
    print("Chromium, passkey:", walk.do(PASSKEY))


def visit_quietly(home: Path) -> None:
    """A history that tells nothing about accounts."""
    with sites(home) as flags:
        pipe = Pipe(home / ".config/chromium", "Default", *flags)
        try:
            Walk(pipe).go("https://news.example/", 3)
            pipe.close()
        finally:
            pipe.kill()


# What is kept ---------------------------------------------------------------------------------

TIMES = {
    "History": {"urls": ["last_visit_time"], "visits": ["visit_time"]},
    "Login Data": {"stats": ["update_time"]},
    "DIPS": {
        "bounces": [
            f"{which}_{what}_time"
            for which in ("first", "last")
            for what in ("user_activation", "bounce", "web_authn_assertion")
        ]
    },
}


def keep_chromium(source: Path, target: Path) -> None:
    """The files of a profile that are read, with their times moved to ``LAST_DAY``."""
    target.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source / "History")) as database:
        (last,) = database.execute("SELECT max(visit_time) FROM visits").fetchone()
    span = last - chromium_time(LAST_DAY)
    for name in (*TIMES, "Affiliation Database"):
        pack(source / name, target / name)
        with closing(sqlite3.connect(target / name)) as database, database:
            for table, columns in TIMES.get(name, {}).items():
                for column in columns:
                    moved = f"{column} = {column} - ? WHERE {column} > 0"
                    database.execute(f"UPDATE {table} SET {moved}", (span,))
    share_login(target / "Affiliation Database")
    keep_settings(source / "Preferences", target / "Preferences", span)


def share_login(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT INTO eq_classes (id, last_update_time) VALUES (1, 0), (2, 0)")
        facets = [
            ("https://www.tent.example", 1), ("https://tent-hire.example", 1),
            ("android://hash@com.example.tent", 1), ("https://alone.example", 2),
        ]  # fmt: skip
        database.executemany(
            "INSERT INTO eq_class_members (facet_uri, set_id) VALUES (?, ?)", facets
        )


def keep_settings(source: Path, target: Path, span: int) -> None:
    exceptions = json.loads(source.read_text("utf-8"))["profile"]["content_settings"]["exceptions"]
    kept = {name: exceptions.get(name, {}) for name in ("site_engagement", "fedcm_share")}
    for what in kept["site_engagement"].values():
        what["setting"]["lastEngagementTime"] -= span
    settings = {"profile": {"content_settings": {"exceptions": kept}}}
    target.write_text(json.dumps(settings), "utf-8")


def keep_firefox(home: Path, target: Path) -> None:
    root = home / ".config/mozilla/firefox"
    for file in [*root.glob("*.ini"), *root.glob("*/places.sqlite"), *root.glob("*/formh*.sqlite")]:
        place = target / file.relative_to(home)
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".ini":
            shutil.copyfile(file, place)
        else:
            pack(file, place)


def pack(source: Path, target: Path) -> None:
    """A copy without the empty room in it; no row is another."""
    shutil.copyfile(source, target)
    with closing(sqlite3.connect(target)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA page_size = 1024")
        database.execute("VACUUM")


def make_visits(home: Path, target: Path) -> None:
    """The whole home with a history, in ``target``."""
    add_visits(home, FIREFOX_VISITS, FIREFOX_FORMS)
    walk_chromium(home)
    shutil.rmtree(target, ignore_errors=True)
    keep_firefox(home, target)
    keep_chromium(home / ".config/chromium/Default", target / ".config/chromium/Default")


def make_quiet(home: Path, target: Path) -> None:
    """A history beside the logins of another home, that tells nothing about accounts."""
    add_visits(home, QUIET_VISITS, [])
    visit_quietly(home)
    for file in (home / ".config/mozilla/firefox").glob("*.default-esr/places.sqlite"):
        profile = next((target / ".config/mozilla/firefox").glob("*.default-esr"))
        pack(file, profile / "places.sqlite")
    history = target / ".config/chromium/Default/History"
    pack(home / ".config/chromium/Default/History", history)
    with closing(sqlite3.connect(history)) as database, database:
        for table, columns in TIMES["History"].items():
            for column in columns:
                database.execute(f"UPDATE {table} SET {column} = ?", (chromium_time(LAST_DAY),))
        database.execute("DELETE FROM urls WHERE url NOT LIKE 'https://news.example/%'")
