"""Names the package behind every file a process runs, each judged inside its own file tree."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from guardian.processes.model import Component, Process, Seen, Unknown
from guardian.processes.sources.owners import OwnerCache, Owners, told_by_path
from guardian.processes.sources.packagelists import read_inside
from guardian.processes.sources.rawprocess import Tree
from guardian.processes.sources.reading import Draft

FLATPAK_NAME = re.compile(rb"^\s*name\s*=\s*([\w.-]+)\s*$", re.MULTILINE)
APP_FOLDERS = ("/app/", "/usr/", "/snap/", "/bin/", "/lib")
"""What an app brings, or the system it was made for; an app cannot change it."""
Found = dict[str, str | None] | None


class Origins:
    """Asks each tree's own package lists once for all processes that live in it."""

    def __init__(self, cache: OwnerCache, root: str, proc: int) -> None:
        """``root`` is this user's tree; ``proc`` an open handle on /proc."""
        self.system = Owners(cache, root)
        self.no_lists = False
        self._cache = cache
        self._proc = proc

    def complete(self, drafts: list[Draft], check: Callable[[], None]) -> tuple[Process, ...]:
        """The processes with their packages. ``check`` may raise ``Cancelled``."""
        by_tree: dict[Tree, list[Draft]] = {}
        for draft in drafts:
            if draft.tree is not None:
                # a tree without a root of its own shows the files this user sees
                tree = draft.tree if draft.tree.root else Tree("", "")
                by_tree.setdefault(tree, []).append(draft)
        self._forget_all_but(by_tree)
        by_tree.setdefault(Tree("", ""), [])
        done: dict[int, Process] = {}
        for tree, members in by_tree.items():
            found = self._ask(tree, members, check)
            self.no_lists |= found is None and not tree.root
            app = self._app(members[0]) if tree.root else None
            for draft in members:
                done[draft.pid] = finish(draft, found, app)
        return tuple(done.get(each.pid) or Process(each.pid, **each.fields) for each in drafts)

    def _ask(self, tree: Tree, members: list[Draft], check: Callable[[], None]) -> Found:
        paths = {path for draft in members for path in files_of(draft)}
        if not tree.root:
            return self.system.find(paths, check)
        cache = self._cache.trees.setdefault(name_tree(tree), OwnerCache())
        # the first of them may have ended meanwhile
        for draft in members[:5]:
            root = f"/proc/self/fd/{self._proc}/{draft.pid}/root"
            found = Owners(cache, root).find(paths, check)
            if found is not None:
                return found
        return None

    def _forget_all_but(self, trees: dict[Tree, list[Draft]]) -> None:
        names = {name_tree(tree) for tree in trees}
        for name in self._cache.trees.keys() - names:
            del self._cache.trees[name]

    def _app(self, draft: Draft) -> str | None:
        """The flatpak or snap a process runs in."""
        container = draft.fields["container"]
        if container == "snap":  # its unit is called snap.NAME.PROGRAM-NUMBER.scope
            return f"snap:{draft.fields['unit'].split('.')[1]}"
        if container != "flatpak":
            return None
        try:
            tree = os.open(f"{draft.pid}/root", os.O_PATH | os.O_DIRECTORY, dir_fd=self._proc)
        except OSError:
            return None
        try:
            match = FLATPAK_NAME.search(read_inside(tree, ".flatpak-info"))
        finally:
            os.close(tree)
        return f"flatpak:{match[1].decode()}" if match else "flatpak"


def name_tree(tree: Tree) -> str:
    return f"{tree.namespace} {tree.root}"


def files_of(draft: Draft) -> Iterator[str]:
    """All files of a process whose package is asked for."""
    for name in ("exe", "script"):
        path = draft.fields[name]
        if isinstance(path, str) and path.startswith("/"):
            yield path
    if not isinstance(draft.pieces, Unknown):
        yield from (piece.path for piece in draft.pieces if piece.path.startswith("/"))


def finish(draft: Draft, found: Found, app: str | None) -> Process:
    """The process with the packages in ``found``; ``app``: the flatpak or snap it belongs to."""

    def owner(path: str | None) -> Seen[str | None]:
        if path is None or not path.startswith("/"):
            return None
        if app is not None:
            # what else an app sees are the person's own files
            return app if path.startswith(APP_FOLDERS) else None
        if found is None:
            return told_by_path(path) or Unknown.ABSENT
        return found.get(path)

    fields = draft.fields
    script = fields["script"]
    components: Seen[tuple[Component, ...]] = Unknown.DENIED
    if not isinstance(draft.pieces, Unknown):
        components = tuple(
            Component(piece.path, piece.via, piece.deleted, owner(piece.path))
            for piece in draft.pieces
        )
    return Process(
        draft.pid,
        **fields,
        owner=None if fields["exe_in_memory"] else owner(fields["exe"]),
        script_owner=script if isinstance(script, Unknown) else owner(script),
        components=components,
    )
