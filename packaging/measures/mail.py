"""Mail: 3,000 letters of 150 sign-ups in six languages, judged by Guardian and by a plain rule.

The sentences lie in mail.json. They were written by somebody who had not seen Guardian's
mail rules, and the rules were not changed after looking at them; keep it that way.
"""

from __future__ import annotations

import base64
import json
import random
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ME, NAME = "anna.berger@web.example", "Anna"
MAILS, SIGN_UPS, OTHERS = 3000, 150, 200
LANGUAGES = ("en", "de", "fr", "es", "zh", "pt")
ENDINGS = {
    "en": ("com", "co.uk", "io", "net"), "de": ("de", "at", "com"), "fr": ("fr", "com"),
    "es": ("es", "com.mx", "com"), "zh": ("cn", "com.cn", "com"), "pt": ("com.br", "pt", "com"),
}  # fmt: skip
SYLLABLES = (
    "ba", "lo", "mi", "ra", "tu", "ven", "sol", "kar", "pin", "do", "fle", "gri", "ho", "jun",
    "ka", "lum", "nor", "pa", "qui", "ri", "sta", "tor", "vil", "wen", "zo",
)  # fmt: skip
LOCALS = (
    "noreply",
    "no-reply",
    "hello",
    "service",
    "account",
    "info",
    "team",
    "support",
    "contact",
)
HOSTS = ("", "mail.", "email.", "notify.", "news.")
BULK = ("mailgiant.example", "sendwell.example")
# the words that LETHE's patterns are made of, tested on subject, name and address
PLAIN_RULE = re.compile(
    r"welcome|willkommen|bienvenue|verif|confirm|bestätig|regist|activat|aktivier|account|konto|"
    r"compte|passwor|passwort|mot de passe|login|log in|anmeld|otp|code|invoice|rechnung|facture|"
    r"order|bestell|commande|subscri|abonn|receipt|security|sicherheit",
    re.I,
)


@dataclass(frozen=True)
class Mail:
    """One letter of the set; ``site`` is the registrable domain of its From address."""

    language: str
    site: str
    name: str
    address: str
    subject: str
    body: str
    kind: str
    genuine: bool = True


def make_mails(seed: int) -> tuple[list[Mail], dict[str, str]]:
    """All letters, and the sites with an account (site -> language)."""
    draw = random.Random(seed)
    texts = json.loads((HERE / "mail.json").read_text("utf-8"))
    names = make_names(draw, SIGN_UPS + OTHERS)
    mails: list[Mail] = []
    truth: dict[str, str] = {}
    for number, name in enumerate(names):
        language = LANGUAGES[number % len(LANGUAGES)]
        site = f"{name.lower()}.{draw.choice(ENDINGS[language])}"
        sender = f"{draw.choice(LOCALS)}@{draw.choice(HOSTS)}{site}"

        def write(
            kind: str,
            *,
            genuine: bool = True,
            who: tuple[str, str, str, str] = (language, site, name, sender),
        ) -> None:
            tongue, where, called, address = who
            subject, body = draw.choice(texts[tongue][kind])
            facts = {"name": called, "person": NAME, "address": ME}
            mails.append(
                Mail(
                    tongue,
                    where,
                    called,
                    address,
                    subject.format(**facts),
                    body.format(**facts),
                    kind,
                    genuine,
                )
            )

        if number < SIGN_UPS:
            truth[site] = language
            # some keep only an alert about signing in, not the first mail
            write("sign_up" if draw.random() < 0.9 else "sign_in")
            for kind, chance in (
                ("sign_in", 0.3),
                ("weak", 0.5),
                ("news", 0.6),
                ("look_alike", 0.2),
            ):
                if draw.random() < chance:
                    write(kind)
        else:
            for kind in draw.choices(("weak", "news", "look_alike"), k=draw.randint(1, 3)):
                write(kind)
            if draw.random() < 0.1:
                write("sign_up", genuine=False)
    senders = sorted({(one.language, one.site, one.name, one.address) for one in mails})
    look_alikes = sum(one.kind == "look_alike" for one in mails)
    while len(mails) < MAILS:
        language, site, name, address = draw.choice(senders)
        kind = "look_alike" if look_alikes < MAILS // 5 else draw.choice(("news", "news", "weak"))
        look_alikes += kind == "look_alike"
        subject, body = draw.choice(texts[language][kind])
        facts = {"name": name, "person": NAME, "address": ME}
        mails.append(
            Mail(language, site, name, address, subject.format(**facts), body.format(**facts), kind)
        )
    draw.shuffle(mails)
    return mails, truth


