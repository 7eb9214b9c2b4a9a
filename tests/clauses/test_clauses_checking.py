"""What a document should say, and whether it does: found, unclear, not found."""

# ruff: noqa: E501 - one example a line reads better; Chinese has its own marks

from __future__ import annotations

import re
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.clauses.content import read_catalogue
from guardian.clauses.model import (
    Applies,
    Basis,
    Checklist,
    Clause,
    Direction,
    Item,
    Labels,
    Law,
    Presence,
)
from guardian.clauses.rules.checking import check
from guardian.clauses.rules.laws import is_terms, named_laws
from guardian.clauses.rules.signs import read_checklists
from guardian.clauses.sentences import split
from guardian.clauses.telling import tell_common, tell_why
from guardian.core.feature import Level
from guardian.core.words import Words

GDPR = {
    "controller": "Larkfield Ltd is the controller of your personal data.",
    "contact": "You can write to hello@larkfield.example with any question.",
    "representative": "Oakmont GmbH is our representative in the European Union.",
    "dpo": "Ask for our data protection officer when you ring the bell.",
    "purposes": "We use your data to answer your orders and to improve the map.",
    "legal-basis": "Our legal basis is the contract with you, or your consent.",
    "legitimate-interest": "Where we rely on a legitimate interest, it is to keep fraud away.",
    "recipients": "We share your data with payment processors and parcel carriers.",
    "transfers": "Some data goes to Canada under standard contractual clauses.",
    "period": "We keep order data for 24 months.",
    "rights": "You have the right to access, correct, delete, restrict and export your data.",
    "withdraw": "You may withdraw your consent whenever you like.",
    "complaint": "You can complain to a data protection authority.",
    "must-give": "If you do not give us an address, we cannot deliver.",
    "automated": "No automated decision is ever made about you.",
    "source": "We receive your credit score from public sources.",
}  # fmt: skip
CCPA = {
    "categories": "In the last year we collected these categories of personal information: names and orders.",
    "sources": "We get this information from you and from our parcel carriers.",
    "purposes": "We use the information to answer orders and to improve the map.",
    "sold": "We do not sell your personal information.",
    "third-parties": "We disclose information to payment processors and parcel carriers.",
    "retention": "We keep order information for 24 months.",
    "rights": "Residents have the right to know, to delete and to correct.",
    "opt-out": "We honour the Global Privacy Control.",
    "limit-sensitive": "You can limit how we use your sensitive personal information.",
    "non-discrimination": "We will not discriminate against you for using your rights.",
    "two-ways": "Send your request by e-mail to hello@larkfield.example or call our toll-free number.",
    "updated": "Last updated: 3 March 2026",
}  # fmt: skip
TERMS = {
    "change-notice": "We may change these terms and will tell you 30 days before.",
    "ending-reasons": "We may close your account if you break these rules.",
    "refund": "Ask within two weeks and you get a full refund.",
    "law": "These rules are governed by the law of Ireland.",
    "complaints": "For complaints, write to help@larkfield.example.",
    "licence-end": "You grant us a licence to show your photos, and it ends when you delete them.",
    "export": "Before your account is closed you can download a copy of your files.",
    "updated": "Effective from 3 March 2026",
}  # fmt: skip
PIPL = {
    "handler": "本应用由云雀科技有限公司运营，您可以发邮件到 ask@yunque.example 与我们联系。",
    "purpose": "我们使用订单信息用于安排配送。",
    "method": "部分内容由系统通过日志自动采集。",
    "kinds": "我们会收集您的姓名和手机号码。",
    "period": "订单记录保存三年。",
    "rights": "您可以在“我的—设置”中查阅、更正或删除个人信息。",
    "withdraw": "您可以随时撤回同意。",
    "recipient": "我们向第三方青石物流有限公司提供收货信息，联系方式：010-5555 0000。",
    "sensitive": "人脸属于敏感个人信息，只有刷脸支付时才必要。",
    "minors": "未满十四周岁的儿童须由监护人同意。",
    "abroad": "这些内容都存储在中国境内。",
    "changes": "本政策变更时，我们会弹窗通知。",
    "updated": "更新日期：2026年3月3日",
    "complaint": "投诉请拨打客服热线。",
}  # fmt: skip
FILLING = {
    "en": "Larkfield draws maps of footpaths. The weather on the hills turns quickly, so take a coat and a lamp. "
    "Dogs are welcome on most paths when they stay on a lead. Gates stand open in summer and shut in winter. "
    "A path is marked by a yellow arrow on a post. Bridges made of wood are slippery after rain. "
    "Birds nest near the lake in spring, and walkers keep to the gravel then. The inn at the top serves soup. ",
    "zh": "云雀地图绘制山间步道。山上天气变化很快，请带上外套和头灯。狗可以走大多数步道，但要牵绳。"
    "木门夏天开着，冬天关着。步道用黄色箭头标出。木桥雨后很滑。春天鸟在湖边筑巢，走路的人请走石子路。山顶的小店卖热汤。"
    "路口有一块大石头，石头旁边有一棵老松树。清晨有雾，看不清远处的山。下午阳光很好，适合坐在草地上休息。",
}  # fmt: skip
DOCUMENTS = [
    (Law.GDPR, GDPR, "en"),
    (Law.CCPA, CCPA, "en"),
    (Law.TERMS, TERMS, "en"),
    (Law.PIPL, PIPL, "zh"),
]
EACH = [(law, parts, language, item) for law, parts, language in DOCUMENTS for item in parts]
# what proves the one proves the other too: they go together
TOGETHER = {"legal-basis": "legitimate-interest"}


