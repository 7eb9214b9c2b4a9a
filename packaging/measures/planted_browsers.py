"""Has the real Firefox and Chromium write what planted_accounts drew, and reads back the rest.

Firefox takes chosen times through its own interfaces. Chromium only ever writes «now»: the times
of its saved passwords, and the marks that take a person's click (never save, signed in with
another service), are set by SQL in the rows it wrote. What it visits is left as it was written,
and the truth about that is read from its files by the plainest queries there are.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from accounts_visits import PASSKEY
from browser_drivers import Pipe, environment, firefox

from measures.planted_accounts import DAY, PROVIDERS, Life, Row
from measures.planted_web import web

SINCE_1601 = 11_644_473_600 * 10**6
FIREFOX, CHROMIUM = ".config/mozilla/firefox", ".config/chromium"
SAVE_LOGINS = """
const [rows, csv, done] = arguments;
(async () => {
  const dead = new Set();
  for (const [origin, user, password, times, gone] of rows) {
    const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
    const own = origin.startsWith("chrome:");
    login.init(origin, own ? null : origin, own ? "Firefox Accounts credentials" : null,
               user, password, own ? "" : "user", own ? "" : "pass");
    login.QueryInterface(Ci.nsILoginMetaInfo);
    [login.timeCreated, login.timePasswordChanged, login.timeLastUsed] = times;
    login.timesUsed = 3;
    if (gone) { login.everSynced = true; login.syncCounter = 1; }
    const [made] = await Services.logins.addLogins([login]);
    if (!made) { throw new Error("not taken: " + origin); }
    if (gone) { dead.add(made.guid); }
  }
  for (const login of await Services.logins.getAllLogins()) {
    if (dead.has(login.guid)) { await Services.logins.removeLoginAsync(login); }
  }
  if (csv) {
    const module = "resource://gre/modules/LoginExport.sys.mjs";
    await ChromeUtils.importESModule(module).LoginExport.exportAsCSV(csv);
  }
})().then(() => done("done"), error => done("failed: " + error));
"""
SAVE_VISITS = """
const [pages, done] = arguments;
(async () => {
  const module = "resource://gre/modules/PlacesUtils.sys.mjs";
  const { PlacesUtils } = ChromeUtils.importESModule(module);
  await PlacesUtils.history.insertMany(pages.map(([url, title, time, transition, referrer]) =>
    ({ url, title, visits: [{ date: new Date(time), transition,
       ...(referrer ? { referrer } : {}) }] })));
})().then(() => done("done"), error => done("failed: " + error));
"""
SAVE_PASSWORDS = """
(async rows => {
  for (const [url, username, password] of rows) {
    try {
      await chrome.passwordsPrivate.addPassword(
        { url, username, password, note: password, useAccountStore: false });
    } catch (error) { return `${url}: ${error}`; }
  }
  return "done";
})"""
Meanwhile = Callable[[str], None]


def stand_in(row: Row, which: str, now: int, epoch: int) -> int:
    """The time of a row; where it is not known, what stands there instead (``epoch``: 1970)."""
    known: int | None = getattr(row, which)
    if known is not None:
        return known
    return {"never": epoch, "epoch": epoch, "future": now + 400 * DAY}[row.nonsense]


def ask(remote: Any, script: str, *arguments: object) -> None:
    answer = remote.send("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments))
    if answer != {"value": "done"}:
        raise SystemExit(f"Firefox: {answer}")


def write_firefox(home: Path, life: Life, now: int, canary: str, meanwhile: Meanwhile) -> None:
    """Two profiles, with logins and visits; ``meanwhile`` is called while the first is open."""

    def rows(source: str) -> list[list[object]]:
        kept = life.rows_of(source)
        names = ("created", "changed", "used")
        return [
            [row.address, row.username, f"{canary}-{source}",
             [stand_in(row, name, now, 1000) // 1000 for name in names], row.kind == "bin"]
            for row in kept
        ]  # fmt: skip

    pages = [
        [one.address, f"{canary}-title", one.time // 1000, one.how, one.before]
        for one in life.visits
    ]
    with firefox(home) as remote:
        ask(remote, SAVE_LOGINS, rows("firefox"), "")
        ask(remote, SAVE_VISITS, pages)
        time.sleep(2)  # the logins are written a moment later
        meanwhile("firefox")
    make_profile(home, "work")
    with firefox(home, ["-P", "work"]) as remote:
        ask(remote, SAVE_LOGINS, rows("firefox-work"), "")


def export_firefox(home: Path, life: Life, now: int, canary: str, csv: Path) -> None:
    """The export that Firefox writes, from a profile of its own in another home."""
    home.mkdir()
    rows = [
        [row.address, row.username, f"{canary}-{csv.name}",
         [stand_in(row, name, now, 1000) // 1000 for name in ("created", "changed", "used")], False]
        for row in life.rows_of(csv.name)
    ]  # fmt: skip
    with firefox(home) as remote:
        ask(remote, SAVE_LOGINS, rows, str(csv))


def make_profile(home: Path, name: str) -> None:
    command = ["firefox-esr", "--headless", "--no-remote", "-CreateProfile", name]
    subprocess.run(
        command, env=environment(home), check=True, timeout=60, stderr=subprocess.DEVNULL
    )


# Chromium -------------------------------------------------------------------------------------


def write_chromium(home: Path, life: Life, now: int, canary: str, meanwhile: Meanwhile) -> None:
    """Two profiles with passwords; then a walk through the web with the first, open meanwhile."""
    root = home / CHROMIUM
    for profile, source in (("Default", "chromium"), ("Profile 1", "chromium-2")):
        rows = life.rows_of(source)
        save_passwords(root, profile, rows, f"{canary}-{source}")
        set_times(root / profile / "Login Data", rows, now)
    with web() as flags:
        pipe = Pipe(root, "Default", *flags)
        try:
            walk(pipe, life.walk, canary)
            time.sleep(3)  # what was seen is written a moment later
            meanwhile("chromium")
            pipe.close()
        finally:
            pipe.kill()
    with closing(sqlite3.connect(root / "Default/Affiliation Database")) as database, database:
        for number, group in enumerate(life.told, 9001):
            database.execute(
                "INSERT INTO eq_classes (id, last_update_time) VALUES (?, 0)", [number]
            )
            database.executemany(
                "INSERT INTO eq_class_members (facet_uri, set_id) VALUES (?, ?)",
                [(f"https://www.{site}", number) for site in group],
            )


def save_passwords(root: Path, profile: str, rows: Sequence[Row], canary: str) -> None:
    pipe = Pipe(root, profile)
    try:
        session = pipe.open("chrome://password-manager/passwords")
        time.sleep(2)
        logins = [[row.address, row.username, canary] for row in rows]
        answer = pipe.evaluate(session, f"{SAVE_PASSWORDS}({json.dumps(logins)})")
        if answer != "done":
            raise SystemExit(f"Chromium: {answer}")
        wait_for(root / profile / "Login Data", len(rows))
        pipe.close()
    finally:
        pipe.kill()


def wait_for(file: Path, count: int) -> None:
    """Chromium answers before it has written."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.5)
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as database,
        ):
            if database.execute("SELECT count(*) FROM logins").fetchone() == (count,):
                return
    raise SystemExit(f"Chromium has not written {count} passwords")


