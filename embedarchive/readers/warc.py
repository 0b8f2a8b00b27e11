"""Web archives, WARC and WET: pages and texts of a crawl. Needs the extra `corpora`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader

from ..models import Document, Needs, Reading, Source
from ..streams import decompressed, head_of
from ._warc import Archive, read_archive


class Warc:
    name = "warc"
    suffixes = frozenset({".warc", ".wet"})
    media_types = frozenset({"application/warc"})
    begins = re.compile(rb"WARC/[01]\.")
    needs = Needs.RAW

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        """A document a record with a page or a text; its key is the record's first byte."""
        with ExitStack() as opened:

            def open_at(offset: int) -> BufferedReader:
                stream = opened.enter_context(open(source.path or "", "rb"))
                stream.seek(offset)
                return stream

            stream = source.stream
            if head_of(stream).startswith(b"BZh"):  # which FastWARC does not read
                yield from read_archive(Archive(source, reading), decompressed(source.uri, stream))
                return
            archive = Archive(source, reading, open_at if source.path is not None else None)
            yield from read_archive(archive, stream)


READER = Warc()
