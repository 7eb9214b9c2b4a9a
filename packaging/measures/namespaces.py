"""A throw-away computer: a Debian tree with its own processes, files, network and name.

What is written lands in memory and is gone when the computer ends, and so is every process. It
sees one network cable, to a second throw-away network that answers on some ports and leads nowhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from measures.debian_tree import Missing, find_tree, sleeper

ROOT = Path(__file__).resolve().parents[2]
PLACE = "/opt/guardian-bench"
ANNA = 1000
OTHERS = "198.51.100.7"  # an address kept for examples (RFC 5737)
OTHERS_PORTS = (22, 80, 443, 4444, 8080)
START_SECONDS = 20
TIED = ("setpriv", "--pdeathsig=KILL", "--")  # ends when the bench ends, however it ends

SET_UP = r"""
set -e
tree=$1; here=$2; shift 2
mount -t tmpfs -o mode=755 plants "$here"
mkdir "$here/upper" "$here/work" "$here/root"
mount -t overlay -o "lowerdir=$tree,upperdir=$here/upper,workdir=$here/work" plants "$here/root"
cd "$here/root"
mount -t proc proc proc
mount -t sysfs -o ro sys sys
mount -t tmpfs -o mode=755 dev dev
mkdir dev/pts dev/shm dev/input dev/snd dev/net dev/dri
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 pts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
mknod -m 666 dev/ptmx c 5 2
ln -s /proc/self/fd dev/fd
for one in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
    IFS=: read -r name major minor <<END
$one
END
    mknod -m 666 "dev/$name" c "$major" "$minor"
done
mount -t tmpfs -o mode=755 run run
mkdir -p run/lock run/user
while [ "$#" -gt 1 ]; do
    mkdir -p ".$2"
    mount --bind "$1" ".$2"
    mount -o remount,bind,ro ".$2"
    shift 2
done
hostname anna-pc
echo anna-pc > etc/hostname
printf '127.0.0.1 localhost anna-pc\n' > etc/hosts
ip link set lo up
pivot_root . mnt
exec chroot . sh -c 'umount -l /mnt; exec tini -- sleep infinity' </dev/null >/dev/null 2>&1
"""

OTHER_END = """
import select, socket, sys
held, open_ones = [], []
for port in map(int, sys.argv[2:]):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((sys.argv[1], port))
    one.listen(64)
    open_ones.append(one)
print("ready", flush=True)
while True:
    for one in select.select(open_ones, [], [])[0]:
        held.append(one.accept()[0])
