"""An archive → a folder of static pages: articles, posts, media, lists. Asks nothing of the web.

The same archive gives the same bytes; a page that would not change is not written again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

from ..models import ArticleRecord, Level, MediaFile, PostRecord, StoredReference
from . import words
from .article import make_article
from .card import make_card, make_visits
from .folder import Folder, article_name, page_name
from .html import Layout, media_name, render_page
from .view import Card, Link, Row
from .words import Moment

PER_PAGE = 500
"""Rows of a list on one page."""

_EXCERPT = 180


class Source(Protocol):
    """What a site asks of the archive."""

    def posts(self) -> Iterator[PostRecord]: ...
    def post(self, key: str) -> PostRecord | None: ...
    def articles(self) -> Iterator[ArticleRecord]: ...
    def media_content(self, sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a rendering did."""

    articles: int
    posts: int
    media: int
    written: int
    """Files; the unchanged ones were left alone."""
    unchanged: int
    removed: int
    """Pages and media of earlier renderings that the archive no longer holds."""


class ArticleRow(NamedTuple):
    """One article in the list."""

    page: str
    title: str
    uri: str
    posts: int
    first_seen: Moment


class Place(NamedTuple):
    """Where a post is referred to."""

    uri: str
    page: str
    level: Level
    level_word: str
    form: str


def render_site(
    archive: Source, out: Path, *, progress: Callable[[str], None] = lambda name: None
) -> SiteReport:
    """Write the whole archive below `out`; `progress` is told the name of each page.

    Raises UsageError where `out` cannot be written, DiskFull where there is no room.
    """
    folder = Folder(out)
    media: set[str] = set()
    rows: list[Row] = []
    for post in archive.posts():
        rows.append(_write_post(archive, folder, post, media))
        progress(rows[-1].page)
    articles: list[ArticleRow] = []
    for article in archive.articles():
        articles.append(_write_article(archive, folder, article))
        progress(articles[-1].page)
    _write_lists(folder, rows, articles)
    folder.remove_stale()
    return SiteReport(
        articles=len(articles),
        posts=len(rows),
        media=len(media),
        written=folder.written,
        unchanged=folder.unchanged,
        removed=folder.removed,
    )


_FROM_BELOW = Layout(
    media=lambda file: f"../media/{media_name(file)}",
    record=lambda key: f"../posts/{page_name(key)}",
    home="../index.html",
)
_RECORD = replace(_FROM_BELOW, record=lambda key: None)
"""A post's own page does not point at itself."""
_FROM_TOP = Layout(media=lambda file: f"media/{media_name(file)}", home="index.html")


def _write_post(archive: Source, folder: Folder, record: PostRecord, media: set[str]) -> Row:
    for file in record.media.values():
        _write_medium(archive, folder, file, media)
    card = make_card(record)
    name = f"posts/{page_name(record.key)}"
    page = render_page(
        "post.html",
        _RECORD,
        card=card,
        visits=make_visits(record.visits),
        places=[_place(reference) for reference in record.references],
    )
    folder.write(name, page.encode())
    return _row(card, name)


def _write_medium(archive: Source, folder: Folder, file: MediaFile, media: set[str]) -> None:
    name = media_name(file)
    if name is None or name in media:
        return
    media.add(name)
    if not folder.holds(f"media/{name}", file.size):
        folder.write(f"media/{name}", archive.media_content(file.sha256))


def _write_article(archive: Source, folder: Folder, record: ArticleRecord) -> ArticleRow:
    article = make_article(record, archive.post)
    name = f"articles/{article_name(article.uri)}"
    folder.write(name, render_page("article.html", _FROM_BELOW, article=article).encode())
    return ArticleRow(name, article.title, article.uri, len(record.references), article.first_seen)


def _place(stored: StoredReference) -> Place:
    level = stored.resolution.level
    page = f"../articles/{article_name(stored.uri)}#ref-{stored.id}"
    return Place(stored.uri, page, level, words.LEVEL_WORDS[level], stored.reference.form)


def _row(card: Card, page: str) -> Row:
    post = card.post
    text = " ".join(post.text.split())
    return Row(
        key=card.key,
        page=page,
        name=post.byline.name,
        handle=post.byline.handle,
        date=post.date,
        excerpt=text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…",
        level=card.level,
        level_word=card.level_word,
        absence=f"{card.absence.lead} {card.absence.since.words}" if card.absence else None,
    )


# --- lists ---------------------------------------------------------------------------------------


def _write_lists(folder: Folder, rows: list[Row], articles: list[ArticleRow]) -> None:
    titles = {"by-date": "By date", "by-author": "By author", "by-state": "By what is known"}
    levels = Counter(words.LEVEL_WORDS[row.level] for row in rows)
    _write_list(
        folder,
        "index",
        "Archive",
        [("Articles", row) for row in sorted(articles, key=lambda row: (row.title, row.uri))],
        posts=len(rows),
        levels=[(word, levels[word]) for word in words.LEVEL_WORDS.values() if levels[word]],
        absent=sum(row.absence is not None for row in rows),
        views=[Link(title, f"{name}.html") for name, title in titles.items()],
    )
    listed = {
        "by-date": sorted(rows, key=lambda row: row.date.iso if row.date else "", reverse=True),
        "by-author": sorted(rows, key=lambda row: (row.name.casefold(), row.key)),
        "by-state": sorted(rows, key=lambda row: (_LEVELS.index(row.level), row.key)),
    }
    headings: dict[str, Callable[[Row], str]] = {
        "by-date": lambda row: row.date.iso[:4] if row.date else "Without a date",
        "by-author": lambda row: row.name,
        "by-state": lambda row: row.level_word,
    }
    for name, title in titles.items():
        grouped = [(headings[name](row), row) for row in listed[name]]
        _write_list(folder, name, title, grouped)


_LEVELS = list(Level)


def _write_list(
    folder: Folder, name: str, title: str, rows: Sequence[tuple[str, object]], **values: object
) -> None:
    """A list on as many pages as it takes; each row comes with the heading it stands under."""
    total = max(1, -(-len(rows) // PER_PAGE))
    names = [f"{name}.html", *(f"{name}-{number}.html" for number in range(2, total + 1))]
    for number, page in enumerate(names):
        shown = rows[number * PER_PAGE : (number + 1) * PER_PAGE]
        groups = [
            (heading, [row for _, row in group])
            for heading, group in groupby(shown, key=lambda pair: pair[0])
        ]
        content = render_page(
            f"{'index' if name == 'index' else 'list'}.html",
            _FROM_TOP,
            heading=title,
            groups=groups,
            pages=[Link(str(at + 1), other) for at, other in enumerate(names)] if total > 1 else [],
            current=page,
            **values,
        )
        folder.write(page, content.encode())
