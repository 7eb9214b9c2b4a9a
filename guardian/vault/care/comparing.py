"""What was found in a vault, held against the lists of what Guardian wrote: the findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guardian.core.errors import Problem
from guardian.vault.care.census import Visit
from guardian.vault.care.evidence import Evidence, Key, join
from guardian.vault.care.inspection import Harm, Look
from guardian.vault.care.manifest import (
    DocumentRecord,
    FolderRecord,
    GoneRecord,
    LinkRecord,
    Record,
    is_list,
)
from guardian.vault.cryptomator.tree import ROOT_ID, Folder, Found, Node
from guardian.vault.model import OWN, Condition, Finding, Kind, Remedy, shown

# more new documents than this in one folder are told in one sentence
MOST_NEW = 3

# what tells an entry wherever it lies
Trace = str | tuple[bytes, int, bytes] | None


@dataclass
class Sorting:
    """Findings so far, and what may turn out to be two halves of one move.

    ``strayed`` are entries that are not gone but lie elsewhere; ``claimed`` the ids of folders
    that nothing reaches because of an entry that was told already.
    """

    findings: list[Finding] = field(default_factory=list)
    new: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[Key, Record] = field(default_factory=dict)
    strayed: set[Key] = field(default_factory=set)
    claimed: set[str | None] = field(default_factory=set)


def compare(evidence: Evidence) -> list[Finding]:
    """All findings about folders and documents, the damaged first, then by path."""
    sorting = Sorting()
    for visit in evidence.census.visits.values():
        compare_folder(evidence, visit, sorting)
    sorting.findings += folder_findings(evidence, sorting)
    sorting.gone = {key: one for key, one in sorting.gone.items() if key not in sorting.strayed}
    sorting.findings += moved_findings(evidence, sorting)
    for key in sorting.gone:
        place = evidence.census.visits[key[0]].folder.place / evidence.tree.entry_name(key[1])
        sorting.findings.append(evidence.changed("gone", evidence.path_of(key), place))
    if evidence.listed:
        sorting.findings += new_findings(evidence, sorting.new)
    order = list(Condition)[::-1]
    return sorted(
        sorting.findings, key=lambda one: (order.index(one.condition), one.path, one.place)
    )


def compare_folder(evidence: Evidence, visit: Visit, sorting: Sorting) -> None:
    """Every entry of one folder, and what its list knows and is no longer there."""
    folder, tree = visit.folder, evidence.tree
    swapped = evidence.is_swapped(folder)
    present = {found.place.name for found in visit.found if not found.copy}
    for entry, record in evidence.records.get(folder.id, {}).items():
        listed = not isinstance(record, GoneRecord) and not swapped
        if listed and tree.entry_name(entry) not in present:
            sorting.gone[folder.id, entry] = record
    for found in visit.found:
        if found.node is None:
            if not swapped:
                sorting.findings += unreadable_findings(evidence, folder, found, sorting)
        elif found.copy:
            told = evidence.finding(
                Condition.CHANGED, "conflict", found.node.path, found.place, remedy=Remedy.ADOPT
            )
            sorting.findings.append(told)
        elif not is_list(found.node.path):
            told_one = entry_finding(evidence, (folder.id, found.encrypted), found.node)
            if told_one is not None:
                sorting.findings.append(told_one)
            elif not evidence.record((folder.id, found.encrypted)) and found.node.path != OWN:
                sorting.new[folder.id].append(found)


def entry_finding(evidence: Evidence, key: Key, node: Node) -> Finding | None:
    """What is to be said of a document, link or folder; None also for one on no list."""
    record = evidence.record(key)
    look = None if node.kind is Kind.FOLDER else evidence.looks[node.file]
    told: Finding | None = None
    if isinstance(look, Problem):
        told = unread_finding(evidence, node.path, node.place)
    elif look is not None and look.harm is not None:
        told = harm_finding(evidence, node, look)
    elif isinstance(record, GoneRecord):
        told = evidence.changed("back", node.path, node.place)
    elif record is not None and kind_of(record) is not node.kind:
        told = evidence.changed("kind", node.path, node.place)
    elif isinstance(record, FolderRecord):
        told = folder_finding(evidence, key, node, record)
    elif record is not None and look is not None:
        told = document_finding(evidence, key, node, record, look)
    return told


def document_finding(
    evidence: Evidence, key: Key, node: Node, record: DocumentRecord, look: Look
) -> Finding | None:
    if look.header != record.header:
        others = [one for one in evidence.owners.get(look.header, ()) if one != key]
        if others:
            old = shown(evidence.path_of(others[0]))
            return evidence.changed("exchanged", node.path, node.place, old=old)
        return evidence.changed("rewritten", node.path, node.place)
    if look.size != record.size:
        what = "shorter" if look.size < record.size else "longer"
        sizes = {"was": record.size, "now": look.size}
        return evidence.changed(what, node.path, node.place, **sizes)
    if look.whole and look.whole != record.whole:
        return evidence.changed("altered", node.path, node.place)
    return None


def harm_finding(evidence: Evidence, node: Node, look: Look) -> Finding:
    """A document that does not decrypt: what is harmed, and whether a part can be saved."""
    begins = look.harm is Harm.CUT or look.intact > 0
    remedy = Remedy.SAVE_PART if begins and node.kind is Kind.FILE else None
    what = "header" if look.harm is Harm.HEADER else "cut" if look.harm is Harm.CUT else "content"
    return evidence.finding(Condition.DAMAGED, what, node.path, node.place, remedy=remedy)


def unread_finding(evidence: Evidence, path: str, place: Path) -> Finding:
    return evidence.finding(Condition.DAMAGED, "unread", path, place)


def folder_finding(
    evidence: Evidence, key: Key, node: Node, record: FolderRecord
) -> Finding | None:
    """A folder entry that leads elsewhere than the list says; where it leads nowhere, or where
    another leads already, that is told by itself."""
    leads = evidence.leads_to(Found(node.place, key[1], node))
    if leads == record.child or key in evidence.broken or key in evidence.doubled:
        return None
    remedy = Remedy.REBUILD if evidence.is_lost(record.child) else Remedy.ACCEPT
    return evidence.finding(Condition.CHANGED, "led", node.path, node.place, remedy=remedy)


def unreadable_findings(
    evidence: Evidence, folder: Folder, found: Found, sorting: Sorting
) -> Iterator[Finding]:
    """An entry that has no readable name, or nothing behind it."""
    assert found.problem is not None
    place, damaged = found.place, Condition.DAMAGED
    if found.problem.code == "vault-entry-broken":
        key = (folder.id, found.encrypted)
        remedy = Remedy.REBUILD if evidence.find_child(key) else None
        yield evidence.finding(damaged, "entry", evidence.path_of(key), place, remedy=remedy)
    elif found.problem.code != "vault-name-damaged":
        path = join(folder.path, place.name)
        yield unread_finding(evidence, path, place)
    elif (owner := evidence.find_long_name(folder, place)) is not None:
        path = evidence.path_of((folder.id, owner))
        yield evidence.finding(damaged, "long-name", path, place, remedy=Remedy.REBUILD)
    elif (home := evidence.find_home(found.encrypted)) is not None:
        name = evidence.tree.names.decrypt(found.encrypted, home)
        sorting.strayed.add((home, found.encrypted))
        path = join(folder.path, name)
        node = Node(path, name, Kind.FOLDER, place, place, None, 0.0)
        sorting.claimed.add(evidence.leads_to(Found(place, found.encrypted, node)))
        yield evidence.finding(damaged, "stray", path, place, remedy=Remedy.ADOPT)
    else:
        yield evidence.finding(damaged, "name", join(folder.path, place.name), place)


def folder_findings(evidence: Evidence, sorting: Sorting) -> Iterator[Finding]:
    """Folders without entry, without content, with two entries, or with a wrong spare id."""
    census, damaged = evidence.census, Condition.DAMAGED
    if census.rootless:
        place = evidence.tree.place_of(ROOT_ID)
        remedy = Remedy.REBUILD if evidence.find_content(ROOT_ID) else None
        yield evidence.finding(damaged, "folder-content", "", place, remedy=remedy)
    for parent, found, below in census.lost:
        assert found.node is not None
        what = "folder-entry" if below is None else "folder-content"
        mendable = evidence.find_child((parent.id, found.encrypted)) is not None
        if below is not None and evidence.find_content(below.id):
            mendable = True
        remedy = Remedy.REBUILD if mendable else None
        yield evidence.finding(damaged, what, found.node.path, found.place, remedy=remedy)
    for parent, found in census.twice:
        assert found.node is not None
        record = evidence.record((parent.id, found.encrypted))
        led = isinstance(record, FolderRecord) and evidence.is_lost(record.child)
        remedy = Remedy.REBUILD if led else None
        path = found.node.path
        yield evidence.finding(damaged, "folder-twice", path, found.place, remedy=remedy)
    for folder in census.unread:
        yield unread_finding(evidence, folder.path, folder.place)
    for visit in census.visits.values():
        there = census.places.get(visit.folder.place)
        if there is not None and there.spare and there.id != visit.folder.id:
            what = "content-swapped" if evidence.is_swapped(visit.folder) else "spare"
            path, rebuild = visit.folder.path, Remedy.REBUILD
            yield evidence.finding(damaged, what, path, there.path, remedy=rebuild)
    if not census.unread:  # what they hold would seem to be led to by nothing
        yield from orphan_findings(evidence, sorting)


def orphan_findings(evidence: Evidence, sorting: Sorting) -> Iterator[Finding]:
    """Content that nothing leads to, but for what belongs to an entry told as damaged already."""
    census = evidence.census
    claimed = sorting.claimed | {below.id for _, _, below in census.lost if below is not None}
    claimed |= {evidence.find_child(key) for key in evidence.broken}
    # their own entries are there and lead elsewhere
    claimed |= {one for one, key in evidence.entries.items() if key in evidence.present}
    swapped = {
        census.places[v.folder.place].id
        for v in census.visits.values()
        if evidence.is_swapped(v.folder)
    }
    for place, known in evidence.top_orphans:
        if known is None:
            path = place.path.relative_to(evidence.tree.root).as_posix()
            yield evidence.finding(Condition.DAMAGED, "orphan-unknown", path, place.path)
        elif known in census.visits and known not in swapped:
            path = census.visits[known].folder.path
            yield evidence.finding(Condition.CHANGED, "content-twice", path, place.path)
        elif known not in claimed and known != ROOT_ID:
            key = evidence.entries.get(known)
            path, what = "", "orphan-nameless"
            if key is not None:
                sorting.strayed.add(key)
                path, what = evidence.path_of(key), "orphan"
            yield evidence.finding(Condition.DAMAGED, what, path, place.path, remedy=Remedy.REBUILD)


def moved_findings(evidence: Evidence, sorting: Sorting) -> Iterator[Finding]:
    """What is gone in one place and new in another is told once, as moved."""
    waiting: dict[Trace, list[Key]] = defaultdict(list)
    for key, record in sorting.gone.items():
        waiting[trace_of(evidence, record)].append(key)
    for folder_id, new in sorting.new.items():
        left = []
        for found in new:
            keys = waiting.get(trace_on_disk(evidence, found))
            if not keys or found.node is None:
                left.append(found)
                continue
            key = keys.pop()
            del sorting.gone[key]
            old = shown(evidence.path_of(key))
            yield evidence.changed("moved", found.node.path, found.place, old=old)
        sorting.new[folder_id] = left


def new_findings(evidence: Evidence, new: Mapping[str, list[Found]]) -> Iterator[Finding]:
    """What is on no list, in as few sentences as say it: a whole folder, many, or each."""
    covered = {
        leads for entries in new.values() for one in entries if (leads := evidence.leads_to(one))
    }
    for folder_id, entries in new.items():
        folder = evidence.census.visits[folder_id].folder
        below = [one for one in entries if one.node and one.node.kind is Kind.FOLDER]
        documents = [one for one in entries if one.node and one.node.kind is not Kind.FOLDER]
        if evidence.is_unlisted(folder_id):
            if entries and folder_id not in covered:
                count = len(documents) + sum(count_new(evidence, new, one) for one in below)
                yield evidence.changed("new-inside", folder.path, folder.place, count=count)
            continue
        if len(documents) > MOST_NEW:
            count = len(documents)
            yield evidence.changed("new-inside", folder.path, folder.place, count=count)
            documents = []
        for one in documents + below:
            assert one.node is not None
            if count := count_new(evidence, new, one):
                yield evidence.changed("new-inside", one.node.path, one.place, count=count)
            else:
                yield evidence.changed("new", one.node.path, one.place)


def count_new(evidence: Evidence, new: Mapping[str, list[Found]], found: Found) -> int:
    """How many documents in a folder that is on no list, and below it, are on none either."""
    count, waiting, seen = 0, [found], set[str]()
    while waiting:
        folder_id = evidence.leads_to(waiting.pop())
        if folder_id is None or folder_id in seen or not evidence.is_unlisted(folder_id):
            continue
        seen.add(folder_id)
        for one in new.get(folder_id, []):
            if one.node is not None and one.node.kind is Kind.FOLDER:
                waiting.append(one)
            else:
                count += 1
    return count


def trace_of(evidence: Evidence, record: Record) -> Trace:
    """What stays the same when an entry is moved: a folder's id, a document's checksums."""
    if isinstance(record, FolderRecord):
        return record.child
    if isinstance(record, GoneRecord):
        return None
    return record.header, record.size, record.whole if evidence.full else b""


def trace_on_disk(evidence: Evidence, found: Found) -> Trace:
    if found.node is None or found.node.kind is Kind.FOLDER:
        return evidence.leads_to(found)
    look = evidence.looks[found.node.file]
    return None if isinstance(look, Problem) else (look.header, look.size, look.whole)


def kind_of(record: Record) -> Kind:
    if isinstance(record, FolderRecord):
        return Kind.FOLDER
    return Kind.LINK if isinstance(record, LinkRecord) else Kind.FILE
