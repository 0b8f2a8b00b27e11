"""Words in, references and posts that say them out: the full-text side of the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..codec import storable
from ..models import Reference
from .connection import Connection

# Scripts written without spaces: each sign is a word of its own, and a word a phrase of them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


def spaced(text: str | None) -> str:
    """The text as the index takes it."""
    if not text or text.isascii():
        return text or ""
    return _UNSPACED.sub(r" \g<0> ", storable(text))


def _quoted(query: str) -> str:
    """Any words as an FTS5 query for all of them; nothing in them is an operator."""
    words = (spaced(word).replace('"', '""').replace("\0", " ") for word in query.split())
    return " ".join(f'"{word}"' for word in words)


class Search(Connection):
    """The archive's full-text index: kept by whoever writes embeds and references."""

    def _index_reference(self, number: int, reference: Reference) -> None:
        claim = reference.claim
        if claim.text or claim.name or claim.handle:
            self._write(
                "INSERT INTO references_fts (rowid, text, author) VALUES (?, ?, ?)",
                number,
                spaced(claim.text),
                spaced(f"{claim.name or ''} {claim.handle or ''}"),
            )

    def _found(self, query: str) -> Iterator[tuple[int | None, int | None]]:
        """Post or, where that is not known, reference; best first, each once."""
        words = _quoted(query)
        if not words:
            return
        seen = set()
        for row in self._rows(
            """
            SELECT embeds.post, NULL AS reference, embeds_fts.rank AS place
            FROM embeds_fts JOIN embeds ON embeds.id = embeds_fts.rowid
            WHERE embeds_fts MATCH ?1
            UNION ALL
            SELECT document_references.post,
                   CASE WHEN document_references.post IS NULL THEN document_references.id END,
                   references_fts.rank
            FROM references_fts
            JOIN document_references ON document_references.id = references_fts.rowid
            WHERE references_fts MATCH ?1 AND document_references.is_live
            ORDER BY place
            """,
            words,
        ):
            found = (row["post"], row["reference"])
            if found not in seen:
                seen.add(found)
                yield found
