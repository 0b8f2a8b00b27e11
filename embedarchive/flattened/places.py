"""The places where the text of a tweet may start, between an attribution and a hard stop. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from .features import describe, is_legacy
from .layout import Layout, Line
from .model import Attribution

_LONGEST = 1_000
"""Characters of one window without Markdown link targets; a tweet's 280 and much slack."""
_LONGEST_RAW = 5_000
_MOST = 48
"""Places looked at for one attribution; the nearest are kept."""

_BLOCK_WEIGHT = 380
"""A block is one tweet up to this weighted length: 280, two media links, a quoted post's link."""

_STATUS_URL = re.compile(
    r"<?https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,15}/status(?:es)?/[0-9]+\S*>?"
)
_CHROME = re.compile(
    r"(?:Twitter Ads info and privacy|View (?:image|video|photo) on Twitter|Twitter Embed|"
    r"View Tweet|[0-9,.KM]+ people are talking about this|Advertisement|ADVERTISEMENT|Anzeige|"
    r"Publicidad|[0-9]{1,3}[.)])\Z"
)
_HEADING = re.compile(r"#{1,6} \S|```|~~~")
# No text starts with these; where each text node has its line, they go on from the one above.
# A lone dot may be the first half of `.@name`.
_CONTINUES = re.compile(r"[,;:)\]!?%’”»、。，；：！？）」』]|\.(?!\.|[\s>\[]*@)")
# A place inside a line: behind what may end a sentence, before a mark, or where the line break
# between two blocks was lost (`endet.Der`, `。次`).
_INSIDE = re.compile(
    r"(?<=[.!?…:;。！？：»”\"’')\]」』）】*_])[ \t\xa0\u3000]+(?=[^\s—–-])"
    r"|(?<=\S)[ \t\xa0\u3000]+(?=[@#＃\U0001f300-\U0001faff\u2600-\u27bf.\"“„«「『【]|https?:|pic\.)"
    r"|(?<=/[A-Za-z0-9]{10})[ \t\xa0\u3000]+(?=\S)"
    r"|(?<=[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f])[ \t\xa0\u3000]*(?=\w)"
    r"|(?<=[。！？」』）】])(?=\w)"
    r"|(?<=[a-zà-ÿ][.!?…)”:])(?=[A-ZÀ-Ý@#“])"
    r"|(?<=[.!?][\"”])(?=[A-ZÀ-Ý@#])"
)
# Where nothing but blanks is left of a page's blocks, a heading ends nowhere: then each capital
# and each change between scripts may start a tweet.
_LOOSE = re.compile(r"(?<=\S)[ \t\xa0\u3000]+(?=[^\W\d_a-zà-ÿ])")


STOPS = ("top", "attribution", "block", "heading", "url", "length", "author", "item")


class Break(IntEnum):
    """What lies before a place."""

    TOP = 0
    BLANK = 1
    NEWLINE = 2
    SOFT = 3
    INSIDE = 4
    GLUED = 5


class Place(NamedTuple):
    start: int
    kind: Break
    line: int
    """Index in the layout's lines."""


class Window(NamedTuple):
    """The stretch above one attribution that may hold its text."""

    top: int
    end: int
    """Where the text ends."""
    places: list[Place]
    """Rising."""
    is_block: bool
    """The text is a quotation or an indented block, whole: it starts with the block."""
    stop: str
    """Why it goes no further up: One of STOPS."""


def find_window(
    text: str, layout: Layout, attributions: Sequence[Attribution], index: int
) -> Window:
    """The places above one attribution, down from the first hard stop."""
    attribution = attributions[index]
    floor = 0
    for other in attributions[max(0, index - 3) : index]:
        floor = max(floor, min(other.end, attribution.start))
    end = _text_end(text, floor, attribution.start)
    own = layout.line_at(attribution.start)
    last = layout.line_at(end - 1) if end > floor else -1
    stop = "attribution" if floor else "top"
    places: list[Place] = []
    number = last
    while number >= 0 and len(places) < _MOST:
        line = layout.lines[number]
        if line.end <= floor:
            break
        reason = _stops(text, layout, line, number, own, last, attribution.handle)
        if reason and number != last:
            stop = reason
            break
        if _too_far(text, line.start, end):
            stop = "length"
            _add_inside(text, line, number, max(floor, end - _LONGEST), end, places, layout)
            break
        _add_inside(text, line, number, floor, end, places, layout)
        if line.start >= floor:
            # Blanks left at the end of a line are what a `<br>` leaves: the line goes on below.
            is_br = line.trail and not line.gap and layout.lines[number - 1].end > floor
            if not is_br and not _continues(text, line.start, floor):
                places.append(_line_place(layout, number, line, floor))
        else:
            start = floor + len(text[floor:end]) - len(text[floor:end].lstrip(" \t\xa0>)"))
            if start < end and all(place.start != start for place in places):
                places.append(Place(start, Break.TOP, number))
        number -= 1
    places = sorted(set(places))[-_MOST:]
    is_block = (
        stop not in ("length", "item") and bool(places) and _is_block(layout, own, last, places)
    )
    if is_block:
        unit = describe(text[places[0].start : end])
        is_block = unit.weight <= _BLOCK_WEIGHT and (
            not is_legacy(attribution) or unit.letters <= _BLOCK_WEIGHT / 2
        )
    return Window(places[0].start if places else end, end, places, is_block, stop)


