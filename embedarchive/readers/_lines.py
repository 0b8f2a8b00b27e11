"""Streams of lines in blocks of whole lines: what a prefilter can look at many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..models import Reading, Source
from ..streams import BUFFER
from ._records import MAX_RECORD, bad_record


class Lines(NamedTuple):
    """Whole lines with their ends; the last one of a file may lack its own."""

    row: int
    """Of the first one, from 1."""
    offset: int
    """Of its first byte."""
    content: bytes


def blocks_of(source: Source, reading: Reading) -> Iterator[Lines]:
    """The lines of a source, in order; one of more than `MAX_RECORD` bytes is left out, and told.

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
            _too_long(source, reading, row, offset, size + first)
            row, offset = row + 1, offset + size + first
        content = b"".join([*held, chunk[first:end]])
        if content:
            yield Lines(row, offset, content)
        row, offset = row + content.count(b"\n"), offset + len(content)
        held = [chunk[end:]]
        size = len(chunk) - end
    if size > MAX_RECORD:
        _too_long(source, reading, row, offset, size)
    elif size:
        yield Lines(row, offset, b"".join(held))


def candidates_of(source: Source, reading: Reading) -> Iterator[Lines]:
    """One line each, without its end: those whose raw bytes may hold a reference in JSON strings.

    Blank lines are no records.
    """
    is_candidate = reading.is_json_candidate
    for block in blocks_of(source, reading):
        if not is_candidate(block.content):
            reading.on_skipped(_records_in(block.content))
            continue
        lines = block.content.split(b"\n")
        offset = block.offset
        for row, line in enumerate(lines, block.row):
            if line and not line.isspace():
                if len(lines) <= 2 or is_candidate(line):
                    yield Lines(row, offset, line.rstrip(b"\r"))
                else:
                    reading.on_skipped(1)
            offset += len(line) + 1


def _records_in(content: bytes) -> int:
    if b"\n\n" in content or b"\n\r\n" in content or content.isspace():
        return sum(not line.isspace() for line in content.split(b"\n") if line)
    return content.count(b"\n") + (not content.endswith(b"\n"))


def _too_long(source: Source, reading: Reading, row: int, offset: int, size: int) -> None:
    reason = f"a line of {size} bytes; more than {MAX_RECORD >> 20} MB is no article"
    reading.on_bad(bad_record(source, reason, row=row, offset=offset))
