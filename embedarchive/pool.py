"""Questions → their answers in batches, by a few threads at once; knows no service, no file.

Answers come as they end, not in order; so many at once that one commit serves several where they
come fast, and none waits long for company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

COMMIT_EVERY = 0.1
"""Seconds that an answer waits for company before it is stored, at the most."""
AHEAD = 4
"""Tasks for each worker: the one in hand and those that it finds ready."""
COMMIT_AT = 64
"""Answers that are stored at once, at the most."""


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
    under_way = 0
    done: list[Result] = []
    due = 0.0
    pool = ThreadPoolExecutor(workers)
    try:
        remaining = iter(tasks)
        while True:
            for task in islice(remaining, workers * AHEAD - under_way):
                pool.submit(ask, task).add_done_callback(ended.put)
                under_way += 1
            if not under_way:
                break
            try:
                result = ended.get(timeout=max(due - monotonic(), 0) if done else None).result()
            except Empty:
                yield done
                done = []
                continue
            under_way -= 1
            due = due if done else monotonic() + COMMIT_EVERY
            done.append(result)
            if len(done) >= COMMIT_AT:
                yield done
                done = []
        if done:
            yield done
    finally:
        # An interrupt must not wait for questions whose answers nobody will hear.
        pool.shutdown(wait=False, cancel_futures=True)