"""


SERVICES = r"""
mkdir -p /run/dbus /run/sshd /run/cups /run/avahi-daemon /run/user/1000
chown 1000:1000 /run/user/1000 && chmod 700 /run/user/1000
ssh-keygen -A >/dev/null
dbus-daemon --system --fork
rsyslogd
cron
atd
/usr/sbin/sshd
avahi-daemon --daemonize --no-rlimits --no-chroot
/usr/sbin/cupsd
/usr/lib/polkit-1/polkitd --no-debug >/dev/null 2>&1 &
"""

SESSION = r"""
cd /home/anna
export XDG_RUNTIME_DIR=/run/user/1000
dbus-daemon --session --fork --address=unix:path=/run/user/1000/bus
export DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus
setsid pipewire >/dev/null 2>&1 &
ssh-agent -a /run/user/1000/ssh-agent >/dev/null
gpg-agent --daemon >/dev/null 2>&1
tmux new-session -d -s work
setsid /usr/libexec/at-spi-bus-launcher >/dev/null 2>&1 &
setsid /usr/libexec/gvfsd >/dev/null 2>&1 &
sleep 0.3
"""


def clean_world(uid: int) -> dict[str, str]:
    """The environment of somebody who just logged in."""
    home = "/root" if uid == 0 else "/home/anna"
    name = "root" if uid == 0 else "anna"
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"HOME": home, "USER": name, "LOGNAME": name, "PATH": path, "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Done:
    """How a command ended, what it said, and its CPU seconds with those of its children."""

    returncode: int
    stdout: str
    stderr: str
    cpu: float


class Machine:
    """One throw-away computer; everything in it ends with the ``with`` block."""

    def __init__(self) -> None:
        self.tree = find_tree()
        self.binds = guardian_binds()
        self.started: list[subprocess.Popen[bytes]] = []
        self.pid = 0

    def __enter__(self) -> Machine:
        # a folder to hang the mount on; the mount itself shows inside only
        self.folder = tempfile.TemporaryDirectory(prefix="guardian-plants-")
        words = [str(self.tree), self.folder.name]
        words += [word for bind in self.binds for word in bind]
        command = [*TIED, "unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"]
        command += ["--propagation", "private", "--fork", "--kill-child", "sh", "-c", SET_UP, "sh"]
        keeper = subprocess.Popen(
            [*command, *words], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self.started.append(keeper)
        try:
            self.pid = self.wait_for_init(keeper)
            self.lay_cable()
            self.run(["sh", "-c", SERVICES])
            self.run(["sh", "-c", SESSION], uid=ANNA)
            time.sleep(1)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self.started:
            one.kill()
            one.communicate()
        self.folder.cleanup()

    def wait_for_init(self, keeper: subprocess.Popen[bytes]) -> int:
        """The number of the computer's first process, once it is the one that stays."""
        until = time.monotonic() + START_SECONDS
        children = Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children")
        while time.monotonic() < until and keeper.poll() is None:
            first = children.read_text().split()
            if first and Path(f"/proc/{first[0]}/comm").read_text().strip() == "tini":
                return int(first[0])
            time.sleep(0.02)
        keeper.kill()
        told = keeper.communicate()[1].decode(errors="replace")
        raise Missing(f"No computer of its own could be set up here: {told or 'it took too long'}")

    def lay_cable(self) -> None:
        """Join the computer to a second network that answers on some ports."""
        setting_up = 'ip link set lo up; ip addr add "$1/32" dev lo; shift; exec "$@"'
        command = [*TIED, "unshare", "--net", "--fork", "--kill-child"]
        command += ["sh", "-c", setting_up, "sh"]
        command += [OTHERS, sys.executable, "-c", OTHER_END, OTHERS]
        other = subprocess.Popen(
            [*command, *map(str, OTHERS_PORTS)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        self.started.append(other)
        assert other.stdout is not None
        if other.stdout.readline() != b"ready\n":
            raise Missing("The second network could not be set up (is iproute2 installed?).")
        child = Path(f"/proc/{other.pid}/task/{other.pid}/children").read_text().split()[0]
        for words in cable(int(child), self.pid):
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                raise Missing(f"No network cable could be laid: {done.stderr}")

    def run(
        self,
        command: Sequence[str],
        uid: int = 0,
        extra: dict[str, str] | None = None,
        seconds: int = 120,
    ) -> Done:
        """Run inside, as ``uid``. What takes longer than ``seconds`` is ended, with code 124."""
        enter = ["nsenter", "--target", str(self.pid), "--mount", "--pid", "--net", "--ipc"]
        enter += ["--uts", "--root", "--wd", "--"]
        if uid:
            enter += ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--init-groups", "--"]
        # files, not pipes: what a service left behind holds must not be waited for
        with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as erred:
            running = subprocess.Popen(
                [*enter, "timeout", str(seconds), *command],
                env=clean_world(uid) | (extra or {}),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=erred,
            )
            _, status, used = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            erred.seek(0)
            cpu = used.ru_utime + used.ru_stime
            return Done(running.returncode, said.read(), erred.read(), cpu)

    def path(self, inside: str) -> Path:
        """A path of the computer as it is reached from outside."""
        return Path(f"/proc/{self.pid}/root{inside}")


def cable(other: int, machine: int) -> list[list[str]]:
    """The commands that join two networks, each given by a process that lives in it."""

    def at(pid: int, words: str) -> list[str]:
        return ["nsenter", "--target", str(pid), "--net", "ip", *words.split()]

    return [
        at(machine, f"link add eth0 type veth peer name eth1 netns {other}"),
        at(other, "addr add 192.0.2.1/24 dev eth1"),
        at(other, "link set eth1 up"),
        at(machine, "addr add 192.0.2.10/24 dev eth0"),
        at(machine, "link set eth0 up"),
        at(machine, "route add default via 192.0.2.1"),
    ]


def guardian_binds() -> list[tuple[str, str]]:
    """What Guardian needs inside: this checkout, its libraries, its Python; all read-only."""
    binds = [(str(ROOT / name), f"{PLACE}/{name}") for name in ("guardian", "assets", "packaging")]
    libraries = next((one for one in sys.path if one.endswith("site-packages")), None)
    if libraries:
        binds.append((libraries, f"{PLACE}/libraries"))
    if not sys.base_prefix.startswith("/usr"):
        binds.append((sys.base_prefix, f"{PLACE}/python"))
    return binds


def guardian_command(*words: str) -> tuple[list[str], dict[str, str]]:
    """How Guardian is called inside, and what must be set for it."""
    own = not sys.base_prefix.startswith("/usr")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = f"{PLACE}/python/bin/{version}" if own else f"/usr/bin/{version}"
    extra = {"PYTHONPATH": f"{PLACE}:{PLACE}/libraries", "PYTHONDONTWRITEBYTECODE": "1"}
    return [python, "-m", "guardian", *words], extra


def copy_sleeper(machine: Machine) -> None:
    """Hand the planters the program that all planted programs are copies of."""
    target = machine.path("/run/sleeper")
    target.write_bytes(sleeper(machine.tree).read_bytes())
    os.chmod(target, 0o755)  # noqa: PTH101 - through /proc, which pathlib would resolve
