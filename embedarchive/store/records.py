"""What the archive holds, as records: posts, stubs, articles, visits. Reads only.

The iterators go page by page: memory stays flat, and what is written meanwhile does no harm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from ..codec import storable
from ..models import ArticleRecord, Document, Outcome, PostRecord, Snapshot, StoredReference, Target
from .loading import Loading, stub_record
from .rows import from_stamp, post_key, to_document, to_stamp
from .search import Search
from .unfinished import MOST_TRIES

_PAGE = 200

_STUB_KEY = re.compile(r"claim-([0-9]{1,18})")

_POSTS_AFTER = """
SELECT id FROM posts
WHERE id > ? AND (
    EXISTS (SELECT 1 FROM document_references WHERE post = posts.id AND is_live)
    OR EXISTS (SELECT 1 FROM captures WHERE post = posts.id)
)
ORDER BY id LIMIT ?
"""

_STUBS_AFTER = """
SELECT id FROM document_references
WHERE is_live AND post IS NULL AND kind NOT IN ('credit', 'other') AND id > ?
ORDER BY id LIMIT ?
"""

_UNRESOLVED_AFTER = """
SELECT document_references.id
FROM document_references
JOIN documents ON documents.version = document_references.version
JOIN document_versions ON document_versions.id = documents.version
WHERE document_references.id > ?1 AND document_references.post IS NULL
    AND document_references.kind NOT IN ('credit', 'other')
    AND document_versions.last_seen >= ?3
ORDER BY document_references.id LIMIT ?2
"""

_UNJUDGED_AFTER = """
SELECT document_references.id, document_references.post
FROM document_references
JOIN resolutions ON resolutions.id = document_references.resolution
WHERE document_references.id > ?1 AND document_references.is_live
    AND (
        resolutions.level IN ('claimed', 'matched')
        OR resolutions.level <> 'verified' AND document_references.post IN (
            SELECT id FROM posts WHERE key IN (SELECT value FROM json_each(?3))
        )
    )
    AND EXISTS (
        SELECT 1 FROM captures
        WHERE captures.post = document_references.post AND captures.outcome = 'available'
    )
ORDER BY document_references.id LIMIT ?2
"""

_DOCUMENTS_AFTER = """
SELECT id, version FROM documents WHERE id > ? AND version IS NOT NULL ORDER BY id LIMIT ?
"""

_VERSION = """
SELECT document_versions.*, document_versions.text AS odd_text, documents.uri,
       payloads.compression, payloads.body
FROM document_versions
JOIN documents ON documents.id = document_versions.document
JOIN payloads ON payloads.digest = document_versions.digest
WHERE document_versions.id = ?
"""

_UNCAPTURED_AFTER = """
SELECT id, network, post_id, COALESCE(handle, (
    SELECT handle FROM document_references
    WHERE post = posts.id AND is_live AND handle IS NOT NULL LIMIT 1
)) AS handle, EXISTS (SELECT 1 FROM captures WHERE post = posts.id) AS is_held
FROM posts
WHERE id > ?1 AND network = ?3 AND forgotten_at IS NULL
    AND EXISTS (
        SELECT 1 FROM document_references
        JOIN document_versions ON document_versions.id = document_references.version
        WHERE document_references.post = posts.id AND document_references.is_live
            AND document_versions.last_seen >= ?5
    )
    AND (
        NOT EXISTS (
            SELECT 1 FROM captures
            WHERE post = posts.id AND (NOT ?4 OR outcome IN (SELECT value FROM json_each(?6)))
        )
        OR ?4 AND EXISTS (SELECT 1 FROM unfinished WHERE post = posts.id AND tries < ?7)
    )
