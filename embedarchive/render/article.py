"""An ArticleRecord and the posts it refers to → the article as a page, the posts in their places.

Pure. What lies outside the references is shown as it stands in the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

from markdown_it import MarkdownIt

from ..models import ArticleRecord, Document, Kind, PostRecord, StoredReference
from . import words
from .attachments import web_url
from .card import make_card
from .html import Layout, render_page
from .inert import Edit, InertPage, make_inert
from .view import Card, Inert
from .words import Moment

Posts = Callable[[str], PostRecord | None]
"""The record of a post, by its key."""

_IN_PLACE = frozenset({Kind.EMBED, Kind.UNRESOLVED})
"""What stood in the article as a post and is shown as one; a link in prose stays a link."""

FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.{0,8000}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?([^\n]{1,300}?)[\"']?[ \t]*$", re.MULTILINE)
_QUOTE_MARKS = re.compile(r"[ \t>*+-]*\Z")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_LONGEST_HEADLINE = 120
_LONGEST_LINE = 120
"""A longer one was not wrapped by hand: then each line is a paragraph."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A card and where it stands."""

    card: Card
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a plain text."""

    text: str
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """A whole article as it is shown."""

    title: str
    uri: str
    url: str | None
    first_seen: Moment
    last_seen: Moment
    published: Moment | None
    digest: str
    blocks: tuple[Inert | Placed | Paragraph, ...]
    has_headline: bool
    front_matter: str | None
    others: tuple[Placed, ...]
    """Posts it only mentions, and posts whose place is another's."""
    lang: str | None
    direction: str | None


def render_article(record: ArticleRecord, posts: Posts, layout: Layout) -> str:
    """The page of one article."""
    return render_page("article.html", layout, article=make_article(record, posts))


def make_article(record: ArticleRecord, posts: Posts, *, prefix: str = "a-") -> Article:
    """What the page of an article shows; its own anchors stand behind `prefix`."""
    document = record.document
    placed = [place(reference, posts) for reference in record.references]
    edits, used = places(record.references)
    page, blocks, front_matter = _READERS.get(document.media_type, _plain)(document, edits, prefix)
    return Article(
        title=page.title or page.headline or _last_part(document.uri),
        uri=document.uri,
        url=web_url((document.origin and document.origin.url) or document.uri),
        first_seen=words.moment(record.first_seen),
        last_seen=words.moment(record.last_seen),
        published=words.moment(document.published_at) if document.published_at else None,
        digest=document.digest,
        blocks=tuple(placed[block] if isinstance(block, int) else block for block in blocks),
        has_headline=page.headline is not None,
        front_matter=front_matter,
        others=tuple(
            item
            for number, (item, reference) in enumerate(zip(placed, record.references, strict=True))
            if number not in used and reference.reference.kind is not Kind.CREDIT
        ),
        lang=page.lang,
        direction=page.direction,
    )


def place(reference: StoredReference, posts: Posts) -> Placed:
    """The card for one reference; a stub of its claim where the archive has no such post."""
    record = posts(reference.post_key)
    if record is None:
        record = PostRecord(
            key=reference.post_key,
            target=reference.resolution.target,
            level=reference.resolution.level,
            references=(reference,),
            snapshot=None,
        )
    return Placed(make_card(record, reference), f"ref-{reference.id}")


def places(references: Iterable[StoredReference]) -> tuple[list[Edit], set[int]]:
    """Ranges to replace, in order and apart, and the numbers of the references so placed.

    A reference in several parts stands at its first; the others close up.
    """
    ranges: list[tuple[int, int, int]] = []
    for number, stored in enumerate(references):
        reference = stored.reference
        if reference.kind in _IN_PLACE:
            ranges += [(start, end, number) for start, end in stored.places if start < end]
    edits: list[Edit] = []
    used: set[int] = set()
    for start, end, number in sorted(ranges):
        if edits and start < edits[-1].end:
            continue
        edits.append(Edit(start, end, None if number in used else number))
        used.add(number)
    return edits, used


def _last_part(uri: str) -> str:
    return uri.rstrip("/").rpartition("/")[2] or uri


Read = tuple[InertPage, list[Inert | Paragraph | int], str | None]


def _html(document: Document, edits: list[Edit], prefix: str) -> Read:
    page = make_inert(document.text, edits, base=web_url(document.uri) or "", prefix=prefix)
    return page, _blocks(page), None


def _blocks(page: InertPage) -> list[Inert | Paragraph | int]:
    return [part if isinstance(part, int) else Inert(part) for part in page.parts]


def _markdown(document: Document, edits: list[Edit], prefix: str) -> Read:
    """Markdown is rendered with a mark in each place, then read as the HTML it became."""
    text = document.text
    front = FRONT_MATTER.match(text)
    if front and edits and edits[0].start < front.end():
        front = None
    mark = next(m for m in (f"embedarchiveplace{n}x" for n in count()) if m not in text)
    pieces: list[str] = []
    at = front.end() if front else 0
    for number, edit in enumerate(edits):
        before = text[at : edit.start]
        # The marks of a quoted or listed post are its own, as far as nothing else stands there.
        line = before.rpartition("\n")[2]
        if _QUOTE_MARKS.match(line):
            before = before[: len(before) - len(line)]
        pieces += [before, f"\n\n{mark}{number}z\n\n"]
        at = edit.end
    source = "".join([*pieces, text[at:]])
    html: str = MarkdownIt("commonmark", {"html": True}).enable("table").render(source)
    places = [
        Edit(found.start(), found.end(), edits[int(found[1])].card)
        for found in re.finditer(rf"(?:<p>)?{mark}([0-9]{{1,9}})z(?:</p>)?", html)
    ]
    page = make_inert(html, places, base=web_url(document.uri) or "", prefix=prefix)
    title = _FRONT_TITLE.search(front[1]) if front else None
    page.title = title[1] if title else None
    return page, _blocks(page), front[1] if front else None


def _plain(document: Document, edits: list[Edit], prefix: str) -> Read:
    text = document.text
    page = InertPage()
    blocks: list[Inert | Paragraph | int] = []
    at = 0
    for edit in (*edits, Edit(len(text), len(text), None)):
        for paragraph in _paragraphs(text[at : edit.start]):
            is_headline = not blocks and len(paragraph) <= _LONGEST_HEADLINE
            if is_headline:
                page.headline = " ".join(paragraph.split())
            blocks.append(Paragraph(paragraph, is_headline))
        if edit.card is not None:
            blocks.append(edit.card)
        at = edit.end
    return page, blocks, None


def _paragraphs(text: str) -> Iterable[str]:
    for block in _PARAGRAPH.split(text.replace("\r\n", "\n")):
        lines = [line for line in block.split("\n") if line.strip()]
        if any(len(line) > _LONGEST_LINE for line in lines):
            yield from lines
        elif lines:
            yield "\n".join(lines)


_READERS: dict[str, Callable[[Document, list[Edit], str], Read]] = {
    "text/html": _html,
    "text/markdown": _markdown,
    "text/plain": _plain,
}
