"""A status id → the moment it was made, and a day → the ids of that day. Pure.

`(id >> 22) + 1288834974657` is the creation time in milliseconds since 1970, UTC, for every id
that the snowflake service made. It began on 4 November 2010; ids before that were sequential and
tell no time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

EPOCH_MS = 1288834974657
"""Twitter's snowflake epoch: 2010-11-04T01:42:54.657Z."""

FIRST_SNOWFLAKE = 29700859247
"""The smallest id that holds its time; smaller ones were handed out in sequence."""

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ID = 2**63


def created_at(post_id: str) -> datetime | None:
    """The UTC moment held in a status id, or None where the id tells no time.

    Ids between the last sequential ones (about 3e10) and the first plausible snowflakes (a
    snowflake one minute after the epoch is above 2e11) also give None: they hold no time either.
    """
    number = int(post_id)
    if number < 10**12 or number >= _MAX_ID:
        return None
    return _UNIX_EPOCH + timedelta(milliseconds=(number >> 22) + EPOCH_MS)


def day_bounds(day: date) -> tuple[int, int] | None:
    """The smallest id of a UTC day and the smallest of the next; None before snowflakes."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    first = _first_id(start)
    after = _first_id(start + timedelta(days=1))
    return (first, after) if after > 0 else None


def prefixes(first: int, after: int, *, at_most: int) -> tuple[str, ...]:
    """The longest leading digits with which all ids from `first` up to `after` begin.

    No more than `at_most` of them for ids of one length, unless one digit each is still too long.
    So few that they may cover other ids as well.
    """
    found: list[str] = []
    for digits in range(len(str(first)), len(str(after - 1)) + 1):
        low, high = max(first, 10 ** (digits - 1)), min(after - 1, 10**digits - 1)
        step = 1
        while high // step - low // step >= at_most and step < 10 ** (digits - 1):
            step *= 10
        found += [str(number) for number in range(low // step, high // step + 1)]
    return tuple(found)


def is_on_day(post_id: str, day: date, *, tolerance_days: int = 0) -> bool | None:
    """Whether the id's UTC day is the printed one; None where the id cannot tell.

    The date that oEmbed markup prints is the UTC day of the id (329 of 329 embeds, 10 languages).
    Text copied from the rendered widget shows the reader's zone, hence `tolerance_days`.
    """
    made = created_at(post_id)
    if made is None:
        return None
    return abs((made.date() - day).days) <= tolerance_days


def _first_id(moment: datetime) -> int:
    milliseconds = (moment - _UNIX_EPOCH) // timedelta(milliseconds=1) - EPOCH_MS
    return max(milliseconds, 0) << 22
