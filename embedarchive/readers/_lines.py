"""Streams of lines in blocks of whole lines: what a prefilter can look at many at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from ..models import Reading, Source
from ..streams import BUFFER
from ._records import MAX_RECORD, bad_record

_BLANK = b" \t\r\n"
_BLANK_STARTS = [b"\n" + bytes([blank]) for blank in _BLANK]
"""Without any of them no line is blank, nor begins with one."""


class Lines(NamedTuple):
    """Whole lines with their ends; the last one of a file may lack its own."""

    row: int
    """Of the first one, from 1."""
    offset: int
    """Of its first byte."""
    content: bytes
    too_long: int = 0
    """Bytes of one line that is longer than `MAX_RECORD`: then it is left out of `content`."""


def blocks_of(source: Source) -> Iterator[Lines]:
    """The lines of a source, in order; one of more than `MAX_RECORD` bytes comes alone, empty.

    All that can be read of a damaged source comes before the InputError.
    """
    row, offset = 1, 0
    held: list[bytes] = []  # of a line whose end is still to come
    size = 0
    while chunk := source.stream.read1(BUFFER):
        end = chunk.rfind(b"\n") + 1
        if not end:
            size += len(chunk)
            held = [*held, chunk] if size <= MAX_RECORD else []
            continue
        first = chunk.find(b"\n") + 1 if size > MAX_RECORD else 0
        if first:
            yield Lines(row, offset, b"", size + first)
            row, offset = row + 1, offset + size + first
        content = b"".join([*held, chunk[first:end]])
        if content:
            yield Lines(row, offset, content)
        row, offset = row + content.count(b"\n"), offset + len(content)
        held = [chunk[end:]]
        size = len(chunk) - end
    if size > MAX_RECORD:
        yield Lines(row, offset, b"", size)
    elif size:
        yield Lines(row, offset, b"".join(held))


def candidates_of(source: Source, reading: Reading) -> Iterator[tuple[int, int, bytes]]:
    """Rows, offsets and bytes of the lines that may hold a reference in JSON strings, without ends.

    Blank lines are no records.
    """
    for block in blocks_of(source):
        if block.too_long:
            error = bad_record(source, too_long(block), row=block.row, offset=block.offset)
            reading.on_bad(error)
            continue
        lines = block.content.split(b"\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        chosen = set(reading.json_candidate_rows(memoryview(block.content), starts))
        if not chosen:
            reading.on_skipped(_records_in(block.content))
            continue
        for at, line in enumerate(lines):
            if line and not line.isspace():
                if at in chosen:
                    yield block.row + at, block.offset + starts[at], line.rstrip(b"\r")
                else:
                    reading.on_skipped(1)


def _records_in(content: bytes) -> int:
    if content[0] in _BLANK or any(start in content for start in _BLANK_STARTS):
        return sum(not line.isspace() for line in content.split(b"\n") if line)
    return content.count(b"\n") + (not content.endswith(b"\n"))


def too_long(block: Lines) -> str:
    """What is wrong with a line that was left out."""
    return f"a line of {block.too_long} bytes; more than {MAX_RECORD >> 20} MB is no article"
