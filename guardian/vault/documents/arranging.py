"""Making folders, renaming and moving inside a vault; descriptions go along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guardian.core.errors import Problem, mendable_file_errors
from guardian.core.jobs import Report, report_nothing
from guardian.core.words import message
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Folder, Node, split
from guardian.vault.documents.details import Notebook
from guardian.vault.documents.naming import (
    find,
    find_folder,
    join,
    make_folders,
    prepare_name,
    prepare_path,
)
from guardian.vault.model import Moved, NotRead, shown


@dataclass(frozen=True)
class Step:
    """One thing and the place it is to have; ``label`` is what it is called when refused."""

    label: str
    node: Node
    folder: Folder
    name: str

    @property
    def path(self) -> str:
        return join(self.folder.path, self.name)


class Plan:
    """Things to be moved together: each is refused on its own, descriptions are written once."""

    def __init__(self, tree: Filesystem) -> None:
        self._tree = tree
        self._steps: list[Step] = []
        self._taken: set[str] = set()
        self.refused: list[NotRead] = []

    @contextmanager
    def trying(self, label: str) -> Iterator[None]:
        """Note a problem with one thing and go on, unless the whole vault has gone."""
        try:
            yield
        except Problem as problem:
            self._tree.check_there()
            self.refused.append(NotRead(label, problem))

    def is_free(self, folder: Folder, name: str) -> bool:
        """Whether nothing has this name, nor gets it by this plan."""
        taken = join(folder.path, name) in self._taken
        return not taken and self._tree.find_in(folder, name) is None

    def add(self, label: str, node: Node, folder: Folder, name: str) -> None:
        """Plan to let ``node`` lie in ``folder`` as ``name``. Raises ``Problem``."""
        step = Step(label, node, folder, name)
        with mendable_file_errors(Path(shown(node.name))):
            try:
                self._tree.check_movable(node, folder, name)
            except FileExistsError:
                raise Problem("vault-name-taken", name=step.path) from None
        if step.path in self._taken:
            raise Problem("vault-name-taken", name=step.path)
        self._taken.add(step.path)
        self._steps.append(step)

    def carry_out(self, book: Notebook, report: Report, note: str) -> Moved:
        """Move everything; what came of it. ``note`` is the code of what is reported."""
        total = len(self._steps)
        pairs = [(step.node.path, step.path) for step in self._steps]
        with book.following(pairs) as moved:
            for done, (step, pair) in enumerate(zip(self._steps, pairs, strict=True)):
                report(done, total, message(note, name=shown(step.node.name)))
                with self.trying(step.label):
                    self._move(step)
                    moved.append(pair)
        report(total, total)
        return Moved(tuple(moved), tuple(self.refused))

    def _move(self, step: Step) -> None:
        with mendable_file_errors(Path(shown(step.node.name))):
            try:
                self._tree.move(step.node, step.folder, step.name)
            except FileExistsError:
                raise Problem("vault-name-taken", name=step.path) from None


def make_folder(tree: Filesystem, path: str) -> None:
    """The folder at ``path``, with those on the way to it. Raises ``Problem``."""
    *above, name = prepare_path(path) or [prepare_name("", path)]
    parent = make_folders(tree, "/".join(above))
    with mendable_file_errors(Path(name)):
        try:
            tree.make_folder(parent, name)
        except FileExistsError:
            raise Problem("vault-name-taken", name=join(parent.path, name)) from None


def rename(tree: Filesystem, book: Notebook, path: str, name: str) -> Moved:
    """Another name in the same folder; the same one again is nothing. Raises ``Problem``."""
    node = find(tree, path)
    folder = tree.parent(node)
    return put(tree, book, node, folder, prepare_name(folder.path, name))


def relocate(tree: Filesystem, book: Notebook, path: str, new: str) -> Moved:
    """Another name in any folder that is there. Raises ``Problem``."""
    node = find(tree, path)
    *above, name = prepare_path(new) or [prepare_name("", new)]
    return put(tree, book, node, find_folder(tree, "/".join(above)), name)


def put(tree: Filesystem, book: Notebook, node: Node, folder: Folder, name: str) -> Moved:
    """Move one thing. Raises ``Problem``; then nothing has changed."""
    if join(folder.path, name) == node.path:
        return Moved((), ())
    plan = Plan(tree)
    plan.add(node.path, node, folder, name)
    result = plan.carry_out(book, report_nothing, "vault.progress.moving")
    for refused in result.refused:
        raise refused.problem
    return result


def move(
    tree: Filesystem, book: Notebook, paths: Sequence[str], folder: str, report: Report
) -> Moved:
    """Into the folder at ``folder``, each on its own: what is refused does not stop the rest.

    What lies there already is neither moved nor refused. Raises ``Problem`` where the folder
    cannot be had.
    """
    target = find_folder(tree, folder)
    plan = Plan(tree)
    for path in outermost(paths):
        with plan.trying(path):
            node = find(tree, path)
            if tree.parent(node).id != target.id:
                plan.add(path, node, target, prepare_name(target.path, node.name))
    return plan.carry_out(book, report, "vault.progress.moving")


def undo(tree: Filesystem, book: Notebook, moved: Moved, report: Report) -> Moved:
    """Put back what was renamed or moved, each on its own."""
    plan = Plan(tree)
    for old, new in reversed(moved.moved):
        above, _, name = old.rpartition("/")
        with plan.trying(new):
            node = find(tree, new)
            plan.add(new, node, find_folder(tree, above), prepare_name(above, name))
    return plan.carry_out(book, report, "vault.progress.moving")


def outermost(paths: Sequence[str]) -> list[str]:
    """``paths`` as they came, without doubles and without what lies below another of them."""
    names = {tuple(split(path)): path for path in paths}
    return [
        path
        for parts, path in names.items()
        if not any(parts[:depth] in names for depth in range(1, len(parts)))
    ]
