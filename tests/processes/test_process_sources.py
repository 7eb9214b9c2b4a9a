"""Reading /proc: its formats, hostile names, what ends meanwhile, roots, devices, owners."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Cancelled
from guardian.core.jobs import report_nothing
from guardian.core.words import Message
from guardian.processes.model import DeviceKind, Limit, Snapshot, System, Unknown
from guardian.processes.sources import linux, portable
from guardian.processes.sources.devices import DeviceNames, find_devices
from guardian.processes.sources.packages import find_owners
from guardian.processes.sources.procfs import (
    PF_KTHREAD,
    mount_of,
    parse_address,
    parse_cgroup,
    parse_cmdline,
    parse_keyboards,
    parse_mounts,
    parse_sockets,
    parse_stat,
    parse_status,
)
from guardian.processes.sources.rawprocess import Gone, read_process
from guardian.processes.sources.scripts import find_script


def stat_line(
    name: str, *, ppid: int = 1, flags: int = 0, state: str = "S", threads: int = 1
) -> bytes:
    fields = [state, ppid, 1, 1, 0, -1, flags, *[0] * 10, threads, 0, 4200, 0, 0]
    return b"77 (" + name.encode() + b") " + " ".join(map(str, fields)).encode() + b"\n"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=15))
def test_any_name_is_read_whole_even_with_brackets_and_spaces(name: str) -> None:
    stat = parse_stat(stat_line(name, ppid=9, flags=PF_KTHREAD))
    assert (stat.name, stat.ppid, stat.flags, stat.start_ticks) == (name, 9, PF_KTHREAD, 4200)


@given(st.binary(max_size=80))
def test_a_stat_that_makes_no_sense_is_refused_and_nothing_else(raw: bytes) -> None:
    with suppress(ValueError):
        parse_stat(raw)


def test_status_gives_the_real_user_and_the_tracer() -> None:
    assert parse_status(b"Name:\tx\nUid:\t1000\t0\t0\t0\nTracerPid:\t12\n") == (1000, 12)
    assert parse_status(b"") == (None, 0)


def test_command_lines_of_every_kind() -> None:
    assert parse_cmdline(b"") == ()
    assert parse_cmdline(b"a\0\0b\0") == ("a", "", "b")
    assert parse_cmdline(b"one title without end") == ("one title without end",)
    assert parse_cmdline(b"\xff\0") == ("�",)


SOCKETS = """  sl  local_address rem_address   st queues tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 501 1
   1: 0200000A:A000 076433C6:115C 01 00000000:00000000 00:00000000 00000000     0        0 502 1
   2: 0200000A:A001 076433C6:0050 06 00000000:00000000 00:00000000 00000000     0        0 0 1
 nonsense
"""


def test_socket_tables_tell_waiting_from_connected_and_skip_what_is_closed() -> None:
    found = parse_sockets(SOCKETS, "tcp")
    assert set(found) == {501, 502}
    assert found[501].listening
    assert not found[501].connected
    assert (found[502].remote, found[502].remote_port) == ("198.51.100.7", 4444)
    assert found[502].connected


@given(st.text(max_size=200))
def test_no_socket_table_breaks_the_reader(text: str) -> None:
    parse_sockets("head\n" + text, "tcp6")


@given(st.ip_addresses(), st.integers(0, 65535))
def test_an_address_is_read_as_the_kernel_writes_it(host: object, port: int) -> None:
    packed: bytes = host.packed  # type: ignore[attr-defined]
    words = b"".join(packed[at : at + 4][::-1] for at in range(0, len(packed), 4))
    expected = getattr(host, "ipv4_mapped", None) or host
    assert parse_address(f"{words.hex().upper()}:{port:04X}") == (str(expected), port)


def test_mounts_with_escaped_names_and_the_last_one_on_top() -> None:
    text = (
        "1 0 8:1 / / rw,relatime - ext4 /dev/sda rw\n"
        "2 1 0:9 / /tmp/my\\040app ro,nodev - fuse.x x ro\n"
        "3 1 0:9 / /tmp/my\\040app rw - tmpfs x rw\n"
        "broken\n"
    )
    mounts = parse_mounts(text)
    assert len(mounts) == 3
    found = mount_of("/tmp/my app/run", mounts)
    assert found is not None
    assert not found.read_only
    top = mount_of("/tmp/my apple", mounts)
    assert top is not None
    assert top.point == "/"
    assert mount_of("/x", ()) is None


@given(st.text(max_size=200))
def test_no_mount_table_or_cgroup_breaks_the_reader(text: str) -> None:
    parse_mounts(text)
    parse_cgroup(text)
    parse_keyboards(text)


@pytest.mark.parametrize(
    ("text", "unit", "container"),
    [
        ("0::/system.slice/ssh.service\n", "ssh.service", None),
        ("0::/user.slice/user-1000.slice/app.slice/app-x.scope/sub\n", "app-x.scope", None),
        ("0::/system.slice/docker-0123.scope\n", "docker-0123.scope", "docker"),
        ("4:cpu:/docker/0123\n1:name=systemd:/docker/0123\n0::/\n", None, "docker"),
        ("", None, None),
    ],
)
def test_the_unit_and_container_of_a_process(
    text: str, unit: str | None, container: str | None
) -> None:
    assert parse_cgroup(text) == (unit, container)


INPUT = """I: Bus=0011 Vendor=0001
N: Name="AT keyboard"
H: Handlers=sysrq kbd leds event0
B: EV=120013

