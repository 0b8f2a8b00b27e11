"""Processes on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..parts import Summary
from ..processes import context, keep_pandas_out
from ..units import Options, Unit

_WAITING = 8
"""Units that are handed out for each worker: one is read, the others are there while the caller
is busy with what is done."""
_TICK = 0.2
"""Seconds between two looks at how far the workers are."""
_read: Any = None
"""In a worker: the bytes that all workers have read."""


class Local:
    name = "local"

    def run(
        self,
        units: Sequence[Unit],
        options: Options,
        folder: Path,
        *,
        jobs: int | None,
        address: str | None,
        is_kept: bool,
        on_bytes: Callable[[int], None],
    ) -> Iterator[tuple[Unit, Summary]]:
        processes = context()
        read = processes.Value("Q", 0)
        jobs = min(jobs or os.cpu_count() or 1, max(len(units), 1))
        pool = ProcessPoolExecutor(jobs, processes, initializer=_begin, initargs=(read,))
        told = 0
        with pool:
            try:
                for future in _finished(pool, units, options, folder, is_kept, jobs * _WAITING):
                    if future is not None:
                        yield future.result()
                    on_bytes(read.value - told)
                    told = read.value
            except BrokenProcessPool:
                message = (
                    "a worker was killed, perhaps for want of memory; run it again, with fewer"
                    " --jobs: what is done is kept"
                )
                raise InputError(message, uri=str(folder)) from None
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def _finished(
    pool: ProcessPoolExecutor,
    units: Sequence[Unit],
    options: Options,
    folder: Path,
    is_kept: bool,
    ahead: int,
) -> Iterator[Future[tuple[Unit, Summary]] | None]:
    """Futures as they are done; None where only time has passed."""
    work = partial(_work, options=options, folder=folder, is_kept=is_kept)
    remaining = iter(units)
    under_way = {pool.submit(work, unit) for unit in islice(remaining, ahead)}
    while under_way:
        done, under_way = wait(under_way, _TICK, FIRST_COMPLETED)
        under_way |= {pool.submit(work, unit) for unit in islice(remaining, len(done))}
        yield from done or (None,)


def _begin(read: Any) -> None:
    global _read  # noqa: PLW0603  # what a pool's initializer leaves for its tasks
    _read = read
    keep_pandas_out()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is the parent's to hear


def _work(unit: Unit, options: Options, folder: Path, is_kept: bool) -> tuple[Unit, Summary]:
    from ..worker import scan_unit  # noqa: PLC0415  # start-up: the caller scans nothing

    path = folder / unit.name
    return unit, scan_unit(unit, options, path, on_bytes=_count, is_kept=is_kept)


def _count(number: int) -> None:
    with _read.get_lock():
        _read.value += number


ENGINE = Local()
