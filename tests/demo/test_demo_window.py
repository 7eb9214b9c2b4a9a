"""The demonstration's window: soon there, plainly marked, and it opens nothing outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guardian.core.profiles import FIRST
from guardian.demo.place import make_place
from guardian.demo.service import Demo
from guardian.ui.demo_app import DemoApp
from guardian.ui.kit.dialog import Dialog
from guardian.ui.kit.text import Text
from tests.demo.opening import NOW

PATIENCE = 30  # seconds; bench demo says how long it takes where nobody else works
SOON = 25_000  # milliseconds
BANNER = "DEMO: made-up data of a family that does not exist. Nothing is kept."


def told(guardian: DemoApp) -> str:
    """The banner."""
    texts = [one.text() for one in guardian.window.findChildren(Text) if one.isVisible()]
    return next(one for one in texts if one.startswith("DEMO"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process does it all")
def test_it_opens_soon_and_is_wiped_when_it_is_told_to_end(tmp_path: Path) -> None:
    environment = {
        **os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    words = [sys.executable, "-m", "guardian", "demo"]
    process = subprocess.Popen(words, env=environment, stdout=-3, stderr=-1, text=True)
    try:
        end = time.monotonic() + PATIENCE
        opened = False
        while not opened:
            logs = tmp_path.glob("guardian-demo-*/guardian/logs/guardian.log")
            opened = any("records-opened" in log.read_text() for log in logs)
            assert time.monotonic() < end
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate()
    assert process.returncode == 0
    assert not errors
    assert not list(tmp_path.glob("guardian-demo-*"))


def test_it_is_marked_opens_nothing_outside_and_begins_anew_after_a_lock(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUARDIAN_DEMO", "1")
    place = make_place()
    demo = Demo(place, lambda: NOW)
    demo.settle()
    guardian = DemoApp(qapp, demo)
    try:
        guardian.window.show()
        guardian.open_records()
        qtbot.waitUntil(lambda: guardian.features is not None, timeout=SOON)
        qtbot.waitUntil(lambda: not guardian.jobs.running, timeout=SOON)
        assert told(guardian) == BANNER
        guardian.window.show_page("vault")
        assert told(guardian) == f"{BANNER} Its vault opens with “{demo.passphrase}”."
        assert guardian.features.accounts.known() is not None
        assert not guardian.preferences.settings.masked
        for address in ("https://cloudnest.test/privacy", "mailto:x@cloudnest.test"):
            assert QDesktopServices.openUrl(QUrl(address))
            dialog = guardian.window.findChildren(Dialog)[-1]
            texts = [one.text() for one in dialog.findChildren(Text)]
            assert any("cloudnest.test" in one for one in texts)
            dialog.reject()
        guardian.lock()
        assert guardian.features is None
        guardian.come_in(FIRST)
        qtbot.waitUntil(lambda: guardian.features is not None, timeout=SOON)
        assert guardian.features.accounts.known() is not None, "the family is there again"
    finally:
        guardian.window.close()
        guardian.window.deleteLater()
        place.wipe()