ORDER BY id LIMIT ?2
"""

_SETTLED = json.dumps([o.value for o in Outcome if o is Outcome.AVAILABLE or o.is_proven_gone])
"""Outcomes after which asking again can wait for the next refresh."""


class Records(Loading, Search):
    """The archive's posts and articles."""

    def posts(self) -> Iterator[PostRecord]:
        """Every post: those whose identity is known first, then the stubs."""
        for page in self._pages(_POSTS_AFTER):
            yield from self._post_records([row["id"] for row in page])
        for page in self._pages(_STUBS_AFTER):
            yield from map(stub_record, self._references([row["id"] for row in page]))

    def post(self, key: str) -> PostRecord | None:
        """The post of that key (`x-123`, `claim-17`); None where there is none.

        A stub's key leads to the post it was found to be, once it was.
        """
        row = self._row("SELECT id FROM posts WHERE key = ?", storable(key))
        if row is not None:
            return self._post_records([row["id"]])[0]
        stub = _STUB_KEY.fullmatch(key)
        if stub is None:
            return None
        for reference in self._references([int(stub[1])]):
            its_key = reference.post_key
            return stub_record(reference) if its_key == key else self.post(its_key)
        return None

    def find_post(self, post: str | Target) -> PostRecord | None:
        """The post of a target, of a key, or of a bare id; None where there is none."""
        if isinstance(post, Target):
            number = self._known_post(post)
        else:
            row = self._row(
                "SELECT id FROM posts WHERE post_id = ? ORDER BY network <> 'x', id LIMIT 1",
                storable(post),
            )
            if row is None:
                return self.post(post)
            number = row["id"]
        return None if number is None else self._post_records([number])[0]

    def search(self, query: str) -> Iterator[PostRecord]:
        """Posts and stubs that hold all words of the query in text, author or alt; best first."""
        found = list(self._found(query))
        for start in range(0, len(found), _PAGE):
            page = found[start : start + _PAGE]
            ids = [post for post, _ in page if post is not None]
            posts = dict(zip(ids, self._post_records(ids), strict=True))
            numbers = [number for _, number in page if number is not None]
            stubs = {stub.id: stub for stub in self._references(numbers)}
            for post, number in page:
                if post is not None:
                    yield posts[post]
                elif number in stubs:
                    yield stub_record(stubs[number])

    def timemap(self, target: Target) -> list[Snapshot]:
        """Every visit to a post, oldest first."""
        number = self._known_post(target)
        return [] if number is None else self._visits([number]).get(number, [])

    def memento(self, target: Target, at: datetime | None = None) -> Snapshot | None:
        """The last capture that shows the post; with `at`, the last one not after that moment."""
        good = [visit for visit in self.timemap(target) if visit.capture.embed is not None]
        if at is None:
            return good[-1] if good else None
        before = [visit for visit in good if visit.capture.captured_at <= at]
        return max(before, key=lambda visit: (visit.capture.captured_at, visit.id), default=None)

    def unresolved(self, *, since: datetime | None = None) -> Iterator[StoredReference]:
        """References of the newest versions that point at a post nobody has identified.

        `since`: only those of documents seen at or after that moment.
        """
        for page in self._pages(_UNRESOLVED_AFTER, self._seen(since)):
            yield from self._references([row["id"] for row in page])

    def uncaptured(
        self, network: str, *, again: bool = False, since: datetime | None = None
    ) -> Iterator[tuple[Target, str | None, bool]]:
        """Posts of a network that articles refer to and nobody visited yet, with their handle.

        The last value tells whether anything was captured of it before.

        `again`: also those that were visited and neither seen nor proven gone, or not had whole;
        `since`: only those that a document seen at or after that moment refers to.
        """
        more = (network, again, self._seen(since), _SETTLED, MOST_TRIES)
        for page in self._pages(_UNCAPTURED_AFTER, *more):
            for row in page:
                yield Target(row["network"], row["post_id"]), row["handle"], bool(row["is_held"])

    def unjudged(
        self, *, again: Iterable[Target] = ()
    ) -> Iterator[tuple[StoredReference, list[Snapshot]]]:
        """References to a post that is held, not yet compared, with its good captures, in order.

        `again`: posts of which those come as well that were compared and not borne out.
        """
        keys = json.dumps([post_key(target) for target in again])
        for page in self._pages(_UNJUDGED_AFTER, keys):
            visits = self._visits(list({row["post"] for row in page}))
            references = self._references([row["id"] for row in page])
            for row, reference in zip(page, references, strict=True):
                good = [visit for visit in visits[row["post"]] if visit.capture.embed is not None]
                if good:
                    yield reference, good

    def document_of(self, reference_id: int) -> Document:
        """The document that a reference lies in, in the version in which it was found."""
        row = self._row("SELECT version FROM document_references WHERE id = ?", reference_id)
        return to_document(self._row(_VERSION, row["version"]))

    def articles(self) -> Iterator[ArticleRecord]:
        """Every document in its newest version, with its references in order."""
        self._flush()
        for page in self._pages(_DOCUMENTS_AFTER):
            yield from (self._article(row["version"]) for row in page)

    def article(self, uri: str) -> ArticleRecord | None:
        """The document of that URI in its newest version; None where there is none."""
        row = self._row(
            "SELECT version FROM documents WHERE uri = ? AND version IS NOT NULL", storable(uri)
        )
        return None if row is None else self._article(row["version"])

    def _article(self, version_id: int) -> ArticleRecord:
        row = self._row(_VERSION, version_id)
        return ArticleRecord(
            version_id=row["id"],
            document=to_document(row),
            references=tuple(self._references_of_version(row["id"])),
            first_seen=from_stamp(row["first_seen"]),
            last_seen=from_stamp(row["last_seen"]),
        )

    def _pages(self, sql: str, *more: object) -> Iterator[list[Any]]:
        """Rows, a page at a time: `sql` selects those above an id, up to a limit, in order."""
        last = 0
        while rows := self._rows(sql, last, _PAGE, *more):
            last = rows[-1]["id"]
            yield rows

    def _seen(self, since: datetime | None) -> str:
        self._flush()
        return to_stamp(since) or ""

    def _known_post(self, target: Target) -> int | None:
        row = self._row(
            "SELECT id FROM posts WHERE network = ? AND post_id = ?",
            storable(target.network),
            storable(target.post_id),
        )
        return None if row is None else row["id"]
