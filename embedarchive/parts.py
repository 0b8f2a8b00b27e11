"""Sources → files of references, part by part: what is finished is kept, and never done twice.

A unit of work is a large file, or some small ones. Its references become one Parquet file, written
to a temporary name and renamed, with counts and the digest of its input in its metadata; the parts
make up the whole, which is of the same shape and can stand for its parts in the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from . import __version__
from .documents import STDIN, expand, is_url, read_all
from .errors import InputError, UpstreamError
from .finding import find
from .models import Fetcher, Reading, Reference
from .report import TOLD
from .scan import SCANNER_VERSION
from .sieve import sifted
from .table import SCHEMA, Row, batch_of, rows_of

METADATA = b"embedarchive"
"""Key of the file's metadata: JSON, see `Whole`."""
_LARGE = 4 << 20
"""Bytes from which on a file is a unit of its own; below, files share one."""
_MOST_FILES = 512
_KEPT = 20
"""Messages that are kept of a unit."""
_GROUP = 16_384
"""Rows of a row group."""


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read and which references are wanted; goes to other processes as it is."""

    format: str | None = None
    field: str | None = None
    sql: str | None = None
    article_text: bool = False
    kinds: tuple[str, ...] = ()
    """Only references of these; empty: all."""
    min_confidence: float = 0.0

    def wants(self, reference: Reference) -> bool:
        """Whether a reference is one of those that were asked for."""
        is_of_kind = not self.kinds or reference.kind.value in self.kinds
        return is_of_kind and reference.claim.confidence >= self.min_confidence

    def reading(self) -> Reading:
        """How a reader is to read, with the sieve."""
        return sifted(
            Reading(
                format=self.format,
                field=self.field,
                sql=self.sql,
                article_text=self.article_text,
            )
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """What one worker reads at once."""

    sources: tuple[str, ...]
    size: int
    """Bytes on disk."""
    key: str | None
    """Tells whether it was done: names, sizes, times of change and options. None: not known."""

    @property
    def name(self) -> str:
        """Of its file, while it is a part."""
        key = self.key or hashlib.sha256("\n".join(self.sources).encode()).hexdigest()
        return f"{key}.parquet"


@dataclass(slots=True)
class Summary:
    """What reading one unit came to; stands in the metadata of its file."""

    key: str | None = None
    first: str = ""
    """The first of its sources."""
    sources: int = 0
    size: int = 0
    digest: str | None = None
    """`sha256:` and 64 hex digits of the file; of several, of what `sha256sum` prints of them."""
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

    def fail(self, error: InputError | UpstreamError) -> None:
        self.bad += 1
        if len(self.messages) < TOLD:
            self.messages.append(str(error))

    def skip(self, number: int) -> None:
        self.skipped += number


def units_of(sources: Iterable[str], options: Options) -> Iterator[Unit]:
    """Sources as units, in order; URLs and standard input are known by no key."""
    held: list[tuple[str, int, int]] = []
    for source in expand(sources, options.reading()):
        if source == STDIN or is_url(source):
            yield from _held(held, options)
            held = []
            yield Unit((source,), 0, None)
            continue
        size = changed = 0
        with suppress(OSError, ValueError):
            status = os.stat(source)
            size, changed = status.st_size, status.st_mtime_ns
        if size >= _LARGE:
            yield from _held(held, options)
            held = []
            yield from _held([(source, size, changed)], options)
            continue
        held.append((source, size, changed))
        if len(held) >= _MOST_FILES or sum(size for _, size, _ in held) >= _LARGE:
            yield from _held(held, options)
            held = []
    yield from _held(held, options)


def _held(files: Sequence[tuple[str, int, int]], options: Options) -> Iterator[Unit]:
    if not files:
        return
    told = json.dumps([SCANNER_VERSION, SCHEMA.names, asdict(options), files])
    key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    yield Unit(tuple(name for name, _, _ in files), sum(size for _, size, _ in files), key)


def scan_unit(
    unit: Unit,
    options: Options,
    path: Path,
    *,
    on_bytes: Callable[[int], None],
    fetch: Fetcher | None = None,
    stdin: BinaryIO | None = None,
    is_kept: bool = True,
) -> Summary:
    """Read and scan a unit into a file; one that is kept tells the digest of what was read.

    Raises UsageError where the options ask for what there is not.
    """
    summary = Summary(unit.key, unit.sources[0], len(unit.sources), unit.size)
    summary.digest = _digest(unit.sources) if is_kept and unit.key else None
    reading = replace(
        options.reading(), on_bad=summary.fail, on_skipped=summary.skip, on_bytes=on_bytes
    )
    with _Writer(path) as writer:
        rows: list[Row] = []
        for document in read_all(unit.sources, reading, fetch=fetch, stdin=stdin):
            summary.documents += 1
            for found_in, references in find(document, reading):
                rows += rows_of(found_in, filter(options.wants, references))
            if len(rows) >= _GROUP:
                summary.references += len(rows)
                writer.add(batch_of(rows))
                rows = []
        summary.references += len(rows)
        writer.add(batch_of(rows))
        summary.groups = writer.groups
        writer.finish([summary])
    return summary


def _digest(sources: Sequence[str]) -> str | None:
    lines: list[bytes] = []
    for source in sources:
        try:
            with open(source, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return None  # reading it says what is wrong
        if len(sources) == 1:
            return f"sha256:{digest}"
        lines.append(f"{digest}  ".encode() + os.fsencode(source) + b"\n")
    return "sha256:" + hashlib.sha256(b"".join(lines)).hexdigest()


class _Writer:
    """A Parquet file under a temporary name, until it is finished."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        self._writer = pq.ParquetWriter(self._partial, SCHEMA, compression="zstd")
        self.groups = 0

    def __enter__(self) -> _Writer:
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

    def finish(self, units: Sequence[Summary]) -> None:
        """Write what is known of the whole, and give the file its name."""
        self._writer.add_key_value_metadata({METADATA.decode(): json.dumps(_told(units))})
        self._writer.close()
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


def parts_in(path: Path) -> dict[str, Part]:
    """The units that a file of ours holds, by their keys; empty where it is none of ours."""
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata.metadata or {}
            has_schema = file.schema_arrow.equals(SCHEMA)
        told = json.loads(metadata[METADATA])
        summaries = [Summary(**unit) for unit in told["units"]]
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
            yield file.read_row_group(group)


def join(parts: Iterable[Part], path: Path) -> None:
    """One file of many parts, in their order; it may be one of those that it replaces."""
    with _Writer(path) as writer:
        summaries = []
        for part in parts:
            for table in rows_in(part):
                writer.add(table.replace_schema_metadata(None))
            summaries.append(part.summary)
        writer.finish(summaries)
