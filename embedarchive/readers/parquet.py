"""Parquet: one of its columns is the articles (parquet.apache.org). Needs the extra `corpora`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ..charset import decode
from ..errors import InputError, UsageError
from ..models import Document, Needs, Origin, Reading, Source
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
    import pyarrow.parquet as pq

_BATCH = 16 << 20
"""Bytes of articles that are in memory at once, about; what the file's own statistics say."""
_MOST_ROWS = 1 << 16
_BUFFER = 1 << 20


class Parquet:
    name = "parquet"
    suffixes = frozenset({".parquet", ".pq"})
    media_types = frozenset({"application/vnd.apache.parquet"})
    begins = re.compile(rb"PAR1")
    needs = Needs.FILE

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        """A document a row; of a column's batch only the candidates become Python's."""
        with closing(_opened(source)) as file:
            columns = file.schema.to_arrow_schema()
            names = list(_flat(columns))
            column = column_of(source, names, reading.field)
            sides = [name for name in (*URL_FIELDS, *DATE_FIELDS) if name in names]
            done = 0
            for number in range(file.num_row_groups):
                rows = file.metadata.row_group(number).num_rows
                try:
                    yield from _read_group(file, number, column, sides, done, source, reading)
                except (OSError, ValueError) as error:  # pyarrow's own errors are these
                    reason = f"row group {number} cannot be read: {_one_line(error)}"
                    reading.on_bad(bad_record(source, reason, row=done + 1))
                done += rows
                reading.on_bytes(_size(file, number))


def _opened(source: Source) -> pq.ParquetFile:
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415  # an extra, and start-up
    except ImportError:
        raise UsageError("reading Parquet needs: pip install 'embedarchive[corpora]'") from None
    try:
        return pq.ParquetFile(source.path, buffer_size=_BUFFER, pre_buffer=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{source.uri}: no Parquet: {_one_line(error)}", uri=source.uri) from error


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


def _size(file: pq.ParquetFile, number: int) -> int:
    """Bytes of a row group on disk, all columns: the ones that are not read are done as well."""
    group = file.metadata.row_group(number)
    return sum(int(group.column(at).total_compressed_size) for at in range(group.num_columns))


def _read_group(
    file: pq.ParquetFile,
    number: int,
    column: str,
    sides: Sequence[str],
    done: int,
    source: Source,
    reading: Reading,
) -> Iterator[Document]:
    batches = file.iter_batches(
        batch_size=_rows_at_once(file, number, column),
        row_groups=[number],
        columns=[column, *sides],
        use_threads=False,
    )
    for batch in batches:
        texts = _as_binary(_picked(batch, column), source, column)
        offsets, data = _layout(texts)
        chosen = reading.candidate_rows(data, offsets) if data.nbytes else ()
        left = 0
        for row in chosen:
            document = _document(texts, batch, row, done, sides, source, reading)
            left += document is not None
            if document is not None:
                yield document
        reading.on_skipped(len(texts) - left)
        done += len(texts)


def _rows_at_once(file: pq.ParquetFile, number: int, column: str) -> int:
    """How many rows hold a batch of articles."""
    group = file.metadata.row_group(number)
    chunks = (group.column(at) for at in range(group.num_columns))
    size = sum(
        int(chunk.total_uncompressed_size)
        for chunk in chunks
        if f"{chunk.path_in_schema}.".startswith(f"{column}.")
    )
    return max(1, min(_MOST_ROWS, _BATCH * max(int(group.num_rows), 1) // max(size, 1)))


def _picked(batch: pa.RecordBatch, column: str) -> pa.Array:
    import pyarrow.compute as pc  # noqa: PLC0415  # as above

    if column in batch.schema.names:
        return batch.column(column)
    name, _, rest = column.partition(".")
    return pc.struct_field(batch.column(name), rest.split("."))


def _as_binary(values: pa.Array, source: Source, column: str) -> pa.Array:
    """Texts as one buffer and offsets; raises InputError where the column holds none."""
    import pyarrow as pa  # noqa: PLC0415  # as above

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
        f"{source.uri}: column {column!r} is {kind}, and holds no text; name one with --field",
        uri=source.uri,
    )


def _layout(texts: pa.Array) -> tuple[Sequence[int], memoryview]:
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


def _document(
    texts: pa.Array,
    batch: pa.RecordBatch,
    row: int,
    done: int,
    sides: Sequence[str],
    source: Source,
    reading: Reading,
) -> Document | None:
    raw = texts[row].as_py()
    if not raw:
        return None
    if len(raw) > MAX_RECORD:
        reason = f"{len(raw)} bytes; more than {MAX_RECORD >> 20} MB is no article"
        reading.on_bad(bad_record(source, reason, row=done + row + 1))
        return None
    text = raw if isinstance(raw, str) else decode(raw).text
    record = {name: _picked(batch, name)[row].as_py() for name in sides}
    return make_document(
        text,
        key=str(done + row + 1),
        origin=Origin(source.uri, row=done + row + 1, url=url_of(record)),
        published_at=date_of(record),
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


READER = Parquet()
