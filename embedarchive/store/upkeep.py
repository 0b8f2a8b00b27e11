"""What is in the archive and what was done to it: counts, runs, pacing, re-hashing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..codec import storable, to_json
from ..errors import EmbedArchiveError
from ..models import HostState, Kind, Level, Outcome
from .connection import Connection
from .rows import from_stamp, from_stamp_or_none, to_body, to_stamp


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that was begun; without `finished_at` it was cut short or still goes on."""

    id: int
    command: str
    started_at: datetime
    finished_at: datetime | None = None
    report: object = None
    """What JSON holds of the command's own words; None where it gave none, or was damaged."""


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """What the archive holds; references are those of the newest versions."""

    documents: int
    versions: int
    references: Mapping[Kind, int]
    levels: Mapping[Level, int]
    unresolved: int
    posts: int
    stubs: int
    captures: Mapping[Outcome, int]
    forgotten: int
    payloads: int
    media: int
    media_bytes: int
    last_run: RunRecord | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the archive that is not as it was stored."""

    place: str
    """`payload sha256:…`, `media …`, `article URI`, `database`."""
    words: str


class Run:
    """A run that goes on; what it did is written down by `finish`, or never."""

    def __init__(self, started_at: datetime, write: Callable[[str], None]) -> None:
        self.started_at = started_at
        self._write = write

    def finish(self, report: object) -> None:
        """Say how it ended: anything that JSON holds."""
        self._write(to_json(report))


_RUN = "SELECT * FROM runs ORDER BY id DESC LIMIT 1"
_COUNTS = """
SELECT (SELECT COUNT(*) FROM documents) AS documents,
       (SELECT COUNT(*) FROM document_versions) AS versions,
       (SELECT COUNT(*) FROM unresolved) AS unresolved,
       (SELECT COUNT(*) FROM posts
        WHERE EXISTS (SELECT 1 FROM document_references WHERE post = posts.id AND is_live)
            OR EXISTS (SELECT 1 FROM captures WHERE post = posts.id)) AS posts,
       (SELECT COUNT(*) FROM document_references
        WHERE is_live AND post IS NULL AND kind NOT IN ('credit', 'other')) AS stubs,
       (SELECT COUNT(*) FROM posts WHERE forgotten_at IS NOT NULL) AS forgotten,
       (SELECT COUNT(*) FROM payloads) AS payloads,
       (SELECT COUNT(*) FROM media WHERE content IS NOT NULL) AS media,
       (SELECT COALESCE(SUM(size), 0) FROM media WHERE content IS NOT NULL) AS media_bytes
