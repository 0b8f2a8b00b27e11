"""Publishers' and plugins' own markup of a post: parts told apart by their class names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..flattened.visible import codes_in
from ..models import Claim, Reference, Span
from ..networks import identify
from ..projection import Markup, Page
from ..tokenizer import START
from ._element import class_words, element_span, post_number, refer, values
from ._quote import printed_day, trimmed


@dataclass(frozen=True, slots=True)
class _Layout:
    """Class words of the box and of its parts."""

    box: str
    handle: str
    text: str
    name: str
    date: str = ""


_LAYOUTS = (
    # dev.to and other sites on Forem, until 2021; 24-hour clock WITH am/pm.
    _Layout(
        box="ltag__twitter-tweet",
        handle="ltag__twitter-tweet__username",
        text="ltag__twitter-tweet__body",
        name="ltag__twitter-tweet__full-name",
        date="ltag__twitter-tweet__date",
    ),
    # Libération's live pages: no link to the post at all.
    _Layout(
        box="live-item-tweet",
        handle="tweet-screen-name",
        text="tweet-content",
        name="tweet-user-name",
    ),
)
_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")
_MAX_TOKENS = 300


class Publisher:
    name = "publisher"
    literals = tuple(layout.box.encode() for layout in _LAYOUTS)
    marks = b"="

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a box."""
        text = page.document.text
        layouts = [layout for layout in _LAYOUTS if layout.box in text]
        if not layouts:
            return
        markup, reach = page.markup, 0
        for index, token in enumerate(markup.tokens):
            if token.kind != START or index < reach:
                continue
            attributes = values(markup, index)
            words = class_words(attributes).split()
            for layout in layouts:
                if layout.box in words:
                    reach = markup.element_end(index)
                    claim = _claim(markup, index, layout, attributes)
                    span = element_span(markup, index)
                    if claim is not None:
                        yield refer(page, markup, span, self.name, claim)


def _claim(
    markup: Markup, index: int, layout: _Layout, attributes: Mapping[str, str]
) -> Claim | None:
    after = min(markup.element_end(index), index + _MAX_TOKENS)
    parts = _parts(markup, index, after, layout)
    handle = _HANDLE.fullmatch(parts.get(layout.handle, ("", None))[0])
    post_id = _named(markup, index, after, attributes)
    if handle is None and post_id is None:
        return None
    text, span = parts.get(layout.text, ("", None))
    day = printed_day(parts.get(layout.date, ("", None))[0])
    return Claim(
        post_id=post_id,
        handle=handle[1] if handle else None,
        name=parts.get(layout.name, ("", None))[0] or None,
        date=day,
        text=text or None,
        text_span=span if text else None,
        codes=codes_in(text, day),
    )


def _parts(
    markup: Markup, first: int, last: int, layout: _Layout
) -> dict[str, tuple[str, Span | None]]:
    wanted = (layout.handle, layout.text, layout.name, layout.date)
    parts: dict[str, tuple[str, Span | None]] = {}
    for index in range(first + 1, last):
        if markup.tokens[index].kind != START:
            continue
        for word in class_words(values(markup, index)).split():
            if word in wanted and word not in parts:
                visible = markup.visible(index, min(markup.element_end(index), last))
                text, span = trimmed(markup, visible, 0, len(visible.text))
                parts[word] = (text or "", span)
    return parts


def _named(markup: Markup, first: int, last: int, attributes: Mapping[str, str]) -> str | None:
    """The id in the box's attributes, else in its links: the reply button knows it."""
    links = [link.href for link in markup.links_within(first, last)]
    for address in (attributes.get("data-url", ""), *links):
        post = identify(address)
        if post is not None and post.target.network == "x":
            return post.target.post_id
    return post_number(attributes.get("data-tweet-id", ""))


FORM = Publisher()
