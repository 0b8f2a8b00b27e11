"""An article → the same bytes with cards in its posts' places; `marks.restore` takes them out.

Pure. Outside the references not one byte changes, and each card carries what it replaced: the
way back needs nothing but the file. What an HTML article itself runs or fetches stays in it: this
is for mending one's own pages, not for reading offline.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import InputError
from ..marks import find_marks, restore, wrap
from ..models import ArticleRecord, Document, Span
from ..tokenizer import COMMENT, TEXT, tokenize
from .article import FRONT_MATTER, Placed, Posts, place, places
from .faces.md import quotation
from .html import Layout, card_style, render
from .inert import Edit

_IN_TABLE = re.compile(r"[ \t]*\|")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Spliced:
    """A mended article."""

    content: bytes
    """In the encoding the article came in."""
    spans: tuple[Span, ...]
    """What was replaced, in characters of the document's text."""


def splice_html(record: ArticleRecord, posts: Posts, layout: Layout) -> Spliced:
    """The HTML article with a card in place of each embed, and their style in the first.

    Raises InputError for what is no HTML, and where the bytes could not be restored.
    """
    document = record.document
    if document.media_type != "text/html":
        raise InputError(f"{document.uri}: is no HTML", uri=document.uri)
    barred = (token for token in tokenize(document.text) if token.kind != TEXT)
    edits = _allowed(document, places(record.references)[0], ((t.start, t.end) for t in barred))
    first = next((edit for edit in edits if edit.card is not None), None)

    def write(edit: Edit, placed: Placed | None) -> tuple[str, str]:
        if placed is None:
            return "", ""
        # In the first card, as its first child: where HTML's checkers let a style stand.
        style = {"style": card_style()} if edit is first else {}
        return render("card.html", layout, card=placed.card, anchor=placed.anchor, **style), ""

    return _splice(record, posts, edits, write)


def splice_markdown(record: ArticleRecord, posts: Posts) -> Spliced:
    """The Markdown or plain article with a quotation in place of each embed.

    What lies in front matter, in a comment or in a table's row is left alone. Raises InputError
    for HTML, and where the bytes could not be restored.
    """
    document = record.document
    if document.media_type == "text/html":
        raise InputError(f"{document.uri}: is HTML, no Markdown", uri=document.uri)
    text = document.text
    line_end = "\r\n" if "\r\n" in text else "\n"
    front = FRONT_MATTER.match(text)
    body = front.end() if front else 0
    comments = (t for t in tokenize(text) if t.kind == COMMENT and t.start >= body)
    barred = [(0, body), *((comment.start, comment.end) for comment in comments)]
    edits = [
        edit
        for edit in _allowed(document, places(record.references)[0], barred)
        if not _IN_TABLE.match(text, text.rfind("\n", 0, edit.start) + 1)
    ]

    def write(edit: Edit, placed: Placed | None) -> tuple[str, str]:
        # A comment at the head of a line makes all of that line HTML (CommonMark 4.6).
        after = "" if _REST_OF_LINE.match(text, edit.end) else line_end * 2
        if placed is None:
            return "", after
        lines = ["", "", *quotation(placed.card).split("\n"), "", ""]
        return line_end.join(lines), after

    return _splice(record, posts, edits, write)


Write = Callable[[Edit, Placed | None], tuple[str, str]]
"""An edit and its card → the card as written, and the line ends behind it."""


def _splice(record: ArticleRecord, posts: Posts, edits: Iterable[Edit], write: Write) -> Spliced:
    document = record.document
    pieces = [document.content[: document.bom]]
    spans: list[Span] = []
    at = 0
    for edit in edits:
        pieces.append(_encoded(document, at, edit.start))
        placed = None if edit.card is None else place(record.references[edit.card], posts)
        card, after = write(edit, placed)
        mark = wrap(_encoded(document, edit.start, edit.end), card, after=after)
        pieces.append(mark.encode(document.encoding, "xmlcharrefreplace"))
        spans.append(Span(edit.start, edit.end))
        at = edit.end
    if not spans:
        return Spliced(document.content, ())
    content = b"".join([*pieces, _encoded(document, at, len(document.text))])
    # Encodings with states, and articles that hold marks of their own making, may not come back.
    if restore(content) != restore(document.content):
        raise InputError(
            f"{document.uri}: left alone, for it could not be restored", uri=document.uri
        )
    return Spliced(content, tuple(spans))


def _allowed(
    document: Document, edits: list[Edit], barred: Iterable[tuple[int, int]]
) -> list[Edit]:
    """The edits that cut nothing barred and lie in no card of an earlier mending."""
    ranges = sorted(barred)
    mended = [(mark.start, mark.end) for mark in find_marks(document.text)]
    return [
        edit
        for edit in edits
        if not any(_cuts(ranges, at) for at in edit[:2]) and not _touches(mended, edit)
    ]


def _cuts(ranges: list[tuple[int, int]], at: int) -> bool:
    """Whether a place lies inside one of the ranges, which lie in order and apart."""
    before = bisect_left(ranges, (at,)) - 1
    return before >= 0 and ranges[before][1] > at


def _touches(ranges: list[tuple[int, int]], edit: Edit) -> bool:
    before = bisect_left(ranges, (edit.end,)) - 1
    return before >= 0 and ranges[before][1] > edit.start


def _encoded(document: Document, start: int, end: int) -> bytes:
    """The bytes of a range of the text, those that were invalid as they came."""
    pieces: list[bytes] = []
    for damage in document.damage:
        if start <= damage.at < end:
            pieces.append(_encode(document, start, damage.at))
            pieces.append(document.content[damage.start : damage.end])
            start = damage.at + 1
    return b"".join([*pieces, _encode(document, start, end)])


def _encode(document: Document, start: int, end: int) -> bytes:
    return document.text[start:end].encode(document.encoding, "replace")
