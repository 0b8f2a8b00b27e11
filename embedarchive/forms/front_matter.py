"""The head of a Markdown article that lists posts by id: `tweet: 123`, `tweets: [1, 2]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Claim, Kind, Reference
from ..projection import Page
from ._arguments import target_of

_HEAD = re.compile(r"\s{0,5}(?:---|\+\+\+)[ \t]*\r?\n")
_FENCES = ("\n---", "\n+++")
_KEY = re.compile(
    r"^[ \t]{0,12}(?:- )?['\"]?(?:tweets?|tweet_?ids?|x_posts?)['\"]?[ \t]{0,5}[:=][ \t]{0,5}",
    re.MULTILINE | re.IGNORECASE,
)
_IDS = re.compile(r"[\s,\[\]'\"-]{0,40}([0-9]{2,19})(?![0-9A-Za-z_.:/-])")
_MAX_HEAD = 20_000
_MAX_IDS = 100


class FrontMatter:
    name = "front_matter"
    literals = (b"tweet", b"x_post")
    patterns = (
        r"(?:tweets?|tweet_?ids?|x_posts?)['\"]?[ \t]{0,5}[:=][ \t]{0,5}"
        r"[\s,\[\]'\"-]{0,40}[0-9]{2}",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed an id under a key that says it is a post's."""
        text = page.document.text
        head = _HEAD.match(text)
        if page.document.media_type == "text/html" or head is None:
            return
        ends = [text.find(fence, head.end() - 1, _MAX_HEAD) for fence in _FENCES]
        end = max(ends)
        if end < 0:
            return
        done = 0
        for key in _KEY.finditer(text, head.end(), end):
            at = max(key.end(), done)
            for _ in range(_MAX_IDS):
                number = _IDS.match(text, at, end)
                if number is None:
                    break
                at = done = number.end()
                target = target_of("x", number[1])
                if target is not None:
                    start, stop = number.span(1)
                    claim = Claim(post_id=target.post_id)
                    yield Reference(start, stop, number[1], self.name, Kind.EMBED, claim)


FORM = FrontMatter()
