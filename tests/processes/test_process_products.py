"""Which products that watch or control are found, by what, and what never counts."""

from __future__ import annotations

import json
import runpy
import string
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.paths import assets
from guardian.core.words import load_texts
from guardian.processes.content import Product, products_file, read_products
from guardian.processes.model import Place, Process, Snapshot, StartEntry, System, Unknown
from guardian.processes.rules.catalogue import Catalogue, belongs, places
from guardian.processes.rules.products import (
    ATTACK,
    LEVELS,
    ProductMatch,
    match_products,
)
from tests.processes.builders import NOW, process

COMPILER = Path(__file__).parents[2] / "packaging" / "process-products"
PRODUCTS = read_products(products_file())
BY_KEY = {product.key: product for product in PRODUCTS}
KINDS = sorted(LEVELS)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "processes"
ORDINARY = (FIXTURES / "ordinary-programs.txt").read_text("utf-8").splitlines()
"""Programs of ordinary desktops, of whatever distribution, and words many programs are called."""


def looked(*processes: Process, system: System = System.LINUX, **rest: Any) -> Snapshot:
    return Snapshot(system, NOW, processes, **rest)


def found(
    *processes: Process, system: System = System.LINUX, **rest: Any
) -> tuple[tuple[str, str], ...]:
    """Keys and strengths of what the shipped catalogue finds."""
    matches = match_products(looked(*processes, system=system, **rest), PRODUCTS)
    return tuple((match.product.key, match.strength) for match in matches)


def entry(name: str = "thing.service", **fields: Any) -> StartEntry:
    values = {"kind": "systemd", "source": f"/etc/systemd/system/{name}", **fields}
    return StartEntry(values.pop("place", Place.SERVICE), name=name, **values)


def program(path: str, **fields: Any) -> Process:
    """A program that no package brought."""
    return process(
        name=path.replace("\\", "/").rpartition("/")[2][:15],
        **{"argv": (path,), "exe": path, "owner": None, **fields},
    )


def unfold(path: str, system: System) -> str:
    """One path that an install place with ~ and * stands for."""
    home = {System.LINUX: "/home/ada", System.MACOS: "/Users/ada"}.get(system, r"C:\Users\ada")
    return path.replace("~", home, 1).replace("*", "x1")


# --- the records


