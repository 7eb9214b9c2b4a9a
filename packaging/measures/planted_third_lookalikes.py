"""The look-alikes of the third set: honest software of desktops and developers.

Written apart from the rules by somebody who has not read them.
"""

from __future__ import annotations

import os
import time
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
    packets,
    pair,
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


@add("M01", "virtual computer with its screen for this computer only")
def qemu(stage: Stage) -> None:
    path = owned("qemu-system-x86", "/usr/bin/qemu-system-x86_64")
    kvm = make_device("/dev/kvm", 10, 232, "root", 0o666)
    words = [path, "-name", "guest=win11", "-vnc", "127.0.0.1:0", "-usb"]
    stage.lead(path)
    stage.start(Program(words, keep=[held(kvm), listening(5900, "127.0.0.1")]))


@add("M02", "web page preview by bun, for the local network, typed")
def bun(stage: Stage) -> None:
    path = make_program(f"{HOME}/.bun/bin/bun")
    stage.lead(path)
    words = [path, "run", "dev", "--host"]
    stage.start_at_terminal(Program(words, cwd=HOME, keep=[listening(3000)]))


@add("M03", "folders kept the same (Syncthing), by hand, with its own service")
def syncthing(stage: Stage) -> None:
    path = make_program(f"{HOME}/.local/bin/syncthing")
    unit = f"{HOME}/.config/systemd/user/syncthing.service"
    stage.write(unit, f"[Unit]\nDescription=Syncthing\n[Service]\nExecStart={path} serve "
                "--no-browser\n[Install]\nWantedBy=default.target\n")  # fmt: skip
    make_folder(f"{HOME}/.config/systemd/user/default.target.wants")
    Path(f"{HOME}/.config/systemd/user/default.target.wants/syncthing.service").symlink_to(unit)
    stage.lead(path, unit)
    keep = [listening(22000), datagrams(21027), listening(8384, "127.0.0.1"), connected(443)]
    stage.start(Program([path, "serve", "--no-browser"], keep=keep))


@add("M04", "language model service set up by its maker's script")
def ollama(stage: Stage) -> None:
    path = make_program("/usr/local/bin/ollama")
    unit = "/etc/systemd/system/ollama.service"
    stage.write(unit, f"[Unit]\nDescription=Ollama\n[Service]\nExecStart={path} serve\n"
                "User=ollama\nRestart=always\n[Install]\nWantedBy=default.target\n")  # fmt: skip
    stage.lead(path, unit)
    stage.start(Program([path, "serve"], keep=[listening(11434, "127.0.0.1")]))


@add("M05", "games shop with its overlay, game pads and streaming in the house")
def steam(stage: Stage) -> None:
    root = f"{HOME}/.local/share/Steam"
    path = make_program(f"{root}/ubuntu12_32/steam")
    library = make_library(f"{root}/ubuntu12_64/gameoverlayrenderer.so")
    game = make_program(f"{root}/steamapps/common/Hades/x64/Hades")
    pads = [make_device("/dev/hidraw1", 240, 1, "input", 0o666),
            make_device("/dev/uinput", 10, 223, "input", 0o666)]  # fmt: skip
    inner = Program([game], env={"LD_PRELOAD": library}, library=library)
    keep = [*(held(one) for one in pads), listening(27036), datagrams(27036), connected(443)]
    stage.lead(path, library, game)
    stage.start(Program([path, "-srt-logger-opened"], keep=keep, inner=[inner]))


@add("M06", "debugger of an editor looks into the person's own program")
def delve(stage: Stage) -> None:
    editor = owned("code", "/usr/share/code/code")
    path = make_program(f"{HOME}/go/bin/dlv")
    mine = make_program(f"{HOME}/projects/api/__debug_bin3120")
    pid = stage.start(Program([mine]))[0]
    words = [path, "dap", "--listen=127.0.0.1:38697"]
    inner = Program(words, keep=[listening(38697, "127.0.0.1")], before=tracing(pid))
    stage.lead(editor, path, mine)
    stage.start(Program([editor, "--no-sandbox"], inner=[inner]))


@add("M07", "settings of wireless mice and keyboards")
def solaar(stage: Stage) -> None:
    device = make_device("/dev/hidraw2", 240, 2, "input", 0o666)
    path = stage.write("/usr/bin/solaar", "import time\ntime.sleep(10**6)\n", 0o755)
    entry = "/etc/xdg/autostart/solaar.desktop"
    stage.write(entry, "[Desktop Entry]\nType=Application\nName=Solaar\n"
                "Exec=solaar --window=hide\n")  # fmt: skip
    install("solaar", path, entry)
    stage.lead(path, entry)
    stage.start(Program(["/usr/bin/python3", path, "--window=hide"], keep=[held(device)]))


@add("M08", "port of a server brought to this computer by ssh, typed")
def forwards(stage: Stage) -> None:
    words = ["ssh", "-N", "-o", "BatchMode=yes", "-L", "5433:localhost:5432", "db@198.51.100.7"]
    stage.start_at_terminal(Program(words))


