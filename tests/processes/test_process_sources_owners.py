"""Which package a file belongs to: lists of several systems, moved files, what is remembered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.errors import Cancelled
from guardian.processes.sources.owners import OwnerCache, Owners, told_by_path
from guardian.processes.sources.packagelists import NOBODYS, NOT_OWNED, parse_rpm


@pytest.fixture
def dpkg(tmp_path: Path) -> Path:
    folder = tmp_path / "var/lib/dpkg/info"
    folder.mkdir(parents=True)
    (folder / "bash.list").write_bytes(b"/.\n/bin\n/bin/bash\n")
    (folder / "libx:amd64.list").write_bytes(b"/usr/lib/x/helper\n\xff\n")
    (folder / "bash.md5sums").write_bytes(b"/usr/bin/other\n")
    return tmp_path


def find(root: Path, *paths: str) -> dict[str, str | None] | None:
    return Owners(root=str(root)).find(paths)


def test_packages_are_found_before_and_after_the_move_into_usr(dpkg: Path) -> None:
    wanted = ("/usr/bin/bash", "/lib/x/helper", "/usr/bin/other", "/nix/store/abc-sh/bin/sh")
    assert find(dpkg, *wanted) == {
        "/usr/bin/bash": "bash",
        "/lib/x/helper": "libx",
        "/usr/bin/other": None,
        "/nix/store/abc-sh/bin/sh": "nix:abc-sh",
    }


def test_a_system_without_lists_is_told_from_one_that_owns_nothing(tmp_path: Path) -> None:
    assert find(tmp_path, "/usr/bin/bash") is None
    assert find(tmp_path / "none", "/usr/bin/bash") is None
    (tmp_path / "gnu/store").mkdir(parents=True)
    assert find(tmp_path, "/usr/bin/bash", "/gnu/store/a-sh/bin/sh") == {
        "/usr/bin/bash": None,
        "/gnu/store/a-sh/bin/sh": "guix:a-sh",
    }


def test_a_file_moved_aside_stays_with_its_package(dpkg: Path) -> None:
    (dpkg / "var/lib/dpkg/info/perf.list").write_bytes(b"/usr/bin/tool\n/usr/bin/tool.real\n")
    (dpkg / "var/lib/dpkg/info/tools.list").write_bytes(b"/usr/bin/tool\n/usr/bin/mine\n")
    (dpkg / "var/lib/dpkg/diversions").write_bytes(
        b"/usr/bin/tool\n/usr/bin/tool.distrib\nperf\n/usr/bin/mine\n/usr/bin/mine.old\n:\n"
    )
    assert find(dpkg, "/usr/bin/tool", "/usr/bin/tool.distrib", "/usr/bin/mine") == {
        "/usr/bin/tool": "perf",
        "/usr/bin/tool.distrib": "tools",
        "/usr/bin/mine": None,  # the administrator put his own file there
    }
    assert find(dpkg, "/usr/bin/mine.old") == {"/usr/bin/mine.old": "tools"}


def test_lists_of_pacman_and_apk(tmp_path: Path) -> None:
    folder = tmp_path / "var/lib/pacman/local/foo-bar-1.0-2"
    folder.mkdir(parents=True)
    (folder / "files").write_text("%FILES%\nusr/\nusr/bin/foo\n")
    (folder.parent / "ALPM_DB_VERSION").write_text("9\n")
    assert find(tmp_path, "/usr/bin/foo", "/bin/foo", "/usr/bin/bar") == {
        "/usr/bin/foo": "foo-bar",
        "/bin/foo": "foo-bar",
        "/usr/bin/bar": None,
    }
    (tmp_path / "lib/apk/db").mkdir(parents=True)
    (tmp_path / "lib/apk/db/installed").write_text("P:busybox\nF:bin\nR:busybox\nF:\nR:top\n")
    assert find(tmp_path, "/bin/busybox", "/top") == {"/bin/busybox": "busybox", "/top": "busybox"}


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/snap/firefox/123/usr/lib/firefox/firefox", "snap:firefox"),
        ("/var/lib/snapd/snap/x/1/bin/x", "snap:x"),
        ("/snap/bin/code.url-handler", "snap:code"),
        ("/var/lib/flatpak/app/org.x.Y/x86_64/stable/1/files/bin/y", "flatpak:org.x.Y"),
        ("/home/linuxbrew/.linuxbrew/Cellar/jq/1.7/bin/jq", "brew:jq"),
        ("/home/ada/snap/x", None),
        ("/home/ada/nix/store/x/y", None),
    ],
)
def test_some_paths_name_their_package(path: str, owner: str | None) -> None:
    assert told_by_path(path) == owner


def test_lists_are_read_once_and_again_after_a_change(dpkg: Path) -> None:
    cache = OwnerCache()
    owners = Owners(cache, str(dpkg))
    assert owners.find(["/bin/bash"]) == {"/bin/bash": "bash"}
    lists = dpkg / "var/lib/dpkg/info"
    lists.joinpath("bash.list").write_bytes(b"")  # the folder itself does not change

    def refuse() -> None:
        raise Cancelled

    assert Owners(cache, str(dpkg)).find(["/bin/bash"], refuse) == {"/bin/bash": "bash"}
    with pytest.raises(Cancelled):
        Owners(cache, str(dpkg)).find(["/bin/new"], refuse)
    os.utime(lists, (1, 1))
    assert owners.find(["/bin/bash"]) == {"/bin/bash": None}


def test_what_is_no_ordinary_list_is_passed_over(dpkg: Path, tmp_path: Path) -> None:
    lists = dpkg / "var/lib/dpkg/info"
    os.mkfifo(lists / "pipe.list")
    (lists / "loop.list").symlink_to(lists / "loop.list")
    (lists / "away.list").symlink_to("/etc/passwd")
    (lists / "folder.list").mkdir()
    assert find(dpkg, "/bin/bash", "/x\ny", "relative", "/nul\0") == {
        "/bin/bash": "bash",
        "/x\ny": None,
        "relative": None,
        "/nul\0": None,
    }


BORDER = NOT_OWNED % NOBODYS.encode() + b"\n"


def test_the_answer_of_rpm_is_matched_to_the_paths_asked() -> None:
    paths = (b"/usr/bin/a", b"/opt/b", b"/gone/c", b"/usr/share/d")
    answer = (
        b"a-package\n"
        + BORDER
        + NOT_OWNED % paths[1]
        + b"\n"
        + BORDER
        + BORDER  # nothing is said of a file that is not there
        + b"d-one\nd-two\n"
        + BORDER
    )
    assert parse_rpm(paths, answer) == {b"/usr/bin/a": "a-package", b"/usr/share/d": "d-one"}


@given(st.binary(max_size=200))
def test_no_answer_of_rpm_breaks_the_reader(answer: bytes) -> None:
    assert set(parse_rpm((b"/a", b"/b"), answer)) <= {b"/a", b"/b"}


def test_this_systems_own_shell_is_owned_and_a_link_to_it_too(tmp_path: Path) -> None:
    if not Path("/var/lib/dpkg/info").is_dir():
        pytest.skip("needs a system with dpkg")
    link = tmp_path / "shell"
    link.symlink_to("/bin/bash")
    assert Owners().find(["/usr/bin/bash", str(link), str(tmp_path)]) == {
        "/usr/bin/bash": "bash",
        str(link): "bash",
        str(tmp_path): None,
    }


def test_a_link_that_leads_elsewhere_now_is_not_believed_any_more(tmp_path: Path) -> None:
    if not Path("/var/lib/dpkg/info").is_dir():
        pytest.skip("needs a system with dpkg")
    link, owners = tmp_path / "shell", Owners()
    link.symlink_to("/bin/bash")
    assert owners.find([str(link)]) == {str(link): "bash"}
    link.unlink()
    link.touch()
    assert owners.find([str(link)]) == {str(link): None}