N: Name="Power Button"
H: Handlers=kbd event1
B: EV=3

N: Name="Mouse"
H: Handlers=mouse0 event2
B: EV=17
"""


def test_only_keyboards_count_and_what_cannot_be_ruled_out(tmp_path: Path) -> None:
    (tmp_path / "bus/input").mkdir(parents=True)
    (tmp_path / "bus/input/devices").write_text(INPUT)
    links = {
        3: "/dev/input/event0",
        4: "/dev/input/event1",
        5: "/dev/input/event2",
        6: "/dev/input/event9 (deleted)",
        7: "/dev/video3",
        8: "/dev/snd/pcmC0D0c",
        9: "/dev/snd/pcmC0D0p",
        10: "/home/ada/dev/video0",
        11: "/srv/root/dev/video1",
    }
    found = find_devices(links, "", DeviceNames(tmp_path))
    assert [(device.kind, device.path) for device in found] == [
        (DeviceKind.KEYBOARD, "/dev/input/event0"),
        (DeviceKind.KEYBOARD, "/dev/input/event9 (deleted)"),
        (DeviceKind.MICROPHONE, "/dev/snd/pcmC0D0c"),
        (DeviceKind.CAMERA, "/dev/video3"),
    ]
    inner = find_devices({1: links[11]}, "/srv/root", DeviceNames(tmp_path))
    assert [device.path for device in inner] == ["/dev/video1"]


@pytest.mark.parametrize(
    ("argv", "exe", "script"),
    [
        (("python3", "-u", "x.py", "y"), "/usr/bin/python3.11", "x.py"),
        (("python3", "-W", "error", "x.py"), "/usr/bin/python3", "x.py"),
        (("python3", "-Ic", "import os"), "/usr/bin/python3", "-c"),
        (("python3", "-m", "http.server"), "/usr/bin/python3", "-m http.server"),
        (("bash", "-e", "/x.sh"), "/usr/bin/bash", "/x.sh"),
        (("sh", "-c", "sleep 1"), "/usr/bin/dash", "-c"),
        (("bash",), "/usr/bin/bash", None),
        (("perl", "-e", "1"), "/usr/bin/perl", "-c"),
        (("node", "-r", "a", "b.js"), "/usr/bin/node", "b.js"),
        (("sleep", "9"), "/usr/bin/sleep", None),
        ((), "/usr/bin/bash", None),
    ],
)
def test_the_script_of_an_interpreter(argv: tuple[str, ...], exe: str, script: str | None) -> None:
    assert find_script(exe, argv) == script


def test_a_script_is_unknown_where_its_interpreter_is() -> None:
    assert find_script(Unknown.DENIED, ("x",)) is Unknown.DENIED
    assert find_script("/bin/sh", Unknown.DENIED) is Unknown.DENIED


def test_packages_are_found_before_and_after_the_move_into_usr(tmp_path: Path) -> None:
    (tmp_path / "bash.list").write_bytes(b"/.\n/bin\n/bin/bash\n")
    (tmp_path / "libx:amd64.list").write_bytes(b"/usr/lib/x/helper\n\xff\n")
    (tmp_path / "bash.md5sums").write_bytes(b"/usr/bin/other\n")
    wanted = ["/usr/bin/bash", "/lib/x/helper", "/usr/bin/other", "/nix/store/abc-sh/bin/sh"]
    assert find_owners(wanted, lambda: None, tmp_path) == {
        "/usr/bin/bash": "bash",
        "/lib/x/helper": "libx",
        "/usr/bin/other": None,
        "/nix/store/abc-sh/bin/sh": "nix:abc-sh",
    }
    assert find_owners(wanted, lambda: None, tmp_path / "none") is None


class FakeProc:
    """A /proc made of ordinary files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "self").mkdir(parents=True)
        (root / "self/mountinfo").write_text("1 0 8:1 / / rw - ext4 d rw\n")
        (root / "stat").write_text("btime 1000\n")

    def add(self, pid: int, name: str = "x", exe: str | None = "/bin/sleep", **stat: int) -> Path:
        folder = self.root / str(pid)
        (folder / "fd").mkdir(parents=True)
        (folder / "ns").mkdir()
        (folder / "stat").write_bytes(stat_line(name, **stat))  # type: ignore[arg-type]
        (folder / "status").write_bytes(b"Uid:\t0\t0\t0\t0\nTracerPid:\t0\n")
        (folder / "cmdline").write_bytes(name.encode() + b"\0")
        (folder / "cgroup").write_text("0::/\n")
        (folder / "root").symlink_to("/")
        if exe is not None:
            (folder / "exe").symlink_to(exe)
        return folder

    def look(self, dpkg: Path) -> Snapshot:
        return linux.take_snapshot(report_nothing, self.root, dpkg)


