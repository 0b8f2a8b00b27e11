"""Whole commands with their n-th connect, read, write, open, statement or commit failing.

As SQLite and curl test themselves: count the calls of a run that goes well, then run again and
fail each of them in turn, once, and from there on.
"""

from __future__ import annotations

import builtins
import errno
import io
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest

from embedarchive.cli import main
from embedarchive.net import guard

SEAMS = ("connect", "read", "write", "open", "statement", "commit")


class Faults:
    """Counts the calls at each seam; fails the `nth` of one, and if `for_good` all after it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = dict.fromkeys(SEAMS, 0)
        self.seam: str | None = None
        self.nth = 0
        self.for_good = False

    def pass_through(self, seam: str) -> None:
        self.calls[seam] += 1
        number = self.calls[seam]
        if seam == self.seam and (number == self.nth or (self.for_good and number > self.nth)):
            raise _ERRORS[seam]()

    @contextmanager
    def around(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
        """Hook all seams."""
        with monkeypatch.context() as patch:
            self._hook(patch, httpcore.SyncBackend, "connect_tcp", "connect")
            self._hook(patch, guard._Stream, "read", "read")
            self._hook(patch, guard._Stream, "write", "write")
            patch.setattr(sqlite3, "connect", self._connecting(sqlite3.connect))
            for owner in (io, builtins):
                patch.setattr(owner, "open", self._opening(owner.open))
            yield self

    def _hook(self, patch: pytest.MonkeyPatch, owner: Any, name: str, seam: str) -> None:
        real = getattr(owner, name)

        def call(*args: Any, **more: Any) -> Any:
            self.pass_through(seam)
            return real(*args, **more)

        patch.setattr(owner, name, call)

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, *args: Any, **more: Any) -> Any:
            if isinstance(file, str | Path) and self.folder in Path(file).parents:
                self.pass_through("open")
            return real(file, *args, **more)

        return call

    def _connecting(self, real: Callable[..., Any]) -> Callable[..., Any]:
        faults = self

        def passing(sql: str) -> None:
            is_commit = sql.strip().upper().startswith("COMMIT")
            faults.pass_through("commit" if is_commit else "statement")

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *parameters: Any) -> Any:
                passing(sql)
                return super().execute(sql, *parameters)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def execute(self, sql: str, *parameters: Any) -> Any:
                passing(sql)
                return super().execute(sql, *parameters)

            def executemany(self, sql: str, *parameters: Any) -> Any:
                passing(sql)
                return super().executemany(sql, *parameters)

        return lambda *args, **more: real(*args, factory=Connection, **more)


def _disk_error() -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    return error


_ERRORS: dict[str, Callable[[], Exception]] = {
    "connect": lambda: httpcore.ConnectError("connection refused"),
    "read": lambda: httpcore.ReadError("connection reset"),
    "write": lambda: httpcore.WriteError("broken pipe"),
    "open": lambda: OSError(errno.EIO, "Input/output error"),
    "statement": _disk_error,
    "commit": _disk_error,
}


def command(*arguments: str | Path) -> int:
    """Run `embedarchive ARGUMENTS` in this process; its exit code. A bug comes through."""
    before, sys.argv = sys.argv, ["embedarchive", *map(str, arguments)]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.argv = before
    return 0


_QUERIES = {
    "version": "SELECT uri, digest, scanner_version FROM document_versions"
    " JOIN documents ON documents.id = document",
    "reference": "SELECT span_start, text, is_live, posts.key FROM document_references"
    " LEFT JOIN posts ON posts.id = post",
    "resolution": "SELECT rule, level, posts.key, refused, evidence FROM resolutions"
    " LEFT JOIN posts ON posts.id = post",
    "capture": "SELECT posts.key, backend, outcome, payload FROM captures"
    " JOIN posts ON posts.id = post",
    "refused": "SELECT posts.key, backend, reason, payload FROM refused_answers"
    " JOIN posts ON posts.id = post",
    "payload": "SELECT digest, size, body FROM payloads",
    "embed": "SELECT posts.key, backend, text FROM embeds JOIN posts ON posts.id = post",
    "code": "SELECT DISTINCT code, post_id FROM codes",
    "media": "SELECT sha256, content FROM media",
    "refused_lookup": "SELECT resolver, reason, payload FROM refused_lookups",
    "post_media": "SELECT posts.key, url, sha256, memento FROM post_media"
    " JOIN posts ON posts.id = post",
    "found": "SELECT text, author FROM embeds_fts",
    "unfinished": "SELECT post, what FROM unfinished",
}


def contents(path: Path) -> set[tuple[Any, ...]]:
    """What an archive holds, but for ids and times, and for how often a thing was tried."""
    with closing(sqlite3.connect(path)) as conn:
        return {(table, *row) for table, sql in _QUERIES.items() for row in conn.execute(sql)}
