"""One file, one document: what the readers of text, Markdown and HTML have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..charset import decode
from ..errors import InputError
from ..models import Document, Needs, Reading, Source
from ..streams import read_all

MAX_BYTES = 256 << 20
"""An article is some kilobytes; a larger file is a corpus, which has readers of its own."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """Reads a stream into one document of the given media type."""

    name: str
    suffixes: frozenset[str]
    media_type: str
    other_media_types: frozenset[str] = frozenset()
    begins: re.Pattern[bytes] | None = None
    needs: Needs = Needs.STREAM

    @property
    def media_types(self) -> frozenset[str]:
        return self.other_media_types | {self.media_type}

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        content = read_all(source.stream, MAX_BYTES)
        if content is None:
            raise InputError(
                f"{source.uri}: larger than {MAX_BYTES >> 20} MB, too large for one article",
                uri=source.uri,
            )
        if not (reading.every_article or reading.is_candidate(content)):
            reading.on_skipped(1)
            return
        is_html = self.media_type == "text/html"
        decoded = decode(content, declared=source.charset, is_html=is_html)
        yield Document(
            uri=source.uri,
            media_type=self.media_type,
            encoding=decoded.encoding,
            content=content,
            text=decoded.text,
            digest="sha256:" + hashlib.sha256(content).hexdigest(),
            bom=decoded.bom,
            damage=decoded.damage,
        )
