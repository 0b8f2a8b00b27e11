"""The records of a large XML file, one element at a time.

Where the XML is broken, that place is told, and reading goes on with the next record.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import partial

from ..charset import codec_name, declared_in_html
from ..models import Reading, Source
from ..streams import BUFFER, head_of
from ._expat import Parser, Record
from ._records import bad_record

PROLOGUE = (
    rb"(?:\xef\xbb\xbf)?+\s*+"
    rb"(?:(?:<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<![A-Za-z][^>\[]*+(?:\[[^\]]*+\][^>]*+)?+>)\s*+)*+"
)
"""What may stand before the root of an XML file: a regular expression."""

_MAX_BREAKS = 100
"""Broken places of one file behind which reading goes on."""
_LONGEST_START = 64
"""Bytes: more than the start of a record that was looked for can have."""


def records_of(source: Source, reading: Reading, names: frozenset[str]) -> Iterator[Record]:
    """The elements of these names, wherever they stand, but not those inside each other.

    Raises InputError for a file that declares entities or is broken all over.
    """
    starts = re.compile(b"<(?:" + "|".join(sorted(names)).encode() + rb")[\s/>]")
    read, encoding, is_recoded = _stream_of(source)
    last = Parser(source, reading, names, encoding=encoding)
    parser: Parser | None = last
    breaks, at, tail, is_final = 0, 0, b"", False
    while not is_final:
        chunk = read()
        is_final = not chunk
        data, tail, where = tail + chunk, b"", 0
        while True:
            if parser is None:
                found = starts.search(data, where)
                if found is None:
                    tail = data[max(where, len(data) - _LONGEST_START) :]
                    break
                where = found.start()
                parser = last = Parser(source, reading, names, last, begins=at + where)
            broken = parser.parse(data[where:], is_final=is_final)
            for record in parser.taken():
                yield record._replace(offset=None) if is_recoded else record
            if broken is None:
                break
            where = max(broken.at - at, parser.begins + 1 - at, 0)
            parser = None
            if not broken.is_over:
                breaks += 1
                error = bad_record(source, broken.reason, row=last.open_row, offset=broken.at)
                if breaks > _MAX_BREAKS:
                    raise error
                reading.on_bad(error)
        at += len(data) - len(tail)


def _stream_of(source: Source) -> tuple[Callable[[], bytes], str | None, bool]:
    """What gives the next bytes, their encoding if it is known, and whether it is not their own.

    expat reads Unicode and what has one byte for each character; the rest is made UTF-8 for it.
    """
    read = partial(source.stream.read1, BUFFER)
    declared = codec_name(source.charset) if source.charset else None
    encoding = declared or declared_in_html(head_of(source.stream))
    if encoding is None or encoding.startswith(("utf", "cp125", "iso8859", "koi8", "cp874")):
        return read, encoding, False
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    is_over = False

    def recoded() -> bytes:
        nonlocal is_over
        text = ""
        while not (text or is_over):
            piece = read()
            is_over = not piece
            text = decoder.decode(piece, is_over)
        return text.encode("utf-8", "replace")

    return recoded, "utf-8", True
