"""An HTML article → the same bytes with its posts' cards in their places, and back again.

Pure. Outside the references not one byte changes, and each card carries what it replaced: the
way back needs nothing but the file. What the article itself runs or fetches stays in it: this is
for mending one's own pages, not for reading offline.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import AnyStr

from ..errors import InputError
from ..models import ArticleRecord, Document, Span
from ..tokenizer import TEXT, tokenize
from .article import Placed, Posts, place, places
from .html import Layout, render
from .inert import Edit

_MARKS = _BEGIN, _END, _CLOSE = "<!-- embedarchive:begin ", "<!-- embedarchive:end ", " -->"


@dataclass(frozen=True, slots=True)
class Spliced:
    """A mended article."""

    content: bytes
    """In the encoding the article came in."""
    spans: tuple[Span, ...]
    """What was replaced, in characters of the document's text."""


def splice_article(record: ArticleRecord, posts: Posts, layout: Layout) -> Spliced:
    """The article with a card in place of each embed; `restore` gives the article back.

    Raises InputError for what is no HTML, and where the bytes cannot be made again from the text.
    """
    document = record.document
    if document.media_type != "text/html":
        raise InputError(f"{document.uri} is no HTML: it cannot be mended", uri=document.uri)
    if _encoded(document, 0, len(document.text)) != document.content[document.bom :]:
        raise InputError(f"{document.uri} cannot be written again byte for byte", uri=document.uri)
    pieces = [document.content[: document.bom]]
    spans: list[Span] = []
    at = 0
    for edit in _outside_markup(document.text, places(record.references)[0]):
        original = _encoded(document, edit.start, edit.end)
        pieces.append(_encoded(document, at, edit.start))
        if edit.card is not None:
            placed = place(record.references[edit.card], posts)
            pieces.append(_marked(original, placed, layout, document.encoding))
        else:
            pieces.append(_marked(original, None, layout, document.encoding))
        spans.append(Span(edit.start, edit.end))
        at = edit.end
    pieces.append(_encoded(document, at, len(document.text)))
    return Spliced(b"".join(pieces), tuple(spans))


def restore(content: bytes, encoding: str) -> bytes:
    """The article as it was before `splice_article`; bytes without our marks come back as they are.

    A mark whose content does not have the digest that it names is left alone.
    """
    begin, end, close = (mark.encode(encoding) for mark in _MARKS)
    pieces: list[bytes] = []
    at = 0
    for start, head, stop in _marks(content, begin, end, close):
        original = _original(content[start + len(begin) : head].decode(encoding, "replace"))
        pieces += [content[at:start], content[start:stop] if original is None else original]
        at = stop
    return b"".join([*pieces, content[at:]])


def _marks(
    content: AnyStr, begin: AnyStr, end: AnyStr, close: AnyStr
) -> Iterator[tuple[int, int, int]]:
    """Of each card in a mended article: where its mark begins, where the mark's head ends, and
    where all of it ends."""
    stop = 0
    while (start := content.find(begin, stop)) >= 0:
        head = content.find(close, start)
        tail = content.find(end, head) if head >= 0 else -1
        last = content.find(close, tail) if tail >= 0 else -1
        if last < 0:
            return
        stop = last + len(close)
        yield start, head, stop


def _marked(original: bytes, placed: Placed | None, layout: Layout, encoding: str) -> bytes:
    digest, kept = sha256(original).hexdigest(), b64encode(original).decode()
    card = ""
    if placed is not None:
        card = render("card.html", layout, card=placed.card, anchor=placed.anchor)
    marked = f"{_BEGIN}sha256={digest} {kept}{_CLOSE}{card}{_END}{digest[:16]}{_CLOSE}"
    return marked.encode(encoding, "xmlcharrefreplace")


def _original(head: str) -> bytes | None:
    digest, _, kept = head.removeprefix("sha256=").partition(" ")
    try:
        original = b64decode(kept, validate=True)
    except (BadBase64, ValueError):
        return None
    return original if sha256(original).hexdigest() == digest else None


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


def _outside_markup(text: str, edits: list[Edit]) -> list[Edit]:
    """The edits that cut no tag, comment or script, and lie in no card of an earlier mending."""
    barred = [(token.start, token.end) for token in tokenize(text) if token.kind != TEXT]
    mended = [(start, stop) for start, _, stop in _marks(text, *_MARKS)]
    return [
        edit
        for edit in edits
        if not any(_cuts(barred, at) or _cuts(mended, at) for at in (edit.start, edit.end))
    ]


def _cuts(ranges: list[tuple[int, int]], at: int) -> bool:
    """Whether a place lies inside one of the ranges, which lie in order and apart."""
    before = bisect_left(ranges, (at,)) - 1
    return before >= 0 and ranges[before][1] > at
