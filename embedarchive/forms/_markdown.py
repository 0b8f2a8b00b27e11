"""A URL's place in text → the Markdown around it: what it is written as, and whether it is code."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from ..models import Span


class Notation(Enum):
    """How a URL is written."""

    BARE = "bare"
    AUTOLINK = "autolink"
    """`<URL>`"""
    LINK = "link"
    """`[label](URL)`"""
    IMAGE = "image"
    """`![label](URL)`"""
    DIRECTIVE = "directive"
    """`@[tweet](URL)`"""
    ATTRIBUTE = "attribute"
    """Inside a tag or a call: `href="URL"`."""


class Written(NamedTuple):
    start: int
    end: int
    notation: Notation
    label: str = ""


_BEFORE_TARGET = re.compile(r"\]\(\s{0,3}<?")
_BEHIND_TARGET = re.compile(
    r">?\s{0,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|\([^()\n]{0,300}\))?\s{0,3}\)"
)
_MAX_LABEL = 1500
_MAX_BRACKETS = 24
_FENCE = re.compile(r"^[ >\t]{0,8}(`{3,}|~{3,})", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)[^`\n]{1,400}\1(?!`)")
_LINE_MARKS = " \t>"
_MAX_MARKS = 40
"""Characters on either side of what stands alone on its line."""


def written_as(text: str, start: int, end: int) -> Written:
    """The notation around the URL at `start` to `end`, and the place of the whole of it."""
    opener = text.rfind("](", max(0, start - 6), start)
    before = _BEFORE_TARGET.match(text, opener) if opener >= 0 else None
    if before is not None and before.end() == start:
        behind = _BEHIND_TARGET.match(text, end)
        whole = _link(text, opener, behind.end() if behind else end)
        return whole or Written(start, end, Notation.LINK)
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    if around == "<>":
        return Written(start - 1, end + 1, Notation.AUTOLINK)
    if start >= 2 and text[start - 1] in "\"'" and text[start - 2] in "=({":
        return Written(start, end, Notation.ATTRIBUTE)
    return Written(start, end, Notation.BARE)


def _link(text: str, closing: int, end: int) -> Written | None:
    """The link whose label ends at the bracket `closing`."""
    lowest = max(0, closing - _MAX_LABEL)
    depth, at = 1, closing
    for _ in range(_MAX_BRACKETS):
        at = max(text.rfind("[", lowest, at), text.rfind("]", lowest, at))
        if at < 0:
            break
        depth += 1 if text[at] == "]" else -1
        if depth == 0:
            label = text[at + 1 : closing]
            mark = text[at - 1 : at]
            if mark == "!":
                return Written(at - 1, end, Notation.IMAGE, label)
            if mark == "@" and label.isalpha():
                return Written(at - 1, end, Notation.DIRECTIVE, label)
            return Written(at, end, Notation.LINK, label)
    return None


def is_alone(text: str, start: int, end: int) -> bool:
    """Whether a line holds nothing but this, quote marks aside."""
    line_start = text.rfind("\n", max(start - _MAX_MARKS - 1, 0), start) + 1
    line_end = text.find("\n", end, end + _MAX_MARKS + 1)
    line_end = len(text) if line_end < 0 else line_end
    if start - line_start > _MAX_MARKS or line_end - end > _MAX_MARKS:
        return False
    before, behind = text[line_start:start], text[end:line_end]
    return not before.strip(_LINE_MARKS) and not behind.strip(" \t\r\\")


def line_before(text: str, start: int) -> str:
    """The words between the beginning of the line, 80 characters back at most, and `start`."""
    line_start = text.rfind("\n", max(0, start - 80), start) + 1
    return text[max(line_start, start - 80) : start]


def code_spans(text: str) -> list[Span]:
    """Fenced and inline code, in order."""
    spans: list[Span] = []
    if "`" not in text and "~~~" not in text:
        return spans
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]):
            spans.append(Span(opened.start(), fence.end()))
            opened = None
    if opened is not None:
        spans.append(Span(opened.start(), len(text)))
    spans.extend(Span(*inline.span()) for inline in _INLINE.finditer(text))
    return sorted(spans)
