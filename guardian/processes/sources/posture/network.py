"""What lets others into a Linux computer, or steers its traffic."""

from __future__ import annotations

import re

from guardian.processes.model import Redirect, Seen, Unknown
from guardian.processes.sources.machine import Machine, sections, yes
from guardian.processes.sources.posture.desktop import ask_desktop
from guardian.processes.sources.posture.hosts import find_redirected

REMOTE_UNITS = re.compile(
    r"(ssh|sshd|xrdp|x11vnc|vncserver(-x11)?(@.*)?|tigervncserver@.*|wayvnc|anydesk|teamviewerd|"
    r"rustdesk|nxserver|xpra|gnome-remote-desktop|krfb|meshagent|chrome-remote-desktop(@.*)?|"
    r"dropbear|telnet|telnetd|webmin|cockpit)\.(service|socket)"
)
ROOT_FOLDERS = (
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/etc/ca-certificates/trust-source/anchors",
)
MOST_NAMES = 20


def read_firewall(machine: Machine) -> Seen[bool]:
    """ABSENT where only admin rights could tell."""
    active = machine.run(("systemctl", "is-active", "firewalld", "nftables"))
    if isinstance(active, str) and "active" in active.split():
        return True
    ufw = machine.text("/etc/ufw/ufw.conf")
    if isinstance(ufw, str):
        return yes(sections(ufw).get("", {}).get("enabled"))
    return Unknown.DENIED


def read_redirects(machine: Machine) -> Seen[tuple[Redirect, ...]]:
    text = machine.text("/etc/hosts")
    own = machine.text("/etc/hostname")
    name = own.strip() if isinstance(own, str) else ""
    hosts = find_redirected(text, name) if isinstance(text, str) else ()
    found = [Redirect("hosts", each) for each in hosts]
    mode = ask_desktop(machine, "org.gnome.system.proxy", "mode")
    if mode == "manual":
        host = ask_desktop(machine, "org.gnome.system.proxy.https", "host") or ""
        found.append(Redirect("proxy", host))
    elif mode == "auto":
        script = ask_desktop(machine, "org.gnome.system.proxy", "autoconfig-url") or ""
        found.append(Redirect("script", script))
    kde = machine.text("~/.config/kioslaverc")
    settings = sections(kde).get("proxy settings", {}) if isinstance(kde, str) else {}
    if settings.get("proxytype", "0") == "1":
        found.append(Redirect("proxy", settings.get("httpsproxy", "")))
    elif settings.get("proxytype", "0") in ("2", "3"):
        found.append(Redirect("script", settings.get("proxy config script", "")))
    for variable in ("https_proxy", "http_proxy", "all_proxy"):
        value = machine.environment.get(variable) or machine.environment.get(variable.upper())
        if value:
            # a proxy's address may hold a password before the @
            found.append(Redirect("proxy", value.rpartition("@")[2]))
            break
    return tuple(found)


def read_certificates(machine: Machine) -> Seen[tuple[str, ...]]:
    found = []
    for folder in ROOT_FOLDERS:
        for pattern in ("*", "*/*"):
            found += [
                file.name
                for file in machine.files(folder, pattern)
                if file.suffix in (".crt", ".pem", ".cer", ".p11-kit")
            ]
    return tuple(sorted(set(found)))[:MOST_NAMES]


def read_remote_access(machine: Machine) -> Seen[tuple[str, ...]]:
    """The services for it that start with this computer, and what the desktop shares."""
    found = set()
    for pattern in ("*.wants/*", "*.requires/*"):
        for unit in machine.files("/etc/systemd/system", pattern):
            if REMOTE_UNITS.fullmatch(unit.name):
                found.add(unit.name.rpartition(".")[0])
    for kind in ("rdp", "vnc"):
        schema = f"org.gnome.desktop.remote-desktop.{kind}"
        if ask_desktop(machine, schema, "enable") == "true":
            found.add(f"gnome-remote-desktop ({kind})")
    return tuple(sorted(found))


def read_shares(machine: Machine) -> Seen[tuple[str, ...]]:
    found = []
    wanted = {unit.name for unit in machine.files("/etc/systemd/system", "*.wants/*")}
    if wanted & {"smbd.service", "smb.service"}:
        text = machine.text("/etc/samba/smb.conf")
        shares = sections(text) if isinstance(text, str) else {}
        found += [name for name in shares if name not in ("", "global", "printers", "print$")]
    found += [file.name for file in machine.files("/var/lib/samba/usershares")]
    exports = machine.text("/etc/exports")
    if isinstance(exports, str):
        lines = (line.split("#")[0].strip() for line in exports.splitlines())
        found += [line.split()[0] for line in lines if line]
    return tuple(sorted(set(found)))[:MOST_NAMES]
