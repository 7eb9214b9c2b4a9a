"""Every code has words, every placeholder its fact, and no words are left over."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guardian.core.words import load_texts

ROOT = Path(__file__).resolve().parents[2]
SPEAKERS = {"say": "", "message": "", "Message": "", "Problem": "problem."}
# codes put together from a prefix and a fact: each prefix with the code that does so
BUILT = re.compile(r"^(?!problem\.$)[a-z][\w-]*\.[\w.-]*$")


@dataclass(frozen=True)
class Use:
    code: str
    facts: frozenset[str] | None
    where: str


def literal(node: ast.expr) -> tuple[str, bool] | None:
    """A string, or the literal beginning of an f-string and False."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, True
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value), False
    return None


def uses() -> Iterator[tuple[Use, bool]]:
    for path in sorted((ROOT / "guardian").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = node.func
            name = (
                function.attr
                if isinstance(function, ast.Attribute)
                else getattr(function, "id", "")
            )
            if name not in SPEAKERS:
                continue
            choices = (
                [node.args[0].body, node.args[0].orelse]
                if isinstance(node.args[0], ast.IfExp)
                else [node.args[0]]
            )
            for choice in choices:
                found = literal(choice)
                if found is None or not found[0]:
                    continue
                named = [word.arg for word in node.keywords]
                spread = None in named or name == "Message"
                facts = None if spread else frozenset(filter(None, named))
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield Use(SPEAKERS[name] + found[0], facts, where), found[1]


def placeholders(text: str | dict[str, str]) -> set[str]:
    forms = [text] if isinstance(text, str) else list(text.values())
    return {field for form in forms for _, field, _, _ in string.Formatter().parse(form) if field}


def built_anywhere() -> Iterator[re.Pattern[str]]:
    """What every f-string that begins like a code can become, wherever it stands."""
    for path in sorted((ROOT / "guardian").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                if not BUILT.match(str(node.values[0].value)):
                    continue
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+"
                    for part in node.values
                ]
                yield re.compile("".join(parts))


USES = list(uses())
TEXTS = load_texts("en")
WHOLE = [use for use, whole in USES if whole]
FILES = {use.where.split(":")[0]: [] for use in WHOLE}
for use in WHOLE:
    FILES[use.where.split(":")[0]].append(use)
PREFIXES = sorted({use.code for use, whole in USES if not whole})


@pytest.mark.parametrize("file", FILES)
def test_every_code_has_words_with_exactly_its_facts(file: str) -> None:
    assert [problem for use in FILES[file] for problem in lacking(use)] == []


def lacking(use: Use) -> Iterator[str]:
    """What the words of a code lack, or what they ask for and are not given."""
    if use.code not in TEXTS:
        yield f"{use.where}: no words for {use.code}"
        return
    text = TEXTS[use.code]
    needed = placeholders(text) | ({"count"} if isinstance(text, dict) else set())
    if use.facts and not needed <= use.facts:
        yield f"{use.where}: {use.code} lacks {needed - use.facts}"
    if use.code.startswith("problem.") and not use.code.endswith(".do"):
        if f"{use.code}.do" not in TEXTS:
            yield f"{use.where}: {use.code} does not say what to do"
        elif use.facts is not None and not placeholders(TEXTS[f"{use.code}.do"]) <= use.facts:
            yield f"{use.where}: {use.code}.do names facts that are not given"


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_built_code_has_words_that_begin_so(prefix: str) -> None:
    assert any(code.startswith(prefix) for code in TEXTS), prefix


def test_no_words_are_left_over() -> None:
    spoken = {use.code for use in WHOLE}
    strings = "\n".join(
        path.read_text("utf-8")
        for folder in ("guardian", "assets")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".json") and "words" not in path.parts
    )
    quoted = set(re.findall(r'"([\w.-]+)(?=")', strings))
    built = list(built_anywhere())

    def used(code: str) -> bool:
        base = code.removesuffix(".do")
        return (
            code in spoken
            or base in spoken
            or code in quoted
            or any(pattern.fullmatch(code) for pattern in built)
        )

    assert sorted(code for code in TEXTS if not used(code)) == []


@pytest.mark.parametrize("file", sorted((ROOT / "assets/words/en").glob("*.json")), ids=str)
def test_words_are_plain(file: Path) -> None:
    texts = json.loads(file.read_text("utf-8"))
    for code, text in texts.items():
        for form in [text] if isinstance(text, str) else text.values():
            for word in ("safe ", "safely", "clean ", "cleaned", "virus", "malware", "hacker"):
                assert word not in f"{form} ".lower(), f"{code}: {word}"
            assert '"' not in form, f"{code}: typographic quotation marks, please"


def test_no_code_stands_in_two_files() -> None:
    seen: dict[str, str] = {}
    for file in sorted((ROOT / "assets/words/en").glob("*.json")):
        pairs = json.loads(file.read_text("utf-8"), object_pairs_hook=list)
        for code, _text in pairs:
            assert code not in seen, f"{code} stands in {seen[code]} and {file.name}"
            seen[code] = file.name


CHINESE = sorted((ROOT / "assets/words/zh").glob("*.json"))


@pytest.mark.parametrize("file", CHINESE, ids=lambda file: str(file.name))
def test_chinese_words_have_the_codes_and_gaps_of_the_english_ones(file: Path) -> None:
    for code, text in json.loads(file.read_text("utf-8")).items():
        assert code in TEXTS, f"{code}: nothing says this in English"
        assert placeholders(text) <= placeholders(TEXTS[code]) | {"count"}, code
        assert isinstance(text, dict) == isinstance(TEXTS[code], dict), code


def test_whatever_explains_a_document_is_there_in_chinese() -> None:
    spoken = load_texts("zh")
    explaining = ("kind", "why", "short", "action", "check", "verdict", "slot", "law", "presence")
    prefixes = tuple(f"clauses.{one}." for one in explaining)
    assert sorted(code for code in TEXTS if code.startswith(prefixes) and code not in spoken) == []
