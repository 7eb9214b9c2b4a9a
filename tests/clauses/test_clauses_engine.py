"""The learned weights say the same everywhere, of anything, and break politely."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.clauses.engine import features, labelling, weights
from guardian.clauses.engine.features import Recipe, find_grams
from guardian.clauses.model import GIVEN, TOPICS, UNFAIR
from guardian.core.errors import Problem
from guardian.core.paths import assets

ANSWERS = json.loads(Path(__file__).with_name("engine-answers.json").read_text("utf-8"))
RECIPES = {
    block.recipe
    for language in labelling.FILES
    for known in labelling.weights_for(language)
    for block in known.blocks
}
ALL = Recipe(words=(1, 2, 3), letters=(1, 2, 3, 5), skips=True, marks=True)


def codes(texts: list[str], recipe: Recipe, row: int) -> list[int]:
    grams = find_grams(texts, recipe)
    return sorted(grams.codes[grams.rows == row].tolist())


@pytest.mark.parametrize("language", sorted(ANSWERS))
def test_the_app_answers_as_the_training_did_to_the_last_bit(language: str) -> None:
    said = ANSWERS[language]
    for text, found in zip(said, labelling.label(list(said), language), strict=True):
        told = {**found.topics, **{f"unfair {tag}": one for tag, one in found.unfair.items()}}
        told |= {"important": found.important, "risk": found.risk, "sensitive": found.sensitive}
        recorded = {
            head: chance for head, chance in said[text].items() if not head.startswith("level")
        }
        assert recorded
        assert recorded == {head: told[head].hex() for head in recorded}


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("We collect your name and your e-mail address.", "en", "data collection"),
        ("We may share your data with our partners.", "en", "sharing/disclosure"),
        ("We protect your data with encryption.", "en", "security"),
        ("我们会收集您的手机号码。", "zh", "data collection"),
        ("未满14周岁的儿童须经监护人同意。", "zh", "special groups"),
    ],
)
def test_plain_sentences_get_their_topic(text: str, language: str, topic: str) -> None:
    assert topic in labelling.label([text], language)[0].given_topics()


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("We may change these terms at any time at our sole discretion.", "ch"),
        ("These terms are governed by the laws of the State of Utah.", "law"),
        ("We are not liable for any damages or loss of profits.", "ltd"),
        ("We may terminate your account at any time for any reason.", "ter"),
        ("By using the website you agree to be bound by these terms.", "use"),
    ],
)
def test_unfair_terms_get_their_tag_and_a_level(text: str, tag: str) -> None:
    found = labelling.label([text], "en")[0]
    assert tag in found.given_unfair()
    assert set(found.levels) == {one for one in UNFAIR if found.unfair[one] >= GIVEN}
    assert set(found.levels.values()) <= {1, 2, 3}


def test_every_language_gets_all_its_labels() -> None:
    english, chinese = labelling.label(["We sell data."], "en"), labelling.label(["出售"], "zh")
    assert set(english[0].topics) == set(chinese[0].topics) == set(TOPICS)
    assert set(english[0].unfair) == set(UNFAIR)
    assert not chinese[0].unfair
    assert labelling.label(["Vi deler data."], "nb") == [labelling.Labels("nb")]
    assert labelling.label([], "en") == []


@settings(max_examples=15)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5), st.data())
def test_a_sentence_has_the_same_features_alone_as_among_others(
    texts: list[str], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(texts) - 1))
    for recipe in (ALL, *RECIPES):
        assert codes(texts, recipe, row) == codes([texts[row]], recipe, 0)


def test_a_sentence_gets_the_same_labels_alone_as_among_others() -> None:
    for language, said in ANSWERS.items():
        together = labelling.label(list(said), language)
        assert [labelling.label([text], language)[0] for text in said] == together


def test_a_feature_does_not_depend_on_its_place() -> None:
    words = Recipe(words=(1,), letters=(3,))
    assert set(codes(["data data data"], words, 0)) == set(codes(["data"], words, 0))
    assert set(codes(["sell the data"], words, 0)) >= set(codes(["data"], words, 0))
    assert codes(["don’t"], words, 0) == codes(["Don't"], words, 0)


def test_runs_do_not_reach_across_words_or_sentences() -> None:
    four = Recipe(letters=(4,))  # with the spaces at its ends, « ab » is one
    apart = codes(["ab", "cd"], four, 0) + codes(["ab", "cd"], four, 1)
    assert codes(["ab cd"], four, 0) == sorted(apart)


def test_words_for_one_idea_are_one_feature() -> None:
    recipe = Recipe(ideas=("change amend", "terms agreement"))
    assert codes(["We amend the agreement"], recipe, 0) == codes(["change terms"], recipe, 0)
    assert codes(["terms change"], recipe, 0) != codes(["change terms"], recipe, 0)
    joined = Recipe(ideas=("收集 采集", "信息"), within=False)
    assert codes(["我们采集你的信息"], joined, 0) == codes(["收集信息"], joined, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "\x00\x01\x7f",
        "\ud800 half a sign \udfff",
        "🧑‍🚀" * 50,
        "\u202eright to left\u202c",
        "*",
        "**__[](",
        "١٢٣ мы продаём данные",
        "a" * 9_000,
        "\U0010ffff",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_odd_input_gets_labels_too(text: str, language: str) -> None:
    found = labelling.label([text, "We sell data.", text], language)
    assert found[0] == found[2]
    assert found[1] == labelling.label(["We sell data."], language)[0]
    assert all(0.0 <= chance <= 1.0 for chance in found[0].topics.values())


def test_only_the_beginning_of_an_endless_sentence_is_read() -> None:
    start = ("we sell your data " * 500)[: features.READ_MOST]
    assert labelling.label([start + "x" * 1_000_000], "en") == labelling.label([start], "en")


def test_many_sentences_are_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = list(ANSWERS["en"])
    whole = labelling.label(texts, "en")
    monkeypatch.setattr(features, "BATCH_MOST", 100)
    assert [len(part) for part in features.batches(texts)] != [len(texts)]
    assert [text for part in features.batches(texts) for text in part] == texts
    assert labelling.label(texts, "en") == whole


@settings(max_examples=15)
@given(st.binary(max_size=200), st.integers(0, 2**31))
def test_broken_weights_are_a_problem_that_can_be_told(noise: bytes, place: int) -> None:
    whole = (assets() / labelling.FOLDER / "weight-en.npz").read_bytes()
    with TemporaryDirectory() as folder, pytest.raises(Problem) as caught:
        broken = Path(folder) / "broken.npz"
        broken.write_bytes(whole[: place % len(whole)] + noise)
        weights.read_weights(broken)
    assert caught.value.code == "content-bad"
    assert caught.value.facts["file"] == "broken.npz"


def test_missing_weights_and_odd_arrays_are_a_problem_too(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="content-bad"):
        weights.read_weights(tmp_path / "none.npz")
    known = labelling.weights_for("en")[-1]
    block = known.blocks[0]
    lame = weights.Block(block.recipe, block.codes[::-1], block.rarity, block.weights, block.scales)
    path = tmp_path / "lame.npz"
    weights.write_weights(path, weights.Weights(known.heads, (lame,), known.bias))
    with pytest.raises(Problem, match="content-bad"):
        weights.read_weights(path)


def test_weights_survive_being_written(tmp_path: Path) -> None:
    known = labelling.weights_for("en")[-1]
    path = tmp_path / "again.npz"
    weights.write_weights(path, known)
    again = weights.read_weights(path)
    grams = [find_grams(["We sell your data."], block.recipe) for block in known.blocks]
    assert known.judge(grams) == again.judge(grams)
    assert again.heads == known.heads


def test_a_label_is_told_from_its_bar_on_and_chances_keep_their_order() -> None:
    bars = np.array([0.25])
    zero, one = np.zeros(1), np.eye(1)
    calibration = weights.Calibration(one, zero, zero, zero, zero, bars)
    chances = np.linspace(0.01, 0.99, 99)
    told = calibration.tell(np.log(chances / (1 - chances))[:, None])[:, 0]
    assert (np.diff(told) >= 0).all()
    assert ((told >= GIVEN) == (np.round(chances, 6) >= 0.25)).all()
    assert np.allclose(told[chances > weights.REJOIN], chances[chances > weights.REJOIN])


def test_all_weights_together_stay_small() -> None:
    folder = assets() / labelling.FOLDER
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3_000_000