def set_times(file: Path, rows: Sequence[Row], now: int) -> None:
    """What cannot be written without a person or without waiting for years."""
    with closing(sqlite3.connect(file)) as database, database:
        ids = [row[0] for row in database.execute("SELECT id FROM logins ORDER BY id")]
        if len(ids) != len(rows):
            raise SystemExit(f"Chromium kept {len(ids)} of {len(rows)} passwords")
        for number, (key, row) in enumerate(zip(ids, rows, strict=True)):
            missing = 0 if row.nonsense == "never" else SINCE_1601
            times = [
                stand_in(row, name, now, missing - SINCE_1601) + SINCE_1601
                for name in ("created", "changed", "used")
            ]
            # the newest use is a sign-in with one, or a form filled in with the other
            last = "date_last_filled" if number % 3 == 0 else "date_last_used"
            database.execute(
                f"UPDATE logins SET date_created = ?, date_password_modified = ?, {last} = ?,"
                " times_used = 2 WHERE id = ?",
                (*times, key),
            )
            if row.kind == "never":
                database.execute(
                    "UPDATE logins SET blacklisted_by_user = 1, username_value = '',"
                    " password_value = x'' WHERE id = ?", [key],
                )  # fmt: skip
            elif row.kind == "federated":
                database.execute(
                    "UPDATE logins SET federation_url = 'https://accounts.google.com',"
                    " password_value = x'' WHERE id = ?", [key],
                )  # fmt: skip
            elif row.address.startswith("android:"):
                database.execute("UPDATE logins SET signon_realm = origin_url WHERE id = ?", [key])


