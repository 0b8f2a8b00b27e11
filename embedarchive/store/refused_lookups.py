"""Answers that a search for a post could not take, as evidence, and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..codec import storable, to_json
from ..models import RefusedLookup
from .posts import Posts
from .refused import MOST_KEPT
from .rows import from_stamp, to_body, to_payload, to_stamp
from .written import packed_of

_INSERT = """
INSERT INTO refused_lookups (
    reference, resolver, reason, received_at, payload, url, http_status, headers
) VALUES {rows}
"""

_OF_REFERENCE = """
SELECT refused_lookups.*, payloads.digest, payloads.compression, payloads.body
FROM refused_lookups JOIN payloads ON payloads.digest = refused_lookups.payload
WHERE reference = ? ORDER BY refused_lookups.id
"""

_HELD = "SELECT resolver, payload FROM refused_lookups WHERE reference = ?"


class RefusedLookups(Posts):
    """The archive's evidence of what was answered amiss when a post was looked for."""

    def add_refused_lookups(self, reference_id: int, answers: Sequence[RefusedLookup]) -> None:
        """Keep answers: the same bytes once, and at most `MOST_KEPT` for a reference."""
        if not answers:
            return
        with self.transaction():
            rows = self._rows(_HELD, reference_id)
            held = {(row["resolver"], row["payload"]) for row in rows}
            new: dict[tuple[str, str], RefusedLookup] = {}
            for one in answers:
                key = (one.resolver, one.payload.digest)
                if key not in held and len(held) + len(new) < MOST_KEPT:
                    new.setdefault(key, one)
            self._keep({o.payload.digest: packed_of(o.payload.body) for o in new.values()})
            self._write_rows(_INSERT, [_values(reference_id, one) for one in new.values()])

    def refused_lookups_of(self, reference_id: int) -> list[RefusedLookup]:
        """What was answered amiss when the post of a reference was looked for, oldest first."""
        return [_refused(row) for row in self._rows(_OF_REFERENCE, reference_id)]


def _values(reference_id: int, one: RefusedLookup) -> tuple[object, ...]:
    return (
        reference_id,
        one.resolver,
        storable(one.reason),
        to_stamp(one.received_at),
        one.payload.digest,
        storable(one.payload.url),
        one.payload.status,
        to_json(one.payload.headers),
    )


def _refused(row: Any) -> RefusedLookup:
    return RefusedLookup(
        resolver=row["resolver"],
        reason=row["reason"],
        received_at=from_stamp(row["received_at"]),
        payload=to_payload(row, to_body(row)),
    )
