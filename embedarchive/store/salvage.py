"""A damaged table → those of its rows that can be read, and where the others were. Reads only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_FIRST, _LARGEST = 0, 2**63 - 1
"""SQLite gives rows numbers from 1 on."""

Gap = Callable[[int, int | None], None]
"""Is told from which rowid on nothing could be read, and which one came next, if any."""


def salvage(
    conn: sqlite3.Connection, table: str, columns: Sequence[str], gap: Gap
) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that has rowids, in their order; `gap` is told what lies between them.

    SQLite goes down the tree of pages anew for each first rowid, so that a page which cannot be
    read costs only the rows on it, and those below it.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    sql = f'SELECT rowid, {names} FROM "{table}" WHERE rowid >= ? ORDER BY rowid'  # noqa: S608  # names of our schema
    at: int | None = _FIRST
    while at is not None:
        first, last = at, at - 1
        try:
            for number, *values in conn.execute(sql, (first,)):
                if number > last:  # else the order itself is damaged
                    last = number
                    yield tuple(values)
            return
        except sqlite3.DatabaseError:
            at = _next_readable(conn, f"{sql} LIMIT 1", max(last, first) + 1)
            gap(last + 1, at)


def _next_readable(conn: sqlite3.Connection, sql: str, start: int) -> int | None:
    """The least rowid from which on a row can be read again, by doubling steps and halving."""
    fails, step = start, 1
    if _reads(conn, sql, start):
        fails, step = start - 1, 1
    while not _reads(conn, sql, fails + step):
        fails += step
        step *= 2
        if fails + step > _LARGEST:
            return None
    works = fails + step
    while works - fails > 1:
        middle = (works + fails) // 2
        if _reads(conn, sql, middle):
            works = middle
        else:
            fails = middle
    return works


def _reads(conn: sqlite3.Connection, sql: str, at: int) -> bool:
    try:
        conn.execute(sql, (at,)).fetchall()
    except sqlite3.DatabaseError:
        return False
    return True
