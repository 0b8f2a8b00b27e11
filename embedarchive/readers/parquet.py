"""Parquet: one of its columns is the articles (parquet.apache.org). Needs the extra `corpora`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from ..errors import InputError
from ..models import Document, Needs, Reading, Source
from ._arrow import Columns
from ._records import bad_record, needs_extra

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_BATCH = 16 << 20
"""Bytes of articles that are in memory at once, about; by what the file's own statistics say."""
_MOST_ROWS = 1 << 16
_BUFFER = 1 << 20


class Parquet:
    name = "parquet"
    suffixes = frozenset({".parquet", ".pq"})
    media_types = frozenset({"application/vnd.apache.parquet"})
    begins = re.compile(rb"PAR1")
    needs = Needs.FILE
    is_divisible = True

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        """A document a row in which a reference could be."""
        with closing(_opened(source)) as file:
            columns = Columns(file.schema_arrow, source, reading)
            done = 0
            within = _groups(source, file.num_row_groups)
            for number in range(within.stop):
                group = file.metadata.row_group(number)
                if number not in within:
                    done += group.num_rows
                    continue
                try:
                    yield from _read_group(file, number, columns, done)
                except (OSError, ValueError) as error:  # pyarrow's own errors are these
                    reason = f"row group {number} cannot be read: {_one_line(error)}"
                    reading.on_bad(bad_record(source, reason, row=done + 1))
                done += group.num_rows
                # The columns that are not read are done as well.
                chunks = [group.column(at) for at in range(group.num_columns)]
                reading.on_bytes(sum(chunk.total_compressed_size for chunk in chunks))


def _opened(source: Source) -> pq.ParquetFile:
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415  # an extra, and start-up
    except ImportError:
        raise needs_extra(source, "Parquet", "corpora") from None
    try:
        return pq.ParquetFile(source.path, buffer_size=_BUFFER, pre_buffer=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{source.uri}: no Parquet: {_one_line(error)}", uri=source.uri) from error


def _groups(source: Source, count: int) -> range:
    """The row groups of a piece, as if all were of one size: where they say that they lie may be
    wrong, and none may be lost."""
    if source.piece is None:
        return range(count)
    size = os.path.getsize(source.path or "")
    # The first one that begins at or behind a byte: -(-a // b) is a / b, rounded up.
    first, last = (-(-at * count // max(size, 1)) for at in source.piece)
    return range(first, count if source.piece.stop >= size else last)


def _read_group(
    file: pq.ParquetFile, number: int, columns: Columns, done: int
) -> Iterator[Document]:
    batches = file.iter_batches(
        batch_size=_rows_at_once(file, number, columns.article),
        row_groups=[number],
        columns=[columns.article, *columns.sides],
        use_threads=False,
    )
    for batch in batches:
        yield from columns.documents(batch, done)
        done += len(batch)


def _rows_at_once(file: pq.ParquetFile, number: int, column: str) -> int:
    """How many rows hold a batch of articles."""
    group = file.metadata.row_group(number)
    chunks = [group.column(at) for at in range(group.num_columns)]
    size = sum(
        int(chunk.total_uncompressed_size)
        for chunk in chunks
        if f"{chunk.path_in_schema}.".startswith(f"{column}.")
    )
    return max(1, min(_MOST_ROWS, _BATCH * max(int(group.num_rows), 1) // max(size, 1)))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


READER = Parquet()
