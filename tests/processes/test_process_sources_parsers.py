"""The formats of /proc: hostile names, tables with nonsense in them, addresses, mounts."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.processes.model import DeviceKind, Unknown
from guardian.processes.sources.devices import parse_inputs
from guardian.processes.sources.mounts import Mounts, parse_mounts
from guardian.processes.sources.procfs import (
    CAPABILITIES,
    PF_KTHREAD,
    name_capabilities,
    parse_address,
    parse_cgroup,
    parse_cmdline,
    parse_socket,
    parse_stat,
    parse_status,
    parse_terminal,
    socket_lines,
)
from guardian.processes.sources.scripts import find_script
from tests.processes.fakeproc import SOCKETS, stat_line


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=15))
def test_any_name_is_read_whole_even_with_brackets_and_spaces(name: str) -> None:
    stat = parse_stat(stat_line(77, name, ppid=9, flags=PF_KTHREAD, terminal=34816))
    assert (stat.pid, stat.name, stat.ppid, stat.flags) == (77, name, 9, PF_KTHREAD)
    assert (stat.start_ticks, stat.terminal) == (4200, 34816)


@given(st.binary(max_size=80))
def test_a_stat_that_makes_no_sense_is_refused_and_nothing_else(raw: bytes) -> None:
    with suppress(ValueError):
        parse_stat(raw)


def test_status_gives_both_users_the_tracer_the_rights_and_the_inner_number() -> None:
    status = parse_status(
        b"Name:\tx\nTgid:\t77\nTracerPid:\t12\nUid:\t1000\t0\t0\t0\nNSpid:\t77\t5\n"
        b"CapEff:\t0000000000002000\nCapBnd:\t00000000000fffff\n"
    )
    assert (status.uid, status.effective_uid, status.tracer) == (1000, 0, 12)
    assert (status.leader, status.inner_pid, status.bounding) == (77, 5, 0xFFFFF)
    assert name_capabilities(status.capabilities) == ("cap_net_raw",)


@given(st.binary(max_size=200))
def test_a_status_that_makes_no_sense_says_nothing(raw: bytes) -> None:
    parse_status(raw)
    parse_status(b"\nUid:" + raw + b"\nNSpid:\t" + raw + b"\nCapEff:" + raw)


def test_a_name_cannot_pass_for_another_line_of_the_status() -> None:
    # the kernel writes a line break in a name as two characters
    assert parse_status(b"Name:\ta\\nUid:\t7\t7\nUid:\t1000\t1000\t0\t0\n").uid == 1000
    assert parse_status(b"").uid is None


@given(st.integers(0, 2**64 - 1))
def test_every_right_has_a_name(bits: int) -> None:
    names = name_capabilities(bits)
    assert len(names) == bits.bit_count()
    assert name_capabilities(1 << len(CAPABILITIES)) == (f"cap_{len(CAPABILITIES)}",)


@pytest.mark.parametrize(
    ("device", "name"),
    [
        (0, None),
        (34816, "/dev/pts/0"),
        (136 << 8 | 255, "/dev/pts/255"),
        (136 << 8 | 1 << 20, "/dev/pts/256"),
        (4 << 8 | 1, "/dev/tty1"),
        (4 << 8 | 65, "/dev/ttyS1"),
        (5 << 8 | 1, "/dev/console"),
        (229 << 8, "/dev/char/229:0"),
    ],
)
def test_the_terminal_behind_a_number(device: int, name: str | None) -> None:
    assert parse_terminal(device) == name


def test_command_lines_of_every_kind() -> None:
    assert parse_cmdline(b"") == ()
    assert parse_cmdline(b"a\0\0b\0") == ("a", "", "b")
    assert parse_cmdline(b"one title without end") == ("one title without end",)
    assert parse_cmdline(b"\xff\0") == ("�",)


def test_socket_tables_tell_waiting_from_connected_and_skip_what_is_closed() -> None:
    lines = socket_lines(SOCKETS)
    assert set(lines) == {501, 502}
    waiting, connected = (parse_socket(lines[inode], "tcp") for inode in (501, 502))
    assert waiting is not None
    assert waiting.listening
    assert not waiting.connected
    assert connected is not None
    assert (connected.remote, connected.remote_port) == ("198.51.100.7", 4444)
    assert connected.connected


def test_raw_and_packet_sockets_are_neither_waiting_nor_connected() -> None:
    raw = parse_socket(
        ["7:", "00000000:0001", "00000000:0000", "07", "0", "0", "0", "0", "0", "99", "2"], "raw"
    )
    packet = parse_socket(["ffff", "3", "3", "0003", "2", "1", "0", "0", "4711"], "packet")
    for each, number in ((raw, 1), (packet, 3)):
        assert each is not None
        assert (each.local_port, each.listening, each.connected) == (number, False, False)


@given(st.text(max_size=200))
def test_no_socket_table_breaks_the_reader(text: str) -> None:
    for protocol in ("tcp6", "packet", "raw"):
        for words in socket_lines("head\n" + text).values():
            parse_socket(words, protocol)
        parse_socket(text.split(), protocol)


@given(st.ip_addresses(), st.integers(0, 65535))
def test_an_address_is_read_as_the_kernel_writes_it(host: object, port: int) -> None:
    packed: bytes = host.packed  # type: ignore[attr-defined]
    words = b"".join(packed[at : at + 4][::-1] for at in range(0, len(packed), 4))
    expected = getattr(host, "ipv4_mapped", None) or host
    assert parse_address(f"{words.hex().upper()}:{port:04X}") == (str(expected), port)


def test_mounts_with_escaped_names_and_the_last_one_on_top() -> None:
    mounts = Mounts(
        "1 0 8:1 / / rw,relatime - ext4 /dev/sda rw\n"
        "2 1 0:9 / /tmp/my\\040app ro,nodev - fuse.x x ro\n"
        "3 1 0:9 / /tmp/my\\040app rw - tmpfs x rw\n"
        "broken\n"
    )
    assert len(mounts.all) == 3
    found = mounts.of("/tmp/my app/run")
    assert found is not None
    assert not found.read_only
    top = mounts.of("/tmp/my apple")
    assert top is not None
    assert top.point == "/"
    assert Mounts("").of("/x") is None


@given(st.lists(st.sampled_from("abc"), max_size=4), st.sets(st.sampled_from(["a", "a/b", "c"])))
def test_a_path_lies_on_the_longest_mount_above_it(parts: list[str], points: set[str]) -> None:
    lines = [
        "1 0 8:1 / / rw - ext4 d rw",
        *(f"2 1 0:1 / /{each} rw - tmpfs d rw" for each in points),
    ]
    path = "/" + "/".join(parts)
    above = [each for each in points if f"{path}/".startswith(f"/{each}/")]
    found = Mounts("\n".join(lines)).of(path)
    assert found is not None
    assert found.point == "/" + max(above, key=len, default="")


@given(st.text(max_size=200))
def test_no_mount_table_cgroup_or_list_of_inputs_breaks_the_reader(text: str) -> None:
    parse_mounts(text)
    parse_cgroup(text.encode("utf-8", "replace"))
    parse_inputs(text)


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
    assert parse_cgroup(text.encode()) == (unit, container)


INPUT = """I: Bus=0011 Vendor=0001
N: Name="AT keyboard"
H: Handlers=sysrq kbd leds event0
B: EV=120013

