"""The keyring modes against the system's real Secret Service, in a session of their own.

Each test starts ``gnome-keyring-daemon`` on a private D-Bus (``dbus-run-session``) in the state
it is about, and runs a small program there that reports what Guardian did.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys, time
sys.path[:0] = {path!r}
from guardian.core import keychain, store
from guardian.core.paths import find_paths
start = time.monotonic()
chain = keychain.find_keychain(8.0)
opened = store.open_store(find_paths(), chain)
if opened.mode.value == "keyring":
    opened.run("CREATE TABLE IF NOT EXISTS a (x)")
    opened.run("INSERT INTO a VALUES ('canary-keyring')")
    rows = len(opened.rows("SELECT * FROM a"))
else:
    rows = 0
opened.close()
print(json.dumps({{
    "found": chain is not None and type(chain._backend).__module__,
    "mode": opened.mode.value, "why": opened.why.code if opened.why else None, "rows": rows,
}}))
"""
START = {
    "unlocked": (
        "printf test-pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;"
        " sleep 0.5;"
    ),
    "locked": "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; sleep 0.5;",
    "absent": "",
}


def in_session(state: str, tmp_path: Path, extra_path: Path | None = None) -> dict[str, object]:
    """What Guardian reports inside a fresh desktop session whose keyring is in ``state``."""
    program = tmp_path / "program.py"
    path = [str(extra_path)] if extra_path else []
    program.write_text(PROGRAM.format(path=path))
    run = tmp_path / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "GUARDIAN_HOME": os.environ["GUARDIAN_HOME"],
        "XDG_DATA_HOME": str(tmp_path / "share"),
        "XDG_RUNTIME_DIR": str(run),
        "PYTHONPATH": os.pathsep.join(filter(None, [*path, *sys.path])),
    }
    command = f"{START[state]} exec {sys.executable} {program}"
    if state != "absent":
        arguments = ["dbus-run-session", "--", "sh", "-c", command]
    else:
        arguments = ["sh", "-c", command]
    done = subprocess.run(
        arguments, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_an_unlocked_keyring_keeps_the_key_and_gives_it_back_next_time(tmp_path: Path) -> None:
    first = in_session("unlocked", tmp_path)
    assert first == {
        "found": "keyring.backends.SecretService",
        "mode": "keyring",
        "why": None,
        "rows": 1,
    }
    # a later log-in starts another daemon over the same keyring files
    assert in_session("unlocked", tmp_path)["rows"] == 2


def test_the_key_is_in_no_file_of_guardian(tmp_path: Path, guardian_home: Path) -> None:
    in_session("unlocked", tmp_path)
    written = b"".join(p.read_bytes() for p in guardian_home.rglob("*") if p.is_file())
    assert b"canary-keyring" not in written
    assert sorted(p.name for p in guardian_home.rglob("*") if p.is_file()) == [
        "records.db",
        "records.key.json",
        "records.lock",
    ]


def test_a_locked_keyring_leaves_the_records_and_says_so(
    tmp_path: Path, guardian_home: Path
) -> None:
    in_session("unlocked", tmp_path)
    before = (guardian_home / "data" / "records.db").read_bytes()
    locked = in_session("locked", tmp_path)
    assert locked["mode"] == "memory"
    assert locked["why"] in ("keyring-locked", "keyring-silent")
    assert (guardian_home / "data" / "records.db").read_bytes() == before
    assert in_session("unlocked", tmp_path)["rows"] == 2


def test_a_locked_keyring_at_the_first_start_writes_nothing(
    tmp_path: Path, guardian_home: Path
) -> None:
    locked = in_session("locked", tmp_path)
    assert locked["mode"] == "memory"
    assert not (guardian_home / "data" / "records.db").exists()


def test_without_a_keyring_nothing_is_remembered_and_nothing_written(
    tmp_path: Path, guardian_home: Path
) -> None:
    assert in_session("absent", tmp_path) == {
        "found": False,
        "mode": "memory",
        "why": "keyring-absent",
        "rows": 0,
    }
    assert not guardian_home.exists()


@pytest.fixture
def plaintext_backend(tmp_path: Path) -> Path:
    """An installed package that offers itself to ``keyring`` with a file in the clear."""
    folder = tmp_path / "site"
    (folder / "plain_keyring-1.dist-info").mkdir(parents=True)
    (folder / "plain_keyring-1.dist-info" / "METADATA").write_text(
        "Name: plain-keyring\nVersion: 1\n"
    )
    (folder / "plain_keyring-1.dist-info" / "entry_points.txt").write_text(
        "[keyring.backends]\nplain = plain_keyring\n"
    )
    (folder / "plain_keyring.py").write_text(
        "import os, pathlib\n"
        "from keyring.backend import KeyringBackend\n"
        "class PlaintextKeyring(KeyringBackend):\n"
        "    priority = 99\n"
        "    file = pathlib.Path(os.environ['HOME']) / 'plain.txt'\n"
        "    def get_password(self, service, name):\n"
        "        return self.file.read_text() if self.file.exists() else None\n"
        "    def set_password(self, service, name, secret):\n"
        "        self.file.write_text(secret)\n"
        "    def delete_password(self, service, name):\n"
        "        self.file.unlink()\n"
    )
    return folder


def test_the_plaintext_back_end_really_is_what_keyring_itself_would_use(
    plaintext_backend: Path,
) -> None:
    code = "import keyring; keyring.set_password('a', 'b', 'c'); print(type(keyring.get_keyring()))"
    environment = {**os.environ, "PYTHONPATH": str(plaintext_backend)}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert "PlaintextKeyring" in done.stdout


@pytest.mark.parametrize(("state", "mode"), [("absent", "memory"), ("unlocked", "keyring")])
def test_a_plaintext_back_end_is_never_asked(
    state: str, mode: str, tmp_path: Path, plaintext_backend: Path
) -> None:
    report = in_session(state, tmp_path, plaintext_backend)
    assert report["mode"] == mode
    assert not (Path(os.environ["HOME"]) / "plain.txt").exists()


def test_a_keyring_that_never_answers_is_given_up() -> None:
    import threading

    from guardian.core.errors import Problem
    from guardian.core.keychain import within

    never = threading.Event()
    with pytest.raises(Problem, match="keyring-silent"):
        within(0.05, never.wait)
    never.set()
