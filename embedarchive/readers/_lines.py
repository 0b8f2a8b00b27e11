"""Streams of lines in blocks of whole lines: what a prefilter can look at many at once.

Of a piece of a file: the lines behind each line's end that is in it, and a file's first line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import accumulate, chain
from typing import NamedTuple

from ..models import Reading, Source
from ..streams import BUFFER
from ._records import MAX_RECORD, bad_record


class Lines(NamedTuple):
    """Whole lines with their ends; the last one of a file may lack its own."""

    offset: int
    """Of the first byte."""
    content: bytes
    too_long: int = 0
    """Bytes of one line that is longer than `MAX_RECORD`: then it is left out of `content`."""


def blocks_of(source: Source) -> Iterator[Lines]:
    """The lines of a source, in order; one of more than `MAX_RECORD` bytes comes alone, empty.

    All that can be read of a damaged source comes before the InputError.
    """
    offset, chunks = _chunks(source)
    held: list[bytes] = []  # of a line whose end is still to come
    size = 0
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if not end:
            size += len(chunk)
            held = [*held, chunk] if size <= MAX_RECORD else []
            continue
        first = chunk.find(b"\n") + 1
        if size + first - 1 > MAX_RECORD:
            yield Lines(offset, b"", size + first)
            offset += size + first
            held = []
        else:
            first = 0
        content = b"".join([*held, memoryview(chunk)[first:end]])
        if content:
            yield Lines(offset, content)
        offset += len(content)
        held = [chunk[end:]]
        size = len(chunk) - end
    if size > MAX_RECORD:
        yield Lines(offset, b"", size)
    elif size:
        yield Lines(offset, b"".join(held))


def _chunks(source: Source) -> tuple[int, Iterator[bytes]]:
    """Where the first line of a source begins, and what is read from there on."""
    chunks = iter(partial(source.stream.read1, BUFFER), b"")
    if source.piece is None:
        return 0, chunks
    start, stop = source.piece
    if not start:
        return 0, _until(chunks, 0, stop)
    for chunk in chunks:
        end = chunk.find(b"\n", 0, stop - start) + 1
        if end:
            return start + end, _until(chain([chunk[end:]], chunks), start + end, stop)
        start += len(chunk)
        if start >= stop:
            break
    return start, iter(())


def _until(chunks: Iterable[bytes], at: int, stop: int) -> Iterator[bytes]:
    """Chunks, of which the first begins at `at`, to the first end of a line from `stop` on."""
    for chunk in chunks:
        after = at + len(chunk)
        end = chunk.find(b"\n", max(stop - at, 0)) + 1 if after > stop else 0
        if end:
            yield chunk[:end]
            return
        if chunk:
            yield chunk
        at = after


def candidates_of(source: Source, reading: Reading) -> Iterator[tuple[int, int, bytes]]:
    """Rows, offsets and bytes of the lines that may hold a reference in JSON strings, without ends.

    Blank lines are no records.
    """
    row = 2 if source.piece and source.piece.start else 1  # number 1 began in front of a piece
    last = 1
    for offset, content, size in blocks_of(source):
        if size:
            reading.on_bad(bad_record(source, too_long(size), row=row, offset=offset))
            last = row
            row += 1
            continue
        lines = content.split(b"\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        chosen = set(reading.json_candidate_rows(memoryview(content), starts))
        skipped = 0
        for at, line in enumerate(lines):
            if line and not line.isspace():
                if at in chosen:
                    yield row + at, offset + starts[at], line.rstrip(b"\r")
                else:
                    skipped += 1
        reading.on_skipped(skipped)
        row += len(lines) - 1
        last = row if lines[-1] else row - 1
    reading.on_rows(last - 1)


def too_long(size: int) -> str:
    """What is wrong with a line that was left out."""
    return f"a line of {size} bytes; more than {MAX_RECORD >> 20} MB is no article"
