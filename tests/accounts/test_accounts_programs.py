"""Programs that need an account: recognised by what only they have, read from where menus lie."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts_home import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardian.accounts.model import EvidenceKind, NotRead, Place, Source, SourceKind
from guardian.accounts.rules.addresses import locate
from guardian.accounts.service import AccountsService
from guardian.accounts.sources import find_sources, programs, read_source
from guardian.accounts.sources.reading import Reading
from guardian.core.content import read_content
from guardian.core.jobs import report_nothing
from guardian.core.store import Store
from guardian.core.words import Words

OWN = ".local/share/applications"
FLATPAK = ".local/share/flatpak/exports/share/applications"


def go() -> None:
    """Nobody wishes to stop."""


def add(home: Path, name: str, folder: str = OWN, **fields: str) -> Path:
    """A menu entry."""
    path = home / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = {"Type": "Application", "Name": "A program", **fields}
    body = "\n".join(f"{key}={value}" for key, value in lines.items())
    path.write_text(f"# a comment\n[Desktop Entry]\n{body}\n\n[Desktop Action new]\nExec=steam\n")
    return path


def look(home: Path) -> Reading:
    """The reading of another home, where no environment counts."""
    (source,) = (one for one in programs.find(home, {}) if isinstance(one, Source))
    return programs.read(source, NOW, go)


def sites(home: Path) -> set[str]:
    return {entry.address.removeprefix("https://") for entry in look(home).entries}


@pytest.mark.parametrize(
    ("name", "fields", "site"),
    [
        ("spotify.desktop", {"Exec": "spotify %U"}, "spotify.com"),
        ("com.spotify.Client.desktop", {}, "spotify.com"),
        ("spotify_spotify.desktop", {"Exec": "/snap/bin/spotify"}, "spotify.com"),
        ("my music.desktop", {"Exec": "env A=b /opt/spotify/Spotify --x"}, "spotify.com"),
        ("x.desktop", {"Exec": "/usr/bin/flatpak run --x com.slack.Slack @@u"}, "slack.com"),
        ("Zoom.desktop", {"MimeType": "x-scheme-handler/zoommtg;application/x-zoom;"}, "zoom.us"),
        ("signal-desktop.desktop", {}, "signal.org"),
        ("jetbrains-webstorm-0a1b.desktop", {"StartupWMClass": "jetbrains-webstorm"}, "jetbrains"),
        ("wine/Programs/Epic Games Launcher.desktop", {"Exec": "wine x.lnk"}, "epicgames.com"),
        (
            "chrome-abcdefghijklmnop-Default.desktop",
            {"Exec": '/opt/google/chrome/google-chrome "--app=https://web.whatsapp.com/x?y=z"'},
            "whatsapp.com",
        ),
    ],
)
def test_a_program_that_needs_an_account_is_known_by_what_only_it_has(
    tmp_path: Path, name: str, fields: dict[str, str], site: str
) -> None:
    add(tmp_path, name, **fields)
    (found,) = sites(tmp_path)
    assert found.startswith(site)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("zoom.desktop", {"Exec": "zoom"}),
        ("teams.desktop", {"Exec": "teams", "StartupWMClass": "teams"}),
        ("signal.desktop", {"Exec": "signal"}),
        ("wire.desktop", {"Exec": "wire"}),
        ("cursor.desktop", {"Exec": "cursor"}),
        ("notes.desktop", {"Exec": "gedit spotify", "Name": "Spotify"}),
        ("steamy.desktop", {"Exec": "steamy-windows"}),
        ("firefox-esr.desktop", {"MimeType": "x-scheme-handler/https;text/html;"}),
        ("org.gnome.Calculator.desktop", {"Exec": "gnome-calculator"}),
        ("odd.desktop", {"Exec": "browser --app=javascript:alert(1)"}),
        ("odd.desktop", {"Exec": "browser --app=https://192.168.1.1/"}),
        ("odd.desktop", {"Exec": "browser --app=https://exam\u202eple.org/"}),
        ("odd.desktop", {"Exec": 'an "unclosed quotation'}),
        ("spotify.desktop", {"NoDisplay": "true"}),
        ("spotify.desktop", {"Hidden": "true"}),
        ("spotify.desktop", {"Type": "Link"}),
        ("empty.desktop", {}),
    ],
)
def test_what_is_not_surely_such_a_program_is_left_out(
    tmp_path: Path, name: str, fields: dict[str, str]
) -> None:
    add(tmp_path, name, **fields)
    assert not sites(tmp_path)


def test_an_entry_of_the_persons_own_counts_before_one_of_the_system(tmp_path: Path) -> None:
    add(tmp_path, "com.spotify.Client.desktop", FLATPAK)
    assert sites(tmp_path) == {"spotify.com"}
    add(tmp_path, "com.spotify.Client.desktop", Hidden="true")
    assert not sites(tmp_path)


def test_a_program_shows_an_account_once_and_since_when_only_where_that_is_known(
    tmp_path: Path,
) -> None:
    added = datetime(2024, 3, 1, 12, tzinfo=UTC)
    for name in ("spotify.desktop", "ncspot.desktop"):
        os.utime(add(tmp_path, name), (added.timestamp(), added.timestamp()))
        added += timedelta(days=30)
    add(tmp_path, "com.slack.Slack.desktop", FLATPAK)
    os.utime(add(tmp_path, "discord.desktop"), (0, 0))
    entries = {entry.address: entry.evidence for entry in look(tmp_path).entries}
    assert set(entries) == {"https://spotify.com", "https://slack.com", "https://discord.com"}
    assert entries["https://spotify.com"].created == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert entries["https://slack.com"].created is None
    assert entries["https://discord.com"].created is None
    assert {one.kind for one in entries.values()} == {EvidenceKind.PROGRAM}
    assert {one.last_used for one in entries.values()} == {None}


def test_in_the_persons_own_home_the_places_of_the_system_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = tmp_path / "system"
    monkeypatch.setenv("XDG_DATA_DIRS", f"relative:{system}")
    add(system, "spotify.desktop", "applications")
    home = Path.home()
    assert not find_sources(home, {})[0]
    (source,) = find_sources(home, dict(os.environ))[0]
    assert (source.key, source.name, source.kind) == (
        "programs:", "Installed programs", SourceKind.PROGRAMS,
    )  # fmt: skip
    assert [entry.address for entry in read_source(source, NOW, go).entries] == [
        "https://spotify.com"
    ]


def test_in_another_home_only_what_lies_inside_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "system"))
    outside = add(tmp_path / "system", "spotify.desktop", "applications")
    other = tmp_path / "other"
    add(other, "com.slack.Slack.desktop", ".local/share/flatpak/app/slack")
    exported = other / FLATPAK / "com.slack.Slack.desktop"
    exported.parent.mkdir(parents=True)
    exported.symlink_to("../../../app/slack/com.slack.Slack.desktop")
    (exported.parent / "spotify.desktop").symlink_to(outside)
    assert sites(other) == {"slack.com"}


def test_a_bad_entry_is_counted_and_the_others_read(tmp_path: Path) -> None:
    add(tmp_path, "spotify.desktop")
    folder = tmp_path / OWN
    (folder / "empty.desktop").write_bytes(b"")
    (folder / "noise.desktop").write_bytes(b"\xff\0\xfe" * 99)
    os.truncate(add(tmp_path, "huge.desktop"), 10**9)
    os.mkfifo(folder / "pipe.desktop")
    (folder / "left-over.desktop").symlink_to("gone")
    (folder / "folder.desktop").mkdir()
    reading = look(tmp_path)
    assert [entry.address for entry in reading.entries] == ["https://spotify.com"]
    (problem,) = reading.problems
    assert (problem.code, problem.facts) == ("program-entries-odd", {"count": 4})
    assert "4" in Words().tell(problem.what)


def test_a_folder_that_refuses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may look anywhere, so the system's refusal is played."""
    add(tmp_path, "spotify.desktop")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    (refused,) = programs.find(tmp_path, {})
    assert isinstance(refused, NotRead)
    assert refused.listing
    assert "applications" in Words().tell(refused.what)