def _is_block(layout: Layout, own: int, last: int, places: Sequence[Place]) -> bool:
    """Whether an attribution and the line above it stand in a block of their own."""
    mine, bottom = layout.lines[own], layout.lines[last]
    if mine.depth or bottom.depth:
        return min(mine.depth, bottom.depth) > 0 and not mine.rift
    # A list at the same indentation may be the article's: the scorer has to say.
    return (
        mine.indent == bottom.indent > layout.indent
        and not layout.is_one_line
        and not any(layout.lines[place.line].is_item for place in places)
    )


def _text_end(text: str, floor: int, end: int) -> int:
    """Behind the last character above an attribution that can belong to the text."""
    while end > floor and text[end - 1] in " \t\r\n\xa0\u3000\u200b>":
        end -= 1
    return end


def _too_far(text: str, start: int, end: int) -> bool:
    length = end - start
    if length <= _LONGEST:
        return False
    return length > _LONGEST_RAW or "](" not in text[start:end]


def _stops(
    text: str, layout: Layout, line: Line, number: int, own: int, last: int, handle: str
) -> str:
    """Why a line cannot belong to the text; empty if it can."""
    mine = layout.lines[own]
    bottom = layout.lines[last]
    if mine.depth and bottom.depth:
        if line.depth < min(mine.depth, bottom.depth) or layout.lines[number + 1].rift:
            return "block"
    if not mine.depth and mine.indent == bottom.indent > max(1, line.indent):
        if line.is_item:
            return "item"
        if layout.lines[number + 1].gap or mine.indent > layout.indent:
            return "block"
    body = text[line.start : line.end]
    if _HEADING.match(body) or (body.endswith("}") and "{#" in body):
        return "heading"
    if _STATUS_URL.fullmatch(body) or _CHROME.match(body):
        return "url"
    # Nobody mentions themselves at the end of a line of their own; articles do (`like @handle:`).
    tail = body[-len(handle) - 8 :].rstrip(" :：.!").lower()
    if tail.endswith("@" + handle.lower()) and len(tail) > len(handle) + 1:
        return "author"
    if body.endswith((":", "：")) and "@" + handle.lower() in body.lower():
        return "author"
    return ""


def _continues(text: str, start: int, floor: int) -> bool:
    """Whether what stands at a place cannot be the first of a text."""
    if text[start] == "@":
        before = text[max(floor, start - 16) : start].rstrip(" \t\n>")
        return before.endswith(".") and (before[-2:-1].isspace() or len(before) == 1)
    return _CONTINUES.match(text, start, start + 24) is not None


def _line_place(layout: Layout, number: int, line: Line, floor: int) -> Place:
    if number == 0 or layout.lines[number - 1].end <= floor:
        kind = Break.TOP
    elif line.gap:
        kind = Break.BLANK
    elif layout.is_soft(number):
        kind = Break.SOFT
    else:
        kind = Break.NEWLINE
    return Place(line.start, kind, number)


def _add_inside(
    text: str,
    line: Line,
    number: int,
    floor: int,
    end: int,
    places: list[Place],
    layout: Layout,
) -> None:
    low, high = max(line.start, floor), min(line.end, end)
    found = {m.end(): m.end() > m.start() for m in _INSIDE.finditer(text, low, high)}
    if line.columns > 1_000 or layout.is_one_line:
        found |= {m.end(): True for m in _LOOSE.finditer(text, low, high)}
    for start, is_spaced in found.items():
        if low < start < high and not _continues(text, start, low):
            kind = Break.INSIDE if is_spaced else Break.GLUED
            places.append(Place(start, kind, number))
