"""How a computer is set up: read from its files, its commands or its registry, judged in words."""

from __future__ import annotations

import json
import os
import plistlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.words import Words
from guardian.processes.model import (
    AddOn,
    Answer,
    Backup,
    Check,
    Person,
    Redirect,
    SavedLogins,
    ScreenLock,
    Seen,
    Setup,
    System,
    Unknown,
    Updates,
)
from guardian.processes.rules.posture import CHECKS, judge_setup
from guardian.processes.sources.machine import Machine, sections
from guardian.processes.sources.posture import linux, macos, windows
from guardian.processes.sources.posture.browsers import read_add_ons, read_saved_logins
from guardian.processes.sources.posture.hosts import find_redirected
from tests.processes.recorded import Recorded

WORDS = Words()
ORDER = (Answer.LOOK, Answer.UNREAD, Answer.FINE)


def answers(setup: Setup) -> dict[str, Check]:
    return {check.key: check for check in judge_setup(setup)}


def linux_machine(tmp_path: Path, files: Mapping[str, str], **more: Any) -> Machine:
    root, home = tmp_path / "root", tmp_path / "root" / "home" / "ada"
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for name, text in files.items():
        file = home / name[2:] if name.startswith("~/") else root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    said: Mapping[tuple[str, ...], str] = more.pop("said", {})

    def run(command: Sequence[str]) -> Seen[str]:
        return said.get(tuple(command), Unknown.ABSENT)

    return Machine(home, root, run=run, uid=1000, **more)


def gnome(**settings: str) -> dict[tuple[str, ...], str]:
    names = {
        "lock": ("org.gnome.desktop.screensaver", "lock-enabled"),
        "idle": ("org.gnome.desktop.session", "idle-delay"),
        "proxy": ("org.gnome.system.proxy", "mode"),
        "script": ("org.gnome.system.proxy", "autoconfig-url"),
        "location": ("org.gnome.system.location", "enabled"),
    }
    return {("gsettings", "get", *names[name]): value for name, value in settings.items()}


DESKTOP = {"XDG_CURRENT_DESKTOP": "GNOME"}


@pytest.mark.parametrize(
    ("said", "answer", "variant"),
    [
        (gnome(lock="true\n", idle="uint32 300\n"), Answer.FINE, ""),
        (gnome(lock="true\n", idle="uint32 1800\n"), Answer.LOOK, "slow"),
        (gnome(lock="true\n", idle="uint32 0\n"), Answer.LOOK, ""),
        (gnome(lock="false\n", idle="uint32 300\n"), Answer.LOOK, ""),
        ({}, Answer.UNREAD, ""),
    ],
)
def test_the_lock_of_the_screen_is_asked_of_the_desktop(
    tmp_path: Path, said: dict[tuple[str, ...], str], answer: Answer, variant: str
) -> None:
    machine = linux_machine(tmp_path, {}, said=said, environment=DESKTOP)
    check = answers(linux.read_setup(machine))["screen-lock"]
    assert (check.answer, check.variant) == (answer, variant)


def test_without_a_desktop_its_defaults_are_not_taken_for_settings(tmp_path: Path) -> None:
    machine = linux_machine(tmp_path, {}, said=gnome(lock="true", idle="uint32 300"))
    assert linux.read_setup(machine).screen_lock is Unknown.ABSENT


