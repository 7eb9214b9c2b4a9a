"""The tables of saved logins that password programs and browsers write, known by their columns.

Column names as in exports and in the import code of the programs themselves, 2017 to 2026: the
samples of pass-import, the mocks of Proton Pass, the exporters of Bitwarden, KeePassXC and
Firefox. Neither the order of the columns nor the name of the file counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One kind of table. All names of columns are in lower case.

    ``needs`` must all be there; with ``may`` set, nothing but those and ``needs`` is. ``sites``
    and ``names`` are read in that order; ``many``: one cell may hold several addresses. ``only``
    names a column and the values it has in rows that are logins; ``away`` the columns that mark a
    row as thrown away, and ``group`` the one whose path may lead through a bin.
    ``wide``: rows may be longer than the header. ``quoted``: a cell that begins with @ or ' has
    a ' before it. A row with neither a user name nor the column ``bookmarks`` is no login.
    """

    key: str
    program: str
    needs: frozenset[str]
    sites: tuple[str, ...] = ("url",)
    names: tuple[str, ...] = ("username",)
    title: str = ""
    may: frozenset[str] | None = None
    many: bool = False
    created: str = ""
    changed: str = ""
    used: str = ""
    only: tuple[str, frozenset[str]] | None = None
    away: tuple[str, ...] = ()
    group: str = ""
    wide: bool = False
    quoted: bool = False
    bookmarks: str = ""


def columns(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


TABLES = (
    # Brave, Opera and Vivaldi write the same
    Table(
        "chrome",
        "Chrome, Edge or Brave",
        needs=columns("name,url,username,password"),
        may=columns("note"),
        title="name",
    ),
    Table(
        "firefox",
        "Firefox",
        needs=columns("url,username,password,timecreated,timelastused,timepasswordchanged"),
        created="timecreated",
        changed="timepasswordchanged",
        used="timelastused",
    ),
    Table(
        "safari",
        "Safari",
        needs=columns("title,url,username,password,otpauth"),
        may=columns("notes"),
        title="title",
    ),
    Table(
        "bitwarden",
        "Bitwarden",
        needs=columns("type,name,login_uri,login_username,login_password"),
        sites=("login_uri",),
        names=("login_username",),
        title="name",
        many=True,
        only=("type", frozenset({"login"})),
        away=("deleteddate",),
    ),
    Table(
        "1password",
        "1Password",
        needs=columns("title,url,username,password,otpauth,favorite,archived"),
        title="title",
    ),
    Table(
        "1password-website",
        "1Password",
        needs=columns("title,website,username,password,favorite status,archived status"),
        sites=("website",),
        title="title",
    ),
    # KeePassX and KeePassium write the same
    Table(
        "keepassxc",
        "KeePassXC",
        needs=columns("group,title,username,password,url,notes"),
        title="title",
        created="created",
        changed="last modified",
        group="group",
    ),
    Table(
        "keepass",
        "KeePass",
        needs=columns("account,login name,password,web site,comments"),
        sites=("web site",),
        names=("login name",),
        title="account",
    ),
    Table(
        "dashlane",
        "Dashlane",
        needs=columns("username,username2,username3,title,password,note,url"),
        names=("username", "username2", "username3"),
        title="title",
    ),
    Table(
        "lastpass",
        "LastPass",
        needs=columns("url,username,password,extra,name,grouping,fav"),
        title="name",
    ),
    Table(
        "nordpass",
        "NordPass",
        needs=columns("name,url,username,password,note,cardholdername,cardnumber,cvc,zipcode,type"),
        sites=("url", "additional_urls"),
        title="name",
        many=True,
        only=("type", frozenset({"password"})),
    ),
    Table(
        "nordpass-older",
        "NordPass",
        needs=columns("name,url,username,password,note,cardholdername,cardnumber,cvc,zipcode"),
        title="name",
    ),
    Table(
        "proton-pass",
        "Proton Pass",
        needs=columns("type,name,url,username,password,note,totp,createtime,modifytime"),
        sites=("url", "autofillurls"),
        names=("username", "email"),
        title="name",
        many=True,
        created="createtime",
        changed="modifytime",
        only=("type", frozenset({"login"})),
    ),
    Table(
        "keeper",
        "Keeper",
        needs=columns("folder,title,login,password,website address,notes,shared folder"),
        sites=("website address",),
        names=("login",),
        title="title",
        wide=True,
    ),
    Table(
        "roboform",
        "RoboForm",
        needs=columns("name,url,login,pwd,note,folder"),
        sites=("url", "matchurl"),
        names=("login",),
        title="name",
        wide=True,
        quoted=True,
        bookmarks="matchurl",
    ),
)

# Keeper's usual export has no header; its columns always stand in this order
KEEPER = next(table for table in TABLES if table.key == "keeper")
KEEPER_ORDER = ("folder", "title", "login", "password", "website address", "notes", "shared folder")

# a list from some other program: it must have an address and a password beside it
OTHER_SITES = (
    "url", "website", "website url", "website address", "web site", "web address", "site url",
    "login url", "login_url", "login uri", "login_uri", "uri", "hostname", "host", "domain",
    "site", "link", "web", "webseite", "internetseite", "site web",
)  # fmt: skip
OTHER_NAMES = (
    "username", "user name", "user", "login", "login name", "login_username", "login username",
    "user id", "userid", "account", "email", "e-mail", "email address", "benutzername",
    "benutzer", "identifiant", "nom d'utilisateur", "usuario", "utilizador",
)  # fmt: skip
OTHER_PASSWORDS = frozenset(
    {
        "password", "pwd", "pass", "passwd", "login_password", "login password", "passwort",
        "kennwort", "mot de passe", "contraseña", "senha", "密码",
    }
)  # fmt: skip
OTHER_TITLES = ("title", "name", "titel", "titre", "título")


def find_table(header: Sequence[str]) -> Table | None:
    """The kind of table with these column names (lower case); None where it is no such table.

    Of several that fit, the one that asks for most columns.
    """
    there = frozenset(header) - {""}
    fitting = [
        table
        for table in TABLES
        if table.needs <= there and (table.may is None or there <= table.needs | table.may)
    ]
    if fitting:
        return max(fitting, key=lambda table: len(table.needs))
    return guess_table(there)


def guess_table(there: frozenset[str]) -> Table | None:
    """A list of logins from a program not known here, by what such columns are usually called."""
    sites = tuple(name for name in OTHER_SITES if name in there)[:1]
    passwords = OTHER_PASSWORDS & there
    if not sites or not passwords:
        return None
    names = tuple(name for name in OTHER_NAMES if name in there)
    title = next((name for name in OTHER_TITLES if name in there), "")
    return Table("other", "", passwords | {*sites}, sites, names, title)
