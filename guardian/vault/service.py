"""The vault's one door: make and open vaults, and say where the person stands with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.feature import Observation, Step, Summary
from guardian.core.jobs import Report, report_nothing
from guardian.core.store import Store
from guardian.core.words import message
from guardian.vault import observing, standing
from guardian.vault.access.keys import (
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    Strength,
    check_new_passphrase,
    judge,
    own_words,
    suggest_passphrase,
)
from guardian.vault.model import BackedUp, Sheet, VaultInfo, VaultState, shown
from guardian.vault.outside import Loan
from guardian.vault.preview.model import Facts, Hit, Hits, Look, Picture, Saying, Text
from guardian.vault.repository import VaultMemory, VaultRepository
from guardian.vault.unlocked import Vault

if TYPE_CHECKING:
    from guardian.vault.cryptomator.filesystem import Filesystem

__all__ = [
    "LEAST_CHARACTERS",
    "MOST_CHARACTERS",
    "Facts",
    "Hit",
    "Hits",
    "Loan",
    "Look",
    "Picture",
    "Saying",
    "Strength",
    "Text",
    "Vault",
    "VaultService",
    "forget_copies",
    "judge",
    "own_words",
    "place_of",
    "suggest_passphrase",
]


def forget_copies(owner: str) -> None:
    """Delete the copies for other programs that the profile ``owner``, now removed, left behind."""
    from guardian.vault import outside

    outside.forget(owner)


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

        folder = place_of(folder)
        check_new_passphrase(passphrase, own_words(folder.name))
        report(0, 0, message("vault.progress.creating"))
        return self._opened(folder, root.create(folder, passphrase), report)

    def open(self, folder: Path, passphrase: str, report: Report = report_nothing) -> Vault:
        """Open the vault in ``folder``. Raises ``Problem``, among them ``passphrase-wrong``."""
        from guardian.vault.cryptomator import root

        folder = place_of(folder)
        report(0, 0, message("vault.progress.opening"))
        return self._opened(folder, root.unlock(folder, passphrase), report)

    def _opened(self, folder: Path, tree: Filesystem, report: Report) -> Vault:
        from guardian.core.confinement import forbid_dumps
        from guardian.vault import outside

        forbid_dumps()  # keys and documents are in this process's memory from now on
        outside.sweep(self._vaults.owner)
        self._vaults.remember(folder, self._clock())
        memory = VaultMemory(self._vaults, folder, tree.key.mark)
        report(1, 1)
        return Vault(folder, tree, memory, self._clock)

    def sweep(self, _report: Report = report_nothing) -> None:
        """Delete the copies for other programs that an earlier run of Guardian left behind."""
        from guardian.vault import outside

        outside.sweep(self._vaults.owner)

    def lends_on_disk(self, size: int) -> bool:
        """Whether a copy for another program would lie on a disk; ``size`` is in bytes."""
        from guardian.vault import outside

        return outside.choose_place(size)[1]

    def left_over(self, _report: Report = report_nothing) -> tuple[Loan, ...]:
        """Copies for other programs that were changed, and whose Guardian ended before it could
        bring them in. They stay until ``Vault.take_back`` or ``Loan.end``."""
        from guardian.vault import outside

        return outside.left_over(self._vaults.owner)

    # keys

    def change_passphrase(
        self, folder: Path, old: str, new: str, report: Report = report_nothing
    ) -> int:
        """Let ``new`` open the vault instead of ``old``. A crash leaves one or the other valid.

        Answers how many key files for earlier passphrases other programs left in its folder.
        Copies of the vault made before still open with ``old``.
        """
        from guardian.vault.cryptomator import root

        folder = place_of(folder)
        check_new_passphrase(new, own_words(folder.name))
        report(0, 0, message("vault.progress.passphrase"))
        left = root.change_passphrase(folder, old, new)
        report(1, 1)
        return left

    def has_recovery(self, folder: Path) -> bool:
        """Whether recovery words were made for the vault in ``folder``. Needs no passphrase."""
        from guardian.vault.access import recovery

        return recovery.is_there(place_of(folder))

    def make_recovery(
        self, folder: Path, passphrase: str, report: Report = report_nothing
    ) -> Sheet:
        """New recovery words for the vault; earlier ones end. They are in the answer only."""
        from guardian.vault.access import recovery

        report(0, 0, message("vault.progress.recovery"))
        sheet = recovery.make(place_of(folder), passphrase, self._clock())
        self._vaults.note_recovery(place_of(folder), True)
        report(1, 1)
        return sheet

    def reset_passphrase(
        self, folder: Path, words: str, new: str, report: Report = report_nothing
    ) -> None:
        """Set a new passphrase with the recovery words. Raises ``Problem("recovery-wrong")``."""
        from guardian.vault.access import recovery

        folder = place_of(folder)
        check_new_passphrase(new, own_words(folder.name))
        report(0, 0, message("vault.progress.passphrase"))
        recovery.reset_passphrase(folder, words, new)
        report(1, 1)

    def rebuild(
        self, folder: Path, key_text: str, new: str, report: Report = report_nothing
    ) -> None:
        """Set a new passphrase with the key of the recovery sheet, all key files being gone."""
        from guardian.vault.access import recovery

        folder = place_of(folder)
        check_new_passphrase(new, own_words(folder.name))
        report(0, 0, message("vault.progress.passphrase"))
        recovery.rebuild(folder, key_text, new)
        report(1, 1)

    def revoke_recovery(self, folder: Path) -> None:
        """The recovery words no longer open the vault (copies made earlier know nothing of it)."""
        from guardian.vault.access import recovery

        recovery.revoke(place_of(folder))
        self._vaults.note_recovery(place_of(folder), False)

    def allow_here(self, folder: Path, passphrase: str, report: Report = report_nothing) -> None:
        """Let this computer's keyring open the vault from now on. Raises ``Problem``."""
        from guardian.vault.access import device

        folder = place_of(folder)
        report(0, 0, message("vault.progress.opening"))
        device.allow(self._vaults, folder, passphrase)
        self._vaults.remember(folder, self._clock())
        report(1, 1)

    def open_here(self, folder: Path, report: Report = report_nothing) -> Vault:
        """Open the vault with the key this computer keeps. Raises ``Problem``."""
        from guardian.vault.access import device

        folder = place_of(folder)
        report(0, 0, message("vault.progress.opening"))
        return self._opened(folder, device.unlock(self._vaults, folder), report)

    def revoke_here(self, folder: Path) -> None:
        """This computer no longer opens the vault without its passphrase."""
        from guardian.vault.access import device

        device.revoke(self._vaults, place_of(folder))

    def revoke_all_here(self) -> None:
        """This computer opens no vault without its passphrase any more.

        What a keyring that does not answer still holds opens nothing alone. Never raises: records
        too damaged to be read are to be deleted all the same.
        """
        known: tuple[VaultInfo, ...] = ()
        with suppress(Problem):
            known = self.known()
        for info in known:
            if info.opens_here:
                with suppress(Problem):
                    self.revoke_here(info.path)

    # the vaults one knows

    def known(self) -> tuple[VaultInfo, ...]:
        """The vaults this person made or opened here, the latest first."""
        return self._vaults.all()

    def forget(self, folder: Path) -> None:
        """No longer list the vault in ``folder``, nor open it without its passphrase.

        The vault itself is not touched. Raises ``Problem("vault-here-left")`` when that is done
        but the keyring kept its part.
        """
        folder = place_of(folder)
        try:
            self.revoke_here(folder)
        finally:
            self._vaults.forget(folder)

    def check(self, report: Report = report_nothing) -> None:
        """Look whether the known vaults are where they were. Needs no passphrase."""
        known = self.known()
        states: dict[Path, VaultState] = {}
        for done, info in enumerate(known):
            report(done, len(known), message("vault.progress.looking"))
            states[info.path] = look_at(info.path)
            if states[info.path] is VaultState.FOUND:
                self._vaults.note_recovery(info.path, self.has_recovery(info.path))
        self._vaults.note_states(states, self._clock())
        report(len(known), len(known))

    def back_up(
        self,
        folder: Path,
        place: Path | None = None,
        report: Report = report_nothing,
        *,
        full: bool = False,
    ) -> BackedUp:
        """Copy what changed of a vault's encrypted files to ``place``, or where it went last time.

        Needs no passphrase. ``full`` compares every byte of what is there already. Raises
        ``Problem``, among them ``backup-place-unknown`` where there was no last time, and
        ``backup-place-missing`` where it is no longer there.
        """
        from guardian.vault.backup import backing as backup

        folder = place_of(folder)
        if place is None:
            place = self._last_place(folder)
        done = backup.back_up(folder, place_of(place), self._clock(), report, full=full)
        if not done.refused:
            self._vaults.note_backup(folder, done.when, done.place)
        return done

    def _last_place(self, folder: Path) -> Path:
        """Where a vault was backed up last. Where a stick was, no folder of its name is made."""
        places = {info.path: info.backup_place for info in self.known()}
        place = places.get(folder)
        if place is None:
            raise Problem("backup-place-unknown", name=shown(folder.name))
        if not place.is_dir():
            raise Problem("backup-place-missing", name=shown(place.name))
        return place

    def summary(self) -> Summary:
        return standing.summarize(self.known(), standing.to_day(self._clock()))

    def observations(self) -> tuple[Observation, ...]:
        """What is known of the vaults from outside, as of the last looks at them."""
        return observing.observe(self.known(), self._clock())

    def next_steps(self) -> tuple[Step, ...]:
        """Damage and loss first; then documents that end, and what keeps a vault from loss."""
        return standing.steps(self.known(), standing.to_day(self._clock()))


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
