"""A policy of a service that does not exist, and what is found in it, for pictures."""

from __future__ import annotations

from functools import cache

from guardian.clauses.model import Basis, Checklist, Explanation, Law, SourceKind
from guardian.core.words import message
from tests.clauses.builders import a_checklist, a_clause, a_fact, an_explanation, an_item

POLICY = """# Lantern Notes: how we handle your data

Last updated: 2 February 2026

## What we collect

When you open an account we ask for your name, your mail address and your date of birth. \
Our app also notes which device you use, and roughly where you are. \
We may combine this with information that reaches us in other ways.

## What we use it for

We use your notes and photos to train and improve our language models, unless you turn this off \
in the settings. We show you offers that fit what you write about. \
From time to time we may look at signals of a general kind to keep things working as they should.

## Who gets it

We may sell your personal data, or share it for money, where the law lets us. \
We share data about you with our partners and with other selected companies. \
Companies that host our servers see your data only to do that work for us. \
Certain of our affiliates may receive further items in the ordinary course of business.

## How long we keep it

We keep your notes for 30 days after you delete them. Backups may be kept without any time limit. \
Bills are kept for ten years, as the law asks. We retain other data as long as it is needed.

## Your choices

You can see, correct, download and delete your data in the settings at any time. \
If you live in the European Union, the GDPR gives you further rights. \
Write to privacy@lantern.example, and we answer within one month.

## When this changes

We may change this policy at any time without notice. \
Your continued use of Lantern after a change means that you accept it. \
Where a change is important to you, we will email you at least 14 days before it takes effect.

## If we disagree

Any dispute between you and us will be settled by binding arbitration and not in court. \
You give up the right to take part in a class action. \
Lantern Notes is not liable for lost data or lost profits, as far as the law allows.
"""
MENU = "# Lantern Notes\nPrices\nHelp\nSign in\n© Lantern Notes Inc."
LEFT = ("reaches us in other ways", "signals of a general kind", "further items in the ordinary")


@cache
def policy() -> Explanation:
    """What is found in :data:`POLICY`."""
    found = (
        ("data-sale", "sell your personal data"),
        ("unnamed-partners", "other selected companies"),
        ("change-without-notice", "without notice"),
        ("continued-use", "continued use"),
        ("notice-in-advance", "14 days before"),
        ("arbitration", "binding arbitration"),
        ("class-waiver", "class action"),
        ("liability-limited", "not liable"),
        ("own-data-rights", "download and delete"),
        ("kept-as-long-as-needed", "as long as it is needed"),
        ("kept-without-end", "Backups"),
        ("rough-location", "roughly where"),
        ("service-providers", "host our servers"),
        ("kept-for-law", "Bills are kept"),
    )
    clauses = [a_clause(POLICY, kind, words) for kind, words in found]
    clauses.append(
        a_clause(
            POLICY, "ai-training", "language models",
            slots={"data": "your notes and photos"}, basis=Basis.LEARNED, confidence=0.84,
        )
    )  # fmt: skip
    return an_explanation(
        POLICY,
        clauses,
        left=LEFT,
        verdict=message("clauses.verdict.blocker", count=2, others=7, good=2),
        document={"kind": SourceKind.HTML, "dropped_words": 148, "dropped_text": MENU},
        checklists=(gdpr(),),
        facts=(
            a_fact(POLICY, "period", "30 days", of="kept"),
            a_fact(POLICY, "period", "ten years", of="kept"),
            a_fact(POLICY, "recipients", "our partners"),
            a_fact(POLICY, "recipients", "Companies that host our servers"),
            a_fact(POLICY, "contact", "privacy@lantern.example"),
            a_fact(POLICY, "date", "2 February 2026", of="updated"),
        ),
    )


def gdpr() -> Checklist:
    """Some of what the GDPR asks for, held against :data:`POLICY`."""
    items = (
        an_item(POLICY, "withdraw", common=0.89, article="13(2)(c)"),
        an_item(POLICY, "legal-basis", article="13(1)(c)"),
        an_item(POLICY, "complaint", common=0.75, article="13(2)(d)"),
        an_item(POLICY, "transfers", "host our servers", unclear=True, article="13(1)(f)"),
        an_item(POLICY, "recipients", "other selected companies", article="13(1)(e)"),
        an_item(POLICY, "period", "for 30 days", article="13(2)(a)"),
        an_item(POLICY, "rights", "download and delete", article="13(2)(b)"),
        an_item(POLICY, "contact", "Write to", article="13(1)(a)"),
    )
    return a_checklist(POLICY, Law.GDPR, items, "the GDPR gives you")


STORY = """The harbour at night

The boats lay still, and nobody spoke. An old man mended his net by the light of a lamp. \
Far out, a bell rang twice.
"""


def story() -> Explanation:
    """No policy at all, from a PDF that is partly pictures, with signs that cannot be read."""
    return an_explanation(
        STORY,
        (),
        title="harbour-novel",
        verdict=message("clauses.verdict.not-a-policy"),
        looks_like_policy=False,
        document={"kind": SourceKind.PDF, "pages": 9, "wordless_pages": 4, "unreadable": 3},
    )
