"""What a pattern must hold → strings of which one is in whatever it matches.

As far as this is looked at: one more could be longer. Hyperscan looks for such strings first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

_PARSER: Any = import_module("re._parser")
_OP: Any = import_module("re._constants")
_MOST = 80
"""Strings followed at once."""
_ENOUGH = 4
"""Of two sets whose shortest are as long as this, the one with fewer strings tells more."""

_Strings = frozenset[str]
_ANY: _Strings = frozenset({""})


def certain_strings(pattern: str) -> frozenset[str]:
    """One of these occurs in each match of the pattern; the empty one where nothing is certain."""
    return _of_sequence(_PARSER.parse(pattern))[1]


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> tuple[_Strings | None, _Strings]:
    """All that it can be, or None where that is too much; and strings of which one is in it."""
    is_all = True
    run = best = _ANY
    for operator, given in items:
        all_, inside = _of_one(operator, given)
        grown = _joined(run, all_) if all_ is not None else None
        if grown is not None:
            run = grown
        else:
            best = max(best, run, inside, key=_worth)
            is_all, run = False, all_ if all_ is not None else _ANY
    return (run if is_all else None), max(best, run, key=_worth)


def _of_one(operator: Any, given: Any) -> tuple[_Strings | None, _Strings]:
    if operator is _OP.LITERAL:
        return frozenset({chr(given)}), _ANY
    if operator is _OP.SUBPATTERN:
        return _of_sequence(given[-1])
    if operator is _OP.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in given[1]])
    if operator is _OP.IN and all(kind is _OP.LITERAL for kind, _ in given):
        return frozenset(chr(member) for _, member in given), _ANY
    if operator is _OP.MAX_REPEAT:
        least, most, inner = given
        all_, inside = _of_sequence(inner)
        return _repeated(all_, least, most), inside if least else _ANY
    return None, _ANY


def _of_branches(
    branches: Sequence[tuple[_Strings | None, _Strings]],
) -> tuple[_Strings | None, _Strings]:
    every: _Strings | None = frozenset()
    for all_, _ in branches:
        every = every | all_ if every is not None and all_ is not None else None
    return every, frozenset().union(*(inside for _, inside in branches))


def _repeated(strings: _Strings | None, least: int, most: int) -> _Strings | None:
    if strings is None or most > _ENOUGH:
        return None
    every: _Strings | None = frozenset()
    times: _Strings | None = _ANY
    for number in range(most + 1):
        if number >= least:
            every = every | times if every is not None and times is not None else None
        times = _joined(times, strings) if times is not None else None
    return every


def _joined(left: _Strings, right: _Strings) -> _Strings | None:
    joined = frozenset(one + other for one in left for other in right)
    return joined if len(joined) <= _MOST else None


def _worth(strings: _Strings) -> tuple[int, int]:
    return min(min(map(len, strings)), _ENOUGH), -len(strings)