N: Name="Power Button"
H: Handlers=kbd event1
B: EV=3
B: KEY=10000000000000 0

N: Name="Mouse"
H: Handlers=mouse0 event2
B: EV=17

N: Name="Keyboard that repeats by itself"
H: Handlers=kbd event3
B: EV=3
B: KEY=3 0 fffffffffffffffe

N: Name="Game pad"
H: Handlers=event4 js0
B: EV=20000b
"""


def test_an_input_device_is_a_keyboard_a_pointer_or_neither() -> None:
    assert parse_inputs(INPUT) == {
        "event0": DeviceKind.KEYBOARD,
        "event1": None,
        "event2": DeviceKind.POINTER,
        "event3": DeviceKind.KEYBOARD,
        "event4": DeviceKind.POINTER,
    }


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
        (("perl", "-MSocket", "-ne", "print"), "/usr/bin/perl", "-c"),
        (("perl", "-Mbase", "-I", "lib", "x.pl"), "/usr/bin/perl", "x.pl"),
        (("ruby", "-rrake", "x.rb"), "/usr/bin/ruby", "x.rb"),
        (("python3", "-"), "/usr/bin/python3", "-c"),
        (("java", "-Xmx1g", "-cp", "a.jar", "-jar", "/opt/b.jar"), "/usr/bin/java", "/opt/b.jar"),
        (("java", "-cp", "a.jar", "org.x.Main", "y.jar"), "/usr/bin/java", "-m org.x.Main"),
        (("mono", "--debug", "x.exe"), "/usr/bin/mono", "x.exe"),
        (
            ("/lib64/ld-linux-x86-64.so.2", "--library-path", "/x", "/tmp/tool", "-v"),
            "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
            "/tmp/tool",
        ),
        (
            ("powershell", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", r"C:\x.ps1"),
            r"C:\Windows\powershell.exe",
            r"C:\x.ps1",
        ),
        (("pwsh", "-W", "Hidden", "-EncodedCommand", "AAA"), "/usr/bin/pwsh", "-c"),
        (("sleep", "9"), "/usr/bin/sleep", None),
        ((), "/usr/bin/bash", None),
    ],
)
def test_the_script_of_an_interpreter(argv: tuple[str, ...], exe: str, script: str | None) -> None:
    assert find_script(exe, argv) == script


@given(st.sampled_from(["python3", "bash", "java", "perl", "pwsh"]), st.lists(st.text(max_size=8)))
def test_no_arguments_break_the_search_for_the_script(name: str, words: list[str]) -> None:
    find_script(f"/usr/bin/{name}", (name, *words))


def test_a_script_is_unknown_where_its_interpreter_is() -> None:
    assert find_script(Unknown.DENIED, ("x",)) is Unknown.DENIED
    assert find_script("/bin/sh", Unknown.DENIED) is Unknown.DENIED
