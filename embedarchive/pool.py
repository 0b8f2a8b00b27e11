"""Questions → their answers in batches, by a few threads at once; knows no service, no file.

Answers come as they end, not in order; so many at once that one commit serves several where they
come fast, and none waits long for company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from threading import Event
from time import monotonic
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

COMMIT_EVERY = 0.1
"""Seconds between two looks for answers; one waits for company so long at least, twice at most."""
AHEAD = 4
"""Tasks for each worker: the one in hand and those that it finds ready."""
COMMIT_AT = 64
"""So many answers wait for no more company; those that ended meanwhile are stored with them."""


def batches(
    ask: Callable[[Task], Result],
    tasks: Iterable[Task],
    workers: int | None,
) -> Iterator[list[Result]]:
    """The results of `ask`, in batches that are never empty; what it raises comes through.

    `workers` None: there is nothing to wait for, and so no pool. The pool is never more than a few
    tasks ahead of what is taken, so that the workers need not wait while a batch is stored.
    """
    if workers is None:
        for task in tasks:
            yield [ask(task)]
        return
    ended: SimpleQueue[Future[Result]] = SimpleQueue()
    wake = Event()
    enough = under_way = 0

    def note(task: Future[Result]) -> None:
        ended.put(task)
        if ended.qsize() >= enough:
            wake.set()

    done: list[Result] = []
    due = 0.0
    pool = ThreadPoolExecutor(workers)
    try:
        remaining = iter(tasks)
        while True:
            for task in islice(remaining, workers * AHEAD - under_way):
                pool.submit(ask, task).add_done_callback(note)
                under_way += 1
            if not under_way:
                break
            # To wake for each answer costs as much as to store it: only where workers would wait.
            enough = min(workers * (AHEAD - 1), under_way)
            if ended.qsize() < enough:
                wake.wait(COMMIT_EVERY)
            wake.clear()
            while not ended.empty():
                due = due if done else monotonic() + COMMIT_EVERY
                done.append(ended.get().result())
                under_way -= 1
            if done and (len(done) >= COMMIT_AT or monotonic() >= due):
                yield done
                done = []
        if done:
            yield done
    finally:
        # An interrupt must not wait for questions whose answers nobody will hear.
        pool.shutdown(wait=False, cancel_futures=True)
