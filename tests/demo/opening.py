"""Opens demonstrations for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from guardian.core.store import Store
from guardian.demo.place import make_place
from guardian.demo.service import Demo
from guardian.features import Features

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass
class Open:
    """A demonstration with its records open."""

    demo: Demo
    store: Store
    features: Features


def open_demo(now: datetime) -> Open:
    demo = Demo(make_place(), lambda: now)
    store = demo.fill()
    return Open(demo, store, demo.build(store))


def close(opened: Open) -> None:
    opened.store.close()
    opened.demo.place.wipe()
