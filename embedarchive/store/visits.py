"""Posts and what came of the visits to them, as a plan of further visits needs it. Reads only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from ..codec import from_json, storable
from ..models import Embed, Outcome, Target
from ..schedule import Visited
from .connection import Connection
from .rows import from_stamp_or_none
from .unfinished import MOST_TRIES

_PAGE = 1000

# The last visit is the last row, not the latest clock. A copy that an archive holds says nothing
# of what the post is now.
_VISITED = """
SELECT posts.id, posts.network, posts.post_id, posts.created_at,
       COALESCE(posts.handle, (
           SELECT handle FROM document_references
           WHERE post = posts.id AND is_live AND handle IS NOT NULL LIMIT 1
       )) AS handle,
       (SELECT captured_at FROM captures WHERE post = posts.id ORDER BY id LIMIT 1) AS first_visit,
       (SELECT captured_at FROM captures WHERE post = posts.id ORDER BY id DESC LIMIT 1)
           AS last_visit,
       (SELECT outcome FROM captures
        WHERE post = posts.id AND outcome <> 'unknown'
            AND backend NOT IN (SELECT value FROM json_each(?4))
        ORDER BY id DESC LIMIT 1) AS outcome,
       EXISTS (SELECT 1 FROM unfinished WHERE post = posts.id AND tries < ?5) AS is_unfinished
FROM posts
WHERE posts.id > ?1 AND posts.network = ?3 AND posts.forgotten_at IS NULL
    AND (
        EXISTS (SELECT 1 FROM document_references WHERE post = posts.id AND is_live)
        OR EXISTS (SELECT 1 FROM captures WHERE post = posts.id)
    )
ORDER BY posts.id LIMIT ?2
"""

_LOSSES = """
SELECT LOWER(handle) AS handle, COUNT(*) AS losses FROM gone WHERE handle IS NOT NULL GROUP BY 1
"""

_LAST_EMBED = """
SELECT embeds.embed
FROM captures JOIN posts ON posts.id = captures.post
JOIN embeds ON embeds.post = captures.post AND embeds.payload = captures.payload
    AND embeds.backend = captures.backend
WHERE posts.network = ? AND posts.post_id = ? AND captures.outcome = 'available'
ORDER BY captures.id DESC LIMIT 1
"""

_STORED_URLS = """
SELECT post_media.url
FROM post_media
JOIN posts ON posts.id = post_media.post
JOIN media ON media.sha256 = post_media.sha256 AND media.content IS NOT NULL
WHERE posts.network = ? AND posts.post_id = ?
"""


class Visits(Connection):
    """The archive's posts as they were visited."""

    def visited(self, network: str, *, archives: Collection[str] = ()) -> Iterator[Visited]:
        """Every post of a network that is referred to or was visited, and not taken down.

        `archives` names the backends that hold old copies.
        """
        losses = {row["handle"]: row["losses"] for row in self._rows(_LOSSES)}
        last, names = 0, json.dumps(sorted(archives))
        while rows := self._rows(_VISITED, last, _PAGE, storable(network), names, MOST_TRIES):
            last = rows[-1]["id"]
            for row in rows:
                yield Visited(
                    target=Target(row["network"], row["post_id"]),
                    handle=row["handle"],
                    created_at=from_stamp_or_none(row["created_at"]),
                    first_visit=from_stamp_or_none(row["first_visit"]),
                    last_visit=from_stamp_or_none(row["last_visit"]),
                    outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
                    losses=losses.get((row["handle"] or "").lower(), 0),
                    is_unfinished=bool(row["is_unfinished"]),
                )

    def held(self, target: Target) -> tuple[Embed | None, frozenset[str]]:
        """What the last good capture of a post shows, and under which URLs its media are stored."""
        identity = (storable(target.network), storable(target.post_id))
        row = self._row(_LAST_EMBED, *identity)
        urls = frozenset(one["url"] for one in self._rows(_STORED_URLS, *identity))
        return (None if row is None else from_json(Embed, row["embed"])), urls
