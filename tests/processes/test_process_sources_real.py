"""Real processes of this computer: what they hold, what they load, how they hide."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Cancelled
from guardian.core.jobs import report_nothing
from guardian.core.words import Message
from guardian.processes.model import DeviceKind, PowerFile, Process, Snapshot, Unknown
from guardian.processes.sources import Look, hidden, reading, take_snapshot
from guardian.processes.sources.interfaces import find_interfaces
from guardian.processes.sources.mounts import Mounts
from guardian.processes.sources.owners import Owners
from guardian.processes.sources.power_files import file_rights, find_power_files, parse_rights
from guardian.processes.sources.private_files import find_private_files
from guardian.processes.sources.reading import Reader

Start = Callable[..., int]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs an administrator")
NET_RAW = bytes.fromhex("0100000200200000000000000000000000000000")


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a program that sleeps, or Python with some lines before it does; gives its number."""
    with ExitStack() as stack:

        def run(*command: str, code: str = "", **options: object) -> int:
            if code:
                lines = f"{code}\nimport time; print(flush=True); time.sleep(30)"
                command = (sys.executable, "-c", lines)
                options["stdout"] = subprocess.PIPE
            process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
            stack.callback(process.wait)
            stack.callback(process.kill)
            if process.stdout:
                stack.callback(process.stdout.close)
                assert process.stdout.readline()
            return int(process.pid)

        yield run


def look() -> Snapshot:
    return take_snapshot(Look(Path("/nonexistent")), report_nothing)


def seen(pid: int) -> Process:
    return next(each for each in look().processes if each.pid == pid)


def test_this_very_process_is_read_in_full() -> None:
    me = seen(os.getpid())
    denied = [name for name in Process.__slots__ if getattr(me, name) is Unknown.DENIED]
    assert denied == []
    assert me.exe == os.path.realpath(sys.executable)
    assert me.folder == str(Path.cwd())
    assert me.uid == me.effective_uid == os.getuid()
    assert me.exe_file is not None
    assert not me.hidden


def test_sockets_of_every_kind_are_seen(start: Start) -> None:
    pid = start(
        code="import socket\n"
        "waiting = socket.socket(); waiting.bind(('127.0.0.1', 0)); waiting.listen()\n"
        "calling = socket.create_connection(waiting.getsockname())\n"
        "inner = socket.socketpair()\n"
        "six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); six.bind(('::1', 0))\n"
    )
    sockets = seen(pid).sockets
    assert isinstance(sockets, tuple)
    assert {(each.protocol, each.listening, each.connected) for each in sockets} == {
        ("tcp", True, False),
        ("tcp", False, True),
        ("udp6", True, False),
    }


@as_root
def test_sockets_that_see_all_traffic_are_seen_and_belong_to_somebody(start: Start) -> None:
    pid = start(
        code="import socket\n"
        "a = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\n"
        "b = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)\n"
    )
    snapshot = look()
    (each,) = [each for each in snapshot.processes if each.pid == pid]
    assert isinstance(each.sockets, tuple)
    assert {socket.protocol for socket in each.sockets} == {"raw", "packet"}
    assert snapshot.sniffers == ()


def test_code_put_into_a_program_is_seen(start: Start, tmp_path: Path) -> None:
    pid = start("sleep", "30", env={"LD_PRELOAD": f"{tmp_path}/x.so", "TOKEN": "hunter2"},
                stderr=subprocess.DEVNULL)  # fmt: skip
    each = seen(pid)
    assert isinstance(each.components, tuple)
    found = [part for part in each.components if part.via == "LD_PRELOAD"]
    assert [(part.path, part.owner) for part in found] == [(f"{tmp_path}/x.so", None)]
    assert "hunter2" not in repr(each)


def test_a_library_that_was_deleted_or_never_was_a_file_is_seen(
    start: Start, tmp_path: Path
) -> None:
    source = next(Path("/usr/lib").rglob("libz.so.1*"), None)
    if source is None:
        pytest.skip("needs a small library")
    shutil.copy(source, tmp_path / "gone.so")
    pid = start(
        code="import ctypes, os\n"
        f"ctypes.CDLL('{tmp_path}/gone.so'); os.unlink('{tmp_path}/gone.so')\n"
        "number = os.memfd_create('ghost')\n"
        f"os.write(number, open('{source}', 'rb').read())\n"
        "ctypes.CDLL(f'/proc/self/fd/{number}')\n"
    )
    parts = seen(pid).components
    assert isinstance(parts, tuple)
    assert {f"{tmp_path}/gone.so", "/memfd:ghost"} <= {part.path for part in parts if part.deleted}


