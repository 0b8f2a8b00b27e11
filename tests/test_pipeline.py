"""Batches, exit codes, and what a killed run leaves."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedarchive.errors import InputError
from embedarchive.pool import AHEAD, batches
from embedarchive.report import Report
from tests.command import ROOT, run
from tests.loopback import Server

WORKERS = 3


@pytest.mark.parametrize("workers", [None, WORKERS])
def test_batches_hold_every_result_once(workers: int | None) -> None:
    found = list(batches(str, range(100), workers))
    assert sorted(x for batch in found for x in batch) == sorted(map(str, range(100)))
    assert all(found)


def test_the_pool_is_never_far_ahead() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    stored = 0
    for batch in batches(str, tasks(), WORKERS):
        stored += len(batch)
        assert taken - stored <= AHEAD * WORKERS


def test_what_a_task_raises_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        list(batches(lambda n: 1 // n, [1, 0], WORKERS))


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report(), 0),
        (Report(answered=3), 0),
        (Report(answered=3, unanswered=1), 3),
        (Report(unanswered=1), 4),
        (Report(failures=[InputError("x: no", uri="x")]), 3),
        (Report(failures=[InputError("x: no", uri="x")], unanswered=1), 4),
    ],
)
def test_exit_codes(report: Report, code: int) -> None:
    assert report.exit_code == code


def test_a_killed_run_loses_no_finished_post(tmp_path: Path) -> None:
    ids = [str(1657692617044922369 + number) for number in range(120)]
    article = tmp_path / "links.txt"
    article.write_text("\n\n".join(f"https://x.com/SandholmPort/status/{i}" for i in ids))
    db = tmp_path / "posts.db"
    with Server() as server:
        for number, post_id in enumerate(ids):
            server.world.add_post(post_id, "SandholmPort", "Harbour", f"Post {number}")
        environment = {
            "PYTHONPATH": str(ROOT),
            "EMBEDARCHIVE_ENDPOINTS": f"*={server.base}",
            "EMBEDARCHIVE_PACING": "0.01",
        }
        command = [sys.executable, "-m", "embedarchive", "archive", db, article, "-q"]
        chance = random.Random(7)
        seen = 0
        for _ in range(4):
            with subprocess.Popen(command, env=environment) as process:
                while (
                    process.poll() is None
                    and server.world.count("cdn.syndication.twimg.com") < seen + 10
                ):
                    time.sleep(0.01)
                time.sleep(chance.random() / 4)
                process.send_signal(signal.SIGKILL)
            seen = server.world.count("cdn.syndication.twimg.com")
            with sqlite3.connect(db) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            connection.close()
        done = run("archive", db, article, endpoints=server.base)
        assert done.returncode == 0, done.stderr
    with sqlite3.connect(db) as connection:
        captured = connection.execute(
            "SELECT posts.post_id, COUNT(*) FROM captures JOIN posts ON posts.id = captures.post"
            " WHERE outcome = 'available' GROUP BY 1"
        ).fetchall()
    connection.close()
    assert sorted(captured) == sorted((post_id, 1) for post_id in ids)
    assert run("check", db).returncode == 0
