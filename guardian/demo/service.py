"""The one door of the demonstration: a throw-away home of a family that does not exist."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from guardian.core import keychain
from guardian.core.clock import local_now
from guardian.core.errors import Problem
from guardian.core.jobs import Report, report_nothing
from guardian.core.paths import DEMO, Paths, in_demo
from guardian.demo.keeper import run_kept
from guardian.demo.place import Place, make_place, sweep
from guardian.demo.wall import raise_wall

if TYPE_CHECKING:  # loaded when the records are made, while the window is up already
    from guardian.core.store import Store
    from guardian.features import Features
    from guardian.processes.service import Recorded

__all__ = ["Demo", "Place", "begin", "start_command"]

ELSEWHERE = (
    "CHROME_CONFIG_HOME", "CHROME_USER_DATA_DIR", "GUARDIAN_PROFILE", "PYTHONPYCACHEPREFIX",
)  # fmt: skip
"""What leads to the real person's files or records, or makes Python write elsewhere."""


def begin(work: Callable[[Demo], int], refused: Callable[[Problem], int]) -> int:
    """Run ``work`` in a new demonstration and wipe that afterwards; the answer of ``work``.

    What killed ones left behind is wiped first. ``work`` runs sealed off, on Linux in a child of
    this process; a ``Problem`` there, or before it, is told to ``refused``, whose answer counts
    then. Call it before there is a second thread.
    """
    try:
        return begin_kept(work, refused)
    except Problem as problem:
        return refused(problem)


def begin_kept(work: Callable[[Demo], int], refused: Callable[[Problem], int]) -> int:
    if in_demo():
        raise Problem("demo-in-demo")
    sweep()
    place = make_place()

    def inside() -> int:
        demo = Demo(place)
        demo.seal()
        try:
            demo.settle()
            return work(demo)
        except Problem as problem:  # in another process than the one that waits
            return refused(problem)

    return run_kept(place, inside)


class Demo:
    """``clock`` is the real one unless a test gives another; all dates are counted from it.

    The records are kept in memory alone, and no keyring is asked.
    """

    def __init__(self, place: Place, clock: Callable[[], datetime] = local_now) -> None:
        self.place, self.clock = place, clock
        self._eyes: Recorded | None = None

    @property
    def home(self) -> Path:
        return self.place.home

    @property
    def paths(self) -> Paths:
        return self.place.paths

    @property
    def passphrase(self) -> str:
        """What opens the demonstration's vault."""
        from guardian.demo import content

        return content.read_household().passphrase

    def seal(self) -> bool:
        """Move this process into the demonstration's folder for good.

        Nothing outside is written from now on, and no keyring asked; whether the kernel holds
        the wall too. Call it before there is a second thread.
        """
        os.environ.update(self.environment())
        for name in ELSEWHERE:
            os.environ.pop(name, None)
        tempfile.tempdir = None  # so that it is looked for anew
        sys.dont_write_bytecode = True
        keychain.forswear()
        return raise_wall(self.place.folder)

    def environment(self, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
        """What the environment says inside: everything of a person's lies in the folder."""
        home, temporary = str(self.home), str(self.place.folder / "temporary")
        inside = {
            "HOME": home, "USERPROFILE": home, "APPDATA": f"{home}/AppData/Roaming",
            "LOCALAPPDATA": f"{home}/AppData/Local", "XDG_CONFIG_HOME": f"{home}/.config",
            "XDG_DATA_HOME": f"{home}/.local/share", "XDG_CACHE_HOME": f"{home}/.cache",
            "XDG_STATE_HOME": f"{home}/.local/state", "TMPDIR": temporary, "TEMP": temporary,
            "TMP": temporary, "GUARDIAN_HOME": str(self.place.folder / "guardian"), DEMO: "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        return {**inside, **reach_screen(outer, temporary)}

    def settle(self) -> None:
        """Set Guardian up for showing: nothing masked, nothing locked while somebody talks."""
        from guardian.core.settings import ProfileLock, Settings, save_settings

        wanted = Settings(
            welcomed=True, masked=False, hide_from_capture=False, profile_lock=ProfileLock.NEVER
        )
        save_settings(self.paths.settings_file, wanted)

    def fill(self, _report: Report = report_nothing) -> Store:
        """Make the home and a year of its past anew; the records of it, open.

        Takes about a second. Raises ``Problem("demo-no-place")`` where there is no room for it.
        """
        from guardian.core.store import open_in_memory
        from guardian.demo.home import furnish
        from guardian.demo.past import live_through
        from guardian.demo.place import remove

        now, store = self.clock(), open_in_memory()
        try:
            for before in self.home.iterdir():
                remove(before)
            furnish(self.home, now)
            live_through(store, self.home, now, self.eyes)
        except OSError as error:
            raise Problem("demo-no-place", reason=error.strerror or "unknown") from error
        return store

    @property
    def eyes(self) -> Recorded:
        """What the look at running programs sees: a recording."""
        from guardian.demo import content
        from guardian.processes.service import read_recording

        if self._eyes is None:
            file = content.folder() / "computer.json"
            self._eyes = read_recording(file).moved_to(self.clock())
        return self._eyes

    def build(self, store: Store) -> Features:
        """The services over ``store``, with the recording in place of this computer."""
        from guardian.features import build

        return build(store, self.home, self.clock, eyes=self.eyes)


def reach_screen(outer: Mapping[str, str], temporary: str) -> dict[str, str]:
    """What a window needs to find the screen and its helpers, all of them outside."""
    found = {}
    permit = Path(outer.get("HOME", "/")) / ".Xauthority"
    if "XAUTHORITY" not in outer and permit.is_file():
        found["XAUTHORITY"] = str(permit)
    if runtime := outer.get("XDG_RUNTIME_DIR"):
        found["XDG_RUNTIME_DIR"] = temporary  # programs also write there
        if screen := outer.get("WAYLAND_DISPLAY"):
            found["WAYLAND_DISPLAY"] = str(Path(runtime) / screen)
        if "DBUS_SESSION_BUS_ADDRESS" not in outer:
            found["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={runtime}/bus"
    return found


def start_command(projector: bool = False) -> list[str]:
    """The words that start a demonstration in a process of its own."""
    return [sys.executable, "-P", "-m", "guardian", "demo", *(["--projector"] * projector)]
