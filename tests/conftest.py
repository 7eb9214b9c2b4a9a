"""Every test gets a home of its own, a keyring in memory, no network, and must leave no thread."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy computer is no fault of ours: properties are tested for truth, speed by tests of its own.
# The whole suite is to end within five minutes and to answer alike everywhere, so that a change is
# blamed for what it broke and not for luck; --hypothesis-profile=thorough searches anew and longer.
EASY_GOING = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("guardian", EASY_GOING, max_examples=40, derandomize=True)
settings.register_profile("thorough", EASY_GOING, max_examples=1000)
settings.load_profile("guardian")

if "--onscreen" not in sys.argv:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

os.environ["TZ"] = "UTC"  # times of day are shown in the machine's own zone
time.tzset()
# the golden pictures are drawn alike, whatever smoothing this computer's letters get
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))

from guardian.core import keychain, log, meeting  # noqa: E402 - Qt and time read the environment first
from tests.memory_keychain import MemoryKeychain  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="show windows instead of hiding them")
    parser.addoption("--redraw", action="store_true", help="draw the golden pictures anew")


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: no search for garbage need go through them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def memory_keychain() -> MemoryKeychain:
    return MemoryKeychain()


@pytest.fixture
def guardian_home(tmp_path: Path) -> Path:
    return tmp_path / "guardian-home"


@pytest.fixture(autouse=True)
def own_world(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    guardian_home: Path,
    memory_keychain: MemoryKeychain,
    tmp_path: Path,
) -> Iterator[None]:
    """No test sees the person's own files, keyring or network."""
    monkeypatch.setenv("GUARDIAN_HOME", str(guardian_home))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    # a projector of one test must not keep the windows of another shut
    monkeypatch.setattr(meeting, "meeting_place", lambda: tmp_path)
    (tmp_path / "home").mkdir()
    if "real_keyring" not in request.keywords:
        monkeypatch.setattr(keychain, "find_keychain", lambda *_: memory_keychain)
    refuse_network(monkeypatch)
    # no power fails here: what is written need not reach the disk, only the handle must be one
    monkeypatch.setattr(os, "fsync", os.fstat)
    before = set(threading.enumerate())
    yield
    log.stop_log()
    left = [thread for thread in set(threading.enumerate()) - before if not thread.daemon]
    assert not left, f"threads left running: {left}"


def refuse_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection but one to a local socket file fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            raise AssertionError("a test tried to reach the network")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("a name was looked up")
    )
