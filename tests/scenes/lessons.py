"""The lessons: all of them, one for oneself, one with hands counted, a planned day."""

from __future__ import annotations

from guardian.ui.pages.lessons.agenda import CHECKED, KEY
from guardian.ui.pages.lessons.alone import AlonePanel
from guardian.ui.pages.lessons.leading import LeadingPanel
from guardian.ui.pages.lessons.page import GROUP, LessonsPage
from tests.scenes.scene import Scene
from tests.scenes.studio import Studio

DAY = ("phone", "cancel", "pause", "clauses", "rights")


def page_of(studio: Studio) -> LessonsPage:
    page = studio.show("lessons")
    assert isinstance(page, LessonsPage)
    return page


def lessons(studio: Studio) -> None:
    studio.features.lessons.finish("cancel")
    page_of(studio)


def pack(studio: Studio) -> None:
    """Going through one alone, with a question answered not quite rightly."""
    page = page_of(studio)
    page.open_pack("encrypt")
    panel = page.panel()
    assert isinstance(panel, AlonePanel)
    panel.asking.choose(2)
    studio.settle()
    panel.area.ensureWidgetVisible(panel.asking, 0, 0)
    studio.rest()


def hands(studio: Studio, page: LessonsPage) -> LeadingPanel:
    page.open_pack("pause")
    page.show_way(GROUP)
    panel = page.panel()
    assert isinstance(panel, LeadingPanel)
    panel.hands.times.buttons["before"].click()
    for field, count in zip(panel.hands.fields, (4, 9, 8), strict=True):
        field.set_value(count)
    panel.hands.times.buttons["after"].click()
    for field, count in zip(panel.hands.fields, (16, 2, 3), strict=True):
        field.set_value(count)
    panel.hands.show_right()
    panel.hands.keep()
    studio.settle()
    return panel


def quiz(studio: Studio) -> None:
    panel = hands(studio, page_of(studio))
    panel.area.verticalScrollBar().setValue(panel.hands.y() - 40)
    studio.rest()


def agenda(studio: Studio) -> None:
    page = page_of(studio)
    page.plan()
    ticked = page.agenda.list
    for place in range(ticked.count()):
        if ticked.item(place).data(KEY) in DAY:
            ticked.item(place).setCheckState(CHECKED)
    studio.rest()


SCENES = (
    Scene("lessons", lessons),
    Scene("lessons-pack", pack),
    Scene("lessons-quiz", quiz),
    Scene("lessons-agenda", agenda),
)