def document(parts: Mapping[str, str], language: str, *without: str) -> str:
    said = [text for name, text in parts.items() if name not in without]
    return "\n\n".join([FILLING[language] * 2, *said])


def held(law: Law, text: str, language: str = "en", **given: object) -> Checklist:
    parts = {"labels": (), "clauses": (), "applies": Applies.ASKED, **given}
    return check(law, text, split(text), language=language, **parts)  # type: ignore[arg-type]


def item(checklist: Checklist, name: str) -> Item:
    return next(one for one in checklist.items if one.id == name)


@pytest.mark.parametrize(("law", "parts", "language"), DOCUMENTS, ids=lambda one: str(one)[:5])
def test_a_document_that_says_it_all_lacks_nothing(
    law: Law, parts: Mapping[str, str], language: str
) -> None:
    text = document(parts, language)
    checklist = held(law, text, language)
    assert [one.id for one in checklist.items] == list(parts)
    assert {one.id: one.presence for one in checklist.items} == dict.fromkeys(parts, Presence.FOUND)
    for one in checklist.items:
        assert one.quote == text[one.start : one.end] != ""


@pytest.mark.parametrize(("law", "parts", "language", "name"), EACH, ids=lambda one: str(one)[:16])
def test_what_is_taken_out_is_no_longer_found(
    law: Law, parts: Mapping[str, str], language: str, name: str
) -> None:
    text = document(parts, language, name, TOGETHER.get(name, ""))
    assert item(held(law, text, language), name).presence is not Presence.FOUND


@pytest.mark.parametrize(
    ("law", "parts", "language", "missing"),
    [
        (Law.GDPR, GDPR, "en", ["dpo", "transfers", "period", "withdraw", "complaint", "automated"]),
        (Law.CCPA, CCPA, "en", ["sold", "opt-out", "limit-sensitive", "non-discrimination"]),
        (Law.TERMS, TERMS, "en", ["refund", "law", "export", "licence-end", "updated"]),
        (Law.PIPL, PIPL, "zh", ["withdraw", "recipient", "minors", "abroad", "changes", "complaint"]),
    ],
)  # fmt: skip
def test_what_nothing_comes_near_is_not_found(
    law: Law, parts: Mapping[str, str], language: str, missing: list[str]
) -> None:
    for name in missing:
        one = item(held(law, document(parts, language, name), language), name)
        assert (one.presence, one.quote) == (Presence.NOT_FOUND, "")


NEAR = [
    (Law.GDPR, "en", "rights", "## Your rights\n\nWe like walkers."),
    (Law.GDPR, "en", "period", "For retention of your data, see our records policy."),
    (Law.GDPR, "en", "withdraw", "You may unsubscribe from our letters."),
    (Law.GDPR, "en", "automated", "We use algorithms to sort the paths."),
    (Law.GDPR, "en", "transfers", "Our servers are located in the United States."),
    (Law.GDPR, "en", "complaint", "Please read our EEA privacy notice, which says more."),
    (Law.CCPA, "en", "sold", "## Sale of information\n\nIt rained."),
    (Law.CCPA, "en", "opt-out", "See the California privacy notice on our website."),
    (Law.TERMS, "en", "change-notice", "We may change these terms."),
    (Law.TERMS, "en", "ending-reasons", "We may close your account for any reason."),
    (Law.TERMS, "en", "refund", "A subscription costs 3 euros."),
    (Law.PIPL, "zh", "recipient", "详见第三方共享清单。"),
    (Law.PIPL, "zh", "withdraw", "您可以取消关注。"),
    (Law.PIPL, "zh", "abroad", "境外业务另行说明。"),
]  # fmt: skip