SYSTEMS = (System.LINUX, System.WINDOWS, System.MACOS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_product_is_found_by_everything_told_of_it(system: System) -> None:
    told: list[tuple[str, str, Process | StartEntry]] = []
    for product in (each for each in PRODUCTS if system in each.systems):
        below = "\\sub\\other-name.exe" if system is System.WINDOWS else "/sub/other-name"
        for path in product.paths:
            if belongs(path, product, system):
                place = unfold(path, system)
                told.append((product.key, path, program(place)))
                told.append((product.key, path, program(place + below)))
        for service in product.services:
            told.append((product.key, service, entry(service.replace("*", "x1"))))
        for package in product.packages:
            told.append((product.key, package, program("/odd/renamed", owner=package)))
        for publisher in product.publishers:
            signer = f"CN={publisher}, O={publisher}, C=XX"
            told.append((product.key, publisher, program("/odd/renamed", signer=signer)))
    processes = [one for _, _, one in told if isinstance(one, Process)]
    entries = tuple(one for _, _, one in told if isinstance(one, StartEntry))
    matches = match_products(looked(*processes, system=system, entries=entries), PRODUCTS)
    sure = {(match.product.key, id(match.subject)) for match in matches if match.strength == "sure"}
    assert [(key, what) for key, what, one in told if (key, id(one)) not in sure] == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_bare_name_is_never_sure_and_a_shared_one_says_nothing(system: System) -> None:
    told: list[tuple[Product, str, Process]] = []
    for product in (each for each in PRODUCTS if system in each.systems):
        for name in product.names:
            odd = "D:\\odd\\" if system is System.WINDOWS else "/odd/"
            told.append((product, name, program(odd + name.replace("*", "x1"))))
    matches = match_products(looked(*(one for _, _, one in told), system=system), PRODUCTS)
    assert {match.strength for match in matches} == {"name"}
    met = {(match.product.key, id(match.subject)) for match in matches}
    for product, name, one in told:
        shared = name in product.shared_names
        assert shared or (product.key, id(one)) in met, name
        assert not shared or product.brands or (product.key, id(one)) not in met, name


def test_the_catalogue_is_broad_and_each_kind_has_its_sentences() -> None:
    assert len(PRODUCTS) >= 220
    count = {kind: sum(each.kind == kind for each in PRODUCTS) for kind in KINDS}
    assert min(count.values()) >= 18, count
    texts = load_texts("en")
    for kind in KINDS:
        for part in ("title", "plain", "why", "honest", "do", "milder"):
            assert texts[f"processes.rule.product-{kind}.{part}"]
        plain = str(texts[f"processes.rule.product-{kind}.plain"])
        names = {name for _, name, _, _ in string.Formatter().parse(plain) if name}
        assert names == {"name", "product"}


def test_managed_computers_are_sent_to_the_people_who_manage_them() -> None:
    texts = load_texts("en")
    for kind in ("employee", "management"):
        advice = str(texts[f"processes.rule.product-{kind}.do"])
        assert "IT" in advice
        assert not any(word in advice.lower() for word in ("remove", "take it off", "uninstall"))


def test_no_ordinary_program_bears_a_name_that_counts_alone() -> None:
    for system in (System.LINUX, System.WINDOWS, System.MACOS):
        catalogue = Catalogue(PRODUCTS, system)
        taken = {name: catalogue.look_up(name).named for name in ORDINARY}
        assert not {name: [each.key for each in who] for name, who in taken.items() if who}


def test_no_program_of_this_computer_is_taken_for_a_product_it_is_not() -> None:
    catalogue = Catalogue(PRODUCTS, System.LINUX)
    for folder in (Path("/usr/bin"), Path("/usr/sbin")):
        for path in folder.iterdir() if folder.is_dir() else ():
            for product in catalogue.look_up(str(path)).named:
                assert str(path) in product.paths or path.name in product.names


def test_products_json_is_what_the_yaml_files_compile_to() -> None:
    command = [sys.executable, COMPILER, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (assets() / "processes" / "NOTICE.md").is_file()


GOOD = {
    "key": "a-thing",
    "name": "A thing",
    "vendor": "Somebody",
    "systems": ["linux"],
    "names": ["athing"],
    "source": "https://example.org",
    "checked": 2026,
}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"key": "A Thing"}, "small letters"),
        ({"names": []}, "nothing it could be found by"),
        ({"shared_names": ["other"]}, "which is no name"),
        ({"paths": ["opt/thing"]}, "no install place"),
        ({"paths": ["/opt/thing/"]}, "no install place"),
        ({"paths": ["C:\\Program Files\\Thing"]}, "none of its systems"),
        ({"brands": ["thi"]}, "too short"),
        ({"domains": ["Example.org"]}, "no address"),
        ({"domains": ["co.uk"]}, "no address"),
        ({"checked": 2019}, "too long ago"),
        ({"source": ""}, "are needed"),
        ({"systems": ["beos"]}, "Invalid enum value"),
        ({"path": "/opt"}, "unknown field"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_compiler_names_what_is_wrong(
    change: dict[str, Any], complaint: str, tmp_path: Path
) -> None:
    compile_products = runpy.run_path(str(COMPILER), run_name="compiler")["compile_products"]
    (tmp_path / "remote.yml").write_text(json.dumps([{**GOOD, **change}]))
    with pytest.raises(SystemExit, match=complaint):
        compile_products(tmp_path)


def test_two_products_may_not_claim_one_name(tmp_path: Path) -> None:
    compile_products = runpy.run_path(str(COMPILER), run_name="compiler")["compile_products"]
    twins = [GOOD, {**GOOD, "key": "b-thing"}]
    (tmp_path / "remote.yml").write_text(json.dumps(twins))
    with pytest.raises(SystemExit, match="also a name of"):
        compile_products(tmp_path)
    twins = [GOOD, {**GOOD, "key": "b-thing", "shared_names": ["athing"], "brands": ["bthing"]}]
    (tmp_path / "remote.yml").write_text(json.dumps(twins))
    with pytest.raises(SystemExit, match="also a name of"):
        compile_products(tmp_path)


# --- real sights


def test_help_from_afar_is_found_by_where_it_lies() -> None:
    daemon = program("/opt/teamviewer/tv_bin/teamviewerd", unit="teamviewerd.service")
    (match,) = match_products(looked(daemon), PRODUCTS)
    assert (match.product.key, match.strength, match.rule) == (
        "teamviewer",
        "sure",
        "product-remote",
    )
    assert match.evidence == {
        "Image": ("/opt/teamviewer/tv_bin/teamviewerd",),
        "Unit": ("teamviewerd.service",),
    }


def test_a_renamed_program_is_found_by_its_package() -> None:
    copied = process(exe="/usr/lib/system/updater", name="updater", owner="x11vnc")
    assert found(copied) == (("x11vnc", "sure"),)


def test_a_copy_in_a_home_folder_is_known_by_its_name_only() -> None:
    assert found(program("/home/ada/.cache/x11vnc")) == (("x11vnc", "name"),)
    assert found(program("/home/ada/Downloads/AnyDesk-6.3.2/anydesk")) == (("anydesk", "name"),)
    assert found(program("/home/ada/Downloads/TeamViewerQS_x64")) == (("teamviewer", "name"),)


def test_a_process_kept_from_us_is_known_by_what_it_was_started_as() -> None:
    hidden = process(
        name="teamviewerd",
        exe=Unknown.DENIED,
        owner=Unknown.DENIED,
        argv=("/opt/teamviewer/tv_bin/teamviewerd", "-d"),
    )
    assert found(hidden) == (("teamviewer", "sure"),)
    bare = process(name="gnome-remote-de", exe=Unknown.DENIED, owner=Unknown.DENIED, argv=())
    assert found(bare) == (("gnome-remote-desktop", "name"),)


def test_an_interpreter_that_runs_the_products_script_counts() -> None:
    agent = process(
        exe="/usr/bin/python3.11",
        name="python3",
        argv=("python3", "/usr/share/dwagent/agent.py"),
        script="/usr/share/dwagent/agent.py",
        owner="python3.11-minimal",
    )
    assert found(agent) == (("dwservice", "sure"),)


def test_programs_that_only_speak_of_a_product_do_not_count() -> None:
    for argv in (
        ("grep", "-r", "teamviewerd", "/opt/teamviewer"),
        ("vim", "/home/ada/anydesk-notes.txt"),
        ("less", "/usr/share/doc/x11vnc/README"),
        ("firefox", "https://www.refog.com/"),
    ):
        reader = process(exe=f"/usr/bin/{argv[0]}", name=argv[0], argv=argv)
        assert found(reader) == ()


def test_a_shared_name_counts_with_an_address_of_its_maker_only() -> None:
    ssh = process(exe="/usr/bin/ssh", name="ssh", owner="openssh-client")
    tunnel = process(**{**as_fields(ssh), "argv": ("ssh", "-R", "80:localhost:80", "serveo.net")})
    home = process(**{**as_fields(ssh), "argv": ("ssh", "ada@example.org")})
    lookalike = process(**{**as_fields(ssh), "argv": ("ssh", "serveo.net.example.org")})
    assert found(home, lookalike) == ()
    (match,) = match_products(looked(tunnel), PRODUCTS)
    assert (match.product.key, match.strength) == ("serveo", "sure")
    assert match.evidence["Domain"] == ("serveo.net",)


def as_fields(one: Process) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("exe", "name", "owner", "argv")}


