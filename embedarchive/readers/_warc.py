"""WARC records → documents: web pages as crawled, texts as converted (ISO 28500). By FastWARC.

A record whose bytes are damaged is named by its offset, and reading goes on at the next one.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import TYPE_CHECKING

from ..charset import decode
from ..models import Document, Origin, Reading, Source
from ._digests import Rest, digest_of
from ._http import HEAD, Damaged, Kind, end_of_head, head_of, kind_of, unpacked
from ._records import ARTICLES, MAX_RECORD, bad_record, needs_extra

if TYPE_CHECKING:
    from fastwarc.warc import ArchiveIterator, WarcRecord

    from ._members import Member, Members

    Record = WarcRecord | Member
    Block = bytes | memoryview

_BUFFER = 1 << 18
_AT_ONCE = 1 << 20
"""Bytes up to which a record is read whole before it is known what is in it."""
_RECORD = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC/1\.")
"""How a record begins: as a member of gzip, as a frame of Zstandard, or plain."""
_NO_DIGEST = "its bytes do not have the digest {:.100}"


@dataclass(frozen=True, slots=True)
class Archive:
    """A WARC file, or one inside another."""

    source: Source
    reading: Reading
    open_at: Callable[[int], BufferedReader] | None = None
    """The file from a byte on; None where it is a pipe, so that nothing can be read twice."""
    prefix: str = ""
    """What tells its records from those of its neighbours in the same file."""


def read_archive(archive: Archive, stream: BufferedReader) -> Iterator[Document]:
    """The pages and texts of a WARC file; `stream` is at its beginning.

    Raises InputError where FastWARC is not installed.
    """
    start = at = number = 0
    last: int | None = None
    while True:
        is_inside = False
        try:
            for place, record in _records(archive, stream):
                at, is_inside = start + place, True
                number, last = number + 1 if at == last else 0, at
                document = _document(archive, record, at, number)
                if document is not None:
                    yield document
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


def _records(archive: Archive, stream: BufferedReader) -> Iterator[tuple[int, Record]]:
    """The records that may be articles, or all where all digests are checked; where each begins."""
    every, members = archive.reading.check_digests, None
    if not every:
        members = _members(stream)
        for member in members or ():
            yield member.stream_pos, member
    start, ahead = (members.at, members.ahead) if members else (0, b"")
    for record in _iterator(archive.source, _Tape(stream, ahead), every=every):
        yield start + record.stream_pos, record


def _members(stream: BufferedReader) -> Members | None:
    try:
        import fastwarc.warc  # noqa: F401, PLC0415  # which reads what they leave

        from ._members import Members  # noqa: PLC0415  # an extra
    except ImportError:
        return None
    return Members(stream)


def _iterator(source: Source, tape: _Tape, *, every: bool = False) -> ArchiveIterator:
    """FastWARC's records that may be articles, or all of them."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415  # an extra
    except ImportError:
        raise needs_extra(source, "WARC", "corpora") from None
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    wanted = WarcRecordType.any_type if every else wanted
    return ArchiveIterator(tape, wanted, parse_http=False, buffer_size=_BUFFER)


class _Tape:
    """A stream that is only read on; FastWARC asks it where it is, and dies of a pipe's answer."""

    def __init__(self, stream: BufferedReader, ahead: bytes = b"") -> None:
        self._stream = stream
        self._ahead = ahead
        """What has been taken of it."""
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        if self._ahead:
            content, self._ahead = self._ahead[:size], self._ahead[size:]
        else:
            content = self._stream.read1(size)  # spares a copy
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
            if (
                next(iter(_iterator(archive.source, _Tape(archive.open_at(place)))), None)
                is not None
            ):
                return first, place
        except OSError:
            continue
    return first, None


def _beginnings(stream: BufferedReader, at: int) -> Iterator[int]:
    tail = b""
    while chunk := stream.read(_BUFFER):
        window = tail + chunk
        for found in _RECORD.finditer(window):
            if found.end() > len(tail):
                yield at - len(tail) + found.start()
        at += len(chunk)
        tail = window[-6:]


