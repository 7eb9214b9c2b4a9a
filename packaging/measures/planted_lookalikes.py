"""The development half of the look-alikes: 19 honest things that resemble what is planted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from measures.planting import LOOK_ALIKE, Plant, Plants, Program, Stage
from measures.props import (
    HOME,
    connected,
    held,
    install,
    listening,
    make_device,
    make_folder,
    make_library,
    make_program,
    opened,
    pair,
    terminal,
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


@add("N01", "an upgraded program that still runs")
def upgraded(stage: Stage) -> None:
    path = owned("thunar", "/usr/bin/thunar")
    stage.lead(path)
    stage.start(Program([path, "--daemon"]))
    new = path + ".dpkg-new"
    make_program(new)
    Path(new).rename(path)


@add("N02", "AppImage")
def appimage(stage: Stage) -> None:
    image = make_program(f"{HOME}/Applications/Krita.AppImage")
    make_program("/var/lib/appimage-content/usr/bin/krita")
    mount = "/tmp/.mount_KritaXbQ3fT"
    program = f"{mount}/usr/bin/krita"
    stage.lead(image, program)
    world = {"APPIMAGE": image, "APPDIR": mount}
    os.system(f"mkdir -p {mount}; mount --bind /var/lib/appimage-content {mount};"
              f" mount -o remount,bind,ro,nosuid {mount}")  # fmt: skip
    inner = Program([program], env=world)
    stage.start(Program([image], env=world, inner=[inner]))


@add("N03", "container runtime that copies itself into memory")
def runc(stage: Stage) -> None:
    path = owned("runc", "/usr/sbin/runc")
    number = os.memfd_create("runc_cloned:/proc/self/exe", 0)
    os.write(number, Path(path).read_bytes())
    shim = owned("containerd", "/usr/bin/containerd-shim-runc-v2")
    init = Program(["runc", "init"], exe=f"/proc/self/fd/{number}", uid=0, short="runc:[2:INIT]")
    stage.start(Program([shim, "-namespace", "moby"], uid=0, inner=[init]))
    os.close(number)


@add("N04", "editor's server in a hidden folder, with a terminal")
def editor_server(stage: Stage) -> None:
    node = make_program(f"{HOME}/.vscode-server/bin/863d2581ecda6849/node")
    stage.lead(node)
    folder = str(Path(node).parent)
    master, slave = terminal()
    shell = Program(["/bin/bash", "-i"], stdio=[slave, slave, slave], before=os.setsid)
    for name in ("bootstrap-fork", "server-main.js"):
        write(f"{folder}/out/{name}", "// the editor\n")
    words = [node, f"{folder}/out/bootstrap-fork", "--type=ptyHost"]
    inner = Program(words, keep=[master], inner=[shell])
    server = [node, f"{folder}/out/server-main.js", "--host=127.0.0.1", "--port=0"]
    stage.start(Program(server, keep=[listening(38221, "127.0.0.1")], inner=[inner]))


@add("N05", "web application from a virtual environment, for this computer only")
def web_application(stage: Stage) -> None:
    venv = f"{HOME}/projects/shop/.venv"
    make_folder(f"{venv}/bin")
    Path(f"{venv}/bin/python").symlink_to("/usr/bin/python3")
    code = (
        "import socket, time\none = socket.socket()\none.bind(('127.0.0.1', 8000))\n"
        "one.listen()\ntime.sleep(10**6)\n"
    )
    path = stage.write(f"{HOME}/projects/shop/manage.py", code)
    stage.lead(path)
    stage.start_at_terminal(
        Program([f"{venv}/bin/python", path, "runserver"], cwd=str(Path(path).parent))
    )


@add("N06", "game overlay by LD_PRELOAD")
def overlay(stage: Stage) -> None:
    root = f"{HOME}/.local/share/Steam"
    library = make_library(f"{root}/ubuntu12_64/gameoverlayrenderer.so")
    steam = make_program(f"{root}/ubuntu12_32/steam")
    game = make_program(f"{root}/steamapps/common/Stardew Valley/StardewValley")
    stage.lead(steam, game, library)
    inner = Program([game], env={"LD_PRELOAD": library}, library=library)
    stage.start(Program([steam, "-srt-logger-opened"], inner=[inner], keep=[connected(443)]))


@add("N07", "developer who looks into an own program with gdb")
def debugger(stage: Stage) -> None:
    path = make_program(f"{HOME}/projects/parser/build/parser")
    stage.lead(path)
    pid = stage.start(Program([path, "sample.txt"]))[0]
    # it stops what it looks at, and waits for a word that never comes
    stage.start_at_terminal(Program(["gdb", "-q", "-nx", "-p", str(pid)]))


@add("N08", "honest autostart entry")
def autostart(stage: Stage) -> None:
    program = owned("nextcloud-desktop", "/usr/bin/nextcloud")
    path = f"{HOME}/.config/autostart/Nextcloud.desktop"
    text = "[Desktop Entry]\nType=Application\nName=Nextcloud\n"
    stage.write(path, text + f"Exec={program} --background\nX-GNOME-Autostart-enabled=true\n")
    stage.lead(path, program)
    stage.start(Program([program, "--background"], keep=[connected(443)]))


@add("N09", "honest service of the person's own")
def service(stage: Stage) -> None:
    program = make_program(f"{HOME}/.local/bin/syncthing")
    path = f"{HOME}/.config/systemd/user/syncthing.service"
    text = f"[Unit]\nDescription=Syncthing\n[Service]\nExecStart={program} serve --no-browser\n"
    stage.write(path, text + "Restart=on-failure\n[Install]\nWantedBy=default.target\n")
    stage.lead(path, program)
    stage.start(Program([program, "serve", "--no-browser"], keep=[listening(8384, "127.0.0.1")]))


@add("N10", "honest backup by timetable")
def timetable(stage: Stage) -> None:
    script = stage.write(f"{HOME}/bin/backup.sh", "#!/bin/sh\nrsync -a ~/Documents /mnt\n", 0o755)
    path = "/var/spool/cron/crontabs/anna"
    write(path, f"30 2 * * * {script}\n", 0o600)
    os.chown(path, 1000, 0)
    stage.lead(script, path)


@add("N11", "script with a name that sounds bad")
def named_badly(stage: Stage) -> None:
    code = "import time\ndef log(request):\n    print(request)\ntime.sleep(10**6)\n"
    path = stage.write(f"{HOME}/projects/site/weblogger.py", code)
    stage.lead(path)
    stage.start_at_terminal(Program(["python3", path]))


@add("N12", "shell on a socket that leads to no network")
def unix_shell(stage: Stage) -> None:
    one, other = pair()
    shell = Program(["/bin/bash"], stdio=[one, one, one])
    path = owned("cockpit-bridge", "/usr/bin/cockpit-bridge")
    stage.lead(path)
    stage.start(Program([path], keep=[other], inner=[shell]))


@add("N13", "browser without a window, steered by its parent through a pipe")
def headless(stage: Stage) -> None:
    browser = make_program(f"{HOME}/.cache/ms-playwright/chromium-1091/chrome-linux/chrome")
    node = make_program(f"{HOME}/.nvm/versions/node/v20.11.0/bin/node")
    stage.lead(browser, node)
    words = [browser, "--headless", "--remote-debugging-pipe",
             "--user-data-dir=/tmp/playwright_chromiumdev_profile-Ab12"]  # fmt: skip
    cli = f"{HOME}/projects/site/node_modules/.bin/playwright"
    write(cli, "#!/usr/bin/env node\n", 0o755)
    stage.start_at_terminal(Program([node, cli, "test"], inner=[Program(words)]))


@add("N14", "Java program with its own code unpacked into /tmp")
def java(stage: Stage) -> None:
    path = owned("openjdk-17-jre-headless", "/usr/lib/jvm/java-17-openjdk-amd64/bin/java")
    library = make_library("/tmp/jna-110751/jna4785330013.tmp")
    stage.lead(library)
    jar = f"{HOME}/apps/freemind/freemind.jar"
    write(jar, b"PK\x03\x04")
    stage.start(Program([path, "-jar", jar], library=library))


@add("N15", "program that unpacks itself into /tmp (PyInstaller)")
def pyinstaller(stage: Stage) -> None:
    path = make_program(f"{HOME}/apps/labelprinter")
    library = make_library("/tmp/_MEIa8Xk2p/libpython3.11.so.1.0")
    stage.lead(path, library)
    world = {"_MEIPASS2": "/tmp/_MEIa8Xk2p"}
    stage.start(Program([path], inner=[Program([path], env=world, library=library)]))


@add("N16", "go run")
def go_run(stage: Stage) -> None:
    go = owned("golang-1.19-go", "/usr/lib/go-1.19/bin/go")
    path = make_program("/tmp/go-build2837465/b001/exe/hello")
    stage.lead(path)
    stage.start_at_terminal(Program([go, "run", "."], cwd=HOME, inner=[Program([path])]))


@add("N17", "folder shared on the local network for a moment")
def http_server(stage: Stage) -> None:
    stage.start_at_terminal(Program(["python3", "-m", "http.server", "8001"], cwd=HOME))


@add("N18", "database that names its processes itself")
def own_titles(stage: Stage) -> None:
    path = owned("postgresql-15", "/usr/lib/postgresql/15/bin/postgres")
    stage.lead(path)
    names = ["checkpointer", "walwriter", "autovacuum launcher"]
    inner = [Program([f"postgres: 15/main: {name} "], exe=path, uid=1) for name in names]
    words = [path, "-D", "/var/lib/postgresql/15/main"]
    stage.start(Program(words, uid=1, inner=inner, keep=[listening(5432, "127.0.0.1")]))


@add("N19", "video call with camera and microphone")
def video_call(stage: Stage) -> None:
    program = owned("zoom", "/opt/zoom/zoom")
    camera = make_device("/dev/video0", 81, 0, "video", 0o666)
    sound = make_device("/dev/snd/pcmC0D0c", 116, 24, "audio", 0o666)
    stage.lead(program)
    keep = [held(camera), held(sound), connected(443)]
    stage.start(Program([program], keep=keep))
    profile = f"{HOME}/.mozilla/firefox/k2j.default/cookies.sqlite"
    write(profile, b"SQLite format 3\x00", 0o600)
    browser = owned("firefox-esr", "/usr/lib/firefox-esr/firefox-esr")
    stage.lead(browser)
    stage.start(Program([browser], keep=[opened(profile), connected(443)]))
