"""Accounts made from traces, as a search would find them, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts_home import NOW

from guardian.accounts.cases.states import follow
from guardian.accounts.model import (
    Case,
    CaseState,
    Event,
    Evidence,
    EvidenceKind,
    Found,
    Look,
    Place,
    Sighting,
    SourceKind,
)
from guardian.accounts.rules import judging


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def seen(
    site: str,
    kind: EvidenceKind = EvidenceKind.SAVED_LOGIN,
    days: float | None = 400,
    *,
    name: str = "",
    source: str = "Firefox (anna)",
    source_kind: SourceKind = SourceKind.FIREFOX,
    place: Place = Place.WEB,
    provider: str = "",
    reference: str = "",
) -> Sighting:
    """One trace, ``days`` old; None: without a date."""
    used = None if days is None else ago(days)
    evidence = Evidence(
        f"{source_kind}:{source}", source, source_kind, kind,
        last_used=used, username=name, provider=provider, reference=reference,
    )  # fmt: skip
    return Sighting(site, place, name, evidence)


def mail(site: str, kind: EvidenceKind, days: float, **more: str) -> Sighting:
    return seen(site, kind, days, source="Mail", source_kind=SourceKind.MAILBOX, **more)  # type: ignore[arg-type]


def find(*sightings: Sighting, cases: Mapping[str, Case] | None = None) -> Found:
    return judging.judge(Look(NOW, sightings), cases or {}, NOW)


def case_of(*events: Event) -> Case:
    return follow(events, NOW.date())


def turn(state: CaseState, days: float, **facts: str) -> Event:
    """The person sets a state, ``days`` ago."""
    return Event(ago(days), state, facts=facts)
