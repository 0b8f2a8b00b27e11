"""One post in a list, and the same as JSON: what a run keeps of it for the next. Pure."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..models import Level
from .words import Moment


class Row(NamedTuple):
    """One post in a list."""

    key: str
    page: str
    """The name of its file."""
    name: str
    handle: str | None
    date: Moment | None
    excerpt: str
    level: Level
    level_word: str
    absence: str | None
    reason: str | None = None
    """What the service says now, where that is not the post."""
    is_gone: bool = False
    author: str | None = None
    """The name of its author's page."""
    taken_down: str | None = None
    """Since when nothing captured of it is held any more."""
    differs: str | None = None
    """How the article and the post disagree, in a few words."""


def written_row(row: Row) -> str:
    """The row as JSON, for `read_row`."""
    return json.dumps(row)


def read_row(written: str | None) -> Row | None:
    """The row again; None where it was written otherwise, by an earlier version or by hand."""
    try:
        row = Row(*json.loads(written or "[]"))
        date = row.date and Moment(*row.date)
        row = row._replace(date=date, level=Level(row.level))
    except (TypeError, ValueError):
        return None
    kinds = {*map(type, row), *map(type, date or ())}
    return row if kinds <= {str, bool, Level, Moment, type(None)} else None
