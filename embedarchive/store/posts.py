"""Posts and bytes in, each once, many at a time.

The module sqlite3 gives up the interpreter lock at every row that it binds or fetches, and behind
each such row waits until the threads that ask let go of it: for 64 answers of eight statements
longer than all the work there is. So a batch is a few statements of many rows, and what is looked
up comes back as one row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from .. import snowflake
from ..models import Target
from .connection import Connection
from .rows import post_key, squeeze, storable, storable_or_none, to_stamp

_FIND_POSTS = """
SELECT json_group_array(json_array(
    wanted.column1, posts.id, posts.forgotten_at IS NOT NULL,
    (wanted.column4 IS NOT NULL AND posts.handle IS NOT wanted.column4)
        OR (wanted.column5 IS NOT NULL AND posts.created_at IS NOT wanted.column5)
))
FROM (VALUES {rows}) AS wanted
JOIN posts ON posts.network = wanted.column2 AND posts.post_id = wanted.column3
"""

_UPDATE_POSTS = """
UPDATE posts SET handle = COALESCE(known.column2, handle),
    created_at = COALESCE(known.column3, created_at)
FROM (VALUES {rows}) AS known WHERE posts.id = known.column1
"""

_INSERT_POSTS = """
INSERT INTO posts (network, post_id, key, handle, created_at) VALUES {rows}
"""

_FIND_PAYLOADS = """
SELECT json_group_array(wanted.column1)
FROM (VALUES {rows}) AS wanted JOIN payloads ON payloads.digest = wanted.column1
"""

_INSERT_PAYLOADS = "INSERT INTO payloads (digest, body, compression, size) VALUES {rows}"


class PostRow(NamedTuple):
    """A post as a row."""

    id: int
    is_forgotten: bool


class Known(NamedTuple):
    """What an answer tells of a post beside its identity; None where it does not."""

    handle: str | None = None
    created_at: datetime | None = None


NOTHING_KNOWN = Known()


class Posts(Connection):
    """The archive's posts and payloads."""

    def _post(self, target: Target, known: Known = NOTHING_KNOWN) -> PostRow:
        """The post's row, made where it was missing."""
        return self._posts({target: known})[target]

    def _posts(self, wanted: Mapping[Target, Known]) -> dict[Target, PostRow]:
        """Each post's row, made where it was missing; what is now known better is written down."""
        found = self._find_posts(wanted)
        missing = [target for target in wanted if target not in found]
        if missing:
            self._write_rows(
                _INSERT_POSTS,
                {
                    # Two ids of lone surrogates may be one once they are storable.
                    (network, post_id): (network, post_id, post_key(target), handle, made)
                    for target in missing
                    for network, post_id, handle, made in [_storable(target, wanted[target])]
                }.values(),
            )
            found |= self._find_posts({target: wanted[target] for target in missing})
        return found

    def _find_posts(self, wanted: Mapping[Target, Known]) -> dict[Target, PostRow]:
        """The rows of those posts that there are."""
        targets = list(wanted)
        asked = [
            (at, storable(target.network), storable(target.post_id), *_told(wanted[target]))
            for at, target in enumerate(targets)
        ]
        found: dict[Target, PostRow] = {}
        better: list[tuple[int, str | None, str | None]] = []
        for at, number, is_forgotten, is_better in self._found_in(_FIND_POSTS, asked):
            found[targets[at]] = PostRow(number, bool(is_forgotten))
            if is_better:
                better.append((number, *_told(wanted[targets[at]])))
        if better:
            self._write_rows(_UPDATE_POSTS, better)
        return found

    def _keep(self, payloads: Mapping[str, bytes], forgotten: Collection[str] = ()) -> None:
        """Store bytes once under their digest; the same bytes again change nothing.

        Of the digests in `forgotten` the bytes are not kept.
        """
        known = set(self._found_in(_FIND_PAYLOADS, [(digest,) for digest in payloads]))
        rows: list[tuple[object, ...]] = []
        for digest, body in payloads.items():
            if digest not in known:
                compression, kept = squeeze(body)
                rows.append((digest, None if digest in forgotten else kept, compression, len(body)))
        self._write_rows(_INSERT_PAYLOADS, rows)

    def _next_id(self, table: Literal["captures", "embeds"]) -> int:
        """The id that the table's next row would get, inside a transaction."""
        number: int = self._rows(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")[0][0]  # noqa: S608  # one of two words
        return number


def _storable(target: Target, known: Known) -> tuple[str, str, str | None, str | None]:
    handle, made = _told(known)
    moment = made or to_stamp(_moment_of(target))
    return storable(target.network), storable(target.post_id), handle, moment


def _told(known: Known) -> tuple[str | None, str | None]:
    return storable_or_none(known.handle), to_stamp(known.created_at)


def _moment_of(target: Target) -> datetime | None:
    """The moment in an X id; `isdecimal` alone would let other scripts' digits through."""
    post_id = target.post_id
    if target.network != "x" or not (post_id.isascii() and post_id.isdecimal()):
        return None
    return snowflake.created_at(post_id) if len(post_id) < 20 else None
