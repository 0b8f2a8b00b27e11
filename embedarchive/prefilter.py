"""Raw bytes → which forms could have something in here. Pure; an optimisation, never a condition.

Each form names literals of which one at least occurs wherever it does, and may name marks that
all do. Looking for two hundred literals one by one would cost more than all the scanning, so they
are looked for by a seldom byte that they share (`%`, `[`, `w`, ...): finding one byte is what a
computer does best, and what stands around it is read only there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple

from .projection import Form

_LONG = 30_000
"""Bytes from which a search for several bytes at once is as fast as one for a single byte."""


class _Plan(NamedTuple):
    """How literals are looked for."""

    whole: frozenset[bytes]
    """Literals that are looked for as they are."""
    anchors: tuple[bytes, ...]
    """Of those in another literal the first one counts, in the order of the search.

    `w` comes early since what it finds serves most forms, and then as few places as can be are
    looked at: of pages and of prose none of these bytes is more than 3 %.
    """


def _each(bytes_: bytes) -> tuple[bytes, ...]:
    return tuple(bytes([byte]) for byte in bytes_)


_IN_SHORT = _Plan(frozenset((b"<",)), (b"wp", *_each(b"w_x/%[@{]\\!;<:2-bk")))
_IN_LONG = _Plan(
    frozenset((b"<", b"/status", b"t.co/", b"twitter", b"tweet", b".com/i/")) | {b";blockquote"},
    _each(b"w/{[\\!_<b-k:x]@%2"),
)


class _Literal(NamedTuple):
    text: bytes
    at: int
    """Where its anchor begins."""
    users: int
    """One bit for each form."""


class _Group(NamedTuple):
    """Literals with one anchor."""

    anchor: bytes
    users: int
    literals: tuple[_Literal, ...]
    places: re.Pattern[bytes] | None
    """Matches the anchor of a literal; the number of its last group tells which literal it is.

    None where the anchor is the literal.
    """
    reach: int
    """How far behind an anchor its literals go."""
    others: tuple[tuple[_Literal, ...], ...]
    """For each literal those, tried behind it, that may have the same anchor as well."""


class Prefilter:
    """Tells which of the given forms are worth running on a text."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple((1 << at, form) for at, form in enumerate(forms))
        literals: dict[bytes, int] = {}
        marks: dict[int, int] = {}
        for bit, form in self._forms:
            for text in form.literals:
                literals[text] = literals.get(text, 0) | bit
            for mark in getattr(form, "marks", b""):
                marks[mark] = marks.get(mark, 0) | bit
        self._marks = tuple(marks.items())  # as numbers, which `in` finds four times as fast
        self._literals = literals

    @cached_property
    def _in_short(self) -> tuple[tuple[bytes, int, _Group], ...]:
        return _groups(self._literals, _IN_SHORT)

    @cached_property
    def _in_long(self) -> tuple[tuple[bytes, int, _Group], ...]:
        return _groups(self._literals, _IN_LONG)

    def candidates(self, haystack: bytes) -> list[Form]:
        """The forms, in their order, of which `haystack` holds a literal and all marks.

        `haystack` must be lower case, in an encoding in which ASCII is ASCII.
        """
        wanted = (1 << len(self._forms)) - 1
        for mark, users in self._marks:
            if wanted & users and mark not in haystack:
                wanted &= ~users
        chosen = 0
        find = haystack.find
        for anchor, users, group in self._in_long if len(haystack) >= _LONG else self._in_short:
            if wanted & users and (first := find(anchor)) >= 0:
                found = wanted & _found(haystack, group, first, wanted & users)
                chosen |= found
                wanted &= ~found
        return [form for bit, form in self._forms if chosen & bit] if chosen else []


def _found(haystack: bytes, group: _Group, first: int, wanted: int) -> int:
    """The users of the group's literals that occur from the anchor at `first` on.

    It stops when all that are wanted do.
    """
    if group.places is None:
        return group.users
    users, missing = 0, wanted
    last = haystack.rfind(group.anchor) + group.reach
    search, at = group.places.search, first
    while (place := search(haystack, at, last)) is not None:
        at = place.end()
        which = (place.lastindex or 1) - 1
        users |= group.literals[which].users
        for other in group.others[which]:
            is_asked = other.users & missing
            if is_asked and haystack.startswith(other.text, max(place.start() - other.at, 0)):
                users |= other.users
        missing = wanted & ~users
        if not missing:
            break
    return users


