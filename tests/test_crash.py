"""Killed at any moment, an archive opens, is whole and holds what was finished."""

from __future__ import annotations

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from embedarchive.store import Archive

from .making_records import ticking
from .writing_process import ROUNDS, fill, target

# A fork server: each round is a fresh process, without a fresh import of everything.
PROCESSES = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module", autouse=True)
def _preload() -> None:
    PROCESSES.set_forkserver_preload(["tests.writing_process"])


def start(path: Path) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=fill, args=(path, theirs))
    process.start()
    theirs.close()
    return process, ours


def finished(messages: Connection) -> set[int]:
    done: set[int] = set()
    try:
        while True:
            done.add(messages.recv())
    except EOFError:
        messages.close()
        return done


def check(path: Path, done: set[int]) -> None:
    with Archive.open(path, clock=ticking()) as archive:
        assert list(archive.verify()) == []
        for number in done:
            record = archive.find_post(target(number))
            assert record is not None
            assert record.snapshot is not None
            assert len(record.visits) == len(record.media) == 1
            article = archive.article(f"{number}.txt")
            assert article is not None
            assert len(article.references) == 2
        assert all(len(record.visits) <= 1 for record in archive.posts())


def rounds(folder: Path, seed: int, seconds: float) -> int:
    """Kill writers at random moments for so long; the number of those killed at work."""
    chance = random.Random(seed)
    ends, killed_at_work, number = time.monotonic() + seconds, 0, 0
    while time.monotonic() < ends:
        path = folder / f"{number}.db"
        number += 1
        done: set[int] = set()
        for _ in range(3):  # a second and third run go on where the one before was killed
            process, messages = start(path)
            if chance.random() < 0.6:
                messages.poll(5)  # else it may die while it makes the archive
            time.sleep(chance.random() * 0.03)
            process.kill()
            process.join()
            done |= finished(messages)
            process.close()
            if path.exists() and path.stat().st_size:
                check(path, done)
            killed_at_work += 0 < len(done) < ROUNDS
        process, messages = start(path)
        assert finished(messages) == set(range(ROUNDS))
        process.join()
        assert process.exitcode == 0
        process.close()
        check(path, set(range(ROUNDS)))
    return killed_at_work


def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    assert rounds(tmp_path, seed=1, seconds=5) > 0


@pytest.mark.slow
def test_kill_9_at_many_moments(tmp_path: Path) -> None:
    assert rounds(tmp_path, seed=2, seconds=120) > 10


def test_many_at_once_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    started = [start(path) for _ in range(6)]
    for process, messages in started:
        assert finished(messages) == set(range(ROUNDS))
        process.join()
        assert process.exitcode == 0
        process.close()
    check(path, set(range(ROUNDS)))
