"""What must occur wherever a form does: the patterns that it names, looked for by `re`. Pure.

`scan` runs a form only where its condition holds, whether a sieve was there to ask or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import NamedTuple

from .patterns import literal, pattern_of
from .projection import Form


class Condition(NamedTuple):
    """What occurs wherever a form does."""

    any_of: tuple[str, ...]
    all_of: tuple[str, ...] = ()
    """Beside one of those."""
    in_order: bool = False
    """Whether it stands behind the first of what stands beside it."""


def condition_of(form: Form) -> Condition:
    """What a form says of itself; its literals where it names no patterns."""
    patterns: tuple[str, ...] | None = getattr(form, "patterns", None)
    companions: tuple[str, ...] = getattr(form, "companions", ())
    in_order: bool = getattr(form, "in_order", False)
    return Condition(patterns or tuple(map(literal, form.literals)), companions, in_order)


def holds(form: Form, haystack: bytes, parts: Iterable[bytes] = ()) -> bool:
    """Whether a form's condition holds in lower-case bytes; by `re`.

    They are in an encoding in which ASCII is ASCII. It is looked for in `parts` of them first:
    what holds in a part holds in the whole, and a whole page takes long.
    """
    condition = condition_of(form)
    return any(_holds(condition, bytes_) for bytes_ in chain(parts, (haystack,)))


def _holds(condition: Condition, haystack: bytes) -> bool:
    any_of, *all_of = _tests(condition)
    beside = [test.search(haystack) for test in all_of]
    ends = [found.end() for found in beside if found is not None]
    start = min(ends, default=0) if condition.in_order else 0
    return len(ends) == len(beside) and any_of.search(haystack, start) is not None


@cache
def _tests(condition: Condition) -> tuple[re.Pattern[bytes], ...]:
    return pattern_of(condition.any_of), *(pattern_of([one]) for one in condition.all_of)