def test_system_programs_are_innocent_in_their_place_and_telling_in_a_products() -> None:
    system32 = "C:\\Windows\\System32\\"
    honest = [program(system32 + name) for name in ("dwm.exe", "csrss.exe", "services.exe")]
    reader = program("C:\\Program Files (x86)\\NVDA\\nvda.exe")
    assert found(*honest, reader, system=System.WINDOWS) == ()
    posing = program("C:\\ProgramData\\SPC\\CSRSS.EXE")
    assert found(posing, system=System.WINDOWS) == (("sentrypc", "sure"),)
    stealth = program(
        "C:\\ProgramData\\{4CEC2908-5CE4-48F0-A717-8FC833D8017A}\\dwm.exe",
        signer="Teramind Inc.",
    )
    assert found(stealth, system=System.WINDOWS) == (("teramind", "sure"),)


def test_names_are_compared_as_each_system_does() -> None:
    assert found(program("D:\\x\\ANYDESK.EXE"), system=System.WINDOWS) == (("anydesk", "name"),)
    assert found(program("/odd/X11VNC-helper")) == (("x11vnc", "name"),)
    assert found(program("/odd/KRFB")) == ()


def test_a_remote_session_does_not_make_its_whole_desktop_a_product() -> None:
    unit = "chrome-remote-desktop@ada.service"
    host = program("/opt/google/chrome-remote-desktop/chrome-remote-desktop-host", unit=unit)
    shell = process(pid=200, ppid=host.pid, exe="/usr/bin/gnome-shell", unit=unit)
    browser = process(pid=201, ppid=200, exe="/usr/bin/firefox", unit=unit)
    matches = match_products(looked(host, shell, browser), PRODUCTS)
    assert [match.subject for match in matches] == [host]


