"""SQLite's and the system's errors about an archive → ours, with one clear line each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from ..errors import ArchiveError, DiskFull, NotAnArchive

BUSY_SECONDS = 30.0
"""How long a write waits for another program that holds the database, a backup say."""


def raise_ours(exc: sqlite3.DatabaseError, path: Path) -> NoReturn:
    """Raise an error about the file or its disk as ours; any other is a bug and stays."""
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF  # the low byte: the code without detail
    if code not in _ERRORS:
        raise exc
    kind, words = _ERRORS[code]
    raise kind(f"{path}: {words} ({exc})") from exc


@contextmanager
def our_errors(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors about an archive as ours."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        raise_ours(exc, path)
    except OSError as exc:
        raise ArchiveError(f"{path}: {exc.strerror or exc}") from exc


_INTACT = "; what was stored is intact"
_ERRORS: dict[int, tuple[type[ArchiveError], str]] = {
    sqlite3.SQLITE_FULL: (DiskFull, f"no room left on the disk{_INTACT}"),
    # A quota or a file size limit shows as an I/O error.
    sqlite3.SQLITE_IOERR: (DiskFull, f"the disk is full, over quota or failing{_INTACT}"),
    sqlite3.SQLITE_READONLY: (DiskFull, f"may not be written{_INTACT}"),
    sqlite3.SQLITE_PERM: (DiskFull, f"may not be written{_INTACT}"),
    sqlite3.SQLITE_NOTADB: (NotAnArchive, "not an SQLite database, or its start is damaged"),
    sqlite3.SQLITE_CORRUPT: (ArchiveError, "damaged; `check` says where"),
    sqlite3.SQLITE_BUSY: (ArchiveError, f"another program has held it for {BUSY_SECONDS:.0f} s"),
    sqlite3.SQLITE_LOCKED: (ArchiveError, "another program holds it"),
    sqlite3.SQLITE_CANTOPEN: (ArchiveError, "cannot be opened"),
}
