"""When a post was visited and what came of it → when it is to be visited next. Pure; no clock.

Posts die young: of those that are deleted within three months, nine in ten are gone after 46
days. So visits are dense at first and sparse later; docs/refresh.md has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import UsageError
from .models import Outcome, Target

_DURATION = re.compile(r"([0-9]{1,5}) ?(h|d|w|y)")
_UNITS = {"h": 1, "d": 24, "w": 24 * 7, "y": 24 * 365}
_LATER, _GONE, _LOSING = "later", "gone", "losing"


@dataclass(frozen=True, slots=True)
class Plan:
    """How often posts are visited."""

    steps: tuple[tuple[timedelta, timedelta], ...]
    """Age up to which, and the time between two visits until then; rising."""
    later: timedelta
    """Between two visits to an older post."""
    gone: timedelta
    """Between two visits to a post that is proven gone: some come back."""
    losing: float
    """What the time is multiplied with where the account lost other posts already."""

    def interval(self, age: timedelta, *, is_gone: bool, is_losing: bool) -> timedelta:
        """The time between two visits to a post of that age."""
        if is_gone:
            return self.gone
        usual = next((interval for up_to, interval in self.steps if age < up_to), self.later)
        return usual * self.losing if is_losing else usual


@dataclass(frozen=True, slots=True)
class Visited:
    """What is known of a post when its next visit is planned."""

    target: Target
    handle: str | None
    created_at: datetime | None
    first_visit: datetime | None
    last_visit: datetime | None
    """None: never, so that it is due."""
    outcome: Outcome | None
    """The last telling one."""
    losses: int = 0
    """Posts of its account that are proven gone."""
    is_unfinished: bool = False
    """The last visit did not get all that it may have."""


def parse_plan(lines: Sequence[str]) -> Plan:
    """A plan from lines `AGE: INTERVAL`, `later: INTERVAL`, `gone: INTERVAL`, `losing: FACTOR`.

    Ages and intervals are whole numbers with h, d, w or y: `46d: 3d`; what is to be visited by
    each run has `0h`. Raises UsageError.
    """
    words: dict[str, str] = {}
    for line in lines:
        name, _, value = (part.strip() for part in line.partition(":"))
        if name in words:
            raise UsageError(f"refresh: {name!r} stands there twice")
        words[name] = value
    try:
        later, gone = (_duration(words.pop(name)) for name in (_LATER, _GONE))
        losing = float(words.pop(_LOSING))
        steps = [(_duration(age), _duration(interval)) for age, interval in words.items()]
    except KeyError as error:
        raise UsageError(f"refresh: a line for {error} is missing") from None
    except ValueError as error:
        raise UsageError(
            f"refresh: {error}; a line is like '46d: 3d', '{_LATER}: 90d' or '{_LOSING}: 0.5'"
        ) from None
    if not 0 < losing <= 1:
        raise UsageError(f"refresh: {_LOSING} must lie above 0 and at most at 1")
    return Plan(tuple(sorted(steps)), later, gone, losing)


def urgency(plan: Plan, post: Visited, now: datetime) -> float:
    """How much of the time to its next visit is over: from 1 on it is due, never or not
    wholly visited: most.

    A post's age is that of the post itself, or where it tells none, of the first visit.
    """
    if post.last_visit is None or post.is_unfinished:
        return float("inf")
    born = post.created_at or post.first_visit or post.last_visit
    is_gone = post.outcome is not None and post.outcome.is_proven_gone
    age = post.last_visit - born
    interval = plan.interval(age, is_gone=is_gone, is_losing=post.losses > 0)
    return (now - post.last_visit) / interval if interval else float("inf")


def due(plan: Plan, posts: Iterable[Visited], now: datetime) -> list[Visited]:
    """The posts whose next visit is due, the most urgent first."""
    rated = ((urgency(plan, post, now), post) for post in posts)
    return [post for _, post in sorted((r for r in rated if r[0] >= 1), key=lambda r: -r[0])]


def _duration(words: str) -> timedelta:
    match = _DURATION.fullmatch(words)
    if match is None:
        raise ValueError(f"{words!r} is no time")
    return timedelta(hours=int(match[1]) * _UNITS[match[2]])
