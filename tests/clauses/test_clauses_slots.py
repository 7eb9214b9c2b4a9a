"""Concrete things pulled out of a clause, each an exact part of it."""

# ruff: noqa: E501 - one example a line reads better; Chinese has its own marks

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.rules.slots import NAMES, pull, read_slots, tell_slot, trim
from guardian.core.words import Words

PULLED = [
    ("period", "We keep it for 30 days.", "30 days"),
    ("period", "It is deleted after thirty (30) days.", "thirty (30) days"),
    ("period", "kept for up to 18 months", "up to 18 months"),
    ("period", "kept for no longer than 2 years", "no longer than 2 years"),
    ("period", "stored for 30 to 90 days", "30 to 90 days"),
    ("period", "a 30-day trial", "30-day"),
    ("period", "within 10 business days", "10 business days"),
    ("period", "We keep it as long as your account is open.", "as long as your account is open"),
    ("period", "We keep it indefinitely.", "indefinitely"),
    ("deadline", "We answer within 45 days of your request.", "within 45 days of your request"),
    ("deadline", "Opt out within 30 days after you first accept.", "within 30 days after you first accept"),
    ("deadline", "You get at least 14 days' notice.", "at least 14 days' notice"),
    ("recipients", "We share it with advertisers, analytics firms and our partners to show ads.", "advertisers, analytics firms and our partners"),
    ("recipients", "It is disclosed to Rowan Foods Inc., Elm Bank and other companies that help us.", "Rowan Foods Inc., Elm Bank and other companies"),
    ("recipients", "We provide your data to courts when a law says so.", "courts"),
    ("recipients", "We share with third parties such as Elm Bank and Rowan Post.", "third parties such as Elm Bank and Rowan Post"),
    ("data", "We collect your name, e-mail address and phone number when you sign up.", "your name, e-mail address and phone number"),
    ("data", "details such as your age, gender (if given) and location", "your age, gender (if given) and location"),
    ("contact", "Write to privacy@larkfield.example or to us.", "privacy@larkfield.example"),
    ("contact", "Call us at +1 (800) 555-0100.", "+1 (800) 555-0100"),
    ("contact", "Use https://larkfield.example/contact for this.", "https://larkfield.example/contact"),
    ("contact", "Larkfield, 12 High Street, Leeds LS1 4AP", "12 High Street, Leeds LS1 4AP"),
    ("contact", "40 Oak Avenue\n\nSpringfield, IL 62701", "40 Oak Avenue\n\nSpringfield, IL 62701"),
    ("contact", "Larkfield GmbH, Lindenstraße 5, 10969 Berlin", "Lindenstraße 5, 10969 Berlin"),
    ("contact", "by post to P.O. Box 771, Leeds", "P.O. Box 771, Leeds"),
    ("date", "Last updated: 1 July 2026", "1 July 2026"),
    ("date", "Effective July 1st, 2026", "July 1st, 2026"),
    ("date", "Version of 2026-07-01", "2026-07-01"),
    ("date", "Last modified on 07/01/2026", "07/01/2026"),
    ("date", "Since Sept. 2025", "Sept. 2025"),
    ("country", "The courts of Dublin, Ireland decide.", "Dublin, Ireland"),
    ("country", "Our servers stand in Singapore.", "Singapore"),
    ("law", "The laws of the State of Oregon apply.", "The laws of the State of Oregon"),
    ("law", "These terms follow English law.", "English law"),
    ("amount", "We pay at most US$ 1,000.50 in all.", "US$ 1,000.50"),
    ("amount", "a fee of 20 euros", "20 euros"),
]  # fmt: skip
PULLED_ZH = [
    ("period", "我们将保存六个月。", "六个月"),
    ("period", "日志保存不少于 6 个月。", "不少于 6 个月"),
    ("period", "最长不超过3年", "最长不超过3年"),
    ("period", "30 日内删除", "30 日内"),
    ("period", "在实现目的所必需的最短时间内保存", "实现目的所必需的最短时间"),
    ("deadline", "我们将在15个工作日内答复。", "15个工作日内"),
    ("deadline", "提前三十日通知您", "三十日"),
    ("recipients", "我们会与广告商、物流公司共享订单。", "广告商、物流公司"),
    ("recipients", "信息会提供给关联公司、支付机构用于结算。", "关联公司、支付机构"),
    ("data", "我们收集您的姓名、手机号码、住址用于配送。", "姓名、手机号码、住址"),
    ("data", "设备信息（包括操作系统、IP地址）", "操作系统、IP地址"),
    ("contact", "请发邮件至 ask@yunque.example。", "ask@yunque.example"),
    ("contact", "客服电话：010-5555-0100", "010-5555-0100"),
    ("contact", "公司地址：杭州市西湖区松树路8号", "杭州市西湖区松树路8号"),
    ("date", "更新日期：2026年7月1日", "2026年7月1日"),
    ("date", "生效时间 2026-07-01", "2026-07-01"),
    ("date", "自二〇二六年七月一日起施行", "二〇二六年七月一日"),
    ("country", "信息存储于中华人民共和国境内", "中华人民共和国境内"),
    ("law", "本协议适用中华人民共和国法律。", "中华人民共和国法律"),
    ("amount", "赔偿不超过人民币100元", "人民币100元"),
]  # fmt: skip
NOTHING = [
    ("period", "en", "It is for people over 13 years of age."),
    ("period", "en", "We collected this in the past 12 months."),
    ("period", "en", "Support is open 24 hours a day."),
    ("period", "zh", "未满14周岁的儿童"),
    ("period", "zh", "更新日期：2026年7月1日"),
    ("period", "zh", "每年一次"),
    ("recipients", "en", "We do not share your data with third parties."),
    ("recipients", "en", "We never sell your details to anyone, not even partners."),
    ("recipients", "en", "We share news with you."),
    ("recipients", "zh", "我们不会与任何第三方共享您的信息。"),
    ("data", "en", "We do not collect your name or location."),
    ("date", "en", "Section 12.10.2"),
    ("contact", "en", "See example.com or 12 paths."),
    ("law", "en", "You must comply with the laws of Oregon."),
    ("amount", "en", "Section 12 of 30"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "quote", "value"), PULLED)