class Window:
    """One window of Chromium."""

    def __init__(self, pipe: Pipe, url: str) -> None:
        self.pipe = pipe
        self.target = pipe.send("Target.createTarget", url=url, newWindow=True)["targetId"]
        answer = pipe.send("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = str(answer["sessionId"])

    def settle(self) -> None:
        """Wait until the page is there."""
        end = time.monotonic() + 15
        while time.monotonic() < end:
            state = self.pipe.evaluate(
                self.session, "location.href == 'about:blank' ? '' : document.readyState"
            )
            if state == "complete":
                time.sleep(0.1)
                return
            time.sleep(0.1)
        raise SystemExit("Chromium shows no page")

    def go(self, url: str) -> None:
        self.pipe.send("Page.navigate", self.session, url=url)
        self.settle()

    def click(self, name: str) -> None:
        self.pipe.evaluate(self.session, f"document.getElementById('{name}').click()")
        time.sleep(0.6)
        self.settle()

    def type(self, name: str, text: str) -> None:
        self.pipe.evaluate(self.session, f"document.querySelector('[name={name}]').focus()")
        for letter in text:
            self.pipe.send("Input.dispatchKeyEvent", self.session, type="char", text=letter)

    def close(self) -> None:
        self.pipe.send("Target.closeTarget", targetId=self.target)


def walk(pipe: Pipe, steps: Sequence[tuple[str, str, str]], canary: str) -> None:
    """What a person does in ``steps``, a handful of windows at a time."""
    pipe.open("about:blank")  # with its last window, Chromium would end
    for start in range(0, len(steps), 10):
        handful = [
            (what, host, provider, Window(pipe, first_page(what, host)))
            for what, host, provider in steps[start : start + 10]
        ]
        for *_, window in handful:
            window.settle()
        for what, host, provider, window in handful:
            take_step(window, what, host, provider, canary)
        if any(what == "dismiss" for what, *_ in handful):
            time.sleep(4)  # the question whether to save the password is overlooked
        for what, *_, window in handful:
            if what == "dismiss":
                window.go("https://news.example.com/")
            window.close()


def first_page(what: str, host: str) -> str:
    # where a certificate is wrong, Chromium offers to save no password
    return f"http://{host}/login" if what == "dismiss" else f"https://{host}/"


def take_step(window: Window, what: str, host: str, provider: str, canary: str) -> None:
    if what == "dismiss":
        window.type("email", f"anna@{host}")
        window.type("pw", f"{canary}-walk")
        window.click("go")
    elif what == "passkey":
        use_passkey(window)
    elif what.startswith("sign-in"):
        window.go(PROVIDERS[provider] + quote(f"https://{host}/callback", ""))
        if what == "sign-in away":
            window.go("https://news.example.com/")
        else:
            window.click("refused" if what == "sign-in refused" else "back")


def use_passkey(window: Window) -> None:
    window.pipe.send("WebAuthn.enable", window.session)
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    options |= {"hasResidentKey": True, "isUserVerified": True}
    window.pipe.send("WebAuthn.addVirtualAuthenticator", window.session, options=options)
    if window.pipe.evaluate(window.session, PASSKEY) != "public-key":
        raise SystemExit("Chromium used no passkey")


def read_back(home: Path) -> dict[str, list[tuple[str, int]]]:
    """What Chromium wrote by itself: addresses and times of visits, dismissals and passkeys."""
    profile = home / CHROMIUM / "Default"
    queries = {
        "visit": ("History", "SELECT p.url, visit_time FROM visits v JOIN urls p ON p.id = v.url"),
        "dismiss": ("Login Data", "SELECT origin_domain, update_time FROM stats"),
        "passkey": (
            "DIPS",
            "SELECT 'https://' || site, last_web_authn_assertion_time FROM bounces"
            " WHERE last_web_authn_assertion_time > 0",
        ),
    }
    seen: dict[str, list[tuple[str, int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, (name, sql) in queries.items():
            # a copy, because reading in place would leave files behind
            for file in profile.glob(f"{name}*"):
                shutil.copy(file, folder)
            with closing(sqlite3.connect(f"{folder}/{name}")) as database:
                seen[kind] = [(url, at - SINCE_1601) for url, at in database.execute(sql)]
    return seen
