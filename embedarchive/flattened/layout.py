"""The lines around attributions in a text, and how its extractor laid it out. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .model import Attribution

_BEFORE = 12_000
"""Characters above the first attribution that are looked at; an article's habits show in these."""
_BEHIND = 3_000
NEAR = 320
"""Characters above an attribution that may be a tweet's: the article's habits show elsewhere."""
_PROSE = 40
"""Columns of a line that is neither a heading nor an entry of a menu."""

_PREFIX = " \t\xa0\u3000\ufeff>"
"""What stands before a line's own words: indentation, `>` marks, byte order mark."""
_QUOTE_IN_ITEM = re.compile(r"[*+-] +>[ >]*")
"""Markdown may quote inside a list item (`* > `)."""
_ITEMS = ("*", "+", "-")
_MARK = re.compile(r"(?:[*+•◦‣·–□■▪○●-]|[0-9]{1,3}[.)])[ \t\xa0]")
_BLANK = " \t\r\xa0\u3000\u200b\ufeff"
# Characters two columns wide in a terminal, by which w3m and lynx wrap.
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]"
)


class Line(NamedTuple):
    """One line that is not blank; offsets index the text."""

    start: int
    """Of its own words: behind indentation and quote marks."""
    end: int
    """Behind its last character that is no blank."""
    depth: int
    """Quote marks (`>`) before it."""
    indent: int
    """Blanks before it, those behind the quote marks only where there are such."""
    is_item: bool
    """Opens with a list mark."""
    gap: int
    """Blank lines above it."""
    rift: int
    """Those of them without a quote mark, which end a Markdown quotation."""
    trail: int
    """Blanks at the end of the line above it: what a `<br>` often leaves behind."""
    columns: int
    """Its width, everything included."""
    head: int
    """The width of its first word: what would have had to fit on the line above."""


class Layout(NamedTuple):
    """The lines near a document's attributions, and what they have in common."""

    lines: list[Line]
    starts: list[int]
    blank_share: float
    """Share of lines with a blank line above."""
    median_columns: int
    wrap: int
    """The column at which the extractor wraps; 0 where it does not."""
    is_broken: bool
    """Inline elements stand on lines of their own, dates of attributions too."""
    indent: int
    """Of the article's own prose."""
    gap: int
    """Blank lines between its paragraphs."""
    is_one_line: bool
    """Paragraphs are joined by blanks alone."""

    def line_at(self, position: int) -> int:
        """The index of the last line that starts at or before a position; -1 if none."""
        return bisect_right(self.starts, position) - 1

    def is_soft(self, number: int) -> bool:
        """Whether a line continues the one above, which was full up to the wrap column."""
        if not self.wrap or number <= 0 or self.lines[number].gap:
            return False
        return self.lines[number - 1].columns + 1 + self.lines[number].head > self.wrap


def read_layout(text: str, attributions: Sequence[Attribution]) -> Layout:
    """The layout of the part of a text that its attributions lie in."""
    first = attributions[0].start - _BEFORE
    top = 0 if first <= 0 else text.rfind("\n", 0, first) + 1
    lines = _lines(text, top, min(len(text), attributions[-1].end + _BEHIND))
    widths = sorted(line.columns for line in lines)
    indent, gap = _usual(lines, attributions)
    broken = sum(1 for a in attributions if "\n" in text[a.start : a.end] and _breaks_date(text, a))
    return Layout(
        lines=lines,
        starts=[line.start for line in lines],
        blank_share=sum(1 for line in lines if line.gap) / max(1, len(lines)),
        median_columns=widths[len(widths) // 2] if widths else 0,
        wrap=_wrap_column(widths),
        is_broken=2 * broken > len(attributions),
        indent=indent,
        gap=gap,
        is_one_line=_is_one_line(text, attributions),
    )


def _usual(lines: Sequence[Line], attributions: Sequence[Attribution]) -> tuple[int, int]:
    """Indentation and gap of most prose that no tweet can reach; if there is none, of most lines.

    In a text of many tweets most lines are theirs, and indented as they are.
    """
    plain = [line for line in lines if not line.depth]
    apart = [line for line in _apart(plain, attributions) if line.columns - line.indent >= _PROSE]
    indents = Counter(line.indent for line in apart or plain)
    gaps = Counter(line.gap for line in apart or plain)
    if not indents:
        return 0, 0
    return indents.most_common(1)[0][0], gaps.most_common(1)[0][0]


def _apart(lines: Sequence[Line], attributions: Sequence[Attribution]) -> Iterator[Line]:
    """The lines that are no attribution's and stand farther above the next one than a tweet."""
    following = iter(attributions)
    found = next(following, None)
    for line in lines:
        while found is not None and found.end <= line.start:
            found = next(following, None)
        if found is None or line.end <= found.start - NEAR:
            yield line


def _lines(text: str, top: int, bottom: int) -> list[Line]:
    lines = []
    gap = rift = trail = 0
    start = top
    has_wide = _WIDE.search(text, top, bottom) is not None
    for whole in text[top:bottom].split("\n"):
        body = whole.lstrip(_PREFIX)
        if body[:1] in _ITEMS and (quote := _QUOTE_IN_ITEM.match(body)):
            body = body[quote.end() :]
        kept = body.rstrip(_BLANK)
        at = start + len(whole) - len(body)
        start += len(whole) + 1
        if not kept:
            gap += 1
            rift += ">" not in whole
            continue
        prefix = whole[: -len(body)]
        depth = prefix.count(">")
        indent = len(prefix) if not depth else len(prefix) - prefix.rfind(">") - 1
        columns = len(prefix) + len(kept)
        if has_wide and not kept.isascii():
            columns += len(_WIDE.findall(kept))
        is_item = _MARK.match(kept) is not None
        head = 2 if kept[0] >= "\u1100" else len(kept.split(None, 1)[0])
        end = at + len(kept)
        lines.append(Line(at, end, depth, indent, is_item, gap, rift, trail, columns, head))
        gap = rift = 0
        trail = len(body) - len(kept)
    return lines


def _is_one_line(text: str, attributions: Sequence[Attribution]) -> bool:
    """Whether attributions have neither a line break before nor behind them."""
    inside = 0
    last = len(text.rstrip())  # a line end behind all is none
    for attribution in attributions:
        above = text[max(0, attribution.start - 8) : attribution.start].strip(" \t\r")
        below = text[attribution.end : min(attribution.end + 8, last)].strip(" \t\r")
        inside += not above.endswith("\n") and not below.startswith("\n") and above != ""
    return 2 * inside >= len(attributions)


def _breaks_date(text: str, attribution: Attribution) -> bool:
    """Whether an attribution is broken behind the handle, as where each text node has its line."""
    handle = text.find(")", attribution.start, attribution.end)
    return handle >= 0 and text[handle + 1 : attribution.end].lstrip(" \t\xa0\r").startswith("\n")


def _wrap_column(widths: Sequence[int]) -> int:
    """The wrap column, from sorted line widths: many lines end close below a common bound."""
    if len(widths) < 6:
        return 0
    bound = widths[-1 - len(widths) // 50]
    if not 60 <= bound <= 140:
        return 0
    close = sum(1 for width in widths if bound - 12 <= width <= bound)
    return bound if close >= 0.25 * len(widths) else 0
