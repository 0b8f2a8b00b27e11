"""Spans in order → whether a character lies in one of them, in logarithmic time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ..models import Span


class Places:
    """Spans in order that do not nest."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]

    def hold(self, at: int) -> bool:
        """Whether character `at` lies in one of them."""
        before = bisect_right(self._starts, at) - 1
        return before >= 0 and at < self._spans[before].end
