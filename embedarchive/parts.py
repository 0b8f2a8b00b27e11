"""Files of references, each with counts of what was read for it: parts, and the whole of them.

The references of a unit become one Parquet file, written to a temporary name and renamed, with
counts and the digest of its input in its metadata; the parts make up the whole, which is of the
same shape and can stand for its parts in the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import __version__
from .codec import storable
from .errors import InputError, UpstreamError
from .models import Piece
from .report import TOLD
from .table import SCHEMA
from .terms import SCANNER_VERSION
from .units import Unit

METADATA = b"embedarchive"
"""Key of the file's metadata: JSON, see `_told`."""
_KEPT = 20
"""Messages that are kept of a unit."""
_ROW = re.compile(r"(#|: row )([0-9]+)")
"""What stands behind a file's name in the name of a record, and in words on one."""


@dataclass(slots=True)
class Summary:
    """What reading one unit came to; stands in the metadata of its file."""

    key: str | None = None
    first: str = ""
    """The first of its sources."""
    sources: int = 0
    size: int = 0
    piece: Piece | None = None
    """Its bytes, where it is not the whole file."""
    digest: str | None = None
    """`sha256:` and 64 hex digits of the file or piece; of several files, of what `sha256sum`
    prints of them."""
    documents: int = 0
    """Records and articles in which a reference could be."""
    skipped: int = 0
    """Those in which none could be."""
    references: int = 0
    bad: int = 0
    """Sources and records that could not be read."""
    messages: list[str] = field(default_factory=list)
    """What was wrong with the first of them."""
    groups: int = 0
    """Row groups of the file that are its own, in the order of the units."""
    rows: int = 0
    """What a piece adds to the numbers of the rows behind it, where these are counted from it."""
    before: int = 0
    """What was added to the numbers of its own rows."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Summary:
        """The one that a file, or another process, tells of; raises TypeError where it is none."""
        summary = cls(**told)
        return replace(summary, piece=Piece(*summary.piece)) if summary.piece else summary

    def fail(self, error: InputError | UpstreamError) -> None:
        self.bad += 1
        if len(self.messages) < TOLD:
            self.messages.append(str(error))

    def skip(self, number: int) -> None:
        self.skipped += number

    def count(self, rows: int) -> None:
        self.rows = rows

    def behind(self, before: int) -> Summary:
        """The same when it is known how many rows stand in front of the piece."""
        further = before - self.before
        messages = [_moved(message, self.first, further) for message in self.messages]
        return replace(self, before=before, messages=messages)


class Writer:
    """A Parquet file under a temporary name, until it is finished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        self._writer = pq.ParquetWriter(self._partial, SCHEMA, compression="zstd")
        self.groups = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *failure: object) -> None:
        self._writer.close()
        self._partial.unlink(missing_ok=True)

    def add(self, rows: pa.RecordBatch | pa.Table) -> None:
        """A row group; nothing where there are no rows."""
        if rows.num_rows:
            table = rows if isinstance(rows, pa.Table) else pa.Table.from_batches([rows])
            self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
            self.groups += 1

    def finish(self, units: Sequence[Summary], *, is_kept: bool = True) -> None:
        """Write what is known of the whole, and give the file its name.

        One that is not kept beyond the run need not outlast the machine: the disk takes its time.
        """
        self._writer.add_key_value_metadata({METADATA.decode(): json.dumps(_told(units))})
        self._writer.close()
        if is_kept:
            with open(self._partial, "rb+") as file:
                os.fsync(file.fileno())
        os.replace(self._partial, self._path)


def _told(units: Sequence[Summary]) -> dict[str, object]:
    digests = [unit.digest or "" for unit in units]
    whole = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return {
        "version": __version__,
        "scanner": SCANNER_VERSION,
        "digest": digests[0] if len(units) == 1 else f"sha256:{whole}",
        "documents": sum(unit.documents for unit in units),
        "skipped": sum(unit.skipped for unit in units),
        "references": sum(unit.references for unit in units),
        "bad": sum(unit.bad for unit in units),
        "units": [asdict(replace(unit, messages=unit.messages[:_KEPT])) for unit in units],
    }


