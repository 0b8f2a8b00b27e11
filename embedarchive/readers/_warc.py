"""WARC records → documents: web pages as crawled, texts as converted (ISO 28500). By FastWARC.

A record whose bytes are damaged is named by its offset, and reading goes on at the next one.
"""

from __future__ import annotations

import hashlib
import io
import re
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ..charset import decode
from ..errors import UsageError
from ..models import Document, Origin, Reading, Source
from ._records import MAX_RECORD, bad_record

if TYPE_CHECKING:
    from fastwarc.stream_io import WarcReader
    from fastwarc.warc import ArchiveIterator, WarcRecord

_BUFFER = 1 << 18
_HEAD = 1 << 15
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(
    rb"^(content-type|content-encoding|transfer-encoding)[ \t]*:[ \t]*([^\r\n]*)", re.I | re.M
)
_SUCCESS = re.compile(rb"HTTP/[0-9.]+ 2[0-9]{2}\b")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.I)
_KINDS = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
_RECORD = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC/1\.")
"""How a record begins: as a member of gzip, as a frame of Zstandard, or plain."""
_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})


@dataclass(frozen=True, slots=True)
class Archive:
    """A WARC file, or one inside another."""

    source: Source
    reading: Reading
    open_at: Callable[[int], BinaryIO] | None = None
    """The file from a byte on; None where it is a pipe, so that nothing can be read twice."""
    prefix: str = ""
    """What tells its records from those of its neighbours in the same file."""


class _Page(NamedTuple):
    body: bytes
    """As received."""
    content: bytes
    """Without the encodings of its transfer."""
    media_type: str
    charset: str | None


class _Damaged(Exception):
    """A record is not what its headers say, or too long."""


def read_archive(archive: Archive, stream: BinaryIO) -> Iterator[Document]:
    """The pages and texts of a WARC file; `stream` is at its beginning.

    Raises UsageError where FastWARC is not installed.
    """
    start = at = 0
    while True:
        is_inside = False
        try:
            for record in _iterator(stream):
                at, is_inside = start + record.stream_pos, True
                yield from _documents(archive, record, at)
                is_inside = False
            return
        except OSError as error:  # FastWARC's own are these
            broken, found = _next_record(archive, at + 1)
            place = at if is_inside or broken is None else broken
            archive.reading.on_bad(bad_record(archive.source, f"broken: {error}", offset=place))
            if found is None or archive.open_at is None:
                return
            start = at = found
            stream = archive.open_at(found)


def _iterator(stream: BinaryIO) -> ArchiveIterator:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415  # an extra
    except ImportError:
        raise UsageError("reading WARC needs: pip install 'embedarchive[corpora]'") from None
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    return ArchiveIterator(_Tape(stream), wanted, parse_http=False, buffer_size=_BUFFER)