def test_english_values(name: str, quote: str, value: str) -> None:
    assert pull([name], quote, "en") == {name: value}


@pytest.mark.parametrize(("name", "quote", "value"), PULLED_ZH)
def test_chinese_values(name: str, quote: str, value: str) -> None:
    assert pull([name], quote, "zh") == {name: value}


@pytest.mark.parametrize(("name", "language", "quote"), NOTHING)
def test_what_is_no_such_value_stays(name: str, language: str, quote: str) -> None:
    assert pull([name], quote, language) == {}


def test_only_the_slots_asked_for_are_pulled() -> None:
    quote = "We keep your name and phone number for 30 days."
    assert pull([], quote, "en") == {}
    assert pull(["period", "no-such-slot"], quote, "en") == {"period": "30 days"}


def test_a_language_without_patterns_is_read_with_the_english_ones() -> None:
    assert pull(["period"], "kept for 30 days", "xx") == {"period": "30 days"}


def test_a_value_has_no_loose_ends() -> None:
    text = " “names, places) and, "
    assert text[slice(*trim(text, 0, len(text)))] == "names, places"
    assert trim("  ", 0, 2) == (2, 2)
    assert trim("\xa0name\u2009\x1f", 0, 7) == (1, 5)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_slot_has_patterns_and_words(language: str) -> None:
    assert set(read_slots()[language].slots) == set(NAMES)
    words = Words(language)
    for name in NAMES:
        assert words.tell(tell_slot(name, "{30} days")).endswith("{30} days")


ENDS = st.sampled_from([one[1] for one in (*PULLED, *PULLED_ZH)])


@given(
    st.lists(st.one_of(ENDS, st.text(max_size=40)), max_size=8), st.sampled_from(["en", "zh", ""])
)
def test_a_value_is_an_exact_part_of_any_quote(parts: list[str], language: str) -> None:
    quote = " ".join(parts)
    for value in pull(NAMES, quote, language).values():
        assert value in quote
        assert value == value.strip() != ""


HOSTILE = [
    "12 Main Street ", "a@", "a.b-c.", "1 ", "30 days ", "share with the ", "collect names and ",
    "Ab Cd ", "laws of Ab ", "(a ", "such as ", "until ", "phone 1-", "2026.", "一", "与第三方", "收集您的",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    language = "zh" if piece[0] > "z" else "en"
    start = time.process_time()
    pull(NAMES, piece * (8_000 // len(piece)), language)
    assert time.process_time() - start < 1.5