def test_installed_programs_need_a_consent_of_their_own(store: Store, tmp_path: Path) -> None:
    add(tmp_path, "spotify.desktop")
    service = AccountsService(store, tmp_path, lambda: NOW)
    assert [state.source.key for state in service.sources()] == ["programs:"]
    assert not service.find(report_nothing).accounts
    service.allow("programs:", True)
    (account,) = service.find(report_nothing).accounts
    assert (account.site, account.confidence.value) == ("spotify.com", "likely")
    assert account.unused_at_least is None


def test_our_list_is_long_and_names_public_sites_and_no_name_twice() -> None:
    listed = read_content("accounts/programs.json", list[programs.Program])
    assert len(listed) >= 80
    for kind in ("ids", "snaps", "execs", "schemes"):
        names = [name for one in listed for name in getattr(one, kind)]
        assert len(names) == len(set(names))
        assert all(name == name.lower() and name for name in names)
    for one in listed:
        assert locate(f"https://{one.site}") == (Place.WEB, one.site)
        assert one.ids or one.snaps


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.binary(max_size=200) | st.text(alphabet="[]=\n#Exec\\\"'%;/ ", max_size=200))
def test_no_content_of_an_entry_raises_anything(tmp_path: Path, content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else f"[Desktop Entry]\n{content}".encode()
    programs.find_account(programs.parse("x", raw))
