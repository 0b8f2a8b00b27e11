"""The records of a large XML file, one element at a time.

Where the XML of a record is broken in the ways that are common, it is mended; else the place is
told, and reading goes on with the next one.
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
from ._mending import Window, mended
from ._records import bad_record

PROLOGUE = (
    rb"(?:\xef\xbb\xbf)?+\s*+"
    rb"(?:(?:<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<![A-Za-z][^>\[]*+(?:\[[^\]]*+\][^>]*+)?+>)\s*+)*+"
)
"""What may stand before the root of an XML file: a regular expression."""

_MAX_BREAKS = 100
"""Broken places of one file behind which reading goes on."""
_MAX_MENDED = 10_000
"""Records of one file that are mended; each takes two milliseconds, and a few bytes to need it."""


def records_of(source: Source, reading: Reading, names: frozenset[str]) -> Iterator[Record]:
    """The elements of these names, wherever they stand, but not those inside each other.

    Raises InputError for a file that declares entities or is broken all over.
    """
    tags = b"|".join(name.encode() for name in sorted(names))
    starts, ends = re.compile(b"<(?:" + tags + rb")[\s/>]"), re.compile(b"</(?:" + tags + rb")\s*>")
    read, encoding, is_recoded = _stream_of(source)
    window = Window(read)
    last = Parser(source, reading, names, encoding=encoding)
    parser: Parser | None = last
    breaks = mendings = fed = resume = 0
    while True:
        if parser is None:
            begins = window.search(starts, resume)
            if begins is None:
                return
            parser = last = Parser(source, reading, names, last, begins=begins)
            fed = begins
        broken = parser.parse(window.since(fed), is_final=window.is_final)
        fed = window.end
        for record in parser.taken():
            yield record._replace(offset=None) if is_recoded else record
        if broken is None:
            if window.is_final:
                return
            window.keep(parser.open_offset)
            window.more()
            continue
        parser = None
        resume = max(broken.at, last.begins + 1)
        if (begun := last.open_offset) is not None and mendings < _MAX_MENDED:
            mendings += 1
            region = window.until(ends, begun)
            again = Parser(source, reading, names, last, begins=begun, is_again=True)
            if region and again.parse(mended(region), is_final=False) is None and again.found:
                yield again.found[0]._replace(offset=None if is_recoded else begun)
                last, resume = again, begun + len(region)
                continue
        if not broken.is_over:
            breaks += 1
            error = bad_record(source, broken.reason, row=last.open_row, offset=broken.at)
            if breaks > _MAX_BREAKS:
                raise error
            reading.on_bad(error)


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
