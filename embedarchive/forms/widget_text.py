"""The rendered widget, copied as text: author first, text, `3:05 PM - Apr 1, 2018`. No guessing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..flattened.dates import match_date
from ..flattened.visible import Marks, codes_in
from ..models import Claim, Kind, Reference
from ..networks import identify
from ..projection import Page
from ._widget import find_header, line_end, lines_above, lines_below, post_lines, reach

_TIME = re.compile(
    r"^[ \t>*\[]{0,12}(?:[^\W\d_]{1,3}\s?)?[0-9]{1,2}[:.][0-9]{2}"
    r"(?:[ \u00a0\u202f]?[^\W\d_]{1,3}\.?(?:[ \u00a0\u202f]?[^\W\d_]\.)?)?"
    r"[ \u00a0]{0,2}[-–·|][ \u00a0]{0,2}",
    re.MULTILINE,
)
_ANY_TIME = tuple(
    re.compile(
        rf"{mark}(?<=[0-9]{mark})[0-9]{{2}}(?:\s++|[^0-9<>\s]){{0,16}}?[-–·|&]"
        r"(?:\s++|[^\s&]){0,60}?(?:\d{4}|&)"
    )
    for mark in (":", r"\.")
)
"""As it stands in any page, up to the year: blanks and marks may be written as references."""
_LINK = re.compile(r"\]\((https?://[^()\s]{1,400})\)")
_CONFIDENCE = 0.9


class WidgetText:
    """The layouts of 2016, 2018 and 2021, in any language that prints the time like these."""

    name = "widget_text"
    literals = (b"twitter", b"retweet", b" on x", b"x ads", b"copy link")
    marks = b"@"
    patterns = (
        # a time, what may stand for a dash, and a year in one line, also a Thai one: which years is
        # not said, since that takes Hyperscan half as long again
        r"[0-9][:.][0-9]{2}[^0-9<>\n\"={}:]{0,24}[-|&\\\x80-\xff][^<>\n\"={}]{0,60}2[0-9]{3}",
    )
    # above it a handle that ends its line, or the label of a link
    companions = (r"@[a-z0-9_]{1,15}(?:\]\(|[^a-z0-9\"'=:,;.{}<>\n\r]{0,12}[<\n\r])",)
    in_order = True

    def find(self, page: Page) -> Iterator[Reference]:
        """An embed for each time line that has an author above."""
        words = page.words
        if not any(time.search(words) for time in _ANY_TIME):
            return
        floor = 0
        for anchor in _TIME.finditer(page.visible.text):
            dated = match_date(page.visible.text, anchor.end())
            if dated is None or anchor.start() < floor:
                continue
            found = _read(page, floor, anchor.start(), dated[0])
            floor = found[1] if found else dated[1]  # none reaches over another's time line
            if found is not None:
                yield found[0]


FORM = WidgetText()


def _read(page: Page, floor: int, time_start: int, printed: date) -> tuple[Reference, int] | None:
    """The widget around a time line, and the place behind it; None where no author is above."""
    text = page.visible.text
    time_end = line_end(text, time_start)
    marks = _marks(page, text[time_start:time_end])
    above = list(lines_above(text, floor, time_start, marks))
    header = find_header(above)
    if header is None:
        return None
    start = reach(above[header.first :], above[header.first].start)
    end = max(time_end, reach(lines_below(text, time_end, marks), time_end, at_end=True))
    url = _own_url(text, start, end, header.handle)
    post = identify(url) if url else None
    words = post_lines([line for line in reversed(above[: header.text]) if line.content])
    claim = Claim(
        post_id=post.target.post_id if post else None,
        handle=header.handle,
        name=header.name,
        date=printed,
        text="\n".join(line.content for line in words) or None,
        text_span=page.visible.source(words[0].start, words[-1].end) if words else None,
        codes=codes_in(text[start:time_start], printed),
        confidence=_CONFIDENCE,
        date_tolerance=1,  # the time is the reader's, and so is the day
    )
    span = page.visible.source(start, end)
    raw = page.document.text[span.start : span.end]
    return Reference(*span, raw, FORM.name, Kind.EMBED, claim, url), end


def _own_url(text: str, start: int, end: int, handle: str) -> str | None:
    """The link of a time line or a `View on X` that leads to a post of this author."""
    for link in _LINK.finditer(text, start, end):
        post = identify(link[1])
        if post and post.handle and post.handle.lower() == handle.lower():
            return link[1]
    return None


def _marks(page: Page, time_line: str) -> Marks:
    if page.document.media_type == "text/html":
        return Marks()
    is_markdown = page.document.media_type == "text/markdown" or "](http" in time_line
    return Marks(is_quoted=time_line.lstrip().startswith(">"), is_markdown=is_markdown)
