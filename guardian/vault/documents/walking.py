"""Going through what a vault holds, folder by folder, to take it out or over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guardian.core.errors import Problem
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.cryptomator.tree import Node, Tree
from guardian.vault.model import OWN, Kind, NotRead, shown

# the number of the place everything goes to; folders on the way have numbers from 1
TOP = 0


@dataclass(frozen=True)
class Step:
    """A folder or a document on a walk: its number, and that of the folder it was found in."""

    node: Node
    number: int
    parent: int


@dataclass(frozen=True)
class Walked:
    """What a walk found: a folder comes before what is in it, documents are readable by size."""

    steps: tuple[Step, ...]
    refused: tuple[NotRead, ...]


def walk(tree: Tree, nodes: Sequence[Node], report: Report) -> Walked:
    """``nodes`` and everything below. Links are told and not followed; so is what is damaged.

    Guardian's own folder is passed over. A folder is entered once, however many ways lead to it.
    """
    found: list[Step] = []
    refused: list[NotRead] = []
    seen = {tree.folder("").id}
    waiting = [(node, TOP) for node in reversed(nodes)]
    while waiting:
        node, parent = waiting.pop()
        report(0, 0, message("vault.progress.gathering", count=len(found)))
        if node.path == OWN:
            continue
        try:
            check(node)
            number = len(found) + 1
            if node.kind is Kind.FOLDER:
                folder = tree.enter(node)
                if folder.id in seen:
                    raise Problem("vault-folder-damaged", name=shown(node.path))
                seen.add(folder.id)
                below = tuple(tree.look(folder))
                refused += [NotRead(one.place.name, one.problem) for one in below if one.problem]
                waiting += [(one.node, number) for one in reversed(below) if one.node]
            found.append(Step(node, number, parent))
        except Problem as problem:
            tree.check_there()
            refused.append(NotRead(node.path, problem))
    return Walked(tuple(found), tuple(refused))


def check(node: Node) -> None:
    """Raise the ``Problem`` that keeps what is at ``node`` from being taken out."""
    if node.kind is Kind.LINK:
        raise Problem("vault-entry-link", name=shown(node.path))
    if node.kind is Kind.FILE and node.size is None:
        raise Problem("vault-document-damaged", name=shown(node.path))
