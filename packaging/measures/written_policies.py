"""Policies of any length made of our own sentences, for measuring; always the same for one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

COMPANIES = ("Lantern", "Harbour & Co", "Tidewater Games", "Nordlicht", "Pebble Mail", "Osprey")
DATA = (
    "your name and e-mail address", "the pages you look at", "your precise location",
    "your contact list", "the photos you upload", "payment details", "the type of your device",
    "your age and gender", "recordings of your voice", "the messages you write",
)  # fmt: skip
PURPOSES = (
    "to run the service", "to keep the service secure", "to show you advertising",
    "to improve what we offer", "to answer your questions", "to train our models",
    "to meet legal duties", "to prevent fraud",
)  # fmt: skip
OTHERS = (
    "our advertising partners", "companies that host our servers", "our group companies",
    "payment companies", "the police where the law requires it", "a buyer of our business",
)  # fmt: skip
PERIODS = ("30 days", "six months", "two years", "as long as we need it", "90 days")
SENTENCES = (
    "We collect {data} {purpose}.",
    "{company} may share {data} with {other}.",
    "We do not sell {data} to anyone.",
    "We keep {data} for {period} after you close your account.",
    "You can ask us to delete {data} at any time in the settings.",
    "If you go on using the service after a change, you accept the new policy.",
    "We will tell you by e-mail at least {period} before a change takes effect.",
    "Where the law asks for it, we use {data} only with your consent, {purpose}.",
    "In some countries you have the right to see {data} and to have it corrected.",
    "{company} works with {other} {purpose}, and these companies may see {data}.",
    "Our liability is limited to the amount that you paid to us in the last {period}.",
    "We may close your account at any time, for any reason and without notice.",
    "Any dispute is settled by binding arbitration and not in court.",
    "When you visit our site, small files called cookies remember {data}.",
    "Nobody under the age of 13 may open an account with {company}.",
    "To exercise these rights, write to privacy@{domain}.example.",
)
HEADINGS = (
    "What we collect", "How we use it", "Whom we share it with", "How long we keep it",
    "Your rights", "Changes", "Ending the contract", "How to reach us",
)  # fmt: skip


def write_lines(length: int, seed: int) -> Iterator[tuple[bool, str]]:
    """Headings (True) and sentences until ``length`` characters are reached."""
    chosen = random.Random(seed)
    company = chosen.choice(COMPANIES)
    written = 0
    while written < length:
        yield True, chosen.choice(HEADINGS)
        for _ in range(chosen.randint(4, 9)):
            line = chosen.choice(SENTENCES).format(
                company=company,
                domain=company.split()[0].lower(),
                data=chosen.choice(DATA),
                purpose=chosen.choice(PURPOSES),
                other=chosen.choice(OTHERS),
                period=chosen.choice(PERIODS),
            )
            written += len(line) + 1
            yield False, line


def write_text(length: int, seed: int = 1) -> str:
    """A policy as Markdown."""
    return "\n\n".join(
        f"## {line}" if heading else line for heading, line in write_lines(length, seed)
    )


def write_page(length: int, seed: int = 1) -> str:
    """The same as a saved web page with menus around it."""
    body = "".join(
        f"<h2>{line}</h2>\n" if heading else f"<p>{line}</p>\n"
        for heading, line in write_lines(length, seed)
    )
    menu = "".join(f'<li><a href="/{one}">{one}</a></li>' for one in ("home", "shop", "help"))
    return (
        f"<!doctype html><html><head><title>Privacy policy {seed}</title></head><body>"
        f"<nav><ul>{menu}</ul></nav><main><article><h1>Privacy policy</h1>{body}</article></main>"
        "<footer>All rights reserved. Follow us everywhere.</footer></body></html>"
    )
