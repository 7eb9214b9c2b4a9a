"""How a Windows computer is set up, read from the registry. Never run here: recorded answers only.

The keys are those Microsoft documents for each setting.
"""

from __future__ import annotations

from guardian.processes.model import (
    Backup,
    Redirect,
    ScreenLock,
    Seen,
    Setup,
    System,
    Unknown,
    Updates,
)
from guardian.processes.sources.machine import Machine
from guardian.processes.sources.posture.browsers import read_add_ons, read_saved_logins
from guardian.processes.sources.posture.hosts import find_redirected

DESKTOP = r"HKCU\Control Panel\Desktop"
POLICY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
WINLOGON = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
FIREWALL = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
INTERNET = r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings"
UPDATE_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU"
UPDATE_PAUSE = r"HKLM\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings"
ROOTS = r"HKCU\SOFTWARE\Microsoft\SystemCertificates\Root\Certificates"
TERMINAL = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server"
SSHD = r"HKLM\SYSTEM\CurrentControlSet\Services\sshd"
SHARES = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Shares"
CONSENT = r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
ADVERTISING = r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\AdvertisingInfo"
TELEMETRY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\DataCollection"
SECURE_BOOT = r"HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\State"
ADMINISTRATORS = "S-1-5-32-544"
AUTOMATIC_START = 2
ORDINARY_SHARES = ("print$", "ipc$", "admin$")
FILE_HISTORY = "~/AppData/Local/Microsoft/Windows/FileHistory/Configuration/Config1.xml"


def read_setup(machine: Machine) -> Setup:
    return Setup(
        system=System.WINDOWS,
        desktop="windows",
        screen_lock=read_screen_lock(machine),
        auto_login=read_auto_login(machine),
        # who asks for BitLocker's state without admin rights is refused
        encrypted=Unknown.DENIED,
        firewall=read_firewall(machine),
        admin=read_admin(machine),
        saved_logins=read_saved_logins(machine, System.WINDOWS),
        add_ons=read_add_ons(machine, System.WINDOWS),
        updates=read_updates(machine),
        redirects=read_redirects(machine),
        certificates=machine.registry.keys(ROOTS),
        remote_access=read_remote_access(machine),
        shares=read_shares(machine),
        permissions=read_permissions(machine),
        reports=read_reports(machine),
        secure_boot=truth(machine.registry.value(SECURE_BOOT, "UEFISecureBootEnabled")),
        backup=Backup("File History", Unknown.DENIED) if machine.there(FILE_HISTORY) else None,
    )


def truth(value: Seen[str | int]) -> Seen[bool]:
    return value if isinstance(value, Unknown) else str(value) == "1"


def number(value: Seen[str | int]) -> int:
    """A registry number, also where it stands as text; 0 for anything else."""
    return (
        int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0
    )


def read_screen_lock(machine: Machine) -> Seen[ScreenLock]:
    seconds = number(machine.registry.value(POLICY, "InactivityTimeoutSecs"))
    if seconds:
        return ScreenLock(True, -(-seconds // 60))
    locks = machine.registry.value(DESKTOP, "ScreenSaverIsSecure")
    active = machine.registry.value(DESKTOP, "ScreenSaveActive")
    if isinstance(locks, Unknown):
        # the lock after standby is kept elsewhere, and needs admin rights
        return Unknown.DENIED
    enabled = number(locks) == 1 and number(active) == 1
    wait = number(machine.registry.value(DESKTOP, "ScreenSaveTimeOut"))
    return ScreenLock(enabled, -(-wait // 60) if enabled else 0)


def read_auto_login(machine: Machine) -> Seen[str | None]:
    switched = machine.registry.value(WINLOGON, "AutoAdminLogon")
    if switched is Unknown.DENIED:
        return Unknown.DENIED
    if isinstance(switched, Unknown) or number(switched) != 1:
        return None
    name = machine.registry.value(WINLOGON, "DefaultUserName")
    return str(name) if not isinstance(name, Unknown) else ""


def read_firewall(machine: Machine) -> Seen[bool]:
    profiles = ("StandardProfile", "PublicProfile", "DomainProfile")
    states = [
        truth(machine.registry.value(rf"{FIREWALL}\{name}", "EnableFirewall")) for name in profiles
    ]
    known = [state for state in states if not isinstance(state, Unknown)]
    return all(known) if known else Unknown.DENIED


def read_admin(machine: Machine) -> Seen[bool]:
    """Whether the person belongs to the administrators, also while not using those rights."""
    groups = machine.run(("whoami", "/groups", "/fo", "csv", "/nh"))
    return ADMINISTRATORS in groups if isinstance(groups, str) else Unknown.ABSENT


def read_updates(machine: Machine) -> Updates:
    off = number(machine.registry.value(UPDATE_POLICY, "NoAutoUpdate")) == 1
    paused = machine.registry.value(UPDATE_PAUSE, "PauseUpdatesExpiryTime")
    return Updates(automatic=not off and not isinstance(paused, str))


def read_redirects(machine: Machine) -> Seen[tuple[Redirect, ...]]:
    text = machine.text("/Windows/System32/drivers/etc/hosts")
    hosts = find_redirected(text) if isinstance(text, str) else ()
    found = [Redirect("hosts", each) for each in hosts]
    if number(machine.registry.value(INTERNET, "ProxyEnable")) == 1:
        server = machine.registry.value(INTERNET, "ProxyServer")
        found.append(Redirect("proxy", server if isinstance(server, str) else ""))
    script = machine.registry.value(INTERNET, "AutoConfigURL")
    if isinstance(script, str) and script:
        found.append(Redirect("script", script))
    return tuple(found)


def read_remote_access(machine: Machine) -> Seen[tuple[str, ...]]:
    found = []
    refused = machine.registry.value(TERMINAL, "fDenyTSConnections")
    if not isinstance(refused, Unknown) and number(refused) == 0:
        found.append("Remote Desktop")
    if number(machine.registry.value(SSHD, "Start")) == AUTOMATIC_START:
        found.append("OpenSSH")
    return tuple(found)


def read_shares(machine: Machine) -> Seen[tuple[str, ...]]:
    names = machine.registry.names(SHARES)
    if isinstance(names, Unknown):
        return () if names is Unknown.ABSENT else names
    return tuple(name for name in names if name.lower() not in ORDINARY_SHARES)


def read_permissions(machine: Machine) -> Seen[tuple[str, ...]]:
    found = set()
    for device in ("webcam", "microphone"):
        for folder in (rf"{CONSENT}\{device}", rf"{CONSENT}\{device}\NonPackaged"):
            keys = machine.registry.keys(folder)
            for key in keys if not isinstance(keys, Unknown) else ():
                allowed = machine.registry.value(rf"{folder}\{key}", "Value")
                if allowed == "Allow" and key != "NonPackaged":
                    # the name of a desktop program is its path, with # for the slashes
                    found.add(key.replace("#", "\\").rpartition("\\")[2].partition("_")[0])
    return tuple(sorted(found))


def read_reports(machine: Machine) -> Seen[tuple[str, ...]]:
    found = []
    if machine.registry.value(rf"{CONSENT}\location", "Value") == "Allow":
        found.append("location")
    level = machine.registry.value(TELEMETRY, "AllowTelemetry")
    if isinstance(level, Unknown) or number(level) > 1:
        found.append("problems")
    if number(machine.registry.value(ADVERTISING, "Enabled")) == 1:
        found.append("advertising")
    return tuple(found)
