"""A small file tree of a Linux system, in which things that start by themselves are planted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from guardian.core.feature import Level
from guardian.processes.model import Finding, StartEntry
from guardian.processes.rules.assess import assess
from guardian.processes.sources.autostart.linux import take_entries
from tests.processes.builders import shipped_rules, snapshot

HOME = "/home/ada"
PROGRAMS = (
    "bash sh python3 curl wget tee nc socat ssh ssh-agent sudo su passwd gpg podman syncthing"
    " xinput scrot env nice nohup setsid rsync flatpak firefox starship borg logger script cat"
)


@cache
def rules() -> Any:
    return shipped_rules()


class PackageOfEverything:
    """Every file below /usr belongs to a package, but for /usr/local and what is named."""

    def __init__(self) -> None:
        self.foreign: set[str] = set()

    def find(
        self, paths: set[str], check: Callable[[], None] = lambda: None, /
    ) -> dict[str, str | None] | None:
        check()
        return {path: "package" if self._owns(path) else None for path in paths}

    def _owns(self, path: str) -> bool:
        usual = path.startswith("/usr/") and not path.startswith("/usr/local/")
        return usual and path not in self.foreign


class StartTree:
    """A system of Ada and Bob below ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.owners = PackageOfEverything()
        self.unread: tuple[str, ...] = ()
        self.put("/etc/passwd", "root:x:0:0::/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/sh\n")
        self.put("/home/bob/.profile", "")
        self.put(f"{HOME}/.profile", "")
        for name in PROGRAMS.split():
            self.put(f"/usr/bin/{name}", "\x7fELF")

    def put(self, path: str, text: str = "#!/bin/sh\n", mode: int = 0o755) -> str:
        file = Path(f"{self.root}{path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        file.chmod(mode)
        return path

    def link(self, path: str, aim: str) -> None:
        file = Path(f"{self.root}{path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(aim)

    def look(self) -> tuple[StartEntry, ...]:
        entries, self.unread = take_entries(HOME, self.owners, lambda: None, str(self.root))
        return entries

    def asked(self) -> dict[str, set[str]]:
        """The rules that hit, by the level of the card, without those that stay fine."""
        cards: dict[str, set[str]] = {}
        for finding in self.cards():
            if finding.level is not Level.FINE:
                rules = {hit.rule for hit in finding.hits}
                cards.setdefault(finding.level.value, set()).update(rules)
        return cards

    def cards(self) -> tuple[Finding, ...]:
        return assess(snapshot(entries=self.look()), rules(), me=1000).findings
