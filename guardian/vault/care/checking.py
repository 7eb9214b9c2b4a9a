"""Checking a vault against the lists of what Guardian wrote, and taking it as it is now."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path
from threading import Lock

from guardian.core.errors import Cancelled, Problem
from guardian.core.jobs import Report
from guardian.core.words import message
from guardian.vault.care.census import Census, take_census
from guardian.vault.care.comparing import compare
from guardian.vault.care.evidence import Evidence, Looks
from guardian.vault.care.inspection import Look, Passed, inspect_header, inspect_whole
from guardian.vault.care.manifest import Ledger, Lists, is_list, read_lists
from guardian.vault.cryptomator import masterkey, root
from guardian.vault.cryptomator.config import CONFIG_FILE
from guardian.vault.cryptomator.filesystem import Filesystem
from guardian.vault.cryptomator.tree import Folder, Node
from guardian.vault.model import OWN, CheckReport, Condition, Finding, Kind, shown
from guardian.vault.repository import VaultMemory

READERS = 2
LOOKS = 3
POLL_SECONDS = 0.1


def check(
    tree: Filesystem, memory: VaultMemory, now: datetime, report: Report, *, full: bool
) -> CheckReport:
    """Compare everything in the vault with the lists in it; nothing is changed.

    A quick check reads names, sizes and the first bytes of each document; ``full`` decrypts
    every byte. Raises ``Problem`` where the vault itself is out of reach.
    """
    # in this order: another Guardian here may note a newer list meanwhile
    before, (lists, evidence, read, findings) = memory.lists_seen(), look(tree, report, full=full)
    back = lists.gone_back(before)
    # what this computer saw last is only forgotten when the person accepts the older state
    memory.note_lists(
        {
            one: seen
            for one, seen in lists.seen.items()
            if one not in back and before.get(one) != seen
        }
    )
    conditions = {finding.condition for finding in findings}
    condition = Condition.CHANGED if back else Condition.AS_WRITTEN
    for worse in (Condition.CHANGED, Condition.DAMAGED):
        condition = worse if worse in conditions else condition
    visits = evidence.census.visits.values()
    persons = [visit for visit in visits if not is_own(visit.folder.path)]
    documents = sum(
        found.node is not None and found.node.kind is Kind.FILE
        for visit in persons
        for found in visit.found
    )
    folders = sum(visit.folder.path != "" for visit in persons)
    return CheckReport(
        full=full,
        when=now,
        condition=condition,
        findings=findings,
        documents=documents,
        folders=folders,
        read=read,
        # a vault in which nothing is yet has nothing to be compared
        listed=evidence.listed or not (documents or folders or findings),
        older=bool(back),
    )


def look(
    tree: Filesystem, report: Report, *, full: bool
) -> tuple[Lists, Evidence, int, tuple[Finding, ...]]:
    """The lists, everything that was seen, the encrypted bytes read for it, and what is not right.

    Where another Guardian worked in the vault meanwhile, what it did would look like damage: so
    everything is looked at again. Raises ``Problem("vault-busy")`` where that does not end.
    """
    for _ in range(LOOKS):
        lists = read_lists(tree)
        evidence, read = gather(tree, lists, report, full=full)
        findings = (
            *metadata_findings(evidence),
            *list_findings(evidence, lists),
            *compare(evidence),
        )
        if not findings or read_lists(tree).seen == lists.seen:
            return lists, evidence, read, findings
    raise Problem("vault-busy", name=shown(tree.root.name))


def gather(tree: Filesystem, lists: Lists, report: Report, *, full: bool) -> tuple[Evidence, int]:
    """Everything findings are made from, and how many encrypted bytes were looked at."""
    census = take_census(tree, report)
    looks, read = inspect_all(tree, census, report, full=full)
    listed = bool(lists.manifests)
    return Evidence(tree, census, looks, lists.merged(), listed, full), read


def is_own(path: str) -> bool:
    return path.partition("/")[0] == OWN


# looking at each document


class Progress:
    """Counts what several threads read; any of them can be told to stop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.done = 0
        self.stopped = False

    def more(self, count: int) -> None:
        """Raises ``Cancelled`` in the thread that reads on after a stop."""
        with self._lock:
            self.done += count
        if self.stopped:
            raise Cancelled


def inspect_all(
    tree: Filesystem, census: Census, report: Report, *, full: bool
) -> tuple[Looks, int]:
    """A look at every document and link, and the encrypted bytes read."""
    nodes = [
        found.node
        for visit in census.visits.values()
        for found in visit.found
        if found.node is not None and found.node.kind is not Kind.FOLDER
    ]
    if not full:
        looks: dict[Path, Look | Problem] = {}
        for done, node in enumerate(nodes):
            report(done, len(nodes), message("vault.progress.check"))
            looks[node.file] = inspect(tree, node, None)
        report(len(nodes), len(nodes), message("vault.progress.check"))
        return looks, len(nodes) * tree.cipher.header
    progress = Progress()
    with ThreadPoolExecutor(READERS) as pool:
        try:
            futures = {node.file: pool.submit(inspect, tree, node, progress) for node in nodes}
            watch(list(futures.values()), progress, sum(n.size or 0 for n in nodes), report)
        except BaseException:
            progress.stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {file: future.result() for file, future in futures.items()}, progress.done


