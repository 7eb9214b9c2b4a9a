"""The held-out half of the look-alikes: honest software of desktops and developers.

Written apart from the rules and kept away from those who wrote them until the rules stood.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from measures.planting import LOOK_ALIKE, Plant, Plants, Program, Stage
from measures.props import (
    HOME,
    append,
    connected,
    datagrams,
    held,
    install,
    listening,
    make_device,
    make_folder,
    make_library,
    make_program,
    opened,
    own_root,
    packets,
    terminal,
    tracing,
    write,
)

PLANTS = Plants()


def add(name: str, shape: str) -> Callable[[Plant], Plant]:
    return PLANTS.add(name, shape, LOOK_ALIKE)


def owned(package: str, path: str) -> str:
    """A program that a package brought."""
    make_program(path)
    install(package, path)
    return path


def lead_and_start(stage: Stage, program: Program, *paths: str) -> None:
    stage.lead(*paths)
    stage.start(program)


def lead_and_type(stage: Stage, program: Program, *paths: str) -> None:
    stage.lead(*paths)
    stage.start_at_terminal(program)


@add("L01", "task queue that names its processes in square brackets")
def celery(stage: Stage) -> None:
    venv = f"{HOME}/projects/shop/venv"
    make_folder(f"{venv}/bin")
    Path(f"{venv}/bin/python3").symlink_to("/usr/bin/python3")
    script = stage.write(f"{venv}/bin/celery", "import time\ntime.sleep(10**6)\n", 0o755)
    reading, writing = os.pipe()  # what they wait for never comes
    workers = [
        Program(
            [f"[celeryd: celery@anna-pc:ForkPoolWorker-{number}]"],
            exe="/usr/bin/python3",
            stdio=[lambda: os.dup(reading)],
            keep=[lambda: os.dup(writing)],
        )
        for number in (1, 2)
    ]
    stage.lead(script)
    stage.start(Program([f"{venv}/bin/python3", script, "worker"], inner=workers))


@add("L02", "chat program that keeps its code in a hidden folder")
def chat(stage: Stage) -> None:
    path = owned("discord", "/usr/share/discord/Discord")
    library = make_library(
        f"{HOME}/.config/discord/0.0.71/modules/discord_voice/discord_voice.node"
    )
    render = Program([path, "--type=renderer", "--no-sandbox"], library=library)
    lead_and_start(stage, Program([path], inner=[render], keep=[connected(443)]), path, library)


@add("L03", "browser replaced by an upgrade while its parts still run")
def browser(stage: Stage) -> None:
    path = owned("chromium", "/usr/lib/chromium/chromium")
    profile = f"{HOME}/.config/chromium/Default"
    for name in ("Cookies", "Login Data"):
        write(f"{profile}/{name}", b"SQLite format 3\x00", 0o600)
    parts = [Program([path, f"--type={kind}"]) for kind in ("zygote", "gpu-process", "renderer")]
    keep = [connected(443), opened(f"{profile}/Cookies"), opened(f"{profile}/Login Data"),
            datagrams(5353)]  # fmt: skip
    lead_and_start(stage, Program([path], inner=parts, keep=keep), path)
    Path(path).unlink()
    make_program(path)


@add("L04", "language helper of an editor, installed by rustup")
def rust(stage: Stage) -> None:
    editor = owned("code", "/usr/share/code/code")
    path = make_program(
        f"{HOME}/.rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/rust-analyzer"
    )
    master, slave = terminal()
    shell = Program(["/usr/bin/bash", "--init-file", "/usr/share/code/shellIntegration-bash.sh"],
                    stdio=[slave, slave, slave], before=os.setsid)  # fmt: skip
    host = Program([editor, "--type=utility", "--inspect-port=0"], keep=[master],
                   inner=[Program([path]), shell])  # fmt: skip
    lead_and_start(stage, Program([editor, "--no-sandbox"], inner=[host]), editor, path)


@add("L05", "web page preview of a developer, for this computer only")
def preview(stage: Stage) -> None:
    node = make_program(f"{HOME}/.nvm/versions/node/v22.4.0/bin/node")
    script = f"{HOME}/projects/site/node_modules/.bin/vite"
    write(script, "#!/usr/bin/env node\n", 0o755)
    words = [node, script, "--port", "5173"]
    lead_and_type(stage, Program(words, keep=[listening(5173, "127.0.0.1")]), node)


@add("L06", "notebook with its kernels, from miniconda")
def notebook(stage: Stage) -> None:
    python = make_program(f"{HOME}/miniconda3/bin/python3.12")
    library = make_library(f"{HOME}/miniconda3/lib/libmkl_rt.so.2")
    kernel = Program([python, "-m", "ipykernel_launcher", "-f",
                      f"{HOME}/.local/share/jupyter/runtime/kernel-1.json"],
                     keep=[listening(40011, "127.0.0.1")], library=library)  # fmt: skip
    server = [python, f"{HOME}/miniconda3/bin/jupyter-lab"]
    write(server[1], "#!/usr/bin/env python\n", 0o755)
    keep = [listening(8888, "127.0.0.1")]
    lead_and_type(stage, Program(server, inner=[kernel], keep=keep), python, library)


@add("L07", "programming environment from a toolbox folder, with unpacked code")
def toolbox(stage: Stage) -> None:
    root = f"{HOME}/.local/share/JetBrains/Toolbox/apps/intellij-idea"
    java = make_program(f"{root}/jbr/bin/java")
    library = make_library(f"{HOME}/.cache/JNA/temp/jna17483920.tmp")
    entry = f"{HOME}/.config/autostart/jetbrains-toolbox.desktop"
    toolbox = make_program(f"{HOME}/.local/share/JetBrains/Toolbox/bin/jetbrains-toolbox")
    stage.write(entry, "[Desktop Entry]\nType=Application\nName=JetBrains Toolbox\n"
                f"Exec={toolbox} --minimize\nTerminal=false\n")  # fmt: skip
    program = Program([java, "-Didea.home", "com.intellij.idea.Main"], library=library)
    stage.start(Program([toolbox, "--minimize"]))
    lead_and_start(stage, program, java, library, toolbox, entry)


@add("L08", "games by a compatibility layer, with helper code asked for by the person")
def wine(stage: Stage) -> None:
    wine = owned("wine", "/usr/lib/wine/wine64-preloader")
    game = f"{HOME}/.wine/drive_c/Program Files/Game/game.exe"
    write(game, b"MZ")
    library = make_library("/usr/lib/mangohud/libMangoHud.so")
    install("mangohud", library)
    env = {"LD_PRELOAD": library, "WINEPREFIX": f"{HOME}/.wine"}
    program = Program([r"C:\Program Files\Game\game.exe"], exe=wine, env=env, library=library)
    lead_and_start(stage, program, wine, game, library)


@add("L09", "program that is tested by its developer")
def tests(stage: Stage) -> None:
    cargo = make_program(f"{HOME}/.cargo/bin/cargo")
    path = make_program(f"{HOME}/projects/reader/target/debug/deps/reader-4f2a8c9b1d")
    inner = [Program([path, "--test-threads=1"], keep=[listening(45873, "127.0.0.1")])]
    lead_and_type(stage, Program([cargo, "test"], inner=inner), cargo, path)


@add("L10", "telephone joined to the desktop (KDE Connect)")
def telephone(stage: Stage) -> None:
    path = owned("kdeconnect", "/usr/lib/x86_64-linux-gnu/libexec/kdeconnectd")
    entry = "/etc/xdg/autostart/org.kde.kdeconnect.daemon.desktop"
    stage.write(entry, f"[Desktop Entry]\nType=Application\nName=KDE Connect\nExec={path}\n"
                "NoDisplay=true\nX-KDE-autostart-phase=1\n")  # fmt: skip
    install("kdeconnect", entry)
    keep = [listening(1716, "::"), datagrams(1716)]
    lead_and_start(stage, Program([path], keep=keep), path, entry)


@add("L11", "screen reader and braille service")
def braille(stage: Stage) -> None:
    keyboard = make_device("/dev/input/event3", 13, 67, "input")
    devices = [keyboard, make_device("/dev/uinput", 10, 223), make_device("/dev/vcsa1", 7, 129)]
    brltty = owned("brltty", "/usr/bin/brltty")
    stage.start(Program([brltty, "--no-daemon"], uid=0, keep=[held(one) for one in devices]))
    orca = stage.write("/usr/bin/orca", "import time\ntime.sleep(10**6)\n", 0o755)
    install("orca", orca)
    lead_and_start(stage, Program(["/usr/bin/python3", orca]), brltty, orca)


@add("L12", "keys laid out anew by a service of a package")
def remapper(stage: Stage) -> None:
    devices = [make_device("/dev/input/event3", 13, 67, "input"),
               make_device("/dev/uinput", 10, 223)]  # fmt: skip
    path = owned("keyd", "/usr/bin/keyd")
    program = Program([path], uid=0, keep=[held(one) for one in devices])
    lead_and_start(stage, program, path)


@add("L13", "graphical desktop's own server")
def display(stage: Stage) -> None:
    devices = [make_device("/dev/input/event3", 13, 67, "input"),
               make_device("/dev/fb0", 29, 0, "video"),
               make_device("/dev/dri/card0", 226, 0, "video")]  # fmt: skip
    path = owned("xserver-xorg-core", "/usr/lib/xorg/Xorg")
    program = Program([path, ":0", "vt7"], uid=0, keep=[held(one) for one in devices])
    lead_and_start(stage, program, path)


@add("L14", "wireless network and address services")
def network(stage: Stage) -> None:
    first = owned("wpasupplicant", "/sbin/wpa_supplicant")
    second = owned("isc-dhcp-client", "/sbin/dhclient")
    stage.lead(first, second)
    stage.start(Program([first, "-u", "-s"], uid=0, keep=[packets]))
    stage.start(Program([second, "-4", "eth0"], uid=0, keep=[packets, datagrams(68)]))


@add("L15", "recording of crashes by a browser's helper")
def crashes(stage: Stage) -> None:
    browser = owned("google-chrome-stable", "/opt/google/chrome/chrome")
    helper = owned("google-chrome-stable", "/opt/google/chrome/chrome_crashpad_handler")
    pid = stage.start(Program([browser, "--type=renderer"]))[0]
    words = [helper, "--monitor-self", f"--database={HOME}/.config/google-chrome/Crash Reports"]
    lead_and_start(stage, Program(words, before=tracing(pid)), browser, helper)


@add("L16", "cloud folder installed by hand, started with the session")
def cloud(stage: Stage) -> None:
    path = make_program(f"{HOME}/.dropbox-dist/dropbox-lnx.x86_64-208.4/dropbox")
    start = make_program(f"{HOME}/.dropbox-dist/dropboxd")
    entry = f"{HOME}/.config/autostart/dropbox.desktop"
    stage.write(entry, "[Desktop Entry]\nType=Application\nName=Dropbox\n"
                f"Exec={start}\nX-GNOME-Autostart-enabled=true\n")  # fmt: skip
    keep = [listening(17500), datagrams(17500), connected(443)]
    lead_and_start(stage, Program([path], keep=keep), path, start, entry)


@add("L17", "commands kept in the history, prompt drawn by a program")
def prompt(stage: Stage) -> None:
    path = f"{HOME}/.bashrc"
    write(f"{HOME}/.local/bin/starship", "#!/bin/sh\nexit 0\n", 0o755)
    append(path, '\nshopt -s histappend\nPROMPT_COMMAND="history -a; $PROMPT_COMMAND"\n'
           'eval "$(~/.local/bin/starship init bash)"\nexport NVM_DIR="$HOME/.nvm"\n'
           '[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"\nalias ll="ls -la"\n'
           "trap '__preexec_timer=$SECONDS' DEBUG\n")  # fmt: skip
    stage.lead(path)


@add("L18", "program of the Homebrew and Nix collections")
def collections(stage: Stage) -> None:
    brew = make_program("/home/linuxbrew/.linuxbrew/Cellar/hugo/0.121/bin/hugo")
    nix = make_program("/nix/store/9kx0c4mpq2m1r3n5w7v8z6b4a2s0d1f3-ripgrep-14.0.3/bin/rg")
    stage.lead(brew, nix)
    stage.start_at_terminal(Program([brew, "server"], keep=[listening(1313, "127.0.0.1")]))
    stage.start_at_terminal(Program([nix, "--files"]))


@add("L19", "game with its own Java and code unpacked into /tmp")
def minecraft(stage: Stage) -> None:
    java = make_program(f"{HOME}/.minecraft/runtime/java-runtime-gamma/linux/bin/java")
    library = make_library("/tmp/lwjgl_anna/3.3.1-build-7/liblwjgl.so")
    program = Program([java, "-Xmx2G", "net.minecraft.client.main.Main"], library=library,
                      keep=[connected(443)])  # fmt: skip
    lead_and_start(stage, program, java, library)


@add("L20", "package being set up")
def set_up(stage: Stage) -> None:
    frontend = stage.write("/usr/share/debconf/frontend", "sleep 1000000;\n", 0o755)
    script = stage.write("/var/lib/dpkg/tmp.ci/preinst", "#!/bin/sh\nsleep 1000000\n:\n", 0o755)
    run = Program(["/bin/sh", script, "install"], uid=0)
    program = Program(["/usr/bin/perl", "-w", frontend, script], uid=0, inner=[run])
    stage.lead(script, frontend)
    stage.start(Program([make_program("/usr/bin/apt"), "upgrade"], uid=0, inner=[program]))


@add("L21", "container that serves a web page")
def container(stage: Stage) -> None:
    shim = owned("containerd", "/usr/bin/containerd-shim-runc-v2")
    proxy = owned("docker.io", "/usr/sbin/docker-proxy")
    layer = "/var/lib/docker/overlay2/3f9c/diff"
    make_program(f"{layer}/usr/sbin/nginx")
    write(f"{layer}/var/lib/dpkg/info/nginx.list", "/.\n/usr/sbin\n/usr/sbin/nginx\n")
    inside = Program(
        ["nginx: master process nginx -g daemon off;"],
        uid=0,
        before=own_root(layer),
        exe="/usr/sbin/nginx",
        keep=[listening(8083, "172.17.0.2")],
    )
    subprocess.run(["ip", "address", "add", "172.17.0.2/32", "dev", "lo"], check=True)
    stage.lead(shim, proxy, "/usr/sbin/nginx")
    stage.start(Program([shim, "-namespace", "moby"], uid=0, inner=[inside]))
    words = [proxy, "-proto", "tcp", "-host-ip", "0.0.0.0", "-host-port", "8082"]
    stage.start(Program(words, uid=0, keep=[listening(8082)]))


@add("L22", "timetables that browsers and monitoring packages bring")
def timetables(stage: Stage) -> None:
    target = owned("google-chrome-stable", "/opt/google/chrome/cron/google-chrome")
    make_folder("/etc/cron.daily")
    Path("/etc/cron.daily/google-chrome").symlink_to(target)
    sysstat = owned("sysstat", "/usr/lib/sysstat/debian-sa1")
    path = stage.write("/etc/cron.d/sysstat", f"5-55/10 * * * * root {sysstat} 1 1\n")
    install("sysstat", path)
    mine = stage.write(f"{HOME}/bin/sync-photos", "#!/bin/sh\nrsync -a ~/Pictures /mnt\n", 0o755)
    write("/var/spool/cron/crontabs/anna", f"@reboot {mine}\n0 4 * * 0 {mine}\n", 0o600)
    os.chown("/var/spool/cron/crontabs/anna", 1000, 0)
    stage.lead("/etc/cron.daily/google-chrome", target, path, mine, sysstat)


@add("L23", "speed-up code of a package, for every program")
def preload(stage: Stage) -> None:
    library = make_library("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2")
    install("libjemalloc2", library)
    env = {"LD_PRELOAD": library}
    path = owned("redis-server", "/usr/bin/redis-check-rdb")
    program = Program([path, "127.0.0.1:6379"], env=env, keep=[listening(6379, "127.0.0.1")])
    lead_and_start(stage, program, path, library)


@add("L24", "remote help as the one who helps")
def helper(stage: Stage) -> None:
    first = owned("remmina", "/usr/bin/remmina")
    second = owned("tigervnc-viewer", "/usr/bin/xtigervncviewer")
    stage.lead(first, second)
    stage.start(Program([first], keep=[connected(443)]))
    stage.start(Program([second, "mother-pc:0"], keep=[connected(8080)]))


@add("L25", "text about such software in an editor")
def editing(stage: Stage) -> None:
    path = stage.write(f"{HOME}/Documents/keylogger-anydesk.txt", "homework\n")
    editor = owned("gedit", "/usr/bin/gedit")
    lead_and_start(stage, Program([editor, path]), editor, path)


@add("L26", "film taken and sent live by the person")
def live(stage: Stage) -> None:
    camera = make_device("/dev/video0", 81, 0, "video", 0o666)
    sound = make_device("/dev/snd/pcmC0D0c", 116, 24, "audio", 0o666)
    path = owned("obs-studio", "/usr/bin/obs")
    program = Program([path], keep=[held(camera), held(sound), connected(443)])
    lead_and_start(stage, program, path)


@add("L27", "commercial program unpacked into /opt by hand")
def commercial(stage: Stage) -> None:
    path = make_program("/opt/Obsidian-1.5/obsidian")
    library = make_library("/opt/Obsidian-1.5/libffmpeg.so")
    program = Program([path], library=library, keep=[connected(443)])
    lead_and_start(stage, program, path, library)


@add("L28", "Python program that starts helpers with code on the command line")
def helpers(stage: Stage) -> None:
    path = stage.write(f"{HOME}/projects/train/train.py", "import time\ntime.sleep(10**6)\n")
    code = "from multiprocessing.resource_tracker import main; import time; time.sleep(10**6)"
    inner = Program(["/usr/bin/python3", "-c", code])
    lead_and_type(stage, Program(["/usr/bin/python3", path], inner=[inner]), path)


@add("L29", "flatpak program in its own world")
def flatpak(stage: Stage) -> None:
    content = "/var/lib/flatpak/app/org.gimp.GIMP/x86_64/stable/active/files"
    make_program(f"{content}/bin/gimp-2.10")
    runtime = "/var/lib/flatpak/runtime/org.gnome.Platform/x86_64/45/active/files"
    write(f"{runtime}/.flatpak-info", "[Application]\nname=org.gimp.GIMP\n")
    bwrap = owned("bubblewrap", "/usr/bin/bwrap")
    root = own_root(runtime, (content, "/app"))
    world = {"FLATPAK_ID": "org.gimp.GIMP"}
    inner = Program(["gimp-2.10"], exe="/app/bin/gimp-2.10", before=root, env=world)
    words = [bwrap, "--args", "42", "gimp-2.10"]
    stage.lead("/app/bin/gimp-2.10")
    stage.start(Program(words, inner=[inner]))


@add("L30", "log-in from another computer, and its files")
def log_in(stage: Stage) -> None:
    master, slave = terminal()
    shell = Program(["-bash"], exe="/usr/bin/bash", stdio=[slave, slave, slave], before=os.setsid)
    sleeper = owned("openssh-server", "/usr/lib/openssh/sshd-session")
    session = Program(["sshd: anna@pts/9"], exe=sleeper, inner=[shell], keep=[master])
    keep = [connected(22)]
    program = Program(["sshd: anna [priv]"], exe=sleeper, uid=0, inner=[session], keep=keep)
    lead_and_start(stage, program, sleeper)


@add("L31", "phone's file manager mounted, music on the network")
def media(stage: Stage) -> None:
    path = owned("minidlna", "/usr/sbin/minidlnad")
    keep = [listening(8200), datagrams(1900)]
    program = Program([path, "-f", "/etc/minidlna.conf", "-P", "/run/minidlna.pid"], keep=keep)
    lead_and_start(stage, program, path)
