"""The vault's one door: make and open vaults, and say where the person stands with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.feature import Level, Step, Summary
from guardian.core.jobs import Report, report_nothing
from guardian.core.store import Store
from guardian.core.words import message
from guardian.vault.keys import LEAST_CHARACTERS, MOST_CHARACTERS, check_new_passphrase
from guardian.vault.model import VaultInfo, VaultState, shown
from guardian.vault.repository import VaultRepository
from guardian.vault.unlocked import Vault

__all__ = ["LEAST_CHARACTERS", "MOST_CHARACTERS", "Vault", "VaultService", "place_of"]


class VaultService:
    """Knows where vaults are; what is in them is known to an open :class:`Vault` alone."""

    key = "vault"

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._vaults = VaultRepository(store)
        self._clock = clock

    def create(self, folder: Path, passphrase: str, report: Report = report_nothing) -> Vault:
        """Make a vault in ``folder`` (empty or not there yet) and open it.

        Raises ``Problem`` and leaves nothing behind where that cannot be.
        """
        from guardian.vault.cryptomator import root

        check_new_passphrase(passphrase)
        folder = place_of(folder)
        report(0, 0, message("vault.progress.creating"))
        vault = Vault(folder, root.create(folder, passphrase))
        self._vaults.remember(folder, self._clock())
        report(1, 1)
        return vault

    def open(self, folder: Path, passphrase: str, report: Report = report_nothing) -> Vault:
        """Open the vault in ``folder``. Raises ``Problem``, among them ``passphrase-wrong``."""
        from guardian.vault.cryptomator import root

        folder = place_of(folder)
        report(0, 0, message("vault.progress.opening"))
        vault = Vault(folder, root.unlock(folder, passphrase))
        self._vaults.remember(folder, self._clock())
        report(1, 1)
        return vault

    def known(self) -> tuple[VaultInfo, ...]:
        """The vaults this person made or opened here, the latest first."""
        return self._vaults.all()

    def forget(self, folder: Path) -> None:
        """No longer list the vault in ``folder``. The vault itself is not touched."""
        self._vaults.forget(place_of(folder))

    def check(self, report: Report = report_nothing) -> None:
        """Look whether the known vaults are where they were. Needs no passphrase."""
        known = self.known()
        states: dict[Path, VaultState] = {}
        for done, info in enumerate(known):
            report(done, len(known), message("vault.progress.looking"))
            states[info.path] = look_at(info.path)
        self._vaults.note_states(states, self._clock())
        report(len(known), len(known))

    def summary(self) -> Summary:
        known = self.known()
        if not known:
            return Summary(None, message("vault.summary.none"))
        if any(info.state is None for info in known):
            return Summary(None, message("vault.summary.not-looked", count=len(known)))
        lost = [info for info in known if info.state is not VaultState.FOUND]
        if lost:
            return Summary(Level.ASK, message("vault.summary.lost", count=len(lost)))
        return Summary(Level.FINE, message("vault.summary.found", count=len(known)))

    def next_steps(self) -> tuple[Step, ...]:
        """Find what is lost; make a first vault."""
        known = self.known()
        if not known:
            return (
                Step(
                    message("vault.step.create"),
                    message("vault.step.create.why"),
                    minutes=5,
                    command="guardian vault create DIR",
                ),
            )
        return tuple(to_step(info) for info in known if info.state not in (None, VaultState.FOUND))


def place_of(path: Path) -> Path:
    """``path`` from the root on, with the person's home for ``~``. Raises ``Problem``."""
    with suppress(RuntimeError):  # nobody of that name here: as in a shell, it is then a name
        path = path.expanduser()
    with mendable_file_errors(Path(shown(path.name))):  # the folder we are in may be gone
        return path.absolute()


def look_at(folder: Path) -> VaultState:
    """What lies at a vault's place, judged by its outside."""
    from guardian.vault.cryptomator import root

    try:
        root.inspect(folder)
    except Problem as problem:
        missing = problem.code == "vault-missing"
        return VaultState.MISSING if missing else VaultState.NOT_A_VAULT
    return VaultState.FOUND


def to_step(info: VaultInfo) -> Step:
    """What to do about a vault that is not where it was, or no longer looks like one."""
    if info.state is VaultState.MISSING:
        title, why = message("vault.step.find", name=info.name), message("vault.step.find.why")
        return Step(title, why, minutes=3, command="guardian vault known")
    title, why = message("vault.step.repair", name=info.name), message("vault.step.repair.why")
    return Step(title, why, minutes=10, command="guardian vault known")