@pytest.mark.parametrize(
    ("files", "lock"),
    [
        ({}, ScreenLock(True, 5)),
        ({"~/.config/kscreenlockerrc": "[Daemon]\nAutolock=false\n"}, ScreenLock(False, 0)),
        ({"~/.config/kscreenlockerrc": "[Daemon]\nTimeout=20\n"}, ScreenLock(True, 20)),
    ],
)
def test_kde_writes_only_what_differs_from_its_defaults(
    tmp_path: Path, files: dict[str, str], lock: ScreenLock
) -> None:
    machine = linux_machine(tmp_path, files, environment={"XDG_CURRENT_DESKTOP": "KDE"})
    assert linux.read_setup(machine).screen_lock == lock


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        (
            "etc/gdm3/daemon.conf",
            "[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=ada\n",
            "ada",
        ),
        (
            "etc/gdm3/daemon.conf",
            "[daemon]\n#AutomaticLoginEnable=true\nAutomaticLogin=ada\n",
            None,
        ),
        ("etc/gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable=False\nAutomaticLogin=a\n", None),
        ("etc/sddm.conf.d/auto.conf", "[Autologin]\nUser=ada\nSession=plasma\n", "ada"),
        ("etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=ada\n", "ada"),
        ("etc/lightdm/lightdm.conf", "[Seat:*]\n# autologin-user=ada\n", None),
        ("etc/greetd/config.toml", '[initial_session]\ncommand = "sway"\nuser = "ada"\n', "ada"),
        (
            "etc/systemd/system/getty@tty1.service.d/x.conf",
            "[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin ada %I\n",
            "ada",
        ),
    ],
)
def test_who_is_logged_in_without_a_password_is_found(
    tmp_path: Path, file: str, text: str, name: str | None
) -> None:
    setup = linux.read_setup(linux_machine(tmp_path, {file: text}))
    assert setup.auto_login == name
    expected = Answer.FINE if name is None else Answer.LOOK
    assert answers(setup)["auto-login"].answer is expected


def test_a_computer_without_a_known_login_program_cannot_be_read() -> None:
    assert answers(Setup(System.LINUX))["auto-login"].answer is Answer.UNREAD


def test_an_encrypted_disk_is_found_below_other_layers(tmp_path: Path) -> None:
    home = tmp_path / "root" / "home" / "ada"
    mounts = f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 253:2 / {home} rw - ext4 /dev/x rw\n"
    machine = linux_machine(tmp_path, {"proc/self/mountinfo": mounts})
    top = machine.at("/sys/dev/block/253:2")
    (top / "slaves" / "dm-1" / "dm").mkdir(parents=True)
    (top / "dm").mkdir()
    (top / "dm" / "uuid").write_text("LVM-abc\n")
    assert linux.read_encryption(machine) is False
    (top / "slaves" / "dm-1" / "dm" / "uuid").write_text("CRYPT-LUKS2-abc\n")
    assert linux.read_encryption(machine) is True


def test_a_disk_that_cannot_be_seen_is_not_called_open(tmp_path: Path) -> None:
    mounts = "1 0 0:31 / / rw - overlay overlay rw\n"
    machine = linux_machine(tmp_path, {"proc/self/mountinfo": mounts})
    assert linux.read_encryption(machine) is Unknown.ABSENT
    assert answers(linux.read_setup(machine))["encryption"].answer is Answer.UNREAD


def test_the_firewall_is_unknown_rather_than_off(tmp_path: Path) -> None:
    def state(files: dict[str, str], said: dict[tuple[str, ...], str]) -> Answer:
        machine = linux_machine(tmp_path, files, said=said)
        return answers(linux.read_setup(machine))["firewall"].answer

    units = ("systemctl", "is-active", "firewalld", "nftables")
    assert state({}, {}) is Answer.UNREAD
    assert state({}, {units: "active\ninactive\n"}) is Answer.FINE
    assert state({"etc/ufw/ufw.conf": "# x\nENABLED=yes\n"}, {}) is Answer.FINE
    assert state({"etc/ufw/ufw.conf": "ENABLED=no\n"}, {units: "inactive\n"}) is Answer.LOOK


PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n"
    "ben:x:1001:1001::/home/ben:/bin/zsh\nsvc:x:1002:1002::/:/usr/sbin/nologin\n"
    "nobody:x:65534:65534::/:/usr/sbin/nologin\n"
)


def test_people_are_those_who_can_log_in(tmp_path: Path) -> None:
    files = {"etc/passwd": PASSWD, "etc/group": "sudo:x:27:ada,ben\nusers:x:100:svc\n"}
    setup = linux.read_setup(linux_machine(tmp_path, files))
    assert setup.people == (Person("ada", True), Person("ben", True))
    assert setup.admin is True
    found = answers(setup)
    assert (found["people"].answer, found["admin"].answer) == (Answer.LOOK, Answer.LOOK)


def test_a_second_administrator_under_another_name_is_told(tmp_path: Path) -> None:
    files = {"etc/passwd": PASSWD + "backup2:x:0:0::/var/lib/x:/bin/bash\n"}
    check = answers(linux.read_setup(linux_machine(tmp_path, files)))["people"]
    assert (check.answer, check.variant, check.facts) == (
        Answer.LOOK, "second-root", {"name": "backup2"},
    )  # fmt: skip


