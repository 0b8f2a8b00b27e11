"""Documents and their references in: versions, what is still said, what is read anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..codec import storable, storable_or_none, to_json
from ..models import Document, Level, Reference, Resolution, StoredReference
from .loading import Loading
from .rows import odd_text, origin_values, points_at_a_post, reference_values, to_stamp
from .search import Search
from .written import packed_of

_TOUCHES_AT_ONCE = 1000

_INSERT_VERSION = """
INSERT INTO document_versions (
    media_type, scanner_version, bom, text, damage, record_file, record_row, record_offset,
    record_url, published_at, last_seen, first_seen, document, digest, encoding
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_UPDATE_VERSION = """
UPDATE document_versions SET
    media_type = ?, scanner_version = ?, bom = ?, text = ?, damage = ?,
    record_file = ?, record_row = ?, record_offset = ?, record_url = ?,
    published_at = COALESCE(?, published_at), last_seen = ?
WHERE id = ?
"""

_INSERT_REFERENCE = """
INSERT INTO document_references (
    span_start, span_end, raw, form, kind, url, network, post_id, handle, name, date, text,
    text_start, text_end, confidence, details, fingerprint, version, is_live
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
"""

_UPDATE_REFERENCE = """
UPDATE document_references SET
    span_start = ?, span_end = ?, raw = ?, form = ?, kind = ?, url = ?, network = ?, post_id = ?,
    handle = ?, name = ?, date = ?, text = ?, text_start = ?, text_end = ?, confidence = ?,
    details = ?, fingerprint = ?
WHERE id = ?
"""

# What an older version said and the newest still says is told once, by the newest. Where two
# scanners read them, the same author on the same day is the same post, however it was cut out.
_RETIRE = """
UPDATE document_references AS old SET is_live = 0
WHERE old.is_live
    AND old.version IN (SELECT id FROM document_versions WHERE document = ?1 AND id <> ?2)
    AND EXISTS (
        SELECT 1 FROM document_references AS new
        WHERE new.version = ?2 AND (
            new.fingerprint = old.fingerprint
            OR new.post = old.post
            OR (
                new.network = old.network AND new.handle = old.handle AND new.date = old.date
                AND (SELECT scanner_version FROM document_versions WHERE id = old.version)
                    <> (SELECT scanner_version FROM document_versions WHERE id = new.version)
            )
        )
    )
"""

# What was learnt of a reference stays known when the article around it changes; but where in the
# article a captured text lies is found anew.
_INHERITING = """
SELECT new.id, MAX(old.id) AS heir_to
FROM document_references AS new
JOIN document_references AS old ON old.fingerprint = new.fingerprint
    AND old.version IN (SELECT id FROM document_versions WHERE document = ?1 AND id <> ?2)
WHERE new.version = ?2
GROUP BY new.id
"""

_INHERIT = """
INSERT INTO resolutions (reference, rule, level, post, refused, evidence, resolved_at)
SELECT ?1, rule, level, post, refused, evidence, resolved_at FROM resolutions
WHERE reference = ?2 AND rule <> 'reference' AND json_extract(evidence, '$.correction') IS NULL
ORDER BY id
"""

_KNOWN = """
SELECT document_versions.id
FROM documents JOIN document_versions ON document_versions.id = documents.version
WHERE documents.uri = ? AND document_versions.digest = ? AND document_versions.encoding = ?
    AND document_versions.media_type = ? AND document_versions.scanner_version = ?
"""


_LAST_SCANNER = """
SELECT document_versions.scanner_version
FROM documents JOIN document_versions ON document_versions.id = documents.version
WHERE documents.uri = ?
"""


class Documents(Loading, Search):
    """The archive's documents."""

    def __init__(self, *opened: Any) -> None:
        super().__init__(*opened)
        self._touched: dict[int, str | None] = {}

    def is_known(self, document: Document, scanner_version: str) -> bool:
        """Whether these bytes are what this URI held last and this scanner has read them.

        That the document was seen again is written down, in batches, at the latest on closing.
        """
        row = self._row(
            _KNOWN,
            storable(document.uri),
            document.digest,
            document.encoding,
            document.media_type,
            scanner_version,
        )
        if row is not None and not self.is_read_only:
            self._touched[row["id"]] = to_stamp(self._now())
            if len(self._touched) >= _TOUCHES_AT_ONCE:
                self._flush()
        return row is not None

    def has_document(self, uri: str) -> bool:
        """Whether any version of a document is stored under this URI."""
        return self._row("SELECT id FROM documents WHERE uri = ?", storable(uri)) is not None

    def is_read_by_another(self, uri: str, scanner_version: str) -> bool:
        """Whether what this URI held last was read by another scanner than this."""
        row = self._row(_LAST_SCANNER, storable(uri))
        return row is not None and row["scanner_version"] != scanner_version

    def add_document(
        self, document: Document, references: Sequence[Reference], scanner_version: str
    ) -> list[StoredReference]:
        """Store a document with what was found in it; returns its references, in order.

        The same bytes again add no row; other bytes are a new version, and the old one stays.
        Another scanner's references replace what the last one found in the same bytes; where
        both found the same place and form, what was learnt of it stays.
        """
        with self.transaction():
            self._flush()
            document_id = self._document(document.uri)
            version_id, is_new, is_stale = self._version(document_id, document, scanner_version)
            if is_new or is_stale:
                self._derive(version_id, references)
            if is_new:
                self._inherit(document_id, version_id)
            self._write("UPDATE documents SET version = ? WHERE id = ?", version_id, document_id)
            self._write(
                "UPDATE document_references SET is_live = 1 WHERE version = ? AND NOT is_live",
                version_id,
            )
            self._write(_RETIRE, document_id, version_id)
            return self._references_of_version(version_id)

    def _flush(self) -> None:
        """Write down which versions were seen again."""
        if not self._touched:
            return
        rows = [(stamp, number) for number, stamp in self._touched.items()]
        with self.transaction():
            self._write_many("UPDATE document_versions SET last_seen = ? WHERE id = ?", rows)
        self._touched.clear()

    def _document(self, uri: str) -> int:
        row = self._row("SELECT id FROM documents WHERE uri = ?", storable(uri))
        if row is None:
            return self._write("INSERT INTO documents (uri) VALUES (?)", storable(uri))
        found: int = row["id"]
        return found

    def _version(
        self, document_id: int, document: Document, scanner_version: str
    ) -> tuple[int, bool, bool]:
        """The version's row, whether it is new, and whether another scanner read it last."""
        row = self._row(
            "SELECT id, scanner_version, media_type FROM document_versions"
            " WHERE document = ? AND digest = ? AND encoding = ?",
            document_id,
            document.digest,
            document.encoding,
        )
        now = to_stamp(self._now())
        read_as = (document.media_type, scanner_version)
        decoded = (document.bom, odd_text(document), to_json(document.damage))
        stands = origin_values(document.origin)
        values = (*read_as, *decoded, *stands, to_stamp(document.published_at), now)
        if row is not None:
            self._write(_UPDATE_VERSION, *values, row["id"])
            return row["id"], False, (row["media_type"], row["scanner_version"]) != read_as
        self._keep({document.digest: packed_of(document.content)})
        key = (document_id, document.digest, document.encoding)
        return self._write(_INSERT_VERSION, *values, now, *key), True, False

    def _derive(self, version_id: int, references: Sequence[Reference]) -> None:
        """Make the version's references those given, keeping the rows of unchanged places."""
        before: dict[tuple[int, int, str], list[Any]] = {}
        for row in self._rows(
            "SELECT id, span_start, span_end, form, network, post_id FROM document_references"
            " WHERE version = ? ORDER BY id DESC",
            version_id,
        ):
            place = (row["span_start"], row["span_end"], row["form"])
            before.setdefault(place, []).append(row)
        for reference in references:
            same_place = before.get((reference.start, reference.end, reference.form))
            if same_place:
                self._change_reference(same_place.pop(), reference)
            else:
                values = (*reference_values(reference), version_id)
                self._describe(self._write(_INSERT_REFERENCE, *values), reference)
        if any(before.values()):
            self._drop([row["id"] for rows in before.values() for row in rows])

    def _change_reference(self, row: Any, reference: Reference) -> None:
        number = row["id"]
        self._write(_UPDATE_REFERENCE, *reference_values(reference), number)
        claim = reference.claim
        if (row["network"], row["post_id"]) != (claim.network, storable_or_none(claim.post_id)):
            # What was learnt without a person's word rested on the old reading.
            self._write("DELETE FROM resolutions WHERE reference = ? AND rule <> 'manual'", number)
            self._settle(number)
        self._write("DELETE FROM codes WHERE reference = ?", number)
        self._write("DELETE FROM references_fts WHERE rowid = ?", number)
        self._describe(number, reference)

    def _describe(self, number: int, reference: Reference) -> None:
        """Write what follows from a reference's own words: its target, its codes, its index."""
        claim = reference.claim
        self._index_reference(number, reference)
        if reference.target is None or not points_at_a_post(reference):
            return
        self.add_resolution(number, Resolution("reference", Level.MATCHED, reference.target))
        self._write_many(
            "INSERT INTO codes (code, network, post_id, handle, reference) VALUES (?, ?, ?, ?, ?)",
            [
                (
                    storable(code),
                    storable(claim.network),
                    storable_or_none(claim.post_id),
                    storable_or_none(claim.handle),
                    number,
                )
                for code in claim.codes
            ],
        )

    def _drop(self, numbers: Sequence[int]) -> None:
        """Remove references that a later scanner no longer finds, unless a person spoke of them."""
        histories = self._histories(numbers)
        gone = json.dumps(
            [
                number
                for number in numbers
                if all(one.rule != "manual" for one in histories.get(number, {}).values())
            ]
        )
        self._write(
            "DELETE FROM references_fts WHERE rowid IN (SELECT value FROM json_each(?))", gone
        )
        self._write(
            "DELETE FROM document_references WHERE id IN (SELECT value FROM json_each(?))", gone
        )

    def _inherit(self, document_id: int, version_id: int) -> None:
        for row in self._rows(_INHERITING, document_id, version_id):
            self._write(_INHERIT, row["id"], row["heir_to"])
            self._settle(row["id"])