def watch(
    futures: Sequence[Future[Look | Problem]], progress: Progress, total: int, report: Report
) -> None:
    """Report until all are done; only this thread talks to the listener, who may raise to stop."""
    note = message("vault.progress.check-full")
    for future in futures:
        while not future.done():
            # what is counted is encrypted, a little more than the total
            report(min(progress.done, total), total, note)
            wait([future], POLL_SECONDS)
        report(min(progress.done, total), total, note)
        future.result()
    report(total, total, note)


def inspect(tree: Filesystem, node: Node, progress: Progress | None) -> Look | Problem:
    """What a document or link shows, or why it could not be looked at."""
    try:
        if progress is None:
            return inspect_header(tree, node.file)
        return inspect_whole(tree, node.file, progress.more)
    except Problem as problem:
        tree.check_there()
        return problem


# beside the documents


def metadata_findings(evidence: Evidence) -> list[Finding]:
    """Whether the two files that open the vault would still open it. Say so before it is locked."""
    tree, file = evidence.tree, CONFIG_FILE
    try:
        config = root.read_config(tree.root)
        config.verify(tree.key)
        file = config.key_file
        data = root.read_metadata(tree.root, file)
        entry, _, _, mac = masterkey.parse_masterkey(data, file)
        if not hmac.compare_digest(masterkey.sign_version(tree.key, entry.version), mac):
            raise Problem("vault-key-file-damaged", file=file)
    except Problem:
        place = tree.root / file
        return [evidence.finding(Condition.DAMAGED, "metadata", file, place)]
    return []


def list_findings(evidence: Evidence, lists: Lists) -> list[Finding]:
    """The lists of Guardian's that could not be read."""
    nodes = {
        found.node.name: found.node
        for visit in evidence.census.visits.values()
        for found in visit.found
        if found.node is not None and is_list(found.node.path)
    }
    return [
        evidence.finding(Condition.DAMAGED, "list", node.path, node.place)
        for one in lists.unreadable
        if (node := nodes.get(one.name)) is not None
    ]


# taking it as it is


def accept(tree: Filesystem, ledger: Ledger, findings: Sequence[Finding], report: Report) -> None:
    """Write what ``findings`` say has changed into this computer's list, as it is now.

    Documents are read in full for that. Findings of damage, and copies that sync programs made,
    are passed over: there is nothing in them to accept. An older state of the whole vault is
    accepted along with it, and all of a vault in which there is no list yet. Raises ``Problem``.
    """
    chosen = [one for one in findings if one.condition is Condition.CHANGED]
    progress = Progress()

    def passed(count: int) -> None:
        progress.more(count)
        report(progress.done, 0, message("vault.progress.accepting"))

    if not read_lists(tree).manifests:
        accept_inside(tree, ledger, tree.folder(""), passed)
    for finding in chosen:
        report(progress.done, 0, message("vault.progress.accepting"))
        deep = finding.what.code == "vault.finding.new-inside"
        if deep and not finding.path:
            accept_inside(tree, ledger, tree.folder(""), passed)
        else:
            accept_path(tree, ledger, finding.path, passed, deep=deep)
        if finding.what.code == "vault.finding.moved":
            accept_path(tree, ledger, str(finding.what.facts["old"]), passed, deep=False)
    ledger.accept_age()


def accept_path(tree: Filesystem, ledger: Ledger, path: str, passed: Passed, *, deep: bool) -> None:
    """Note what lies at ``path`` now, or that nothing does; ``deep`` for what is in a folder."""
    above, _, name = path.rpartition("/")
    try:
        parent = tree.folder(above)
        node = tree.find_in(parent, name)
    except Problem:  # gone or damaged by now, which the next check tells
        return
    if node is not None:
        accept_node(tree, ledger, parent, node, passed, deep=deep)
        return
    for encrypt in (tree.names.encrypt, tree.names.encrypt_as_typed):
        ledger.removed(parent.id, encrypt(name, parent.id))


def accept_node(
    tree: Filesystem, ledger: Ledger, parent: Folder, node: Node, passed: Passed, *, deep: bool
) -> None:
    encrypted = tree.encrypted_name(node.place)
    if node.kind is Kind.FOLDER:
        inside = tree.enter(node)
        ledger.made(parent.id, encrypted, inside.id)
        if deep:
            accept_inside(tree, ledger, inside, passed)
        return
    look = inspect_whole(tree, node.file, passed)
    if look.harm is None:
        note = ledger.note_link if node.kind is Kind.LINK else ledger.wrote
        note(parent.id, encrypted, look.to_seal())


def accept_inside(tree: Filesystem, ledger: Ledger, folder: Folder, passed: Passed) -> None:
    """Everything in a folder that is on no list; a folder that is on one is not entered."""
    for found in tree.look(folder):
        node = found.node
        if node is None or found.copy or is_list(node.path):
            continue
        if ledger.known(folder.id, found.encrypted) is None:
            accept_node(tree, ledger, folder, node, passed, deep=True)
