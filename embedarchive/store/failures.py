"""SQLite's and the system's errors about an archive → ours, with one clear line each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ArchiveError, DiskFull, NotAnArchive

BUSY_SECONDS = 30.0
"""How long a write waits for another program that holds the database, a backup say."""


@contextmanager
def our_errors(path: Path) -> Iterator[None]:
    """SQLite's errors about the file and its disk as ours; any other is a bug and stays."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            raise
        error = _ours(exc, path)
        if error is None:
            raise
        raise error from exc


@contextmanager
def system_errors(path: Path) -> Iterator[None]:
    """The system's errors about a file as ours."""
    try:
        yield
    except OSError as exc:
        raise ArchiveError(f"{path}: {exc.strerror or exc}") from exc


def _ours(exc: sqlite3.DatabaseError, path: Path) -> ArchiveError | None:
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF  # the low byte: the code without detail
    if code not in _ERRORS:
        return None
    kind, words = _ERRORS[code]
    return kind(f"{path}: {words} ({exc})")


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
