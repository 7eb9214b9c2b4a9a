"""The list of small steps: whole, spoken in plain words, and doable by an ordinary person."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from guardian.checkup.content import read_tasks
from guardian.checkup.model import Area, Duty, Task
from guardian.core.paths import assets

CONCERNS = {
    "android", "iphone", "phone", "tablet", "computer",
    "children", "elders", "shared", "public", "leaked",
}  # fmt: skip
WAYS = {"any", "android", "iphone", "firefox", "chrome", "windows", "macos", "linux"}
PAGES = {"", "accounts", "vault", "processes", "clauses", "lessons"}
CHECKS = {
    "disk-encryption", "screen-lock", "auto-login", "system-updates", "firewall", "remote-access",
    "people", "open-places", "reports", "backup", "programs-looked", "programs-questions",
    "lesson-finished",
    "accounts-searched", "accounts-decided", "accounts-answers", "vault-there", "vault-backup",
    "vault-check", "vault-recovery", "agreement-read", "agreements-fresh",
}  # fmt: skip
NEVER = re.compile(
    r"\b(safe|safely|clean|cleaned|cleaner|virus|malware|hack|hacker|hacked|must not forget|"
    r"careless|stupid|dangerous|danger|threatened|your fault|score|grade)\b",
    re.IGNORECASE,
)
JARGON = re.compile(r"\b(2FA|MFA|TOTP|SSID|DNS|HTTPS|VPN|phishing|metadata|OS)\b")
INSIDE = re.compile(r"/work|/tmp|\bissue\b|\bsession\b", re.IGNORECASE)
WORDS_PER_SENTENCE = 16
LONGEST_SENTENCE = 26

TASKS = read_tasks()
FILES = sorted((assets() / "words" / "en").glob("checkup-tasks*.json"))
TEXTS: dict[str, str] = {
    code: text for file in FILES for code, text in json.loads(file.read_text("utf-8")).items()
}
every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)


def codes_of(task: Task) -> Iterator[str]:
    code = f"checkup.task.{task.id}"
    yield from (code, f"{code}.why")
    for way in task.ways:
        yield from (f"{code}.{way.name}.{number}" for number in range(1, way.lines + 1))


def lines_of(task: Task, way: str) -> list[str]:
    head = f"checkup.task.{task.id}.{way}."
    return [text for code, text in TEXTS.items() if code.startswith(head)]


def sentences(text: str) -> list[str]:
    """Sentences of a text; what stands in quotation marks is one word, a name on a screen."""
    plain = re.sub(r"“[^”]*”", "Name", text)
    return [one for one in re.split(r"(?<=[.!?:])\s+", plain) if re.search(r"\w", one)]


def length(sentence: str) -> int:
    return len(re.findall(r"[\w’'-]+", sentence))


def test_there_are_about_sixty_and_no_two_alike() -> None:
    assert 58 <= len(TASKS) <= 64
    assert len({task.id for task in TASKS}) == len(TASKS)
    titles = [TEXTS[f"checkup.task.{task.id}"] for task in TASKS]
    assert len({title.lower() for title in titles}) == len(titles)


def test_every_task_has_its_words_and_no_word_is_too_many() -> None:
    needed = {code for task in TASKS for code in codes_of(task)}
    spoken = {code for code in TEXTS if code.startswith("checkup.task.")}
    assert sorted(needed - spoken) == []
    assert sorted(spoken - needed) == []


def test_every_area_and_duty_is_named_and_nothing_else_is() -> None:
    named = {code for code in TEXTS if not code.startswith("checkup.task.")}
    areas = {f"checkup.area.{area.value}" for area in Area}
    duties = {f"checkup.duty.{duty.value}" for duty in Duty}
    ways = {f"checkup.way.{way.name}" for task in TASKS for way in task.ways}
    assert named == areas | duties | ways


def test_every_duty_has_at_least_five_tasks_and_every_area_its_share() -> None:
    duties = Counter(task.duty for task in TASKS)
    areas = Counter(task.area for task in TASKS)
    assert min(duties[duty] for duty in Duty) >= 5
    assert min(areas[area] for area in Area) >= 3


def test_much_can_be_done_in_a_few_minutes() -> None:
    assert all(1 <= task.minutes <= 45 for task in TASKS)
    assert sum(2 <= task.minutes <= 5 for task in TASKS) >= 12
    for area in Area:
        assert min(task.minutes for task in TASKS if task.area is area) <= 5, area


def test_guardian_sees_many_of_them_by_itself() -> None:
    seen = [task for task in TASKS if task.checks]
    assert 14 <= len(seen) <= 20
    assert {check for task in seen for check in task.checks} == CHECKS
    for task in seen:
        assert task.page, f"{task.id}: where in Guardian is it seen?"
    checks = Counter(check for task in seen for check in task.checks)
    assert max(checks.values()) == 1, "one observation would count twice"


def test_only_very_few_hold_the_score() -> None:
    serious = {task.id for task in TASKS if task.serious}
    assert serious == {"disk-encryption", "mailbox-second-factor", "mailbox-password"}
    assert all(task.weight == 3 for task in TASKS if task.serious)


def test_a_child_finds_enough_for_itself() -> None:
    mine = [task for task in TASKS if task.child]
    assert len(mine) >= 12
    assert {task.page for task in mine} <= {"", "lessons"}
    assert not any(task.serious or "children" in task.concerns for task in mine)
    assert sum(task.minutes <= 5 for task in mine) >= 10


def test_what_concerns_only_some_has_tasks_for_each_of_them() -> None:
    asked = {concern for task in TASKS for concern in task.concerns}
    assert {"phone", "computer", "children", "elders", "shared", "public", "leaked"} <= asked
    for_everybody = [task for task in TASKS if not task.concerns]
    assert len(for_everybody) >= 25, "who has a computer alone must find enough too"


@every_task
def test_a_record_makes_sense(task: Task) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", task.id)
    assert set(task.concerns) <= CONCERNS
    assert task.weight in (1, 2, 3)
    assert task.days in (0, 90, 180, 365)
    assert task.page in PAGES
    names = [way.name for way in task.ways]
    assert names
    assert set(names) <= WAYS
    assert len(set(names)) == len(names)
    assert all(2 <= way.lines <= 6 for way in task.ways)


@every_task
def test_a_way_is_there_for_everybody_it_concerns(task: Task) -> None:
    names = {way.name for way in task.ways}
    assert ("android" in names) == ("iphone" in names)
    assert ("firefox" in names) == ("chrome" in names)
    assert len(names & {"windows", "macos", "linux"}) in (0, 3)
    if "phone" in task.concerns:
        assert {"android", "iphone"} <= names
    elif "android" in names:
        assert "any" in names, "who has no phone needs a way too"


@every_task
def test_a_title_is_one_short_wish(task: Task) -> None:
    title = TEXTS[f"checkup.task.{task.id}"]
    assert len(title) <= 60
    assert len(title.split()) <= 9
    assert title[0].isupper()
    assert not title.endswith((".", "!", "?"))


@every_task
def test_the_reason_is_short(task: Task) -> None:
    why = TEXTS[f"checkup.task.{task.id}.why"]
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", why)) <= 2
    assert len(why) <= 150
    assert "!" not in why


@every_task
def test_the_words_are_easy(task: Task) -> None:
    spoken = [one for code in codes_of(task) for one in sentences(TEXTS[code])]
    counts = [length(one) for one in spoken]
    assert sum(counts) / len(counts) <= WORDS_PER_SENTENCE
    assert max(counts) <= LONGEST_SENTENCE, max(spoken, key=length)


@every_task
def test_every_line_is_a_short_whole_sentence(task: Task) -> None:
    for way in task.ways:
        for line in lines_of(task, way.name):
            assert line[0].isupper(), line
            assert line.endswith((".", "?", ".”")), line
            assert len(line) <= 150, line


@every_task
def test_one_can_see_that_it_worked(task: Task) -> None:
    signs = re.compile(
        r"It worked when|[Yy]ou are done|You know it when|shows the result|To test it|"
        r"should (ask|stay|be)|It asks before|counts (what|how)|bar says"
    )
    for way in task.ways:
        assert signs.search(" ".join(lines_of(task, way.name))), (task.id, way.name)


@every_task
def test_names_on_a_screen_are_quoted(task: Task) -> None:
    for way in task.ways:
        text = " ".join(lines_of(task, way.name))
        assert text.count("“") == text.count("”")
        if way.name != "any":
            assert text.count("“") >= 2, (task.id, way.name)
        for name in re.findall(r"“([^”]*)”", text):
            assert name.strip() == name
            assert name
        outside = re.sub(r"“[^”]*”", "", text)
        assert not re.search(r"\b(Settings|Privacy|Security)\b", outside), outside


@every_task
def test_what_is_done_in_guardian_says_where(task: Task) -> None:
    tabs = {
        "accounts": "“Accounts”",
        "vault": "“Vault”",
        "processes": "“Programs”",
        "clauses": "“Agreements”",
        "lessons": "“Lessons”",
    }
    for way in task.ways:
        text = " ".join(lines_of(task, way.name))
        if task.page:
            assert tabs[task.page] in text, way.name
            assert "in Guardian" in text or "In Guardian" in text


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_nothing_frightens_blames_or_needs_a_dictionary(file: Path) -> None:
    for code, text in json.loads(file.read_text("utf-8")).items():
        assert not NEVER.search(text), code
        assert not JARGON.search(re.sub(r"“[^”]*”", "", text)), code
        assert not INSIDE.search(text), code
        assert not re.search(r"[\"'!{]|\.\.\.", text), code


def test_a_file_stays_readable() -> None:
    assert len(FILES) >= 9
    for file in [*FILES, Path(assets() / "checkup" / "tasks.json")]:
        assert len(file.read_text("utf-8").splitlines()) < 400, file.name
