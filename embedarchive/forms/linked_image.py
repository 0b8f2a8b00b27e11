"""A picture of a post that links to it, in Markdown: `[![ALT](PICTURE)](STATUS URL)`.

The alternative text of a screenshot is often the post's text; that of a widget's buttons never is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ..models import Claim, Kind, Reference, Span
from ..networks import PATTERNS, identify
from ..projection import Page

_LINKED = re.compile(
    r"\[\s{0,5}(?:!\[(?P<alt>[^\[\]]{0,1200})\]\([^()\s]{1,1000}(?:\s[^()\n]{0,200})?\)"
    r"|<img\s(?P<attributes>[^<>]{0,3000})>)\s{0,5}\]\((?P<url>https?://[^\s()<>]{1,1000})"
    r"(?:\s\"[^\"\n]{0,200}\")?\)"
)
_ALT = re.compile(r"""\balt=(?:"([^"]{0,1200})"|'([^']{0,1200})')""", re.IGNORECASE)
# What widgets and cards write beside their pictures, and names of files.
_CHROME = re.compile(
    r"(?:embedded (?:video|image)|image|video|photo|gif|picture|screenshot|tweet|x|twitter|logo"
    r"|twitter (?:reply|retweet|like) action|twitter logo|twitter avatar.*|.*profile image"
    r"|unknown tweet media content|(?:view|visit|read|follow|share)\b.*|[^\s]*)[.…!]?",
    re.IGNORECASE | re.DOTALL,
)
_CONFIDENCE = 0.6


class LinkedImage:
    name = "linked_image"
    literals = (b"](http",)
    patterns = PATTERNS

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed a picture with words for its alternative text and a post behind it."""
        text = page.document.text
        if page.document.media_type == "text/html":
            return
        for linked in _LINKED.finditer(text):
            post = identify(linked["url"])
            place = _words(linked)
            if post is None or post.wrapper not in (None, "mirror") or place is None:
                continue
            words = html.unescape(text[place.start : place.end])
            if _CHROME.fullmatch(words.strip()):
                continue
            claim = Claim(
                network=post.target.network,
                post_id=post.target.post_id,
                handle=post.handle,
                text=words.strip(),
                text_span=place,
                confidence=_CONFIDENCE,
                flags=("alternative-text",),
            )
            start, end = linked.span()
            yield Reference(start, end, linked[0], self.name, Kind.EMBED, claim, linked["url"])


def _words(linked: re.Match[str]) -> Span | None:
    """Where the alternative text lies."""
    if linked["alt"] is not None:
        return Span(*linked.span("alt"))
    alt = _ALT.search(linked.string, *linked.span("attributes"))
    return Span(*alt.span(1 if alt[1] is not None else 2)) if alt else None


FORM = LinkedImage()
