"""Paths, directories, URLs and standard input → Documents. Reads, never writes."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import InputError
from .models import Document, Fetcher, Reader
from .readers import READERS

STDIN = "-"

_BY_SUFFIX: dict[str, Reader] = {suffix: r for r in READERS for suffix in r.suffixes}
_BY_MEDIA_TYPE: dict[str, Reader] = {kind: r for r in READERS for kind in r.media_types}
_BY_NAME: dict[str, Reader] = {r.name: r for r in READERS}

_LOOKS_LIKE_HTML = re.compile(rb"\A[\s\xef\xbb\xbf]{0,64}<(?:!doctype\s+html|html[\s>])", re.I)


def is_url(source: str) -> bool:
    """Whether a source given on the command line is to be fetched."""
    return source.lower().startswith(("http://", "https://"))


def expand(sources: Iterable[str]) -> Iterator[str]:
    """Each source as it is, each directory as the readable files below it, in sorted order.

    Hidden files and linked directories are left out. Raises nothing: what does not exist comes
    through, and fails when it is read.
    """
    for source in sources:
        if source == STDIN or is_url(source) or not os.path.isdir(source):
            yield source
            continue
        for folder, folders, files in os.walk(source):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith(".") and _suffix(name) in _BY_SUFFIX:
                    yield os.path.join(folder, name)


def read_documents(
    source: str, *, fetch: Fetcher | None = None, stdin: BinaryIO | None = None
) -> Iterator[Document]:
    """The documents of one expanded source.

    `fetch` reads URLs and `stdin` is what `-` stands for; without them these sources fail.
    Raises InputError with one clear line, UpstreamError where a URL could not be fetched.
    """
    if is_url(source):
        yield from _fetched(source, fetch)
    elif source == STDIN:
        if stdin is None:
            raise InputError("-: no standard input here", uri=source)
        yield from _read(source, stdin, None)
    else:
        try:
            with Path(source).open("rb") as stream:
                yield from _read(source, stream, _BY_SUFFIX.get(_suffix(source)))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{source}: cannot be read: {reason}", uri=source) from error


def _fetched(url: str, fetch: Fetcher | None) -> Iterator[Document]:
    if fetch is None:
        raise InputError(f"{url}: not fetched, since the run is offline", uri=url)
    response = fetch.get(url)
    if response.status != 200:
        raise InputError(f"{url}: answered HTTP {response.status}", uri=url)
    media_type, _, parameters = response.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([^\s;\"']+)", parameters, re.I)
    reader = _BY_MEDIA_TYPE.get(media_type.strip().lower())
    yield from _read(url, io.BytesIO(response.body), reader, charset[1] if charset else None)


def _read(
    uri: str, stream: BinaryIO, reader: Reader | None, charset: str | None = None
) -> Iterator[Document]:
    if reader is None:
        buffered = stream if isinstance(stream, io.BufferedReader) else io.BytesIO(stream.read())
        head = (
            buffered.peek(256) if isinstance(buffered, io.BufferedReader) else buffered.getvalue()
        )
        reader = _BY_NAME["html" if _LOOKS_LIKE_HTML.match(head) else "text"]
        stream = buffered
    yield from reader.read(uri, stream, charset)


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()