@pytest.mark.parametrize(("law", "language", "name", "text"), NEAR)
def test_what_only_comes_near_is_unclear(law: Law, language: str, name: str, text: str) -> None:
    whole = f"{FILLING[language] * 2}\n\n{text}\n"
    assert item(held(law, FILLING[language] * 2, language), name).presence is Presence.NOT_FOUND
    one = item(held(law, whole, language), name)
    assert one.presence is Presence.UNCLEAR
    assert one.quote
    assert whole[one.start : one.end] == one.quote


WRONG = [
    (Law.GDPR, "dpo", "We do not need to appoint a data protection officer."),
    (Law.GDPR, "representative", "Our sales representatives and agents visit the European Union."),
    (Law.GDPR, "controller", "We are not the controller of what shops do."),
    (Law.GDPR, "withdraw", "We never act without your consent."),
    (Law.GDPR, "period", "We respond to requests about stored data within 30 days."),
    (Law.GDPR, "source", "Third parties collect data on their own pages."),
    (Law.CCPA, "sold", "If we sell our business, information goes to the buyer."),
    (Law.TERMS, "licence-end", "We grant you a licence to use the app, and it ends when you leave."),
    (Law.TERMS, "law", "You must comply with the laws of your country."),
    (Law.TERMS, "change-notice", "We may change these terms without prior notice."),
    (Law.TERMS, "export", "Before you download our app, read this."),
]  # fmt: skip


@pytest.mark.parametrize(("law", "name", "text"), WRONG)
def test_similar_words_about_something_else_prove_nothing(law: Law, name: str, text: str) -> None:
    one = item(held(law, f"{FILLING['en'] * 2}\n\n{text}\n"), name)
    assert one.presence is not Presence.FOUND


def test_an_excerpt_is_not_accused_of_lacking_anything() -> None:
    checklist = held(Law.GDPR, "We keep order data for 24 months.")
    assert item(checklist, "period").presence is Presence.FOUND
    assert checklist.at(Presence.NOT_FOUND) == ()


def test_a_list_is_read_with_the_line_it_hangs_on() -> None:
    text = (
        FILLING["en"]
        + "\n\nYou have the right to:\n\n* access your data;\n* delete it;\n* correct it.\n\nWalk well.\n"
    )
    one = item(held(Law.GDPR, text), "rights")
    assert one.presence is Presence.FOUND
    assert one.quote.startswith("You have the right to:")
    assert one.quote.endswith("correct it.")


def test_the_quote_under_the_fitting_heading_is_taken() -> None:
    text = f"{FILLING['en']}\n\nWe keep some data for as long as we like walking.\n\n## Retention\n\nWe keep data for 24 months.\n"
    assert item(held(Law.GDPR, text), "period").quote == "We keep data for 24 months."


def clause(kind: str, text: str, confidence: float, basis: Basis = Basis.WORDS) -> Clause:
    return Clause(
        kind, 28, Level.ASK, Direction.BAD, 2, confidence, text[:20], 0, 20, basis=basis
    )  # fmt: skip


def test_a_clause_of_the_catalogue_proves_what_it_says() -> None:
    text = FILLING["en"] * 2
    sure, unsure = (clause("kept-without-end", text, number) for number in (0.9, 0.5))
    learned = clause("kept-without-end", text, 0.9, Basis.LEARNED)
    assert item(held(Law.GDPR, text, clauses=[sure]), "period").quote == text[:20]
    for one in (unsure, learned):
        found = item(held(Law.GDPR, text, clauses=[one]), "period").presence
        assert found is Presence.NOT_FOUND


def test_a_learned_topic_makes_an_item_unclear_never_found() -> None:
    text = FILLING["en"] * 2
    passages = split(text)
    labels = [Labels("en", {"storage/retention": 0.1}) for _ in passages]
    labels[3] = Labels("en", {"storage/retention": 0.95})
    one = item(held(Law.GDPR, text, labels=labels), "period")
    assert (one.presence, one.quote) == (Presence.UNCLEAR, passages[3].text)


def names(text: str, language: str = "en") -> dict[Law, str]:
    return {one.law: one.quote for one in named_laws(text, split(text), language)}


@pytest.mark.parametrize(
    ("text", "language", "law"),
    [
        ("We follow the GDPR.", "en", Law.GDPR),
        ("If you live in the EEA you have the following rights.", "en", Law.GDPR),
        ("The California Consumer Privacy Act gives you rights.", "en", Law.CCPA),
        ("Residents of California have the right to know.", "en", Law.CCPA),
        ("We comply with the Personal Information Protection Law.", "en", Law.PIPL),
        ("我们依照《中华人民共和国个人信息保护法》处理您的信息。", "zh", Law.PIPL),
        ("我们遵守《通用数据保护条例》。", "zh", Law.GDPR),
    ],
)
def test_a_law_applies_when_the_document_says_so(text: str, language: str, law: Law) -> None:
    assert names(f"Hello.\n\n{text}", language) == {law: text}
    checklist = held(law, text, language, applies=Applies.DOCUMENT)
    assert checklist.quote == text[checklist.start : checklist.end] == text


