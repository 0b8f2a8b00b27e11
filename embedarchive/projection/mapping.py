"""Text made from another text → where each character came from. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from ..models import Span


class Projection:
    """Text of which every character knows its place in another text.

    It consists of runs: character `at` of the projection lies at `starts`; inside a run both go
    on together, unless the run as a whole stands for `starts` to `ends` (a character reference).
    """

    def __init__(
        self, text: str, runs: tuple[list[int], list[int], list[int]] | None = None
    ) -> None:
        self.text = text
        self._runs = runs

    def source(self, start: int, end: int) -> Span:
        """The hull, in the text behind, of characters `start` to `end`."""
        if self._runs is None:
            return Span(start, end)
        first, _ = self._character(start)
        return Span(first, self._character(end - 1)[1] if end > start else first)

    def at(self, source: int) -> int:
        """The first character that lies at `source` or behind it."""
        if self._runs is None:
            return source
        at, starts, ends = self._runs
        run = bisect_right(starts, source) - 1
        if run >= 0 and source < ends[run]:
            offset = source - starts[run]
            length = self._length(run)
            if offset < length == ends[run] - starts[run] or offset == 0:
                return at[run] + offset
        run = bisect_left(starts, source)
        return at[run] if run < len(at) else len(self.text)

    def _length(self, run: int) -> int:
        at = self._runs[0] if self._runs else []
        return (at[run + 1] if run + 1 < len(at) else len(self.text)) - at[run]

    def _character(self, index: int) -> tuple[int, int]:
        at, starts, ends = self._runs or ([], [], [])
        if index >= len(self.text) or not at:
            end = ends[-1] if ends else 0
            return end, end
        run = bisect_right(at, index) - 1
        start, end = starts[run], ends[run]
        if end - start != self._length(run):
            return start, end
        start += index - at[run]
        return start, start + 1


class Writer:
    """Collects a projection piece by piece."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._at: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self.length = 0

    def write(self, text: str, start: int, end: int) -> None:
        """Appends text that stands for `start` to `end`; of equal length, place by place."""
        if not text:
            return
        self._parts.append(text)
        self._at.append(self.length)
        self._starts.append(start)
        self._ends.append(end)
        self.length += len(text)

    def projection(self) -> Projection:
        """What was written."""
        return Projection("".join(self._parts), (self._at, self._starts, self._ends))