def test_the_only_person_here_is_not_blamed_for_being_administrator(tmp_path: Path) -> None:
    files = {"etc/passwd": PASSWD.replace("ben:x:1001", "ben:x:101"), "etc/group": "sudo:x:2:ada"}
    machine = linux_machine(tmp_path, files)
    machine.home.chmod(0o755)
    found = answers(linux.read_setup(machine))
    assert (found["admin"].answer, found["admin"].variant) == (Answer.FINE, "alone")
    assert (found["open-places"].answer, found["open-places"].variant) == (Answer.FINE, "alone")


def test_open_folders_count_only_where_others_can_get_to_them(tmp_path: Path) -> None:
    machine = linux_machine(tmp_path, {"etc/passwd": PASSWD})
    documents = machine.home / "Documents"
    documents.mkdir()
    documents.chmod(0o755)
    assert linux.read_open_places(machine) == ()
    machine.home.chmod(0o711)
    assert linux.read_open_places(machine) == ("~/Documents",)
    assert answers(linux.read_setup(machine))["open-places"].answer is Answer.LOOK


def test_saved_passwords_are_counted_and_never_read(tmp_path: Path) -> None:
    machine = linux_machine(tmp_path, {"~/.mozilla/firefox/a.default/prefs.js": ""})
    profile = machine.home / ".config" / "chromium" / "Default"
    profile.mkdir(parents=True)
    with closing(sqlite3.connect(profile / "Login Data")) as database, database:
        database.execute("CREATE TABLE logins (password_value BLOB, blacklisted_by_user INTEGER)")
        database.executemany("INSERT INTO logins VALUES ('x', ?)", [(0,), (0,), (1,)])
    logins = machine.home / ".mozilla" / "firefox" / "a.default" / "logins.json"
    logins.write_text(json.dumps({"logins": [{}, {}, {}]}))
    assert read_saved_logins(machine) == (SavedLogins("Chromium", 2), SavedLogins("Firefox", 3))
    check = answers(linux.read_setup(machine))["saved-logins"]
    assert check.facts == {"count": 5, "names": "Chromium, Firefox"}


def test_add_ons_that_read_every_page_are_named_and_the_browsers_own_are_not(
    tmp_path: Path,
) -> None:
    def entry(name: str, location: int, **more: Any) -> dict[str, Any]:
        return {"location": location, "state": 1, "manifest": {"name": name, **more}}

    chromium = {
        "a": entry("Reader", 1, host_permissions=["<all_urls>"]),
        "b": entry("Part of it", 5, permissions=["<all_urls>"]),
        "c": entry("One site", 1, permissions=["https://x.example/*"]),
        "d": {**entry("Off", 1, permissions=["<all_urls>"]), "state": 0},
        "e": entry("Boss", 7),
        "f": entry("Quiet", 1, content_scripts=[{"matches": ["*://*/*"]}]),
        "g": "nonsense",
    }
    firefox = {
        "addons": [
            {
                "type": "extension", "active": True, "location": "app-profile", "id": "x@y",
                "defaultLocale": {"name": "Fox reader"},
                "userPermissions": {"origins": ["<all_urls>"]},
            },
            {"type": "theme", "active": True, "location": "app-profile"},
            None,
        ]
    }  # fmt: skip
    machine = linux_machine(
        tmp_path,
        {
            "~/.config/google-chrome/Profile 1/Secure Preferences": json.dumps(
                {"extensions": {"settings": chromium}}
            ),
            "~/.mozilla/firefox/a/extensions.json": json.dumps(firefox),
        },
    )
    assert read_add_ons(machine) == (
        AddOn("Chrome", "Reader", True, False),
        AddOn("Chrome", "Boss", False, True),
        AddOn("Chrome", "Quiet", True, False),
        AddOn("Firefox", "Fox reader", True, False),
    )
    assert answers(linux.read_setup(machine))["add-ons"].variant == "forced"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("127.0.0.1 localhost", ()),
        ("0.0.0.0 ads.example.com", ()),
        ("127.0.1.1 desk.example.org desk", ()),
        ("192.168.1.5 nas.lan", ()),
        ("192.168.1.5 nas", ()),
        ("10.0.0.9 desk.corp.example.com desk", ()),
        ("203.0.113.9 www.bank.com # ha", ("www.bank.com → 203.0.113.9",)),
        ("2001:db8::1 login.bank.com", ("login.bank.com → 2001:db8::1",)),
        ("# 203.0.113.9 www.bank.com", ()),
        ("nonsense", ()),
    ],
)
def test_only_public_names_sent_elsewhere_are_redirects(line: str, found: tuple[str, ...]) -> None:
    assert find_redirected(line, "desk") == found


