"""An archive → one file with every article and post, pictures and films inside. Makes no request.

For archives of a size that one can mail: a picture that stands in several places is there as often.
"""

from __future__ import annotations

import os
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

from ..models import MediaFile
from .article import Article, make_article
from .card import make_card
from .folder import explained
from .html import Layout, media_name, stream_page
from .site import Source
from .view import Card, Link


def render_single(
    archive: Source, file: Path, *, progress: Callable[[str], None] = lambda name: None
) -> int:
    """Write the whole archive as one page; returns its size in bytes.

    It is written piece by piece, whole or not at all. Raises UsageError where the file cannot be
    written, DiskFull where there is no room.
    """

    def inline(medium: MediaFile) -> str | None:
        if media_name(medium) is None:
            return None
        content = b64encode(archive.media_content(medium.sha256)).decode()
        return f"data:{medium.content_type};base64,{content}"

    placed: set[str] = set()
    chunks = stream_page(
        "single.html",
        Layout(inline),
        contents=_contents(archive),
        articles=_articles(archive, placed, progress),
        cards=_cards(archive, placed, progress),
    )
    try:
        return _write(file, chunks)
    except OSError as error:
        raise explained(error, file) from error


def _contents(archive: Source) -> list[Link]:
    articles = (make_article(record, archive.post) for record in archive.articles())
    return [Link(article.title, article.uri) for article in articles]


def _articles(
    archive: Source, placed: set[str], progress: Callable[[str], None]
) -> Iterator[Article]:
    for number, record in enumerate(archive.articles(), 1):
        placed.update(reference.post_key for reference in record.references)
        yield make_article(record, archive.post, prefix=f"a{number}-")
        progress(record.document.uri)


def _cards(archive: Source, placed: set[str], progress: Callable[[str], None]) -> Iterator[Card]:
    for record in archive.posts():
        if record.key not in placed:
            yield make_card(record)
            progress(record.key)


def _write(file: Path, chunks: Iterator[str]) -> int:
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".embedarchive-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                out.write(chunk.encode())
            size = out.tell()
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    return size
