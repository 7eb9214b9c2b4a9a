"""Rules about running programs on Linux: real plants, hostile texts, and how the words speak."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guardian.core.feature import Level
from guardian.core.jobs import report_nothing
from guardian.core.words import Message, Words
from guardian.processes.content import Rule, read_rules, rules_file
from guardian.processes.model import (
    Component,
    Device,
    DeviceKind,
    Scan,
    Socket,
    Unknown,
)
from guardian.processes.rules.assess import assess
from guardian.processes.sources import linux
from guardian.processes.sources.look import Look
from tests.processes.builders import judge, process, shipped_rules

PROCESS_CATEGORIES = ("process_snapshot", "listener", "device_use", "injected_library")
SLEEPER = shutil.which("sleep") or "/bin/sleep"
NAP = "import time; time.sleep(60)"
CRITICAL = {"poses-as-kernel", "hidden-from-list", "shell-on-network"}
"""A window on the network, a mask of the core, and hiding: all that may be called urgent alone."""

WATCHERS = {
    "poses-as-kernel", "poses-as-service", "hidden-from-list", "traced", "traces-others",
    "reads-keyboard", "uses-camera", "uses-microphone", "records-screen", "reads-memory",
    "sniffs-traffic", "watches-clipboard", "shell-on-network", "remote-shell", "opens-tunnel",
    "watching-words", "code-takes-orders", "runs-from-hidden-folder",
}  # fmt: skip
"""What may be somebody watching the person: ending it may be noticed, and that must be said."""


def about_processes() -> list[Rule]:
    rules = read_rules(rules_file())
    return [rule for rule in rules if rule.logsource.category in PROCESS_CATEGORIES]


def rules_about(scan: Scan, pid: int) -> set[str]:
    return {hit.rule for card in scan.findings for hit in card.hits if pid in hit.pids}


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="plant-", dir="/var/tmp"))
    yield made
    shutil.rmtree(made)


def copy_to(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    return shutil.copy(SLEEPER, path)


def plants(folder: Path) -> dict[str, tuple[list[str], str | None, set[str]]]:
    """What is planted: the command, the file run under it, and the rules that must notice."""
    script = folder / "... " / "note.py"
    script.parent.mkdir()
    script.write_text(NAP)
    return {
        "service": (["/usr/sbin/cron", "60"], SLEEPER, {"poses-as-service", "borrowed-name"}),
        "borrowed": (["firefox", "60"], SLEEPER, {"borrowed-name"}),
        "blank": ([" ", "60"], SLEEPER, {"deceptive-name"}),
        "kernel": (["kworker/u8:1-flush", "60"], SLEEPER, {"poses-as-kernel"}),
        "document": (
            [copy_to(folder / "offer.pdf.bin"), "60"],
            None,
            {"dressed-as-document", "runs-from-temp"},
        ),
        "hidden": (
            [copy_to(folder / ".cfg" / "agent"), "60"],
            None,
            {"runs-from-hidden-folder", "runs-from-temp"},
        ),
        "turned": ([copy_to(folder / "photo\u202egpj.run"), "60"], None, {"deceptive-name"}),
        "script": (
            [sys.executable, str(script)],
            None,
            {"script-from-odd-place", "deceptive-name"},
        ),
        "words": ([sys.executable, "-c", f"# pynput\n{NAP}"], None, {"watching-words"}),
        "packed": (
            [sys.executable, "-c", f"{NAP}\nimport base64\nexec(base64.b64decode(b''))"],
            None,
            {"code-hides-itself"},
        ),
        "orders": (
            [sys.executable, "-c", f"{NAP}\nimport socket, os\nos.dup2(0, 1)"],
            None,
            {"code-takes-orders"},
        ),
        "debug": (
            [sys.executable, "-c", NAP, "--remote-debugging-port=9222"],
            None,
            {"browser-debug-port"},
        ),
        "keys": (["xinput", "test-xi2", "--root"], None, {"reads-keyboard"}),
        "honest sleep": ([SLEEPER, "60"], None, set()),
        "honest line": ([sys.executable, "-c", NAP], None, set()),
    }


def test_real_plants_are_noticed_and_honest_programs_beside_them_are_not(folder: Path) -> None:
    fake = folder / "bin" / "xinput"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\nsleep 60\n")
    fake.chmod(0o755)
    started: dict[str, subprocess.Popen[bytes]] = {}
    planted = plants(folder)
    try:
        for name, (command, executable, _) in planted.items():
            file = str(fake) if name == "keys" else executable
            started[name] = subprocess.Popen(command, executable=file, start_new_session=True)
        time.sleep(0.2)
        scan = assess(linux.take_snapshot(Look(folder), report_nothing), shipped_rules())
        found = {name: rules_about(scan, child.pid) for name, child in started.items()}
    finally:
        for child in started.values():
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    missed = {name: wanted - found[name] for name, (_, _, wanted) in planted.items()}
    assert not {name: rules for name, rules in missed.items() if rules}
    assert found["honest sleep"] == found["honest line"] == set()


HOSTILE = [
    text * (6_000 // len(text))
    for text in (
        "/", ".", " ", "/.", "a/", "/.a", "/x. ", "sh ", "sh -c ", "-N ", "xinput a ", "a", "- ",
        "exec(", "eval ", "socket ", "TCPSocket ", "while xx ", "nc /", "client a ", "base64 -d ",
        "--user-data-dir=", "/dev/tcp/a/1", "ffmpeg -f pulse -i", ".pdf._", "x.pdf   ", "keylo",
        "\u0430a", "sudo A=b ", "script -x ", "[", "systemd-", "ssh -N ",
    )
]  # fmt: skip


def expressions(rule: Rule) -> Iterator[re.Pattern[str]]:
    selections = [*rule.detection.selections.values()]
    if rule.guardian.milder:
        selections.append(rule.guardian.milder.when)
    for part in (part for selection in selections for part in selection):
        for key, values in part.items():
            if "|re" in key:
                flags = re.IGNORECASE if "|i" in key else re.NOFLAG
                yield from (re.compile(str(value), flags) for value in values)


def test_no_expression_takes_long_on_hostile_text() -> None:
    slowest = 0.0
    for rule in about_processes():
        for pattern in expressions(rule):
            began = time.process_time()
            for text in HOSTILE:
                pattern.search(text)
            slowest = max(slowest, time.process_time() - began)
    assert slowest < 0.5  # for all texts together; an expression that runs away takes minutes


def test_only_masks_hiding_and_wired_command_windows_are_urgent_alone() -> None:
    here = [rule for rule in about_processes() if rule.logsource.product in (None, "linux")]
    assert {rule.code for rule in here if rule.level == "critical"} <= CRITICAL


def test_where_somebody_may_be_watching_it_is_said_that_ending_may_be_noticed() -> None:
    words = Words()
    for code in WATCHERS:
        advice = words.tell(Message(f"processes.rule.{code}.do"))
        assert "notice" in advice, code


def test_a_wired_shell_is_found_also_where_its_starter_may_not_be_seen() -> None:
    hidden = dict.fromkeys(("exe", "owner", "script", "stdio", "devices"), Unknown.DENIED)
    line = Socket("tcp", "127.0.0.1", 40000, "127.0.0.1", 4444, False)
    scan = judge(
        process(pid=50, name="systemd", argv=("/sbin/init",), **hidden),
        process(pid=51, ppid=50, exe="/usr/bin/bash", owner="bash", stdio=(line, line, line)),
    )
    assert rules_about(scan, 51) == {"shell-on-network"}


def test_no_rule_asks_about_an_ordinary_program_of_a_package() -> None:
    assert not judge(process()).findings


@pytest.mark.parametrize(
    "line",
    [
        ("ssh", "me@host.example"),
        ("tmux", "new-session", "-s", "record-keys"),
        ("vim", "/home/ada/keylogger.py"),
        ("grep", "-r", "xinput test", "."),
        ("less", "/var/log/script.log"),
        ("firefox", "https://example.org/?q=--remote-debugging-port"),
        ("journalctl", "-f"),
        ("git", "commit", "-m", "arecord: fix, and wl-paste --watch"),
        ("man", "socat"),
        ("python3", "-m", "pytest", "tests/test_socket.py"),
        ("bash", "-l"),
    ],
)
def test_words_in_the_arguments_of_honest_programs_raise_nothing(line: tuple[str, ...]) -> None:
    name = line[0]
    scan = judge(process(name=name, argv=line, exe=f"/usr/bin/{name}", owner=name))
    assert not [hit.rule for card in scan.findings for hit in card.hits]


def listening(host: str, port: int) -> Socket:
    return Socket("tcp", host, port, "0.0.0.0", 0, True)


def device(kind: DeviceKind, path: str) -> Device:
    return Device(kind, path)


HOME = "/home/ada"
OPEN, LOCAL = (listening("0.0.0.0", 8080),), (listening("127.0.0.1", 8080),)
CALL = (
    device(DeviceKind.CAMERA, "/dev/video0"),
    device(DeviceKind.MICROPHONE, "/dev/snd/pcmC0D0c"),
    device(DeviceKind.SCREEN, "/dev/fb0"),
)
HONEST: dict[str, dict[str, Any]] = {
    "a meeting program in a call": {
        "exe": "/opt/zoom/zoom", "devices": CALL, "sockets": OPEN,
    },
    "a chat program that updated itself while it runs": {
        "exe": f"{HOME}/.config/discord/0.0.9/Discord", "exe_deleted": True, "sockets": OPEN,
    },
    "a game shop with its overlay and controllers": {
        "exe": f"{HOME}/.local/share/Steam/ubuntu12_32/steam",
        "sockets": OPEN,
        "components": (
            Component(
                f"{HOME}/.local/share/Steam/ubuntu12_32/gameoverlayrenderer.so",
                "LD_PRELOAD", False, None,
            ),
        ),
        "devices": (
            device(DeviceKind.TYPING, "/dev/uinput"),
            device(DeviceKind.POINTER, "/dev/input/js0"),
        ),
    },
    "a program that unpacks itself and can be called": {
        "exe": f"{HOME}/apps/scanner",
        "components": (Component("/tmp/_MEIx1y2/libssl.so.3", "", False, None),),
        "sockets": LOCAL,
    },
    "a Java server with a helper in the temporary folder": {
        "exe": "/opt/jdk-21/bin/java",
        "components": (Component("/tmp/netty_epoll_x86_64123.so", "", True, None),),
        "sockets": OPEN,
    },
    "an AppImage that shares files": {
        "exe": "/tmp/.mount_LocalSa/usr/bin/localsend_app", "exe_read_only": True,
        "appimage": f"{HOME}/Downloads/LocalSend.AppImage",
        "argv": ("/tmp/.mount_LocalSa/usr/bin/localsend_app",), "sockets": OPEN,
    },
    "the editor's server for work from afar": {
        "exe": f"{HOME}/.vscode-server/bin/abc/node", "sockets": LOCAL, "pty": True,
        "script": f"{HOME}/.vscode-server/bin/abc/out/server-main.js",
    },
    "a development server started by an editor": {
        "exe": f"{HOME}/.nvm/versions/node/v22/bin/node", "sockets": OPEN, "name": "node",
        "script": f"{HOME}/shop/node_modules/vite/bin/vite.js",
    },
    "a web application for this computer only": {
        "exe": "/usr/bin/python3.11", "owner": "python3.11-minimal", "sockets": LOCAL,
        "script": f"{HOME}/shop/.venv/bin/gunicorn",
    },
    "a program that keeps folders alike, as a service": {
        "exe": f"{HOME}/.local/bin/syncthing", "unit": "syncthing.service",
        "sockets": (listening("::", 22000),),
    },
    "a container's web server": {
        "exe": "/usr/sbin/nginx", "container": "docker", "sockets": OPEN, "uid": 0,
        "effective_uid": 0, "user": "root",
    },
    "a browser from its maker's archive": {
        "exe": f"{HOME}/firefox/firefox-bin", "sockets": OPEN, "devices": CALL[:2],
        "components": (
            Component(f"{HOME}/firefox/libmozsandbox.so", "LD_PRELOAD", False, None),
            Component(f"{HOME}/.mozilla/firefox/a/gmp-widevinecdm/lib.so", "", False, None),
        ),
        "private_files": (f"{HOME}/.mozilla/firefox/a/cookies.sqlite",),
    },
    "a programming tool with command windows of its own": {
        "exe": f"{HOME}/.local/share/JetBrains/Toolbox/apps/idea/jbr/bin/java",
        "sockets": LOCAL, "pty": True,
    },
    "a screen reader": {
        "exe": "/usr/bin/python3.11", "owner": "python3.11", "script": "/usr/bin/orca",
        "script_owner": "orca",
    },
    "a service that presses keys, of a package": {
        "exe": "/usr/bin/ydotoold", "owner": "ydotool",
        "devices": (device(DeviceKind.TYPING, "/dev/uinput"),),
    },
    "a test run on several cores": {
        "exe": f"{HOME}/.pyenv/versions/3.11.7/bin/python3.11", "script": "-c",
        "argv": ("python", "-c", "import sys;exec(eval(sys.stdin.readline()))"),
    },
    "a language server": {
        "exe": f"{HOME}/.local/share/nvim/mason/packages/rust-analyzer/rust-analyzer",
    },
    "a hook before a commit": {
        "exe": f"{HOME}/.cache/pre-commit/repoab/py_env-python3/bin/python3.11",
        "script": f"{HOME}/.cache/pre-commit/repoab/py_env-python3/bin/black",
    },
    "a browser steered through a pipe": {
        "exe": f"{HOME}/.cache/ms-playwright/chromium-1124/chrome-linux/chrome",
        "argv": ("chrome", "--headless", "--remote-debugging-pipe", "--user-data-dir=/tmp/pw-1"),
    },
}  # fmt: skip


@pytest.mark.parametrize("sight", HONEST)
def test_several_weak_signs_of_an_honest_program_stay_quiet_together(sight: str) -> None:
    usual = {"exe": "", "owner": None, "argv": (HONEST[sight]["exe"],), "name": "main"}
    scan = judge(process(pid=60, **{**usual, **HONEST[sight]}))
    raised = [hit.rule for card in scan.findings for hit in card.hits]
    assert scan.level is Level.FINE, raised
