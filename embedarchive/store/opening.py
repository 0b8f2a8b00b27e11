"""A path → a checked SQLite connection, a lock, a backup. Changes no file that is not ours."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from shlex import quote

from filelock import FileLock, Timeout
from sqlite_utils import Database

from .. import schema
from ..errors import ArchiveError, ArchiveLocked, NewerArchive, NotAnArchive
from .failures import BUSY_SECONDS

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables came with it (November 2021)."""

_HEADER = b"SQLite format 3\0"
_APPLICATION_ID_AT = 68


def require_sqlite() -> None:
    """Raise ArchiveError where this Python's SQLite is too old for the schema."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise ArchiveError(
            f"this Python comes with SQLite {sqlite3.sqlite_version}; archives need {wanted}"
        )


def locked(path: Path, wait: float | None) -> FileLock:
    """The run lock of an archive, held; raises ArchiveLocked after `wait` seconds."""
    if not path.parent.is_dir():
        raise ArchiveError(f"{path.parent}: no such directory")  # or FileLock would make it
    # thread_local=False: the archive may be closed by another thread than opened it.
    lock = FileLock(f"{path}.lock", mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=wait or 0)
    except Timeout as exc:
        raise ArchiveLocked(f"{path}: another run holds {lock.lock_file}") from exc
    except OSError as exc:
        raise ArchiveError(f"{lock.lock_file}: cannot be locked: {exc.strerror}") from exc
    return lock


def connect(path: Path, *, is_reader: bool) -> Database:
    """A connection with every promise of SQLite's that we rely on switched on."""
    mode = "mode=rw" if is_reader else "mode=rwc"
    if is_reader and not os.access(path.parent, os.W_OK) and not _wal(path).exists():
        mode = "immutable=1"  # a WAL database on read-only media opens no other way
    db = _open(path, mode)
    try:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA trusted_schema = OFF")
        if is_reader:
            # Not mode=ro, which leaves the files -wal and -shm behind.
            db.execute("PRAGMA query_only = ON")
        else:
            db.execute("PRAGMA journal_mode = WAL")
            # In WAL this loses at most the last commits, to a power cut; never the file.
            db.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        db.close()
        raise
    return db


def probe(path: Path, *, is_reader: bool) -> None:
    """Refuse, without changing a byte, what is not an archive that this version can use."""
    with path.open("rb") as file:
        header = file.read(100)
    if not header and not is_reader:
        return
    if not header.startswith(_HEADER):
        raise NotAnArchive(f"{path}: not an archive, nor any SQLite database")
    application_id = int.from_bytes(header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4], "big")
    # Where no WAL lies beside it nobody has it open, and it can be read without leaving traces.
    with _open(path, "mode=ro" if _wal(path).exists() else "immutable=1") as db:
        applied = schema.applied(db)
        is_empty = application_id == 0 and not db.table_names() and not is_reader
        if application_id != schema.APPLICATION_ID and not applied and not is_empty:
            raise NotAnArchive(f"{path}: an SQLite database, but not an archive")
        if unknown := schema.unknown(db):
            raise NewerArchive(
                f"{path}: made by a newer embedarchive (it has {unknown[0]}); left untouched"
            )
        if is_reader and schema.pending(db):
            raise ArchiveError(
                f"{path}: made by an older embedarchive; bring it up to date with"
                f" `embedarchive refresh {quote(str(path))} --max-duration 0`, which visits nothing"
            )


def open_damaged(path: Path) -> sqlite3.Connection:
    """The connection to a file that may be damaged, to read what can be; raises NotAnArchive."""
    if not path.exists():
        raise ArchiveError(f"{path}: no such archive")
    with path.open("rb") as file:
        if not file.read(16).startswith(_HEADER):
            raise NotAnArchive(f"{path}: not an SQLite database, or its start is damaged")
    conn = _open(path, "mode=ro" if _wal(path).exists() else "immutable=1").conn
    # Else a file that is shorter than it says is refused as a whole.
    conn.execute("PRAGMA writable_schema = ON")
    conn.execute("PRAGMA query_only = ON")
    conn.execute("PRAGMA cell_size_check = ON")
    conn.execute("PRAGMA trusted_schema = OFF")
    return conn


def _open(path: Path, mode: str) -> Database:
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    # execute_plugins=False: what else is installed has no say over an archive.
    return Database(conn, execute_plugins=False)


def back_up(conn: sqlite3.Connection, path: Path, *, before: str) -> None:
    """Copy the database beside itself, whole or not at all."""
    copy = path.with_name(f"{path.name}.before-{before}")
    unfinished = path.with_name(f"{copy.name}.part")
    with suppress(FileNotFoundError):
        unfinished.unlink()
    target = sqlite3.connect(unfinished)
    try:
        conn.backup(target)
    except BaseException:
        target.close()
        unfinished.unlink()
        raise
    target.close()
    unfinished.replace(copy)


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
