"""``guardian clauses`` beyond one document: law lists, versions, comparisons, labels, the list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guardian.clauses.model import TOPICS, UNFAIR
from guardian.core.errors import Problem
from tests.clauses.test_clauses_cli import FIXTURES, POLICY, TERMS, Run, run

__all__ = ["run"]

OLD = """# Pebble privacy policy

We keep your personal data for 30 days after you close your account.
We do not sell your personal information.
We will tell you by e-mail at least 30 days before a change to this policy takes effect.
You can delete your account at any time in the settings.
We use cookies to remember your language.
"""
NEW = """# Pebble privacy policy

We keep your personal data indefinitely after you close your account.
We may sell your personal information to data brokers.
We will tell you by e-mail at least 30 days before a change to this policy takes effect.
You can delete your account at any time in the settings.
We use cookies so that we can remember which language you speak.
"""


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(OLD)
    new.write_text(NEW)
    return old, new


def test_a_law_list_gives_three_kinds_of_answer(run: Run) -> None:
    answer = json.loads(run("missing", POLICY, "--law", "gdpr", "--json").stdout)
    text = POLICY.read_text()
    assert answer["law"] == "gdpr"
    assert len(answer["missing"]) >= 15
    answers = {one["answer"] for one in answer["missing"]}
    assert answers <= {"found", "unclear", "not-found"}
    assert "found" in answers
    assert "not-found" in answers
    for one in answer["missing"]:
        assert one["plain"].endswith(".")
        if one["quote"]:
            assert text[one["start"] : one["end"]] == one["quote"]
    said = run("missing", POLICY, "--law", "gdpr").stdout
    assert "clauses." not in said
    assert "words" in said


@pytest.mark.parametrize("law", ["gdpr", "ccpa", "pipl", "terms"])
def test_every_list_can_be_asked_for_in_both_languages(run: Run, law: str) -> None:
    for language in ("en", "zh"):
        result = run("missing", TERMS, "--law", law, "--lang", language)
        assert result.exit_code == 0
        assert "clauses." not in result.stdout


def test_two_versions_differ_by_clause_and_direction(run: Run, versions: tuple[Path, Path]) -> None:
    answer = json.loads(run("diff", *versions, "--json").stdout)
    shifts = {one["id"]: one["shift"] for one in answer["changes"]}
    assert "worse" in shifts.values()
    assert shifts.keys() & {"data-brokers", "data-sale", "data-not-sold"}
    assert not any(one["id"] == "notice-in-advance" for one in answer["changes"])
    assert answer["sentences"]["same"] >= 2
    said = run("diff", *versions).stdout
    assert "Worse for you" in said
    assert "clauses." not in said
    assert "Nothing changed" in run("diff", versions[0], versions[0]).stdout


def test_comparing_leaves_no_trace_in_the_list(run: Run, versions: tuple[Path, Path]) -> None:
    run("diff", *versions)
    run("compare", *versions)
    assert json.loads(run("list", "--json").stdout) == []


def test_documents_stand_side_by_side(run: Run, versions: tuple[Path, Path]) -> None:
    answer = json.loads(run("compare", TERMS, *versions, "--json").stdout)
    assert len(answer["documents"]) == 3
    assert all(len(row["clauses"]) == 3 for row in answer["rows"])
    said = run("compare", TERMS, *versions).stdout
    assert "Not recognised here." in said
    assert "clauses." not in said


def test_one_document_cannot_be_compared(run: Run) -> None:
    result = run("compare", TERMS)
    assert isinstance(result.exception, Problem)
    assert result.exception.code == "compare-number"


def test_sentences_are_labelled_line_by_line(run: Run, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    texts = (
        "We may terminate your account at any time without notice.",
        "You can delete your data whenever you like.",
        "我们会收集您的手机号码和位置信息。",
        "",
    )
    lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    result = run("label", lines)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["language"] for one in answers] == ["en", "en", "zh", "en"]
    assert "ter" in answers[0]["unfair"]
    assert "data collection" in answers[2]["topics"]
    for one in answers:
        assert set(one["topics"]) <= set(TOPICS)
        assert set(one["unfair"]) <= set(UNFAIR)
        assert set(one["probabilities"]["topics"]) == set(TOPICS)
        assert not one["verdict"] or abs(sum(one["verdict"].values()) - 1) < 1e-4
        assert isinstance(one["abstained"], bool)
        for name in ("important", "risk", "sensitive"):
            assert 0 <= one[name] <= 1


@pytest.mark.parametrize("line", ["{", '"text"', '{"text": 3}', "\udcff", '{"words": "x"}'])
def test_a_line_that_is_no_sentence_is_named(run: Run, tmp_path: Path, line: str) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(b'{"text": "Fine."}\n' + line.encode("utf-8", "surrogateescape") + b"\n")
    result = run("label", lines)
    assert isinstance(result.exception, Problem)
    assert (result.exception.code, result.exception.facts) == ("label-line-bad", {"line": 2})


def test_explanations_can_be_had_in_chinese(run: Run) -> None:
    said = run("explain", "--lang", "zh", TERMS).stdout
    assert "对你最不利的" in said
    assert "> Any dispute between you and us" in said
    assert "clauses." not in said


def test_a_report_is_written_as_a_page(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run("explain", TERMS, "--html", out)
    assert result.exit_code == 0
    page = out.read_text()
    assert "lantern-terms" in page
    assert "binding arbitration" in page
    assert str(FIXTURES) not in page
    assert "<script" not in page


def test_a_report_that_cannot_be_written_is_a_problem(run: Run, tmp_path: Path) -> None:
    result = run("explain", TERMS, "--html", tmp_path)
    assert isinstance(result.exception, Problem)


def test_the_documents_of_a_folder_are_told_in_a_few_lines_each(run: Run, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"policy-{number}.md").write_text(OLD + f"\nNumber {number}.\n")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    result = run("explain", tmp_path)
    assert result.exit_code == 2
    assert result.stdout.count("Pebble privacy policy") == 5 or "policy-4" in result.stdout
    assert "broken.pdf" in result.stderr
    assert len(json.loads(run("explain", tmp_path, "--json").stdout)) == 6


def test_the_catalogue_names_every_kind(run: Run) -> None:
    kinds = json.loads(run("catalogue", "--json").stdout)
    assert {one["number"] for one in kinds} >= set(range(1, 63))
    assert all(one["plain"] and one["why"] for one in kinds)
    assert "arbitration" in run("catalogue").stdout
    assert "仲裁" in run("catalogue", "--lang", "zh").stdout


def test_a_note_can_be_kept_and_a_document_forgotten(run: Run) -> None:
    run("explain", TERMS)
    (entry,) = json.loads(run("list", "--json").stdout)
    run("note", str(entry["id"]), "from the lamp shop, in May")
    assert "from the lamp shop" in run("list").stdout
    run("forget", str(entry["id"]))
    assert json.loads(run("list", "--json").stdout) == []
    result = run("forget", str(entry["id"]))
    assert isinstance(result.exception, Problem)
    assert result.exception.code == "document-unknown"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("（3）", "zh"),
        ("联系邮箱：privacy@lantern.example", "zh"),
        ("We share your data with 灯笼 and with others for the service.", "en"),
        ("We do not sell it（ever）。", "en"),
        ("Fine.", "en"),
    ],
)
def test_a_sentence_is_labelled_in_its_own_language(
    run: Run, tmp_path: Path, text: str, language: str
) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"text": text}) + "\n")
    assert json.loads(run("label", lines).stdout)["language"] == language
