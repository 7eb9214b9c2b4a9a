"""Every state of every page, for the golden pictures and for ``packaging/screenshots``."""

from tests.scenes import (
    accounts,
    accounts_closing,
    checkup,
    clauses,
    clauses_versions,
    demo,
    general,
    lessons,
    people,
    processes,
    vault,
    vault_care,
    vault_keys,
    vault_view,
)
from tests.scenes.scene import Scene

SCENES: tuple[Scene, ...] = (
    *general.SCENES,
    *checkup.SCENES,
    *accounts.SCENES,
    *accounts_closing.SCENES,
    *vault.SCENES,
    *vault_view.SCENES,
    *vault_keys.SCENES,
    *vault_care.SCENES,
    *processes.SCENES,
    *clauses.SCENES,
    *clauses_versions.SCENES,
    *lessons.SCENES,
    *people.SCENES,
    *demo.SCENES,
)

# each page once in all three themes; its other states in the light one, to keep the pictures few
IN_EVERY_THEME = {
    "welcome-1",
    "unlock",
    "checkup-full",
    "accounts-chosen",
    "closing-letter",
    "vault-chosen",
    "processes-questions",
    "clauses-sheet",
    "clauses-chosen",
    "lessons",
    "settings",
}
