"""What one search may keep of an earlier one, and what must go. Pure but for a look at folders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from guardian.accounts.model import Kept, Look, Sighting, Source

# entries left out one by one; the file itself was read
NO_FAILURE = "browser-rows-odd"


def complete(look: Look, before: Look | None, allowed: Collection[str]) -> Look:
    """``look``, and what ``before`` knew of the sources that ``look`` did not get to see.

    Only what is still allowed and still there, marked with the day it was last read.
    """
    if before is None:
        return look
    missed = [
        source
        for source in {one.key: one for one in (*before.read, *of_kept(before))}.values()
        if source.key in allowed and is_missed(source, look)
    ]
    keys = {source.key for source in missed}
    known = {identity(one) for one in look.sightings if one.evidence.source_key in keys}
    older = [
        mark(one, before.looked_at)
        for one in before.sightings
        if one.evidence.source_key in keys and identity(one) not in known
    ]
    devices = [one for one in before.devices if one.source_key in keys]
    addresses = [one for one in before.addresses if one.source_key in keys]
    shared = [one for one in before.shared if one.source_key in keys]
    days: dict[str, datetime] = {one.source_key: before.looked_at for one in devices}
    for one in older:
        key, day = one.evidence.source_key, one.evidence.read_at or before.looked_at
        days[key] = min(days.get(key, day), day)
    return replace(
        look,
        sightings=(*look.sightings, *older),
        devices=tuple(dict.fromkeys((*look.devices, *devices))),
        addresses=tuple(dict.fromkeys((*look.addresses, *addresses))),
        shared=tuple(dict.fromkeys((*look.shared, *shared))),
        kept=tuple(Kept(source, days[source.key]) for source in missed if source.key in days),
    )


def of_kept(look: Look) -> list[Source]:
    return [one.source for one in look.kept]


def is_missed(source: Source, look: Look) -> bool:
    """Whether ``look`` failed to see all of a source that is there."""
    failed = {one.source.key for one in look.not_read if not one.listing and one.code != NO_FAILURE}
    if source.key in failed or source.key in {one.key for one in look.not_allowed}:
        return True
    if source.key in {one.key for one in look.read}:
        return False
    from guardian.accounts.sources.reading import is_there  # brings sqlite3 and more along

    # not even listed: gone for good, unless its list could not be read
    unlisted = any(one.listing and one.source.kind is source.kind for one in look.not_read)
    return unlisted and is_there(source.path)


def identity(sighting: Sighting) -> tuple[str, ...]:
    evidence = sighting.evidence
    return (
        evidence.source_key, sighting.place, sighting.site, sighting.username, evidence.kind
    )  # fmt: skip


def mark(sighting: Sighting, day: datetime) -> Sighting:
    evidence = sighting.evidence
    if evidence.read_at is not None:
        return sighting
    return replace(sighting, evidence=replace(evidence, read_at=day))


def only(look: Look, keys: Collection[str]) -> Look:
    """``look`` as if only the sources ``keys`` had been allowed; itself where that is so."""
    asked = {
        one.key: one
        for one in (
            *look.read,
            *of_kept(look),
            *(one.source for one in look.not_read if not one.listing),
        )
    }
    refused = [source for key, source in asked.items() if key not in keys]
    if not refused:
        return look
    gone = {source.key for source in refused}
    still_out = [one for one in look.not_allowed if one.key not in gone]
    return replace(without(look, gone), not_allowed=(*still_out, *refused))


def without(look: Look, keys: Collection[str]) -> Look:
    """``look`` as if the sources ``keys`` had not been read."""
    return replace(
        look,
        sightings=tuple(one for one in look.sightings if one.evidence.source_key not in keys),
        devices=tuple(one for one in look.devices if one.source_key not in keys),
        read=tuple(source for source in look.read if source.key not in keys),
        not_read=tuple(one for one in look.not_read if one.listing or one.source.key not in keys),
        kept=tuple(one for one in look.kept if one.source.key not in keys),
        addresses=tuple(one for one in look.addresses if one.source_key not in keys),
        shared=tuple(one for one in look.shared if one.source_key not in keys),
    )
