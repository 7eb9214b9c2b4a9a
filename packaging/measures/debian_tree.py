"""A whole Debian of the machine's own release, made once and kept among the caches."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

# what a small desktop or server has, what the plants are made of, and one user's usual tools
PACKAGES = [
    "acl",
    "anacron",
    "apt-utils",
    "at",
    "at-spi2-core",
    "avahi-daemon",
    "avahi-utils",
    "bash-completion",
    "binutils",
    "busybox",
    "ca-certificates",
    "colord",
    "cron",
    "cups",
    "dbus",
    "dbus-user-session",
    "dbus-x11",
    "dconf-gsettings-backend",
    "dnsmasq-base",
    "file",
    "fontconfig",
    "gawk",
    "gdb",
    "git",
    "gnome-keyring",
    "gpg",
    "gpg-agent",
    "gvfs",
    "init",
    "iproute2",
    "iputils-ping",
    "kmod",
    "less",
    "libcap2-bin",
    "locales",
    "logrotate",
    "lsof",
    "lua5.4",
    "lynx",
    "man-db",
    "mawk",
    "modemmanager",
    "nano",
    "net-tools",
    "network-manager",
    "openssh-client",
    "openssh-server",
    "openssl",
    "packagekit",
    "perl",
    "pipewire",
    "pipewire-pulse",
    "policykit-1",
    "procps",
    "psmisc",
    "python3",
    "python3-dbus",
    "python3-gi",
    "python3-venv",
    "rsync",
    "rsyslog",
    "rtkit",
    "screen",
    "socat",
    "strace",
    "sudo",
    "systemd",
    "systemd-sysv",
    "systemd-timesyncd",
    "tcl",
    "tini",
    "tmux",
    "udev",
    "udisks2",
    "ufw",
    "unattended-upgrades",
    "upower",
    "usbutils",
    "util-linux",
    "vim-tiny",
    "wireplumber",
    "wpasupplicant",
    "x11-utils",
    "xauth",
    "xdg-user-dirs",
    "xdg-utils",
    "xinput",
    "xz-utils",
    "zsh",
    "libc6-dev",
    "tcc",
]
PEERS = ("rkhunter", "chkrootkit", "unhide", "lynis")
MAKING = ".making"
TOOLS = ("debootstrap", "apt-get", "chroot", "mount", "nsenter", "unshare", "setpriv")

SLEEPER = """
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
/* Sleeps until it is ended. Descriptor 199, if open, holds: a short name to take, a library to
   load, the letter w to wipe what it was called with; one line each, "-" for none. */
int main(int count, char **words) {
    char told[4096] = {0};
    char *lines[3] = {"", "", ""};
    int line = 0;
    ssize_t length = read(199, told, sizeof told - 1);
    close(199);
    if (length > 0) {
        for (char *part = strtok(told, "\\n"); part && line < 3; part = strtok(NULL, "\\n"))
            lines[line++] = part;
        if (lines[0][0] && lines[0][0] != '-') prctl(PR_SET_NAME, lines[0], 0, 0, 0);
        if (lines[1][0] && lines[1][0] != '-') dlopen(lines[1], RTLD_NOW);
        if (lines[2][0] == 'w') {
            for (int at = 0; at < count; at++) memset(words[at], 0, strlen(words[at]));
        }
    }
    for (;;) pause();
}
"""


class Missing(SystemExit):
    """Something this measure needs is not there; the sentence says what."""


def require_tools() -> None:
    """Raises ``Missing`` with everything that is not there, at once."""
    lost = [name for name in TOOLS if not shutil.which(name)]
    if os.geteuid() != 0:
        lost.insert(0, "the rights of root")
    if not Path("/etc/debian_version").exists():
        lost.insert(0, "a Debian machine")
    if lost:
        raise Missing(
            f"The plants need {', '.join(lost)}."
            " (Debian packages: debootstrap, util-linux, mount, apt, coreutils.)"
        )


def release() -> str:
    """The code name of this machine's Debian. The tree has the same, so that programs fit."""
    for line in Path("/etc/os-release").read_text().splitlines():
        name, _, value = line.partition("=")
        if name == "VERSION_CODENAME":
            return value.strip('"')
    raise Missing("/etc/os-release names no release of Debian.")


