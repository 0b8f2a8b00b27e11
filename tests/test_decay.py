"""The shipped plan of visits beats fixed ones with as many requests, on a fake clock."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from embedarchive.config import Settings
from embedarchive.schedule import parse_plan

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize("days", [7, 30])
def test_more_is_noticed_and_saved(days: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    sys.modules.pop("decay", None)
    import decay  # noqa: PLC0415  # benchmarks are scripts beside each other, no package

    accounts = decay.make_accounts(160, random.Random(7))
    lives = [life for account in accounts for life in account]
    gone = sum(life.died - life.born < 91 for life in lives) / len(lives)
    assert 0.1 < gone < 0.25  # as published: 0.18
    fixed = decay.run(accounts, decay.every(days))
    _, ours = decay.match(accounts, parse_plan(Settings().refresh), fixed.requests)
    assert decay.is_better(ours, fixed)
