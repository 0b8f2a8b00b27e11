"""Posts and bytes in, each once, many at a time.

The module sqlite3 gives up the interpreter lock at every row that it binds or fetches, and behind
each such row waits until the threads that ask let go of it: for 64 answers of eight statements
longer than all the work there is. So a batch is a few statements of many rows, and what is looked
up comes back as one row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from ..models import Target
from .connection import Connection
from .written import Packed, Told, new_row, told_of

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
INSERT INTO posts (id, network, post_id, key, handle, created_at) VALUES {rows}
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


class Posts(Connection):
    """The archive's posts and payloads."""

    def _post(self, target: Target) -> PostRow:
        """The post's row, made where it was missing."""
        return self._posts({target: told_of(target)})[target]

    def _posts(self, told: Mapping[Target, Told]) -> dict[Target, PostRow]:
        """Each post's row, made where it was missing; what is now known better is written down."""
        found = self._find_posts(told)
        if len(found) < len(told):
            found |= self._add_posts({t: one for t, one in told.items() if t not in found})
        return found

    def _find_posts(self, told: Mapping[Target, Told]) -> dict[Target, PostRow]:
        """The rows of those posts that there are."""
        targets = list(told)
        found: dict[Target, PostRow] = {}
        better: list[tuple[int, str | None, str | None]] = []
        asked = [(at, *one) for at, one in enumerate(told.values())]
        for at, number, is_forgotten, is_better in self._found_in(_FIND_POSTS, asked):
            target = targets[at]
            found[target] = PostRow(number, bool(is_forgotten))
            if is_better:
                better.append((number, told[target].handle, told[target].created_at))
        self._write_rows(_UPDATE_POSTS, better)
        return found

    def _add_posts(self, told: Mapping[Target, Told]) -> dict[Target, PostRow]:
        """Rows for posts that have none."""
        first = self._next_id("posts")
        numbers: dict[tuple[str, str], int] = {}
        rows: list[tuple[object, ...]] = []
        for target, one in told.items():
            # Two ids of lone surrogates may be one once they are storable.
            identity = (one.network, one.post_id)
            if identity not in numbers:
                numbers[identity] = first + len(numbers)
                rows.append((numbers[identity], *new_row(target, one)))
        self._write_rows(_INSERT_POSTS, rows)
        return {t: PostRow(numbers[one.network, one.post_id], False) for t, one in told.items()}

    def _keep(self, payloads: Mapping[str, Packed], forgotten: Collection[str] = ()) -> set[str]:
        """Store bytes once under their digest; the digests of those that were not there before.

        Of the digests in `forgotten` the bytes are not kept.
        """
        known = set(self._found_in(_FIND_PAYLOADS, [(digest,) for digest in payloads]))
        new = {digest: packed for digest, packed in payloads.items() if digest not in known}
        self._write_rows(
            _INSERT_PAYLOADS,
            [
                (digest, None if digest in forgotten else body, compression, size)
                for digest, (compression, body, size) in new.items()
            ],
        )
        return set(new)

    def _next_id(self, table: Literal["posts", "captures", "embeds"]) -> int:
        """The id that the table's next row would get, inside a transaction."""
        number: int = self._rows(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")[0][0]  # noqa: S608  # one of three words
        return number
