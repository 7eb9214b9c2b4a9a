"""From the first start to the first step done: clicks, waiting, and the time reading takes."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 180.0  # seconds: the promise is three minutes
# adults read 238 on average (Brysbaert, 2019: a review of 190 studies)
WORDS_A_MINUTE = 238
CLICK = 2.0  # seconds a person needs to find a button and press it
PATIENCE = 60.0
SETTLED = 0.3
ALLOW = "Allow all and search"


class Walk:
    """A person who reads everything that is shown, and then presses one button."""

    def __init__(self, guardian: object) -> None:
        from guardian.ui.app import GuardianApp

        assert isinstance(guardian, GuardianApp)
        self.guardian, self.window = guardian, guardian.window
        self.clicks, self.waited, self.words = 0, 0.0, 0
        self._read: set[str] = set()

    def wait(self, until: Callable[[], bool]) -> None:
        from PySide6.QtWidgets import QApplication

        began = time.perf_counter()
        while not until():
            QApplication.processEvents()
            time.sleep(0.005)
            if time.perf_counter() - began > PATIENCE:
                raise SystemExit("the walk did not get on: " + ", ".join(sorted(self.buttons())))
        self.waited += time.perf_counter() - began

    def settle(self) -> None:
        """Until what was just asked for is there, laid out and shown."""
        began = time.perf_counter()
        self.wait(lambda: time.perf_counter() - began > SETTLED)

    def buttons(self) -> dict[str, object]:
        from PySide6.QtWidgets import QAbstractButton

        found = self.window.findChildren(QAbstractButton)
        return {one.text(): one for one in found if one.isVisible() and one.isEnabled()}

    def read(self) -> None:
        """Everything not read before."""
        from PySide6.QtWidgets import QAbstractButton, QLabel

        shown = [
            one for kind in (QLabel, QAbstractButton) for one in self.window.findChildren(kind)
        ]
        # what would have to be scrolled to is not read
        seen = (one for one in shown if one.isVisible() and not one.visibleRegion().isEmpty())
        texts = {one.text() for one in seen} - self._read
        self._read |= texts
        self.words += sum(len(re.findall(r"\w+", text)) for text in texts)

    def press(self, text: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.wait(lambda: text in self.buttons())
        self.settle()
        self.read()
        began = time.perf_counter()
        QTest.mouseClick(self.buttons()[text], Qt.MouseButton.LeftButton)
        self.waited += time.perf_counter() - began
        self.clicks += 1
        print(f"  {self.clicks}. “{text}”   {self.words} words read, {self.waited:.1f} s waited")


def first() -> None:
    """The window from an empty home, on a made-up person's browsers and this computer's programs.

    Every word that is on the screen counts as read, which is more than anybody reads.
    """
    sys.path.insert(0, str(ROOT))
    os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    began = time.perf_counter()
    from guardian.core.paths import find_paths
    from guardian.ui.app import GuardianApp

    with tempfile.TemporaryDirectory() as folder:
        app = QApplication([])
        home = Path(folder) / "home"
        shutil.copytree(ROOT / "tests" / "fixtures" / "accounts" / "home", home)
        paths = find_paths({"GUARDIAN_HOME": f"{folder}/guardian"})
        guardian = GuardianApp(app, paths, home=home)
        guardian.open_records()
        guardian.window.show()
        walk = Walk(guardian)
        walk.wait(lambda: "Next" in walk.buttons())
        walk.waited = time.perf_counter() - began
        for text in ("Next", "Next", "Look at this computer", "Done", "Start", ALLOW):
            walk.press(text)
            walk.wait(lambda: not guardian.jobs.running)  # who reads is slower than any job
        checkup = guardian.features.checkup
        walk.wait(lambda: any(one.key == "accounts-search" for one in checkup.plan().done))
        walk.wait(lambda: not guardian.jobs.running)
        guardian.window.close()
    person = walk.words / WORDS_A_MINUTE * 60 + walk.clicks * CLICK
    whole = person + walk.waited
    print("first step done, and seen by Guardian: the accounts of this computer are found")
    print(
        f"{walk.clicks} clicks, {walk.waited:.1f} s for the program, about {person:.0f} s to read"
    )
    print(f"all of it read at {WORDS_A_MINUTE} words a minute: {whole:.0f} s of {LIMIT:.0f}")
    raise SystemExit(whole > LIMIT)
