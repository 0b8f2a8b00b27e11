"""How articles are read: what a reader is given, and what it may ask. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import BufferedReader
from typing import NamedTuple, Protocol

from ..errors import InputError, UpstreamError
from .claims import Document


def _always(raw: bytes | memoryview) -> bool:
    return True


def _all_rows(raw: memoryview, offsets: Sequence[int]) -> Sequence[int]:
    return range(len(offsets) - 1)


def _ignore(number: int) -> None:
    pass


def _raise(error: InputError | UpstreamError) -> None:
    raise error


@dataclass(frozen=True, slots=True)
class Manner:
    """How sources are to be read, as it was asked for: plain values, that go to other processes."""

    format: str | None = None
    """The name of the reader that all sources are for; None: each source tells by itself."""
    field: str | None = None
    """Which field or column holds the article; dotted where records hold records."""
    sql: str | None = None
    """What to select from a database."""
    article_text: bool = False
    """Beside each HTML page also its main text, as a document of its own."""
    check_digests: bool = False
    """Where records name their digests, check those of all records, not only of the candidates."""


@dataclass(frozen=True, slots=True)
class Reading(Manner):
    """How the sources of one run are read, and whom a reader tells what it left out."""

    every_article: bool = False
    """Yield files that are one article also where they are no candidates."""
    is_candidate: Callable[[bytes | memoryview], bool] = _always
    """Whether a reference could be in these bytes of an article, or in this view of them.

    They are as they came: in whatever encoding, neither lower-cased nor decoded. It never denies
    what it affirms of a part, so a reader may ask of many records at once.
    """
    candidate_rows: Callable[[memoryview, Sequence[int]], Sequence[int]] = _all_rows
    """Of many articles one behind the other those that are candidates.

    Number N is `raw[offsets[N]:offsets[N + 1]]` of the first argument; the second is the offsets.
    """
    json_candidate_rows: Callable[[memoryview, Sequence[int]], Sequence[int]] = _all_rows
    """The same of records in which the articles stand as JSON strings, with JSON's escapes."""
    on_skipped: Callable[[int], None] = _ignore
    """Told how many records more were no candidates, and so were neither decoded nor yielded."""
    on_bad: Callable[[InputError | UpstreamError], None] = _raise
    """Told of a record that cannot be read; when it returns, the reader goes on behind it.

    An UpstreamError where the record is a URL that could not be fetched."""
    on_bytes: Callable[[int], None] = _ignore
    """Told how many bytes more of the sources, as they lie on disk, have been read."""
    on_rows: Callable[[int], None] = _ignore
    """Told at the end of a piece, where its rows were numbered from 1 since nobody knows how many
    stand in front of it: how many the next piece's come behind."""

    @classmethod
    def of(cls, manner: Manner) -> Reading:
        """One in which everything is a candidate and nobody is told."""
        return cls(**asdict(manner))


class Piece(NamedTuple):
    """Bytes of a file. Of records those are in a piece that begin in it, of lines those whose
    predecessor ends in it, and the first; they are read to their ends."""

    start: int
    stop: int


class Needs(StrEnum):
    """What a reader reads from."""

    STREAM = "stream"
    """The content, decompressed, from its beginning to its end, once."""
    RAW = "raw"
    """The same as it lies there: the reader decompresses it itself. Where such a source is only
    known by its beginning, it comes decompressed."""
    FILE = "file"
    """A file on disk, `source.path`, to seek in; what comes otherwise is put into one."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input, opened."""

    uri: str
    """The path or URL as given; its records are `URI#KEY`."""
    stream: BufferedReader
    """Reading raises InputError where its compression is damaged; `read1` loses nothing that comes
    before the damage."""
    charset: str | None = None
    """What the transport declared."""
    path: str | None = None
    """For `Needs.FILE`: the file that holds the content, decompressed."""
    piece: Piece | None = None
    """All that is to be read of a file on disk, where its reader is divisible; the stream begins
    with it. None: everything."""
    follow: Callable[[str], Iterator[Document]] | None = None
    """The documents of a URL that this source names; None where the run is offline.

    Raises InputError and UpstreamError.
    """


class Reader(Protocol):
    """How articles come: one kind of file, one file of the shelf `readers/`.

    One that finds its records from the middle of a plain file on may say `is_divisible = True`.
    Then it heeds `Source.piece`, and all pieces of a file together give what the file gives.
    """

    name: str
    suffixes: frozenset[str]
    """With the dot, lower case, without that of a compression."""
    media_types: frozenset[str]
    """Of a Content-Type header, lower case, without parameters."""
    begins: re.Pattern[bytes] | None
    """Matches the beginning of such a file, up to 64 kB, where its name does not tell."""
    needs: Needs

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        """The documents of a source, one at a time, in memory that does not grow with it.

        What is no candidate is told to `on_skipped`; a record that cannot be read to `on_bad`,
        named by file and row or byte, and the others are still read. Raises InputError where
        nothing more of the source can be read.
        """
