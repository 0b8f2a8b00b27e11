"""What visits by measured decay notice and save, against fixed plans with as many requests.

    python benchmarks/decay.py [--posts 4000] [--svg docs/decay.svg]

A fake clock runs over four years of invented posts that die as measured: 18 % are gone after
three months, nine in ten of those within 46 days (Pew Research Center, "When Online Content
Disappears", 2024), and 33 % after four years (Bastos, 2021). Between these points the chance to die
is taken as constant. In six of ten cases it is the account that went (Pew), so each account has
its own share of the risk. What a post shows (counts, notes, names) changes often
at first and seldom later. One visit in twenty fails. The plan is the shipped one, all its times
multiplied with one number, so that it costs what the fixed plan costs.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from _svg import Panel, Series, draw_panels
from _tables import lay_out

from embedarchive.config import Settings
from embedarchive.schedule import Plan, parse_plan

HORIZON = 4 * 365.25
GONE = ((0.0, 0.0), (46.0, 0.9 * 0.18), (91.0, 0.18), (HORIZON, 0.33))
"""Age in days, and the share of posts that are gone by then."""
ACCOUNT_POSTS = 5
CLUSTERING = 1.0
"""Shape of the accounts' risks (gamma, mean 1); small: few accounts lose most."""
CHANGES = 2.0
"""Changes of what a post shows in its first day; after `a` days a share of 1/(1+a) of that."""
FAILURES = 0.05
FIXED = {"daily": 1.0, "weekly": 7.0, "monthly": 30.0}

Interval = Callable[[float, bool, bool], float]
"""Age in days, whether it is gone, whether its account lost posts → days to the next visit."""


@dataclass(frozen=True, slots=True)
class Life:
    """One post; times in days on the clock."""

    born: float
    died: float
    seen: float
    """When the article was archived."""
    states: tuple[float, ...]
    """When it began to look as it did; the first is its birth."""


@dataclass(slots=True)
class Score:
    """What a plan did; counts but for `late`, which are days."""

    posts: int = 0
    requests: int = 0
    deaths: int = 0
    dead: float = 0.0
    """Days between deaths and the end."""
    late: float = 0.0
    """Those of them on which the archive did not know it yet."""
    states: int = 0
    saved: int = 0
    unsaved_posts: int = 0
    """Dead without a copy ever made, though alive when first seen."""


def main() -> None:
    """Print the table, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--svg", type=Path)
    options = parser.parse_args()
    accounts = make_accounts(options.posts // ACCOUNT_POSTS, random.Random(1))
    plan = parse_plan(Settings().refresh)
    rows, goal = [], True
    for name, days in FIXED.items():
        fixed = run(accounts, every(days))
        scale, ours = match(accounts, plan, fixed.requests)
        rows += [[name, *_cells(fixed)], [f"by decay, x {scale:.2f}", *_cells(ours)]]
        goal &= is_better(ours, fixed)
    header = ("plan", "requests", "deaths known", "days late", "states saved", "lost unseen")
    print(lay_out(f"{options.posts} posts, four years", (*header,), rows))
    print(f"better than each, in each: {'yes' if goal else 'NO'}")
    as_shipped = run(accounts, by_plan(plan, 1.0))
    print(lay_out("as shipped", header, [["by decay", *_cells(as_shipped)]]))
    if options.svg:
        options.svg.write_text(draw(accounts[:200], plan), encoding="utf-8")


def is_better(ours: Score, theirs: Score) -> bool:
    """With no more requests: deaths noticed earlier, and more content saved."""
    return (
        ours.requests <= theirs.requests
        and ours.late < theirs.late
        and ours.saved > theirs.saved
        and ours.unsaved_posts <= theirs.unsaved_posts
    )


def make_accounts(number: int, chance: random.Random) -> list[list[Life]]:
    """Posts by account; most articles embed a post of the same days, some an old one."""
    accounts = []
    for _ in range(number):
        risk = chance.gammavariate(CLUSTERING, 1 / CLUSTERING)
        accounts.append([_life(risk, chance) for _ in range(ACCOUNT_POSTS)])
    return accounts


def _life(risk: float, chance: random.Random) -> Life:
    while True:
        age = chance.uniform(0, 2) if chance.random() < 0.8 else chance.uniform(2, 1000)
        seen = chance.uniform(0, HORIZON)
        died = _age_at_death(risk, chance.expovariate(1))
        if died > age:  # nobody embeds what is gone
            break
    born = seen - age
    states, at = [born], 0.0
    while at < 2 * HORIZON:
        # The next change of a Poisson process whose rate falls with age.
        at = (1 + at) * math.exp(chance.expovariate(1) / CHANGES) - 1
        states.append(born + at)
    return Life(born, born + died, seen, tuple(state for state in states if state < born + died))


def _age_at_death(risk: float, luck: float) -> float:
    """When the hazard that all posts share, times the account's risk, adds up to `luck`."""
    wanted = luck / risk if risk else math.inf
    points = [(age, CLUSTERING * ((1 - gone) ** (-1 / CLUSTERING) - 1)) for age, gone in GONE]
    for (age, hazard), (next_age, next_hazard) in pairwise(points):
        if wanted <= next_hazard:
            return age + (wanted - hazard) / (next_hazard - hazard) * (next_age - age)
    return math.inf