def make_names(draw: random.Random, count: int) -> list[str]:
    names: set[str] = set()
    while len(names) < count:
        names.add("".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))).capitalize())
    return sorted(names, key=lambda _: draw.random())


def to_mbox(mails: list[Mail], seed: int) -> bytes:
    """The letters as a mailbox, with the headers that mail really carries."""
    draw = random.Random(seed + 1)
    day = datetime(2015, 1, 5, 9, tzinfo=UTC)
    out = []
    for number, mail in enumerate(mails):
        day += timedelta(hours=draw.randint(5, 60))
        host = mail.address.rpartition("@")[2]
        signer = host if draw.random() < 0.7 else draw.choice(BULK)
        verdict = "pass" if mail.genuine else "fail"
        if not mail.genuine:
            signer = "cheapmail.example"
        lines = [
            f"From {mail.address} {day:%a %b %d %H:%M:%S %Y}",
            f"Return-Path: <bounce-{number}@{signer}>",
            f"Authentication-Results: mx.web.example; dkim=pass header.d={signer};",
            f"\tdmarc={verdict} header.from={host}",
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={signer}; s=k1;",
            "\th=From:To:Subject; b=AAAA",
            f"Date: {format_datetime(day)}",
            f"From: {encode(draw, mail.name)} <{mail.address}>",
            f"To: {ME}",
            f"Subject: {encode(draw, mail.subject)}",
            f"Message-ID: <{number}.{seed}@{signer}>",
        ]
        if mail.kind in ("news", "look_alike") or draw.random() < 0.25:
            lines.append(f"List-Unsubscribe: <https://{mail.site}/unsubscribe?u={number}>")
        lines += [
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            "",
            mail.body,
            "",
        ]
        out.append("\n".join(lines).encode())
    return b"\n".join(out) + b"\n"


def encode(draw: random.Random, text: str) -> str:
    """``text`` as mail programs write it: plain, or as an encoded word of some kind."""
    if text.isascii():
        return text
    for charset in draw.sample(("utf-8", "iso-8859-1", "gb18030"), 3):
        try:
            raw = text.encode(charset)
        except UnicodeEncodeError:
            continue
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    return text


def score(found: set[str], truth: set[str]) -> tuple[float, float]:
    """Recall and precision."""
    right = len(found & truth)
    return right / max(len(truth), 1), right / max(len(found), 1)


def mail(seed: int = 20) -> None:
    from guardian.accounts.model import Confidence, Look
    from guardian.accounts.rules import judging
    from guardian.accounts.sources import read_source, recognise

    mails, truth = make_mails(seed)
    kinds = defaultdict(int)
    for one in mails:
        kinds[one.kind if one.genuine else "forged"] += 1
    print(f"{len(mails)} mails, {len(truth)} sign-ups:", dict(kinds))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "All.mbox"
        path.write_bytes(to_mbox(mails, seed))
        now = datetime(2026, 11, 1, tzinfo=UTC)
        reading = read_source(recognise(path, lambda: None), now, lambda: None)
    sightings, _ = judging.bring_home(reading.entries)
    found = judging.judge(Look(now, sightings), {}, now)
    ours = {one.site for one in found.accounts if one.confidence is not Confidence.CONTACT}
    plain = {
        one.site for one in mails if PLAIN_RULE.search(f"{one.subject} {one.name} {one.address}")
    }
    for who, sites in (("Guardian", ours), ("plain rule", plain)):
        recall, precision = score(sites, set(truth))
        print(f"{who:10}  recall {recall:.3f}  precision {precision:.3f}")
    for language in LANGUAGES:
        own = {site for site, tongue in truth.items() if tongue == language}
        every = {one.site for one in mails if one.language == language}
        recall, precision = score(ours & every, own)
        print(f"  {language}  recall {recall:.3f}  precision {precision:.3f}")


if __name__ == "__main__":
    mail()