@as_root
def test_a_device_is_known_by_its_number_wherever_its_file_stands(
    start: Start, tmp_path: Path
) -> None:
    try:
        os.mknod(tmp_path / "notes.txt", stat.S_IFCHR | 0o600, os.makedev(13, 64))
        os.mknod(tmp_path / "music", stat.S_IFCHR | 0o600, os.makedev(81, 0))
    except OSError:
        pytest.skip("devices cannot be made here")
    paths = [f"{tmp_path}/notes.txt", f"{tmp_path}/music"]
    pid = start(code=f"import os\n[os.open(path, os.O_PATH) for path in {paths}]\n")
    devices = seen(pid).devices
    assert isinstance(devices, tuple)
    assert {(each.kind, each.path) for each in devices} == {
        (DeviceKind.KEYBOARD, paths[0]),
        (DeviceKind.CAMERA, paths[1]),
    }


def test_the_memory_of_another_program_and_the_far_side_of_a_terminal(start: Start) -> None:
    if not Path("/dev/pts/ptmx").exists():
        pytest.skip("no terminals can be made here")
    other = start("sleep", "30")
    pid = start(
        code="import os, pty\n"
        f"os.open('/proc/{other}/mem', os.O_RDONLY); os.open('/proc/self/mem', os.O_RDONLY)\n"
        "master, slave = pty.openpty()\n"
    )
    each = seen(pid)
    assert each.pty is True
    assert isinstance(each.devices, tuple)
    assert [(held.kind, held.path) for held in each.devices] == [
        (DeviceKind.MEMORY, f"/proc/{other}/mem")
    ]