@add("M09", "telephone builder's tools: adb and an emulated telephone")
def android(stage: Stage) -> None:
    sdk = f"{HOME}/Android/Sdk"
    adb = make_program(f"{sdk}/platform-tools/adb")
    emulator = make_program(f"{sdk}/emulator/qemu/linux-x86_64/qemu-system-x86_64")
    stage.lead(adb, emulator)
    words = ["adb", "-L", "tcp:5037", "fork-server", "server", "--reply-fd", "4"]
    stage.start(Program(words, exe=adb, keep=[listening(5037, "127.0.0.1")]))
    keep = [listening(5554, "127.0.0.1"), listening(5555, "127.0.0.1")]
    stage.start(Program([emulator, "-netdelay", "none", "-avd", "Pixel_7"], keep=keep))


@add("M10", "command window recorded by the person on purpose, typed")
def asciinema(stage: Stage) -> None:
    path = stage.write("/usr/bin/asciinema", "import time\ntime.sleep(10**6)\n", 0o755)
    install("asciinema", path)
    stage.lead(path)
    stage.start_at_terminal(Program(["/usr/bin/python3", path, "rec", "demo.cast"], cwd=HOME))


@add("M11", "network watched by its owner with Wireshark")
def wireshark(stage: Stage) -> None:
    path = owned("wireshark", "/usr/bin/wireshark")
    dump = owned("wireshark-common", "/usr/bin/dumpcap")
    stage.lead(path, dump)
    inner = Program([dump, "-n", "-i", "eth0", "-Z", "none"], keep=[packets])
    stage.start(Program([path], inner=[inner]))


@add("M12", "browser steered by the tests of a developer, typed")
def playwright(stage: Stage) -> None:
    node = make_program(f"{HOME}/.volta/tools/image/node/20.11.0/bin/node")
    path = make_program(f"{HOME}/.cache/ms-playwright/chromium-1117/chrome-linux/chrome")
    words = [path, "--headless", "--no-sandbox", "--remote-debugging-pipe",
             "--user-data-dir=/tmp/playwright_chromiumdev_profile-x"]  # fmt: skip
    stage.lead(node, path)
    script = f"{HOME}/projects/site/node_modules/.bin/playwright"
    write(script, "#!/usr/bin/env node\n", 0o755)
    stage.start_at_terminal(Program([node, script, "test"], inner=[Program(words)]))


@add("M13", "backup by a timer of the person's")
def restic(stage: Stage) -> None:
    folder = f"{HOME}/.config/systemd/user"
    path = owned("restic", "/usr/bin/restic")
    stage.write(f"{folder}/backup.service", f"[Service]\nType=oneshot\nExecStart={path} backup "
                "%h/Documents\nEnvironmentFile=%h/.config/restic.env\n")  # fmt: skip
    stage.write(f"{folder}/backup.timer", "[Timer]\nOnCalendar=daily\nPersistent=true\n"
                "[Install]\nWantedBy=timers.target\n")  # fmt: skip
    stage.lead(path, f"{folder}/backup.service", f"{folder}/backup.timer")


@add("M14", "picture tool for the screen, started with the session")
def flameshot(stage: Stage) -> None:
    path = owned("flameshot", "/usr/bin/flameshot")
    entry = f"{HOME}/.config/autostart/Flameshot.desktop"
    stage.write(entry, "[Desktop Entry]\nName=flameshot\nIcon=flameshot\n"
                "Exec=/usr/bin/flameshot\nTerminal=false\nType=Application\n")  # fmt: skip
    stage.lead(path, entry)
    stage.start(Program([path]))


@add("M15", "set-up files of a developer: git, vim, ssh, shells")
def dotfiles(stage: Stage) -> None:
    git = stage.write(f"{HOME}/.gitconfig", "[core]\n\teditor = vim\n\tpager = delta\n"
                      "\thooksPath = ~/.githooks\n[alias]\n\tst = !git status -sb\n"
                      "[credential]\n\thelper = cache --timeout=3600\n")  # fmt: skip
    vim = stage.write(f"{HOME}/.vimrc", "call plug#begin('~/.vim/plugged')\n"
                      "Plug 'junegunn/fzf', { 'do': { -> fzf#install() } }\ncall plug#end()\n"
                      "autocmd BufWritePost *.go silent !gofmt -w %\n")  # fmt: skip
    ssh = stage.write(f"{HOME}/.ssh/config", "Host work\n  ProxyJump gate.example.org\n"
                      "  ControlMaster auto\n  ControlPath ~/.ssh/cm-%r@%h:%p\n")  # fmt: skip
    append(f"{HOME}/.bashrc", '\neval "$(direnv hook bash)"\n. "$HOME/.asdf/asdf.sh"\n'
           '[ -f ~/.fzf.bash ] && source ~/.fzf.bash\nexport PATH="$HOME/.cargo/bin:$PATH"\n'
           "alias please='sudo $(history -p !!)'\n")  # fmt: skip
    zsh = stage.write(f"{HOME}/.zshrc", "export ZSH=$HOME/.oh-my-zsh\nsource $ZSH/oh-my-zsh.sh\n"
                      'eval "$(zoxide init zsh)"\n')  # fmt: skip
    stage.lead(git, vim, ssh, zsh, f"{HOME}/.bashrc")


