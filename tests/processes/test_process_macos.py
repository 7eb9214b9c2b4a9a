"""What is seen of a Mac: recorded folders and answers become the model."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from guardian.core.feature import Level
from guardian.processes.model import Component, Place, Process, Seen, Snapshot, Unknown
from guardian.processes.recording import decode
from guardian.processes.rules.assess import assess
from guardian.processes.sources import macos
from guardian.processes.sources.autostart import macos as autostart
from guardian.processes.sources.machine import Machine
from tests.processes.builders import FIXTURES, shipped_rules

SIGNED = """Executable=/Applications/X.app/Contents/MacOS/X
Authority=Developer ID Application: Contoso Ltd (ABCDE12345)
Authority=Developer ID Certification Authority
Authority=Apple Root CA
TeamIdentifier=ABCDE12345
"""
APPLE = "Authority=Software Signing\nAuthority=Apple Code Signing Certification Authority\n"
AD_HOC = "Executable=/x\nSignature=adhoc\nTeamIdentifier=not set\n"


@pytest.mark.parametrize(
    ("answer", "signer"),
    [
        (SIGNED, "Contoso Ltd (ABCDE12345)"),
        (APPLE, "Apple"),
        (AD_HOC, None),
        ("/x: code object is not signed at all\n", None),
        ("", None),
    ],
)
def test_the_signer_is_read_from_codesigns_answer(answer: str, signer: str | None) -> None:
    assert macos.parse_signer(answer) == signer


def test_what_lies_in_apples_sealed_folders_is_apples() -> None:
    assert macos.read_signer("/usr/libexec/x", Machine(Path("/"))) == "Apple"
    assert macos.package_of("/System/Library/x") == "macOS"
    assert macos.package_of("/opt/homebrew/Cellar/redis/7.2/bin/redis-server") == "homebrew:redis"
    assert macos.package_of("/Applications/X.app/Contents/MacOS/X") is None


def test_other_peoples_processes_stay_unknown_where_macos_keeps_them() -> None:
    process = Process(pid=1, ppid=0, name="x", exe="/x")
    hidden = macos.complete(process, {"/x": None}, (Unknown.DENIED, Unknown.DENIED), lambda _: True)
    assert (hidden.sockets, hidden.components) == (Unknown.DENIED, Unknown.DENIED)
    assert (hidden.signer, hidden.exe_deleted) == (None, False)
    own = macos.complete(
        process, {}, ((), {"DYLD_INSERT_LIBRARIES": "/tmp/a.dylib:/b.dylib"}), lambda _: False
    )
    assert own.components == (
        Component("/tmp/a.dylib", "DYLD_INSERT_LIBRARIES", False, None),
        Component("/b.dylib", "DYLD_INSERT_LIBRARIES", False, None),
    )
    assert (own.signer, own.exe_deleted) == (Unknown.DENIED, True)


def machine(tmp_path: Path, **said: str) -> Machine:
    def run(command: Sequence[str]) -> Seen[str]:
        return said.get(command[0], Unknown.ABSENT)

    return Machine(tmp_path / "Users" / "ada", tmp_path, run=run)


def write(folder: Path, name: str, job: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(plistlib.dumps(job) if not isinstance(job, bytes) else job)


def test_everything_that_starts_by_itself_is_found_with_its_program(tmp_path: Path) -> None:
    mac = machine(
        tmp_path, crontab="# x\nMAILTO=a\n@reboot /Users/ada/x.sh\n5 4 * * * python3 /a.py\n"
    )
    own = mac.home / "Library" / "LaunchAgents"
    write(
        own, "org.x.plist", {"Label": "org.x", "ProgramArguments": ["/bin/sh", "/Users/ada/x.sh"]}
    )
    write(own, ".u.plist", {"Label": "u", "Program": "/Users/ada/.u/u", "StartInterval": 60})
    write(own, "broken.plist", b"bplist00\xff")
    write(own, "list.plist", ["x"])
    write(
        tmp_path / "Library" / "LaunchDaemons",
        "com.apple.helper.plist",
        {
            "Label": "com.apple.helper", "ProgramArguments": ["/Users/Shared/h"], "Disabled": True,
            "EnvironmentVariables": {"DYLD_INSERT_LIBRARIES": "/x.dylib"},
        },
    )  # fmt: skip
    write(
        tmp_path / "Library" / "Preferences", "com.apple.loginwindow.plist", {"LoginHook": "/h.sh"}
    )
    found, unread = autostart.take_entries(mac, lambda: None, lambda _: True)
    by_name = {entry.name: entry for entry in found}
    assert by_name["org.x"].target == "/Users/ada/x.sh"
    assert (by_name["u"].hidden, by_name["u"].place) == (True, Place.TIMER)
    helper = by_name["com.apple.helper"]
    assert (helper.facts, helper.enabled) == (("inserts-code", "apples-name"), False)
    assert by_name["LoginHook"].place is Place.AUTHENTICATION
    assert by_name["/Users/ada/x.sh"].facts == ("reboot",)
    assert by_name["python3"].target == "/a.py" or by_name["python3"].target is None
    assert autostart.BACKGROUND_ITEMS in unread
    assert len(found) == 6


@pytest.mark.parametrize("name", ["macos-ordinary", "macos-watched"])
def test_a_recorded_mac_is_judged(name: str) -> None:
    recorded = (FIXTURES / "snapshots" / f"{name}.json").read_bytes()
    scan = assess(decode(recorded, Snapshot), shipped_rules())
    worth = {finding.program.name for finding in scan.findings if finding.level is not Level.FINE}
    expected = {"macos-ordinary": set(), "macos-watched": {"tap", "helper", ".x.dylib-host"}}
    assert worth == expected[name]