"""
_BY_KIND = """
SELECT document_references.kind AS word, COUNT(*) AS number
FROM documents JOIN document_references ON document_references.version = documents.version
GROUP BY 1 ORDER BY 2 DESC
"""
_BY_LEVEL = """
SELECT COALESCE(resolutions.level, 'claimed') AS word, COUNT(*) AS number
FROM documents
JOIN document_references ON document_references.version = documents.version
LEFT JOIN resolutions ON resolutions.id = document_references.resolution
WHERE document_references.kind NOT IN ('credit', 'other')
GROUP BY 1 ORDER BY 2 DESC
"""
_BY_OUTCOME = "SELECT outcome AS word, COUNT(*) AS number FROM captures GROUP BY 1 ORDER BY 2 DESC"

_PAYLOADS_AFTER = """
SELECT rowid AS id, * FROM payloads WHERE rowid > ? AND body IS NOT NULL ORDER BY rowid LIMIT ?
"""
_MEDIA_AFTER = """
SELECT rowid AS id, * FROM media WHERE rowid > ? AND content IS NOT NULL ORDER BY rowid LIMIT ?
"""
_FEW = 16
"""Bodies read at once: each may be large."""


class Upkeep(Connection):
    """The archive's housekeeping."""

    def status(self) -> ArchiveStatus:
        """What the archive holds, counted now."""
        counts = self._row(_COUNTS)
        return ArchiveStatus(
            **{name: counts[name] for name in counts.keys()},  # noqa: SIM118 - a Row iterates values
            references={Kind(word): number for word, number in self._tally(_BY_KIND)},
            levels={Level(word): number for word, number in self._tally(_BY_LEVEL)},
            captures={Outcome(word): number for word, number in self._tally(_BY_OUTCOME)},
            last_run=self._last_run(),
        )

    @contextmanager
    def run(self, command: str) -> Iterator[Run]:
        """Write down that a command runs; `Run.finish` inside writes down how it ended."""
        started_at = self._now()
        number = self._write(
            "INSERT INTO runs (command, started_at) VALUES (?, ?)", command, to_stamp(started_at)
        )

        def write(report: str) -> None:
            self._write(
                "UPDATE runs SET finished_at = ?, report = ? WHERE id = ?",
                to_stamp(self._now()),
                report,
                number,
            )

        yield Run(started_at, write)

    def host_state(self, host: str) -> HostState | None:
        """What is remembered of a host between runs."""
        row = self._row("SELECT * FROM hosts WHERE host = ?", storable(host))
        if row is None:
            return None
        return HostState(row["host"], from_stamp_or_none(row["not_before"]), row["failures"])

    def set_host_state(self, state: HostState) -> None:
        """Remember a host's pacing."""
        self._write(
            "INSERT INTO hosts (host, not_before, failures) VALUES (?, ?, ?)"
            " ON CONFLICT (host) DO UPDATE"
            " SET not_before = excluded.not_before, failures = excluded.failures",
            storable(state.host),
            to_stamp(state.not_before),
            state.failures,
        )

    def verify(self) -> Iterator[Problem]:
        """Re-hash every payload and media file and check the database itself; changes nothing."""
        try:
            for row in self._rows("PRAGMA integrity_check"):
                if row[0] != "ok":
                    yield Problem("database", row[0])
            for row in self._rows("PRAGMA foreign_key_check"):
                yield Problem(
                    "database", f"{row['table']} {row['rowid']} lacks its {row['parent']}"
                )
            yield from self._wrong_payloads()
            yield from self._wrong_media()
        except (EmbedArchiveError, sqlite3.DatabaseError) as exc:
            yield Problem("database", str(exc))

    def _wrong_payloads(self) -> Iterator[Problem]:
        for row in self._few(_PAYLOADS_AFTER):
            try:
                body = to_body(row)
            except EmbedArchiveError as exc:
                yield Problem(f"payload {row['digest']}", str(exc))
                continue
            found = f"sha256:{hashlib.sha256(body).hexdigest()}"
            if found != row["digest"]:
                yield Problem(f"payload {row['digest']}", f"its bytes have the digest {found}")
            elif len(body) != row["size"]:
                yield Problem(f"payload {row['digest']}", f"{row['size']} bytes were stored")

    def _wrong_media(self) -> Iterator[Problem]:
        for row in self._few(_MEDIA_AFTER):
            found = hashlib.sha256(row["content"]).hexdigest()
            if found != row["sha256"]:
                yield Problem(f"media {row['sha256']}", f"its bytes have the digest {found}")

    def _few(self, sql: str) -> Iterator[Any]:
        last = 0
        while rows := self._rows(sql, last, _FEW):
            last = rows[-1]["id"]
            yield from rows

    def _tally(self, sql: str) -> list[tuple[str, int]]:
        return [(row["word"], row["number"]) for row in self._rows(sql)]

    def _last_run(self) -> RunRecord | None:
        row = self._row(_RUN)
        if row is None:
            return None
        return RunRecord(
            row["id"],
            row["command"],
            from_stamp(row["started_at"]),
            from_stamp_or_none(row["finished_at"]),
            _read(row["report"]),
        )


def _read(report: str | None) -> object:
    try:
        return None if report is None else json.loads(report)
    except (ValueError, RecursionError):
        return None
