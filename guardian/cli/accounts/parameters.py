"""What the commands about accounts take: places of files, days, and where to look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from guardian.core.errors import Problem
from guardian.core.files import is_there, write_atomically

F = TypeVar("F", bound=Callable[..., Any])


class Place(click.Path):
    """The place of a file or folder. What is wrong with it is for the command to say.

    An empty one is a mistake, such as a variable that is not set; it never means «here».
    """

    name = "path"

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("The path is empty.", param, ctx)
        return super().convert(value, param, ctx)


PLACE = Place()
DAY = click.DateTime(formats=["%Y-%m-%d"])


def where_options(function: F) -> F:
    """``--home`` and ``--yes``: look now, in another home or once, instead of in the records."""
    home = click.option("--home", type=PLACE, help="Look in another home; nothing is remembered.")
    yes = click.option(
        "--yes", is_flag=True, help="Read all sources once; what they give is not kept."
    )
    return home(yes(function))


def save_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet. Raises ``Problem`` rather than take another's place."""
    check_free(path)
    write_atomically(path, data)


def check_free(path: Path) -> None:
    """Raises ``Problem`` where no new file can be put at ``path``."""
    if path.is_dir():
        raise Problem("file-is-folder", name=path.name or str(path))
    if is_there(path):
        raise Problem("file-exists", name=path.name)
    if not is_there(path.parent):
        raise Problem("file-missing", name=str(path.parent))
