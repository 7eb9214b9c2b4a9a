"""Another program for the format, run on its own: reads a vault or makes one, tells as JSON."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
from pathlib import Path

from pycryptomator.cryptomator import Vault, init_vault


def read(vault: Vault) -> dict[str, object]:
    """The checksum of every document and the names of all folders."""
    files: dict[str, str] = {}
    folders: list[str] = []
    for here, below, documents in vault.walk("/"):
        folders += [f"{here.rstrip('/')}/{name}"[1:] for name in below]
        for name in documents:
            path = f"{here.rstrip('/')}/{name}"
            out = io.BytesIO()
            out.close = lambda: None  # type: ignore[method-assign]
            with Path(vault.getInfo(path).contentsC9).open("rb") as file:
                Vault._decryptf(vault.pk, file, out)
            files[path[1:]] = hashlib.sha256(out.getvalue()).hexdigest()
    return {"files": files, "folders": folders}


def make(root: Path, password: str, source: Path) -> dict[str, object]:
    """A vault with a copy of every file under ``source``, and one link."""
    init_vault(str(root), password)
    vault = Vault(str(root), password)
    for file in sorted(source.rglob("*")):
        path = "/" + file.relative_to(source).as_posix()
        if file.is_dir():
            vault.mkdir(path)
        else:
            vault.encryptFile(str(file), path)
    vault.ln("/somewhere/else.txt", "/a link")
    return {}


if __name__ == "__main__":
    verb, root, password = sys.argv[1:4]
    with contextlib.redirect_stdout(io.StringIO()):
        if verb == "read":
            answer = read(Vault(root, password))
        else:
            answer = make(Path(root), password, Path(sys.argv[4]))
    sys.stdout.write(json.dumps(answer))
