"""Blockquotes in markup → references; it may be a piece that a page holds escaped."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ..models import Kind, Reference, Span
from ..networks import identify
from ..projection import Markup, Page
from ._element import class_words, next_tag, post_number, refer, values
from ._quote import Quote, read_quote, without_honorific

_MARK = re.compile("twitter-(?:tweet|video)", re.IGNORECASE)
_DRAWN = re.compile("twitter-tweet-rendered", re.IGNORECASE)
_NO_POST = re.compile("twitter-(?:moment|timeline|grid)")
_ID_ATTRIBUTES = ("data-tweetid", "data-tweet-id", "data-twitter-tweet-id")
_LOADER = re.compile(r"//platform\.(?:twitter|x)\.com/widgets\.js")
MARKED = r"blockquote[^{}]{1,600}twitter-(?:tweet|video)"
"""The pattern of an element that its class marks as a post, in whatever notation."""
_MAX_TOKENS = 2000
"""A post has some dozens; the bound keeps nested quotes linear."""
_SHAPE_CONFIDENCE = 0.95


class Doubt(NamedTuple):
    """How sure it is that quotes in such a place are embeds, and the flag that says why."""

    confidence: float
    flag: str


def find_blockquotes(
    page: Page, markup: Markup, form: str, doubt: Doubt | None = None
) -> Iterator[Reference]:
    """The embeds in `markup`, in order; a second copy for readers without scripts is none."""
    found: list[tuple[bool, Reference]] = []
    hidden_until = 0
    marks = markup.tokens.marks
    for index in markup.named("blockquote", "noscript", "template"):
        if marks[index] != "blockquote":
            hidden_until = max(hidden_until, markup.element_end(index))
        else:
            reference = _read(page, markup, index, form, doubt)
            if reference is not None:
                found.append((index < hidden_until, reference))
    shown = {reference.claim.post_id for is_hidden, reference in found if not is_hidden}
    for is_hidden, reference in found:
        if not is_hidden or reference.claim.post_id not in shown:
            yield reference


def marked_quotes(markup: Markup) -> list[Span]:
    """Where the blockquotes lie that their class marks as posts, in order; of nested the inner."""
    spans: list[Span] = []
    starts, ends = markup.tokens.starts, markup.tokens.ends
    for index in markup.named("blockquote"):
        start = starts[index]
        if not _MARK.search(markup.text, start, ends[index]):
            continue
        after = markup.element_end(index)
        if _is_marked(class_words(values(markup, index))) and after - index <= _MAX_TOKENS:
            if spans and start < spans[-1].end:
                spans.pop()
            spans.append(Span(start, ends[after - 1]))
    return spans


def _read(
    page: Page, markup: Markup, index: int, form: str, doubt: Doubt | None
) -> Reference | None:
    after = markup.element_end(index)
    attributes = values(markup, index)
    classes = class_words(attributes)
    is_marked = _is_marked(classes)
    if _NO_POST.search(classes) or "\\" in classes:
        return None  # with backslashes it is a string in a script's data, another form's
    if _holds_quote(markup, index, after, only_marked=is_marked):
        return None
    quote = read_quote(markup, index, after)
    if attributes.get("lang") == "ja":
        quote = quote._replace(name=without_honorific(quote.name))
    post_id = quote.post.target.post_id if quote.post else _id(attributes)
    kind = _kind(quote, post_id, is_marked=is_marked)
    if kind is None:
        return None
    start, end, parts = _extent(markup, index, after, post_id)
    confidence = doubt.confidence if doubt else 1.0 if is_marked else _SHAPE_CONFIDENCE
    flags = (() if is_marked else ("class-stripped",)) + ((doubt.flag,) if doubt else ())
    claim = quote.claim("x", post_id, confidence, flags)
    return refer(page, markup, (start, end), form, claim, kind=kind, url=quote.url, parts=parts)


def _is_marked(classes: str) -> bool:
    return _MARK.search(classes) is not None


def _holds_quote(markup: Markup, index: int, after: int, *, only_marked: bool) -> bool:
    """Whether another quote lies inside: then that one is the embed."""
    quotes = markup.named("blockquote")
    last = min(after, index + _MAX_TOKENS) - 1
    for inner in quotes[bisect_right(quotes, index) : bisect_left(quotes, last)]:
        if not only_marked or _is_marked(class_words(values(markup, inner))):
            return True
    return only_marked and after - index > _MAX_TOKENS


def _kind(quote: Quote, post_id: str | None, *, is_marked: bool) -> Kind | None:
    """What a blockquote is; a quotation that merely ends in a link to a post is no embed."""
    if not is_marked:
        has_shape = bool(quote.handle and quote.post and quote.date)
        return Kind.EMBED if has_shape else None
    if post_id is not None or quote.has_attribution or quote.text is not None:
        return Kind.EMBED
    return None if quote.has_links else Kind.UNRESOLVED


def _id(attributes: dict[str, str]) -> str | None:
    for name in _ID_ATTRIBUTES:
        if name in attributes and (post_id := post_number(attributes[name])):
            return post_id
    post = identify(attributes["cite"]) if "cite" in attributes else None
    return post.target.post_id if post and post.target.network == "x" else None


def _extent(
    markup: Markup, index: int, after: int, post_id: str | None
) -> tuple[int, int, tuple[Span, ...]]:
    """The element, the script that draws it and what the script drew, apart but for blanks."""
    marks, starts, ends = markup.tokens.marks, markup.tokens.starts, markup.tokens.ends
    quote = Span(starts[index], ends[after - 1])
    drawn = _drawn(markup, index, post_id)
    parts = [quote] if drawn is None else [drawn, quote]
    following = next_tag(markup, after - 1)
    if following is not None and marks[following] == "script":
        start = starts[following]
        if _LOADER.search(markup.text, start, ends[following]):
            parts.append(Span(start, ends[markup.element_end(following) - 1]))
    if all(one.end == two.start for one, two in pairwise(parts)):
        return parts[0].start, parts[-1].end, ()
    return parts[0].start, parts[-1].end, tuple(parts)


def _drawn(markup: Markup, index: int, post_id: str | None) -> Span | None:
    """The widget that a saved page shows before the quote which the script had hidden."""
    before = next_tag(markup, index, -1) if post_id is not None else None
    if before is None or markup.tokens.marks[before] == "/blockquote":
        return None  # two quotes in a row
    start = markup.element_start(before)
    if start is None or post_id is None:
        return None
    starts, ends = markup.tokens.starts, markup.tokens.ends
    if not _DRAWN.search(markup.text, starts[start], ends[start]):
        return None  # most are not, and attributes cost time
    if not _DRAWN.search(class_words(values(markup, start))):
        return None
    span = Span(starts[start], ends[before])
    return span if markup.text.find(post_id, *span) >= 0 else None
