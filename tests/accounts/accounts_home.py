"""The fixture home, the day the tests live on, and small questions about answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from guardian.accounts.model import Account, Found

FIXTURE = Path(__file__).parent.parent / "fixtures/accounts/home"
# another home, whose browsers keep a history
VISITS = FIXTURE.with_name("visits")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CANARY = "canary-Zq7-never-read-me"


def by_site(found: Found) -> dict[str, Account]:
    return {account.site: account for account in found.accounts}


def noon(day: str | None) -> datetime | None:
    """Noon UTC: the time of day of every planted date."""
    return datetime.fromisoformat(f"{day}T12:00:00+00:00") if day else None


def snapshot(home: Path) -> dict[Path, tuple[bytes, int]]:
    """Every file with its bytes and the time of its last change."""
    files = (file for file in home.rglob("*") if file.is_file())
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}