def _document(archive: Archive, record: Record, at: int, number: int) -> Document | None:
    """A record's page or text, where it is one in which a reference could be.

    It is the one of this number among those of a place: where many are packed together, FastWARC
    gives many the same.
    Raises OSError where the record is not whole: its length may be wrong, and hide the next ones.
    """
    reading = archive.reading
    try:
        page = _page(record, reading)
    except Damaged as error:
        reading.on_bad(bad_record(archive.source, str(error), offset=at))
        return None
    if page is None:
        return None
    kind, content = page
    decoded = decode(content, declared=kind.charset, is_html=kind.media_type == "text/html")
    return Document(
        uri=f"{archive.source.uri}#{archive.prefix}{at}{f'+{number}' if number else ''}",
        media_type=kind.media_type,
        encoding=decoded.encoding,
        content=content,
        text=decoded.text,
        digest="sha256:" + hashlib.sha256(content).hexdigest(),
        bom=decoded.bom,
        damage=decoded.damage,
        origin=Origin(archive.source.uri, offset=at, url=record.headers.get("WARC-Target-URI")),
    )


def _page(record: Record, reading: Reading) -> tuple[Kind, bytes] | None:
    """What is in a record, without the encodings of its transfer; None as `_document`.

    Raises as that, and Damaged.
    """
    length = record.content_length
    if not length and record.headers.get("Content-Length") is None:
        raise OSError("cut off inside its head, or a head without its length")
    block = record.reader.read(length if length <= _AT_ONCE else HEAD)
    is_other = reading.check_digests and not _is_article(record)
    head = None if is_other else _head_of(record, block)
    if head is None:
        _skip(record, block, reading)
        return None
    if length > MAX_RECORD:
        record.consume()
        raise Damaged(f"{length} bytes; more than {MAX_RECORD >> 20} MB is no page")
    if len(block) < length:
        block = b"".join((block, record.reader.read()))
    if len(block) < length:
        raise OSError(f"cut off before byte {length} of its content")
    start, kind = head
    body = memoryview(block)[start:]
    content = unpacked(body, kind.encodings) if kind.encodings else body
    is_candidate = reading.is_candidate(content)
    if is_candidate or reading.check_digests:
        _verify(record, block, (body, content))
    if is_candidate:
        return kind, bytes(content)
    reading.on_skipped(1)
    return None


def _head_of(record: Record, block: Block) -> tuple[int, Kind] | None:
    """Where the body begins, and what it is; None where it is no page or text, or no success."""
    if record.is_http:
        return head_of(bytes(block[:HEAD]))
    kind = kind_of(record.headers.get("Content-Type") or "")
    return None if kind is None else (0, kind)


def _is_article(record: Record) -> bool:
    return str(record.record_type) in ARTICLES


def _skip(record: Record, block: Block, reading: Reading) -> None:
    """Read a record to its end that is no page; raises as `_page`.

    Where all digests are checked, a payload's is that of what the transfer left as it was.
    """
    said = digest_of(record) if reading.check_digests else None
    start = _payload_of(record, block) if said and not said.is_block else 0
    rest = Rest(record, block, start or 0)
    fits = said.fits(rest) if said is not None and start is not None else True
    rest.finish()
    if said is not None and not fits:
        raise Damaged(_NO_DIGEST.format(said.said))


def _payload_of(record: Record, block: Block) -> int | None:
    """Where a record's payload begins; None where that is not known of its kind."""
    if not _is_article(record):
        return None  # a revisit's is that of another record
    if not record.is_http:
        return 0
    end = end_of_head(bytes(block[:HEAD]))
    return None if end is None or b"transfer-encoding" in bytes(block[:end]).lower() else end


def _verify(
    record: Record, block: Block, payloads: tuple[bytes | memoryview, bytes | memoryview]
) -> None:
    """Raises Damaged where a digest of the record is another's.

    A payload's is that of the body as received or as decoded: writers do not agree on it.
    """
    said = digest_of(record)
    if said is None:
        return
    parts = (block,) if said.is_block else payloads
    if not any(said.fits([part]) for part in parts):
        raise Damaged(_NO_DIGEST.format(said.said))
