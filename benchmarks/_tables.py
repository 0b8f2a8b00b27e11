"""Rows of words and numbers → aligned text; shares with their bootstrap intervals. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of how many were right."""

    right: int = 0
    all: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.all + other.all)

    @property
    def share(self) -> float:
        return self.right / self.all if self.all else 0.0

    def __str__(self) -> str:
        return f"{self.share:.3f}" if self.all else "-"


def lay_out(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A titled table: the first column to the left, the others to the right."""
    cells = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join(["", title, "-" * min(len(title), 100), *lines])


def micro(sites: Mapping[Any, Tally]) -> float:
    """The share over everything: each case weighs the same."""
    return sum(sites.values(), Tally()).share


def macro(sites: Mapping[Any, Tally]) -> float:
    """The mean of the sites' shares: each site weighs the same."""
    shares = [tally.share for tally in sites.values() if tally.all]
    return sum(shares) / len(shares) if shares else 0.0


def with_intervals(sites: Mapping[str, Tally]) -> tuple[str, str]:
    """Micro and macro share, each with its 95 % interval.

    Sites are drawn anew, not cases: those of one site are alike, and a new site is the question.
    """
    draw = random.Random(0)
    tallies = [tally for tally in sites.values() if tally.all]
    micros, macros = [], []
    for _ in range(_RESAMPLES if tallies else 0):
        drawn = dict(enumerate(draw.choices(tallies, k=len(tallies))))
        micros.append(micro(drawn))
        macros.append(macro(drawn))
    return _interval(micro(sites), micros), _interval(macro(sites), macros)


def _interval(share: float, resampled: list[float]) -> str:
    if not resampled:
        return "-"
    resampled.sort()
    low, high = resampled[len(resampled) // 40], resampled[-1 - len(resampled) // 40]
    return f"{share:.3f} [{low:.3f} {high:.3f}]"
