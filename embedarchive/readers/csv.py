"""Tables as text: the first row names the columns, one column is the article (RFC 4180).

Cells are parted by commas, semicolons, tabs or bars, whichever the first row has most of.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain

from ..charset import decode
from ..errors import InputError
from ..models import Document, Needs, Origin, Reading, Source
from ..streams import head_of
from ._lines import blocks_of, too_long
from ._records import (
    MAX_RECORD,
    bad_record,
    column_of,
    date_of,
    is_wanted,
    make_document,
    url_of,
)

_DELIMITERS = (",", ";", "\t", "|")


_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class _TooLong(Exception):
    pass


class Csv:
    name = "csv"
    suffixes = frozenset({".csv", ".tsv", ".tab"})
    media_types = frozenset({"text/csv", "text/tab-separated-values"})
    begins = None
    needs = Needs.STREAM

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        csv.field_size_limit(MAX_RECORD)  # of the whole process: the module has no other
        lines = _Lines(source)
        rows, columns = _begun(source, lines)
        column = column_of(source, columns, reading.field)
        for row, offset, cells in _rows(source, reading, lines, rows):
            if len(cells) != len(columns):
                reason = f"{len(cells)} cells, where the first row has {len(columns)}"
                reading.on_bad(bad_record(source, reason, row=row, offset=offset))
                continue
            record = dict(zip(columns, cells, strict=True))
            if _is_damaged(record[column]):
                reason = f"bytes that are no {lines.encoding}"
                reading.on_bad(bad_record(source, reason, row=row, offset=offset))
            elif is_wanted(record[column], reading):
                yield make_document(
                    record[column],
                    key=str(row),
                    origin=Origin(source.uri, row, offset, url_of(record)),
                    published_at=date_of(record),
                )


def _begun(source: Source, lines: _Lines) -> tuple[Iterator[list[str]], list[str]]:
    """The rows behind the first, and the first: the names of the columns."""
    try:
        first = next(lines, "")
        rows = csv.reader(chain([first], lines), delimiter=max(_DELIMITERS, key=first.count))
        return rows, [cell.strip() for cell in next(rows, [])]
    except (csv.Error, _TooLong) as error:
        reason = f"the first row is none of a table: {error}"
        raise InputError(f"{source.uri}: {reason}", uri=source.uri) from None


def _rows(
    source: Source, reading: Reading, lines: _Lines, rows: Iterator[list[str]]
) -> Iterator[tuple[int, int | None, list[str]]]:
    """The rows with their numbers, from 1, and where they begin."""
    row = 0
    while True:
        lines.row_offset = None
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            row += 1
            reason = f"no row of a table: {error}"
            reading.on_bad(bad_record(source, reason, row=row, offset=lines.row_offset))
            continue
        if cells:
            row += 1
            yield row, lines.row_offset, cells


class _Lines:
    """The lines of a table as text; goes on after it raised, as the module's parser does."""

    def __init__(self, source: Source) -> None:
        sample = decode(head_of(source.stream), declared=source.charset)
        if sample.encoding.startswith(("utf-16", "utf-32")):
            raise InputError(
                f"{source.uri}: is {sample.encoding}; make it UTF-8 first", uri=source.uri
            )
        self.encoding = sample.encoding
        self.row_offset: int | None = None
        """Of the first line that was taken since it was None."""
        source.stream.read(sample.bom)
        self._lines = _with_offsets(source, sample.bom)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        offset, line = next(self._lines)
        if self.row_offset is None:
            self.row_offset = offset
        if isinstance(line, str):
            raise _TooLong(line)
        size = offset + len(line) - self.row_offset
        if size > MAX_RECORD:
            raise _TooLong(f"more than {MAX_RECORD >> 20} MB; a quote may lack its end")
        return line.decode(self.encoding, "surrogateescape")


def _with_offsets(source: Source, start: int) -> Iterator[tuple[int, bytes | str]]:
    """The lines; of one that is too long, only the words on that."""
    for block in blocks_of(source):
        offset = start + block.offset
        if block.too_long:
            yield offset, too_long(block.too_long)
        for line in block.content.splitlines(keepends=True):
            yield offset, line
            offset += len(line)


def _is_damaged(cell: str) -> bool:
    """Whether a byte was invalid, which `surrogateescape` leaves as half a surrogate pair."""
    return not cell.isascii() and _ESCAPED_BYTE.search(cell) is not None


READER = Csv()
