"""The concrete things that a whole document names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.model import Fact
from guardian.clauses.rules.facts import MOST, find_facts, tell_fact
from guardian.clauses.sentences import split
from guardian.core.words import Words, load_texts

POLICY = """\
# Privacy at Larkfield

Last updated: 1 July 2026. In force from 15 July 2026.

We collect your name, e-mail address and phone number. We keep order data for 24 months and
delete log data after 30 days.

We share your data with payment processors, parcel carriers and the police.

Our servers are in Ireland and Canada. These rules follow Irish law,
and the courts of Dublin decide.

Our liability does not exceed €200. The subscription costs $5.

We answer within 45 days of your request.

Write to hello@larkfield.example. Our data protection officer: dpo@larkfield.example

Our representative in the European Union: Oakmont, eu@oakmont.example

Larkfield Ltd
12 High Street
Leeds LS1 4AP
"""  # fmt: skip
POLICY_ZH = """\
云雀隐私政策

更新日期：2026年7月1日
生效日期：2026年7月15日

我们收集您的姓名、手机号码、住址用于配送。订单记录保存三年。

我们会与物流公司、支付机构共享订单信息。信息存储于中国境内。

我们将在15个工作日内答复。客服电话：010-5555-0100

个人信息保护负责人邮箱：dpo@yunque.example

本协议适用中华人民共和国法律，由杭州市西湖区人民法院管辖。
"""


def facts(text: str, language: str = "en") -> list[Fact]:
    return list(find_facts(text, split(text), language))


def told(text: str, language: str = "en") -> set[tuple[str, str, str]]:
    return {(fact.name, fact.of, fact.text) for fact in facts(text, language)}


def test_an_english_policy() -> None:
    assert told(POLICY) == {
        ("date", "updated", "1 July 2026"),
        ("date", "effective", "15 July 2026"),
        ("data", "collected", "your name, e-mail address and phone number"),
        ("period", "kept", "24 months"),
        ("period", "kept", "30 days"),
        ("recipients", "shared", "payment processors, parcel carriers and the police"),
        ("country", "transfer", "Ireland"),
        ("country", "transfer", "Canada"),
        ("law", "law", "Irish law"),
        ("country", "courts", "Dublin"),
        ("amount", "cap", "€200"),
        ("amount", "fee", "$5"),
        ("deadline", "", "within 45 days of your request"),
        ("contact", "", "hello@larkfield.example"),
        ("contact", "privacy-officer", "dpo@larkfield.example"),
        ("contact", "representative", "eu@oakmont.example"),
        ("contact", "", "12 High Street\nLeeds LS1 4AP"),
    }


def test_a_chinese_policy() -> None:
    assert told(POLICY_ZH, "zh") == {
        ("date", "updated", "2026年7月1日"),
        ("date", "effective", "2026年7月15日"),
        ("data", "collected", "姓名、手机号码、住址"),
        ("period", "kept", "三年"),
        ("recipients", "shared", "物流公司、支付机构"),
        ("country", "transfer", "中国境内"),
        ("deadline", "", "15个工作日内"),
        ("contact", "", "010-5555-0100"),
        ("contact", "privacy-officer", "dpo@yunque.example"),
        ("law", "law", "中华人民共和国法律"),
        ("country", "courts", "杭州市西湖区"),
    }


def test_facts_stand_in_document_order_at_their_exact_places() -> None:
    found = facts(POLICY)
    assert found == sorted(found, key=lambda fact: (fact.start, fact.name))
    assert all(POLICY[fact.start : fact.end] == fact.text for fact in found)


def test_a_date_alone_near_the_top_dates_the_document() -> None:
    assert told("Terms\n\n1 July 2026\n\nWelcome to these paths, walker.") == {
        ("date", "document", "1 July 2026")
    }
    assert (
        told("Our bridge was built in July 2026, and it rained all day long there, walker.")
        == set()
    )


def test_a_thing_said_twice_is_one_fact_and_the_telling_place_stays() -> None:
    text = "Mail a@b.example.\n\nOur data protection officer is at A@b.example."
    assert told(text) == {("contact", "privacy-officer", "A@b.example")}


@pytest.mark.parametrize(
    "text",
    ["We share data with third parties.", "We share no data.", "We collect your name.", "30 days"],
)
def test_what_says_nothing_of_its_own_is_no_fact(text: str) -> None:
    assert told(text) == set()


def test_a_number_of_days_that_is_a_time_limit_is_no_period() -> None:
    assert told("We delete it within 30 days of your request.") == {
        ("deadline", "", "within 30 days of your request")
    }


def test_one_day_can_be_two_dates() -> None:
    text = "Last updated: 1 July 2026\n\nIn force from 1 July 2026\n"
    assert told(text) == {("date", "updated", "1 July 2026"), ("date", "effective", "1 July 2026")}


def test_no_kind_of_fact_goes_on_without_end() -> None:
    text = "\n\n".join(f"Write to mail{number}@larkfield.example now." for number in range(50))
    assert len(facts(text)) == MOST["contact"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_fact_has_words(language: str) -> None:
    words = Words(language)
    for fact in (*facts(POLICY), *facts(POLICY_ZH, "zh")):
        assert words.tell(tell_fact(fact)).endswith(fact.text)
    codes = {code for code in load_texts("en") if code.startswith("clauses.fact.")}
    assert codes <= set(load_texts("zh"))


@given(
    st.lists(
        st.one_of(st.text(max_size=40), st.sampled_from([*POLICY.split("\n"), *POLICY_ZH.split()])),
        max_size=20,
    ),
    st.sampled_from(["en", "zh", ""]),
)
def test_any_text_is_read_and_facts_are_exact(parts: list[str], language: str) -> None:
    text = "\n".join(parts)
    for fact in facts(text, language):
        assert text[fact.start : fact.end] == fact.text != ""
        assert tell_fact(fact).code in load_texts("en")
