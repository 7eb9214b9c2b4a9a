"""A whole look at a made-up /proc: what ends meanwhile, roots, devices, covers, limits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guardian.core.errors import Cancelled
from guardian.core.jobs import report_nothing
from guardian.core.words import Message
from guardian.processes.model import (
    Component,
    Device,
    DeviceKind,
    Limit,
    Process,
    Snapshot,
    System,
    Unknown,
)
from guardian.processes.recording import decode, encode
from guardian.processes.sources import hidden, portable
from guardian.processes.sources.procfs import PF_KTHREAD
from tests.processes.fakeproc import SOCKETS, FakeProc, stat_line


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeProc:
    fake = FakeProc(tmp_path)
    # the made-up processes do not run; only a test that says so asks the kernel for them
    monkeypatch.setattr(hidden, "is_alive", lambda pid: (fake.root / str(pid)).exists())
    return fake


def one(proc: FakeProc) -> Process:
    (process,) = proc.look().processes
    return process


def test_what_ended_meanwhile_is_left_out(proc: FakeProc) -> None:
    proc.add(10)
    proc.add(11, exe=None)
    (proc.add(12) / "status").unlink()
    (proc.add(13) / "stat").write_bytes(b"")
    proc.add(14, "z", state="Z")
    (proc.add(15) / "maps").unlink()
    assert [each.pid for each in proc.look().processes] == [10]


def test_a_leader_whose_threads_go_on_is_still_a_program(proc: FakeProc) -> None:
    proc.add(10, exe=None, state="Z", threads=3)
    assert one(proc).exe is Unknown.DENIED


def test_kernel_threads_and_what_the_kernel_is_just_starting(proc: FakeProc) -> None:
    proc.add(2, "kthreadd", exe=None, flags=PF_KTHREAD, ppid=0)
    proc.add(3, "kworker/0:1", exe=None, flags=PF_KTHREAD, ppid=2)
    (proc.add(4, "kworker/u8:1", ppid=2) / "cmdline").write_bytes(b"")
    proc.add(5, "kworker/u8:1", ppid=1)
    kernel = {each.pid: each.kernel_thread for each in proc.look().processes}
    assert kernel == {2: True, 3: True, 4: True, 5: False}


def test_deleted_replaced_and_in_memory_are_three_things(proc: FakeProc, tmp_path: Path) -> None:
    new, odd = tmp_path / "new", tmp_path / "odd (deleted)"
    new.touch()
    odd.touch()
    for pid, link in enumerate(
        (f"{tmp_path}/old (deleted)", f"{new} (deleted)", "/memfd:x (deleted)", str(odd)), start=10
    ):
        proc.add(pid, exe=link)
    seen = [
        (each.exe_deleted, each.exe_replaced, each.exe_in_memory) for each in proc.look().processes
    ]
    assert seen == [
        (True, False, False),
        (True, True, False),
        (False, False, True),
        (False, False, False),
    ]


def test_a_process_in_another_root_is_judged_inside_it(proc: FakeProc, tmp_path: Path) -> None:
    inner = tmp_path / "tree"
    (inner / "var/lib/dpkg/info").mkdir(parents=True)
    (inner / "var/lib/dpkg/info/inner.list").write_text("/usr/bin/x\n")
    folder = proc.add(10, exe=f"{inner}/usr/bin/x")
    (folder / "root").unlink()
    (folder / "root").symlink_to(inner)
    proc.open(10, _3=f"{inner}/dev/video1")
    each = one(proc)
    assert (each.exe, each.container, each.owner) == ("/usr/bin/x", "chroot", "inner")
    assert each.devices == (Device(DeviceKind.CAMERA, "/dev/video1"),)
    # a sandboxed program sees nothing, and its file lies outside what it sees
    (folder / "exe").unlink()
    (folder / "exe").symlink_to("/usr/bin/browser")
    each = one(proc)
    assert (each.exe, each.container) == ("/usr/bin/browser", None)


def test_a_root_cannot_lead_the_reader_out_to_other_lists(proc: FakeProc, tmp_path: Path) -> None:
    inner, lists = tmp_path / "tree", tmp_path / "lists"
    (inner / "var/lib").mkdir(parents=True)
    lists.mkdir()
    (lists / "liar.list").write_text("/usr/bin/x\n")
    (inner / "var/lib/dpkg").symlink_to(tmp_path)
    folder = proc.add(10, exe=f"{inner}/usr/bin/x")
    (folder / "root").unlink()
    (folder / "root").symlink_to(inner)
    assert one(proc).owner is Unknown.ABSENT


def test_a_flatpak_names_the_app(proc: FakeProc, tmp_path: Path) -> None:
    inner = tmp_path / "tree"
    inner.mkdir()
    (inner / ".flatpak-info").write_text("[Application]\nname=org.example.App\n")
    for pid, exe in ((10, "/app/bin/x"), (11, "/home/ada/x")):
        folder = proc.add(pid, exe=f"{inner}{exe}")
        (folder / "root").unlink()
        (folder / "root").symlink_to(inner)
    seen = [(each.exe, each.container, each.owner) for each in proc.look().processes]
    assert seen == [
        ("/app/bin/x", "flatpak", "flatpak:org.example.App"),
        ("/home/ada/x", "flatpak", None),
    ]


def test_huge_command_lines_and_strange_bytes_are_read(proc: FakeProc) -> None:
    folder = proc.add(10, "[red]\x1b[31m\n", exe="/home/\udcff/x")
    (folder / "cmdline").write_bytes(b"a" * 100_000 + b"\0b")
    each = one(proc)
    assert isinstance(each.argv, tuple)
    assert [len(part) for part in each.argv] == [100_000, 1]
    assert each.name == "[red]\x1b[31m\n"
    assert each.exe == "/home/�/x"


def test_streams_wired_to_the_network_are_seen_and_all_sockets(proc: FakeProc) -> None:
    folder = proc.add(10)
    (folder / "net").mkdir()
    (folder / "net/tcp").write_text(SOCKETS)
    (folder / "net/unix").write_text(
        "Num RefCount Protocol Flags Type St Inode Path\n1 2 0 1 1 1 9\n"
    )
    proc.open(10, _0="socket:[502]", _1="socket:[9]", _5="socket:[501]")
    each = one(proc)
    assert isinstance(each.stdio, tuple)
    assert isinstance(each.sockets, tuple)
    assert [bool(socket) for socket in each.stdio] == [True, False, False]
    assert [(socket.local_port, socket.remote_port) for socket in each.sockets] == [
        (8080, 0),
        (40960, 4444),
    ]


def test_open_files_are_sorted_into_what_they_are(proc: FakeProc) -> None:
    (proc.root / "bus/input").mkdir(parents=True)
    (proc.root / "bus/input/devices").write_text("H: Handlers=kbd event1\nB: EV=3\n")
    proc.add(10)
    proc.open(
        10,
        _3="/dev/input/event0",
        _4="/dev/input/event1",
        _5="/dev/video3 (deleted)",
        _6="/dev/snd/pcmC0D0c",
        _7="/dev/snd/pcmC0D0p",
        _8="/home/ada/dev/video0",
        _9="anon_inode:[perf_event]",
        _10="anon_inode:inotify",
        _11="/proc/10/mem",
        _12="/proc/11/mem",
        _13="/dev/ptmx",
        _14="/dev/uinput",
        _15="/home/ada/.ssh/id_ed25519",
    )
    each = one(proc)
    assert each.pty is True
    assert each.private_files == ("/home/ada/.ssh/id_ed25519",)
    assert each.devices == (
        Device(DeviceKind.KEYBOARD, "/dev/input/event0"),
        Device(DeviceKind.MICROPHONE, "/dev/snd/pcmC0D0c"),
        Device(DeviceKind.TYPING, "/dev/uinput"),
        Device(DeviceKind.CAMERA, "/dev/video3 (deleted)"),
        Device(DeviceKind.MEMORY, "/proc/11/mem"),
        Device(DeviceKind.WATCHER, "perf_event"),
    )


MAPS = b"""55d0-55d1 r--p 00000000 08:01 1       /usr/bin/x
00400000-00401000 r-xp 00001000 08:01 1                          /usr/bin/x
7f0000000000-7f0000001000 r-xp 00000000 08:01 2                  /usr/lib/libc.so.6
7f0000001000-7f0000002000 r-xp 00000000 08:01 3                  /home/ada/my lib.so
7f0000002000-7f0000003000 rw-p 00000000 08:01 4                  /home/ada/data
7f0000003000-7f0000004000 r-xp 00000000 00:01 5                  /memfd:code (deleted)
7f0000004000-7f0000005000 r-xs 00000000 00:01 6                  /memfd:jit (deleted)
7f0000005000-7f0000006000 r-xp 00000000 08:01 7                  /usr/lib/libold.so (deleted)
7f0000006000-7f0000007000 r-xp 00000000 08:01 8                  /opt/shim/libz.so
7f0000007000-7f0000008000 r-xp 00000000 08:01 9                  /tmp/x/pre.so
7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0                  [vdso]
"""


def test_code_from_elsewhere_is_found_and_how_it_came(proc: FakeProc) -> None:
    folder = proc.add(10, exe="/usr/bin/x")
    (folder / "maps").write_bytes(MAPS)
    (folder / "environ").write_bytes(
        b"SECRET=LD_AUDIT=/no\0LD_PRELOAD=pre.so $ORIGIN/gone.so\0LD_LIBRARY_PATH=:/opt/shim/\0"
    )
    found = one(proc).components
    assert isinstance(found, tuple)
    assert [(each.path, each.via, each.deleted) for each in found] == [
        ("/home/ada/my lib.so", "", False),
        ("/memfd:code", "", True),
        ("/usr/lib/libold.so", "", True),
        ("/opt/shim/libz.so", "LD_LIBRARY_PATH", False),
        ("/tmp/x/pre.so", "LD_PRELOAD", False),
        ("$ORIGIN/gone.so", "LD_PRELOAD", False),
    ]


def test_no_other_variable_is_kept(proc: FakeProc) -> None:
    (proc.add(10) / "environ").write_bytes(b"PASSWORD=hunter2\0LD_PRELOAD=/lib/x.so\0TOKEN=abc\0")
    kept = encode(proc.look())
    assert b"hunter2" not in kept
    assert b"abc" not in kept
    assert b"/lib/x.so" in kept


def test_a_program_of_an_appimage_names_the_image(proc: FakeProc) -> None:
    (proc.root / "self/mountinfo").write_text(
        "1 0 8:1 / / rw - ext4 d rw\n2 1 0:9 / /tmp/.mount_x ro - fuse.x x ro\n"
    )
    for pid, exe in ((10, "/tmp/.mount_x/run"), (11, "/tmp/run")):
        (proc.add(pid, exe=exe) / "environ").write_bytes(b"APPIMAGE=/home/ada/x.AppImage\0")
    assert [(each.appimage, each.exe_read_only) for each in proc.look().processes] == [
        ("/home/ada/x.AppImage", True),
        (None, False),
    ]


def test_an_app_of_a_snap_is_named_and_no_one_else_can_pass_for_one(
    proc: FakeProc, tmp_path: Path
) -> None:
    for pid, kind in ((10, "squashfs"), (11, "ext4")):
        inner = tmp_path / f"tree{pid}"
        inner.mkdir()
        folder = proc.add(pid, exe=f"{inner}/usr/bin/x")
        (folder / "root").unlink()
        (folder / "root").symlink_to(inner)
        (folder / "cgroup").write_text("0::/user.slice/snap.player.player-123.scope\n")
        (folder / "mountinfo").write_text(f"1 0 7:1 / / ro - {kind} /dev/loop1 ro\n")
    seen = [(each.container, each.owner) for each in proc.look().processes]
    assert seen == [("snap", "snap:player"), ("chroot", Unknown.ABSENT)]


def test_a_script_given_as_an_open_file_is_the_file_behind_it(proc: FakeProc) -> None:
    folder = proc.add(10, exe="/usr/bin/bash")
    (folder / "cmdline").write_bytes(b"bash\0/dev/fd/3\0")
    proc.open(10, _3="/tmp/x.sh (deleted)")
    assert one(proc).script == "/tmp/x.sh"


def test_rights_of_a_sandbox_of_its_own_count_for_nothing(proc: FakeProc) -> None:
    (proc.root / "self/ns").mkdir()
    (proc.root / "self/ns/user").symlink_to("user:[1]")
    for pid, people in ((10, "user:[1]"), (11, "user:[2]")):
        folder = proc.add(pid)
        (folder / "ns/user").symlink_to(people)
        (folder / "status").write_bytes(b"Name:\tx\nUid:\t7\t7\t7\t7\nCapEff:\t2000\n")
    assert [each.capabilities for each in proc.look().processes] == [("cap_net_raw",), ()]


def test_a_covered_folder_is_a_hidden_program_and_its_cover_is_not_believed(
    proc: FakeProc,
) -> None:
    proc.add(10)
    (proc.add(11) / "stat").write_bytes(stat_line(10, "x"))  # it shows another process
    proc.add(12)
    (proc.root / "self/mountinfo").write_text(
        f"1 0 8:1 / / rw - ext4 d rw\n2 1 0:5 / {proc.root}/12 rw - tmpfs t rw\n"
    )
    seen = {each.pid: each for each in proc.look().processes}
    assert {pid: each.hidden for pid, each in seen.items()} == {10: False, 11: True, 12: True}
    assert seen[11].exe is seen[12].exe is Unknown.DENIED


def test_what_a_whole_look_found_can_be_kept_and_read_again(proc: FakeProc) -> None:
    (proc.add(10, exe="/usr/bin/x") / "maps").write_bytes(MAPS)
    proc.open(10, _3="/dev/video0")
    snapshot = proc.look()
    assert decode(encode(snapshot), Snapshot) == snapshot
    assert isinstance(snapshot.processes[0].components, tuple)
    assert all(isinstance(each, Component) for each in snapshot.processes[0].components)


def test_what_the_whole_look_cannot_know_is_said(
    proc: FakeProc, monkeypatch: pytest.MonkeyPatch
) -> None:
    (proc.root / "self/mountinfo").write_text(
        "1 0 8:1 / / rw - ext4 d rw\n2 1 0:5 / /proc rw - proc proc rw,hidepid=invisible\n"
    )
    (proc.root / "self/ns").mkdir()
    (proc.root / "self/ns/pid").symlink_to("pid:[4026532000]")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert set(proc.look().limits) == {
        Limit.OTHERS_HIDDEN,
        Limit.INSIDE_CONTAINER,
        Limit.NO_PACKAGES,
    }


def test_where_the_system_hides_programs_itself_none_is_called_hidden(
    proc: FakeProc, monkeypatch: pytest.MonkeyPatch
) -> None:
    proc.add(10, ppid=9)
    monkeypatch.setattr(hidden, "is_alive", lambda _pid: True)
    assert [each.hidden for each in proc.look(deep=False).processes] == [False]


PACKET = """sk       RefCnt Type Proto  Iface R Rmem   User   Inode
ffff8880 3      3    0003   2     1 0      1000   501
ffff8881 3      3    0003   2     1 0      0      502
"""


def test_who_takes_in_traffic_is_told_even_where_the_program_cannot_be_seen(
    proc: FakeProc,
) -> None:
    (proc.root / "net").mkdir()
    (proc.root / "net/packet").write_text(PACKET)
    proc.add(10)
    proc.open(10, _3="socket:[502]")
    assert proc.look().sniffers == (1000,)
    (proc.root / "net/packet").unlink()
    assert proc.look().sniffers is Unknown.ABSENT


def test_places_of_products_are_looked_up_as_they_were_asked_for(proc: FakeProc) -> None:
    (proc.system / "home/.local/share/x1").mkdir(parents=True)
    there = f"{proc.system}/ho*/.local"
    asked = ("~/.local/share/x*", "~/.other", there, "C:\\Program Files\\x", "/nowhere/*/x")
    assert proc.look(places=asked).present == ("~/.local/share/x*", there)


def test_a_look_can_be_stopped(proc: FakeProc) -> None:
    proc.add(10)

    def stop(_done: int, _total: int, _note: Message | None = None, /) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        proc.look(stop)


def test_the_portable_reader_sees_this_process_too() -> None:
    seen = portable.take_snapshot(report_nothing)
    assert seen.system is System.LINUX
    (me,) = [each for each in seen.processes if each.pid == os.getpid()]
    assert me.devices is Unknown.ABSENT
    assert isinstance(me.argv, tuple)
    assert isinstance(me.started, float)


def test_the_portable_reader_says_what_it_was_refused() -> None:
    refused = dict.fromkeys(("exe", "cmdline", "username"), Unknown.DENIED)
    each = portable.describe(4, {"ppid": 0, "name": "System", "create_time": 1.0, **refused})
    assert each.exe is each.argv is each.user is each.script is Unknown.DENIED
    empty = portable.describe(4, {**refused, "exe": "", "ppid": 0, "name": "x", "create_time": 1.0})
    assert empty.exe is Unknown.DENIED
