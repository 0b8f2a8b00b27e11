"""Posts shown as pictures: a screenshot whose `alt` tells the words, or a drawing in SVG.

The link or the address of the picture names the post. A picture without either is out of reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..flattened.visible import codes_in
from ..models import Claim, PostUrl, Reference
from ..networks import identify
from ..networks.x import NETWORK as X
from ..projection import Link, Markup, Page
from ..tokenizer import START
from ._element import claim_of, class_words, outside_code, refer, values
from ._quote import printed_day

_ALT = re.compile(
    r"(?:(?:embedded |twitter |x )?(?:tweet|post)|screenshot of (?:a |the )?tweet) (?:by|from) "
    r"(?:(?P<name>[^()@]{1,60}?) ?\()?@(?P<handle>[A-Za-z0-9_]{1,15})\)? ?(?:on [^:]{1,30})?: ?"
    r"(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BOX = re.compile(r"social-embed-post|embed-image-wrap")
_PICTURES = frozenset({"img", "div", "amp-img"})
_DIV = ("div",)
_DRAWN = frozenset({"svg", "text"})
_REPLYING = re.compile(r"Replying to @[A-Za-z0-9_]{1,15}")
_HANDLE = re.compile(r"@([A-Za-z0-9_]{1,15})")


class Pictures:
    name = "pictures"
    literals = (
        b"tweet by @",
        b"post by @",
        b"tweet by ",
        b"social-embed",
        b"<tspan",
        b"tweet from ",
    )
    marks = b"<"
    patterns = X.patterns

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a picture, with the link around it."""
        found = [*self._boxes(page), *self._linked(page)]
        if "<tspan" in page.document.text:
            found += self._drawings(page)
        yield from outside_code(page, found)

    def _boxes(self, page: Page) -> Iterator[Reference]:
        """The BBC's: screenshot, credit and link in one box, and all again for no scripts."""
        markup, reach = page.markup, 0
        if "social-embed" not in markup.text:
            return
        for index in markup.named(*_DIV):
            token = markup.tokens[index]
            if token.start < reach or not _BOX.search(class_words(values(markup, index))):
                continue
            after = markup.element_end(index)
            reach = markup.tokens[after - 1].end
            links = markup.links_within(index, after)
            post = identify(links[0].href) if links else None
            if post is None or post.target.network != "x":
                continue
            claim = _told(markup, index, after, post)
            span = (token.start, reach)
            yield refer(page, markup, span, self.name, claim, url=links[0].href)

    def _linked(self, page: Page) -> Iterator[Reference]:
        """A screenshot that links to its post."""
        markup = page.markup
        for link in markup.links:
            if "status" not in link.href or link.text:
                continue
            post = identify(link.href)
            if post is None or post.target.network != "x":
                continue
            after = min(markup.element_end(link.token), link.token + 20)
            claim = _told(markup, link.token, after, post)
            if claim.text is not None:
                yield refer(page, markup, (link.start, link.end), self.name, claim, url=link.href)

    def _drawings(self, page: Page) -> Iterator[Reference]:
        """SVG whose last link, with the date, names the post; its texts are the lines."""
        markup, reach = page.markup, 0
        for link in markup.links:
            post = identify(link.href) if _is_drawn(markup, link) else None
            if post is None or post.target.network != "x":
                continue
            first = _first_drawn(markup, link, reach)
            reach = link.token + 1
            claim = _drawn(markup, first, link, post)
            span = (markup.tokens[first].start, link.end)
            yield refer(page, markup, span, self.name, claim, url=link.href)


def _told(markup: Markup, first: int, last: int, post: PostUrl) -> Claim:
    """What the `alt` of a picture among the tokens says."""
    claim = claim_of(post)
    for index in range(first, last):
        token = markup.tokens[index]
        if token.kind != START or token.name not in _PICTURES:
            continue
        attributes = values(markup, index)
        said = _ALT.match(attributes.get("alt") or attributes.get("data-alt") or "")
        if said is not None:
            text = said["text"].strip() or None
            name = (said["name"] or "").strip() or None
            return replace(claim, name=name, text=text, codes=codes_in(text or ""))
    return claim


def _is_drawn(markup: Markup, link: Link) -> bool:
    inside = markup.tokens[link.token + 1 : link.token + 4]
    return any(token.kind == START and token.name == "text" for token in inside)


def _first_drawn(markup: Markup, link: Link, lowest: int) -> int:
    """The start of the drawing: its `<svg>`, or the first piece of text near the link."""
    first = link.token
    for index in range(link.token - 1, max(link.token - 200, lowest - 1), -1):
        token = markup.tokens[index]
        if token.kind == START and token.name in _DRAWN:
            first = index
            if token.name == "svg":
                break
    return first


def _drawn(markup: Markup, first: int, link: Link, post: PostUrl) -> Claim:
    lines: list[str] = []
    for index in range(first, link.token):
        token = markup.tokens[index]
        if token.kind == START and token.name == "text":
            end = min(markup.element_end(index), link.token)
            lines.append(markup.visible(index, end).text.strip())
    at = next((i for i, line in enumerate(lines) if _HANDLE.fullmatch(line)), None)
    claim = claim_of(post)
    day = printed_day(link.text)
    if at is None:
        return replace(claim, date=day, date_tolerance=1)
    # Numbers alone are the counts of likes.
    words = [k for k in lines[at + 1 :] if not _REPLYING.fullmatch(k) and not k.isdecimal()]
    text = "\n".join(words) or None
    name = lines[at - 1] if at else None
    return replace(claim, name=name, date=day, date_tolerance=1, text=text)


FORM = Pictures()
