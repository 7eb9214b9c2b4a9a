"""The wheel: complete, installable, and working on its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from guardian import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_everything_guardian_ships(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in (ROOT / "assets").rglob("*"):
        if file.is_file():
            assert f"guardian/assets/{file.relative_to(ROOT / 'assets').as_posix()}" in names
    for file in (ROOT / "guardian").rglob("*.py"):
        assert file.relative_to(ROOT).as_posix() in names
    assert not any("tests" in name for name in names)


def test_installed_in_an_environment_of_its_own_it_works(wheel: Path, tmp_path: Path) -> None:
    """Its dependencies are lent by this environment, since tests reach no registry."""
    place = tmp_path / "fresh"
    venv.create(place, with_pip=False)
    (site,) = place.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    lent = [path for path in sys.path if path.endswith("site-packages")]
    (site / "lent.pth").write_text("\n".join(lent))
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    environment.pop("PYTHONPATH", None)
    code = (
        "import guardian; from importlib.metadata import entry_points as e;"
        "(found,) = e(group='console_scripts', name='guardian'); main = found.load();"
        "print(guardian.__file__); import sys; sys.argv = ['guardian', 'checkup', '--json']; main()"
    )
    done = subprocess.run(
        [str(place / "bin" / "python"), "-c", code],
        env=environment, capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert str(place) in done.stdout, done.stderr
    assert '"pillars"' in done.stdout, done.stderr


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__


def test_what_is_locked_is_what_is_asked_for() -> None:
    """Every dependency is locked with hashes, in both lists, to the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    run = (ROOT / "packaging/requirements.txt").read_text("utf-8")
    test = (ROOT / "packaging/requirements-test.txt").read_text("utf-8")
    for need in wanted:
        name = need.split(">")[0].split("=")[0].split("[")[0].strip().lower()
        assert f"\n{name}==" in f"\n{test}".lower(), name
    for line in run.splitlines():
        if "==" in line:
            assert line.split()[0] in test, line
    for text in (run, test):
        blocks = [block for block in text.split("\n") if "==" in block]
        assert text.count("--hash=sha256:") >= len(blocks)
