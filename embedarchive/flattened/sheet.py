"""A text's lines and the units between places, each described once. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from .features import EMPTY, Unit, describe
from .layout import read_layout
from .model import Attribution
from .places import Break, Window
from .words import language_of

_ABOVE = 400
"""Characters of the article looked at right above a window."""


class Sheet:
    """A text, its layout, and what was counted in its units so far."""

    def __init__(self, text: str, attributions: Sequence[Attribution]) -> None:
        """Read what lies around attributions, of which there is one at least."""
        layout = read_layout(text, attributions)
        self.text = text
        self.handles = Counter(attribution.handle.lower() for attribution in attributions)
        self.layout = layout
        self._units: dict[tuple[int, int], Unit] = {}
        self._heads = [text[line.start : line.end][:80] for line in layout.lines]
        self._repeats = Counter(self._heads)
        top = layout.lines[0].start
        self.language = language_of(text[top : top + 1_500])

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

    def is_repeated(self, number: int) -> bool:
        """Whether a line's words stand on another line too, as headings do in lists of them."""
        return number >= 0 and self._repeats[self._heads[number]] > 1

    def units(self, window: Window) -> list[Unit]:
        """The units of a window, in order; the last ends with the text."""
        places, lines = window.places, self.layout.lines
        units = []
        for place, after in pairwise(places):
            is_inside = after.kind >= Break.INSIDE
            end = after.start if is_inside else lines[after.line - 1].end
            units.append(self.unit(place.start, end))
        units.append(self.unit(places[-1].start, window.end))
        return units

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


def join(units: Sequence[Unit]) -> str:
    """The words of neighbouring units in small letters."""
    return "\n".join(unit.text for unit in units).lower()
