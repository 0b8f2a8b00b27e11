"""A damaged archive → a new one with all that can be read of it and is what was stored.

The old file is only read. Bytes count where they still have their digest. What is parsed out of
them is parsed again, and what the old file says of it counts only where the bytes are lost.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ..codec import from_json
from ..errors import ArchiveError, FixityError, UsageError
from ..models import Capture, Embed, Target
from . import Archive
from .embeds import EmbedKey
from .failures import our_errors
from .opening import open_damaged
from .rows import post_key, to_body, to_document, to_reference, to_snapshot
from .salvage import salvage
from .upkeep import Problem
from .whole_rows import Row, put_right
from .written import written_embed

_TABLES = (
    *("payloads", "media", "posts", "documents", "document_versions", "document_references"),
    *("resolutions", "captures", "refused_answers", "refused_lookups", "post_media"),
    *("codes", "hosts", "runs"),
)
"""In this order each finds the rows that it points at. `embeds` and the indexes are made anew;
`unfinished` and `lookups` are nobody's loss."""

_LATER = {
    "refused_answers": "m004_refused_answers",
    "refused_lookups": "m006_refused_lookups",
}
"""Tables that the first release did not have, and the migration that made each."""

_POSTS_BY_INDEX = "SELECT id, network, post_id FROM posts INDEXED BY sqlite_autoindex_posts_2"

_SHOWN_AFTER = """
SELECT captures.*, posts.network, posts.post_id,
       payloads.digest, payloads.compression, payloads.body
FROM captures
JOIN posts ON posts.id = captures.post AND posts.forgotten_at IS NULL
JOIN payloads ON payloads.digest = captures.payload AND payloads.body IS NOT NULL
WHERE captures.id > ? AND captures.outcome = 'available' ORDER BY captures.id LIMIT ?
"""

_VERSIONS_AFTER = """
SELECT document_versions.*, document_versions.text AS odd_text, documents.uri,
       payloads.compression, payloads.body
FROM document_versions
JOIN documents ON documents.id = document_versions.document
JOIN payloads ON payloads.digest = document_versions.digest
WHERE document_versions.id > ? ORDER BY document_versions.id LIMIT ?
"""

_NEWEST_VERSIONS = """
UPDATE documents SET version = (
    SELECT id FROM document_versions WHERE document = documents.id
    ORDER BY last_seen DESC, id DESC LIMIT 1
)
"""
_FEW = 16


@dataclass(slots=True)
class Rescued:
    """What was brought over."""

    rows: Counter[str] = field(default_factory=Counter)
    """Table → rows; `embeds` counts those that were read out of their bytes."""
    losses: list[Problem] = field(default_factory=list)


def rescue(
    old: Path,
    new: Path,
    *,
    clock: Callable[[], datetime],
    reread: Callable[[Capture], Embed | None],
) -> Rescued:
    """Bring what is whole in `old` into `new`, which must not exist; all of it or no file.

    `reread` parses a capture's bytes. Raises UsageError, NotAnArchive and other ArchiveErrors.
    """
    if new.exists():
        raise UsageError(f"{new}: there is such a file already; name a new one")
    unfinished = new.with_name(f"{new.name}.part")
    _remove(unfinished)
    try:
        with our_errors(old), closing(open_damaged(old)) as source:
            with Archive.open(unfinished, clock=clock) as archive:
                work = _Rescue(source, archive, reread)
                work.run()
            if not work.done.rows.total():
                raise ArchiveError(f"{old}: nothing of it can be read")
            unfinished.replace(new)
    finally:
        _remove(unfinished)
    return work.done


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.lock"):
        with suppress(FileNotFoundError):
            path.with_name(name).unlink()


