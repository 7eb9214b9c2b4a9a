"""Handouts as they come out of the printer: one page each, the large print on two."""

from __future__ import annotations

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from guardian.core.words import Words
from guardian.lessons.content import read_packs
from guardian.lessons.service import make_handout
from guardian.ui import theme
from guardian.ui.paper import to_pdf


@pytest.mark.parametrize(("large", "pages"), [(False, 1), (True, 2)])
def test_every_handout_fits_its_paper(qtbot: QtBot, large: bool, pages: int) -> None:
    words = Words()
    for pack in read_packs():
        printed = to_pdf(make_handout(pack, words, large), theme.family())
        document = pypdfium2.PdfDocument(printed)
        assert len(document) == pages, pack.id
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
        assert "My three next steps" in text
        assert words.say(f"lesson.{pack.id}") in text
