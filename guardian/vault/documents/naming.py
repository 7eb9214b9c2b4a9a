"""Names and places for things that come into a folder of the vault."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.names import is_possible_name
from guardian.vault.cryptomator.tree import Folder, Node, split
from guardian.vault.model import OWN, shown

MAX_NAME_BYTES = 255


def prepare_name(folder: str, name: str) -> str:
    """``name`` as it is written in the folder at this path: composed (NFC).

    Raises ``Problem("vault-name-impossible")``, and ``("vault-name-own")`` for the name of
    Guardian's own folder, in which nobody would find it again.
    """
    if not is_possible_name(name):
        raise Problem("vault-name-impossible", name=shown(name))
    composed = unicodedata.normalize("NFC", name)
    if len(composed.encode("utf-8")) > MAX_NAME_BYTES:
        raise Problem("vault-name-impossible", name=composed)
    if not folder and composed == OWN:
        raise Problem("vault-name-own", name=composed)
    return composed


def prepare_path(path: str) -> list[str]:
    """The names along ``path``, each as :func:`prepare_name` gives it. Raises ``Problem``."""
    prepared: list[str] = []
    for name in split(path):
        prepared.append(prepare_name("/".join(prepared), name))
    return prepared


def join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def is_own(path: str) -> bool:
    """Whether ``path`` leads to Guardian's own things, which are not for arranging."""
    return split(path)[:1] == [OWN]


def find(tree: Filesystem, path: str) -> Node:
    """The person's document or folder at ``path``. Raises ``Problem``."""
    if is_own(path):
        raise Problem("vault-entry-missing", name=shown(path))
    return tree.find(path)


def find_folder(tree: Filesystem, path: str) -> Folder:
    """The person's folder at ``path``. Raises ``Problem``."""
    if is_own(path):
        raise Problem("vault-entry-missing", name=shown(path))
    return tree.folder(path)


def make_folders(tree: Filesystem, path: str) -> Folder:
    """The folder at ``path`` with every folder on the way to it, made where missing."""
    here = tree.folder("")
    for name in prepare_path(path):
        with mendable_file_errors(Path(name)):
            try:
                here = tree.make_folder(here, name)
            except FileExistsError:
                here = tree.folder(join(here.path, name))
    return here


def numbered(name: str) -> Iterator[str]:
    """``scan.pdf``, ``scan (1).pdf``, ``scan (2).pdf`` and so on, each within 255 bytes."""
    yield name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 16:
        stem, dot, ending = name, "", ""
    number = 0
    while True:
        number += 1
        tail = f" ({number}){dot}{ending}"
        kept = stem.encode("utf-8")[: MAX_NAME_BYTES - len(tail.encode("utf-8"))]
        yield kept.decode("utf-8", "ignore") + tail
