"""A commented-out embed, often beside a screenshot: the only place that names the post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from ..models import Reference, Span
from ..projection import Markup, Page
from ..tokenizer import Token, comment_span
from ._blockquotes import MARKED, Doubt, find_blockquotes
from ._element import numbers_outside

_INSIDE = re.compile(r"<blockquote[^<>]{0,400}twitter-(?:tweet|video)", re.IGNORECASE)
_DOUBT = Doubt(0.5, "commented-out")


class CommentedOut:
    name = "commented_out"
    literals = (b"twitter-tweet", b"twitter-video")
    marks = b"<!"
    patterns = (MARKED,)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an embed inside a comment, unless the page names its post elsewhere."""
        text = page.document.text
        if page.document.media_type != "text/html" and not _INSIDE.search(text):
            return  # of a page the tags are read anyway
        comments = page.markup.comments
        found = [reference for comment in comments for reference in _inside(page, comment)]
        if not found:
            return
        numbers = {reference.claim.post_id or "" for reference in found}
        places = [(token.start, token.end) for token in comments]
        elsewhere = numbers_outside(text, numbers, places)
        for reference in found:
            if reference.claim.post_id not in elsewhere:
                yield reference


def _inside(page: Page, comment: Token) -> Iterator[Reference]:
    text = page.document.text
    start, end = comment_span(text, comment)
    if _INSIDE.search(text, start, end):
        inner = Markup(text[start:end], partial(_shifted, start))
        yield from find_blockquotes(page, inner, CommentedOut.name, _DOUBT)


def _shifted(offset: int, start: int, end: int) -> Span:
    return Span(start + offset, end + offset)


FORM = CommentedOut()
