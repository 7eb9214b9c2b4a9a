"""The list of accounts as a table: complete, plain, and without a cell that acts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from accounts_home import CANARY
from hypothesis import given
from hypothesis import strategies as st

from guardian.accounts import report
from guardian.accounts.model import Account, Confidence, Difficulty, Place, Risk, UseClass
from guardian.accounts.service import AccountsService
from guardian.core.jobs import report_nothing
from guardian.core.words import Words, message

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def make(site: str = "example.org", *names: str, unused: timedelta | None = None) -> Account:
    return Account(
        site=site,
        place=Place.WEB,
        usernames=names,
        evidence=(),
        first_seen=NOON - timedelta(days=900),
        last_used=NOON,
        unused_at_least=unused,
        use_class=UseClass.FORGOTTEN,
        why=message("accounts.why.no-date", source="Firefox"),
        windows=(),
        confidence=Confidence.SURE,
    )


def rows(*accounts: Account) -> list[list[str]]:
    return list(csv.reader(io.StringIO(report.to_csv(accounts, Words()), newline="")))


def test_every_account_has_a_row_with_what_is_known_of_it() -> None:
    days = timedelta(days=990, hours=23)
    header, row = rows(make("example.org", "anna", "anna@example.org", unused=days))
    cells = dict(zip(report.COLUMNS, row, strict=True))
    assert len(header) == len(report.COLUMNS)
    assert header[0] == "Site"
    assert cells["site"] == "example.org"
    assert cells["names"] == "anna; anna@example.org"
    assert (cells["first-seen"], cells["last-used"]) == ("2021-09-13", "2024-03-01")
    assert cells["unused-days"] == "990"
    assert (cells["confidence"], cells["class"]) == ("sure", "Long unused here")
    assert (cells["state"], cells["difficulty"]) == ("not decided", "not known")
    assert cells["why"] == "Firefox holds this login, but no date that Guardian could use."
    assert cells["route"].startswith("https://example.org/")


def test_a_well_known_service_comes_with_its_risk_and_its_deletion_page() -> None:
    row = dict(zip(report.COLUMNS, rows(make("paypal.com"))[1], strict=True))
    assert "money" in row["risk"]
    assert "paypal" in row["route"]


def test_what_is_not_known_stays_empty() -> None:
    row = dict(zip(report.COLUMNS, rows(make())[1], strict=True))
    assert (row["names"], row["unused-days"]) == ("", "")


def test_no_accounts_give_the_header_alone() -> None:
    assert len(rows()) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_defused(start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    assert rows(make("example.org", name))[1][1] == f"'{name}"


@given(st.lists(st.text(max_size=20), max_size=3))
def test_every_name_comes_out_of_the_table_as_it_was(names: list[str]) -> None:
    (_, row) = rows(make("example.org", *names))
    assert len(row) == len(report.COLUMNS)
    assert row[1].removeprefix("'") == "; ".join(names).removeprefix("'")
    assert not any(cell.startswith(report.ACTING) for cell in row)


def test_every_risk_and_difficulty_has_a_word_for_its_cell() -> None:
    words = Words()
    for kind, values in (("risk", Risk), ("difficulty", Difficulty)):
        for prefix, value in product([f"accounts.report.{kind}"], values):
            assert f"{prefix}.{value.value}" in words
    assert all(f"accounts.report.{name}" in words for name in report.COLUMNS)


def test_the_accounts_of_a_real_search_fill_the_table(allowed: AccountsService) -> None:
    found = allowed.find(report_nothing)
    text = report.to_csv(found.accounts, Words())
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(found.accounts) + 1
    assert CANARY not in text
    assert "accounts." not in text
