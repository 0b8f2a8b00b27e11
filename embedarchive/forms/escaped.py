"""Embed code that stands entity-escaped: in feeds, text areas, and fields it was pasted into.

Inside `<pre>` and `<code>` it is documentation, shown on purpose.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ..models import Reference
from ..projection import Markup, Page, unescaped, without_references
from ._blockquotes import MARKED, find_blockquotes

_LESS, _MORE = (rf"&(?:amp;){{0,2}}(?:{name});" for name in ("lt|#60|#x3c", "gt|#62|#x3e"))
_OPENING = re.compile(rf"({_LESS})blockquote(?=[\s&])", re.IGNORECASE)
_CLOSING = re.compile(
    rf"{_LESS}/blockquote{_MORE}(?:\s{{0,20}}{_LESS}script\s[^<>]{{1,300}}?{_LESS}/script{_MORE})?",
    re.IGNORECASE,
)
_MARK = re.compile(r"twitter-(?:tweet|video)", re.IGNORECASE)
_MAX_LENGTH = 12_000
_SHOWN = ("pre", "code")


class Escaped:
    name = "escaped"
    literals = (b";blockquote",)
    patterns = (MARKED,)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an escaped blockquote; its span covers the escaped text."""
        text = page.document.text
        shown: list[int] | None = None
        reach = 0
        for opening in _OPENING.finditer(text):
            if opening.start() < reach or not _MARK.search(
                text, opening.end(), opening.end() + 400
            ):
                continue
            shown = _documentation(page.markup) if shown is None else shown
            if bisect_right(shown, opening.start()) % 2:
                continue
            reach = _end(text, opening)
            times = 1 + opening[1].lower().count("amp;")
            inner = Markup(*unescaped(text, opening.start(), reach, without_references, times))
            yield from find_blockquotes(page, inner, self.name)


def _documentation(markup: Markup) -> list[int]:
    """Where what is shown as code begins, ends, begins, ..."""
    bounds: list[int] = []
    for index in markup.named(*_SHOWN):
        start = markup.tokens[index].start
        if not bounds or start >= bounds[-1]:
            last = markup.tokens[markup.element_end(index) - 1]
            bounds += (start, last.end)
    return bounds


def _end(text: str, opening: re.Match[str]) -> int:
    """Behind the end tag, and behind the script that follows it directly."""
    limit = opening.end() + _MAX_LENGTH
    closing = text.find(f"{opening[1]}/blockquote", opening.end(), limit)
    if closing < 0:
        return min(limit, len(text))
    tag = _CLOSING.match(text, closing)
    return tag.end() if tag else closing


FORM = Escaped()
