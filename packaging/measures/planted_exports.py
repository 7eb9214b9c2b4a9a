"""Writes what planted_accounts drew as password programs export it, and as menu entries."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from measures.planted_accounts import DAY, SECOND, Life, Row


def write_exports(folder: Path, life: Life, now: int, canary: str) -> None:
    """Every export but Firefox's, which Firefox writes itself."""
    for name, write in (
        ("chrome.csv", to_chrome),
        ("bitwarden.json", to_bitwarden),
        ("keepassxc.csv", to_keepassxc),
        ("1password.1pux", to_one_password),
    ):
        write(folder / name, life.rows_of(name), now, f"{canary}-{name}")


def moment(row: Row, which: str, now: int) -> datetime:
    """A time of a row, or what stands there when it is not known."""
    known: int | None = getattr(row, which)
    if known is None:
        known = now + 400 * DAY if row.nonsense == "future" else 0
    return datetime.fromtimestamp(known / SECOND, UTC)


def titles(rows: Sequence[Row]) -> Iterator[tuple[int, str, Row]]:
    for number, row in enumerate(rows):
        yield number, f"Entry {number}", row


def to_chrome(path: Path, rows: Sequence[Row], _now: int, canary: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "url", "username", "password", "note"))
    for _, title, row in titles(rows):
        writer.writerow((title, row.address, row.username, canary, f"{canary}-note"))
    path.write_text(text.getvalue(), "utf-8")


def to_keepassxc(path: Path, rows: Sequence[Row], now: int, canary: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    head = "Group,Title,Username,Password,URL,Notes,TOTP,Icon,Last Modified,Created"
    writer.writerow(head.split(","))
    for _, title, row in titles(rows):
        group = "Root/Recycle Bin" if row.kind == "bin" else "Root/Web"
        times = (
            f"{moment(row, which, now):%Y-%m-%dT%H:%M:%SZ}" for which in ("changed", "created")
        )
        code = f"otpauth://totp/x?secret={canary}"
        writer.writerow((
            group, title, row.username, canary, row.address, f"{canary}\nsecond line", code, "0",
            *times,
        ))  # fmt: skip
    path.write_text(text.getvalue(), "utf-8")


def to_bitwarden(path: Path, rows: Sequence[Row], now: int, canary: str) -> None:
    def iso(row: Row, which: str) -> str:
        return f"{moment(row, which, now):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"

    items: list[dict[str, object]] = []
    for number, title, row in titles(rows):
        item: dict[str, object] = {
            "passwordHistory": [{"lastUsedDate": iso(row, "created"), "password": canary}],
            "creationDate": iso(row, "created"),
            "revisionDate": iso(row, "changed"),
            "deletedDate": f"{datetime.fromtimestamp(now / SECOND, UTC):%Y-%m-%dT%H:%M:%S.000Z}"
            if row.kind == "bin"
            else None,
            "id": f"{number:08}-0000-4000-8000-000000000000",
            "organizationId": None, "folderId": None, "reprompt": 0, "favorite": False,
            "name": title, "notes": f"{canary}-note", "collectionIds": None,
        }  # fmt: skip
        if row.kind == "note":
            item |= {"type": 2, "secureNote": {"type": 0}, "notes": f"{row.address} {canary}"}
        else:
            uris = [{"match": None, "uri": uri} for uri in (row.address, *row.more)]
            login = {"uris": uris, "username": row.username, "password": canary, "totp": canary}
            item |= {"type": 1, "login": {"fido2Credentials": [], **login}}
        items.append(item)
    path.write_text(json.dumps({"encrypted": False, "folders": [], "items": items}), "utf-8")


def to_one_password(path: Path, rows: Sequence[Row], now: int, canary: str) -> None:
    items = []
    for number, title, row in titles(rows):
        login = row.kind != "note"
        fields = [
            {"value": row.username, "name": "email", "fieldType": "T", "designation": "username"},
            {"value": canary, "name": "pw", "fieldType": "P", "designation": "password"},
        ]
        notes = f"{canary} {'' if login else row.address}"
        overview = {"title": title, "subtitle": row.username, "url": row.address}
        items.append({
            "uuid": f"item{number}",
            "createdAt": int(moment(row, "created", now).timestamp()),
            "updatedAt": int(moment(row, "changed", now).timestamp()),
            "state": "active",
            "categoryUuid": "001" if login else "003",
            "overview": overview | {"urls": [{"label": "", "url": row.address}]} if login
            else {"title": title},
            "details": {
                "loginFields": fields if login else [],
                "notesPlain": notes,
                "sections": [],
                "passwordHistory": [{"value": canary, "time": 1_500_000_000}],
            },
        })  # fmt: skip
    vault = {"attrs": {"uuid": "v", "name": "Personal", "type": "P"}, "items": items}
    account = {"attrs": {"accountName": "Anna", "email": "anna@web.example"}, "vaults": [vault]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        head = {"version": 3, "description": "1Password Unencrypted Export", "createdAt": 1}
        archive.writestr("export.attributes", json.dumps(head))
        archive.writestr("export.data", json.dumps({"accounts": [account]}))


def write_programs(home: Path, life: Life) -> None:
    """Menu entries of installed programs, each of a certain age."""
    folder = home / ".local/share/applications"
    folder.mkdir(parents=True)
    for name, made in life.programs.items():
        path = folder / f"{name}.desktop"
        path.write_text(f"[Desktop Entry]\nType=Application\nName={name}\nExec={name} %U\n")
        os.utime(path, (made / SECOND, made / SECOND))