def test_a_password_in_a_proxys_address_is_not_kept(tmp_path: Path) -> None:
    machine = linux_machine(
        tmp_path, {}, environment={"HTTPS_PROXY": "http://ada:canary@proxy.example:3128"}
    )
    assert linux.read_redirects(machine) == (Redirect("proxy", "proxy.example:3128"),)


def test_services_for_remote_access_count_when_they_start_by_themselves(tmp_path: Path) -> None:
    wants = "etc/systemd/system/multi-user.target.wants"
    files = {f"{wants}/ssh.service": "", f"{wants}/cron.service": "", "etc/ssh/sshd_config": ""}
    setup = linux.read_setup(linux_machine(tmp_path, files))
    assert setup.remote_access == ("ssh",)
    assert answers(setup)["remote-access"].answer is Answer.LOOK


def test_shares_certificates_reports_and_updates_are_read(tmp_path: Path) -> None:
    files = {
        "etc/systemd/system/multi-user.target.wants/smbd.service": "",
        "etc/samba/smb.conf": "[global]\nworkgroup = X\n[photos]\npath = /srv\n[printers]\n",
        "etc/exports": "# none\n/srv/music *(ro)\n",
        "usr/local/share/ca-certificates/school.crt": "",
        "etc/popularity-contest.conf": 'PARTICIPATE="yes"\n',
        "etc/apt/apt.conf.d/20auto-upgrades": 'APT::Periodic::Unattended-Upgrade "1";\n',
        "var/lib/update-notifier/updates-available": "\n41 updates can be applied\n",
        "etc/timeshift/timeshift.json": '{"backup_device_uuid": "abc"}',
    }
    setup = linux.read_setup(linux_machine(tmp_path, files))
    assert setup.shares == ("/srv/music", "photos")
    assert setup.certificates == ("school.crt",)
    assert setup.reports == ("statistics",)
    assert (setup.updates.automatic, setup.updates.waiting) == (True, 41)
    assert setup.backup == Backup("Timeshift", Unknown.DENIED)
    assert answers(setup)["updates"].variant == "waiting"


def test_old_and_missing_updates_are_told(tmp_path: Path) -> None:
    machine = linux_machine(tmp_path, {"var/lib/apt/periodic/update-success-stamp": ""})
    os.utime(machine.at("/var/lib/apt/periodic/update-success-stamp"), (0, 0))
    assert answers(linux.read_setup(machine))["updates"].variant == "old"


def test_secure_boot_is_the_last_byte_of_the_firmwares_variable(tmp_path: Path) -> None:
    machine = linux_machine(tmp_path, {})
    assert linux.read_secure_boot(machine) is Unknown.ABSENT
    folder = machine.at("/sys/firmware/efi/efivars")
    folder.mkdir(parents=True)
    for last, expected in ((b"\x01", True), (b"\x00", False)):
        (folder / "SecureBoot-8be4df61").write_bytes(b"\x06\x00\x00\x00" + last)
        assert linux.read_secure_boot(machine) is expected


WINDOWS: dict[str, dict[str, Any]] = {
    windows.DESKTOP: {
        "ScreenSaverIsSecure": "1", "ScreenSaveActive": "1", "ScreenSaveTimeOut": "600",
    },
    windows.WINLOGON: {
        "AutoAdminLogon": "1", "DefaultUserName": "ada", "DefaultPassword": "canary",
    },
    rf"{windows.FIREWALL}\StandardProfile": {"EnableFirewall": 1},
    rf"{windows.FIREWALL}\PublicProfile": {"EnableFirewall": 0},
    windows.INTERNET: {"ProxyEnable": 0, "AutoConfigURL": "http://wpad.example/a.pac"},
    rf"{windows.ROOTS}\AABBCC": {},
    windows.TERMINAL: {"fDenyTSConnections": 0},
    windows.SHARES: {"photos": "x", "print$": "y"},
    rf"{windows.CONSENT}\webcam\NonPackaged\C:#Tools#peek.exe": {"Value": "Allow"},
    rf"{windows.CONSENT}\webcam\Contoso.Camera_8wek": {"Value": "Deny"},
    rf"{windows.CONSENT}\location": {"Value": "Allow"},
    windows.SECURE_BOOT: {"UEFISecureBootEnabled": 1},
}  # fmt: skip


