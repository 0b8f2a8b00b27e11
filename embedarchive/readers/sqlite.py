"""SQLite files of other people: each row that a SELECT gives is an article. Opened read-only."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from ..errors import InputError
from ..models import Document, Needs, Origin, Reading, Source
from ._records import (
    DATE_FIELDS,
    MAX_RECORD,
    URL_FIELDS,
    bad_record,
    column_of,
    date_of,
    make_document,
    url_of,
)

Row = Sequence[bytes | int | float | None]

_DENIED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
"""The rest of what is no reading fails since the file is opened read-only."""
_MAX_BREAKS = 100
"""Rows that are too large, behind which reading goes on."""


class Sqlite:
    name = "sqlite"
    suffixes = frozenset({".sqlite", ".sqlite3", ".db"})
    media_types = frozenset({"application/vnd.sqlite3", "application/x-sqlite3"})
    begins = re.compile(rb"SQLite format 3\0")
    needs = Needs.FILE

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        try:
            with closing(_opened(source.path or source.uri)) as database:
                _secure(database)
                yield from _documents(database, source, reading)
        except sqlite3.Error as error:
            raise InputError(f"{source.uri}: {error}", uri=source.uri) from error


def _opened(path: str) -> sqlite3.Connection:
    file = Path(path).absolute()
    with file.open("rb") as stream:
        is_wal = stream.read(19)[18:] == b"\x02"
    # Opened otherwise, a database in WAL mode that nobody else has open leaves files behind.
    is_at_rest = is_wal and not file.with_name(f"{file.name}-wal").exists()
    mode = "immutable=1" if is_at_rest else "mode=ro"
    return sqlite3.connect(f"{file.as_uri()}?{mode}", uri=True)


def _secure(database: sqlite3.Connection) -> None:
    """Bound what a hostile file can do; raises sqlite3.Error where it is no database at all."""
    database.text_factory = bytes  # what is no UTF-8 is one bad row, not the end of all
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_RECORD)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("SELECT name FROM sqlite_master").close()  # which reads the file's header
    database.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK
    )


def _documents(
    database: sqlite3.Connection, source: Source, reading: Reading
) -> Iterator[Document]:
    if reading.sql is None:
        names = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        there = ", ".join(_words(name) for (name,) in names.fetchmany(30))
        raise InputError(
            f"{source.uri}: is a database; say what to read of it with --sql; its tables are: "
            f"{there[:1000]}",
            uri=source.uri,
        )
    # The SELECT is the user's own; only numbers are put into it.
    part = f"SELECT * FROM (\n{reading.sql.strip().rstrip(';')}\n) LIMIT ? OFFSET ?"  # noqa: S608
    columns = [name for name, *_ in database.execute(part, (0, 0)).description or ()]
    column = _column(source, columns, reading.field)
    at = columns.index(column)
    for row, cells in _rows(database, source, reading, part):
        content = cells[at]
        if isinstance(content, int | float):
            reading.on_bad(bad_record(source, f"column {column!r} holds a number", row=row))
            continue
        reading.on_bytes(len(content or b""))
        if not content or not reading.is_candidate(content):
            reading.on_skipped(1)
        else:
            try:
                text = content.decode()
            except UnicodeDecodeError as error:
                reason = f"column {column!r} is no UTF-8 at byte {error.start}"
                reading.on_bad(bad_record(source, reason, row=row))
                continue
            others = {name: _value(cell) for name, cell in zip(columns, cells, strict=True)}
            yield make_document(
                text,
                key=_key(others, row),
                origin=Origin(source.uri, row, None, url_of(others)),
                published_at=date_of(others),
            )


def _rows(
    database: sqlite3.Connection, source: Source, reading: Reading, part: str
) -> Iterator[tuple[int, Row]]:
    """The rows, numbered from 1; a value that is too large costs only its own row.

    Python steps on to the next row before it hands out one, and loses both where that fails: so
    the row in front of a bad one is asked for once more, alone.
    """
    row, limit, breaks = 0, -1, 0
    while True:
        try:
            for cells in database.execute(part, (limit, row)):
                row += 1
                yield row, cells
            if limit < 0:
                return
            limit = -1
        except sqlite3.DataError as error:
            if limit < 0:
                limit = 1
                continue
            row, limit, breaks = row + 1, -1, breaks + 1
            bad = bad_record(source, f"{error}; more than {MAX_RECORD >> 20} MB", row=row)
            if breaks > _MAX_BREAKS:
                raise bad from error
            reading.on_bad(bad)


def _column(source: Source, columns: Sequence[str], field: str | None) -> str:
    """That of the article: also the only one that was selected beside an id, a URL and a date."""
    beside = {"id", "rowid", *URL_FIELDS, *DATE_FIELDS}
    others = [column for column in columns if column.lower() not in beside]
    if field is None and len(others) == 1:
        return others[0]
    return column_of(source, columns, field)


def _value(cell: bytes | int | float | None) -> object:
    return _words(cell) if isinstance(cell, bytes) else cell


def _words(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


def _key(record: Mapping[str, object], row: int) -> str:
    """The row's own id, so that it stays the same article whatever else is selected."""
    own = str(record.get("id") or "").strip()
    return own if own and own.isprintable() and len(own) <= 100 else str(row)


READER = Sqlite()
