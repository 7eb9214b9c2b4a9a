"""Reads the JSON that password programs write: Bitwarden, 1Password, Proton Pass, Enpass, Keeper.

Only the fields named here become values; passwords and notes are passed over as bytes. Fields as
in the programs' own samples and import code (Bitwarden 2025, 1PUX version 3, Proton Pass 1.30,
Enpass 6, Keeper 16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from guardian.accounts.sources.exports.logins import Gathered
from guardian.core.errors import Problem

T = TypeVar("T")

NOTHING = Raw(b"null")
BITWARDEN_LOGIN = 1
ONE_PASSWORD_LOGIN = "001"
PROTON_IN_BIN = 2


class Head(msgspec.Struct):
    """What tells the programs apart: fields at the very top."""

    encrypted: Raw = NOTHING
    items: Raw = NOTHING
    accounts: Raw = NOTHING
    vaults: Raw = NOTHING
    records: Raw = NOTHING


class Item(msgspec.Struct):
    """An item of Bitwarden (camel case, ``login``) or Enpass (``fields``)."""

    type: Any = None
    name: Any = None
    login: Raw = NOTHING
    creationDate: Any = None  # noqa: N815 - the programs' names
    revisionDate: Any = None  # noqa: N815
    deletedDate: Any = None  # noqa: N815
    category: Any = None
    title: Any = None
    trashed: Any = None
    createdAt: Any = None  # noqa: N815
    updated_at: Any = None
    fields: Raw = NOTHING


class BitwardenLogin(msgspec.Struct):
    uris: Raw = NOTHING
    username: Any = None


class Address(msgspec.Struct):
    uri: Any = None
    url: Any = None


class EnpassField(msgspec.Struct):
    type: Any = None
    deleted: Any = None
    value: Raw = NOTHING


class Vaults(msgspec.Struct):
    vaults: Raw = NOTHING


class Items(msgspec.Struct):
    items: Raw = NOTHING


class OnePasswordItem(msgspec.Struct):
    categoryUuid: Any = None  # noqa: N815
    state: Any = None
    createdAt: Any = None  # noqa: N815
    updatedAt: Any = None  # noqa: N815
    overview: Raw = NOTHING
    details: Raw = NOTHING


class OnePasswordOverview(msgspec.Struct):
    title: Any = None
    url: Any = None
    urls: Raw = NOTHING


class OnePasswordDetails(msgspec.Struct):
    loginFields: Raw = NOTHING  # noqa: N815


class OnePasswordField(msgspec.Struct):
    designation: Any = None
    value: Raw = NOTHING


class ProtonItem(msgspec.Struct):
    state: Any = None
    createTime: Any = None  # noqa: N815
    modifyTime: Any = None  # noqa: N815
    data: Raw = NOTHING


class ProtonData(msgspec.Struct):
    type: Any = None
    metadata: Raw = NOTHING
    content: Raw = NOTHING


class ProtonMetadata(msgspec.Struct):
    name: Any = None


class ProtonContent(msgspec.Struct):
    itemUsername: Any = None  # noqa: N815
    itemEmail: Any = None  # noqa: N815
    username: Any = None
    urls: Any = None
    autofillUrls: Raw = NOTHING  # noqa: N815


class KeeperRecord(msgspec.Struct):
    title: Any = None
    kind: Any = msgspec.field(name="$type", default=None)
    login: Any = None
    login_url: Any = None


def gather(data: bytes, name: str) -> Gathered | None:
    """The logins of a JSON export in UTF-8; None where it is none.

    Raises ``Problem``: «export-locked» for one under a password, «export-damaged» where the JSON
    is broken.
    """
    try:
        head = msgspec.json.decode(data, type=Head)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Problem("export-damaged", name=name) from error
    if look(head.encrypted, bool):
        raise Problem("export-locked", name=name)
    program = find_program(head)
    if program is None:
        return None
    key, title, take = program
    found = Gathered(key, title)
    for raw in all_items(head):
        if not take(raw, found):
            found.odd += 1
    return found


Take = Callable[[Raw, Gathered], bool]


def find_program(head: Head) -> tuple[str, str, Take] | None:
    """Key, name and reader of the program that writes such a document."""
    if look(head.accounts, list[Vaults]):
        return "1password-1pux", "1Password", take_one_password
    if look(head.vaults, dict[str, Items]):
        return "proton-pass-json", "Proton Pass", take_proton
    if look(head.records, list[KeeperRecord]):
        return "keeper-json", "Keeper", take_keeper
    items = [item for raw in elements(head.items) if (item := look(raw, Item))]
    if look(head.encrypted, bool) is False or any(look(one.login, BitwardenLogin) for one in items):
        return "bitwarden-json", "Bitwarden", take_bitwarden
    if any(isinstance(one.category, str) and one.title is not None for one in items):
        return "enpass-json", "Enpass", take_enpass
    return None


def all_items(head: Head) -> Iterator[Raw]:
    for account in elements(head.accounts):
        for vault in elements(getattr(look(account, Vaults), "vaults", NOTHING)):
            yield from elements(getattr(look(vault, Items), "items", NOTHING))
    for vault in (look(head.vaults, dict[str, Raw]) or {}).values():
        yield from elements(getattr(look(vault, Items), "items", NOTHING))
    yield from elements(head.records)
    yield from elements(head.items)


def take_bitwarden(raw: Raw, found: Gathered) -> bool:
    item = look(raw, Item)
    if item is None:
        return False
    if item.type != BITWARDEN_LOGIN:
        return True
    login = look(item.login, BitwardenLogin)
    if login is None:
        return False
    if item.deletedDate:
        found.away += 1
        return True
    times = (item.creationDate, item.revisionDate)
    found.take(addresses(login.uris), [login.username], item.name, times)
    return True


def take_enpass(raw: Raw, found: Gathered) -> bool:
    item = look(raw, Item)
    if item is None:
        return False
    if item.category != "login":
        return True
    if item.trashed:
        found.away += 1
        return True
    values: dict[str, list[str]] = {"url": [], "username": [], "email": []}
    for element in elements(item.fields):
        field = look(element, EnpassField)
        if field and field.type in values and not field.deleted:
            values[field.type].append(look(field.value, str) or "")
    times = (item.createdAt, item.updated_at)
    found.take(values["url"], values["username"] + values["email"], item.title, times)
    return True


def take_one_password(raw: Raw, found: Gathered) -> bool:
    item = look(raw, OnePasswordItem)
    if item is None:
        return False
    if item.categoryUuid != ONE_PASSWORD_LOGIN:
        return True
    if item.state not in (None, "active", "archived"):
        found.away += 1
        return True
    overview = look(item.overview, OnePasswordOverview) or OnePasswordOverview()
    details = look(item.details, OnePasswordDetails) or OnePasswordDetails()
    fields = (look(one, OnePasswordField) for one in elements(details.loginFields))
    names = [look(one.value, str) for one in fields if one and one.designation == "username"]
    times = (item.createdAt, item.updatedAt)
    found.take([overview.url, *addresses(overview.urls)], names, overview.title, times)
    return True


def take_proton(raw: Raw, found: Gathered) -> bool:
    item = look(raw, ProtonItem)
    data = look(item.data, ProtonData) if item else None
    if item is None or data is None:
        return False
    if data.type != "login":
        return True
    if item.state == PROTON_IN_BIN:
        found.away += 1
        return True
    content = look(data.content, ProtonContent) or ProtonContent()
    metadata = look(data.metadata, ProtonMetadata) or ProtonMetadata()
    urls = content.urls if isinstance(content.urls, list) else []
    names = [content.itemUsername, content.itemEmail, content.username]
    times = (item.createTime, item.modifyTime)
    found.take([*urls, *addresses(content.autofillUrls)], names, metadata.name, times)
    return True


def take_keeper(raw: Raw, found: Gathered) -> bool:
    record = look(raw, KeeperRecord)
    if record is None:
        return False
    if record.kind in (None, "login", "general") or record.login_url:
        found.take([record.login_url], [record.login], record.title)
    return True


def addresses(raw: Raw) -> list[object]:
    """The addresses in a list of objects that each hold one."""
    found = (look(one, Address) for one in elements(raw))
    return [one.uri or one.url for one in found if one]


def elements(raw: Raw) -> list[Raw]:
    return look(raw, list[Raw]) or []


def look(raw: Raw, kind: type[T]) -> T | None:
    """``raw`` as ``kind``; None where it is something else."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
