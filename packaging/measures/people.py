"""How long it takes to be gone, and to take turns: all pages built, a vault open, work going on.

The quick exit stands beside a bare window that shows an empty sheet; a change of person beside the
one thing in it that is slow on purpose, the derivation of a key from the passphrase.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SECRET = "specimen only, harmless"
DOCUMENTS = 300
PATIENCE = 60.0  # seconds
CLAIMED_EXIT, CLAIMED_TURN = 200, 3.0  # milliseconds, seconds


def spin(app: Any, until: Callable[[], bool]) -> float:
    """Let the window work until ``until`` holds; how many seconds that took."""
    began = time.perf_counter()
    while not until():
        app.processEvents()
        if time.perf_counter() - began > PATIENCE:
            raise SystemExit("the window did not come to rest")
    return time.perf_counter() - began


def bare_sheet(app: Any) -> float:
    """Milliseconds until a window of PySide6 alone shows an empty sheet instead of a label."""
    from PySide6.QtWidgets import QLabel, QPlainTextEdit, QStackedWidget

    window = QStackedWidget()
    window.addWidget(QLabel("Hello"))
    window.resize(1120, 760)
    window.show()
    app.processEvents()
    began = time.perf_counter()
    window.addWidget(QPlainTextEdit())
    window.setCurrentIndex(1)
    window.repaint()
    took = time.perf_counter() - began
    window.close()
    window.deleteLater()
    return took * 1000


def make_people(paths: Any) -> None:
    from dataclasses import replace

    from guardian.core.profiles import FIRST, Colour, Kind, add_profile, change_profile, paths_of
    from guardian.core.settings import Settings, save_settings

    change_profile(paths, replace(FIRST, nickname="Ana"))
    for name, colour in (("Ben", Colour.BLUE), ("Cem", Colour.ROSE)):
        made = add_profile(paths, name, colour, Kind.PERSON, [SECRET])
        save_settings(paths_of(paths, made).settings_file, Settings(welcomed=True))


def come_in(studio: Any, name: str) -> None:
    """As somebody would: a tile, a passphrase, Enter."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from guardian.ui.unlock import UnlockPage

    tiles = studio.window.stack.currentWidget().tiles
    next(tile for tile in tiles if tile.text() == name).click()
    page = studio.window.stack.currentWidget()
    if isinstance(page, UnlockPage):
        page.field.setText(SECRET)
        QTest.keyClick(page.field, Qt.Key.Key_Return)
    spin(studio.app, studio.window.rail.isVisible)


def fill(studio: Any, folder: Path) -> Any:
    """Every page built, a vault open, and a job that would never end; the vault."""
    from guardian.vault.service import VaultService

    papers = [folder / f"paper {number:03}.bin" for number in range(DOCUMENTS)]
    for paper in papers:
        paper.write_bytes(os.urandom(1000))
    service = VaultService(studio.guardian.store, lambda: datetime.now(UTC))
    with service.create(folder / "vault", SECRET) as vault:
        vault.add(papers)
    for key in studio.window.rail.keys:
        studio.window.show_page(key)
        spin(studio.app, lambda: not studio.guardian.jobs.running)
    studio.window.show_page("vault")
    page = studio.window.page("vault")
    page.door.field.setText(SECRET)
    page.door.open.click()
    spin(studio.app, lambda: page.is_open and not studio.guardian.jobs.running)

    def endless(report: Callable[[int, int], None]) -> None:
        while True:
            studio_rows()
            report(0, 0)

    store = studio.guardian.store

    def studio_rows() -> None:
        store.rows("SELECT count(*) FROM sqlite_master")

    studio.guardian.jobs.start(studio.window, endless)
    return page.handling.vault


def leave_quickly(studio: Any, folder: Path) -> float:
    """Milliseconds from the second Esc until the sheet is painted and everything is let go of."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from guardian.ui.guard.notes import NotesPage

    vault, store = fill(studio, folder), studio.guardian.store
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    began = time.perf_counter()
    QTest.keyClick(studio.window, Qt.Key.Key_Escape)
    took = time.perf_counter() - began
    assert isinstance(studio.window.covered, NotesPage)
    assert vault.locked
    spin(studio.app, lambda: store._key is None)
    closed = time.perf_counter() - began
    print(f"  quick exit {took * 1000:6.1f} ms, records closed after {closed * 1000:6.1f} ms")
    QTest.keyClick(studio.window.covered.sheet, Qt.Key.Key_F9)
    return took * 1000


def take_turns(studio: Any, folder: Path, name: str) -> float:
    """Seconds from “lock” until the first page of the next person is there."""
    fill(studio, folder)
    began = time.perf_counter()
    studio.guardian.lock()
    studio.app.processEvents()
    come_in(studio, name)
    took = time.perf_counter() - began
    print(f"  switch to {name} {took:6.2f} s")
    return took


def people(rounds: int = 3) -> None:
    from PySide6.QtWidgets import QApplication

    from guardian.core import keys
    from tests.scenes.studio import open_studio

    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        with open_studio(app, home / "studio") as studio:
            make_people(studio.guardian.paths)
            studio.window.show()
            studio.guardian.open_records()
            exits, turns, sheets, derived = [], [], [], []
            for number in range(rounds):
                folders = [home / f"{number}-{part}" for part in ("exit", "turn")]
                for folder in folders:
                    folder.mkdir()
                sheets.append(bare_sheet(app))
                come_in(studio, "Ben")
                exits.append(leave_quickly(studio, folders[0]))
                began = time.perf_counter()
                keys.derive(SECRET, os.urandom(16), keys.SCRYPT_N, keys.SCRYPT_R)
                derived.append(time.perf_counter() - began)
                come_in(studio, "Cem")
                turns.append(take_turns(studio, folders[1], "Ben"))
                studio.guardian.lock()
    gone, bare = statistics.median(exits), statistics.median(sheets)
    turn, key = statistics.median(turns), statistics.median(derived)
    print(
        f"{rounds} rounds, medians: every page built, a vault of {DOCUMENTS} open, a job running\n"
        f"quick exit  {gone:7.1f} ms (longest {max(exits):.1f}; claimed under {CLAIMED_EXIT})"
        f"   a bare sheet {bare:6.1f} ms   ratio {gone / bare:.1f}\n"
        f"switching   {turn:7.2f} s  (longest {max(turns):.2f}; claimed under {CLAIMED_TURN})"
        f"   one key derived {key:5.2f} s   ratio {turn / key:.1f}"
    )