def test_a_windows_computer_is_read_from_its_registry(tmp_path: Path) -> None:
    groups = {
        ("whoami", "/groups", "/fo", "csv", "/nh"): '"BUILTIN\\Admins","Alias","S-1-5-32-544"'
    }
    machine = replace(linux_machine(tmp_path, {}, said=groups), registry=Recorded(WINDOWS))
    setup = windows.read_setup(machine)
    assert setup.screen_lock == ScreenLock(True, 10)
    assert setup.auto_login == "ada"
    assert setup.firewall is False
    assert setup.admin is True
    assert setup.redirects == (Redirect("script", "http://wpad.example/a.pac"),)
    assert setup.certificates == ("AABBCC",)
    assert setup.remote_access == ("Remote Desktop",)
    assert setup.shares == ("photos",)
    assert setup.permissions == ("peek.exe",)
    assert setup.reports == ("location", "problems")
    assert setup.secure_boot is True
    assert "canary" not in repr(setup)
    found = answers(setup)
    assert found["encryption"].answer is Answer.UNREAD
    assert all(check.way == "windows" for check in found.values())


def test_an_empty_registry_is_no_all_clear(tmp_path: Path) -> None:
    machine = replace(linux_machine(tmp_path, {}), registry=Recorded({}))
    found = answers(windows.read_setup(machine))
    for key in ("screen-lock", "firewall", "encryption", "admin", "people", "secure-boot"):
        assert found[key].answer is Answer.UNREAD


MAC = {
    ("fdesetup", "status"): "FileVault is On.\n",
    ("sysadminctl", "-screenLock", "status"): "screenLock delay is 300 seconds\n",
    ("defaults", "-currentHost", "read", "com.apple.screensaver", "idleTime"): "600\n",
    (macos.FIREWALL, "--getglobalstate"): "Firewall is disabled. (State = 0)\n",
    ("dscl", ".", "list", "/Users", "UniqueID"): "_www 70\nada 501\nben 502\nroot 0\n",
    ("dscl", ".", "read", "/Groups/admin", "GroupMembership"): "GroupMembership: root ada\n",
    ("id", "-Gn"): "staff admin everyone\n",
    ("csrutil", "status"): "System Integrity Protection status: enabled.\n",
    ("scutil", "--proxy"): "  HTTPSEnable : 1\n  HTTPSProxy : proxy.example\n",
    ("launchctl", "print-disabled", "system"): '"com.apple.screensharing" => enabled\n',
    ("sharing", "-l"): "name:\t\tAda’s Public Folder\npath: /x\n",
}


def test_a_mac_is_read_through_its_commands(tmp_path: Path) -> None:
    machine = linux_machine(tmp_path, {}, said=MAC)
    folder = machine.at(macos.PREFERENCES)
    folder.mkdir(parents=True)
    for name, document in (
        ("com.apple.loginwindow", {"GuestEnabled": True}),
        ("com.apple.SoftwareUpdate", {"AutomaticallyInstallMacOSUpdates": True}),
        ("com.apple.TimeMachine", {"Destinations": [{"LastKnownEncryptionState": "Encrypted"}]}),
    ):
        (folder / f"{name}.plist").write_bytes(plistlib.dumps(document))
    setup = macos.read_setup(machine)
    assert (setup.encrypted, setup.firewall, setup.admin) == (True, False, True)
    assert setup.screen_lock == ScreenLock(True, 10)
    assert setup.people == (Person("ada", True), Person("ben", False))
    assert (setup.guest, setup.auto_login) == (True, None)
    assert setup.redirects == (Redirect("proxy", "proxy.example"),)
    assert setup.remote_access == ("Screen Sharing",)
    assert setup.shares == ("Ada’s Public Folder",)
    assert setup.backup == Backup("Time Machine", True)
    assert answers(setup)["people"].variant == "guest"


