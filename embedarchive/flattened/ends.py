"""A tweet's text → where it ends, when that is not at its attribution. Never moves its start.

trafilatura 2.0.0 and go_trafilatura write a paragraph with line breaks as: the part before the
first break, the attribution, the other parts. Mostly nothing in the text shows it; a line that
ends with the post's own link does. Other extractors let an advertisement in before the dash.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..twitter_text import LEGACY_MAX_LENGTH, LENGTH_DOUBLED, MAX_WEIGHTED_LENGTH, weighted_length
from .model import Attribution, Candidate

_LINE = re.compile(r"[ \t]*\r?\n(?=\S)(?![-*>#]+ |[—–]|--|\[?\(?https?://\S+\s*$)([^\r\n]{1,600})")
_ENDS_WITH_LINK = re.compile(
    r"(?:https?://t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{10}[ \t\u00a0]*\Z"
)
_PICTURE_LINK = re.compile(r"pic\.(?:twitter|x)\.com/[A-Za-z0-9]{10}(?![A-Za-z0-9])")
_FAR = 1500
"""Characters before an attribution in which a cut is looked for."""
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_MOST_LINES = 12
_UNCOUNTED = 50
"""A picture link, its blank and the accounts replied to stand outside the service's limit."""
_NEAR = 400
"""Characters below the link in which another attribution takes it for its own tweet."""


class Behind(NamedTuple):
    """Where text behind an attribution lies."""

    start: int
    end: int
    is_shown: bool
    """Whether the text itself shows that it belongs to the post above."""


def text_behind(
    text: str, attribution: Attribution, above: Candidate, next_start: int
) -> Behind | None:
    """The lines below an attribution that the post's length still has room for, or None.

    They end with the first line that ends with a short link, if there is one before the block of
    the next tweet (`next_start`) or a blank line; else only the first line is given.
    """
    if "\n" in text[above.start : above.end].strip() or above.start == above.end:
        return None  # what is displaced is all behind the first line break
    pos, first = attribution.end, None
    line = _LINE.match(text, pos, next_start)
    if line is None:
        return None
    is_long = attribution.date is None or attribution.date >= LENGTH_DOUBLED
    limit = MAX_WEIGHTED_LENGTH if is_long else LEGACY_MAX_LENGTH
    room = limit + _UNCOUNTED - weighted_length(text[above.start : above.end])
    for _ in range(_MOST_LINES):
        room -= weighted_length(line[1].strip()) + 1
        if room < 0:
            break
        pos = line.end()
        first = first or Behind(line.start(1), pos, False)
        if _ENDS_WITH_LINK.search(line[1]):
            block = _BLANK_LINE.split(text[pos : pos + _NEAR], maxsplit=1)[0]
            return first if "(@" in block else Behind(first.start, pos, True)
        line = _LINE.match(text, pos, next_start)
        if line is None:
            break
    return first


def without_advertisement(text: str, above: Candidate, floor: int = 0) -> Candidate:
    """The text up to its picture link, where what follows on the line is too long to be a post.

    A picture link ends a post's text, so what stands behind it is not the post's. `floor` is the
    end of the attribution before: nothing above it is this post's.
    """
    line_start = max(text.rfind("\n", floor, above.end) + 1, floor)
    links = list(_PICTURE_LINK.finditer(text, max(line_start, above.end - _FAR), above.end))
    if not links:
        return above
    cut = links[-1].end()
    behind, before = text[cut : above.end], text[line_start:cut]
    if len(behind) <= MAX_WEIGHTED_LENGTH or weighted_length(behind) <= MAX_WEIGHTED_LENGTH:
        return above
    if weighted_length(before) > MAX_WEIGHTED_LENGTH:
        return above
    return Candidate(line_start, cut, above.confidence / 2, (*above.flags, "text-cut"))