def mirror(suite: str) -> str:
    """Where this machine itself gets the packages of ``suite`` from."""
    asked = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    command = ["apt-get", "indextargets", "--format", asked, "Created-By: Packages"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        address, _, rest = line.partition(" ")
        if rest.split() == [suite, "main"] and address.startswith(("http:", "https:", "file:")):
            return address
    raise Missing(f"No source of Debian {suite} main is set up in /etc/apt.")


def world() -> dict[str, str]:
    """The environment for the package tools: quiet, and by the machine's own proxy."""
    kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    for scheme in ("http", "https"):
        told = subprocess.run(
            ["apt-config", "shell", "address", f"Acquire::{scheme}::Proxy"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        if told and f"{scheme}_proxy" not in kept:
            kept[f"{scheme}_proxy"] = told.removeprefix("address=").strip("'")
    return kept | {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
    }


def cache_folder() -> Path:
    """Only root may look inside: a tree has programs with the rights of root."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = root / "guardian-plants"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def find_tree() -> Path:
    """The folder of the tree; made now if there is none yet, which takes some minutes."""
    require_tools()
    suite = release()
    recipe = "\n".join((suite, SLEEPER, *PACKAGES, *PEERS)).encode()
    tree = cache_folder() / f"{suite}-{hashlib.sha256(recipe).hexdigest()[:12]}"
    if tree.is_dir():
        return tree
    making = tree.with_name(tree.name + MAKING)
    if making.exists():
        shutil.rmtree(making)
    print(f"Making a Debian {suite} tree (once, some minutes) ...", flush=True)
    address = mirror(suite)
    run(["debootstrap", "--variant=minbase", suite, str(making), address], "debootstrap")
    install(making, address, suite)
    make_user(making)
    make_sleeper(making)
    making.rename(tree)
    return tree


def run(command: list[str], what: str) -> None:
    done = subprocess.run(command, env=world(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{what} failed:\n{(done.stdout + done.stderr)[-2000:]}")


def install(tree: Path, address: str, suite: str) -> None:
    """Everything else by the tree's own package tool; no service is started by it."""
    (tree / "etc/apt/sources.list").write_text(f"deb {address} {suite} main\n")
    shutil.copy("/etc/resolv.conf", tree / "etc/resolv.conf")
    policy = tree / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    inside = ["chroot", str(tree), "apt-get", "-qq"]
    run([*inside, "update"], "apt-get update")
    wanted = [*inside, "install", "--no-install-recommends", "-y"]
    run([*wanted, *PACKAGES, *PEERS], "apt-get install")
    run([*inside, "clean"], "apt-get clean")
    policy.unlink()


def make_user(tree: Path) -> None:
    """An ordinary person with a home, number 1000."""
    command = ["chroot", str(tree), "useradd", "--create-home", "--uid", "1000"]
    run([*command, "--shell", "/bin/bash", "--groups", "audio,video,plugdev", "anna"], "useradd")
    run(["chroot", str(tree), "passwd", "--lock", "root"], "passwd")


def make_sleeper(tree: Path) -> None:
    """The program all planted programs are copies of. It is kept beside the tree, not in it."""
    source = tree / "root/sleeper.c"
    source.write_text(SLEEPER)
    run(["chroot", str(tree), "tcc", "-o", "/root/sleeper", "/root/sleeper.c", "-ldl"], "tcc")
    source.unlink()
    shutil.move(tree / "root/sleeper", sleeper(tree.with_name(tree.name.removesuffix(MAKING))))


def sleeper(tree: Path) -> Path:
    return tree.with_name(tree.name + ".sleeper")
