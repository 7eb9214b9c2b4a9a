"""Two versions of a policy of a service that does not exist, and what is found in them."""

from __future__ import annotations

from guardian.clauses.model import Explanation
from tests.clauses.builders import a_clause, an_explanation

OLD = """# Lantern Notes: privacy policy

Last updated: 3 March 2025

We do not sell your personal data.

We keep deleted notes for 30 days.

We tell you by mail 30 days before a new version of this policy holds.

We use your notes to train our language models.

We send you a bill each month, and keep it as the law asks.

Our office is in Harbour Street, and it is open on weekdays.
"""
NEW = """# Lantern Notes: privacy policy

Last updated: 2 February 2026

We may sell your personal data to companies that pay for it.

We keep deleted notes for 6 months.

We tell you by mail 14 days before a new version of this policy holds.

Any dispute between us goes to binding arbitration and not to a court.

Each month we send you a bill, which we keep as the law asks us to.

Our office is in Harbour Street, and it is open on weekdays.

We wish you a bright year with Lantern.
"""


def old_version() -> Explanation:
    """Sells nothing, keeps for 30 days, trains on notes."""
    period = {"period": "30 days"}
    return an_explanation(
        OLD,
        [
            a_clause(OLD, "data-not-sold", "We do not sell your personal data."),
            a_clause(OLD, "stated-period", "We keep deleted notes for 30 days.", slots=period),
            a_clause(
                OLD,
                "notice-in-advance",
                "We tell you by mail 30 days before a new version of this policy holds.",
                slots=period,
            ),
            a_clause(OLD, "ai-training", "We use your notes to train our language models."),
        ],
        title="lantern-privacy-2025",
    )


def new_version() -> Explanation:
    """Sells, keeps for half a year, tells later, wants arbitration; trains no more."""
    return an_explanation(
        NEW,
        [
            a_clause(
                NEW, "data-sale", "We may sell your personal data to companies that pay for it."
            ),
            a_clause(
                NEW,
                "stated-period",
                "We keep deleted notes for 6 months.",
                slots={"period": "6 months"},
            ),
            a_clause(
                NEW,
                "notice-in-advance",
                "We tell you by mail 14 days before a new version of this policy holds.",
                slots={"period": "14 days"},
            ),
            a_clause(
                NEW,
                "arbitration",
                "Any dispute between us goes to binding arbitration and not to a court.",
            ),
        ],
        title="lantern-privacy-2026",
    )
