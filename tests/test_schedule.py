"""When the next visit to a post is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.config import Settings
from embedarchive.errors import UsageError
from embedarchive.models import Outcome, Target
from embedarchive.schedule import Visited, due, parse_plan, urgency

PLAN = parse_plan(["7d: 1d", "46d: 3d", "later: 20d", "gone: 1y", "losing: 0.5"])
BORN = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
POST = Visited(
    Target("x", "1"), "harbour_notes", BORN, BORN + DAY, BORN + 2 * DAY, Outcome.AVAILABLE
)


def days_until_due(post: Visited) -> float:
    assert post.last_visit is not None
    return 1 / urgency(PLAN, post, post.last_visit + DAY)


@pytest.mark.parametrize(
    ("why", "post", "days"),
    [
        ("young", POST, 1),
        ("past its first week", replace(POST, last_visit=BORN + 7 * DAY), 3),
        ("older", replace(POST, last_visit=BORN + 46 * DAY), 20),
        ("an old post in a new article", replace(POST, created_at=BORN - 90 * DAY), 20),
        ("of an unknown age: since it is known", replace(POST, created_at=None), 1),
        ("made after the visit, by its id", replace(POST, created_at=BORN + 9 * DAY), 1),
        ("of an account that lost posts", replace(POST, losses=1), 0.5),
        ("deleted", replace(POST, outcome=Outcome.DELETED), 365),
        ("gone, as others of its account", replace(POST, outcome=Outcome.SUSPENDED, losses=3), 365),
        ("a 404 is no proof", replace(POST, outcome=Outcome.NOT_FOUND), 1),
        ("withheld somewhere", replace(POST, outcome=Outcome.WITHHELD), 1),
        ("nothing telling was ever said", replace(POST, outcome=None), 1),
    ],
)  # fmt: skip
def test_how_long_until_the_next_visit(why: str, post: Visited, days: float) -> None:
    assert days_until_due(post) == pytest.approx(days), why


def test_the_most_urgent_come_first_and_what_was_never_visited_before_all() -> None:
    now = BORN + 60 * DAY
    never = replace(POST, target=Target("x", "2"), last_visit=None)
    old = replace(POST, target=Target("x", "3"), created_at=BORN - 900 * DAY, last_visit=BORN)
    young = replace(POST, target=Target("x", "4"), created_at=now - 5 * DAY, last_visit=now - DAY)
    fresh = replace(young, target=Target("x", "5"), last_visit=now)
    gone = replace(old, target=Target("x", "6"), outcome=Outcome.DELETED)
    assert due(PLAN, [fresh, gone, young, old, never], now) == [never, old, young]


def test_a_plan_may_have_each_run_visit_all() -> None:
    plan = parse_plan(["later: 0h", "gone: 1y", "losing: 1"])
    assert urgency(plan, POST, POST.last_visit or BORN) >= 1


def test_the_shipped_plan_is_dense_at_first_and_sparse_later() -> None:
    plan = parse_plan(Settings().refresh)
    intervals = [interval for _, interval in plan.steps] + [plan.later]
    assert intervals == sorted(intervals)
    assert any(age == 46 * DAY for age, _ in plan.steps)
    assert plan.gone >= 365 * DAY
    assert plan.losing < 1


@given(st.integers(0, 4000), st.integers(1, 4000), st.booleans())
def test_no_post_becomes_more_urgent_by_being_older(age: int, more: int, is_losing: bool) -> None:
    sooner, later = (
        PLAN.interval(days * DAY, is_gone=False, is_losing=is_losing) for days in (age, age + more)
    )
    assert sooner <= later


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["gone: 1y", "losing: 1"], "'later' is missing"),
        (["later: 1d", "gone: 1y", "losing: 2"], "above 0 and at most at 1"),
        (["later: 1d", "gone: 1y", "losing: nan"], "above 0 and at most at 1"),
        (["later: soon", "gone: 1y", "losing: 1"], "'soon' is no time"),
        (["later: ١d", "gone: 1y", "losing: 1"], "is no time"),
        (["later: 1d", "later: 2d", "gone: 1y", "losing: 1"], "twice"),
        (["young: 1d", "later: 1d", "gone: 1y", "losing: 1"], "'young' is no time"),
        (["7d", "later: 1d", "gone: 1y", "losing: 1"], "'' is no time"),
        (["later: 1d", "gone: 1y", "losing: half"], "a line is like '46d: 3d'"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(lines: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_plan(lines)
