"""Blackbird Pie, the service's own embed code of 2010-2011: a comment with the URL, then styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..models import Claim, Reference
from ..networks import identify
from ..projection import Markup, Page
from ..tokenizer import COMMENT, START, comment_span
from ._element import claim_of, class_words, refer, values

_BOX = re.compile(r"\bbbpBox_?([1-9][0-9]{0,18})")
_TEXT = re.compile(r"bbptweet")
_PARAGRAPH = frozenset({"p", "div"})
_MAX_TOKENS = 120
"""The code has about forty."""


class BlackbirdPie:
    name = "blackbird_pie"
    literals = (b"bbpbox",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a box; the comment before it belongs to it."""
        text, markup = page.document.text, page.markup
        seen: set[str] = set()
        reach = 0
        for box in _BOX.finditer(text):
            if markup.tokens and box[1] not in seen and box.start() >= reach:
                seen.add(box[1])
                found = self._box(page, markup, box)
                reach = found.end
                yield found

    def _box(self, page: Page, markup: Markup, box: re.Match[str]) -> Reference:
        index = markup.token_at(box.start())
        claim, url = Claim(post_id=box[1]), None
        start = end = markup.tokens[index].start
        for before in range(index, max(index - 6, -1), -1):
            token = markup.tokens[before]
            if token.kind == COMMENT:
                begin, stop = comment_span(markup.text, token)
                address = markup.text[begin:stop].strip()
                post = identify(address)
                if post is not None and post.target.post_id == box[1]:
                    claim, url, start = claim_of(post), address, token.start
                break
            start = token.start if token.name == "style" else start
        end = max(markup.tokens[index].end, end)
        return self._with_text(page, markup, index, (start, end), claim, url)

    def _with_text(
        self,
        page: Page,
        markup: Markup,
        index: int,
        span: tuple[int, int],
        claim: Claim,
        url: str | None,
    ) -> Reference:
        limit = min(index + _MAX_TOKENS, len(markup.tokens))
        for inner in range(index, limit):
            token = markup.tokens[inner]
            if token.kind != START or token.name not in _PARAGRAPH:
                continue
            attributes = values(markup, inner)
            if f"bbpBox{claim.post_id}".lower() in class_words(attributes) + attributes.get(
                "id", ""
            ):
                last = markup.tokens[markup.element_end(inner) - 1]
                span = (span[0], max(span[1], last.end))
            elif _TEXT.search(class_words(attributes)):
                after = min(markup.element_end(inner), limit)
                words = markup.visible(inner, after).text.split("\n")[0].strip()
                claim = replace(claim, text=words or None)
        return refer(page, markup, span, self.name, claim, url=url)


FORM = BlackbirdPie()
