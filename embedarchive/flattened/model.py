"""The values that the parts of the flattened reading share. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Attribution:
    """`— Name (@handle) Date`, as it lies in a text."""

    start: int
    """Of the dash, or of the name where there is none."""
    end: int
    """Behind the date and, where it is kept, the tail of its link."""
    handle: str
    name: str | None
    date: date | None
    dash: str
    """As found: `—`, `--`, ...; empty where there is none."""
    url: str | None = None
    """The status URL behind the date, where the extractor kept it (also from a reference list)."""
    network: str = "x"
    """`x`, or `bluesky` or `mastodon` where the handle says so: they print the same line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of where the tweet's text lies."""

    start: int
    end: int
    confidence: float
    """The probability, 0 to 1, that start and end are exact."""
    flags: tuple[str, ...] = ()