@pytest.mark.parametrize(
    "text",
    [
        "The GDPR does not apply to us.",
        "Our office is in Paris, and our users are all over Europe.",
        "Disputes go to the courts of California.",
        "We have users in China.",
        "",
    ],
)
def test_no_law_is_claimed_for_the_document(text: str) -> None:
    assert names(text) == {}
    assert held(Law.GDPR, text, applies=Applies.DOCUMENT).quote == ""


@pytest.mark.parametrize(
    ("title", "text", "terms"),
    [
        ("Terms of Service", "", True),
        ("Privacy Policy", "We do not like these terms.", False),
        ("saved page", "User Agreement\n\nWelcome.", True),
        ("saved page", "Privacy Notice\n\nWelcome.", False),
        ("用户服务协议", "欢迎。", True),
        ("隐私政策", "欢迎。", False),
        ("", "You use it at your own risk. Our liability is limited. This agreement is governed by Irish law.", True),
        ("", "We collect personal data and cookies. Third parties process your data.", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_terms_are_told_from_policies(title: str, text: str, terms: bool) -> None:
    assert is_terms(text, title) is terms


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_item_has_words_in_both_languages(language: str) -> None:
    words = Words(language)
    for one in read_checklists().lists:
        assert f"clauses.law.{one.law.value}" in words
        for wanted in one.items:
            item = Item(wanted.id, Presence.NOT_FOUND, wanted.article, wanted.common)
            assert f"clauses.check.{one.law.value}.{item.id}" in words
            assert not tell_why(words, one.law, item).startswith("clauses.")
            assert not tell_common(words, item).startswith("clauses.")
    for presence in Presence:
        assert f"clauses.presence.{presence.value}" in words


def test_signs_are_in_small_letters_as_the_words_they_are_held_against() -> None:
    lists = read_checklists()
    signs = [
        sign
        for saying in (
            *(thing.found for thing in lists.things.values()),
            *(thing.unclear for thing in lists.things.values()),
            *(one.named for one in lists.lists),
            *(one.elsewhere for one in lists.lists),
        )
        for ways in saying.values()
        for sign in ways
    ]
    terms = [term for known in lists.terms.values() for term in known.values()]
    for pattern in (*terms, *(one for sign in signs for one in (*sign.all, sign.none))):
        literal = re.sub(r"\\.|\(\?P", "", pattern)
        assert literal == literal.lower(), pattern


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.66, "About 2 of 3 such documents say this."),
        (0.89, "About 9 of 10 such documents say this."),
        (0.97, "Nearly every such document says this."),
        (0.01, "Few such documents say this."),
        (None, ""),
    ],
)
def test_a_share_is_said_as_people_say_it(share: float | None, said: str) -> None:
    assert tell_common(Words(), Item("x", Presence.FOUND, common=share)) == said


def test_every_item_asks_for_things_that_exist_in_both_languages() -> None:
    lists = read_checklists()
    assert {name for one in lists.lists for wanted in one.items for name in wanted.shows} == set(
        lists.things
    )
    kinds = {kind.id for kind in read_catalogue().kinds}
    for thing in lists.things.values():
        assert set(thing.kinds) <= kinds
        assert thing.found["en"] and thing.found["zh"]


PIECES = st.sampled_from(
    [*GDPR.values(), *PIPL.values(), "\n\n", "* ", "## ", "\u202e", "（", ":", "\n", "www.a.example ", "  "]
)  # fmt: skip


@given(
    st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=25),
    st.sampled_from(["en", "zh", "xx"]),
)
def test_any_text_can_be_held_against_any_list_and_quotes_are_exact(
    parts: list[str], language: str
) -> None:
    text = "".join(parts)
    for law in Law:
        for one in held(law, text, language, applies=Applies.DOCUMENT).items:
            assert text[one.start : one.end] == one.quote
            assert one.presence is not Presence.FOUND or one.quote
            assert one.presence is not Presence.NOT_FOUND or not one.quote


@pytest.mark.parametrize(
    "piece", ["right to access ", "we use your data to ", "Inc (we ", "与第三方共享", "a\n"]
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    language = "zh" if piece[0] > "z" else "en"

    def spend(length: int) -> float:
        text = piece * (length // len(piece))
        passages = split(text)
        start = time.process_time()
        check(Law.GDPR, text, passages, (), (), language, Applies.ASKED)
        return time.process_time() - start

    # the shortest of three: a pause of the collector says nothing of the patterns
    short, long = (min(spend(length) for _ in range(3)) for length in (4_000, 16_000))
    assert long < 10 * short + 0.1
