"""An archive → its articles as they came, with the posts' cards in their places; a file for each.

Asks nothing of the web. The files are other people's pages mended, not pages of ours: what the
articles load, they still load.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..errors import InputError
from ..models import ArticleRecord, MediaFile
from .folder import Folder
from .html import Layout, media_name
from .site import Source
from .splice import Spliced, splice_html, splice_markdown

HTML_SPLICE, MARKDOWN = "html-splice", "md"

_MEDIA_TYPES = {
    HTML_SPLICE: {"text/html": "html"},
    MARKDOWN: {"text/markdown": "md", "text/plain": "md"},
}
"""The articles that an edition holds, and how their files end."""


@dataclass(frozen=True, slots=True)
class EditionReport:
    """What was written."""

    articles: int
    posts: int
    """Places in which a card was put."""
    others: int
    """Articles of another format, which this edition leaves out."""
    written: int
    unchanged: int
    failures: tuple[str, ...]
    """Articles that could not be mended, with the reason."""


def render_edition(
    archive: Source, out: Path, edition: str, *, progress: Callable[[str], None] = lambda name: None
) -> EditionReport:
    """Write `html-splice` or `md` articles below `out`, pictures beside them in `out/media`.

    Raises UsageError where `out` cannot be written, DiskFull where there is no room.
    """
    folder = Folder(out, ("media",) if edition == HTML_SPLICE else ())
    suffixes = _MEDIA_TYPES[edition]
    articles = posts = others = 0
    failures: list[str] = []
    for record in archive.articles():
        suffix = suffixes.get(record.document.media_type)
        if suffix is None:
            others += 1
            continue
        try:
            spliced = _splice(archive, folder, record, edition)
        except InputError as error:
            failures.append(str(error))
            continue
        name = edition_name(record.document.uri, suffix)
        folder.write(name, spliced.content)
        progress(name)
        articles += 1
        posts += len(spliced.spans)
    return EditionReport(articles, posts, others, folder.written, folder.unchanged, tuple(failures))


def _splice(archive: Source, folder: Folder, record: ArticleRecord, edition: str) -> Spliced:
    if edition == MARKDOWN:
        return splice_markdown(record, archive.post)

    def media(file: MediaFile) -> str | None:
        name = media_name(file)
        if name is None:
            return None
        if not folder.holds(f"media/{name}", file.size):
            folder.write(f"media/{name}", archive.media_content(file.sha256))
        return f"media/{name}"

    return splice_html(record, archive.post, Layout(media))


def edition_name(uri: str, suffix: str) -> str:
    """A file name that tells people which article it is, and that no other article has."""
    last = uri.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2].rpartition(".")
    words = re.sub(r"[^a-z0-9]+", "-", (last[0] or last[2]).lower())[:60].strip("-")
    digest = sha256(uri.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{words or 'article'}-{digest}.{suffix}"
