"""References as a table: one row each, with a fixed schema; the same on a laptop and on a cluster.

`scan_batch` is what every engine runs: Arrow in, Arrow out, no state. Needs the extra `corpora`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from io import BufferedReader, BytesIO
from typing import Any

import pyarrow as pa

from .codec import storable
from .models import (
    Alternative,
    Claim,
    Document,
    Kind,
    Origin,
    Reading,
    Reference,
    Source,
    Span,
)
from .readers._arrow import Columns

Row = dict[str, Any]

_TEXT, _INTEGER, _NUMBER = pa.string(), pa.int64(), pa.float64()
_SPAN = pa.struct([("start", _INTEGER), ("end", _INTEGER)])
_ALTERNATIVE = pa.struct(
    [("start", _INTEGER), ("end", _INTEGER), ("text", _TEXT), ("confidence", _NUMBER)]
)

SCHEMA = pa.schema(
    [
        # the document
        pa.field("uri", _TEXT, nullable=False),
        pa.field("media_type", _TEXT, nullable=False),
        pa.field("digest", _TEXT, nullable=False),
        pa.field("file", _TEXT),
        pa.field("row", _INTEGER),
        pa.field("offset", _INTEGER),
        pa.field("document_url", _TEXT),
        pa.field("published_at", pa.timestamp("us", "UTC")),
        # the place
        pa.field("start", _INTEGER, nullable=False),
        pa.field("end", _INTEGER, nullable=False),
        pa.field("parts", pa.list_(_SPAN), nullable=False),
        pa.field("raw", _TEXT, nullable=False),
        pa.field("form", _TEXT, nullable=False),
        pa.field("kind", _TEXT, nullable=False),
        # what it says of the post
        pa.field("network", _TEXT, nullable=False),
        pa.field("post_id", _TEXT),
        pa.field("handle", _TEXT),
        pa.field("name", _TEXT),
        pa.field("date", pa.date32()),
        pa.field("date_tolerance", pa.int8(), nullable=False),
        pa.field("text", _TEXT),
        pa.field("text_start", _INTEGER),
        pa.field("text_end", _INTEGER),
        pa.field("codes", pa.list_(_TEXT), nullable=False),
        pa.field("url", _TEXT),
        pa.field("confidence", _NUMBER, nullable=False),
        pa.field("alternatives", pa.list_(_ALTERNATIVE), nullable=False),
        pa.field("flags", pa.list_(_TEXT), nullable=False),
    ]
)
"""One reference. `start` and `end` count characters of the document's decoded text; `digest` is
that of its bytes. Fields may be added, never renamed."""


def scan_batch(
    batch: pa.RecordBatch, *, field: str | None = None, uri: str | None = None
) -> pa.RecordBatch:
    """Articles → the references in them, of `SCHEMA`. Pure.

    `field` is the column with the articles, `uri` the one that names them; where nobody says, the
    usual names are looked for, and articles without a name are `#ROW`, counted from 1. A column
    `media_type` tells what an article is, else it tells by itself. Articles in which no reference
    can be cost next to nothing. Raises InputError where there is no such column.
    """
    # Here, since whoever only wants the schema, as who joins files, does not wait for all forms.
    from .scan import scan  # noqa: PLC0415
    from .sifting import candidate_rows  # noqa: PLC0415

    reading = Reading(field=field, candidate_rows=candidate_rows, on_bad=lambda error: None)
    columns = Columns(batch.schema, Source("", BufferedReader(BytesIO())), reading)
    names = next((name for name in (uri, "uri", "url") if name in batch.schema.names), None)
    rows: list[Row] = []
    for document in columns.documents(batch):
        named = _named(document, batch, names)
        rows += rows_of(named, scan(named))
    return batch_of(rows)


def _named(document: Document, batch: pa.RecordBatch, names: str | None) -> Document:
    assert document.origin is not None
    at = (document.origin.row or 1) - 1
    name = batch.column(names)[at].as_py() if names else None
    kind = batch.column("media_type")[at].as_py() if "media_type" in batch.schema.names else None
    return replace(
        document,
        uri=str(name) if name else document.uri,
        media_type=kind or document.media_type,
        origin=replace(document.origin, file=str(name) if name else "", row=None),
    )


def rows_of(document: Document, references: Iterable[Reference]) -> list[Row]:
    """One row a reference: `SCHEMA`'s fields, as Python's values."""
    origin = document.origin or Origin(document.uri)
    about: Row = {
        "uri": storable(document.uri),
        "media_type": document.media_type,
        "digest": document.digest,
        "file": storable(origin.file),
        "row": origin.row,
        "offset": origin.offset,
        "document_url": origin.url,
        "published_at": document.published_at,
    }
    return [about | _row(reference) for reference in references]


def _row(reference: Reference) -> Row:
    claim = reference.claim
    return {
        "start": reference.start,
        "end": reference.end,
        "parts": [part._asdict() for part in reference.parts],
        "raw": reference.raw,
        "form": reference.form,
        "kind": reference.kind.value,
        "network": claim.network,
        "post_id": claim.post_id,
        "handle": claim.handle,
        "name": claim.name,
        "date": claim.date,
        "date_tolerance": claim.date_tolerance,
        "text": claim.text,
        "text_start": claim.text_span.start if claim.text_span else None,
        "text_end": claim.text_span.end if claim.text_span else None,
        "codes": list(claim.codes),
        "url": reference.url,
        "confidence": claim.confidence,
        "alternatives": [asdict(alternative) for alternative in claim.alternatives],
        "flags": list(claim.flags),
    }


def reference_of(row: Row) -> Reference:
    """The reference that a row was made of."""
    has_span = row["text_start"] is not None
    claim = Claim(
        network=row["network"],
        post_id=row["post_id"],
        handle=row["handle"],
        name=row["name"],
        date=row["date"],
        date_tolerance=row["date_tolerance"],
        text=row["text"],
        text_span=Span(row["text_start"], row["text_end"]) if has_span else None,
        codes=tuple(row["codes"]),
        confidence=row["confidence"],
        alternatives=tuple(Alternative(**alternative) for alternative in row["alternatives"]),
        flags=tuple(row["flags"]),
    )
    return Reference(
        start=row["start"],
        end=row["end"],
        raw=row["raw"],
        form=row["form"],
        kind=Kind(row["kind"]),
        claim=claim,
        url=row["url"],
        parts=tuple(Span(**part) for part in row["parts"]),
    )


def batch_of(rows: Sequence[Row]) -> pa.RecordBatch:
    """Rows as Arrow has them."""
    return pa.RecordBatch.from_pylist(list(rows), schema=SCHEMA)
