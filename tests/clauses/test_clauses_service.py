"""The one door: explaining, remembering, forgetting."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardian.clauses.model import Direction, SourceKind
from guardian.clauses.rules.patterns import compile_pattern
from guardian.clauses.service import ClausesService
from guardian.core.errors import Cancelled, Problem
from guardian.core.feature import Feature, Level
from guardian.core.jobs import report_nothing
from guardian.core.store import Store, open_in_memory
from guardian.core.words import Message, Words

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clauses"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_in_memory()
    yield opened
    opened.close()


@pytest.fixture
def service(store: Store) -> ClausesService:
    return ClausesService(store, lambda: NOW)


def explained(service: ClausesService, name: str) -> set[tuple[str, Level]]:
    result = service.explain(FIXTURES / name, report_nothing)
    for clause in result.clauses:
        assert result.document.text[clause.start : clause.end] == clause.quote
    return {(clause.id, clause.level) for clause in result.clauses}


def test_terms_are_explained(service: ClausesService) -> None:
    assert explained(service, "lantern-terms.txt") >= {
        ("account-closed-any-time", Level.ASK),
        ("content-licence", Level.ASK),
        ("auto-renewal", Level.ASK),
        ("change-without-notice", Level.ASK),
        ("continued-use", Level.ASK),
        ("liability-limited", Level.ASK),
        ("arbitration", Level.ACT),
        ("class-waiver", Level.ASK),
    }


def test_a_privacy_policy_is_explained(service: ClausesService) -> None:
    assert explained(service, "lantern-privacy.md") >= {
        ("data-not-sold", Level.FINE),
        ("unnamed-partners", Level.ASK),
        ("ai-training", Level.ASK),
        ("kept-as-long-as-needed", Level.ASK),
        ("own-data-rights", Level.FINE),
        ("notice-in-advance", Level.FINE),
    }


def test_a_saved_page_is_explained_without_its_furniture(service: ClausesService) -> None:
    result = service.explain(FIXTURES / "saved-page.html", report_nothing)
    assert result.document.kind is SourceKind.HTML
    assert result.document.dropped_words > 0
    assert {clause.id for clause in result.clauses} >= {
        "data-not-sold",
        "kept-as-long-as-needed",
        "own-data-rights",
        "change-without-notice",
    }


def test_a_novel_does_not_look_like_a_policy(service: ClausesService) -> None:
    result = service.explain(FIXTURES / "harbour-novel.txt", report_nothing)
    assert not result.looks_like_policy
    assert result.clauses == ()
    assert Words().tell(result.verdict).startswith("This does not look like a privacy policy")


def test_chinese_is_explained_too(service: ClausesService) -> None:
    text = (
        "我们会收集您的个人信息，用户使用本服务即视为同意本隐私政策和服务协议。\n"
        "我们可能会将您的个人信息出售给第三方。\n因本协议产生的争议由本公司所在地人民法院管辖。\n"
    ) * 2
    result = service.explain_text(text, "", report_nothing)
    assert (result.language, result.recognised_language) == ("zh", True)
    assert result.looks_like_policy
    assert "data-sale" in {clause.id for clause in result.clauses}
    assert Words("zh").tell(result.verdict) != Words().tell(result.verdict)


def test_another_language_is_not_called_understood(service: ClausesService) -> None:
    text = "Wir verkaufen Ihre Daten niemals an Dritte. " * 5
    result = service.explain_text(text, "", report_nothing)
    assert result.language is None
    assert not result.recognised_language


def test_pasted_words_are_explained(service: ClausesService) -> None:
    result = service.explain_text(
        "# My terms\n\nWe may sell your data to others.", "", report_nothing
    )
    assert result.document.title == "My terms"
    assert result.clauses[0].direction is Direction.BAD
    assert 0 < result.coverage <= 1


def test_half_characters_in_pasted_words_do_no_harm(service: ClausesService) -> None:
    result = service.explain_text("\ud83d We may sell your data.", "", report_nothing)
    assert "data-sale" in {clause.id for clause in result.clauses}


@pytest.mark.parametrize(("text", "code"), [("", "text-empty"), (" .\n", "text-empty")])
def test_pasted_nothing_is_a_clear_problem(service: ClausesService, text: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        service.explain_text(text, "", report_nothing)
    assert caught.value.code == code


def test_pasted_text_has_a_limit(service: ClausesService) -> None:
    with pytest.raises(Problem) as caught:
        service.explain_text("word " * 2_100_000, "", report_nothing)
    assert caught.value.code == "text-too-long"


def test_a_line_of_five_megabytes_is_handled(service: ClausesService, tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    line = "We hold what you send us on a machine in the cellar, and look after it. " * 70_000
    path.write_text(line[:5_000_000] + " We do not sell your personal data.")
    began = time.process_time()
    result = service.explain(path, report_nothing)
    assert time.process_time() - began < 12
    assert result.clauses[-1].id == "data-not-sold"


def test_the_library_keeps_what_was_found_but_not_the_text(
    service: ClausesService, store: Store
) -> None:
    text = (
        "We may sell your data to others. The canary zymurgy sings in the cellar of your service."
    )
    service.explain_text(text, "Canary", report_nothing)
    (kept,) = service.library()
    assert (kept.title, kept.read_at, kept.counts[Level.ACT]) == ("Canary", NOW, 1)
    assert kept.clauses[0].quote == "We may sell your data to others."
    assert "zymurgy" not in repr(store.rows("SELECT * FROM clauses_documents"))


def test_the_same_text_is_kept_once_and_can_be_forgotten(service: ClausesService) -> None:
    for title in ("First", "Second"):
        service.explain_text("We may sell your data.", title, report_nothing)
    (kept,) = service.library()
    assert kept.title == "Second"
    service.forget(kept.id)
    assert service.library() == ()


def test_the_library_outlives_the_service(service: ClausesService, store: Store) -> None:
    service.explain_text("We may sell your data.", "Mine", report_nothing)
    assert ClausesService(store, lambda: NOW).library() == service.library()


def test_the_summary_counts_documents_and_kinds(service: ClausesService) -> None:
    feature: Feature = service
    feature.check(report_nothing)
    words = Words()
    assert feature.summary().level is None
    assert [step.command for step in feature.next_steps()] == ["guardian clauses explain FILE"]
    service.explain_text("We do not sell your personal data.", "Kind", report_nothing)
    assert feature.summary().level is Level.FINE
    service.explain_text(
        "We keep your data indefinitely. We keep your data forever.", "B", report_nothing
    )
    summary = feature.summary()
    assert summary.level is Level.ASK
    assert words.tell(summary.text) == "2 documents read. 1 kind of clause is worth a question."
    service.explain_text("We may sell your personal data.", "C", report_nothing)
    assert feature.summary().level is Level.ASK, "a document is no state of this computer"
    assert feature.next_steps() == ()


def test_all_can_be_loaded_before_the_first_document(service: ClausesService) -> None:
    service.load()
    compiled = compile_pattern.cache_info().misses
    service.explain_text(
        "We may share your data with our partners. 我们会共享您的信息。", "", report_nothing
    )
    assert compile_pattern.cache_info().misses == compiled


def test_loading_can_be_cancelled(service: ClausesService) -> None:
    def stop(_done: int, _total: int, _note: Message | None = None, /) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        service.load(stop)


def test_progress_is_told_and_work_can_be_cancelled(service: ClausesService) -> None:
    told: list[tuple[int, int]] = []

    def listen(done: int, total: int, note: Message | None = None, /) -> None:
        told.append((done, total))
        if len(told) == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        service.explain_text("We may sell your data. " * 5000, "", listen)
    assert told == sorted(told)
    assert service.library() == ()


def test_importing_the_service_stays_light() -> None:
    code = "import sys, guardian.clauses.service; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert not loaded & {"lxml", "readability", "charset_normalizer", "ssl", "http"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("We may change the price of a plan at any time. ", True),
        (
            "We may change the price of a plan at any time. In the event of a price change, you"
            " will be notified 30 days before the new price takes effect. ",
            False,
        ),
    ],
)
def test_what_the_next_sentence_takes_back_is_not_held_against_them(
    service: ClausesService, text: str, kept: bool
) -> None:
    result = service.explain_text(text, "", report_nothing)
    found = {clause.id for clause in result.clauses}
    assert ("price-change-without-notice" in found) is kept
    assert ("price-change-with-notice" in found) is not kept