def test_broken_and_strange_files_are_not_read_and_nothing_fails(tmp_path: Path) -> None:
    machine = linux_machine(
        tmp_path,
        {
            "etc/ufw/ufw.conf": "\x00[[[=\n=\n",
            "etc/timeshift/timeshift.json": "[1",
            "etc/passwd": "::::\nx:y\n" + "a:1000:1000\n",
            "etc/hosts": "\x00 \x00\n1.2.3.4\n",
            "~/.config/chromium/Default/Preferences": "{" * 5000,
            "~/.config/chromium/Default/Login Data": "no database",
            "~/.mozilla/firefox/a/prefs.js": "",
            "~/.mozilla/firefox/a/logins.json": "[]",
        },
    )
    os.mkfifo(machine.at("/etc/group"))
    os.mkfifo(machine.home / ".config" / "kioslaverc")
    machine.at("/etc/exports").symlink_to("exports")
    assert len(judge_setup(linux.read_setup(machine))) == len(CHECKS) == 18
    (machine.at(macos.PREFERENCES)).mkdir(parents=True)
    machine.at(f"{macos.PREFERENCES}/com.apple.loginwindow.plist").write_bytes(b"\x00bplist")
    assert len(judge_setup(macos.read_setup(machine))) == 18


def test_this_machine_is_read_without_changing_anything() -> None:
    setup = linux.read_setup(Machine(Path.home(), environment=os.environ, uid=os.getuid()))
    assert {check.key for check in judge_setup(setup)} == {key for key, _ in CHECKS}


names = st.tuples(st.text(max_size=9)) | st.just(())
seen = st.sampled_from(Unknown)


@given(
    system=st.sampled_from(System),
    lock=seen | st.builds(ScreenLock, st.booleans(), st.integers(0, 99)),
    login=seen | st.none() | st.text(max_size=9),
    flags=st.tuples(*[seen | st.booleans()] * 5),
    people=seen | st.tuples(st.builds(Person, st.text(max_size=9), st.booleans())),
    lists=st.tuples(*[seen | names] * 6),
    saved=seen | st.tuples(st.builds(SavedLogins, st.text(max_size=9), st.integers(1, 9))),
    redirects=seen
    | st.tuples(
        st.builds(Redirect, st.sampled_from(("hosts", "proxy", "script")), st.text(max_size=9))
    ),
    reports=seen
    | st.tuples(st.sampled_from(("location", "advertising", "statistics", "problems"))),
    updates=st.builds(
        Updates, seen | st.booleans(), seen | st.integers(0, 99), seen | st.integers(0, 99)
    ),
    backup=seen | st.none() | st.builds(Backup, st.text(max_size=9), seen | st.booleans()),
)
def test_every_answer_has_its_sentence_and_every_open_one_a_way(  # noqa: PLR0917
    system: System, lock: Any, login: Any, flags: Any, people: Any, lists: Any, saved: Any,
    redirects: Any, reports: Any, updates: Updates, backup: Any,
) -> None:  # fmt: skip
    setup = Setup(
        system=system, desktop="kde", screen_lock=lock, auto_login=login, encrypted=flags[0],
        firewall=flags[1], guest=flags[2], admin=flags[3], secure_boot=flags[4], people=people,
        open_places=lists[0], certificates=lists[1], remote_access=lists[2], shares=lists[3],
        permissions=lists[4], saved_logins=saved, redirects=redirects, reports=reports,
        updates=updates, backup=backup,
    )  # fmt: skip
    checks = judge_setup(setup)
    order = [ORDER.index(one.answer) for one in checks]
    assert order == sorted(order)
    for check in checks:
        assert check.title().code in WORDS
        assert check.tell().code in WORDS
        way = check.fix()
        assert (way is None) == (check.answer is Answer.FINE)
        assert way is None or way.code in WORDS


@given(st.text(max_size=300))
def test_any_text_is_taken_apart_into_settings(text: str) -> None:
    for section, settings in sections(text).items():
        assert section == section.lower()
        assert all(isinstance(value, str) for value in settings.values())
