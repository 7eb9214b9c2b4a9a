"""What packaging/process-rules --check asks of the rules, besides that they can be answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.policy import SigmaPolicy
from sigma.validation import SigmaValidator
from sigma.validators.core import validators

from guardian.core.words import Words
from guardian.processes.content import Rule
from guardian.processes.model import EVIDENCE_WORDS

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "processes"
TECHNIQUES = ROOT / "packaging" / "attack-techniques.txt"
TACTICS = frozenset({
    "reconnaissance", "resource-development", "initial-access", "execution", "persistence",
    "privilege-escalation", "defense-evasion", "stealth", "credential-access", "discovery",
    "lateral-movement", "collection", "command-and-control", "exfiltration", "impact",
})  # fmt: skip
"""Names of ATT&CK's tactics; «stealth» is what a part of «defense-evasion» came to be called."""

UNSUITED = frozenset({
    "attacktag",  # both fetch their lists from the network; attack-techniques.txt stands in
    "d3_fendtag",
    "escaped_wildcard",  # takes every folder of a Windows path for an accident
})  # fmt: skip
POSITIVES, NEGATIVES = 1, 2
SENTENCES = ("title", "plain", "why", "honest", "do")


def find_faults(rules: list[Rule], source: Path) -> list[str]:
    """Everything that is wrong with the rules, each with the rule's name."""
    found = [*sigma_faults(source)]
    for rule in rules:
        faults = (*tag_faults(rule), *word_faults(rule), *fixture_faults(rule))
        found += [f"{rule.code}: {fault}" for fault in faults]
    return found


def sigma_faults(source: Path) -> Iterator[str]:
    """What pySigma and its validators have to say. Expressions are Python's, as in Guardian."""
    policy = SigmaPolicy(regex_engine=re)
    chosen = {each for name, each in validators.items() if name not in UNSUITED}
    validator = SigmaValidator(chosen)
    for file in sorted(source.glob("*.yml")):
        try:
            collection = SigmaCollection.from_yaml(
                file.read_text("utf-8"), collect_errors=True, policy=policy
            )
            yield from (f"{file.stem}: {error}" for error in collection.errors)
            for rule in collection.rules:
                for condition in rule.detection.parsed_condition:
                    condition.parse()
                for issue in validator.validate_rule(rule):
                    yield f"{file.stem}: {issue}"
        except SigmaError as error:
            yield f"{file.stem}: {error}"
    yield from map(str, validator.finalize())


def tag_faults(rule: Rule) -> Iterator[str]:
    known = techniques()
    for tag in rule.tags:
        name = tag.removeprefix("attack.")
        if name == tag or (name not in TACTICS and name.upper() not in known):
            yield f"the tag {tag} is none of ATT&CK"
    if not rule.attack:
        yield "no technique of ATT&CK is named"


def techniques() -> frozenset[str]:
    lines = TECHNIQUES.read_text("utf-8").splitlines()
    parted = [line.split() for line in lines if line and not line.startswith("#")]
    whole = {parts[0] for parts in parted}
    return frozenset(whole | {f"{parts[0]}.{each}" for parts in parted for each in parts[1:]})


def word_faults(rule: Rule) -> Iterator[str]:
    words = Words()
    for part in SENTENCES:
        if f"processes.rule.{rule.code}.{part}" not in words:
            yield f"there is no sentence “{part}”"
    if (f"processes.rule.{rule.code}.milder" in words) is not bool(rule.guardian.milder):
        yield "a sentence “milder” belongs to a rule with a milder level, and to no other"
    if "{name}" not in words.say(f"processes.rule.{rule.code}.plain"):
        yield "the sentence “plain” does not name the program"
    for name in rule.fields:
        if name not in EVIDENCE_WORDS:
            yield f"the field {name} has no sentence, so it cannot be shown"
    if not rule.fields:
        yield "nothing is shown as evidence"
    if not rule.falsepositives:
        yield "it does not say what else it may fit"


def fixture_faults(rule: Rule) -> Iterator[str]:
    file = FIXTURES / f"{rule.code}.json"
    try:
        fits = [bool(case["fits"]) for case in json.loads(file.read_text("utf-8"))]
    except (OSError, ValueError, KeyError) as error:
        yield f"no recorded sights: {error}"
        return
    if fits.count(True) < POSITIVES or fits.count(False) < NEGATIVES:
        yield f"fewer than {POSITIVES} sights it fits or {NEGATIVES} it does not"
