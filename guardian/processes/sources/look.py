"""What a look was asked to see."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from guardian.processes.sources.owners import OwnerCache


@dataclass(frozen=True)
class Look:
    """``home`` is the person's; ``places`` are paths of products whose presence is asked for.

    ``deep`` adds what takes longer: hidden processes, files that give special rights.
    ``owned`` is filled by the look, and spares the next one reading the package lists.
    """

    home: Path
    deep: bool = False
    places: tuple[str, ...] = ()
    owned: OwnerCache = field(default_factory=OwnerCache, compare=False)