def _groups(literals: Mapping[bytes, int], plan: _Plan) -> tuple[tuple[bytes, int, _Group], ...]:
    """In the order of the search, each beside its anchor and its users, which are asked first."""
    grouped: dict[tuple[int, bytes], list[_Literal]] = {}
    for text, users in literals.items():
        anchor = _anchor(text, plan)
        place = plan.anchors.index(anchor) if anchor != text else -1  # whole ones first
        grouped.setdefault((place, anchor), []).append(_Literal(text, text.index(anchor), users))
    groups = [_group(anchor, grouped[place, anchor]) for place, anchor in sorted(grouped)]
    return tuple((group.anchor, group.users, group) for group in groups)


def _group(anchor: bytes, members: list[_Literal]) -> _Group:
    users = reduce(or_, (literal.users for literal in members))
    if members[0].text == anchor:
        return _Group(anchor, users, (), None, 0, ())
    # The longer first: of two that go on alike the shorter would hide the longer.
    members.sort(key=lambda literal: (literal.text[literal.at :], literal.text), reverse=True)
    reach = max(len(literal.text) - literal.at for literal in members)
    return _Group(
        anchor,
        users,
        tuple(members),
        _places(anchor, members),
        reach,
        tuple(
            tuple(other for other in members[at + 1 :] if _may_share(one, other))
            for at, one in enumerate(members)
        ),
    )


def _places(anchor: bytes, members: Sequence[_Literal]) -> re.Pattern[bytes]:
    """The pattern of a group; those of its literals that end with the anchor are the last."""
    tails = [literal.text[literal.at + len(anchor) :] for literal in members]
    longer = [(tail, _end(literal)) for tail, literal in zip(tails, members, strict=True) if tail]
    ended = members[len(longer) :]
    branches = []
    if longer:
        branches.append(_before(anchor, members[: len(longer)]) + b"(?=" + _tree(longer) + b")")
    if ended:
        branches.append(_before(anchor, ended) + b"(?:" + b"|".join(map(_end, ended)) + b")")
    alone = re.escape(anchor) + _before(anchor, members)
    return re.compile(alone + b"(?:" + b"|".join(branches) + b")")


def _before(anchor: bytes, literals: Sequence[_Literal]) -> bytes:
    """What tells of most anchors at once that these literals are not there: the byte before."""
    bytes_ = sorted({literal.text[: literal.at][-1:] for literal in literals})
    if not bytes_[0]:
        return b""  # one begins with its anchor
    return b"(?<=[" + b"".join(map(re.escape, bytes_)) + b"]" + re.escape(anchor) + b")"


def _end(literal: _Literal) -> bytes:
    """What tells at the end of a literal that it has begun as well, and which one it is."""
    return (b"(?<=" + re.escape(literal.text) + b")") * bool(literal.at) + b"()"


def _tree(tails: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A pattern of some tails and what follows each, in their order; each byte is read once."""
    if len(tails) == 1:
        return re.escape(tails[0][0]) + tails[0][1]
    branches: list[bytes] = []
    for first, alike in groupby(tails, lambda pair: pair[0][:1]):
        if first:
            branches.append(re.escape(first) + _tree([(tail[1:], end) for tail, end in alike]))
        else:
            branches += [end for _, end in alike]
    return b"(?:" + b"|".join(branches) + b")"


def _may_share(one: _Literal, other: _Literal) -> bool:
    """Whether some text holds both literals with the same anchor."""
    before, its_before = one.text[: one.at], other.text[: other.at]
    behind, its_behind = one.text[one.at :], other.text[other.at :]
    return (before.endswith(its_before) or its_before.endswith(before)) and (
        behind.startswith(its_behind) or its_behind.startswith(behind)
    )


def _anchor(literal: bytes, plan: _Plan) -> bytes:
    if literal in plan.whole:
        return literal
    return next((anchor for anchor in plan.anchors if anchor in literal), literal)