class _Tape:
    """A stream that is only read on; FastWARC asks it where it is, and dies of a pipe's answer."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self._at += len(content)
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if (offset, whence) not in ((self._at, io.SEEK_SET), (0, io.SEEK_CUR)):
            raise OSError("a tape")
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        pass  # whoever opened the stream closes it


def _next_record(archive: Archive, start: int) -> tuple[int | None, int | None]:
    """Where from `start` on a record seems to begin, and where one does that can be read."""
    if archive.open_at is None:
        return None, None
    first = None
    for place in _beginnings(archive.open_at(start), start):
        first = place if first is None else first
        try:
            if next(iter(_iterator(archive.open_at(place))), None) is not None:
                return first, place
        except OSError:
            continue
    return first, None


def _beginnings(stream: BinaryIO, at: int) -> Iterator[int]:
    tail = b""
    while chunk := stream.read(_BUFFER):
        window = tail + chunk
        for found in _RECORD.finditer(window):
            if found.end() > len(tail):
                yield at - len(tail) + found.start()
        at += len(chunk)
        tail = window[-6:]


def _documents(archive: Archive, record: WarcRecord, at: int) -> Iterator[Document]:
    reading = archive.reading
    try:
        page = _page(record, reading)
    except _Damaged as error:
        reading.on_bad(bad_record(archive.source, str(error), offset=at))
        return
    if page is None:
        return
    decoded = decode(page.content, declared=page.charset, is_html=page.media_type == "text/html")
    yield Document(
        uri=f"{archive.source.uri}#{archive.prefix}{at}",
        media_type=page.media_type,
        encoding=decoded.encoding,
        content=page.content,
        text=decoded.text,
        digest="sha256:" + hashlib.sha256(page.content).hexdigest(),
        bom=decoded.bom,
        damage=decoded.damage,
        origin=Origin(archive.source.uri, offset=at, url=record.headers.get("WARC-Target-URI")),
    )


def _page(record: WarcRecord, reading: Reading) -> _Page | None:
    """A record's page or text, where it is one in which a reference could be.

    Raises OSError where the record is not whole: its length may be wrong, and hide the next ones.
    """
    block = record.reader.read(_HEAD)
    page = _parsed(record, block)
    if page is None:
        if len(block) + record.consume() < record.content_length:
            raise OSError(f"cut off before byte {record.content_length} of its content")
        return None
    if record.content_length > MAX_RECORD:
        raise _Damaged(f"{record.content_length} bytes; more than {MAX_RECORD >> 20} MB is no page")
    if len(block) == _HEAD:
        block += record.reader.read()
        page = _parsed(record, block)
    if len(block) < record.content_length:
        raise OSError(f"cut off before byte {record.content_length} of its content")
    if page is None or not reading.is_candidate(page.content):
        reading.on_skipped(1)
        return None
    _verify(record, block, page)
    return page


def _parsed(record: WarcRecord, block: bytes) -> _Page | None:
    """What the block holds; None where it is neither page nor text, or no success."""
    if not record.is_http:
        kind = record.headers.get("Content-Type") or ""
        return _page_of(kind, block, block)
    end = _HEAD_END.search(block)
    if end is None or not _SUCCESS.match(block):
        return None
    headers = {
        name.lower(): value.decode("latin-1")
        for name, value in _HEADER.findall(block[: end.start()])
    }
    body = block[end.end() :]
    kind = headers.get(b"content-type", "")
    if kind.partition(";")[0].strip().lower() not in _KINDS:
        return None
    return _page_of(kind, body, _decoded(body, headers))


def _page_of(kind: str, body: bytes, content: bytes) -> _Page | None:
    media_type = _KINDS.get(kind.partition(";")[0].strip().lower())
    charset = _CHARSET.search(kind)
    return _Page(body, content, media_type, charset[1] if charset else None) if media_type else None


def _decoded(body: bytes, headers: dict[bytes, str]) -> bytes:
    """The body without its encodings; those that only the header still names are none."""
    names = [headers.get(name, "") for name in (b"transfer-encoding", b"content-encoding")]
    for name in ",".join(names).lower().split(","):
        opened = _opened(name.strip(), body)
        if opened is None:
            continue
        try:
            inner = opened.read(MAX_RECORD + 1)
        except OSError:
            continue
        if len(inner) > MAX_RECORD:
            raise _Damaged(f"more than {MAX_RECORD >> 20} MB when decoded")
        body = inner or body
    return body


def _opened(encoding: str, body: bytes) -> WarcReader | None:
    from fastwarc import stream_io  # noqa: PLC0415  # an extra

    stream = io.BytesIO(body)
    if encoding == "chunked":
        return stream_io.ChunkedReader(stream)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return stream_io.GzipReader(stream, zlib=encoding == "deflate")
    if encoding == "br":
        return stream_io.BrotliReader(stream)
    return stream_io.ZstdReader(stream) if encoding == "zstd" else None


def _verify(record: WarcRecord, block: bytes, page: _Page) -> None:
    """Raises _Damaged where a digest of the record is another's.

    The block's tells all; what the payload's is of, writers of WARC do not agree on.
    """
    if (said := record.headers.get("WARC-Block-Digest")) is not None:
        parts: tuple[bytes, ...] = (block,)
    elif (said := record.headers.get("WARC-Payload-Digest")) is not None:
        parts = (page.body, page.content)
    else:
        return
    name, _, value = said.partition(":")
    name, value = name.lower().replace("-", ""), value.strip().lower()
    if name not in _ALGORITHMS:
        return
    for part in parts:
        digest = hashlib.new(name, part, usedforsecurity=False)
        if value in (digest.hexdigest(), b32encode(digest.digest()).decode().lower().rstrip("=")):
            return
    raise _Damaged(f"its bytes do not have the digest {said[:100]}")
