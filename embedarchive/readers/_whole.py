"""One file, one document: what the readers of text, Markdown and HTML have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ..charset import decode
from ..errors import InputError
from ..models import Document

MAX_BYTES = 256 << 20
"""An article is some kilobytes; a larger file is a corpus, which has readers of its own."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """Reads a stream into one document of the given media type."""

    name: str
    suffixes: frozenset[str]
    media_type: str
    other_media_types: frozenset[str] = frozenset()

    @property
    def media_types(self) -> frozenset[str]:
        return self.other_media_types | {self.media_type}

    def read(self, uri: str, stream: BinaryIO, charset: str | None) -> Iterator[Document]:
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InputError(
                f"{uri}: larger than {MAX_BYTES >> 20} MB, too large for one article", uri=uri
            )
        decoded = decode(content, declared=charset, is_html=self.media_type == "text/html")
        yield Document(
            uri=uri,
            media_type=self.media_type,
            encoding=decoded.encoding,
            content=content,
            text=decoded.text,
            digest="sha256:" + hashlib.sha256(content).hexdigest(),
            bom=decoded.bom,
            damage=decoded.damage,
        )
