"""How long the window is ever deaf while it works: the longest wait between two ticks."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from measures.processes_cost import sleepers

ROOT = Path(__file__).resolve().parents[1]
SECRET = "specimen only, harmless"
MIB = 2**20
TICK = 5  # milliseconds
DEAF = 0.05  # seconds: longer than that is felt
DOCUMENTS, PAPERS, PREVIEWS = 2_000, 200, 10
LOGINS = 50_000
PROCESSES, ODD = 2_000, 24
SENTENCES, READINGS = 600, 200
DAY = 86_400_000  # milliseconds
PATIENCE = 60.0  # seconds


def measure(name: str, act: Callable[[], object], until: Callable[[], bool]) -> None:
    """Do ``act`` on the window's thread and watch its ticks until ``until`` holds.

    A wait counts with the clock on the wall, and with the processor's time that the window's own
    thread used in it: the rest was spent waiting for another thread or another program.
    """
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    loop, waits = QEventLoop(), list[tuple[float, float]]()
    last = [time.perf_counter(), time.thread_time()]
    began, quiet = last[0], 0

    def tick() -> None:
        nonlocal quiet
        now = [time.perf_counter(), time.thread_time()]
        waits.append((now[0] - last[0], now[1] - last[1]))
        last[:] = now
        quiet = quiet + 1 if until() else 0
        if quiet > 3:  # nothing came after it either
            loop.quit()
        if now[0] - began > PATIENCE:
            raise SystemExit(f"{name} did not come to an end")

    timer = QTimer(interval=TICK)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    QTimer.singleShot(0, act)
    loop.exec()
    timer.stop()
    walls, own = [wall for wall, _ in waits], [cpu for _, cpu in waits]
    over = sum(wall > DEAF for wall in walls), sum(cpu > DEAF for cpu in own)
    print(
        f"{name:34} {last[0] - began:7.2f} s  longest {max(walls) * 1000:5.0f} ms"
        f" (own work {max(own) * 1000:4.0f} ms)  over 50 ms: {over[0]} ({over[1]})",
        flush=True,
    )


def make_papers(place: Path, count: int, size: int) -> list[Path]:
    place.mkdir(parents=True)
    made = [place / f"paper {number:04}.bin" for number in range(count)]
    for file in made:
        file.write_bytes(os.urandom(size))
    return made


def make_vault(service: Any, place: Path, letter: Path) -> None:
    """Many small documents in one folder, and a few to be looked at beside it."""
    (place / "letters").mkdir()
    letters = [place / "letters" / f"letter {number}.pdf" for number in range(PREVIEWS)]
    for file in letters:
        shutil.copyfile(letter, file)
    with service.create(place / "vault", SECRET) as vault:
        vault.make_folder("Many")
        vault.add(make_papers(place / "many", DOCUMENTS, 1000), "Many")
        vault.add(letters)


def follow_vault(studio: Any, place: Path) -> None:
    """What a person does with a vault, one thing after another."""
    jobs, window = studio.guardian.jobs, studio.window

    def at_rest() -> bool:
        return not jobs.running

    measure("opening the page", lambda: window.show_page("vault"), at_rest)
    page = window.page("vault")
    measure("leaving it and coming back", lambda: (
        window.show_page("checkup"), window.show_page("vault")),
        lambda: at_rest() and page.furnished)  # fmt: skip

    def unlock() -> None:
        page.door.field.setText(SECRET)
        page.door.open.click()

    measure("unlocking, names, quiet check", unlock, lambda: page.is_open and at_rest())
    measure(f"a folder of {DOCUMENTS:,} documents", lambda: page.inside.enter("Many"), at_rest)
    for letters in ("p", "pa", "paper 1", "paper 19", "letter", ""):
        measure(f"searching for “{letters}”", lambda letters=letters: (
            page.inside.search.setText(letters)), at_rest)  # fmt: skip
    measure("back to the first folder", lambda: page.inside.enter(""), at_rest)
    for number in range(PREVIEWS):
        measure(f"looking at letter {number}", lambda number=number: (
            page.inside.choose(f"letter {number}.pdf")),
            lambda: at_rest() and page.viewer.at_rest)  # fmt: skip
    papers = [*make_papers(place / "new", PAPERS, 100 * 1024)]
    papers += make_papers(place / "large", 1, 200 * MIB)
    measure(f"adding {PAPERS} x 100 KiB + 200 MiB", lambda: (
        page.handling.handing.add(papers, "")), at_rest)  # fmt: skip
    measure("quick check", lambda: page.care.check(full=False), at_rest)
    measure("full check", lambda: page.care.check(full=True), at_rest)
    measure("locking", page.lock, at_rest)


def make_logins(home: Path, count: int) -> None:
    """A Firefox profile with this many saved logins, one for each site, over ten years."""
    profile = next(home.glob(".config/mozilla/firefox/*.work"))
    file = profile / "logins.json"
    one = json.loads(file.read_text("utf-8"))["logins"][0]
    newest = 1_790_000_000_000
    logins = []
    for number in range(count):
        used = newest - number * 7919 % 3650 * DAY
        site = f"https://site-{number:05}.com"
        logins.append({
            **one, "id": number + 1, "hostname": site, "formSubmitURL": site,
            "timeCreated": used - 900 * DAY, "timeLastUsed": used,
            "timePasswordChanged": used - 900 * DAY,
        })  # fmt: skip
    file.write_text(json.dumps({"nextId": count + 1, "logins": logins, "version": 3}), "utf-8")


def follow_accounts(studio: Any) -> None:
    """What a person does with very many accounts, one thing after another."""
    from guardian.accounts.model import CaseState

    jobs, window = studio.guardian.jobs, studio.window

    def at_rest() -> bool:
        return not jobs.running

    measure("opening the accounts page", lambda: window.show_page("accounts"), at_rest)
    page = window.page("accounts")
    measure(f"a search that finds {LOGINS:,}", page.consent.everything.click,
            lambda: at_rest() and page.stages.stage == "full")  # fmt: skip
    decide, listing = page.views.decide, page.views.listing
    for state in (CaseState.CLOSE, CaseState.KEEP, CaseState.LATER):
        measure(f"deciding: {state}", lambda state=state: decide.decide(state), at_rest)
    measure("taking it back", page.decisions.undo, at_rest)
    measure("the list of all", lambda: page.views.show_view("all"), at_rest)
    for head in ("name", "state", "whose", "used"):
        measure(f"sorting by {head}", listing.table.heads[head].click, at_rest)
    for letters in ("s", "si", "site-49", "zebra", ""):
        measure(f"searching the accounts for “{letters}”", lambda letters=letters: (
            listing.filters.search.setText(letters)),
            lambda: at_rest() and not listing.settling)  # fmt: skip
    measure("one year of the chart", lambda: decide.bar.emit(decide.chart.bars()[-2].key),
            lambda: at_rest() and not listing.settling)  # fmt: skip
    measure("all again", listing.filters.clear, lambda: at_rest() and not listing.settling)
    bar = listing.table.view.verticalScrollBar()
    for part in (0.25, 0.5, 1.0):
        measure(f"scrolling to {part:.0%}", lambda part=part: (
            bar.setValue(round(bar.maximum() * part))), at_rest)  # fmt: skip
    first, last = "site-00001.com", "site-00190.com"
    measure("choosing two", lambda: listing.table.choose(first, last), at_rest)
    measure("deciding on two", lambda: listing.decide(CaseState.KEEP), at_rest)
    measure("choosing all", listing.table.view.selectAll, at_rest)
    measure("deciding on all", lambda: listing.decide(CaseState.CLOSE),
            lambda: at_rest() and page.stages.stage == "full")  # fmt: skip
    measure("taking all back", page.decisions.undo,
            lambda: at_rest() and page.stages.stage == "full")  # fmt: skip
    measure("one account whole", lambda: listing.open_site(first), at_rest)
    measure("its walk", lambda: page.show_case(first),
            lambda: at_rest() and page.case.walk.standing is not None)  # fmt: skip
    measure("back to the list", page.go_back, at_rest)
    measure("leaving the page and coming back", lambda: (
        window.show_page("checkup"), window.show_page("accounts")), at_rest)  # fmt: skip


@contextmanager
def odd_programs(place: Path, count: int) -> Iterator[None]:
    """So many sleeping programs in a temporary folder, each of them worth a question."""
    sleep, folder = Path(shutil.which("sleep") or "/bin/sleep"), place / "programs"
    folder.mkdir()
    started = []
    try:
        for number in range(count):
            copy = folder / f"helper-{number}"
            shutil.copy(sleep, copy)
            started.append(subprocess.Popen([copy, "900"]))
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def follow_programs(studio: Any) -> None:
    """What a person does among 2,000 processes, one thing after another."""
    from guardian.ui.kit.rows import ROW

    jobs, window = studio.guardian.jobs, studio.window
    measure("opening the page of programs", lambda: window.show_page("processes"),
            lambda: not jobs.running)  # fmt: skip
    page = window.page("processes")

    def at_rest() -> bool:
        return not (jobs.running or page.busy or page.views.busy)

    measure("what a look shows is built", lambda: None, lambda: "views" in vars(page))
    measure(f"a first look at {PROCESSES:,} processes", page.look, at_rest)
    views = page.views
    print(f"{'':34} {len(page.scan.running)} processes, {len(page.scan.findings)} findings")
    more = views.findings.others
    measure("more cards", lambda: more.isVisible() and more.click(), at_rest)
    card = views.findings.cards[0]
    for name, button in (("show me more", card.more.button), ("what can I do", card.advice.button),
                         ("I know this", card.know), ("undo", card.undo)):  # fmt: skip
        measure(name, button.click, at_rest)
    measure("the tree", lambda: views.show_view("runs"), at_rest)
    listing = views.listing
    for letters in ("s", "sl", "sleep", "zzz", ""):
        measure(f"searching the programs for “{letters}”", lambda letters=letters: (
            listing.search.setText(letters)), at_rest)  # fmt: skip
    measure("each program once", lambda: listing.show_shape("programs"), at_rest)
    measure("the tree again", lambda: listing.show_shape("tree"), at_rest)
    for number in range(1, listing.order.count()):
        measure(f"sorted: {listing.order.itemText(number).lower()}", lambda number=number: (
            listing.order.setCurrentIndex(number)), at_rest)  # fmt: skip
    bar = listing.rows.verticalScrollBar()
    measure("scrolling to the end", lambda: bar.setValue(bar.maximum()), at_rest)
    measure("one program whole", lambda: listing.rows.opened.emit(listing.rows.listed.index(
        0, 0).data(ROW).key), at_rest)  # fmt: skip
    measure("what starts by itself", lambda: views.show_view("starts"), at_rest)
    measure("this computer", lambda: views.show_view("computer"), at_rest)
    measure("back to the questions", lambda: views.show_view("questions"), at_rest)
    measure("looking again", page.look, at_rest)
    measure("leaving the programs and coming back", lambda: (
        window.show_page("checkup"), window.show_page("processes")), at_rest)  # fmt: skip


# what the sentences of a made-up policy say in turn; the number makes each one another
SAID = (
    "We may sell your personal data, such as list {n}, to other companies.",
    "For reason {n} we keep your data for {n} days after you close your account.",
    "You can download and delete your data of kind {n} in the settings at any time.",
    "Any dispute about service {n} will be settled by binding arbitration and not in court.",
    "We may change part {n} of this policy at any time without notice.",
    "In some countries matter {n} may be handled in one way or in another.",
    "We share your information of kind {n} with advertising partners.",
)


def make_policy(sentences: int, first: int = 0) -> str:
    """A policy of so many sentences in short paragraphs below headings."""
    told = [SAID[number % len(SAID)].format(n=number + first) for number in range(sentences)]
    paragraphs = [" ".join(told[start : start + 5]) for start in range(0, sentences, 5)]
    parts = [f"## Part {number}\n\n{one}" for number, one in enumerate(paragraphs)]
    return "# The privacy policy of Lantern\n\n" + "\n\n".join(parts)


def fill_library(service: Any, count: int) -> None:
    """So many documents read before, each another one."""
    from guardian.core.jobs import report_nothing

    for number in range(count):
        service.explain_text(make_policy(14, number), f"Policy {number}", report_nothing)
    service.summary()  # as the first page does


def follow_agreements(studio: Any) -> None:
    """What a person does with a long policy, one thing after another."""
    from guardian.core.settings import TextSize, Theme
    from guardian.ui import theme
    from guardian.ui.pages.clauses.sheet import CLAUSES

    jobs, window = studio.guardian.jobs, studio.window

    def at_rest() -> bool:
        return not jobs.running

    measure(f"a library of {READINGS} readings", lambda: window.show_page("clauses"), at_rest)
    page = window.page("clauses")
    library = page.start.library
    for letters in ("p", "policy 1", "zebra", ""):
        measure(f"searching the library for “{letters}”", lambda letters=letters: (
            library.search.setText(letters)), at_rest)  # fmt: skip

    def built() -> bool:
        return at_rest() and page.stages.stage == "reading" and not page.shown().busy

    for first in (1, 0):
        measure(f"reading {SENTENCES} sentences", lambda first=first: (
            page.explain_text(make_policy(SENTENCES, first))), built)  # fmt: skip
    sheet = page.shown()
    print(f"{'':34} {len(sheet.reading.explanation.clauses)} clauses, {len(sheet.list.left)} left")
    measure("the sheet in another language", lambda: page.explain_in("zh"), built)
    measure("and back", lambda: page.explain_in("en"), built)
    sheet, reading = page.shown(), page.shown().reading
    measure("clause by clause", lambda: sheet.show_part(CLAUSES), built)
    for box in (sheet.list.levels, sheet.list.topics, sheet.list.order):
        for number in (1, 0):
            measure(f"sifting: {box.itemText(number).lower()}", lambda box=box, number=number: (
                box.setCurrentIndex(number)), built)  # fmt: skip
    for name in list(sheet.list.parts())[1:]:
        measure(f"unfolding what is {name}", sheet.list.folds[name].click, built)
    measure("what is left to read", sheet.go_through_left, built)
    for number in range(3):
        measure(f"the next place, {number + 1}", lambda: sheet.step(1), built)
    for letters in ("d", "data", "of kind 59", "zebra", ""):
        measure(f"searching the policy for “{letters}”", lambda letters=letters: (
            sheet.find.field.setText(letters)), built)  # fmt: skip
    bar = sheet.view.verticalScrollBar()
    for part in (0.3, 1.0):
        measure(f"scrolling to {part:.0%}", lambda part=part: (
            bar.setValue(round(bar.maximum() * part))), built)  # fmt: skip
    newest, second = library.table.items()[:2]

    def compared() -> bool:
        return at_rest() and page.shown() is not None and page.shown() is not sheet

    measure("what changed between two", lambda: page.compare_versions(
        second.id, newest.id), compared)  # fmt: skip
    measure("back to the start", page.show_start, at_rest)
    chosen = [one.id for one in library.table.items()[:6]]
    measure("six side by side", lambda: page.put_side_by_side(chosen), compared)
    measure("leaving the agreements and coming back", lambda: (
        window.show_page("checkup"), window.show_page("clauses")), at_rest)  # fmt: skip
    measure("the sheet once more", lambda: page.show_reading(reading), built)
    measure("its clauses", lambda: page.shown().show_part(CLAUSES), built)
    measure(
        "light to dark colours",
        lambda: theme.apply_look(studio.app, Theme.DARK, TextSize.NORMAL),
        at_rest,
    )


def window(part: str = "") -> None:
    """``part``: only accounts, vault, programs or agreements."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["FONTCONFIG_FILE"] = str(ROOT / "tests" / "fonts.conf")
    sys.path.insert(0, str(ROOT))
    from PySide6.QtWidgets import QApplication

    from tests.scenes.studio import FIXTURES, open_studio

    app = QApplication([])
    place = Path(
        tempfile.mkdtemp(prefix="guardian-bench-", dir=os.environ.get("TMPDIR", "/var/tmp"))
    )
    try:
        with open_studio(app, place / "studio") as studio:
            studio.start()
            gc.freeze()  # as the application does soon after its start
            print(f"switch interval of Python's threads: {sys.getswitchinterval() * 1000:.1f} ms")
            if part in ("", "accounts"):
                make_logins(studio.home, LOGINS)
                follow_accounts(studio)
            if part in ("", "vault"):
                letter = FIXTURES / "vault" / "documents" / "letter.pdf"
                make_vault(studio.features.vault, place, letter)
                follow_vault(studio, place)
            if part in ("", "programs"):
                with sleepers(PROCESSES), odd_programs(place, ODD):
                    follow_programs(studio)
            if part in ("", "agreements"):
                fill_library(studio.features.clauses, READINGS)
                follow_agreements(studio)
    finally:
        shutil.rmtree(place, ignore_errors=True)
