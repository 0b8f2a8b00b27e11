"""WACZ: a ZIP file with the WARC files of a crawl (specs.webrecorder.net/wacz)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from typing import cast

from ..errors import InputError
from ..models import Document, Needs, Reading, Source
from ._warc import Archive, read_archive


class Wacz:
    name = "wacz"
    suffixes = frozenset({".wacz"})
    media_types = frozenset({"application/wacz"})
    begins = re.compile(rb"PK\x03\x04.{26}(?:archive/|datapackage)", re.DOTALL)
    needs = Needs.FILE

    def read(self, source: Source, reading: Reading) -> Iterator[Document]:
        """A document a record; its key is `NAME:BYTE`, the name being that of the WARC file."""
        try:
            with zipfile.ZipFile(source.path or "") as package:
                names = [name for name in package.namelist() if _is_warc(name)]
                for name in names:
                    open_at = partial(_opened, package, name)
                    archive = Archive(source, reading, open_at, prefix=f"{name}:")
                    yield from read_archive(archive, open_at(0))
                    reading.on_bytes(package.getinfo(name).compress_size)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise InputError(f"{source.uri}: no WACZ: {error}", uri=source.uri) from error


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.endswith((".warc", ".warc.gz", ".warc.zst"))


def _opened(package: zipfile.ZipFile, name: str, offset: int) -> BufferedReader:
    stream = package.open(name)
    stream.seek(offset)
    return cast(BufferedReader, stream)


READER = Wacz()