@add("M16", "writing of other scripts (input method)")
def ibus(stage: Stage) -> None:
    daemon = owned("ibus", "/usr/bin/ibus-daemon")
    parts = ["ibus-x11", "ibus-extension-gtk3", "ibus-engine-libpinyin", "ibus-ui-gtk3"]
    paths = [owned("ibus", f"/usr/libexec/{one}") for one in parts]
    inner = [Program([one, "--kill-daemon"]) for one in paths]
    stage.lead(daemon, *paths)
    stage.start(Program([daemon, "--xim", "--panel", "disable"], inner=inner))


@add("M17", "device rules of a maker's package and of a hobbyist")
def rules(stage: Stage) -> None:
    path = "/etc/udev/rules.d/99-arduino.rules"
    stage.write(path, 'SUBSYSTEMS=="usb", ATTRS{idVendor}=="2341", MODE="0660", TAG+="uaccess"\n')
    other = "/usr/lib/udev/rules.d/90-calibre.rules"
    helper = owned("calibre", "/usr/bin/calibre-mount-helper")
    stage.write(other, f'ACTION=="add", SUBSYSTEM=="usb", RUN+="{helper}"\n')
    install("calibre", other)
    stage.lead(path, other, helper)


@add("M18", "program built anew while it runs, typed")
def built_anew(stage: Stage) -> None:
    path = make_program(f"{HOME}/projects/game/build/game")
    stage.lead(path)
    stage.start_at_terminal(Program(["./game"], exe=path, cwd=f"{HOME}/projects/game/build"))
    time.sleep(0.2)
    Path(path).unlink()
    make_program(path)


@add("M19", "web server's parts that name themselves")
def php(stage: Stage) -> None:
    path = owned("php8.2-fpm", "/usr/sbin/php-fpm8.2")
    inner = [Program(["php-fpm: pool www"], exe=path)]
    words = ["php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)"]
    stage.lead(path)
    stage.start(Program(words, exe=path, uid=0, inner=inner))


@add("M20", "password keeper with its bridge to the browser")
def keepass(stage: Stage) -> None:
    path = owned("keepassxc", "/usr/bin/keepassxc")
    bridge = owned("keepassxc", "/usr/bin/keepassxc-proxy")
    manifest = f"{HOME}/.mozilla/native-messaging-hosts/org.keepassxc.keepassxc_browser.json"
    stage.write(manifest, f'{{"name": "org.keepassxc.keepassxc_browser", "path": "{bridge}", '
                '"type": "stdio", "allowed_extensions": ["keepassxc-browser@keepassxc.org"]}\n'
                )  # fmt: skip
    first, second = pair()
    inner = Program([bridge], stdio=[first, second])
    firefox = owned("firefox-esr", "/usr/lib/firefox-esr/firefox-esr")
    stage.lead(path, bridge, manifest, firefox)
    stage.start(Program([firefox], keep=[connected(443)], inner=[inner]))
    stage.start(Program([path]))


@add("M21", "Python tools set up with pipx and uv, one of them a server for an editor")
def tools(stage: Stage) -> None:
    folder = f"{HOME}/.local/share/pipx/venvs/python-lsp-server/bin"
    make_folder(folder)
    Path(f"{folder}/python").symlink_to("/usr/bin/python3")
    script = stage.write(f"{folder}/pylsp", "import time\ntime.sleep(10**6)\n", 0o755)
    editor = owned("neovim", "/usr/bin/nvim")
    first, second = pair()
    inner = Program([f"{folder}/python", script], exe="/usr/bin/python3", stdio=[first, second])
    stage.lead(script, editor)
    stage.start_at_terminal(Program([editor, "main.py"], inner=[inner]))


@add("M22", "command window kept alive, with a loop the person typed")
def loop(stage: Stage) -> None:
    master, slave = terminal()
    streams = [slave, slave, slave]
    code = "while sleep 60; do curl -s localhost:8000/health; done"
    inner = Program(["bash", "-c", code], stdio=streams)
    shell = Program(["-zsh"], exe="/usr/bin/zsh", stdio=streams, before=os.setsid, inner=[inner])
    path = owned("kitty", "/usr/bin/kitty")
    stage.lead(path)
    stage.start(Program([path], keep=[master], inner=[shell]))


@add("M23", "bar of a tiling desktop and its set-up, scripts of the person's own")
def sway(stage: Stage) -> None:
    path = owned("waybar", "/usr/bin/waybar")
    code = "#!/bin/sh\nwhile sleep 600; do curl -s wttr.in; done\n"
    script = stage.write(f"{HOME}/.config/waybar/weather.sh", code, 0o755)
    config = f"{HOME}/.config/sway/config"
    stage.write(config, "exec swayidle -w\nexec_always waybar\nexec nm-applet --indicator\n")
    stage.lead(path, script, config)
    stage.start(Program([path], inner=[Program(["/bin/sh", script])]))
