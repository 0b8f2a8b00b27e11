"""Files and pipes → streams of their content: decompressed, counted, in bounded memory.

A compression is known by its magic number, whatever the name says; a name may carry its suffix.
"""

from __future__ import annotations

import bz2
import gzip
import io
import os
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol, cast

from .errors import InputError

SUFFIXES = frozenset({".gz", ".bz2", ".zst"})
"""Of compressed files, behind the suffix that says what is in them."""

BUFFER = 1 << 17
"""Bytes. What is read at once; the decompressors hand out less where they hold less."""
_HEAD = 1 << 16
_HEAD_OF_GZIP = b"\x1f\x8b\x08"
_HEAD_OF_BZIP2 = b"BZh"
_BLOCK_OF_BZIP2 = (b"1AY&SY", b"\x17rE8P\x90")
"""What stands behind `BZh` and a digit: the first block, or the end where there is none."""
_HEAD_OF_ZSTANDARD = b"\x28\xb5\x2f\xfd"


class _Inflating(Protocol):
    def read1(self, size: int, /) -> bytes: ...


def bare_name(name: str) -> str:
    """A file's name without the suffix of its compression."""
    stem, dot, suffix = name.rpartition(".")
    return stem if stem and dot + suffix.lower() in SUFFIXES else name


def buffered(stream: BinaryIO, on_bytes: Callable[[int], None]) -> io.BufferedReader:
    """A stream that can be peeked into, and tells how far it has been read."""
    return io.BufferedReader(_Counted(stream, on_bytes), BUFFER)


def decompressed(uri: str, stream: io.BufferedReader) -> io.BufferedReader:
    """The content of a stream that may be compressed.

    Reading raises InputError where the compressed data is damaged or ends early; all that comes
    before is handed out first by `read1`. Raises InputError where Zstandard is not installed.
    """
    inflating = _inflating(uri, stream)
    return io.BufferedReader(_Inflated(uri, inflating), BUFFER) if inflating else stream


def is_compressed(stream: io.BufferedReader) -> bool:
    """Whether it begins like one of the known compressions; takes nothing from it."""
    head = head_of(stream)
    is_bzip2 = head.startswith(_HEAD_OF_BZIP2) and head[4:10] in _BLOCK_OF_BZIP2
    return is_bzip2 or head.startswith((_HEAD_OF_GZIP, _HEAD_OF_ZSTANDARD))


def head_of(stream: io.BufferedReader) -> bytes:
    """The first bytes of a stream, up to 64 kB, which stay in it."""
    return stream.peek(_HEAD)[:_HEAD]


def read_all(stream: BinaryIO, limit: int) -> bytes | None:
    """All of a stream, or None where that is more than `limit` bytes."""
    chunks: list[bytes] = []
    left = limit + 1
    while left > 0 and (chunk := stream.read(min(left, 1 << 20))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks) if left > 0 else None


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[str]:
    """The path of a temporary file with the content of a stream."""
    with tempfile.TemporaryDirectory(prefix="embedarchive-") as folder:
        path = os.path.join(folder, "content")
        with open(path, "wb") as file:
            while chunk := stream.read(BUFFER):
                file.write(chunk)
        yield path


def _inflating(uri: str, stream: io.BufferedReader) -> _Inflating | None:
    if not is_compressed(stream):
        return None
    head = head_of(stream)
    if head.startswith(_HEAD_OF_GZIP):
        return _gzip(stream)
    if head.startswith(_HEAD_OF_BZIP2):
        return bz2.BZ2File(stream)
    return _zstandard(uri, stream)


def _gzip(stream: io.BufferedReader) -> _Inflating:
    try:
        from .inflate import Members  # noqa: PLC0415  # an extra, and only for such files
    except ImportError:
        return gzip.GzipFile(fileobj=stream)
    return Members(stream)


def _zstandard(uri: str, stream: io.BufferedReader) -> _Inflating:
    """The standard library has it from Python 3.14 on; the extra brings the same for older ones.

    A frame that asks for a window of more than 128 MB is refused by the library itself.
    """
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415  # only where such a file is read
    else:
        try:
            from backports import zstd  # noqa: PLC0415  # as above
        except ImportError:
            reason = "needs Python 3.14 or: pip install 'embedarchive[zst]'"
            raise InputError(f"{uri}: Zstandard {reason}", uri=uri) from None
    return cast(_Inflating, _Zstandard(zstd.ZstdFile(stream), zstd.ZstdError))


class _Zstandard:
    """Makes the library's own error one that all decompressors share."""

    def __init__(self, inner: _Inflating, error: type[Exception]) -> None:
        self._inner = inner
        self._error = error

    def read1(self, size: int, /) -> bytes:
        try:
            return self._inner.read1(size)
        except self._error as error:
            raise OSError(str(error)) from error


class _Filled(io.RawIOBase):
    """Fills its first buffer as far as a look at the beginning takes, however slow a pipe is."""

    _is_begun = False

    def readable(self) -> bool:
        return True

    # Typeshed's name for what it takes is no type that can be imported at run time.
    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer)
        count = self._take(view)
        while not self._is_begun and 0 < count < min(len(view), _HEAD):
            more = self._take(view[count:])
            count += more
            self._is_begun = not more
        self._is_begun = True
        return count

    def _take(self, buffer: memoryview) -> int:
        raise NotImplementedError


class _Counted(_Filled):
    """A stream's bytes, counted as they are taken."""

    def __init__(self, inner: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        self._inner = cast(io.RawIOBase, inner)
        self._on_bytes = on_bytes

    def _take(self, buffer: memoryview) -> int:
        count = self._inner.readinto(buffer) or 0
        self._on_bytes(count)
        return count


class _Inflated(_Filled):
    """The content of a compressed stream; raises on reading what is damaged, again and again."""

    def __init__(self, uri: str, inner: _Inflating) -> None:
        self._uri = uri
        self._inner = inner
        self._at = 0
        self._error: InputError | None = None

    def _take(self, buffer: memoryview) -> int:
        if self._error is not None:
            raise self._error
        try:
            piece = self._inner.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            self._error = InputError(
                f"{self._uri}: the compressed data is damaged or cut off behind byte {self._at} of"
                f" its content: {error}",
                uri=self._uri,
                offset=self._at,
            )
            if self._at and not self._is_begun:
                return 0  # what came before is handed out first
            raise self._error from error
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
