"""The laws of the house: who may know whom, and that nothing reaches for the network."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "guardian").rglob("*.py"))
FACES = {"guardian.ui.links": "QDesktopServices"}
NETWORK = {
    "socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "poplib", "imaplib",
    "telnetlib", "socketserver", "xmlrpc", "asyncio", "requests", "httpx", "aiohttp", "urllib3",
    "websockets", "webbrowser", "PySide6.QtNetwork", "PySide6.QtWebSockets",
}  # fmt: skip


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Every imported ``(module, name)``, wherever in the file the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_import_circle_counting_imports_inside_functions() -> None:
    graph = grimp.build_graph("guardian", cache_dir=None)
    wanted = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        list(TopologicalSorter(wanted).static_order())
    except CycleError as error:
        pytest.fail(f"import circle: {' -> '.join(reversed(error.args[1]))}")


def test_no_module_imports_the_network() -> None:
    assert [problem for path in SOURCES for problem in reaching_out(path)] == []


def reaching_out(path: Path) -> Iterator[str]:
    """What a module imports of the network; the constants of ``socket`` reach for nothing."""
    for module, name in imports(path):
        if module == "socket" and (name.startswith(("AF_", "SOCK_", "IPPROTO_"))):
            continue
        whole = f"{module}.{name}" if name else module
        if any(f"{whole}.".startswith(f"{banned}.") for banned in NETWORK):
            yield f"{path.relative_to(ROOT)} imports {whole}"


def test_an_address_is_handed_to_the_browser_in_one_place_only() -> None:
    users = [path for path in SOURCES if "QDesktopServices" in path.read_text("utf-8")]
    assert [path.relative_to(ROOT).as_posix() for path in users] == ["guardian/ui/links.py"]


def test_style_comes_from_the_one_style_sheet() -> None:
    users = [path for path in SOURCES if "setStyleSheet" in path.read_text("utf-8")]
    assert [path.relative_to(ROOT).as_posix() for path in users] == ["guardian/ui/theme.py"]


def test_every_module_opens_with_a_sentence_saying_what_it_is_for() -> None:
    silent = [path for path in SOURCES if not opens_with_a_sentence(path)]
    assert [path.relative_to(ROOT).as_posix() for path in silent] == []


def opens_with_a_sentence(path: Path) -> bool:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    return bool(said) and (said.splitlines()[0].rstrip().endswith((".", ":", "?")) or "\n" in said)


def test_the_services_load_no_heavy_library() -> None:
    heavy = ["psutil", "cryptography", "keyring", "lxml", "publicsuffixlist", "PySide6", "numpy"]
    code = f"import guardian.features, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("tool", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]])
def test_lint_format_and_types(tool: list[str]) -> None:
    command = [str(Path(sys.executable).parent / tool[0]), *tool[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_project_speaks_of_itself_alone() -> None:
    words = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "deb." + "debian", "/wo" + "rk/"]
    tops = ("guardian", "assets", "tests", "packaging", ".ci")
    files = [path for top in tops for path in (ROOT / top).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    for path in files:
        if "__pycache__" not in path.parts and path.suffix != ".png":
            data = path.read_bytes()
            for word in words:
                assert word.encode() not in data, f"{path.name} names {word}"
