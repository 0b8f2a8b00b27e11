"""Attributions in a text → where the tweet of each starts, most likely first. Never fetches."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .model import Attribution, Candidate
from .places import find_window
from .rows import FEATURES, make_rows
from .scorer import Model, shipped_model
from .sheet import Sheet

KEPT = 3
"""Readings kept of each tweet: the top three hold the truth far more often than the first."""

SETTLED_CONFIDENCE = 0.99
"""Of what code decides; the figures are in docs/flattened.md."""

MOST_WEIGHED, WEIGHED_EACH = 300, 250
"""Attributions weighed in any text, and one more for so many characters of it."""
_CROWDED, _MOST_IN_CROWD = 300, 100
"""Characters for each attribution, beyond the first ones, below which a text holds no posts; and
how many are weighed there."""

UNWEIGHED_CONFIDENCE = 0.5
"""The line above is the whole text of 63 tweets in a hundred."""

_CORE_FILL = FEATURES.index("core_fill")
_PREV_LINE_TERMINAL = FEATURES.index("prev_line_terminal")
_PREV_LINE_COLUMNS = FEATURES.index("line_prev_columns")
_PREV_IS_HEADING = FEATURES.index("prev_is_heading")
_PREV_CAPTION = FEATURES.index("prev_caption")
_BEFORE = FEATURES.index("before")
_COLON = 1
_GAP = FEATURES.index("gap")
_BLANK_SHARE = FEATURES.index("blank_share")
_ATTRIBUTION_GAP = FEATURES.index("attribution_gap")
_ATTRIBUTION_DEPTH = FEATURES.index("attribution_depth")
_SAME_LINE = FEATURES.index("same_line")
_RUNS_ON = 1.5
_IN_PARAGRAPH = 4.0
"""What a place loses, in the scorer's unit. In readings held out by site, the first changed 11 of
1436: 4 became right and 2 wrong. All 72 tweets of the open set that the second could touch begin
behind a blank line; it made 5 more of them right and none wrong."""


def place(text: str, attributions: Sequence[Attribution], index: int) -> list[Candidate]:
    """Up to three readings of where the tweet above one attribution lies, best first.

    An orphan, an attribution that has lost its text, is one empty reading at its start. Where
    all attributions of a text are asked for, `place_all` costs a fraction.
    """
    return _rank(Sheet(text, attributions), attributions, index, shipped_model())


def place_all(text: str, attributions: Sequence[Attribution]) -> list[list[Candidate]]:
    """As `place`, for each attribution of a text, in order."""
    return place_some(text, attributions, range(len(attributions)))


def place_some(
    text: str, attributions: Sequence[Attribution], indices: Sequence[int]
) -> list[list[Candidate]]:
    """As `place`, for the attributions with these indices."""
    if not indices:
        return []
    model = shipped_model()
    is_crowded = len(attributions) > MOST_WEIGHED + len(text) // _CROWDED
    most = _MOST_IN_CROWD if is_crowded else MOST_WEIGHED + len(text) // WEIGHED_EACH
    # Of a crowd only what is weighed is looked at: behind it lies no article, but more of them.
    near = attributions[: indices[:most][-1] + 1] if is_crowded else attributions
    sheet = Sheet(text[: near[-1].end] if is_crowded else text, near)
    return [
        *(_rank(sheet, near, index, model) for index in indices[:most]),
        *(_unweighed(text, attributions, index) for index in indices[most:]),
    ]


def _unweighed(text: str, attributions: Sequence[Attribution], index: int) -> list[Candidate]:
    """The line above, for what no article holds: it keeps hostile text linear."""
    floor = attributions[index - 1].end if index else 0
    end = attributions[index].start
    while end > floor and text[end - 1].isspace():
        end -= 1
    start = text.rfind("\n", floor, end) + 1 or floor
    return [Candidate(start, end, UNWEIGHED_CONFIDENCE, ("not-weighed",))]


def _rank(
    sheet: Sheet, attributions: Sequence[Attribution], index: int, model: Model
) -> list[Candidate]:
    window = find_window(sheet.text, sheet.layout, attributions, index)
    if not window.places:
        start = attributions[index].start
        return [Candidate(start, start, 1.0, ("orphan",))]
    if window.settled:
        start = window.places[0].start
        return [Candidate(start, window.end, SETTLED_CONFIDENCE, (window.settled,))]
    rows = make_rows(sheet, attributions, index, window)
    places = window.places[len(window.places) - len(rows) :]
    scores = [(model.score(row) - hindrance(row)) / model.temperature for row in rows]
    best = max(scores)
    powers = [math.exp(score - best) for score in scores]
    total = sum(powers)
    candidates = [
        Candidate(place.start, window.end, power / total, _flags(sheet, row))
        for place, power, row in zip(places, powers, rows, strict=True)
    ]
    return sorted(candidates, key=lambda candidate: -candidate.confidence)[:KEPT]


def hindrance(row: Sequence[float]) -> float:
    """What speaks against a place and is too rare in training for the trees to learn."""
    return _RUNS_ON * _runs_on(row) + _IN_PARAGRAPH * _is_in_paragraph(row)


def _runs_on(row: Sequence[float]) -> bool:
    """Whether the line above is long prose that stops without the end of a sentence."""
    return (
        row[_PREV_LINE_TERMINAL] == 0
        and row[_PREV_LINE_COLUMNS] >= 60
        and not row[_PREV_IS_HEADING]
        and not row[_PREV_CAPTION]
        and row[_BEFORE] != _COLON
    )


def _is_in_paragraph(row: Sequence[float]) -> bool:
    """Whether the place lies inside a paragraph that the attribution ends, of a text whose
    paragraphs are kept apart by blank lines."""
    return (
        row[_BLANK_SHARE] >= 0.3
        and row[_ATTRIBUTION_GAP] == 0
        and row[_GAP] <= 0
        and not row[_SAME_LINE]
        and not row[_ATTRIBUTION_DEPTH]
    )


def _flags(sheet: Sheet, row: Sequence[float]) -> tuple[str, ...]:
    """Words on what makes a reading doubtful."""
    flags = []
    if sheet.layout.is_one_line:
        flags.append("one-line")
    if row[_CORE_FILL] > 0.95:
        flags.append("length-limit")
    return tuple(flags)