def test_a_unit_that_only_starts_another_program_does_not_name_the_starter() -> None:
    shell = process(exe="/usr/bin/dash", name="sh", unit="x11vnc.service", argv=("sh", "-c", "x"))
    server = process(pid=101, ppid=100, exe="/usr/bin/x11vnc", unit="x11vnc.service")
    matches = match_products(looked(shell, server), PRODUCTS)
    assert [match.subject for match in matches] == [server]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"exe": "/app/bin/rustdesk", "owner": "flatpak:com.rustdesk.RustDesk"}, "rustdesk"),
        ({"exe": "/snap/ngrok/12/ngrok", "owner": "snap:ngrok"}, "ngrok"),
        ({"exe": "/nix/store/abc-x11vnc-1/bin/.x11vnc-wrapped", "owner": "nix:abc"}, "x11vnc"),
        ({"exe": "/usr/bin/other", "unit": "app-flatpak-com.anydesk.Anydesk-71.scope"}, "anydesk"),
    ],
)
def test_packages_of_other_systems_are_known_too(fields: dict[str, Any], key: str) -> None:
    assert [one for one, _ in found(process(**fields))] == [key]


def test_what_starts_by_itself_is_found_although_it_does_not_run() -> None:
    service = entry("rustdesk.service", target="/usr/bin/rustdesk")
    hidden = entry("helper.service", target="/opt/teamviewer/tv_bin/teamviewerd")
    off = entry("xrdp.service", target="/usr/sbin/xrdp", enabled=False)
    label = entry("com.refog.agent.plist", place=Place.LOGIN)
    matches = match_products(looked(entries=(service, hidden, off)), PRODUCTS)
    assert [(one.product.key, one.strength) for one in matches] == [
        ("rustdesk", "sure"),
        ("teamviewer", "sure"),
    ]
    assert matches[1].evidence == {"Target": ("/opt/teamviewer/tv_bin/teamviewerd",)}
    assert found(system=System.MACOS, entries=(label,)) == (("refog", "name"),)


def test_places_are_told_of_products_nothing_else_was_seen_of() -> None:
    both = ("/opt/teamviewer", "/usr/bin/x11vnc", "/nobody/asked")
    daemon = program("/opt/teamviewer/tv_bin/teamviewerd")
    matches = match_products(looked(daemon, present=both), PRODUCTS)
    assert [(one.product.key, one.subject) for one in matches] == [
        ("teamviewer", daemon),
        ("x11vnc", "/usr/bin/x11vnc"),
    ]


def test_what_is_sure_silences_what_is_only_called_so() -> None:
    mesh = program("/opt/tacticalmesh/meshagent")
    assert found(mesh) == (("tactical-rmm", "sure"),)


# --- weights


def a_match(key: str, strength: Any = "sure", subject: Any = None) -> ProductMatch:
    return ProductMatch(subject or program("/x"), BY_KEY[key], strength, {})


