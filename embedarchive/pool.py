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
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

COMMIT_EVERY = 0.1
"""Seconds between two looks for answers; one waits for company so long at least, twice at most."""
AHEAD = 4
"""Tasks for each worker: the one in hand and those that it finds ready."""
COMMIT_AT = 64
"""So many answers wait for no more company; those that ended meanwhile are stored with them."""
_END = object()


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
    done: list[Result] = []
    due = 0.0
    pool = _Workers(ask, workers)
    try:
        remaining = iter(tasks)
        while True:
            for task in islice(remaining, workers * AHEAD - pool.under_way):
                pool.give(task)
            if not pool.under_way:
                break
            # To wake for each answer costs as much as to store it: only where workers would wait.
            found = pool.ended(min(workers * (AHEAD - 1), pool.under_way))
            due = due if done else monotonic() + COMMIT_EVERY
            done += found
            if done and (len(done) >= COMMIT_AT or monotonic() >= due):
                yield done
                done = []
        if done:
            yield done
    finally:
        # An interrupt must not wait for questions whose answers nobody will hear.
        pool.leave()


class _Workers(Generic[Task, Result]):
    """Threads that take tasks from one queue and put results into another.

    A pool's future for each task would cost more than both queues; so each worker is one.
    """

    def __init__(self, ask: Callable[[Task], Result], most: int) -> None:
        self._ask = ask
        self._most = most
        self._threads = ThreadPoolExecutor(most)
        self._workers: list[Future[None]] = []
        self._waiting: SimpleQueue[Any] = SimpleQueue()
        self._ended: SimpleQueue[Result] = SimpleQueue()
        self._enough = 0
        self._wake = Event()
        self._is_left = False
        self.under_way = 0
        """Tasks that were given and whose result was not taken."""

    def give(self, task: Task) -> None:
        self._waiting.put(task)
        self.under_way += 1
        if len(self._workers) < min(self._most, self.under_way):
            self._workers.append(self._threads.submit(self._work))
            self._workers[-1].add_done_callback(lambda worker: self._wake.set())

    def ended(self, enough: int) -> list[Result]:
        """What has ended, once it is `enough` or `COMMIT_EVERY` is over; raises what a task did."""
        self._enough = enough
        if self._ended.qsize() < enough:
            self._wake.wait(COMMIT_EVERY)
        self._wake.clear()
        for worker in self._workers:
            if worker.done():
                worker.result()
        found = [self._ended.get() for _ in range(self._ended.qsize())]
        self.under_way -= len(found)
        return found

    def leave(self) -> None:
        """Begin no more; what was begun is left behind."""
        self._is_left = True
        for _ in self._workers:
            self._waiting.put(_END)
        self._threads.shutdown(wait=False)

    def _work(self) -> None:
        for task in iter(self._waiting.get, _END):
            if self._is_left:
                break
            self._ended.put(self._ask(task))
            if self._ended.qsize() >= self._enough:
                self._wake.set()
