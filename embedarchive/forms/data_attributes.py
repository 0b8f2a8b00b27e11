"""An id or address of a post in an attribute of any element: `data-tweet-id`, `data-oembed-url`.

Works on the text, not on tags: pages are stored in pieces, and templates write attributes that
are never parsed as such (`data-tweet-id={926458505355235328}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..models import Claim, Reference
from ..networks import identify
from ..networks.x import NETWORK as X
from ..projection import Markup, Page
from ..tokenizer import decode
from ._element import element_span, outside_code, post_number, refer, values

_ATTRIBUTE = re.compile(
    r"data-(?i:((?:twitter-)?tweet-?id)"
    r"|oembed-url|oembed|canonical-url|permalink-path|permalink-url|tweet-url|embed-url|url"
    r"|media-url|twitter-url|href)"
    r"""\s{0,9}=\s{0,9}(?:"([^"<>]{1,1000})"|'([^'<>]{1,1000})'|([^\s"'<>]{1,400}))"""
)
_PATH = re.compile(r"/[A-Za-z0-9_]{1,15}/status/[0-9]{1,19}")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_NAMED = re.compile(
    r"""\bdata-(screen-name|name)\s{0,9}=\s{0,9}(?:"([^"]{0,200})"|'([^']{0,200})')"""
)
_LINKS = frozenset({"a", "button"})
"""What these do when clicked is no embed: share and reply buttons carry ids too."""
_FRAGMENT = 600
"""Characters around an attribute outside any tag in which its sisters are looked for."""


class DataAttributes:
    name = "data_attributes"
    literals = (
        *(b"tweet-id", b"tweetid", b"data-oembed", b"data-canonical-url", b"data-permalink"),
        *(b"data-tweet-url", b"data-embed-url", b"data-url", b"data-media-url", b"data-href"),
        b"data-twitter-url",
    )
    marks = b"="
    patterns = (*X.patterns, r"data-(?:twitter-)?tweet-?id\s{0,9}=")

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an element, also where several of its attributes name the post."""
        yield from outside_code(page, self._find(page))

    def _find(self, page: Page) -> Iterator[Reference]:
        text = page.document.text
        reach = 0
        read: int | None = None
        last: str | None = None
        for match in _ATTRIBUTE.finditer(text):
            found = _claim(match)
            if found is None:
                continue
            markup = page.markup
            index = markup.tag_around(*match.span())
            if index is None:
                is_known = found.post_id == last and match.start() < reach
            else:
                is_known = index == read or markup.tokens[index].name in _LINKS
            if is_known:
                continue
            span = match.span() if index is None else element_span(markup, index)
            claim = _with_author(found, markup, index, match.start())
            read, last, reach = index, claim.post_id, match.end() + _FRAGMENT
            yield refer(page, markup, span, self.name, claim)


def _claim(match: re.Match[str]) -> Claim | None:
    value = decode(match[2] or match[3] or match[4] or "", is_attribute=True).strip()
    if match[1]:
        post_id = post_number(value)
        return Claim(post_id=post_id) if post_id else None
    post = identify(f"https://x.com{value}" if _PATH.fullmatch(value) else value.rstrip("\\"))
    if post is None or post.target.network != "x" or post.wrapper in ("intent", "twterm"):
        return None
    return Claim(post_id=post.target.post_id, handle=post.handle)


def _with_author(claim: Claim, markup: Markup, index: int | None, at: int) -> Claim:
    """Saved pages of the service say beside the id whose post it is."""
    if index is not None:
        attributes = values(markup, index)
    else:
        around = markup.text[max(0, at - _FRAGMENT) : at + _FRAGMENT]
        attributes = {
            f"data-{found[1]}": decode(found[2] or found[3] or "", is_attribute=True)
            for found in _NAMED.finditer(around)
        }
    handle = attributes.get("data-screen-name", "").removeprefix("@")
    if not _HANDLE.fullmatch(handle):
        return claim
    return replace(claim, handle=handle, name=attributes.get("data-name") or claim.name)


FORM = DataAttributes()
