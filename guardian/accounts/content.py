"""The catalogue Guardian ships: services that are well known, and where they delete accounts."""

from __future__ import annotations

from functools import cache
from typing import Literal

from guardian.core.content import Record, read_content

Difficulty = Literal["easy", "medium", "hard", "limited", "impossible"]
Hint = Literal[
    "cancel_subscription_first", "chat", "in_app", "phone", "support_ticket", "waits_days"
]


class Service(Record, frozen=True):
    """One online service.

    ``domains`` are registrable domains; ``year`` is when the address ``url`` was last touched in
    ``source``; ``difficulty`` is that source's class: «limited» means only for people in places
    with privacy rights.
    """

    name: str
    category: str
    domains: list[str]
    url: str
    difficulty: Difficulty
    year: int
    hints: list[Hint]
    source: str


@cache
def load_services() -> dict[str, Service]:
    """All services by registrable domain. Raises ``Problem("content-bad")``."""
    services = read_content("accounts/services.json", list[Service])
    return {domain: service for service in services for domain in service.domains}
