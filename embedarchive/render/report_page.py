"""A report → one page that stands alone, with plots drawn as shapes. Makes no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import NamedTuple

from .html import Layout, render_page
from .report import OutletYear, Tally, by_outlet, by_year, total

STATES = (
    ("safe", "Held, and still public"),
    ("saved", "Held, and gone at the service"),
    ("at-risk", "Not held: a deletion today would lose it"),
    ("lost", "Gone, and not held"),
    ("forgotten", "Taken down from this archive"),
)
"""The parts of each bar, in order; every embed is in one of them."""

_MOST_OUTLETS = 25
_STEP, _WIDTH, _RIGHT = 30, 640, 70
_LONGEST_LABEL, _PER_CHARACTER = 22, 8.8
_GAP = 1.5


class Shape(NamedTuple):
    """A part of a bar, in the plot's units."""

    state: str
    x: float
    width: float
    words: str


class Bar(NamedTuple):
    label: str
    y: int
    shapes: tuple[Shape, ...]
    number: str
    end: float
    """Where the bar ends."""


class Plot(NamedTuple):
    """Bars below each other."""

    name: str
    title: str
    height: int
    left: int
    """Where the bars begin."""
    bars: tuple[Bar, ...]
    rows: tuple[tuple[object, ...], ...]
    """The same as a table: what a bar is called, then its measures."""


def render_report(rows: Sequence[OutletYear], *, title: str) -> str:
    """The page of a report; `title` names the archive."""
    years = {year or "Unknown": tally for year, tally in by_year(rows).items()}
    outlets = _largest(by_outlet(rows))
    return render_page(
        "report.html",
        Layout(media=lambda file: None),
        title=title,
        total=total(rows),
        states=STATES,
        plots=[
            _plot("years", "By the year of the post", years),
            _plot("outlets", "By outlet", outlets),
        ],
    )


def _largest(outlets: Mapping[str, Tally]) -> dict[str, Tally]:
    """The largest outlets, and all others as one."""
    names = list(outlets)
    shown = {name: outlets[name] for name in names[:_MOST_OUTLETS]}
    rest = names[_MOST_OUTLETS:]
    if rest:
        shown[f"{len(rest)} others"] = sum((outlets[name] for name in rest), Tally())
    return shown


def _plot(name: str, title: str, tallies: Mapping[str, Tally]) -> Plot:
    most = max((tally.embeds for tally in tallies.values()), default=0)
    longest = min(max(map(len, tallies), default=0), _LONGEST_LABEL)
    left = round(longest * _PER_CHARACTER) + 14
    scale = (_WIDTH - left - _RIGHT) / most if most else 0.0
    bars = tuple(
        _bar(label, number * _STEP, tally, left, scale)
        for number, (label, tally) in enumerate(tallies.items())
    )
    rows = tuple((label, *astuple(tally)) for label, tally in tallies.items())
    return Plot(name, title, len(bars) * _STEP, left, bars, rows)


def _bar(label: str, y: int, tally: Tally, left: int, scale: float) -> Bar:
    at = float(left)
    shapes = []
    for state, words in STATES:
        number: int = getattr(tally, state.replace("-", "_"))
        if number:
            width = max(number * scale - _GAP, 0.5)
            shapes.append(Shape(state, round(at, 2), round(width, 2), f"{words}: {number:,}"))
            at += number * scale
    shown = label if len(label) <= _LONGEST_LABEL else f"…{label[1 - _LONGEST_LABEL :]}"
    return Bar(shown, y, tuple(shapes), f"{tally.embeds:,}", round(at + 6, 2))
