"""An archive → a folder of static pages: articles, posts, media, lists. Asks nothing of the web.

The same archive gives the same bytes; a page that would not change is neither made nor written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from ..models import ArticleRecord, Level, MediaFile, PostRecord, StoredReference
from . import words
from .article import make_article
from .card import make_card, make_visits
from .folder import Folder, article_name, author_name, page_name
from .html import Layout, media_name, render_page
from .lists import ArticleRow, write_lists
from .manifest import inputs_of, inputs_of_article, inputs_of_post
from .rows import Row, read_row, written_row
from .view import Card

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
    inputs: dict[str, str] = {}
    for post in archive.posts():
        inputs[post.key] = inputs_of_post(post)
        rows.append(_write_post(archive, folder, post, inputs[post.key], media))
        progress(rows[-1].page)
    articles: list[ArticleRow] = []
    for article in archive.articles():
        articles.append(_write_article(archive, folder, article, inputs))
        progress(articles[-1].page)
    write_lists(folder, rows, articles)
    folder.finish()
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
    root="../",
)
_RECORD = replace(_FROM_BELOW, record=lambda key: None)
"""A post's own page does not point at itself."""


def _write_post(
    archive: Source, folder: Folder, record: PostRecord, inputs: str, media: set[str]
) -> Row:
    for file in record.media.values():
        _write_medium(archive, folder, file, media)
    name = f"posts/{page_name(record.key)}"
    kept = read_row(folder.kept(name, inputs))
    if kept is not None:
        return kept
    card = make_card(record)
    row = _row(card, name)
    page = render_page(
        "post.html",
        _RECORD,
        card=card,
        author=row.author,
        visits=make_visits(record.visits),
        places=[_place(reference) for reference in record.references],
    )
    folder.made(name, inputs, page, note=written_row(row))
    return row


def _write_medium(archive: Source, folder: Folder, file: MediaFile, media: set[str]) -> None:
    name = media_name(file)
    if name is None or name in media:
        return
    media.add(name)
    if not folder.holds(f"media/{name}", file.size):
        folder.write(f"media/{name}", archive.media_content(file.sha256))


def _write_article(
    archive: Source, folder: Folder, record: ArticleRecord, posts: dict[str, str]
) -> ArticleRow:
    inputs = inputs_of_article(
        record, [_inputs_of_key(archive, one.post_key, posts) for one in record.references]
    )
    name = f"articles/{article_name(record.document.uri)}"
    title = folder.kept(name, inputs)
    if title is None:
        article = make_article(record, archive.post)
        title = article.title
        page = render_page("article.html", _FROM_BELOW, article=article)
        folder.made(name, inputs, page, note=title)
    first_seen = words.moment(record.first_seen)
    return ArticleRow(name, title, record.document.uri, len(record.references), first_seen)


def _inputs_of_key(archive: Source, key: str, posts: dict[str, str]) -> str:
    if key not in posts:
        record = archive.post(key)
        posts[key] = inputs_of(None) if record is None else inputs_of_post(record)
    return posts[key]


def _place(stored: StoredReference) -> Place:
    level = stored.resolution.level
    page = f"../articles/{article_name(stored.uri)}#ref-{stored.id}"
    return Place(stored.uri, page, level, words.LEVEL_WORDS[level], stored.reference.form)


def _row(card: Card, page: str) -> Row:
    post = card.post
    text = " ".join(post.text.split())
    handle, taken = post.byline.handle, card.taken_down
    return Row(
        key=card.key,
        page=page,
        name=post.byline.name,
        handle=handle,
        date=post.date,
        excerpt=text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…",
        level=card.level,
        level_word=card.level_word,
        absence=f"{card.absence.lead} {card.absence.since.words}" if card.absence else None,
        reason=card.absence.reason if card.absence else None,
        is_gone=card.absence is not None and card.absence.word == "Unavailable",
        author=f"authors/{author_name(post.network.lower(), handle)}" if handle else None,
        taken_down=f"{taken.lead} {taken.at.words}" if taken else None,
        differs=next(iter(card.disagreements), None),
    )
