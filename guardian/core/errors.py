"""The two exceptions that cross rooms: a problem a person can mend, and a wish to stop."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guardian.core.words import Fact


class Problem(Exception):  # noqa: N818 - it names what is wrong, for people
    """Something a person can mend, named by a code; its sentences live in ``assets/words``.

    ``code`` needs two texts there: ``problem.<code>`` (what happened) and
    ``problem.<code>.do`` (what to do about it). ``facts`` fill their placeholders.
    """

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Cancelled(Exception):  # noqa: N818 - it is a wish, not an error
    """The person asked a running job to stop."""


@contextmanager
def mendable_file_errors(path: Path) -> Iterator[None]:
    """Turn the system's refusals around ``path`` into problems a person can mend."""
    try:
        yield
    except FileNotFoundError as error:
        raise Problem("file-missing", name=path.name) from error
    except IsADirectoryError as error:
        raise Problem("file-is-folder", name=path.name) from error
    except PermissionError as error:
        raise Problem("no-permission", name=path.name) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Problem("disk-full", name=path.name) from error
        if error.errno == errno.EROFS:
            raise Problem("no-permission", name=path.name) from error
        raise Problem(
            "file-unreadable", name=path.name, reason=error.strerror or "unknown"
        ) from error


def mendable_database_error(error: Exception, name: str) -> Problem | None:
    """Name what SQLite complained about, or None where the fault is ours.

    ``error`` is any DB-API error; ``name`` a file name.
    """
    text = str(error).lower()
    if "full" in text:
        return Problem("disk-full", name=name)
    if "readonly" in text or "unable to open" in text:
        return Problem("no-permission", name=name)
    if "locked" in text or "busy" in text:
        return Problem("database-busy", name=name)
    if "disk i/o" in text:  # a disk without a single free block is one reason of many
        return Problem("database-refused", name=name)
    if any(word in text for word in ("malformed", "not a database", "encrypted")):
        return Problem("database-damaged", name=name)
    return None
