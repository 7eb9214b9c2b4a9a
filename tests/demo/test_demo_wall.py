"""A demonstration writes nowhere else, and is gone when it ends, however it ends."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guardian.core.errors import Problem
from guardian.demo import home
from guardian.demo import place as places
from guardian.demo.place import MARKER, PREFIX, make_place, sweep
from guardian.demo.service import Demo
from guardian.demo.wall import make_hook

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel holds it on Linux alone")
ATTEMPTS = """
import ctypes, json, os, pathlib, shutil, sqlite3, subprocess, sys
from guardian.core.errors import Problem
from guardian.demo.service import begin
target = pathlib.Path(sys.argv[1])
ways = {
    "open": lambda: (target / "new.txt").write_text("x"),
    "change": lambda: open(target / "letter.txt", "a"),
    "mkdir": lambda: (target / "folder").mkdir(),
    "rename": lambda: (target / "letter.txt").rename(target / "other.txt"),
    "remove": lambda: (target / "letter.txt").unlink(),
    "rmtree": lambda: shutil.rmtree(target),
    "link": lambda: os.symlink("/", target / "link"),
    "chmod": lambda: os.chmod(target / "letter.txt", 0o777),
    "times": lambda: os.utime(target / "letter.txt", (1, 1)),
    "database": lambda: sqlite3.connect(target / "new.db").execute("CREATE TABLE x (y)"),
    "low": lambda: os.open(target / "low", os.O_WRONLY | os.O_CREAT),
}
def work(demo):
    seen = {}
    for name, way in ways.items():
        try:
            way()
            seen[name] = "done"
        except Problem as problem:
            seen[name] = problem.code
        except OSError as error:
            seen[name] = type(error).__name__
    script = f"echo x > '{target}/by-child'"
    seen["child"] = subprocess.run(["sh", "-c", script], stderr=-3).returncode
    libc = ctypes.CDLL(None)
    seen["past Python"] = libc.open(os.fsencode(target / "c"), os.O_WRONLY | os.O_CREAT, 0o600)
    (demo.home / "inside.txt").write_text("x")
    (demo.home / "inside.txt").rename(demo.home / "moved.txt")
    seen["read"] = (target / "letter.txt").read_text()
    seen["inside"] = (demo.home / "moved.txt").exists()
    seen["folder"] = str(demo.place.folder)
    seen["home"] = str(pathlib.Path.home()) == str(demo.home)
    from guardian.vault import outside
    with_room = outside.lend([b"SPECIMEN"], "Paper.txt", "Paper.txt", 8)
    seen["lent"] = with_room.file.is_relative_to(demo.place.folder)
    from guardian.core import keychain
    seen["keyring"] = keychain.find_keychain() is None
    print(json.dumps(seen))
    return 3
sys.exit(begin(work, lambda problem: 9))
"""
WAITING = """
import signal, sys, time
from guardian.demo.service import begin
def work(demo):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a window closes in peace
    print(demo.place.folder, flush=True)
    if "crash" in sys.argv:
        raise RuntimeError("Quirina")
    time.sleep(60)
    return 0
sys.exit(begin(work, lambda problem: 9))
"""
REFUSED = """
import sys
from guardian.core.errors import Problem
from guardian.demo.service import begin
def work(demo):
    raise Problem("demo-no-place", reason="full")
sys.exit(begin(work, lambda problem: print(problem.code) or 2))
"""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Temporary files of this test alone, so that nobody else's demonstration is met."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(places.tempfile, "tempdir", str(folder))
    return {
        **os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A home with something in it that nobody may touch."""
    home = tmp_path / "real-home"
    home.mkdir()
    (home / "letter.txt").write_text("mine")
    return home


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    for path in (folder, *folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (status.st_mtime_ns, status.st_mode, content)
    return found


def start(code: str, environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], env=environment, stdout=-1, stderr=-1, text=True
    )


@linux
def test_every_way_of_writing_outside_is_refused(
    environment: dict[str, str], outside: Path
) -> None:
    before = state(outside)
    output, errors = (process := start(ATTEMPTS, environment, str(outside))).communicate()
    assert process.returncode == 3, errors
    seen = json.loads(output)
    refused = {
        "open", "change", "mkdir", "rename", "remove", "link", "chmod", "times", "database", "low",
    }  # fmt: skip
    assert {seen[name] for name in refused} == {"demo-outside"}
    assert seen["rmtree"] in ("demo-outside", "PermissionError")
    assert seen["child"] != 0
    assert seen["past Python"] == -1
    assert seen["read"] == "mine"
    assert seen["inside"]
    assert seen["home"]
    assert seen["keyring"]
    assert seen["lent"], "another program would get its copy from inside"
    assert state(outside) == before
    assert not Path(seen["folder"]).exists()


