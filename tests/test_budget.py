"""How much a run may still do."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from embedarchive.budget import Budget
from embedarchive.net import Client
from tests.loopback import Server


@pytest.fixture
def client() -> Iterator[Client]:
    with (
        Server() as server,
        Client(user_agent="t", endpoints=server.endpoints, retries=0, pacing=0) as made,
    ):
        yield made


def begins(budget: Budget) -> bool:
    with budget.visit() as is_begun:
        return is_begun


def test_a_visit_that_was_begun_is_finished(client: Client) -> None:
    budget = Budget(client, max_requests=3)
    with budget.visit() as is_begun:
        assert is_begun
        for _ in range(4):
            assert budget.get("https://t.co/AbCdEfGh12").status == 404
    assert budget.requests == 4
    assert budget.is_spent
    assert not begins(budget)


def test_a_visit_that_asks_nothing_costs_nothing(client: Client) -> None:
    budget = Budget(client, max_requests=1)
    assert begins(budget)
    assert begins(budget)
    assert budget.requests == 0


def test_no_more_visits_are_begun_at_once_than_there_are_requests(client: Client) -> None:
    budget = Budget(client, max_requests=5)

    def visit(_: int) -> bool:
        with budget.visit() as is_begun:
            if is_begun:
                budget.get("https://t.co/AbCdEfGh12")
            return is_begun

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(visit, range(40))) == 5
    assert budget.requests == 5


def test_it_ends_with_the_time_and_when_it_is_stopped(client: Client) -> None:
    time = [100.0]
    budget = Budget(client, max_duration=10, clock=lambda: time[0])
    assert begins(budget)
    time[0] = 110.0
    assert not begins(budget)
    endless = Budget(client)
    assert begins(endless)
    endless.stop()
    assert endless.is_spent
    assert not begins(endless)