@pytest.fixture
def proc(tmp_path: Path) -> FakeProc:
    return FakeProc(tmp_path / "proc")


def test_what_ended_meanwhile_is_left_out(proc: FakeProc, tmp_path: Path) -> None:
    proc.add(10)
    proc.add(11, exe=None)
    (proc.add(12) / "status").unlink()
    (proc.add(13) / "stat").write_bytes(b"")
    (proc.add(14) / "stat").write_bytes(stat_line("z", state="Z"))
    assert [each.pid for each in proc.look(tmp_path).processes] == [10]
    with pytest.raises(Gone):
        read_process(proc.root, 99)


def test_kernel_threads_and_what_the_kernel_is_just_starting(
    proc: FakeProc, tmp_path: Path
) -> None:
    proc.add(2, "kthreadd", exe=None, flags=PF_KTHREAD, ppid=0)
    proc.add(3, "kworker/0:1", exe=None, flags=PF_KTHREAD, ppid=2)
    (proc.add(4, "kworker/u8:1", ppid=2) / "cmdline").write_bytes(b"")
    proc.add(5, "kworker/u8:1", ppid=1)
    kernel = {each.pid: each.kernel_thread for each in proc.look(tmp_path).processes}
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
        (each.exe_deleted, each.exe_replaced, each.exe_in_memory)
        for each in proc.look(tmp_path).processes
    ]
    assert seen == [
        (True, False, False),
        (True, True, False),
        (False, False, True),
        (False, False, False),
    ]


def test_a_process_in_another_root_is_judged_inside_it(proc: FakeProc, tmp_path: Path) -> None:
    inner = tmp_path / "tree"
    inner.mkdir()
    folder = proc.add(10, exe=f"{inner}/usr/bin/x")
    (folder / "root").unlink()
    (folder / "root").symlink_to(inner)
    (each,) = proc.look(tmp_path).processes
    assert (each.exe, each.container, each.owner) == ("/usr/bin/x", "chroot", None)
    # a sandboxed program sees nothing, and its file lies outside what it sees
    (folder / "exe").unlink()
    (folder / "exe").symlink_to("/usr/bin/browser")
    (each,) = proc.look(tmp_path).processes
    assert (each.exe, each.container) == ("/usr/bin/browser", None)


def test_huge_command_lines_and_strange_bytes_are_read(proc: FakeProc, tmp_path: Path) -> None:
    folder = proc.add(10, "[red]\x1b[31m\n", exe="/home/\udcff/x")
    (folder / "cmdline").write_bytes(b"a" * 100_000 + b"\0b")
    (each,) = proc.look(tmp_path).processes
    assert isinstance(each.argv, tuple)
    assert [len(part) for part in each.argv] == [100_000, 1]
    assert each.name == "[red]\x1b[31m\n"
    assert each.exe == "/home/�/x"


def test_streams_wired_to_the_network_are_seen(proc: FakeProc, tmp_path: Path) -> None:
    folder = proc.add(10)
    (folder / "net").mkdir()
    (folder / "net/tcp").write_text(SOCKETS)
    for number, target in {0: "socket:[502]", 1: "socket:[9]", 5: "socket:[501]"}.items():
        (folder / "fd" / str(number)).symlink_to(target)
    (each,) = proc.look(tmp_path).processes
    assert isinstance(each.stdio, tuple)
    assert isinstance(each.listeners, tuple)
    assert [bool(socket) for socket in each.stdio] == [True, False, False]
    assert [socket.local_port for socket in each.listeners] == [8080]


def test_what_the_whole_look_cannot_know_is_said(
    proc: FakeProc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (proc.root / "self/mountinfo").write_text(
        "1 0 8:1 / / rw - ext4 d rw\n2 1 0:5 / /proc rw - proc proc rw,hidepid=invisible\n"
    )
    (tmp_path / ".dockerenv").touch()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(linux, "CONTAINER_MARKS", (tmp_path / ".dockerenv",))
    limits = proc.look(tmp_path / "no-dpkg").limits
    assert set(limits) == set(Limit)


def test_a_look_can_be_stopped(proc: FakeProc, tmp_path: Path) -> None:
    proc.add(10)

    def stop(_done: int, _total: int, _note: Message | None = None, /) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        linux.take_snapshot(stop, proc.root, tmp_path)


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
