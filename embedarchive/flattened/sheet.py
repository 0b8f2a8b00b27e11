"""A text's lines and the units between places, each described once. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from .features import EMPTY, Unit, count_curly, describe, is_terminal
from .languages import language_of
from .layout import NEAR, Layout, read_layout
from .model import Attribution
from .places import Break, Window
from .words import count_persons, is_unseparated, words_of

_ABOVE = 400
"""Characters of the article looked at right above a window."""
LONG = 60
"""Columns of a line that is no heading."""
_RUN = 12
"""Lines of one paragraph that are joined at most."""
_INLINE = re.compile(r"[@#＃]\w+|(?:https?://|pic\.twitter\.com/|t\.co/)\S+")


class Habits(NamedTuple):
    """How an article is written where it is surely not a tweet; -1 where nothing is known."""

    terminal: float
    """Share of its long lines that end like a sentence."""
    curly: float
    """Share of its quotation marks and apostrophes that are typographic."""
    persons: float
    """How often it says `I`, `we` or `you`, in a hundred words."""


class Sheet:
    """A text, its layout, and what was counted in its units so far."""

    def __init__(self, text: str, attributions: Sequence[Attribution]) -> None:
        """Read what lies around attributions, of which there is one at least."""
        self.text = text
        self.handles = Counter(attribution.handle.lower() for attribution in attributions)
        self.layout = read_layout(text, attributions)
        self._attributions = attributions
        self._units: dict[tuple[int, int], Unit] = {}

    # What the article is like is told only where a place has to be weighed.

    @cached_property
    def language(self) -> int:
        """Of the article's opening; -1 if unknown."""
        return language_of(self._opening, self._words)

    @cached_property
    def habits(self) -> Habits:
        """How the article is written."""
        return _habits(self.text, self.layout, self._attributions, self._opening, self._words)

    @cached_property
    def _opening(self) -> str:
        top = self.layout.lines[0].start
        return self.text[top : top + 1_500]

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self._opening.lower())

    @cached_property
    def _heads(self) -> list[str]:
        return [self.text[line.start : line.end][:80] for line in self.layout.lines]

    @cached_property
    def _repeats(self) -> Counter[str]:
        return Counter(self._heads)

    def unit(self, start: int, end: int) -> Unit:
        """What can be counted between two places."""
        if end <= start:
            return EMPTY
        found = self._units.get((start, end))
        if found is None:
            found = self._units[start, end] = describe(self.text[start:end])
        return found

    def line(self, number: int, floor: int, end: int) -> Unit:
        """What is left of a line between two bounds."""
        if number < 0:
            return EMPTY
        line = self.layout.lines[number]
        return self.unit(max(line.start, floor), min(line.end, end))

    def paragraph_above(self, number: int, floor: int, end: int) -> Unit:
        """The paragraph that ends with a line, where an extractor broke it into lines."""
        first = number
        while first > 0 and number - first < _RUN and self._is_joined(first):
            first -= 1
        if first == number:
            return self.line(number, floor, end)
        lines = self.layout.lines
        return self.unit(max(lines[first].start, floor), min(lines[number].end, end))

    def paragraph_below(self, number: int, floor: int, end: int) -> Unit:
        """The paragraph that a line begins."""
        last, lines = number, self.layout.lines
        while last + 1 < len(lines) and last - number < _RUN and lines[last + 1].start < end:
            if not self._is_joined(last + 1):
                break
            last += 1
        return self.unit(max(lines[number].start, floor), min(lines[last].end, end))

    def _is_joined(self, number: int) -> bool:
        """Whether a line goes on from the one above it."""
        layout = self.layout
        if layout.lines[number].gap:
            return False
        if not layout.is_broken:
            return layout.is_soft(number)
        above, line = layout.lines[number - 1], layout.lines[number]
        first = self.text[line.start]
        return (
            first.islower()
            or first in ",;:)]!?.%’”、。，；：！？）」』"
            or _INLINE.fullmatch(self.text, line.start, line.end) is not None
            or _INLINE.fullmatch(self.text, above.start, above.end) is not None
        )

    def is_repeated(self, number: int) -> bool:
        """Whether a line's words stand on another line too, as headings do in lists of them."""
        return number >= 0 and self._repeats[self._heads[number]] > 1

    def bounds(self, window: Window) -> list[tuple[int, int]]:
        """Where the units of a window begin and end, in order; the last ends with the text."""
        places, lines = window.places, self.layout.lines
        bounds = []
        for place, after in pairwise(places):
            is_inside = after.kind >= Break.INSIDE
            bounds.append((place.start, after.start if is_inside else lines[after.line - 1].end))
        return [*bounds, (places[-1].start, window.end)]

    def above(self, window: Window, floor: int) -> Unit:
        """The article's last words above a window: of the same line or the one before."""
        first = window.places[0]
        low = max(floor, first.start - _ABOVE)
        start = max(low, self.text.rfind("\n", low, max(low, first.start - 1)) + 1)
        if self.text[start : first.start].strip(" \n\t>"):
            return self.unit(start, first.start)
        number = first.line - 1
        if number < 0:
            return EMPTY
        return self.line(number, max(floor, self.layout.lines[number].end - _ABOVE), first.start)


def _habits(
    text: str,
    layout: Layout,
    attributions: Sequence[Attribution],
    opening: str,
    words: Sequence[str],
) -> Habits:
    lines = layout.lines
    bounds = [(max(0, found.start - NEAR), found.end) for found in attributions]
    near, curly, straight, at = 0, 0, 0, lines[0].start
    for start, end in [*bounds, (lines[-1].end, 0)]:
        between = text[at:start]
        curly += count_curly(between)
        straight += between.count("'") + between.count('"')
        at = max(at, end)
    long = terminal = 0
    for number, line in enumerate(lines):
        while near < len(bounds) and bounds[near][1] <= line.start:
            near += 1
        if near < len(bounds) and line.end > bounds[near][0]:
            continue
        if line.columns < LONG or (number + 1 < len(lines) and layout.is_soft(number + 1)):
            continue
        long += 1
        terminal += is_terminal(text[max(line.start, line.end - 8) : line.end])
    persons = count_persons(opening, words, is_unseparated(opening))
    return Habits(
        terminal / long if long > 2 else -1.0,
        curly / (curly + straight) if curly + straight > 2 else -1.0,
        100 * persons / len(words) if len(words) > 20 else -1.0,
    )
