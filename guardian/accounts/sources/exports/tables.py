"""Reads tables of saved logins (CSV): finds encoding, separator and columns, keeps few of them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from guardian.accounts.sources.exports.formats import KEEPER, KEEPER_ORDER, Table, find_table
from guardian.accounts.sources.exports.logins import (
    Gathered,
    bare_address,
    in_bin,
    split_addresses,
)

SEPARATORS = ",;\t|"
# a header is short; what is longer is something else
HEADER = 16_384
# how often the whole text may be read again because of stray quotation marks
PATIENCE = 8
# longest first, because the mark of UTF-16 begins like that of UTF-32
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ["cp1252", "cp1250", "cp1251", "big5", "shift_jis", "euc_kr", "gb18030"]
NO = frozenset({"", "0", "false", "no"})


def decode(data: bytes, *, roughly: bool = False) -> str:
    """The text of ``data``, by its mark, as UTF-8, or as whatever encoding is likely.

    ``roughly``: only what is ASCII needs to be right.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
    if max(even, odd) * 8 > len(data[:2000]) and min(even, odd) * 8 < max(even, odd):
        return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data.decode("utf-8", "replace")
    return data.decode("cp1252" if roughly else guess(data), "replace")


def guess(data: bytes) -> str:
    """The likeliest encoding, judged by the lines that hold more than ASCII."""
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    best = from_bytes(telling[:50_000], cp_isolation=ENCODINGS).best()
    return best.encoding if best else "cp1252"


def recognise(text: str) -> tuple[Table, str, list[str] | None] | None:
    """Table, separator and column names (None: the table has no header) of ``text``.

    Looks at its beginning alone. None where it is no table of logins.
    """
    head = skip_preface(text[: 2 * HEADER])
    for separator in SEPARATORS:
        header = next(parse(head[:HEADER], separator), [])
        names = [name.strip().strip("\ufeff").lower() for name in header]
        if len(names) > 1 and (table := find_table(names)):
            return table, separator, names
    if is_keeper(head):
        return KEEPER, ",", None
    return None


def skip_preface(text: str) -> str:
    """``text`` without empty lines, and the line that tells a spreadsheet the separator."""
    text = text.lstrip("\ufeff\r\n")
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2].lstrip("\r\n")
    return text


def parse(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def is_keeper(head: str) -> bool:
    """Whether rows without a header look like Keeper's: the fifth cell leads to a site, or is
    empty. The last row may be cut and does not count."""
    rows = [row for row in parse(head, ",") if row]
    rows = rows[:-1] if len(rows) > 1 else rows
    sites = [row[4] for row in rows if len(row) > 4 and row[4]]
    return all(len(row) > 5 for row in rows) and bool(sites) and all(map(bare_address, sites))


def gather(text: str) -> Gathered | None:
    """The logins of a table; None where it is none."""
    known = recognise(text)
    if known is None:
        return None
    table, separator, names = known
    found = Gathered(table.key, table.program)
    body = skip_preface(text)
    order = KEEPER_ORDER if names is None else names
    # of two columns of one name, the first
    where = {name: number for number, name in reversed(list(enumerate(order)))}
    # spreadsheets drop empty cells at the end of a row, but not those that all rows have
    needed = where[table.sites[0]] if table.wide else max(where[name] for name in table.needs)
    rows = careful_rows(body, separator, needed + 1 if table.wide else len(order), found)
    if names is not None:
        next(rows, None)
    for row in rows:
        if len(row) <= needed or (not table.wide and any(row[len(order) :])):
            found.odd += 1
        else:
            take_row(row, table, where, found)
    return found


def careful_rows(text: str, separator: str, width: int, found: Gathered) -> Iterator[list[str]]:
    """The rows of a table. A stray quotation mark spoils its own row at most: reading goes on
    with the next line, and from then on only rows of the full ``width`` count.
    """
    lines = io.StringIO(text, newline="")
    whole = text.endswith(("\n", "\r"))
    begun = read_again = 0
    while read_again <= PATIENCE * len(text):
        try:
            # strict: a mark in the wrong place must not swallow the rows up to the next one
            for row in csv.reader(iter(lines.readline, ""), delimiter=separator, strict=True):
                begun = lines.tell()
                if not any(map(str.strip, row)):
                    continue
                if len(row) < width and not whole and begun == len(text):
                    found.cut = True
                elif not read_again or len(row) >= width:
                    yield row
        except csv.Error as error:
            read_again += lines.tell() - begun
            lines.seek(begun)
            row = one_row(lines.readline(), separator)
            begun = lines.tell()
            if len(row) >= width:
                yield row
            elif whole or str(error) != "unexpected end of data":
                found.odd += 1
            else:
                found.cut = True
        else:
            return
    found.cut = True


def one_row(line: str, separator: str) -> list[str]:
    """A line by itself, read with leniency; empty where not even that helps."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def take_row(row: list[str], table: Table, where: dict[str, int], found: Gathered) -> None:
    """Add the login of one row. The cells that are not named here are left alone."""

    def cell(name: str) -> str:
        number = where.get(name)
        value = row[number] if number is not None and number < len(row) else ""
        return value[1:] if table.quoted and value.startswith(("'@", "''")) else value

    if table.only and cell(table.only[0]).strip().lower() not in table.only[1]:
        return
    names = [cell(name) for name in table.names]
    if table.bookmarks and not any(names) and not cell(table.bookmarks):
        return
    if any(cell(name).strip().lower() not in NO for name in table.away) or in_bin(
        cell(table.group)
    ):
        found.away += 1
        return
    sites = [cell(name) for name in table.sites]
    if table.many:
        sites = [part for site in sites for part in split_addresses(site)]
    times = tuple(cell(name) for name in (table.created, table.changed, table.used))
    found.take(sites, names, cell(table.title), times)
