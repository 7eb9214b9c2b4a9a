"""What is done with a letter off the window's thread: written, and saved where the person said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from guardian.accounts.model import Letter, LetterWish, Sender
from guardian.accounts.service import ClosingService
from guardian.core.files import write_atomically
from guardian.core.jobs import Report
from guardian.ui.pages.accounts.closing import paper


def write(closing: ClosingService, wish: LetterWish, report: Report) -> Letter:
    report(0, 1)
    return closing.write(wish)


def remember(closing: ClosingService, sender: Sender, report: Report) -> None:
    """Who writes, so that the next letter knows it already."""
    report(0, 1)
    closing.remember_sender(sender)


def save_draft(closing: ClosingService, letter: Letter, target: Path, report: Report) -> Path:
    """``letter`` as a draft for a mail program. Raises ``Problem``."""
    report(0, 1)
    write_atomically(target, closing.draft(letter))
    return target


def save_pdf(letter: Letter, target: Path, report: Report) -> Path:
    """``letter`` as PDF. Raises ``Problem``."""
    report(0, 1)
    write_atomically(target, paper.to_pdf(letter))
    return target


def save_reminder(closing: ClosingService, site: str, target: Path, report: Report) -> Path:
    """The day an answer is due, for a calendar. Raises ``Problem``."""
    report(0, 1)
    write_atomically(target, closing.calendar(site))
    return target


def send(closing: ClosingService, letter: Letter, arrived: date) -> None:
    """Note that ``letter`` arrived, and who wrote it. Raises ``Problem``."""
    closing.remember_sender(letter.wish.sender)
    closing.sent(letter, arrived)