def by_plan(plan: Plan, scale: float) -> Interval:
    """The shipped plan as days."""
    day = timedelta(days=1)

    def interval(age: float, gone: bool, losing: bool) -> float:
        return scale * (plan.interval(age * day, is_gone=gone, is_losing=losing) / day)

    return interval


def run(accounts: Sequence[Sequence[Life]], interval: Interval) -> Score:
    """Let a plan visit all posts until the end."""
    chance, score = random.Random(2), Score()
    for lives in accounts:
        _run_account(lives, interval, chance, score)
    return score


def _run_account(
    lives: Sequence[Life], interval: Interval, chance: random.Random, score: Score
) -> None:
    visits = [(life.seen, number) for number, life in enumerate(lives)]
    heapq.heapify(visits)
    held: list[set[int]] = [set() for _ in lives]
    noticed = [False] * len(lives)
    while visits and visits[0][0] < HORIZON:
        now, number = visits[0]
        life = lives[number]
        score.requests += 1
        if chance.random() >= FAILURES:
            if now >= life.died:
                score.late += 0 if noticed[number] else now - life.died
                noticed[number] = True
            else:
                held[number].add(bisect_right(life.states, now))
        wait = interval(now - life.born, noticed[number], any(noticed))
        heapq.heapreplace(visits, (now + wait, number))
    for life, states, is_noticed in zip(lives, held, noticed, strict=True):
        score.posts += 1
        is_dead = life.died < HORIZON
        score.deaths += is_dead
        score.dead += max(HORIZON - life.died, 0)
        score.late += 0 if is_noticed else max(HORIZON - life.died, 0)
        first = bisect_right(life.states, life.seen)
        score.states += bisect_right(life.states, HORIZON) - first + 1
        score.saved += len(states)
        score.unsaved_posts += is_dead and not states


def match(accounts: Sequence[Sequence[Life]], plan: Plan, requests: int) -> tuple[float, Score]:
    """The plan stretched until it takes no more requests than that, and hardly fewer."""
    scale = 1.0
    while True:
        score = run(accounts, by_plan(plan, scale))
        if 0.985 * requests < score.requests <= requests:
            return scale, score
        scale *= (score.requests / requests) * 1.006


def _cells(score: Score) -> list[str]:
    return [
        str(score.requests),
        f"{1 - score.late / score.dead:.4f}",
        f"{score.late / score.deaths:.2f}",
        f"{score.saved / score.states:.3f}",
        str(score.unsaved_posts),
    ]


def draw(accounts: Sequence[Sequence[Life]], plan: Plan) -> str:
    """Both kinds of plan from dense to sparse: requests against delay and against content."""
    kinds: dict[str, list[Score]] = {
        "fixed": [run(accounts, every(days)) for days in (1, 2, 4, 7, 14, 30, 60)],
        "by decay": [run(accounts, by_plan(plan, s)) for s in (0.12, 0.25, 0.5, 1, 2, 4, 8)],
    }
    colours = {"fixed": "#c2571a", "by decay": "#1a6fb5"}
    ticks = (5, 10, 20, 50, 100, 200, 500, 1000)
    late = [
        Series(
            name,
            colours[name],
            [(score.requests / score.posts, score.late / score.deaths) for score in scores],
        )
        for name, scores in kinds.items()
    ]
    saved = [
        Series(
            name,
            colours[name],
            [(score.requests / score.posts, score.saved / score.states) for score in scores],
        )
        for name, scores in kinds.items()
    ]
    label = "requests for each post in four years"
    return draw_panels(
        [
            Panel(
                "Days until a death is noticed", label, ticks, (0.2, 0.5, 1, 2, 5, 10, 20, 50), late
            ),
            Panel("Share of states that were saved", label, ticks, (0.3, 0.4, 0.5, 0.7, 1), saved),
        ]
    )


def every(days: float) -> Interval:
    """Every so many days, until it is gone."""
    return lambda age, gone, losing: math.inf if gone else days


if __name__ == "__main__":
    main()
