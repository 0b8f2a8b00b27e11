"""Ids of rows → records: each loader takes many ids and asks once for all of them. Reads only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..merging import merged
from ..models import Level, MediaFile, Outcome, PostRecord, Snapshot, StoredReference, Target
from .context import Contexts
from .resolutions import Resolutions
from .rows import (
    ONLY_CLAIMED,
    from_stamp_or_none,
    points_at_a_post,
    stub_key,
    to_body,
    to_correction,
    to_reference,
    to_snapshot,
)

_REFERENCES = """
SELECT document_references.*, documents.uri, posts.key AS post_key
FROM document_references
JOIN document_versions ON document_versions.id = document_references.version
JOIN documents ON documents.id = document_versions.document
LEFT JOIN posts ON posts.id = document_references.post
WHERE document_references.id IN (SELECT value FROM json_each(?))
ORDER BY document_references.id
"""

_VERSION_REFERENCES = """
SELECT id FROM document_references WHERE version = ? ORDER BY id
"""

_CAPTURES = """
SELECT captures.*, posts.network, posts.post_id, embeds.embed
FROM captures
JOIN posts ON posts.id = captures.post
LEFT JOIN embeds ON embeds.post = captures.post AND embeds.payload = captures.payload
    AND embeds.backend = captures.backend AND captures.outcome = 'available'
WHERE captures.post IN (SELECT value FROM json_each(?))
ORDER BY captures.id
"""

_BODIES = """
SELECT digest, compression, body FROM payloads WHERE digest IN (
    SELECT payload FROM captures WHERE post IN (SELECT value FROM json_each(?))
)
"""

_MEDIA = """
SELECT post_media.post, post_media.url, post_media.memento,
       media.sha256, media.content_type, media.size
FROM post_media JOIN media ON media.sha256 = post_media.sha256
WHERE media.content IS NOT NULL AND post_media.post IN (SELECT value FROM json_each(?))
ORDER BY post_media.id
"""

_LIVE_REFERENCES = """
SELECT id FROM document_references
WHERE is_live AND post IN (SELECT value FROM json_each(?))
"""

_POSTS = """
SELECT id, network, post_id, key, forgotten_at FROM posts
WHERE id IN (SELECT value FROM json_each(?))
"""

_BEST_FIRST = (Level.VERIFIED, Level.DISPUTED, Level.OBSERVED, Level.MATCHED)


class Loading(Resolutions, Contexts):
    """The archive's rows as values."""

    def _references(self, numbers: Sequence[int]) -> list[StoredReference]:
        """References by id, oldest first."""
        histories = self._histories(numbers)
        found = []
        for row in self._rows(_REFERENCES, json.dumps(numbers)):
            history = histories.get(row["id"], {})
            reference = to_reference(row)
            resolution = history.get(row["resolution"], ONLY_CLAIMED)
            key = row["post_key"] or (stub_key(row["id"]) if points_at_a_post(reference) else "")
            found.append(
                StoredReference(
                    id=row["id"],
                    uri=row["uri"],
                    reference=reference,
                    resolution=resolution,
                    refusals=tuple(one for one in history.values() if one.refused is not None),
                    post_key=key,
                    correction=to_correction(resolution),
                )
            )
        return found

    def _references_of_version(self, version_id: int) -> list[StoredReference]:
        """A version's references, in document order."""
        numbers = [row["id"] for row in self._rows(_VERSION_REFERENCES, version_id)]
        found = self._references(numbers)
        return sorted(found, key=lambda one: (one.reference.start, one.reference.end, one.id))

    def _visits(self, posts: Sequence[int]) -> dict[int, list[Snapshot]]:
        """Post → its captures, oldest first."""
        ids = json.dumps(posts)
        bodies = {row["digest"]: to_body(row) for row in self._rows(_BODIES, ids)}
        visits: dict[int, list[Snapshot]] = {}
        for row in self._rows(_CAPTURES, ids):
            visits.setdefault(row["post"], []).append(to_snapshot(row, bodies))
        return visits

    def _media_files(self, posts: Sequence[int]) -> dict[int, dict[str, MediaFile]]:
        """Post → URL → the file stored last under it."""
        files: dict[int, dict[str, MediaFile]] = {}
        for row in self._rows(_MEDIA, json.dumps(posts)):
            file = MediaFile(row["sha256"], row["content_type"], row["size"], row["memento"])
            files.setdefault(row["post"], {})[row["url"]] = file
        return files

    def _post_records(self, posts: Sequence[int]) -> list[PostRecord]:
        """Posts by id, in the order given."""
        ids = json.dumps(posts)
        visits, media = self._visits(posts), self._media_files(posts)
        references: dict[str, list[StoredReference]] = {}
        for one in self._references([row["id"] for row in self._rows(_LIVE_REFERENCES, ids)]):
            references.setdefault(one.post_key, []).append(one)
        rows = {row["id"]: row for row in self._rows(_POSTS, ids)}
        return [
            self._with_context(
                _post_record(
                    rows[post]["key"],
                    Target(rows[post]["network"], rows[post]["post_id"]),
                    references.get(rows[post]["key"], []),
                    visits.get(post, []),
                    media.get(post, {}),
                    from_stamp_or_none(rows[post]["forgotten_at"]),
                )
            )
            for post in posts
        ]

    def _with_context(self, record: PostRecord) -> PostRecord:
        """What the post quotes and answers is put in, with its media."""
        snapshot = record.snapshot
        if snapshot is None or snapshot.capture.embed is None:
            return record
        embed, context = self._in_context(snapshot.capture.embed)
        if not context.posts and not context.gaps:
            return record
        media = dict(record.media)
        for files in self._media_files(context.posts).values():
            media = {**files, **media}
        capture = replace(snapshot.capture, embed=embed)
        return replace(
            record, snapshot=replace(snapshot, capture=capture), media=media, gaps=context.gaps
        )


def stub_record(reference: StoredReference) -> PostRecord:
    """A post of which nothing is known but what one reference claims."""
    return PostRecord(
        key=reference.post_key,
        target=None,
        level=Level.CLAIMED,
        references=(reference,),
        snapshot=None,
    )


def _post_record(
    key: str,
    target: Target,
    references: Sequence[StoredReference],
    visits: Sequence[Snapshot],
    media: dict[str, MediaFile],
    forgotten_at: datetime | None,
) -> PostRecord:
    good = [visit for visit in visits if visit.capture.embed is not None]
    whole = merged([visit.capture for visit in good])
    snapshot = None
    if whole:
        snapshot = Snapshot(good[-1].id, replace(good[-1].capture, embed=whole.embed))
    levels = {one.resolution.level for one in references}
    if any(visit.capture.outcome is Outcome.AVAILABLE for visit in visits):  # held or taken down
        levels.add(Level.OBSERVED)
    return PostRecord(
        key=key,
        target=target,
        level=next((level for level in _BEST_FIRST if level in levels), Level.CLAIMED),
        references=tuple(references),
        snapshot=snapshot,
        visits=tuple(visits),
        media=media,
        told_by=whole.told_by if whole else {},
        forgotten_at=forgotten_at,
    )
