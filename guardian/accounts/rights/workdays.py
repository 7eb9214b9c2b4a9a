"""Which days are working days in a country, and whether that is settled yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guardian.accounts.rights.laws import load_laws

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """The days on which people work in a country.

    ``holidays`` is None where the country is not known: then weekends alone are days off.
    ``make_up_days``: weekends that the country declares to be working days are working days.
    """

    country: str
    holidays: Any
    make_up_days: bool = False

    def is_working(self, day: date) -> bool:
        if day.weekday() >= 5:
            return self.make_up_days and day in self._declared(day)
        return self.holidays is None or day not in self.holidays

    def is_settled(self, day: date) -> bool:
        """Whether the holidays of that year are fixed: decreed, and not merely estimated."""
        if self.holidays is None:
            return False
        known = load_laws().holidays_known_until
        if day.year > known.get(self.country.partition("-")[0], known[""]):
            return False
        return "estimated" not in (self.holidays.get(day) or "")

    def next(self, day: date) -> date:
        """``day`` itself if people work on it, else the next day they do."""
        while not self.is_working(day):
            day += DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``."""
        for _ in range(count):
            day = self.next(day + DAY)
        return day

    def _declared(self, day: date) -> Any:
        if self.holidays is None:
            return ()
        day in self.holidays  # noqa: B015 - asking fills in the year
        return self.holidays.weekend_workdays


def find_workdays(country: str, make_up_days: bool = False) -> Workdays:
    """The working days of ``country``: an ISO code, with its part after a hyphen.

    A part that is not known is left out, and «GB» alone is taken for England, where holidays
    differ from those that all of the kingdom shares.
    """
    import holidays

    land, _, part = country.upper().partition("-")
    part = part or ("ENG" if land == "GB" else "")
    wishes: list[str | None] = [part, None] if part else [None]
    for wish in wishes:
        try:
            found = holidays.country_holidays(land, subdiv=wish, language="en_US")
        except NotImplementedError:
            continue
        return Workdays(country.upper(), found, make_up_days)
    return Workdays(country.upper(), None, make_up_days)
