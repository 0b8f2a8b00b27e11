"""Attributions in a text → where each one's tweet starts, most likely first. Never asks meaning."""

from __future__ import annotations

import math
from collections.abc import Sequence


from .layout import read_layout
from .model import Attribution, Candidate
from .places import find_window
from .rows import Sheet, make_rows
from .scorer import Model, shipped_model

_KEPT = 3
"""Readings kept; the top three hold the truth far more often than the first alone."""


def place(text: str, attributions: Sequence[Attribution], index: int) -> list[Candidate]:
    """Up to three readings of where the tweet above one attribution lies, best first.

    An orphan, an attribution without a text above it, is one empty reading at its start.
    """
    return place_all(text, attributions)[index]


def place_all(
    text: str, attributions: Sequence[Attribution], model: Model | None = None
) -> list[list[Candidate]]:
    """As `place`, for all attributions of a text, in order, at the cost of one look at it."""
    if not attributions:
        return []
    model = model or shipped_model()
    sheet = Sheet(text, read_layout(text, attributions))
    return [_rank(sheet, attributions, index, model) for index in range(len(attributions))]


def _rank(
    sheet: Sheet, attributions: Sequence[Attribution], index: int, model: Model
) -> list[Candidate]:
    attribution = attributions[index]
    window = find_window(sheet.text, sheet.layout, attributions, index)
    if not window.places:
        return [Candidate(attribution.start, attribution.start, 1.0, ("orphan",))]
    rows = make_rows(sheet, attributions, index, window)
    scores = [model.score(row) / model.temperature for row in rows]
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    total = sum(weights)
    order = sorted(range(len(scores)), key=lambda number: -scores[number])[:_KEPT]
    flags = ("one-line",) if sheet.layout.is_one_line else ()
    return [Candidate(window.places[n].start, window.end, weights[n] / total, flags) for n in order]
