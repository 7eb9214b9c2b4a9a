"""The demonstration, as a trainer shows it: the family's checkup and their accounts."""

from __future__ import annotations

import os
from unittest import mock

from guardian.core.paths import DEMO
from guardian.demo.place import Place
from guardian.demo.service import Demo
from guardian.ui.demo_app import tell_banner
from tests.scenes.scene import Scene
from tests.scenes.studio import NOW, Studio


def enter(studio: Studio) -> None:
    """Let the family in instead of whoever is here."""
    place = Place(studio.folder / "demo", -1)
    place.home.mkdir(parents=True)
    demo = Demo(place, lambda: NOW)
    with mock.patch.dict(os.environ, {DEMO: "1"}):
        store = demo.fill()
        guardian = studio.guardian
        guardian.home = demo.home
        guardian.profiles = False
        guardian.window.rail.set_foot(None)
        guardian.window.show_banner(tell_banner(guardian.words, demo))
        guardian.session.take(store)
        guardian.preferences.change(masked=False)
        guardian._build = demo.build
        guardian._opened(guardian.session)
        studio.settle()


def checkup(studio: Studio) -> None:
    enter(studio)
    studio.show("checkup")


def accounts(studio: Studio) -> None:
    enter(studio)
    with mock.patch.dict(os.environ, {DEMO: "1"}):
        page = studio.show("accounts")
        studio.settle(lambda: page.stages.stage == "full")
        page.views.show_view("all")
        studio.settle()


SCENES = (
    Scene("demo-checkup", checkup),
    Scene("demo-accounts", accounts),
)
