"""An open archive file: who may use it when, and what happens together. Holds no query.

One `Connection` may be used from several threads: a transaction belongs to one of them at a time.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock
from sqlite_utils import Database

from .. import schema
from ..errors import ArchiveError
from .failures import our_errors, raise_ours
from .opening import back_up, connect, locked, probe, require_sqlite

_Parameters = Sequence[object]

_ROWS_AT_ONCE = 1000
"""SQLite takes 32,766 parameters; the widest of our rows has a dozen."""


class Connection:
    """An open archive; use `open`. Closing it is the caller's, best by `with`."""

    def __init__(
        self, path: Path, db: Database, clock: Callable[[], datetime], lock: FileLock | None
    ) -> None:
        self.path = path
        self._db = db
        self._clock = clock
        self._lock = lock
        self._turn = threading.RLock()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        clock: Callable[[], datetime],
        create: bool = True,
        lock_wait: float | None = None,
        read_only: bool = False,
    ) -> Self:
        """Open the archive at `path`, or make it; `lock_wait` is in seconds.

        A writer holds the run lock `PATH.lock` and brings an older schema up to date, with a
        backup beside it; `read_only` takes no lock and changes nothing. Raises ArchiveLocked,
        NotAnArchive, NewerArchive, DiskFull, ArchiveError.
        """
        require_sqlite()
        place = Path(path)
        with our_errors(place):
            if place.exists():
                probe(place, is_reader=read_only)  # before the lock, which leaves a file behind
            elif read_only or not create:
                raise ArchiveError(f"{place}: no such archive")
        if read_only:
            return cls._open(place, clock, None)
        lock = locked(place, lock_wait)
        try:
            return cls._open(place, clock, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open(cls, path: Path, clock: Callable[[], datetime], lock: FileLock | None) -> Self:
        with our_errors(path):
            if lock is not None and path.exists():
                probe(path, is_reader=False)  # again: who held the lock may have been newer
            db = connect(path, is_reader=lock is None)
            try:
                archive = cls(path, db, clock, lock)
                if lock is not None:
                    archive._prepare()
            except BaseException:
                db.close()
                raise
        return archive

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened without the lock, to look only."""
        return self._lock is None

    def close(self) -> None:
        """Close the file and give the lock back; a second call does nothing."""
        with self._turn:
            try:
                self._flush()
            finally:
                self._db.close()
                if self._lock is not None:
                    self._lock.release()

    def _flush(self) -> None:
        """Write down what was held back."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what runs inside or nothing; inside another one, a part that can fail alone.

        It begins IMMEDIATE: in WAL a deferred one that reads and then writes fails at once when
        another program wrote in between, whatever the busy timeout says. Other threads that ask
        the archive wait for its end: never wait for them inside.
        """
        with self._turn:
            if self._db.conn.in_transaction:
                with our_errors(self.path), self._db.atomic():
                    yield
                return
            try:
                self._write("BEGIN IMMEDIATE")
                yield
                self._write("COMMIT")
            except BaseException:
                with our_errors(self.path):  # where this fails as well, closing the file does it
                    self._db.rollback()
                raise

    def _rows(self, sql: str, *parameters: object) -> list[Any]:
        """All rows, as sqlite3.Row: names to look up by, values of any type."""
        with self._turn:
            try:
                cursor = self._db.conn.cursor()
                cursor.row_factory = sqlite3.Row
                return cursor.execute(sql, parameters).fetchall()
            except sqlite3.DatabaseError as exc:
                raise_ours(exc, self.path)

    def _row(self, sql: str, *parameters: object) -> Any:
        """The first row, or None."""
        rows = self._rows(sql, *parameters)
        return rows[0] if rows else None

    def _write(self, sql: str, *parameters: object) -> int:
        """Run one statement that writes; the id of the row it inserted, if it did."""
        with self._turn:
            try:
                return self._db.conn.execute(sql, parameters).lastrowid or 0
            except sqlite3.DatabaseError as exc:
                raise_ours(exc, self.path)

    def _write_many(self, sql: str, rows: Sequence[_Parameters]) -> None:
        with self._turn:
            try:
                self._db.conn.executemany(sql, rows)
            except sqlite3.DatabaseError as exc:
                raise_ours(exc, self.path)

    def _write_rows(self, sql: str, rows: Collection[_Parameters]) -> None:
        """Run a statement whose `{rows}` stands for all of them at once."""
        for part, values in _filled(sql, rows):
            self._write(part, *values)

    def _found_in(self, sql: str, rows: Collection[_Parameters]) -> Iterator[Any]:
        """What a query whose `{rows}` stands for those looked up answers, as JSON in one row."""
        for part, values in _filled(sql, rows):
            yield from json.loads(self._rows(part, *values)[0][0])

    def _now(self) -> datetime:
        return self._clock()

    def _prepare(self) -> None:
        """Bring the schema up to date; a reader never comes here."""
        db = self._db
        todo = schema.pending(db)
        if not todo:
            return
        if schema.applied(db):
            back_up(db.conn, self.path, before=todo[0])
        with self.transaction():
            schema.apply(db)


def _filled(sql: str, rows: Collection[_Parameters]) -> Iterator[tuple[str, list[object]]]:
    """The statement with the marks of so many rows for its `{rows}`, and their values."""
    left = iter(rows)
    while part := list(islice(left, _ROWS_AT_ONCE)):
        yield _marked(sql, len(part), len(part[0])), list(chain.from_iterable(part))


@lru_cache(maxsize=64)
def _marked(sql: str, rows: int, columns: int) -> str:
    marks = f"({', '.join('?' * columns)})"
    return sql.replace("{rows}", ", ".join([marks] * rows))
