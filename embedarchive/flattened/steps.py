"""The places of one window, and what lies around each: the units above and below it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from .features import EMPTY, Unit, measure, shown_of
from .layout import Line
from .places import Break, Place, Window
from .sheet import Sheet

_MOST = 1.5
"""Times the limit: media links, a quoted post's link and a reply's mentions are not counted."""


class Step(NamedTuple):
    """One place, and what lies around it."""

    place: Place
    after: Place | None
    line: Line
    prev_line_mark: Line | None
    """The line above, unless a hard stop lies between."""
    unit: Unit
    next: Unit | None
    this_line: Unit
    prev: Unit
    prev2: Unit
    prev_line: Unit
    at_start: bool
    """Of a line."""


class Steps:
    """The way up from an attribution, place by place."""

    def __init__(self, sheet: Sheet, window: Window, floor: int, is_legacy: bool) -> None:
        """`floor` is the end of the attribution before; `is_legacy` says how lengths count."""
        self.limit = 140.0 if is_legacy else 280.0
        """How long the tweet may be."""
        self._sheet = sheet
        self._window = window
        self._floor = floor
        self._bounds = sheet.bounds(window)
        # Half of the units are too far up for any tweet: of these only the lengths count.
        lengths = [measure(shown_of(sheet.text[start:end])) for start, end in self._bounds]
        self._sizes = [found.letters if is_legacy else found.weight for found in lengths]
        self.fill_top = sum(self._sizes) / self.limit
        """What all units take of the limit."""

    @property
    def first(self) -> int:
        """The number of the furthest place from which a tweet's length reaches the attribution."""
        number = len(self._sizes) - 1
        fill = self._sizes[number]
        while number > 0 and (fill := fill + 1 + self._sizes[number - 1]) <= _MOST * self.limit:
            number -= 1
        return number

    def unit(self, number: int) -> Unit:
        """The unit that begins with one of the window's places; above them the article's last."""
        if number < 0:
            return self._sheet.above(self._window, self._floor) if number == -1 else EMPTY
        return self._sheet.unit(*self._bounds[number])

    def last_line(self) -> str:
        """What is shown of the line that the text ends on."""
        line = self._sheet.layout.lines[self._window.places[-1].line]
        start, end = max(line.start, self._floor), min(line.end, self._window.end)
        return shown_of(self._sheet.text[start:end])

    def at(self, number: int) -> Step:
        """What lies around one of the window's places."""
        sheet, end, floor = self._sheet, self._window.end, self._floor
        places, lines = self._window.places, sheet.layout.lines
        place = places[number]
        above = lines[place.line - 1] if place.line > 0 else None
        if above is not None and above.end <= floor:
            above = None
        unit, prev = self.unit(number), self.unit(number - 1)
        prev_line, this_line = prev, unit
        at_start = place.kind < Break.INSIDE
        if at_start:
            prev_line = sheet.paragraph_above(place.line - 1, floor, end) if above else EMPTY
            this_line = sheet.paragraph_below(place.line, floor, end)
        is_last = number + 1 == len(places)
        return Step(
            place=place,
            after=None if is_last else places[number + 1],
            line=lines[place.line],
            prev_line_mark=above,
            unit=unit,
            next=None if is_last else self.unit(number + 1),
            this_line=this_line,
            prev=prev,
            prev2=self.unit(number - 2),
            prev_line=prev_line,
            at_start=at_start,
        )
