"""The lines around a rendered widget's time → author, text, and how far the widget goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..flattened.visible import Marks, visible_text
from ..twitter_text import weighted_length
from ._chrome import is_chrome

_HANDLE = re.compile(r"@([A-Za-z0-9_]{1,15})")
_HEADER = re.compile(
    r"(?P<name>\S.{0,60}?)\s*(?P<badge>[✔✓☑]\ufe0f?)?\s*@(?P<handle>[A-Za-z0-9_]{1,15})"
)
_BADGE = re.compile(r"\s*(?:[✔✓☑]\ufe0f?|Verified account)\s*\Z")
_QUOTE = frozenset({"Quote Tweet", "Quote post", "Quote"})
_MENTIONS = re.compile(r"@[A-Za-z0-9_]{1,15}(?:,? (?:and )?@[A-Za-z0-9_]{1,15})*")
_LONGEST_NAME = 60
_LONGEST_LINE = 1200
_MOST_LINES = 60
_LIMIT = 330
"""Weighted; a post's 280 and what stands outside the limit (links, accounts replied to)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what a reader sees of it."""

    start: int
    end: int
    content: str
    """What is seen of it, stripped."""
    is_chrome: bool


@dataclass(frozen=True, slots=True)
class Header:
    """Where the author stands: indices of lines counted upwards from the time."""

    first: int
    """Of the line that the name, or without one the handle, stands on."""
    text: int
    """Of the handle; the text lies below it."""
    name: str | None
    handle: str


def find_header(above: list[Line]) -> Header | None:
    """The author's lines: the topmost that leaves no more text below than a post can have."""
    best: Header | None = None
    loose: Header | None = None
    weight = 0
    for index, line in enumerate(above):
        if not line.content or line.is_chrome:
            continue
        if handle := _HANDLE.fullmatch(line.content):
            name = _name_above(above, index)
            best = Header(index if name is None else name, index, None, handle[1])
            if name is not None:
                best = Header(name, index, _BADGE.sub("", above[name].content), handle[1])
        elif header := _HEADER.fullmatch(line.content):
            found = Header(index, index, _BADGE.sub("", header["name"]), header["handle"])
            is_glued = line.content[header.end("name")] == "@"
            if is_glued or header["badge"] or _follows_chrome(above, index):
                best = best or found
            elif not loose or _follows_gap(above, index):
                loose = found
        weight += weighted_length(line.content)
        if weight > _LIMIT:
            break
    return best or loose


def _name_above(above: list[Line], index: int) -> int | None:
    """The line of the author's name, at most one blank line above the handle."""
    for number in range(index + 1, min(index + 3, len(above))):
        line = above[number]
        if line.content:
            fits = len(line.content) <= _LONGEST_NAME and not line.is_chrome
            return number if fits and not _HANDLE.search(line.content) else None
    return None


def _follows_chrome(above: list[Line], index: int) -> bool:
    before = next((line for line in above[index + 1 : index + 4] if line.content), None)
    return before is not None and before.is_chrome


def _follows_gap(above: list[Line], index: int) -> bool:
    return index + 1 >= len(above) or not above[index + 1].content


def post_lines(body: list[Line]) -> list[Line]:
    """The lines that are the post's own, in order; a quoted post below is another's."""
    words: list[Line] = []
    is_replying = False
    for line in body:
        if line.content in _QUOTE and words:
            break
        is_replying = line.content == "Replying to" or (
            is_replying and _MENTIONS.fullmatch(line.content) is not None
        )
        if not line.is_chrome and not is_replying:
            words.append(line)
    return words


def lines_above(text: str, floor: int, start: int, marks: Marks) -> Iterator[Line]:
    """Upwards, from the line above `start`."""
    for _ in range(_MOST_LINES):
        if start <= floor:
            return
        end = start - 1
        start = max(text.rfind("\n", floor, end) + 1, floor)
        yield _line(text, start, end, marks)


def lines_below(text: str, end: int, marks: Marks) -> Iterator[Line]:
    for _ in range(_MOST_LINES):
        if end >= len(text):
            return
        start, end = end + 1, line_end(text, end + 1)
        yield _line(text, start, end, marks)


def _line(text: str, start: int, end: int, marks: Marks) -> Line:
    raw = text[start : min(end, start + _LONGEST_LINE)]
    content = visible_text(raw, marks)
    is_image = not content and raw.strip(" \t\r>*[]") != ""
    return Line(start, end, content, is_image or is_chrome(content))


def line_end(text: str, pos: int) -> int:
    end = text.find("\n", pos)
    return len(text) if end < 0 else end


def reach(lines: Iterable[Line], place: int, *, at_end: bool = False) -> int:
    """How far chrome goes on from `place`: to a start upwards, to an end downwards."""
    for line in lines:
        if line.content and not line.is_chrome and line.start != place:
            break
        if line.is_chrome:
            place = line.end if at_end else line.start
    return place
