"""Files in which programs keep a person's secrets, known by where they lie, never opened here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from guardian.processes.sources.rawprocess import DELETED


@dataclass(frozen=True)
class Secret:
    """Files that ``path`` fits, below a home unless it begins with ``/``; both are expressions.

    ``keepers`` fits the names of programs whose own files these are, or whose work they are.
    """

    path: str
    keepers: str


PROFILES = (
    r"(?:google-chrome|chromium|BraveSoftware|microsoft-edge|vivaldi|opera|yandex-browser|"
    r"Google/Chrome|net\.imput\.helium|thorium)[^/]*/.+/"
)
CHROMIUM = r".*(?:chrom|brave|msedge|vivaldi|opera|yandex|edge|thorium|helium).*"
MOZILLA = r".*(?:firefox|librewolf|waterfox|icecat|palemoon|floorp|zen|mullvad|tor.?browser).*"

SECRETS = (
    Secret(PROFILES + r"(?:Network/)?(?:Login Data|Cookies|Web Data).*", CHROMIUM),
    Secret(
        r"(?:\.mozilla|\.librewolf|\.waterfox|\.zen|firefox|librewolf)/.*"
        r"(?:logins\.json|key4\.db|cookies\.sqlite).*",
        MOZILLA,
    ),
    Secret(
        r"(?:\.thunderbird|\.icedove|thunderbird)/.*"
        r"(?:logins\.json|key4\.db|(?:Imap)?Mail/.+|global-messages-db\.sqlite.*)",
        r".*(?:thunderbird|icedove|betterbird).*",
    ),
    Secret(r"(?:\.local/share|\.cache)/evolution/mail/.+", r"evolution.*"),
    Secret(
        r"(?:Maildir|Mail)/(?:.+/)?(?:cur|new)/.+", r".*(?:imap|mail|mbsync|mutt|kmail|notmuch).*"
    ),
    Secret(
        r"/var/(?:spool/)?mail/[^/]+", r".*(?:mail|exim|postfix|local|dovecot|imap|mutt|pop3).*"
    ),
    Secret(
        r"\.ssh/(?:id_[a-z0-9_-]+|identity|[^/]*\.(?:pem|key))", r".*ssh.*|scp|sftp|git.*|rsync"
    ),
    Secret(r"/etc/ssh/ssh_host_[a-z0-9]+_key", r"ssh.*"),
    Secret(r"\.gnupg/(?:private-keys-v1\.d/.+|secring\.gpg)", r"gpg.*|keyboxd|scdaemon|dirmngr"),
    Secret(r"\.local/share/keyrings/.+", r"gnome-keyring.*|seahorse|oo7.*|kwallet.*"),
    Secret(r"\.local/share/kwalletd/.+", r"kwallet.*|ksecretd"),
    Secret(r"\.password-store/.+\.gpg", r"gpg.*|pass|git|gopass"),
    Secret(r"(?:.+/)?[^/]+\.kdbx?", r".*(?:keepass|secrets|gnome-passwordsafe|kpcli).*"),
    Secret(
        r"\.(?:bitcoin|litecoin|dogecoin|dash)/(?:.+/)?wallet\.dat|\.electrum/(?:.+/)?wallets/.+"
        r"|\.ethereum/keystore/.+|(?:.+/)?(?:Exodus|atomic|Ledger Live)/.*wallet.*",
        r".*(?:coin|electrum|geth|exodus|atomic|ledger|dash).*",
    ),
    Secret(
        r"\.(?:netrc|pgpass|git-credentials)|\.aws/credentials|\.kube/config",
        r".+ctl|git.*|aws|k9s|helm",
    ),
    Secret(
        r"/etc/g?shadow-?",
        r"login|sshd.*|sudo|su|unix_chkpwd|passwd|chpasswd|user(?:add|mod|del)|gpasswd|chage|newusers|unix_update|.*(?:gdm|sddm|lightdm|"
        r"greetd|polkit|accounts-daemon|systemd).*|vipw|getty|cron|atd",
    ),
)
"""What counts as a secret. Only open files are compared with this; nothing is searched for."""

HOME = (
    r"(?:/home/[^/]+|/root|/var/lib/[^/]+|/mnt/.+|/media/.+)/"
    r"(?:\.config/|\.var/app/.+?/|snap/.+?/)?"
)


def whole(secret: Secret) -> str:
    return f"(?:{secret.path})" if secret.path.startswith("/") else f"{HOME}(?:{secret.path})"


PATTERN = re.compile("|".join(f"({whole(secret)})" for secret in SECRETS))
KEEPERS = tuple(re.compile(secret.keepers, re.IGNORECASE) for secret in SECRETS)
THROWN_AWAY = ("/tmp/", "/var/tmp/", "/dev/shm/")


@lru_cache(4096)
def find_secret(path: str) -> int | None:
    """Which of :data:`SECRETS` a path is; public keys are none."""
    if path.endswith((".pub", ".so")):
        return None
    match = PATTERN.fullmatch(path.removesuffix(DELETED))
    return None if match is None or match.lastindex is None else match.lastindex - 1


def find_private_files(paths: list[str], exe: str) -> tuple[str, ...]:
    """Those of a process's open files that are another program's secrets.

    ``exe`` is its program file. A program in a folder for temporary files keeps nothing there,
    whatever it calls itself.
    """
    name = exe.rpartition("/")[2]
    trusted = not exe.startswith(THROWN_AWAY)
    found = set()
    for path in paths:
        which = find_secret(path)
        if which is not None and not (trusted and KEEPERS[which].fullmatch(name)):
            found.add(path)
    return tuple(sorted(found))
