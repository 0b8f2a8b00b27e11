"""How time grows with the input, judged where seconds mean little.

Work whose time grows with the square of its input shows so each time it is measured; a machine busy
with something else, once. So of several rounds one within the bound is enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 8
TIMES = 4
BOUND = 2.5
"""Twice the input may take this many times the time."""
FLOOR = 0.002
"""Seconds below which the clock and the caches decide."""


def seconds(work: Callable[[], object]) -> float:
    """The processor's seconds, which others' work on the machine does not add to."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def assert_linear(
    work: Callable[[T], object], make: Callable[[int], T], size: int, said: str = ""
) -> None:
    """`work(make(4 * size))` takes at most 2.5 squared times what `work(make(size))` does."""
    small, large = make(size), make(TIMES * size)
    rounds = []
    for _ in range(ROUNDS):
        once, longer = seconds(lambda: work(small)), seconds(lambda: work(large))
        if longer < BOUND**2 * max(once, FLOOR):
            return
        rounds.append((once, longer))
    raise AssertionError(f"{said!r}: {TIMES} times the input, {rounds} seconds")
