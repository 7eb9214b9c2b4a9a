"""The kinds about choice, security, changes and terms: seen in their words, not in near-twins."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from guardian.clauses.content import ClauseKind, read_catalogue
from guardian.clauses.model import Direction
from guardian.clauses.rules.folding import fold
from guardian.clauses.rules.recognising import (
    Recognisers,
    compile_pattern,
    expand,
    recognise,
)
from guardian.clauses.sentences import split
from guardian.core.feature import Level
from guardian.core.words import Words

GROUPS = ("choice", "security", "changes", "terms")
LANGUAGES = ("en", "zh")
LAWS = {"gdpr", "ccpa", "pipl", "civil", "app-rules", "unfair-terms"}
UNFAIR_HERE = {"a", "ch", "cr", "j", "law", "ltd", "ter", "use", "pinc"}
INFRINGEMENTS = {
    "excessive-collection",
    "bundled-consent",
    "no-withdrawal",
    "resale",
    "profiling",
    "no-deletion",
    "transfer-abroad",
    "consent-exceptions",
}
FIXTURES = Path(__file__).parents[1] / "fixtures" / "clauses" / "kinds-terms"

CATALOGUE = read_catalogue()
KINDS = tuple(kind for kind in CATALOGUE.kinds if CATALOGUE.groups[kind.id] in GROUPS)
RECOGNISERS = {language: Recognisers(CATALOGUE, language) for language in LANGUAGES}


def examples(language: str) -> dict[str, dict[str, list[str]]]:
    """Sentences of our own by kind: ``seen`` say it, ``other`` are its near-twins."""
    found: dict[str, dict[str, list[str]]] = {}
    for group in GROUPS:
        file = FIXTURES / f"{group}-{language}.json"
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


EXAMPLES = {language: examples(language) for language in LANGUAGES}


def found(text: str, language: str) -> set[str]:
    clauses = recognise(RECOGNISERS[language], text, split(text))
    return {clause.id for each in clauses for clause in each}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_is_seen_in_its_words_and_not_in_near_twins(kind: ClauseKind, language: str) -> None:
    sentences = EXAMPLES[language][kind.id]
    assert len(sentences["seen"]) >= 2 and len(sentences["other"]) >= 2
    assert [text for text in sentences["seen"] if kind.id not in found(text, language)] == []
    assert [text for text in sentences["other"] if kind.id in found(text, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_belongs_to_a_kind(language: str) -> None:
    assert set(EXAMPLES[language]) == {kind.id for kind in KINDS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cue_hides_what_the_patterns_would_find(language: str) -> None:
    terms = CATALOGUE.languages[language].vocabulary
    sentences = [
        fold(text).lower()
        for one in EXAMPLES[language].values()
        for text in (*one["seen"], *one["other"])
    ]
    for kind in KINDS:
        for one in kind.recognisers[language]:
            wanted = [compile_pattern(expand(pattern, terms)) for pattern in one.all]
            unwanted = [compile_pattern(expand(pattern, terms)) for pattern in one.none]
            for words in sentences:
                if any(cue in words for cue in one.cues):
                    continue
                hit = all(pattern.search(words) for pattern in wanted)
                assert not hit or any(pattern.search(words) for pattern in unwanted), (
                    kind.id,
                    words,
                )


HEADINGS = (
    "Limitation of liability",
    "14. INDEMNIFICATION",
    "Dispute resolution and arbitration",
    "24.2 CLASS ACTION WAIVER",
    "Governing law",
    "Changes to these terms",
    "Termination of your account",
    "Disclaimer of warranties",
    "Security of your data",
    "Children’s privacy",
    "Refund policy",
    "Your rights and choices",
    "How to make a complaint",
    "Account deletion for inactivity",
)
ZH_HEADINGS = (
    "法律适用与争议解决",
    "免责声明",
    "协议的变更",
    "服务的中断与终止",
    "知识产权",
    "未成年人保护",
    "征得授权同意的例外",
    "隐私政策的修订和通知",
    "账号注销",
    "违约责任",
)


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_says_nothing_yet(heading: str) -> None:
    assert found(heading, "en") == set()


@pytest.mark.parametrize("heading", ZH_HEADINGS)
def test_a_chinese_heading_says_nothing_yet(heading: str) -> None:
    assert found(heading, "zh") == set()


# the nine types of unfair terms must be seen in Chinese by words alone
CHINESE_TERMS = (
    ("与本协议有关的一切争议，应提交仲裁委员会按其现行规则仲裁。", "a"),
    ("协商不成的，双方同意由深圳国际仲裁院仲裁，裁决为终局裁决。", "a"),
    ("公司保留随时变更本规则的权利，恕不另行通知。", "ch"),
    ("平台有权随时调整服务内容。", "ch"),
    ("服务条款一经修改，自公布之日起生效，无需另行通知用户。", "ch"),
    ("我方可不经通知删除您上传的任何作品。", "cr"),
    ("对于涉嫌侵权的帖子，平台可予以屏蔽。", "cr"),
    ("纠纷应向公司注册地有管辖权的法院起诉。", "j"),
    ("双方同意由上海市徐汇区人民法院管辖。", "j"),
    ("本条款的效力和解释适用中国大陆法律。", "law"),
    ("本协议受香港法律管辖。", "law"),
    ("因网络故障造成的损失，平台概不负责。", "ltd"),
    ("公司的赔偿责任以您实际支付的费用为限。", "ltd"),
    ("使用本服务的一切后果由用户自行承担。", "ltd"),
    ("我们有权单方终止向您提供服务并注销您的账户。", "ter"),
    ("账号一年未登录的，平台可以回收。", "ter"),
    ("如您违约，我方可以冻结您的账号。", "ter"),
    ("一旦注册，即视为您已接受本协议约束。", "use"),
    ("条款更新后您继续使用的，视为同意新条款。", "use"),
    ("《隐私政策》为本协议不可分割的一部分。", "pinc"),
    ("您同意遵守《隐私政策》的全部内容。", "pinc"),
)


@pytest.mark.parametrize(("text", "tag"), CHINESE_TERMS)
def test_unfair_terms_are_seen_in_chinese(text: str, tag: str) -> None:
    kinds = {kind.id: kind for kind in KINDS}
    seen = found(text, "zh")
    assert tag in {kinds[name].unfair for name in seen if name in kinds}, seen


def test_each_unfair_type_has_a_kind() -> None:
    assert {kind.unfair for kind in KINDS if kind.unfair} == UNFAIR_HERE


def test_the_numbers_32_to_62_are_there() -> None:
    numbers = {kind.number for kind in KINDS if kind.number is not None}
    assert set(range(32, 63)) <= numbers


def test_level_follows_severity_and_direction() -> None:
    for kind in KINDS:
        assert (kind.severity == 4) == (kind.level is Level.ACT), kind.id
        if kind.severity in (2, 3):
            assert kind.level is Level.ASK, kind.id
        if kind.severity == 0:
            assert kind.level is Level.FINE, kind.id
        if kind.direction is Direction.GOOD:
            assert kind.severity == 0, kind.id
        if kind.direction is Direction.BAD:
            assert kind.level is not Level.FINE, kind.id


def test_twins_know_each_other() -> None:
    kinds = {kind.id: kind for kind in CATALOGUE.kinds}
    for kind in KINDS:
        for twin in kind.twins:
            assert kind.id in kinds[twin].twins, (kind.id, twin)


def test_recognisers_are_sound() -> None:
    for kind in KINDS:
        assert set(kind.recognisers) == set(LANGUAGES), kind.id
        for recognisers in kind.recognisers.values():
            for one in recognisers:
                assert one.cues and one.all, kind.id
                assert all(cue == cue.lower() == fold(cue) for cue in one.cues), kind.id
                assert 0.5 < one.confidence < 1, kind.id


def test_laws_and_forms_of_harm_are_known_ones() -> None:
    for kind in KINDS:
        assert {pointer.law for pointer in kind.pointers} <= LAWS, kind.id
        assert set(kind.infringements) <= INFRINGEMENTS, kind.id


def test_no_statement_means_two_kinds() -> None:
    cases = [case for kind in KINDS for case in kind.cases]
    assert len(cases) == len(set(cases))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_and_action_has_words(language: str) -> None:
    words = Words(language)
    for kind in KINDS:
        for part in ("kind", "why", "short"):
            assert f"clauses.{part}.{kind.id}" in words, kind.id
        for action in kind.actions:
            assert f"clauses.action.{action}" in words, action
        short = words.say(f"clauses.short.{kind.id}")
        assert len(short.split()) <= 5 and len(short) <= 34, short


def test_chinese_words_are_chinese() -> None:
    words = Words("zh")
    for kind in KINDS:
        for part in ("kind", "why", "short"):
            assert re.search("[\u4e00-\u9fff]", words.say(f"clauses.{part}.{kind.id}")), kind.id


HOSTILE = (
    "we may remove your content at any time if you ",
    "by using our service you agree to the laws of the state of ",
    "not liable for any loss unless you are responsible ",
    "without notice we may change the terms and terminate your account ",
    "您同意我们有权随时修改本协议并终止您的账号",
    "使用本服务即视为同意授权许可内容不承担责任",
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_sentence_makes_the_patterns_slow(unit: str) -> None:
    language = "en" if unit.isascii() else "zh"
    text = (unit * 1000)[:12_000]
    began = time.process_time()
    found(text, language)
    assert time.process_time() - began < 1.5