class _Rescue:
    def __init__(
        self,
        source: sqlite3.Connection,
        archive: Archive,
        reread: Callable[[Capture], Embed | None],
    ) -> None:
        self.source, self.archive, self.reread = source, archive, reread
        self.done = Rescued()

    def run(self) -> None:
        with self.archive.transaction():
            for table in _TABLES:
                for row in self._rows_of(table):
                    self._bring(table, row)
                if table == "posts":
                    self._bring_posts_by_index()
            self.archive._write(_NEWEST_VERSIONS)
            self._bring_sequences()
            self._read_again()
            self._bring_embeds()
            self._look_into_articles()

    # --- rows ------------------------------------------------------------------------------------

    def _rows_of(self, table: str) -> Iterator[Row]:
        """The rows that can be read, in the columns that both files have."""
        wanted = [row["name"] for row in self.archive._rows(f"PRAGMA table_info ({table})")]
        try:
            known = {row[1] for row in self.source.execute(f"PRAGMA table_info ({table})")}
        except sqlite3.DatabaseError:
            known = set()
        columns = [name for name in wanted if name in known]
        if not columns and self._is_older_than(table):
            return
        if not columns:
            self._lose(table, "the whole table cannot be read")
            return
        for values in salvage(self.source, table, columns, lambda a, b: self._gap(table, a, b)):
            yield dict(zip(columns, values, strict=True))

    def _is_older_than(self, table: str) -> bool:
        """Whether the file never had that table."""
        made_by = _LATER.get(table)
        with suppress(sqlite3.DatabaseError):
            sql = "SELECT 1 FROM _sqlite_migrations WHERE name = ?"
            return made_by is not None and not self.source.execute(sql, (made_by,)).fetchone()
        return False

    def _bring(self, table: str, row: Row) -> bool:
        if table == "codes" and row["reference"] is None:
            return False  # an embed's: made anew with it
        if table in ("captures", "refused_answers", "refused_lookups"):
            self._stand_in(row["payload"])
        try:
            put_right(table, row)
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
            self.archive._write(sql, *row.values())
        except FixityError as error:
            self._lose(table, str(error))
            return False
        except (sqlite3.IntegrityError, sqlite3.DataError, ValueError, TypeError) as error:
            self._lose(table, f"{_name(row)}: damaged, or what it belongs to is lost ({error})")
            return False
        self.done.rows[table] += 1
        return True

    def _stand_in(self, digest: str) -> None:
        """A visit is worth keeping without its bytes."""
        if self.archive._row("SELECT 1 FROM payloads WHERE digest = ?", digest) is None:
            self._lose("payloads", f"{digest}: its bytes are lost; that there was a visit is kept")
            with suppress(sqlite3.IntegrityError):
                self.archive._write(
                    "INSERT INTO payloads (digest, body, compression, size)"
                    " VALUES (?, NULL, 'none', 0)",
                    digest,
                )

    def _bring_posts_by_index(self) -> None:
        """Which posts there were stands in an index as well."""
        with suppress(sqlite3.DatabaseError):  # no index, no more posts
            for number, network, post_id in self.source.execute(_POSTS_BY_INDEX):
                if self.archive._row("SELECT 1 FROM posts WHERE id = ?", number) is None:
                    key = post_key(Target(network, post_id))
                    row = {"id": number, "network": network, "post_id": post_id, "key": key}
                    if self._bring("posts", row):
                        self._lose("posts", f"{key}: all but its id is lost, a takedown included")

    def _bring_sequences(self) -> None:
        """Ids that were given away are not given again: `claim-17` stays what it was."""
        with suppress(sqlite3.DatabaseError):
            for name, number in self.source.execute("SELECT name, seq FROM sqlite_sequence"):
                self.archive._write(
                    "UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?", number, name
                )

    # --- what follows from them ------------------------------------------------------------------

    def _read_again(self) -> None:
        """Parse the embeds out of their bytes."""
        last = 0
        while rows := self.archive._rows(_SHOWN_AFTER, last, _FEW):
            last = rows[-1]["id"]
            found = {}
            for row in rows:
                embed = self._embed_of(row)
                if embed is not None:
                    key = EmbedKey(row["post"], row["payload"], row["backend"])
                    found[key] = written_embed(embed)
            self.archive._add_embeds(found)
            self.done.rows["embeds"] += len(found)

    def _embed_of(self, row: Any) -> Embed | None:
        values = {**dict(zip(row.keys(), row, strict=True)), "embed": None}
        try:
            capture = to_snapshot(values, {row["payload"]: to_body(row)}).capture
        except (ValueError, TypeError) as error:
            self._lose("captures", f"{row['id']}: damaged ({error})")
            return None
        return self.reread(capture)

    def _bring_embeds(self) -> None:
        """Where the bytes are lost, what was parsed out of them is all that is left."""
        for row in self._rows_of("embeds"):
            key = EmbedKey(row["post"], row["payload"], row["backend"])
            known = "SELECT 1 FROM embeds WHERE post = ? AND payload = ? AND backend = ?"
            post = self.archive._row(
                "SELECT 1 FROM captures JOIN posts ON posts.id = captures.post"
                " WHERE posts.id = ? AND payload = ? AND forgotten_at IS NULL",
                key.post,
                key.payload,
            )
            if post is None or self.archive._row(known, *key) is not None:
                continue
            try:
                embed = from_json(Embed, row["embed"])
                self.archive._add_embeds({key: written_embed(embed)})
            except (ValueError, TypeError, KeyError) as error:
                self._lose("embeds", f"{key.payload}: damaged ({error})")

    def _look_into_articles(self) -> None:
        """A reference must still be what stands at its place; then it is indexed and settled."""
        last = 0
        while rows := self.archive._rows(_VERSIONS_AFTER, last, _FEW):
            last = rows[-1]["id"]
            for row in rows:
                self._look_into(row)

    def _look_into(self, version: Any) -> None:
        try:
            text = to_document(version).text
        except (FixityError, ValueError, TypeError, LookupError) as error:
            self._lose("document_versions", f"{version['uri']}: damaged ({error})")
            return
        sql = "SELECT * FROM document_references WHERE version = ?"
        for row in self.archive._rows(sql, version["id"]):
            try:
                reference = to_reference(row)
                is_whole = text[reference.start : reference.end] == reference.raw
            except (ValueError, TypeError, KeyError):
                is_whole = False
            if is_whole:
                self.archive._index_reference(row["id"], reference)
                self.archive._settle(row["id"])
            else:
                self._lose("document_references", f"{row['id']} of {version['uri']}: damaged")
                self.archive._write("DELETE FROM document_references WHERE id = ?", row["id"])

    def _gap(self, table: str, first: int, following: int | None) -> None:
        last = "the end" if following is None else f"row {following - 1}"
        self._lose(table, f"cannot be read from row {first} to {last}")

    def _lose(self, table: str, words: str) -> None:
        self.done.losses.append(Problem(table, words))


def _name(row: Row) -> str:
    return str(row.get("id") or row.get("digest") or row.get("url") or next(iter(row.values())))
