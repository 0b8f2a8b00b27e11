"""Raw bytes → which forms could have something in here. Pure; an optimisation, never a condition.

Each form names literals of which one at least occurs wherever it does. Looking for two hundred of
them one by one would cost more than all the scanning, so they are looked for by what they share:
first the marks (`@`, `/`, `{`, ...) that a text holds at all, then a common part of many literals,
and a literal itself only where its marks and its part occur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .projection import Form

_COMMON = b"abcdefghijklmnopqrstuvwxyz \n\r\t,."
"""Bytes that nearly every text holds: that they occur tells nothing."""
_SHORTEST_MARKED, _SHORTEST_PLAIN, _LONGEST = 2, 5, 8
"""Lengths of a shared part: plain letters must be more, or every text would hold them."""


class _Group(NamedTuple):
    """Literals that share a part."""

    part: bytes
    marks: frozenset[int]
    literals: tuple[bytes, ...]


class Prefilter:
    """Tells which of the given forms are worth running on a text."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple(forms)
        self._users: Mapping[bytes, tuple[int, ...]] = {
            literal: tuple(at for at, form in enumerate(forms) if literal in form.literals)
            for literal in dict.fromkeys(literal for form in forms for literal in form.literals)
        }
        self._groups = tuple(_groups(self._users))

    def candidates(self, haystack: bytes) -> list[Form]:
        """The forms, in their order, of which `haystack` holds a literal.

        `haystack` must be lower case, in an encoding in which ASCII is ASCII.
        """
        marks = frozenset(haystack.translate(None, _COMMON))
        chosen: set[int] = set()
        for group in self._groups:
            if group.marks <= marks and group.part in haystack:
                for literal in group.literals:
                    users = self._users[literal]
                    if not chosen.issuperset(users) and literal in haystack:
                        chosen.update(users)
        return [self._forms[at] for at in sorted(chosen)]


def _groups(literals: Iterable[bytes]) -> Iterable[_Group]:
    """A cover of the literals by parts, each time the one that serves most of those left."""
    left = sorted(literals)
    while left:
        served = Counter(part for literal in left for part in _parts(literal))
        part = max(served, key=lambda p: (served[p], len(_marks(p)), len(p), p))
        yield _Group(part, _marks(part), tuple(literal for literal in left if part in literal))
        left = [literal for literal in left if part not in literal]


def _parts(literal: bytes) -> set[bytes]:
    """What may stand for a literal: it has a mark if the literal has one, else it is long."""
    has_mark = bool(_marks(literal))
    shortest = min(_SHORTEST_MARKED if has_mark else _SHORTEST_PLAIN, len(literal))
    parts = {
        literal[start:end]
        for start in range(len(literal) - shortest + 1)
        for end in range(start + shortest, min(start + _LONGEST, len(literal)) + 1)
    }
    return {part for part in parts if not has_mark or _marks(part)}


def _marks(part: bytes) -> frozenset[int]:
    return frozenset(part) - frozenset(_COMMON)
