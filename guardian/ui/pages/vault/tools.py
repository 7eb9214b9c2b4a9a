"""What every part of the vault page works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from guardian.core.words import Words
from guardian.ui.desk import Desk
from guardian.ui.kit.notice import Notice
from guardian.ui.pages.vault.outcome import Outcome
from guardian.ui.pages.vault.runner import Runner
from guardian.vault.service import Vault, VaultService


@dataclass(frozen=True)
class Tools:
    """``vault`` answers the open vault, or None when locked; ``changed`` asks to list it again."""

    page: QWidget
    service: VaultService
    desk: Desk
    runner: Runner
    notice: Notice
    outcome: Outcome
    vault: Callable[[], Vault | None]
    changed: Callable[[], None]

    @property
    def words(self) -> Words:
        return self.desk.words

    def ready(self) -> Vault | None:
        """The open vault, unless something is being done with it already."""
        return None if self.runner.busy else self.vault()

    def run(
        self,
        title: str,
        verb: Callable[..., Any],
        *arguments: Any,
        done: Callable[[Any], object],
        stopped: Callable[[], object] | None = None,
        bytes_per_step: float = 0.0,
    ) -> None:
        """Do ``verb(vault, *arguments, report)``, if it can be done now.

        What it brings back after the vault was locked is dropped; a problem becomes a notice.
        What was said before stays in sight until something new is to be said.
        """
        vault = self.ready()
        if vault is None:
            return

        def if_open(then: Callable[..., object]) -> Callable[..., None]:
            def heard(*facts: object) -> None:
                if self.vault() is vault:
                    then(*facts)

            return heard

        self.notice.hide()
        self.runner.run(
            title, verb, vault, *arguments, done=if_open(done),
            failed=if_open(self.notice.show_problem), stopped=if_open(stopped) if stopped else None,
            bytes_per_step=bytes_per_step,
        )  # fmt: skip
