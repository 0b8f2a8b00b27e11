"""WARC files in gzip, a member a record → their records, where they are as most writers make them.

ISO 28500 recommends such members (annex D). libdeflate inflates each at once, which is faster than
a stream can be, and its content is handed out where it lies.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from typing import Any

from deflate import DeflateError, crc32, gzip_decompress  # raises ImportError without `corpora`

from ._http import HEAD
from ._records import ARTICLES, MAX_RECORD

_BUFFER = 1 << 18
_MAGIC = re.compile(rb"\x1f\x8b\x08")
"""How a member begins. `re` finds it in half of the time that `bytes.find` takes."""
_MAGIC_SIZE = 3
_TRIES = 4
"""Places where a member seems to begin: chance has one in each 16 MB."""
_MOST = MAX_RECORD + HEAD
"""Bytes that are inflated at once, and looked through for the end of a member."""
_RATIO = 1032
"""Bytes that a byte of deflate can stand for (zlib's technical details)."""
_MEMBER = 31
"""What zlib calls a window of 32 kB, with gzip's header and checksum."""
_END = b"\r\n\r\n"
"""Of a record's head, and of the record."""
_FIELD = re.compile(rb"\r\n(warc-type|content-type|content-length)[ \t]*:[ \t]*([^\r\n]*)")
"""In lower case; without flags `re` finds it three times as fast."""
_DIGITS = 15
"""Of a length, at most."""


@dataclass(slots=True)
class Member:
    """A record, under the names by which FastWARC's `WarcRecord` tells the same."""

    stream_pos: int
    record_type: str
    content_length: int
    is_http: bool
    head: bytes
    block: memoryview
    """Its content; of a record longer than a page may be only its beginning."""
    taken: int = 0
    """Bytes of it that have been read."""
    skip: Callable[[], None] | None = None
    """Reads the rest of a long one."""

    @property
    def headers(self) -> Member:
        return self

    @property
    def reader(self) -> Member:
        return self

    def get(self, name: str) -> str | None:
        """What a field of its head says."""
        field = rf"\r\n{re.escape(name)}[ \t]*:[ \t]*([^\r\n]*)"
        found = re.search(field.encode(), self.head, re.IGNORECASE)
        return found[1].decode("utf-8", "replace").rstrip() if found else None

    def read(self, size: int | None = None) -> memoryview:
        """Its content, however much is asked for: it is there; none the second time."""
        start, self.taken = self.taken, len(self.block)
        return self.block[start:]

    def consume(self) -> int:
        """How many bytes of it had not been read; raises OSError where there are fewer."""
        start, self.taken = self.taken, self.content_length
        if self.skip is not None:
            skip, self.skip = self.skip, None
            skip()
        return self.taken - start


class Members:
    """The records that are one member each, up to the first one that is not.

    That is of a file packed otherwise, damaged, or has a head as few write it: who reads on from
    there, at byte `at`, finds in `ahead` what has been taken of the stream.
    """

    def __init__(self, stream: BufferedReader) -> None:
        self.at = 0
        self._stream = stream
        self._buffer = b""
        self._start = 0
        """Where in the buffer byte `at` is."""

    @property
    def ahead(self) -> bytes:
        return self._buffer[self._start :]

    def __iter__(self) -> Iterator[Member]:
        """Those that may be articles. Raises OSError where one too long to be one is broken."""
        while self._begins() and (record := self._at_once() or self._long()):
            if record.record_type in ARTICLES:
                yield record
            record.consume()

    def _begins(self) -> bool:
        """Whether there is a member next."""
        while len(self._buffer) - self._start < _MAGIC_SIZE and self._more():
            pass
        return _MAGIC.match(self._buffer, self._start) is not None

    def _at_once(self) -> Member | None:
        size = 0
        for _ in range(_TRIES):
            size = self._seeming_end(size + 1)
            packed = memoryview(self._buffer)[self._start : self._start + size]
            length = int.from_bytes(packed[-4:], "little")
            if length > min(_MOST, _RATIO * size):
                continue
            try:
                content = gzip_decompress(packed, length)
            except DeflateError:
                continue
            if crc32(content) != int.from_bytes(packed[-8:-4], "little"):
                return None  # libdeflate passes over what follows a member
            record = _record(self.at, content)
            if record is None or not content.endswith(_END):
                return None
            record.block = record.block[: -len(_END)]
            if len(record.block) != record.content_length:
                return None
            self._start += size
            self.at += size
            return record
        return None

    def _seeming_end(self, least: int) -> int:
        """A size the next member may have: up to another's beginning or the end of the stream."""
        while (found := _MAGIC.search(self._buffer, self._start + least)) is None:
            size = len(self._buffer) - self._start
            if size > _MOST or not self._more():
                return size
            least = max(least, size - _MAGIC_SIZE + 1)
        return found.start() - self._start

    def _more(self) -> bool:
        """Takes some more of the stream; whether there was more."""
        ahead = self.ahead
        piece = self._stream.read(max(_BUFFER, len(ahead)))  # twice as much each time is linear
        self._buffer, self._start = ahead + piece, 0
        return bool(piece)

    def _long(self) -> Member | None:
        """The next record if it is longer than a page may be: no more than its beginning."""
        inflating = zlib.decompressobj(_MEMBER)
        try:
            begun = inflating.decompress(self.ahead, 2 * HEAD)
        except zlib.error:
            return None
        record = _record(self.at, begun)
        if record is None or record.content_length <= MAX_RECORD:
            return None
        left = len(record.head) + 2 * len(_END) + record.content_length - len(begun)
        record.skip = partial(self._skip, inflating, left)
        return record

    def _skip(self, inflating: Any, left: int) -> None:
        """Goes to the end of a member, `left` bytes of content further on."""
        taken, piece = len(self.ahead), inflating.unconsumed_tail
        while not inflating.eof:
            try:
                content = inflating.decompress(piece, _BUFFER)
            except zlib.error as error:
                raise OSError(f"gzip: {error}") from error
            left -= len(content)
            piece = inflating.unconsumed_tail
            if not (content or piece):
                piece = self._stream.read(_BUFFER)
                taken += len(piece)
                if not piece:
                    break
        if left or not inflating.eof:
            raise OSError("its member does not end where its content does")
        self._buffer, self._start = inflating.unused_data, 0
        self.at += taken - len(self._buffer)


def _record(at: int, content: bytes | bytearray) -> Member | None:
    """The record that begins a member; its block is all that follows the head.

    None where that is written otherwise than nearly all are.
    """
    end = content.find(_END, 0, HEAD)
    if end < 0 or not content.startswith(b"WARC/1."):
        return None
    head = bytes(content[:end])
    found = _FIELD.findall(head.lower())
    fields = dict(found)
    length = fields.get(b"content-length", b"").rstrip()
    is_plain = len(fields) == len(found) and length.isdigit() and len(length) <= _DIGITS
    if not is_plain or b"\n " in head or b"\n\t" in head:  # a field twice, or over two lines
        return None
    return Member(
        at,
        fields.get(b"warc-type", b"").decode("latin-1").rstrip(),
        int(length),
        fields.get(b"content-type", b"").startswith(b"application/http"),
        head,
        memoryview(content)[end + len(_END) :],
    )
