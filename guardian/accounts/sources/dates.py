"""Turns the times that browsers write into UTC, and nonsense into None."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# No browser that could have saved a login is older.
OLDEST = datetime(1995, 1, 1, tzinfo=UTC)
# A clock may have been a little ahead; more than a day is a wrong date.
SKEW = timedelta(days=1)
UNIX = datetime(1970, 1, 1, tzinfo=UTC)
CHROMIUM = datetime(1601, 1, 1, tzinfo=UTC)
# Far beyond any date, and small enough for timedelta.
LARGEST = 10**17


def from_unix_ms(value: object, now: datetime) -> datetime | None:
    """Firefox's times: milliseconds since 1970-01-01 UTC; 0 is never."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return since(UNIX, value, 1000, now)


def from_unix_us(value: object, now: datetime) -> datetime | None:
    """Firefox's times in its databases: microseconds since 1970-01-01 UTC; 0 is never."""
    return since(UNIX, value, 1, now)


def from_chromium(value: object, now: datetime) -> datetime | None:
    """Chromium's times: microseconds since 1601-01-01 UTC; 0 is never."""
    return since(CHROMIUM, value, 1, now)


def from_chromium_json(value: object, now: datetime) -> datetime | None:
    """The same as JSON holds them: as text, or as a number with a decimal point."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return from_chromium(value, now)


def sensible(start: datetime, now: datetime) -> tuple[int, int]:
    """The first and the last time that makes sense, in microseconds since ``start``."""
    microsecond = timedelta(microseconds=1)
    return (OLDEST - start) // microsecond, (now + SKEW - start) // microsecond


def since(start: datetime, value: object, microseconds: int, now: datetime) -> datetime | None:
    """``start`` plus ``value`` units, where that gives a time in which a browser could write."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < LARGEST:
        return None
    try:
        time = start + timedelta(microseconds=value * microseconds)
    except OverflowError:
        return None
    return time if OLDEST <= time <= now + SKEW else None


def count(value: object) -> int | None:
    """A number of uses, or None where it is not one."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if good else None  # type: ignore[return-value]