@as_root
def test_a_program_with_a_cover_over_its_folder_is_found(start: Start) -> None:
    pid = start("sleep", "30")
    if subprocess.run(["mount", "-t", "tmpfs", "none", f"/proc/{pid}"], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        each = seen(pid)
    finally:
        subprocess.run(["umount", f"/proc/{pid}"], check=True)
    assert each.hidden
    assert each.exe is Unknown.DENIED
    assert not seen(pid).hidden


def test_nothing_is_called_hidden_that_is_listed_or_a_thread_or_gone() -> None:
    handle = os.open("/proc", os.O_RDONLY)
    try:
        dead = subprocess.Popen(["true"])
        dead.wait()
        threads = [int(each.name) for each in Path("/proc/self/task").iterdir()]
        assert hidden.confirm(handle, [os.getpid(), dead.pid, *threads, 1]) == set()
    finally:
        os.close(handle)


def test_a_number_that_answers_but_is_not_listed_is_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handle = os.open("/proc", os.O_RDONLY)
    listed = hidden.list_pids(handle)
    rest = [pid for pid in listed if pid != os.getpid()]
    monkeypatch.setattr(hidden, "list_pids", lambda _handle: rest)
    monkeypatch.setattr(hidden, "last_pid", lambda _text: os.getpid())
    try:
        found = hidden.probe(handle, rest, lambda: None)
    finally:
        os.close(handle)
    assert os.getpid() in found


def test_programs_that_start_and_end_all_the_time_do_no_harm(start: Start) -> None:
    start(
        "sh", "-c", "while :; do /bin/true & /bin/true & /bin/true & wait; done",
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(3):
        assert not any(each.hidden for each in look().processes)


def test_interfaces_are_listed(tmp_path: Path) -> None:
    for name in ("net/eth0", "net/veth1"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "net/eth0/flags").write_text("0x1103\n")
    (tmp_path / "net/veth1/flags").write_text("nonsense")
    (tmp_path / "net/veth1/master").touch()
    found = find_interfaces(tmp_path / "net")
    assert isinstance(found, tuple)
    assert [(each.name, each.promiscuous, each.bridged) for each in found] == [
        ("eth0", True, False),
        ("veth1", False, True),
    ]
    assert find_interfaces(tmp_path / "none") is Unknown.ABSENT


def test_other_programs_secrets_are_told_from_ones_own() -> None:
    cookies = "/home/ada/.mozilla/firefox/x.default/cookies.sqlite"
    logins = "/home/ada/.config/google-chrome/Default/Login Data"
    flatpak = "/home/ada/.var/app/org.mozilla.firefox/.mozilla/firefox/x/key4.db"
    files = [cookies, logins, flatpak, "/home/ada/.ssh/id_rsa.pub", "/home/ada/Cookies"]
    assert find_private_files(files, "/usr/bin/python3.11") == (logins, cookies, flatpak)
    assert find_private_files(files, "/usr/lib/firefox/firefox") == (logins,)
    assert find_private_files(files, "/opt/google/chrome/chrome") == (cookies, flatpak)
    # in a folder for temporary files a name counts for nothing
    assert find_private_files([cookies], "/tmp/firefox") == (cookies,)


@given(st.text(max_size=60))
def test_no_path_breaks_the_look_for_secrets(path: str) -> None:
    find_private_files([path, "/home/" + path], path)


def search(folder: Path) -> tuple[PowerFile, ...]:
    found, complete = find_power_files([folder], Mounts(""), Owners(), report_nothing)
    assert complete
    assert isinstance(found, tuple)
    return tuple(each for each in found if each.path.startswith(f"{folder}/"))


def test_files_with_special_rights_are_found_below_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardian.processes.sources.power_files.OPEN_PLACES", ())
    for name, mode in (("a", 0o4755), ("b", 0o2755), ("c", 0o755), ("d", 0o4644), ("e", 0o2644)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o4755)
    storage = tmp_path / "containers/storage"
    for name in ("overlay/layer", "overlay-layers"):
        (storage / name).mkdir(parents=True)
    (storage / "overlay/layer/su").touch()
    (storage / "overlay/layer/su").chmod(0o4755)
    found = search(tmp_path)
    assert [(each.path[-1], each.setuid, each.setgid, each.owner) for each in found] == [
        ("a", True, False, None),
        ("b", False, True, None),
    ]


@as_root
def test_files_of_a_whole_system_in_a_folder_belong_to_its_own_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardian.processes.sources.power_files.OPEN_PLACES", ())
    tree = tmp_path / "debian"
    for folder in ("etc", "usr/bin", "var/lib/dpkg/info"):
        (tree / folder).mkdir(parents=True)
    (tree / "var/lib/dpkg/info/passwd.list").write_text("/usr/bin/passwd\n")
    for name in ("passwd", "other"):
        (tree / "usr/bin" / name).touch()
        (tree / "usr/bin" / name).chmod(0o4755)
    os.setxattr(tree / "usr/bin/other", "security.capability", NET_RAW)
    assert file_rights(str(tree / "usr/bin/other")) == ("cap_net_raw",)
    assert [(Path(each.path).name, each.owner) for each in search(tmp_path)] == [
        ("other", None),
        ("passwd", "passwd"),
    ]
    tree.chmod(0o777)  # then anybody can have written those lists
    assert {each.owner for each in search(tmp_path)} == {None}


def test_the_search_can_be_stopped(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / str(number)).touch()

    def stop(_done: int, _total: int, _note: Message | None = None, /) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        find_power_files([tmp_path], Mounts(""), Owners(), stop)


@given(st.binary(max_size=40))
def test_no_record_of_rights_breaks_the_reader(raw: bytes) -> None:
    parse_rights(raw)


def test_rights_of_a_file_are_read_from_all_versions_of_the_record() -> None:
    assert parse_rights(NET_RAW) == ("cap_net_raw",)
    assert parse_rights(NET_RAW[:3] + b"\3" + NET_RAW[4:] + b"\0\0\0\0") == ("cap_net_raw",)
    assert parse_rights(b"\0\0\0\1\1\0\0\0\0\0\0\0") == ("cap_chown",)


def test_a_program_that_becomes_another_is_never_told_as_a_mix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handle = os.open("/proc", os.O_RDONLY)
    reader = Reader(Path("/proc"), handle)
    process = subprocess.Popen(["sh", "-c", "read line; exec sleep 30"], stdin=subprocess.PIPE)
    real = reading.read_variables

    def change(folder: int) -> dict[str, str]:
        """The change comes in the middle of the reading."""
        if process.stdin and not process.stdin.closed:
            process.stdin.close()
            name = Path(f"/proc/{process.pid}/comm")
            end = time.monotonic() + 5
            while name.read_text() != "sleep\n" and time.monotonic() < end:
                pass
        return real(folder)

    monkeypatch.setattr(reading, "read_variables", change)
    try:
        fields = reader.read(process.pid).fields
    finally:
        process.kill()
        process.wait()
        os.close(handle)
    assert (fields["name"], fields["argv"], Path(fields["exe"]).name) == (
        "sleep",
        ("sleep", "30"),
        "sleep",
    )
