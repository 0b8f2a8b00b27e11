"""Posts and how references came to them: targets and resolutions in, what is in force out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from .. import snowflake
from ..codec import to_json
from ..models import Resolution, Target
from .connection import Connection
from .precedence import in_force, is_news
from .rows import post_key, squeeze, storable, storable_or_none, to_resolution, to_stamp

_HISTORY = """
SELECT resolutions.*, posts.network AS target_network, posts.post_id AS target_id
FROM resolutions LEFT JOIN posts ON posts.id = resolutions.post
WHERE resolutions.reference IN (SELECT value FROM json_each(?))
ORDER BY resolutions.id
"""


class Resolutions(Connection):
    """The archive's posts and resolutions."""

    def add_resolution(self, reference_id: int, resolution: Resolution) -> bool:
        """Append what was learnt of a reference; False where its rule's last word was the same."""
        with self.transaction():
            history = self._histories([reference_id]).get(reference_id, {})
            if not is_news(resolution, history):
                return False
            target = resolution.target
            self._write(
                "INSERT INTO resolutions"
                " (reference, rule, level, post, refused, evidence, resolved_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                reference_id,
                resolution.rule,
                resolution.level.value,
                None if target is None else self._post(target),
                storable_or_none(resolution.refused),
                to_json(resolution.evidence),
                to_stamp(self._now()),
            )
            self._settle(reference_id)
        return True

    def resolutions_of(self, reference_id: int) -> list[Resolution]:
        """All that was ever learnt of a reference, refusals included, oldest first."""
        return list(self._histories([reference_id]).get(reference_id, {}).values())

    def _histories(self, references: Sequence[int]) -> dict[int, dict[int, Resolution]]:
        """Reference → resolution ids → resolutions, oldest first."""
        histories: dict[int, dict[int, Resolution]] = {}
        for row in self._rows(_HISTORY, json.dumps(references)):
            histories.setdefault(row["reference"], {})[row["id"]] = to_resolution(row)
        return histories

    def _keep(self, digest: str, body: bytes, *, is_forgotten: bool = False) -> None:
        """Store bytes once under their digest; the same bytes again change nothing."""
        if self._row("SELECT 1 FROM payloads WHERE digest = ?", digest) is not None:
            return
        compression, kept = squeeze(body)
        self._write(
            "INSERT INTO payloads (digest, body, compression, size) VALUES (?, ?, ?, ?)",
            digest,
            None if is_forgotten else kept,
            compression,
            len(body),
        )

    def _settle(self, reference_id: int) -> None:
        """Write down which resolution of a reference is in force, and so which post it is."""
        chosen = in_force(self._histories([reference_id]).get(reference_id, {}))
        self._write(
            "UPDATE document_references SET resolution = ?,"
            " post = (SELECT post FROM resolutions WHERE id = ?) WHERE id = ?",
            chosen,
            chosen,
            reference_id,
        )

    def _post(
        self, target: Target, *, handle: str | None = None, created_at: datetime | None = None
    ) -> int:
        """The post's row, made where it was missing; what is now known better is written down."""
        network, post_id = storable(target.network), storable(target.post_id)
        row = self._row(
            "SELECT id, handle, created_at FROM posts WHERE network = ? AND post_id = ?",
            network,
            post_id,
        )
        handle, made = storable_or_none(handle), to_stamp(created_at)
        if row is None:
            return self._write(
                "INSERT INTO posts (network, post_id, key, handle, created_at)"
                " VALUES (?, ?, ?, ?, ?)",
                network,
                post_id,
                post_key(target),
                handle,
                made or to_stamp(_moment_of(target)),
            )
        if (handle or row["handle"], made or row["created_at"]) != (
            row["handle"],
            row["created_at"],
        ):
            self._write(
                "UPDATE posts SET handle = COALESCE(?, handle),"
                " created_at = COALESCE(?, created_at) WHERE id = ?",
                handle,
                made,
                row["id"],
            )
        found: int = row["id"]
        return found


def _moment_of(target: Target) -> datetime | None:
    """The moment in an X id; `isdecimal` alone would let other scripts' digits through."""
    post_id = target.post_id
    if target.network != "x" or not (post_id.isascii() and post_id.isdecimal()):
        return None
    return snowflake.created_at(post_id) if len(post_id) < 20 else None
