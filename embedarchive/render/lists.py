"""Rows of posts and articles → the pages that list them: by date, author and state, and a search.

Each list takes as many pages as it needs. Only the search runs a script, which the page's policy
names by its digest: it reads an index that lies in the page and asks for nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from ..models import Level
from . import words
from .folder import Folder
from .html import Layout, asset, render_page, render_scripted_page
from .manifest import inputs_of
from .rows import Row
from .view import Inert, Link
from .words import Moment

PER_PAGE = 500
"""Rows of a list on one page."""
MOST_SEARCHED = 20_000
"""Posts in the index of the search: more would make its page too large for a browser."""

_TOP = Layout(media=lambda file: None, home="index.html")
_BELOW = Layout(media=lambda file: None, home="../index.html", root="../")
_LEVELS = list(Level)


class ArticleRow(NamedTuple):
    """One article in the list."""

    page: str
    title: str
    uri: str
    posts: int
    first_seen: Moment


class AuthorRow(NamedTuple):
    """One author in the list."""

    page: str
    name: str
    handle: str
    posts: int
    gone: int


def write_lists(folder: Folder, rows: Sequence[Row], articles: Iterable[ArticleRow]) -> None:
    """Write every list below the folder's top, the front page among them."""
    newest = sorted(rows, key=_day, reverse=True)
    gone = [row for row in newest if row.is_gone]
    disputed = [row for row in newest if row.level is Level.DISPUTED]
    by_state = sorted(rows, key=lambda row: (_LEVELS.index(row.level), row.key))
    _write(folder, "by-date", "Posts by date", [(_year(row), row) for row in newest])
    _write(folder, "by-state", "Posts by what is known", [(r.level_word, r) for r in by_state])
    gone.sort(key=lambda row: row.reason or "")
    _write(
        folder,
        "gone",
        "What is gone",
        [(_sentence(row.reason), row._replace(reason=None)) for row in gone],
    )
    disputed_rows = [("The article and the post disagree", row) for row in disputed]
    _write(folder, "disputed", "What is disputed", disputed_rows)
    authors = _write_authors(folder, newest)
    _write_search(folder, newest)
    levels = Counter(row.level for row in rows)
    _write(
        folder,
        "index",
        "Archive",
        [("Articles", row) for row in sorted(articles, key=lambda row: (row.title, row.uri))],
        template="index.html",
        layout=Layout(media=lambda file: None),
        posts=len(rows),
        levels=[
            (level.value, words.LEVEL_WORDS[level], levels[level])
            for level in sorted(levels, key=_LEVELS.index)
        ],
        meanings=[
            (level.value, words.LEVEL_WORDS[level], words.meaning(level)) for level in _LEVELS
        ],
        gone=len(gone),
        views=[
            Link("By date", "by-date.html"),
            Link(f"Authors ({authors:,})", "by-author.html"),
            Link("By what is known", "by-state.html"),
            Link(f"Gone ({len(gone):,})", "gone.html"),
            Link(f"Disputed ({len(disputed):,})", "disputed.html"),
            Link("Search", "search.html"),
        ],
    )


def _day(row: Row) -> tuple[str, str]:
    return (row.date.iso if row.date else "", row.key)


def _year(row: Row) -> str:
    return row.date.iso[:4] if row.date else "Without a date"


def _sentence(reason: str | None) -> str:
    return f"{reason[0].upper()}{reason[1:]}" if reason else ""


def _write_authors(folder: Folder, newest: Iterable[Row]) -> int:
    """A page for each author, and the list of authors; returns how many."""
    posts: dict[str, list[Row]] = {}
    for row in newest:
        if row.author:
            posts.setdefault(row.author, []).append(row)
    authors = [_author(page, of_author) for page, of_author in posts.items()]
    authors.sort(key=lambda author: (author.name.casefold(), author.page))
    for author in authors:
        name = author.page.removesuffix(".html")
        heading = f"{author.name} (@{author.handle})"
        of_author = [(_year(row), row) for row in posts[author.page]]
        _write(folder, name, heading, of_author, layout=_BELOW)
    listed = [(_initial(author.name), author) for author in authors]
    _write(folder, "by-author", "Authors", listed, template="authors.html")
    return len(authors)


def _author(page: str, rows: Sequence[Row]) -> AuthorRow:
    """By the name and handle of the newest post."""
    gone = sum(row.is_gone for row in rows)
    return AuthorRow(page, rows[0].name, rows[0].handle or "", len(rows), gone)


def _initial(name: str) -> str:
    first = next((character for character in name if character.isalnum()), "·")
    return first.upper()


def _write_search(folder: Folder, newest: Sequence[Row]) -> None:
    searched = newest[:MOST_SEARCHED]
    inputs = inputs_of(searched, len(newest))
    if folder.kept("search.html", inputs) is not None:
        return
    index = [
        [
            *(r.page, r.name, r.handle, r.date and r.date.words),
            *(r.excerpt, r.level_word, r.absence, r.reason, r.taken_down),
        ]
        for r in searched
    ]
    page = render_scripted_page(
        "search.html",
        _TOP,
        asset("search.js"),
        index=Inert(json.dumps(index, separators=(",", ":")).replace("<", "\\u003c")),
        searched=len(searched),
        posts=len(newest),
    )
    folder.made("search.html", inputs, page)


def _write(
    folder: Folder,
    name: str,
    title: str,
    rows: Sequence[tuple[str, object]],
    *,
    template: str = "list.html",
    layout: Layout = _TOP,
    **values: object,
) -> None:
    """A list on as many pages as it takes; each row comes with the heading it stands under."""
    total = max(1, -(-len(rows) // PER_PAGE))
    names = [f"{name}.html", *(f"{name}-{number}.html" for number in range(2, total + 1))]
    files = [page.rpartition("/")[2] for page in names]
    pages = [Link(str(at + 1), file) for at, file in enumerate(files)] if total > 1 else []
    for number, page in enumerate(names):
        shown = rows[number * PER_PAGE : (number + 1) * PER_PAGE]
        inputs = inputs_of(template, title, shown, pages, page, values)
        if folder.kept(page, inputs) is None:
            groups = [
                (heading, [row for _, row in group])
                for heading, group in groupby(shown, key=lambda pair: pair[0])
            ]
            content = render_page(
                template,
                layout,
                heading=title,
                groups=groups,
                pages=pages,
                current=files[number],
                **values,
            )
            folder.made(page, inputs, content)
