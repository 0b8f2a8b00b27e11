"""Captures in, bytes once per digest; whose a code or a text is, out; takedowns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from ..codec import from_json, storable
from ..models import (
    Capture,
    Claim,
    CodeOwner,
    Embed,
    KnownClaim,
    Snapshot,
    Target,
)
from .embeds import EmbedKey, Embeds
from .resolutions import Resolutions
from .rows import to_reference, to_stamp
from .written import Told, WrittenCapture, written

_OWNERS = """
SELECT codes.network, codes.post_id, codes.handle, 'payload:' || embeds.payload AS source
FROM codes JOIN embeds ON embeds.id = codes.embed
WHERE codes.code = ?1
UNION ALL
SELECT codes.network, codes.post_id, codes.handle, 'document:' || documents.uri
FROM codes
JOIN document_references ON document_references.id = codes.reference
JOIN document_versions ON document_versions.id = document_references.version
JOIN documents ON documents.id = document_versions.document
WHERE codes.code = ?1
"""

# Each half finds its rows by handle and day through an index. An article that was found out to
# claim what the post does not say is no witness for another.
_CLAIMS_LIKE = """
SELECT document_references.*, posts.network AS target_network, posts.post_id AS target_id,
       'document:' || documents.uri AS source
FROM document_references
JOIN posts ON posts.id = document_references.post AND posts.network = ?1
JOIN resolutions ON resolutions.id = document_references.resolution
JOIN document_versions ON document_versions.id = document_references.version
JOIN documents ON documents.id = document_versions.document
WHERE document_references.handle = ?2 COLLATE NOCASE
    AND document_references.date BETWEEN ?3 AND ?4
    AND document_references.post_id IS NOT NULL AND document_references.text IS NOT NULL
    AND resolutions.level <> 'disputed'
ORDER BY document_references.id
"""
_EMBEDS_LIKE = """
SELECT embeds.embed, 'payload:' || embeds.payload AS source
FROM posts JOIN embeds ON embeds.post = posts.id
WHERE posts.handle = ?2 COLLATE NOCASE AND posts.network = ?1
    AND posts.created_at >= ?3 AND posts.created_at < ?4
ORDER BY embeds.id DESC
"""

_INSERT_CAPTURES = """
INSERT INTO captures (
    id, post, backend, outcome, reason, captured_at, payload, url, http_status, headers
) VALUES {rows}
"""

# Bytes that another post's capture or an article stands on as well are not this post's to take
# down. Evidence is: of what was answered in place of this post, and of what showed it elsewhere.
_FORGET_PAYLOADS = """
UPDATE payloads SET body = NULL
WHERE digest IN (
        SELECT payload FROM captures WHERE post = ?1
        UNION SELECT payload FROM refused_answers WHERE post = ?1 OR answered = ?1
    )
    AND digest NOT IN (
        SELECT captures.payload FROM captures JOIN posts ON posts.id = captures.post
        WHERE posts.forgotten_at IS NULL
    )
    AND digest NOT IN (SELECT digest FROM document_versions)
"""

_FORGET_MEDIA = """
UPDATE media SET content = NULL
WHERE sha256 IN (SELECT sha256 FROM post_media WHERE post = ?1)
    AND sha256 NOT IN (
        SELECT post_media.sha256 FROM post_media JOIN posts ON posts.id = post_media.post
        WHERE posts.forgotten_at IS NULL
    )
