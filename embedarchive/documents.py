"""Paths, directories, URLs and standard input → Documents. Reads, never writes."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from .errors import InputError, UpstreamError, UsageError
from .models import Document, Fetcher, Needs, Piece, Reader, Reading, Source
from .readers import READERS
from .streams import bare_name, buffered, decompressed, head_of, is_compressed, spooled

STDIN = "-"

_BY_SUFFIX: dict[str, Reader] = {suffix: r for r in READERS for suffix in r.suffixes}
_BY_MEDIA_TYPE: dict[str, Reader] = {kind: r for r in READERS for kind in r.media_types}
_BY_NAME: dict[str, Reader] = {r.name: r for r in READERS}

_OTHER_XML = re.compile(rb"[\s\xef\xbb\xbf]{0,64}<\?xml\s")
"""The XML of news agencies and of word processors is markup, as pages are."""

_TOLD_BY_CONTENT = frozenset({".xml"})
"""Suffixes of many kinds of files."""

_PLAIN = Reading()
_DEPTH = 3
"""How far sources that name others are followed: a sitemap index, its sitemaps, their pages."""


def is_url(source: str) -> bool:
    """Whether a source given on the command line is to be fetched."""
    return source.lower().startswith(("http://", "https://"))


def expand(sources: Iterable[str], reading: Reading = _PLAIN) -> Iterator[str]:
    """Each source as it is, each directory as the readable files below it, in sorted order.

    Hidden files and linked directories are left out, and databases unless the reading says what
    to select from them. Raises nothing: what does not exist comes through, and fails when read.
    """
    for source in sources:
        if source == STDIN or is_url(source) or not os.path.isdir(source):
            yield source
            continue
        for folder, folders, files in os.walk(source):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith(".") and _is_readable(name, reading):
                    yield os.path.join(folder, name)


def read_all(
    sources: Iterable[str],
    reading: Reading = _PLAIN,
    *,
    fetch: Fetcher | None = None,
    stdin: BinaryIO | None = None,
    piece: Piece | None = None,
) -> Iterator[Document]:
    """The documents of all sources; `on_bad` is told of what cannot be read, sources included.

    Raises UsageError, as `read_documents` does.
    """
    for source in expand(sources, reading):
        try:
            yield from read_documents(source, reading, fetch=fetch, stdin=stdin, piece=piece)
        except (InputError, UpstreamError) as error:
            reading.on_bad(error)


def listed(lines: Iterable[bytes]) -> Iterator[str]:
    """The sources that a list names, one a line; blank lines and lines with # in front are none."""
    for line in lines:
        name = os.fsdecode(line.rstrip(b"\r\n"))
        if name.strip() and not name.startswith("#"):
            yield name


def size_of(sources: Iterable[str], reading: Reading = _PLAIN) -> int | None:
    """How many bytes the files of the sources take on disk; None where that cannot be told."""
    total = 0
    for source in expand(sources, reading):
        if source == STDIN or is_url(source):
            return None
        with suppress(OSError, ValueError):
            total += os.path.getsize(source)
    return total or None


def read_documents(
    source: str,
    reading: Reading = _PLAIN,
    *,
    fetch: Fetcher | None = None,
    stdin: BinaryIO | None = None,
    piece: Piece | None = None,
) -> Iterator[Document]:
    """The documents of one expanded source, one at a time; of a divisible file those of a piece.

    `fetch` reads URLs and `stdin` is what `-` stands for; without them these sources fail.
    Raises InputError with one clear line, UpstreamError where a URL could not be fetched,
    UsageError where the reading asks for what there is not.
    """
    follow = partial(_fetched, reading=reading, fetch=fetch, depth=_DEPTH) if fetch else None
    if is_url(source):
        yield from _fetched(source, reading, fetch, _DEPTH)
    elif source == STDIN:
        if stdin is None:
            raise InputError("-: no standard input here", uri=source)
        opened = Source(source, buffered(stdin, reading.on_bytes), follow=follow)
        yield from _read(opened, None, reading)
    else:
        try:
            with open(source, "rb", buffering=0) as stream:
                reader = _BY_SUFFIX.get(_suffix(source))
                if piece is not None:
                    reader = divisible(source, reading)
                    if reader is None:
                        raise InputError(f"{source}: was changed while it was read", uri=source)
                    stream.seek(piece.start)
                content = buffered(stream, reading.on_bytes)
                opened = Source(source, content, path=source, follow=follow, piece=piece)
                if reader is not None and piece is not None:
                    yield from reader.read(opened, reading)
                else:
                    yield from _read(opened, reader, reading)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{source}: cannot be read: {reason}", uri=source) from error


def divisible(source: str, reading: Reading = _PLAIN) -> Reader | None:
    """The reader of a file on disk that can be read in pieces; None where it is one whole.

    Raises UsageError, as `read_documents` does; what cannot be read is said when it is read.
    """
    try:
        with open(source, "rb", buffering=0) as stream:
            content = buffered(stream, lambda count: None)
            if is_compressed(content):
                return None
            reader = _named(reading.format) if reading.format else _BY_SUFFIX.get(_suffix(source))
            reader = reader or _recognised(content)
    except (OSError, ValueError):
        return None
    return reader if getattr(reader, "is_divisible", False) else None


def _fetched(url: str, reading: Reading, fetch: Fetcher | None, depth: int) -> Iterator[Document]:
    if fetch is None:
        raise InputError(f"{url}: not fetched, since the run is offline", uri=url)
    if not depth:
        raise InputError(f"{url}: not followed, since too many sources lead to it", uri=url)
    response = fetch.get(url)
    if response.status != 200:
        raise InputError(f"{url}: answered HTTP {response.status}", uri=url)
    media_type, _, parameters = response.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([^\s;\"']+)", parameters, re.I)
    reader = _BY_MEDIA_TYPE.get(media_type.strip().lower())
    source = Source(
        url,
        buffered(io.BytesIO(response.body), reading.on_bytes),
        charset=charset[1] if charset else None,
        follow=partial(_fetched, reading=reading, fetch=fetch, depth=depth - 1),
    )
    yield from _read(source, reader, reading)


def _read(source: Source, reader: Reader | None, reading: Reading) -> Iterator[Document]:
    """The documents of a source whose stream is as it lies there."""
    raw = source.stream
    if reading.format is not None:
        reader = _named(reading.format)
    if reader is not None and reader.needs is Needs.RAW:
        yield from reader.read(source, reading)
        return
    is_plain = not is_compressed(raw)
    if not is_plain:
        source = replace(source, stream=decompressed(source.uri, raw))
    reader = reader or _recognised(source.stream)
    if reader.needs is not Needs.FILE or (is_plain and source.path is not None):
        yield from reader.read(source, reading)
        return
    with spooled(source.stream) as path:
        yield from reader.read(replace(source, path=path), reading)


def _named(name: str) -> Reader:
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UsageError(f"--format: {name} is none of {', '.join(_BY_NAME)}") from None


def _recognised(content: io.BufferedReader) -> Reader:
    """The reader that a file's beginning calls for."""
    head = head_of(content)
    for reader in READERS:
        if reader.begins is not None and reader.begins.match(head):
            return reader
    return _BY_NAME["html" if _OTHER_XML.match(head) else "text"]


def _is_readable(name: str, reading: Reading) -> bool:
    suffix = _suffix(name)
    reader = _BY_SUFFIX.get(suffix)
    if reader is None:
        return suffix in _TOLD_BY_CONTENT
    return reader.name != "sqlite" or reading.sql is not None


def _suffix(path: str) -> str:
    return os.path.splitext(bare_name(path))[1].lower()
