"""How much a run may still do."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from embedarchive.budget import Budget
from embedarchive.errors import OverBudget, UpstreamError
from embedarchive.net import Client
from tests.loopback import Server, faults


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(user_agent="t", endpoints=server.endpoints, retries=0, pacing=0) as made:
        yield made


def begins(budget: Budget) -> bool:
    with budget.visit() as is_begun:
        return is_begun


def test_no_request_is_made_beyond_the_number(server: Server, client: Client) -> None:
    budget = Budget(client, max_requests=3)
    with budget.visit() as is_begun:
        assert is_begun
        for _ in range(3):
            assert budget.get("https://t.co/AbCdEfGh12").status == 404
        with pytest.raises(OverBudget):
            budget.get("https://t.co/AbCdEfGh12")
    assert budget.requests == len(server.world.asked) == 3
    assert budget.is_spent
    assert not begins(budget)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_redirects_and_retries_are_requests(server: Server, most: int) -> None:
    server.world.fault("t.co", faults.redirect("https://x.com/elsewhere"), path="/AbCdEfGh12")
    server.world.fault("t.co", faults.server_error(503), path="/Broken0001")
    with Client(user_agent="t", endpoints=server.endpoints, retries=5, pacing=0) as client:
        for path in ("AbCdEfGh12", "Broken0001"):
            server.world.asked.clear()
            budget = Budget(client, max_requests=most)
            with suppress(UpstreamError):
                budget.get(f"https://t.co/{path}")
                budget.get(f"https://t.co/{path}")
            assert budget.requests == len(server.world.asked) == most


def test_a_client_that_is_not_counted_is_not_bound(server: Server, client: Client) -> None:
    Budget(client, max_requests=1)
    for _ in range(3):
        client.get("https://t.co/AbCdEfGh12")
    assert len(server.world.asked) == 3


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
