"""Frames that show a post: the service's own, those of embed services, and lazy ones of any site.

The parameters `creatorScreenName`, `siteScreenName` and `origin` of the service's frame describe
the page around it, never the author; only `id` counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..models import Claim, Kind, PostUrl, Reference
from ..networks import PATTERNS, identify
from ..projection import Markup, Page
from ..tokenizer import END, START
from ._element import claim_of, class_words, element_span, next_tag, outside_code, refer, values

_BEGIN = re.compile(r"<(?:amp-)?iframe", re.IGNORECASE)
_NAMES = ("iframe", "amp-iframe", "embed")
_SOURCE = re.compile(r"(?:.*-)?(?:src|url|href)", re.IGNORECASE)
"""`src`, and what lazy loaders and consent managers call it: `data-src`, `data-embed-url`, ..."""
_OPAQUE = re.compile(r"(?:https://medium\.com)?/media/[0-9a-f]{1,40}\?postId=[0-9a-f]+")
"""Medium's live frames name nothing (`thumbnail` shows an avatar, whose number is no post)."""
_AVATAR = re.compile(r"profile_images", re.IGNORECASE)
_TITLES = frozenset({"twitter tweet", "x post", "twitter embed"})


class Iframe:
    name = "iframe"
    literals = (b"<iframe", b"<amp-iframe", b"<embed")
    patterns = (
        *PATTERNS,
        r"(?:twitter tweet|x post|twitter embed)[\s\"'>]",
        r"/media/[0-9a-f]{1,40}\?postid",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a frame, of whichever network its address names a post."""
        yield from outside_code(page, self._find(page))

    def _find(self, page: Page) -> Iterator[Reference]:
        if not _BEGIN.search(page.document.text):
            return
        markup = page.markup
        for index in markup.named(*_NAMES):
            attributes = values(markup, index)
            found = _address(attributes)
            if found is not None:
                url, post = found
                span = _with_wrapper(markup, index)
                yield refer(page, markup, span, self.name, claim_of(post), url=url)
            elif _shows_unnamed_post(attributes):
                span = element_span(markup, index)
                yield refer(page, markup, span, self.name, Claim(), kind=Kind.UNRESOLVED)


def _address(attributes: Mapping[str, str]) -> tuple[str, PostUrl] | None:
    for name, value in attributes.items():
        if "/" in value and _SOURCE.fullmatch(name):
            post = identify(value)
            if post is not None and post.wrapper not in ("intent", "twterm"):
                return value, post
    return None


def _shows_unnamed_post(attributes: Mapping[str, str]) -> bool:
    if any(name.endswith(("tweet-id", "tweetid")) for name in attributes):
        return False
    if attributes.get("title", "").lower() in _TITLES:
        return True
    is_opaque = _OPAQUE.fullmatch(attributes.get("src", "")) is not None
    return is_opaque and _AVATAR.search(attributes.get("data-thumbnail", "")) is not None


def _with_wrapper(markup: Markup, index: int) -> tuple[int, int]:
    """The frame, or the `div` that the service's script puts around it and nothing else."""
    start, end = element_span(markup, index)
    before = next_tag(markup, index, -1)
    behind = next_tag(markup, markup.element_end(index) - 1)
    if before is None or behind is None:
        return start, end
    opening, closing = markup.tokens[before], markup.tokens[behind]
    is_wrapped = opening.kind == START and closing.kind == END and opening.name == closing.name
    if is_wrapped and "twitter-" in class_words(values(markup, before)):
        return opening.start, closing.end
    return start, end


FORM = Iframe()
