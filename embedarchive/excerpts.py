"""Rows of a table of references → documents that hold no more than what the references say.

A scan may have run where the articles lie, far from the archive. Of an article known only by such
rows the archive keeps an excerpt: the references' own words, in order, under the article's name and
with its origin. Spans are those in the excerpt; where a reference stood in the article is a flag.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow.parquet as pq

from .errors import InputError
from .models import Document, Origin, Reference, Span
from .table import SCHEMA, Row, reference_of

_GAP = "\n\n"


def is_table(path: Path) -> bool:
    """Whether a file is a table of references, by its schema."""
    try:
        return bool(pq.read_schema(path).remove_metadata().equals(SCHEMA))
    except (OSError, ValueError):
        return False


def excerpts_in(path: Path) -> Iterator[tuple[Document, list[Reference]]]:
    """An excerpt of each article in a table; in memory that does not grow with it.

    Raises InputError where the file is damaged.
    """
    for _, rows in groupby(_rows(path), itemgetter("uri")):
        yield excerpt_of(list(rows))


def _rows(path: Path) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:300]
        raise InputError(f"{path}: cannot be read: {reason}", uri=str(path)) from error


def excerpt_of(rows: Sequence[Row]) -> tuple[Document, list[Reference]]:
    """The excerpt of one article, all of whose rows these are."""
    references: list[Reference] = []
    text = ""
    for reference in map(reference_of, rows):
        text += _GAP * bool(text)
        references.append(_moved(reference, len(text)))
        text += reference.raw
    first = rows[0]
    content = text.encode()
    origin = Origin(
        first["file"] or first["uri"], first["row"], first["offset"], first["document_url"]
    )
    document = Document(
        uri=first["uri"],
        media_type=first["media_type"],
        encoding="utf-8",
        content=content,
        text=text,
        digest="sha256:" + hashlib.sha256(content).hexdigest(),
        published_at=first["published_at"],
        origin=origin,
    )
    return document, references


def _moved(reference: Reference, to: int) -> Reference:
    """The reference where its own words begin at character `to`."""
    start, end = reference.start, reference.end

    def is_inside(span: Span) -> bool:
        return start <= span.start and span.end <= end

    def moved(span: Span) -> Span:
        return Span(span.start - start + to, span.end - start + to)

    claim = reference.claim
    claim = replace(
        claim,
        text_span=moved(claim.text_span)
        if claim.text_span and is_inside(claim.text_span)
        else None,
        # Other bounds may lie in what the excerpt does not hold.
        alternatives=tuple(
            replace(other, start=other.start - start + to, end=other.end - start + to)
            for other in claim.alternatives
            if is_inside(Span(other.start, other.end))
        ),
        flags=(*claim.flags, f"place:{start}-{end}"),
    )
    parts = tuple(moved(part) for part in reference.parts)
    return replace(reference, start=to, end=to + end - start, parts=parts, claim=claim)


def told_apart(sources: Iterable[str], tables: list[str]) -> Iterator[str]:
    """The sources that are no tables of references; those that are go into `tables`."""
    for source in sources:
        if source.endswith(".parquet") and is_table(Path(source)):
            tables.append(source)
        else:
            yield source