"""


class Captures(Resolutions, Embeds):
    """The archive's visits to posts."""

    def add_capture(self, capture: Capture) -> Snapshot:
        """Store one visit; see `add_captures`."""
        return self.add_captures([capture])[0]

    def add_captures(self, captures: Sequence[Capture]) -> list[Snapshot]:
        """Store visits, all or none; the same bytes again are a revisit of the first copy.

        Of a forgotten post only the fact of the visit is kept.
        """
        return self.add_written([written(capture) for capture in captures])

    def add_written(self, captures: Sequence[WrittenCapture]) -> list[Snapshot]:
        """As `add_captures`, of what another thread made ready."""
        with self.transaction():
            posts = self._posts(_told(captures))
            visits = [(posts[one.capture.target], one) for one in captures]
            payloads = {one.capture.payload.digest: one.packed for one in captures}
            kept = {v.capture.payload.digest for post, v in visits if not post.is_forgotten}
            new = self._keep(payloads, forgotten=payloads.keys() - kept)
            first = self._next_id("captures")
            self._write_rows(
                _INSERT_CAPTURES,
                [(number, post.id, *v.columns) for number, (post, v) in enumerate(visits, first)],
            )
            embeds = {
                EmbedKey(post.id, v.capture.payload.digest, v.capture.backend): v.embed
                for post, v in visits
                if v.embed is not None and not post.is_forgotten
            }
            self._add_embeds(embeds, new)
        return [Snapshot(number, one.capture) for number, one in enumerate(captures, first)]

    def owners_of_code(self, code: str) -> list[CodeOwner]:
        """Posts that stored payloads, or references with an id of their own, tie to a code."""
        owners: dict[Target, CodeOwner] = {}
        for row in self._rows(_OWNERS, storable(code)):
            target = Target(row["network"], row["post_id"])
            owners.setdefault(target, CodeOwner(target, row["handle"], row["source"]))
        return list(owners.values())

    def claims_like(self, claim: Claim) -> list[KnownClaim]:
        """What payloads, and references with an id of their own, say of that handle and day."""
        if not claim.handle or claim.date is None:
            return []
        who = (storable(claim.network), storable(claim.handle))
        slack = timedelta(days=claim.date_tolerance)
        first, last = claim.date - slack, claim.date + slack
        days = (str(first), str(last + timedelta(days=1)))
        return [
            *(_known_embed(row) for row in self._rows(_EMBEDS_LIKE, *who, *days)),
            *(
                KnownClaim(
                    Target(row["target_network"], row["target_id"]),
                    to_reference(row).claim,
                    row["source"],
                )
                for row in self._rows(_CLAIMS_LIKE, *who, str(first), str(last))
            ),
        ]

    def forget(self, target: Target) -> bool:
        """Take a post down: its content and media go, digests and visits stay; False if unknown.

        What later visits bring is not kept either. The article's own words are not touched. Not
        to be called inside a transaction: what it deletes is overwritten at its end.
        """
        with self._without_traces(), self.transaction():
            row = self._row(
                "SELECT id FROM posts WHERE network = ? AND post_id = ?",
                storable(target.network),
                storable(target.post_id),
            )
            if row is None:
                return False
            post = row["id"]
            self._write(
                "UPDATE posts SET forgotten_at = COALESCE(forgotten_at, ?) WHERE id = ?",
                to_stamp(self._now()),
                post,
            )
            self._write(
                "DELETE FROM embeds_fts WHERE rowid IN (SELECT id FROM embeds WHERE post = ?)", post
            )
            self._write("DELETE FROM embeds WHERE post = ?", post)
            self._write(_FORGET_PAYLOADS, post)
            self._write(_FORGET_MEDIA, post)
            self._forget_words(post)
            # The index keeps deleted words until its parts are merged.
            self._write("INSERT INTO embeds_fts (embeds_fts) VALUES ('optimize')")
        return True

    @contextmanager
    def _without_traces(self) -> Iterator[None]:
        """What is deleted inside is overwritten in the file, and leaves no copy in the WAL."""
        with self._turn:
            self._rows("PRAGMA secure_delete = ON")
            try:
                yield
                self._rows("PRAGMA wal_checkpoint (TRUNCATE)")
            finally:
                self._rows("PRAGMA secure_delete = OFF")


def _known_embed(row: Any) -> KnownClaim:
    embed = from_json(Embed, row["embed"])
    text = f"{embed.text}…" if embed.is_truncated else embed.text
    told = Claim(
        network=embed.target.network,
        post_id=embed.target.post_id,
        handle=embed.author.handle,
        text=text,
        codes=embed.codes,
    )
    return KnownClaim(embed.target, told, row["source"])


def _told(captures: Sequence[WrittenCapture]) -> dict[Target, Told]:
    """What the visits tell of each post."""
    told: dict[Target, Told] = {}
    for one in captures:
        target = one.capture.target
        before = told.get(target)
        told[target] = one.told if before is None else one.told.after(before)
    return told
