"""Command lines are shown without the passwords in them, and otherwise as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.processes.model import StartEntry, hide_in_words, hide_secrets
from guardian.processes.model.entry import Place
from guardian.processes.rules.fields import Scene
from guardian.processes.rules.world import World
from tests.processes.builders import process, snapshot


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("backup --password=s3 /home", "backup --password=*** /home"),
        ("backup --db-password 's3 t4' /home", "backup --db-password *** /home"),
        ("mysqldump -uroot -ps3 shop", "mysqldump -uroot -p*** shop"),
        ("curl -u me:s3 https://x.example", "curl -u *** https://x.example"),
        ("curl 'https://me:s3@x.example/a'", "curl 'https://me:***@x.example/a'"),
        ("curl -H 'Authorization: Bearer s3s3s3s3'", "curl -H 'Authorization: *** ***'"),
        ('sh -c "x; PGPASSWORD=s3 psql"', 'sh -c "x; PGPASSWORD=*** psql"'),
        ("SECRET_TOKEN='s3 t4' serve", "SECRET_TOKEN=*** serve"),
    ],
)
def test_passwords_are_left_out(line: str, shown: str) -> None:
    assert hide_secrets(line) == shown
    assert hide_in_words(("sh", "-c", line)) == ("sh", "-c", shown)


@pytest.mark.parametrize(
    "line",
    [
        "ssh -p 22 me@x.example",
        "browser --password-store=basic --user-data-dir=/tmp/x",
        "gpg --passphrase-file /root/x  --batch",
        "compress 'a  b' \"c\" https://x.example:8080/a@b",
        "",
    ],
)
def test_everything_else_is_shown_as_it_is(line: str) -> None:
    assert hide_secrets(line) == line
    assert hide_in_words(line.split()) == tuple(line.split())


@given(st.text(max_size=80).map(lambda text: text.replace("\0", "")))
def test_no_text_breaks_it_and_a_named_password_never_shows(text: str) -> None:
    assert "hunter2" not in hide_secrets(f"{text} --password=hunter2")
    assert hide_in_words(("x", text, "--password", "hunter2"))[-1] == "***"


def test_evidence_does_not_carry_passwords() -> None:
    entry = StartEntry(Place.TIMER, "cron", "/etc/crontab", "dump", command="dump --password=s3")
    title = process(argv=("worker: https://me:s3@x.example",))
    world = World(snapshot(title), None)
    assert Scene(entry, world).evidence("Command") == ("dump --password=***",)
    assert Scene(title, world).evidence("Argv0") == ("worker: https://me:***@x.example",)