class Part(NamedTuple):
    """Where the rows of a unit lie."""

    path: Path
    first: int
    """Row group."""
    summary: Summary
    further: int = 0
    """What its rows' numbers lack, since it is a piece that was read before those in front."""

    def behind(self, before: int) -> Part:
        """The same when it is known how many rows stand in front of it."""
        further = self.further + before - self.summary.before
        return self._replace(summary=self.summary.behind(before), further=further)


class Numbering:
    """Parts in any order → each when all rows in front of it in its file are counted.

    So nobody has to read a file to its middle only to count: pieces number their rows from 1.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        """`units`: all that there are, each once, in order."""
        self._units = units
        self._places = {unit: place for place, unit in enumerate(units)}
        self._waiting: dict[int, Part] = {}
        self._before: dict[int, int] = {}

    def add(self, unit: Unit, part: Part) -> Iterator[tuple[Unit, Part]]:
        """The part, where it is known what stands in front of it, and those that waited for it."""
        place = self._places[unit]
        self._waiting[place] = part
        if not unit.is_behind:
            self._before[place] = 0
        while place in self._before and place in self._waiting:
            settled = self._waiting.pop(place).behind(self._before.pop(place))
            yield self._units[place], settled
            place += 1
            if place < len(self._units) and self._units[place].is_behind:
                self._before[place] = settled.summary.before + settled.summary.rows


def parts_in(path: Path) -> dict[str, Part]:
    """The units that a file of ours holds, by their keys; empty where it is none of ours."""
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata.metadata or {}
            has_schema = file.schema_arrow.equals(SCHEMA)
        told = json.loads(metadata[METADATA])
        summaries = [Summary.of(unit) for unit in told["units"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    parts: dict[str, Part] = {}
    first = 0
    for summary in summaries:
        if summary.key is not None and has_schema:
            parts[summary.key] = Part(path, first, summary)
        first += summary.groups
    return parts


def rows_in(part: Part) -> Iterator[pa.Table]:
    """The rows of a unit, a row group at a time."""
    with pq.ParquetFile(part.path) as file:
        for group in range(part.first, part.first + part.summary.groups):
            # In this thread: others would wait for a processor as long as the workers take it.
            yield _renumbered(file.read_row_group(group, use_threads=False), part)


def _renumbered(table: pa.Table, part: Part) -> pa.Table:
    """Of a piece: `row`, and in `uri` the number behind the file's name, have grown."""
    if not part.further:
        return table
    file = storable(part.summary.first)
    rows = pc.add(table.column("row"), part.further)
    behind = pc.utf8_slice_codeunits(table.column("uri"), len(f"{file}#"))
    keys = pc.replace_substring_regex(behind, "^[0-9]+", "")
    names = pc.binary_join_element_wise(f"{file}#", rows.cast(pa.string()), keys, "")
    for name, column in (("uri", names), ("row", rows)):
        table = table.set_column(SCHEMA.get_field_index(name), SCHEMA.field(name), column)
    return table


def _moved(words: str, file: str, further: int) -> str:
    """Words that begin with a row's name, `FILE#ROW` or `FILE: row ROW`; others as they are."""
    found = _ROW.match(words, len(file)) if further and words.startswith(file) else None
    if found is None:
        return words
    return f"{file}{found[1]}{int(found[2]) + further}{words[found.end() :]}"


def join(parts: Iterable[Part], path: Path) -> None:
    """One file of many parts, in their order; it may be one of those that it replaces."""
    with Writer(path) as writer:
        summaries = []
        for part in parts:
            for table in rows_in(part):
                writer.add(table.replace_schema_metadata(None))
            summaries.append(part.summary)
        writer.finish(summaries)