def test_the_hook_alone_refuses_what_lies_outside(tmp_path: Path) -> None:
    """Where no kernel helps, Python itself does."""
    folder = tmp_path / "demo"
    folder.mkdir()
    hook = make_hook(folder)
    (tmp_path / "way-out").symlink_to(tmp_path)
    (folder / "way-out").symlink_to(tmp_path)
    write = os.O_WRONLY | os.O_CREAT
    for inside in (folder / "a", folder / "b" / ".." / "a", os.devnull, 7):
        hook("open", (inside, "w", write))
    hook("open", (tmp_path / "a", "r", os.O_RDONLY))
    hook("sqlite3.connect", (f"file:{tmp_path}/a?mode=ro&immutable=1",))
    hook("sqlite3.connect", (":memory:",))
    for event, arguments in (
        ("open", (tmp_path / "a", "w", write)),
        ("open", (folder / ".." / "a", None, os.O_RDWR)),
        ("open", (f"/dev/dri/../..{tmp_path}/a", "w", write)),
        ("open", (folder / "way-out" / "a", "w", write)),
        ("open", (f"{folder}-beside/a", "w", write)),
        ("os.rename", (folder / "a", tmp_path / "a", -1, -1)),
        ("os.remove", (bytes(tmp_path / "a"), -1)),
        ("sqlite3.connect", (f"file:{tmp_path}/a?mode=rw",)),
        ("sqlite3.connect", (str(tmp_path / "a"),)),
    ):
        with pytest.raises(Problem, match="demo-outside"):
            hook(event, arguments)


@linux
@pytest.mark.parametrize("how", ["term", "crash", "kill-child"])
def test_it_is_wiped_however_it_ends(environment: dict[str, str], how: str) -> None:
    process = start(WAITING, environment, how)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    if how == "term":
        assert (folder / MARKER).exists()
        process.send_signal(signal.SIGTERM)
    elif how == "kill-child":
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == {"term": 143, "crash": 70, "kill-child": 137}[how]
    assert ("RuntimeError\n  guardian.demo.keeper:" in errors) == (how == "crash")
    assert "Quirina" not in errors
    assert not folder.exists()


@linux
def test_what_a_killed_one_left_is_wiped_by_the_next(environment: dict[str, str]) -> None:
    process = start(WAITING, environment)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert sweep() == 0, "it is still in use"
    process.kill()
    process.communicate()
    assert folder.exists()
    end = time.monotonic() + 10
    while [left.name for left in folder.iterdir()] != [MARKER]:  # its child hears of it and ends
        assert time.monotonic() < end
        time.sleep(0.02)
    while sweep() == 0:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert not folder.exists()


@pytest.mark.usefixtures("environment")
def test_nothing_is_swept_that_is_not_a_demonstration() -> None:
    living = make_place()
    temporary = living.folder.parent
    bare = temporary / f"{PREFIX}bare"
    bare.mkdir()
    linked = temporary / f"{PREFIX}linked"
    linked.symlink_to(bare)
    marked = temporary / f"{PREFIX}marked"
    marked.mkdir()
    (marked / MARKER).symlink_to(living.folder / MARKER)
    assert sweep() == 0
    assert all(path.is_dir() for path in (living.folder, bare, linked, marked))
    assert living.wipe()
    assert living.wipe()


@pytest.mark.usefixtures("environment")
def test_folders_that_were_made_read_only_are_wiped_too() -> None:
    living = make_place()
    closed = living.home / "closed"
    (closed / "deep").mkdir(parents=True)
    (closed / "deep" / "file").write_text("x")
    (closed / "deep").chmod(0o500)
    closed.chmod(0o000)
    assert living.wipe()
    assert not living.folder.exists()


@linux
def test_a_command_answers_from_the_made_up_records(
    environment: dict[str, str], guardian_home: Path, tmp_path: Path
) -> None:
    menu = tmp_path / "share" / "applications"
    menu.mkdir(parents=True)
    (menu / "real.desktop").write_text("[Desktop Entry]\nType=Application\nExec=real\n")
    words = [sys.executable, "-m", "guardian", "demo", "accounts", "sources", "--json"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kinds = {one["key"].partition(":")[0] for one in json.loads(done.stdout)["sources"]}
    assert kinds == {"firefox", "firefox-history", "chromium", "chromium-history", "thunderbird"}
    assert "DEMO" in done.stderr
    assert not list(Path(environment["TMPDIR"]).iterdir())
    assert not guardian_home.exists(), "the person's own folder is not even made"


@pytest.mark.usefixtures("environment")
def test_no_room_for_the_family_is_said_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_place()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(home, "furnish", full)
    with pytest.raises(Problem) as refused:
        Demo(place).fill()
    assert refused.value.code == "demo-no-place"
    place.wipe()


@linux
def test_a_problem_inside_is_told_and_not_thrown(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFUSED],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("demo-no-place\n", "", 2)
