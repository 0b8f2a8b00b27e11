"""WordPress's embed block: in the database a comment with JSON, on the page a figure with a URL.

Where the site could fetch the embed, the figure holds a blockquote, which is another form's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..models import Reference
from ..networks import PATTERNS, identify
from ..projection import Markup, Page
from ..tokenizer import COMMENT, comment_span
from ._element import claim_of, class_words, element_span, outside_code, refer, values

_BLOCK = re.compile(
    r"\s{0,9}wp:((?:core-)?embed(?:/[a-z-]{1,40})?)\s{1,9}(\{.{1,4000}\})\s{0,9}/?\s*", re.DOTALL
)
_FIGURE = ("figure",)
_URL = re.compile(r"https?://[^\s<>\"']{5,2000}")
_MAX_TOKENS = 60
"""Between the comments stand a figure, a wrapper and a caption."""


class WordPress:
    name = "wordpress"
    literals = (b"wp:embed", b"wp:core-embed", b"wp-block-embed")
    marks = b"<"
    patterns = PATTERNS

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a block, from its opening to its closing comment."""
        yield from outside_code(page, self._find(page))

    def _find(self, page: Page) -> Iterator[Reference]:
        markup = page.markup
        covered = 0
        if "wp:" in markup.text:
            for index, token in enumerate(markup.tokens):
                if token.kind == COMMENT and (found := self._block(page, markup, index)):
                    covered = found.end
                    yield found
        if "wp-block-embed" in markup.text:
            reach = 0
            for index in markup.named(*_FIGURE):
                if index < reach:
                    continue
                reach = markup.element_end(index)
                is_block = "wp-block-embed" in class_words(values(markup, index))
                if is_block and markup.tokens[index].start >= covered:
                    yield from self._figure(page, markup, index)

    def _block(self, page: Page, markup: Markup, index: int) -> Reference | None:
        token = markup.tokens[index]
        match = _BLOCK.fullmatch(markup.text, *comment_span(markup.text, token))
        if match is None:
            return None
        try:
            url = json.loads(match[2]).get("url")
        except (ValueError, AttributeError, RecursionError):
            return None
        post = identify(url) if isinstance(url, str) else None
        if post is None:
            return None
        end, closing = token.end, f"/wp:{match[1]}"
        for other in markup.tokens[index + 1 : index + _MAX_TOKENS]:
            if other.kind == COMMENT:
                start, stop = comment_span(markup.text, other)
                if markup.text[start:stop].strip() == closing:
                    end = other.end
                break
        return refer(page, markup, (token.start, end), self.name, claim_of(post), url=url)

    def _figure(self, page: Page, markup: Markup, index: int) -> Iterator[Reference]:
        after = min(markup.element_end(index), index + _MAX_TOKENS)
        if any(token.name in ("blockquote", "a") for token in markup.tokens[index:after]):
            return
        url = _URL.match(markup.visible(index, after).text)
        post = identify(url[0]) if url else None
        if url and post:
            span = element_span(markup, index)
            yield refer(page, markup, span, self.name, claim_of(post), url=url[0])


FORM = WordPress()
