"""Columns of texts in Arrow's memory → documents: only the candidates become Python's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..charset import decode
from ..errors import InputError
from ..models import Document, Origin, Reading, Source
from ._records import (
    DATE_FIELDS,
    MAX_RECORD,
    URL_FIELDS,
    bad_record,
    column_of,
    date_of,
    make_document,
    url_of,
)

if TYPE_CHECKING:
    import pyarrow as pa


class Columns:
    """Which columns of a table hold the articles, and what is said of them."""

    def __init__(self, schema: pa.Schema, source: Source, reading: Reading) -> None:
        """Raises InputError where there is no such column."""
        self.source = source
        self.reading = reading
        names = list(_flat(schema))
        self.article = column_of(source, names, reading.field)
        self.sides = [name for name in (*URL_FIELDS, *DATE_FIELDS) if name in names]

    def documents(self, batch: pa.RecordBatch, done: int = 0) -> Iterator[Document]:
        """A document a row in which a reference could be; `done` rows came before this batch.

        Raises InputError where the column holds no text.
        """
        texts = self._texts(batch)
        offsets, data = layout(texts)
        left = 0
        for row in self.reading.candidate_rows(data, offsets) if data.nbytes else ():
            document = self._document(texts, batch, row, done + row + 1)
            if document is not None:
                left += 1
                yield document
        self.reading.on_skipped(len(texts) - left)

    def _texts(self, batch: pa.RecordBatch) -> pa.Array:
        """Texts that lie in one buffer, parted by offsets."""
        import pyarrow as pa  # noqa: PLC0415  # an extra, and start-up

        values = picked(batch, self.article)
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        kind = values.type
        if pa.types.is_string(kind) or pa.types.is_binary(kind):
            return values
        if pa.types.is_large_string(kind) or pa.types.is_large_binary(kind):
            return values
        if kind in (pa.string_view(), pa.binary_view()):
            return values.cast(pa.large_binary())
        raise InputError(
            f"{self.source.uri}: column {self.article!r} is {kind}, and holds no text; name one"
            " with --field",
            uri=self.source.uri,
        )

    def _document(
        self, texts: pa.Array, batch: pa.RecordBatch, row: int, number: int
    ) -> Document | None:
        raw = texts[row].as_py()
        if not raw:
            return None
        if len(raw) > MAX_RECORD:
            reason = f"{len(raw)} bytes; more than {MAX_RECORD >> 20} MB is no article"
            self.reading.on_bad(bad_record(self.source, reason, row=number))
            return None
        record = {name: picked(batch, name)[row].as_py() for name in self.sides}
        return make_document(
            raw if isinstance(raw, str) else decode(raw).text,
            key=str(number),
            origin=Origin(self.source.uri, row=number, url=url_of(record)),
            published_at=date_of(record),
        )


def picked(batch: pa.RecordBatch, column: str) -> pa.Array:
    """A column of a batch; inside structures by its dotted name."""
    import pyarrow.compute as pc  # noqa: PLC0415  # as above

    if column in batch.schema.names:
        return batch.column(column)
    name, _, rest = column.partition(".")
    return pc.struct_field(batch.column(name), rest.split("."))


def layout(texts: pa.Array) -> tuple[Sequence[int], memoryview]:
    """Where each text begins, and last where the last one ends, in the bytes behind."""
    import pyarrow as pa  # noqa: PLC0415  # as above

    _, places, content = texts.buffers()
    is_large = pa.types.is_large_string(texts.type) or pa.types.is_large_binary(texts.type)
    if not len(texts) or content is None:
        return [0] * (len(texts) + 1), memoryview(b"")
    every: Any = memoryview(places).cast("q" if is_large else "i")
    offsets = every[texts.offset : texts.offset + len(texts) + 1]
    # Nothing before the first row is looked at: a slice shares its column's buffer.
    first = offsets[0]
    if not first:
        return offsets, memoryview(content)[: offsets[-1]]
    return [at - first for at in offsets], memoryview(content)[first : offsets[-1]]


def _flat(schema: pa.Schema) -> Iterator[str]:
    """The names of all columns; those inside a structure dotted."""
    for field in schema:
        yield from _names(field, "")


def _names(field: pa.Field, prefix: str) -> Iterator[str]:
    import pyarrow as pa  # noqa: PLC0415  # as above

    yield prefix + field.name
    if pa.types.is_struct(field.type):
        for inner in field.type:
            yield from _names(inner, f"{prefix}{field.name}.")
