"""What visits could not get and later ones may: which posts are worth another visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..codec import storable
from ..models import Target, Unfinished
from .connection import Connection
from .rows import to_stamp

MOST_TRIES = 5
"""Runs that try again; after them only the visits that are due anyway do."""


class UnfinishedWork(Connection):
    """The archive's list of what is still to be had."""

    def set_unfinished(self, visits: Mapping[Target, Sequence[Unfinished]]) -> None:
        """Write down what visits did not get of posts that the archive knows; empty: got it all.

        What was missing before and is not named now is had, or is not worth another try.
        """
        with self.transaction():
            if any(visits.values()) or self._row("SELECT 1 FROM unfinished LIMIT 1") is not None:
                for target, found in visits.items():
                    self._set_unfinished(target, found)

    def unfinished_of(self, target: Target) -> frozenset[str]:
        """What visits to a post did not get: names of backends, URLs of pictures and films."""
        sql = (
            "SELECT what FROM unfinished JOIN posts ON posts.id = unfinished.post"
            " WHERE posts.network = ? AND posts.post_id = ?"
        )
        rows = self._rows(sql, storable(target.network), storable(target.post_id))
        return frozenset(row["what"] for row in rows)

    def _set_unfinished(self, target: Target, found: Sequence[Unfinished]) -> None:
        row = self._row(
            "SELECT id FROM posts WHERE network = ? AND post_id = ? AND forgotten_at IS NULL",
            storable(target.network),
            storable(target.post_id),
        )
        if row is None:
            return
        rows = self._rows("SELECT what, tries FROM unfinished WHERE post = ?", row["id"])
        tries = {one["what"]: one["tries"] for one in rows}
        self._write("DELETE FROM unfinished WHERE post = ?", row["id"])
        now = to_stamp(self._now())
        for one in found:
            what = storable(one.what)
            self._write(
                "INSERT OR REPLACE INTO unfinished (post, what, why, tries, tried_at)"
                " VALUES (?, ?, ?, ?, ?)",
                *(row["id"], what, storable(one.why), tries.get(what, 0) + one.is_tried, now),
            )