def test_weights_follow_what_is_seen() -> None:
    def weigh(key: str, *, starts: bool = False, listens: bool = False, **more: Any) -> str:
        return a_match(key, **more).level(starts=starts, listens=listens)

    assert weigh("refog") == "critical"
    assert weigh("refog", subject="/place") == "high"
    assert weigh("hubstaff") == weigh("timekpr") == weigh("logkeys") == "high"
    assert weigh("anydesk") == "low"
    assert weigh("anydesk", starts=True) == weigh("x11vnc", listens=True) == "medium"
    assert weigh("gnome-remote-desktop", starts=True) == "low"
    assert weigh("gnome-remote-desktop", listens=True) == "medium"
    assert weigh("tailscale", starts=True, listens=True) == "low"
    assert weigh("x11vnc", subject="/usr/bin/x11vnc") == "informational"


@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_name_never_calls_for_action(kind: Any) -> None:
    assert LEVELS[kind]["name"] in ("informational", "low", "medium")
    assert set(LEVELS[kind]) == {"lasting", "running", "present", "name"}
    assert kind in ATTACK


def test_the_calm_notice_says_whom_to_ask_and_never_to_hurry() -> None:
    texts = load_texts("en")
    parts = ("title", "noticed", "other-device", "evidence", "help", "stranger", "danger")
    told = " ".join(str(texts[f"processes.safety.{part}"]) for part in parts)
    assert "stopstalkerware.org" in told
    assert "another device" in told
    assert not any(word in told for word in ("!", "now!", "immediately", "must"))


# --- places and what they stand for


def test_each_system_is_asked_about_its_own_places_only() -> None:
    linux, macos = places(PRODUCTS, System.LINUX), places(PRODUCTS, System.MACOS)
    windows = places(PRODUCTS, System.WINDOWS)
    assert "/opt/teamviewer" in linux
    assert "/Applications/TeamViewer.app" in macos
    assert all("\\" in place for place in windows)
    assert not any(place.startswith(("/Applications", "/Library")) for place in linux)
    assert places(PRODUCTS, System.OTHER) == ()
    assert len(linux) == len(set(linux))


# --- whatever comes


NASTY = st.text(max_size=30) | st.sampled_from(
    ["", "/", "\\", "~", "C:\\", "\x00", "\x1b[31m", ".."]
)


@given(NASTY, NASTY, st.lists(NASTY, max_size=3), NASTY, st.sampled_from(list(System)))
def test_nothing_a_process_tells_breaks_the_look(
    exe: str, unit: str, argv: list[str], signer: str, system: System
) -> None:
    strange = process(exe=exe, unit=unit, argv=tuple(argv), signer=signer, script=exe, owner=unit)
    odd_entry = entry(unit, target=exe, command=signer, target_signer=signer)
    snapshot = looked(strange, system=system, entries=(odd_entry,), present=(exe,))
    assert isinstance(match_products(snapshot, PRODUCTS), tuple)


@given(st.text(string.ascii_letters + string.digits + "/._-", max_size=40))
def test_only_what_the_catalogue_says_is_ever_found(path: str) -> None:
    for match in match_products(looked(program("/srv/" + path)), PRODUCTS):
        name = path.rpartition("/")[2]
        letters = "".join(filter(str.isalnum, name)).lower()
        assert match.strength == "name"
        assert name in match.product.names or any(
            brand in letters for brand in match.product.brands
        )


def test_a_giant_command_line_and_name_take_no_time() -> None:
    giant = process(exe="/opt/" + "a" * 100_000, argv=("ssh", "x." * 100_000), name="ssh")
    ssh = process(pid=2, exe="/usr/bin/ssh", argv=("ssh", "x" * 100_000))
    started = time.process_time()
    assert found(giant, ssh) == ()
    assert time.process_time() - started < 0.2


def test_two_thousand_programs_take_a_blink() -> None:
    crowd = tuple(
        process(pid=n, exe=f"/usr/lib/app{n % 400}/program{n % 400}", unit=f"u{n % 90}.service")
        for n in range(2, 2002)
    )
    snapshot = looked(*crowd)
    best = min(cpu_of(snapshot) for _ in range(3))
    assert best < 0.06
    assert match_products(snapshot, PRODUCTS) == ()


def cpu_of(snapshot: Snapshot) -> float:
    started = time.process_time()
    match_products(snapshot, PRODUCTS)
    return time.process_time() - started
