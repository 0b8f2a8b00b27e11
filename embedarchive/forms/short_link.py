"""`t.co/CODE` and `pic.twitter.com/CODE`: what they lead to only the network or a payload tells.

Both are one code space: `pic.twitter.com/C` is `t.co/C` (183 of 183 pairs). Codes have 10
characters since the end of 2012, 7 or 8 before; the next word is often glued on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Claim, Kind, Reference, Span
from ..projection import Page
from ._chrome import SHORT_PATTERNS
from ._places import Places

_SHORT = re.compile(
    r"/(?:(?<=t\.co/)|(?<=pic\.twitter\.com/)|(?<=pic\.x\.com/))"
    r"([A-Za-z0-9]{10}|[A-Za-z0-9]{7,8}(?![A-Za-z0-9]))"
)
_HOST = re.compile(
    r"(?:https?://t\.co|(?<![A-Za-z0-9.-])t\.co|(?:https?://)?pic\.(?:twitter|x)\.com)/\Z"
)
_LONGEST_HOST = len("https://pic.twitter.com/")
_HREF = re.compile(
    r"(?:https?:)?//(?:t\.co|pic\.(?:twitter|x)\.com)/([A-Za-z0-9]{7,8}|[A-Za-z0-9]{10})(?:[/?#].*)?"
)
_HOSTS = ("t.co/", "pic.twitter.com/", "pic.x.com/")


class ShortLink:
    name = "short_link"
    literals = tuple(host.encode() for host in _HOSTS)
    patterns = SHORT_PATTERNS

    def find(self, page: Page) -> Iterator[Reference]:
        """One link a code, with no id; inside an embed it adds nothing to what that says."""
        if page.document.media_type != "text/html":
            yield from _in_text(page)
            return
        found = [*_in_links(page), *_in_text(page)]
        yield from sorted(found, key=lambda reference: reference.start)


def _reference(page: Page, span: Span, url: str, code: str) -> Reference:
    raw = page.document.text[span.start : span.end]
    claim = Claim(codes=(code,))
    return Reference(span.start, span.end, raw, FORM.name, Kind.LINK, claim, url)


def _in_links(page: Page) -> Iterator[Reference]:
    for link in page.markup.links_where(_may_be_short):
        if ("t.co/" in link.href or "pic." in link.href) and (short := _HREF.fullmatch(link.href)):
            span = page.markup.place(link.start, link.end)
            yield _reference(page, span, link.href, short[1])


def _may_be_short(tag: str) -> bool:
    return "t.co/" in tag or "pic." in tag or "&" in tag


def _in_text(page: Page) -> Iterator[Reference]:
    is_html = page.document.media_type == "text/html"
    if is_html and not (
        _SHORT.search(page.words) and _SHORT.search(page.markup.words_outside_links)
    ):
        return
    visible = page.visible
    links = page.links if is_html else []
    taken = Places([Span(link.start, link.end) for link in links])
    for short in _SHORT.finditer(visible.text):
        slash = short.start() + 1
        host = _HOST.search(visible.text[max(0, slash - _LONGEST_HOST - 1) : slash])
        if host is None:
            continue
        start = slash - len(host[0])
        span = visible.source(start, short.end())
        if not taken.hold(span.start):  # of a link the target counts
            yield _reference(page, span, visible.text[start : short.end()], short[1])


FORM = ShortLink()
