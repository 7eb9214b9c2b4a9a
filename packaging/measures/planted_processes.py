"""The development half: 28 behaviours of software that watches, hides or lets others in."""

from __future__ import annotations

import os
import time
from pathlib import Path

from measures.planting import Plants, Program, Stage
from measures.props import (
    HOME,
    append,
    connected,
    held,
    install,
    listening,
    make_device,
    make_folder,
    make_library,
    make_program,
    packets,
    tracing,
    wire,
    write,
)

PLANTS = Plants()
add = PLANTS.add
KEYS = "import time\nwhile True:\n    time.sleep(1000)\n"


@add("B01", "program file deleted after start")
def deleted(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/Downloads/viewer")
    Path(f"{HOME}/Downloads/viewer").unlink()


@add("B02", "poses as a part of the kernel, by its command line")
def kernel_words(stage: Stage) -> None:
    path = make_program("/usr/local/bin/netwatch")
    stage.lead(path)
    stage.start(Program(["[kworker/u8:3]"], exe=path, uid=0))


@add("B02b", "poses as a part of the kernel, by its short name and no command line")
def kernel_name(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/.local/bin/syncd", short="kworker/1:2", wipe=True)


@add("B03", "runs from /tmp")
def from_temp(stage: Stage) -> None:
    stage.sleep_as("/tmp/update-helper")


@add("B04", "runs from a hidden folder")
def from_hidden(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/.cache/.fonts-x/indexer")


@add("B05", "foreign code put in by LD_PRELOAD")
def preloaded(stage: Stage) -> None:
    library = make_library("/tmp/libinput-helper.so")
    stage.lead(library)
    stage.start(Program(["/usr/bin/sleep", "infinity"], env={"LD_PRELOAD": library}))


@add("B06", "keyboard open, as root", root_only=True)
def keyboard(stage: Stage) -> None:
    device = make_device("/dev/input/event3", 13, 67, "input")
    stage.sleep_as("/usr/local/sbin/hidd-sync", uid=0, keep=[held(device)])


@add("B07", "camera open, as root", root_only=True)
def camera(stage: Stage) -> None:
    device = make_device("/dev/video0", 81, 0, "video")
    stage.sleep_as("/usr/local/bin/framesrv", uid=0, keep=[held(device)])


@add("B08", "raw packet socket", root_only=True)
def packet_socket(stage: Stage) -> None:
    stage.sleep_as("/usr/local/bin/netstatd", uid=0, keep=[packets])


@add("B09", "script that other computers can call")
def listens(stage: Stage) -> None:
    code = (
        "import socket, time\none = socket.socket()\none.bind(('0.0.0.0', 31337))\n"
        "one.listen()\ntime.sleep(10**6)\n"
    )
    path = stage.write(f"{HOME}/service.py", code)
    stage.lead(path)
    stage.truth.markers.append("31337")
    stage.start(Program(["python3", path]))


@add("B10", "shell wired to a connection")
def wired_shell(stage: Stage) -> None:
    # wait without reading: nobody at the other end ever writes
    stage.start(Program(["bash", "-i"], stdio=wire(4444)))


@add("B11", "script named and written to record keys")
def key_script(stage: Stage) -> None:
    path = stage.write(f"{HOME}/keylogger.py", KEYS)
    stage.lead(path)
    stage.start(Program(["python3", path]))


@add("B11b", "recording of keys written on the command line")
def key_line(stage: Stage) -> None:
    code = "import time; from os import read; path = '/dev/input/event3'; time.sleep(10**6)"
    stage.start(Program(["python3", "-c", "# pynput keyboard.Listener\n" + code]))


@add("B12", "a program is watched from inside by another")
def traced(stage: Stage) -> None:
    path = make_program("/usr/local/bin/mailnotify")
    victim = stage.start(Program([path]), count=False)[0]
    stage.lead(path)
    stage.truth.pids.append(victim)
    stage.sleep_as(f"{HOME}/bin/attach", before=tracing(victim))


@add("B13", "browser that lets itself be steered")
def debugged_browser(stage: Stage) -> None:
    path = make_program("/opt/google/chrome/chrome")
    install("google-chrome-stable", path)
    words = ["--remote-debugging-port=9222", f"--user-data-dir={HOME}/.config/google-chrome"]
    stage.start(Program([path, *words], keep=[listening(9222, "127.0.0.1")]))


@add("B14", "script in /tmp run by a shell")
def shell_script(stage: Stage) -> None:
    path = stage.write("/tmp/setup.sh", "#!/bin/sh\nsleep 1000000\necho\n", 0o755)
    stage.lead(path)
    stage.start(Program(["/bin/sh", path]))


@add("B15", "user service whose program is in /tmp")
def unit(stage: Stage) -> None:
    target = make_program("/tmp/.cache-helper")
    path = f"{HOME}/.config/systemd/user/cache-helper.service"
    text = f"[Unit]\nDescription=Cache\n[Service]\nExecStart={target}\n"
    stage.write(path, text + "[Install]\nWantedBy=default.target\n")
    wants = f"{HOME}/.config/systemd/user/default.target.wants"
    make_folder(wants)
    Path(wants, "cache-helper.service").symlink_to(path)
    stage.lead(path, f"{wants}/cache-helper.service", target)


@add("B16", "autostart entry kept out of sight")
def hidden_entry(stage: Stage) -> None:
    target = make_program(f"{HOME}/.local/share/.hid/run")
    path = f"{HOME}/.config/autostart/.system-update.desktop"
    stage.write(path, f"[Desktop Entry]\nType=Application\nName=Update\nExec={target}\n"
                "NoDisplay=true\n")  # fmt: skip
    stage.lead(path, target)


@add("B17", "cron starts a program in /tmp with the computer")
def reboot(stage: Stage) -> None:
    target = make_program("/tmp/startup-task")
    path = "/etc/cron.d/startup-task"
    stage.write(path, f"@reboot anna {target}\n")
    stage.lead(path, target)


@add("B19", "file in a home that gives the rights of root")
def power_file(stage: Stage) -> None:
    path = make_program(f"{HOME}/.local/bin/runas")
    os.chown(path, 0, 0)
    Path(path).chmod(0o4755)
    stage.lead(path)


@add("B20", "program that is in memory only")
def in_memory(stage: Stage) -> None:
    path = make_program("/run/seed")
    number = os.memfd_create("update", 0)
    os.write(number, Path(path).read_bytes())
    Path(path).unlink()
    stage.start(Program(["updater"], exe=f"/proc/self/fd/{number}"))
    os.close(number)


@add("B21", "process hidden from the list of processes")
def hidden_process(stage: Stage) -> None:
    pid = stage.sleep_as("/usr/local/bin/quiet", uid=0)
    make_folder("/var/empty")
    time.sleep(0.1)
    os.system(f"mount --bind /var/empty /proc/{pid}")


@add("B22", "start file of the shell that keeps every command")
def logging_shell(stage: Stage) -> None:
    line = "trap 'echo \"$BASH_COMMAND\" >> /tmp/.history-copy' DEBUG\n"
    append(f"{HOME}/.bashrc", line)
    stage.lead(f"{HOME}/.bashrc")


@add("B24", "key that lets somebody else log in", notice=True)
def foreign_key(stage: Stage) -> None:
    path = f"{HOME}/.ssh/authorized_keys"
    words = "AAAAC3NzaC1lZDI1NTE5AAAAIEJ4s0VfG1qJ1c1uVY1v0nN3b8l4eY2mQm5o2p6s7t8u"
    stage.write(path, f"ssh-ed25519 {words} support@elsewhere\n", 0o600)
    Path(path).parent.chmod(0o700)
    stage.lead(path)


@add("B25", "software for control from afar is running", notice=True)
def remote_control(stage: Stage) -> None:
    first, second = make_program("/usr/bin/x11vnc"), make_program("/usr/bin/anydesk")
    install("x11vnc", first)
    install("anydesk", second)
    stage.lead(first, second)
    stage.start(Program(["x11vnc", "-forever", "-shared"], keep=[listening(5900)]))
    stage.start(Program([second, "--service"], uid=0, keep=[connected(443)]))


@add("B27", "xinput listens to every key")
def xinput(stage: Stage) -> None:
    path = make_program(f"{HOME}/xinput")
    stage.lead(path)
    stage.start(Program(["xinput", "test-xi2", "--root"], exe=path))


@add("B28", "microphone open, as root", root_only=True)
def microphone(stage: Stage) -> None:
    device = make_device("/dev/snd/pcmC0D0c", 116, 24, "audio")
    stage.sleep_as("/usr/local/bin/levelmeter", uid=0, keep=[held(device)])


@add("B29", "program that calls itself a document")
def document(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/Downloads/invoice.pdf.bin")


@add("B31", "code from /tmp inside a program, its file deleted", root_only=True)
def deleted_code(stage: Stage) -> None:
    library = make_library("/tmp/libhook.so")
    stage.lead(library)
    path = make_program("/usr/local/bin/statsd")
    stage.lead(path)
    stage.start(Program([path], uid=0, library=library))
    time.sleep(0.2)
    Path(library).unlink()


@add("B18", "code put into every program by /etc/ld.so.preload")
def preload_all(stage: Stage) -> None:
    # last, so that no other plant gets it
    library = make_library("/usr/local/lib/libprocesshider.so")
    write("/etc/ld.so.preload", library + "\n")
    stage.lead("/etc/ld.so.preload", library)
