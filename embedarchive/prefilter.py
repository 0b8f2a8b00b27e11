"""Raw bytes → which forms could have something in here. Pure; an optimisation, never a condition.

Each form names literals of which one at least occurs wherever it does, and may name marks that
all do. Looking for two hundred literals one by one would cost more than all the scanning, so they
are looked for by what they share: those with a common anchor (`/`, `{{`, `tw`, ...) in one pass
over its places, and only where their marks occur at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from .projection import Form

_COMMON = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789 \n\r\t,.")
"""Bytes that nearly every text holds: that they occur tells nothing."""
_ANCHORS = (
    *(b"twit", b"tweet", b".twimg.com/", b".com/i/", b".x.com/", b"t.co/"),
    *(bytes([mark]) for mark in b"{[%\\;]@!<:/_-="),
    b" x",
    b"blockquote",
)
"""Of the anchors in a literal the first one counts; one without any is looked for as a whole.

In the order of how seldom they occur, on pages and in prose.
"""


class _Literal(NamedTuple):
    text: bytes
    at: int
    """Where its anchor begins."""
    needs: int
    """One bit for each byte that must occur somewhere."""
    users: frozenset[int]


class _Group(NamedTuple):
    """Literals with one anchor."""

    anchor: bytes
    is_whole: bool
    """The anchor is all of its literals."""
    needs: tuple[int, ...]
    """Of one entry all bits must be there."""
    users: frozenset[int]
    literals: tuple[_Literal, ...]
    places: re.Pattern[bytes]
    """Matches the anchor of a literal; the number of its last group tells which literal it is."""
    others: tuple[tuple[_Literal, ...], ...]
    """For each literal those that may have the same anchor as well."""


class Prefilter:
    """Tells which of the given forms are worth running on a text."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple(forms)
        users: dict[tuple[bytes, bytes], list[int]] = {}
        for at, form in enumerate(forms):
            for text in form.literals:
                users.setdefault((text, _marks_of(form)), []).append(at)
        marks = sorted({mark for needed in users for text in needed for mark in text} - _COMMON)
        bits = {mark: 1 << at for at, mark in enumerate(marks)}
        self._marks = tuple((bytes([mark]), bit) for mark, bit in bits.items())
        self._groups = _groups(
            _Literal(
                text,
                text.index(_anchor(text)),
                sum(bits[mark] for mark in bits if mark in text or mark in needed),
                frozenset(forms_at),
            )
            for (text, needed), forms_at in users.items()
        )

    def candidates(self, haystack: bytes) -> list[Form]:
        """The forms, in their order, of which `haystack` holds a literal and all marks.

        `haystack` must be lower case, in an encoding in which ASCII is ASCII.
        """
        absent = 0
        for mark, bit in self._marks:
            if mark not in haystack:
                absent |= bit
        chosen: set[int] = set()
        for group in self._groups:
            for needs in group.needs:
                if not needs & absent:
                    break
            else:
                continue
            if group.anchor in haystack and not chosen.issuperset(group.users):
                _look(haystack, group, absent, chosen)
        return [self._forms[at] for at in sorted(chosen)]


def _look(haystack: bytes, group: _Group, absent: int, chosen: set[int]) -> None:
    """Adds the forms of the group's literals that occur."""
    literals, others, wanted = group.literals, group.others, group.users
    if group.is_whole:
        chosen.update(*(one.users for one in literals if not one.needs & absent))
        return
    for place in group.places.finditer(haystack):
        at = (place.lastindex or 1) - 1
        if not (literals[at].needs & absent):
            chosen.update(literals[at].users)
        for other in others[at]:
            if not other.needs & absent and haystack.startswith(
                other.text, max(place.start() - other.at, 0)
            ):
                chosen.update(other.users)
        if chosen.issuperset(wanted):
            return


def _groups(literals: Iterator[_Literal]) -> tuple[_Group, ...]:
    def key(literal: _Literal) -> tuple[bytes, bool]:
        anchor = _anchor(literal.text)
        return anchor, literal.text == anchor

    groups = [
        _group(anchor, list(members), is_whole=is_whole)
        for (anchor, is_whole), members in groupby(sorted(literals, key=key), key)
    ]
    # What serves many forms first: the rest of them need not be looked for.
    return tuple(sorted(groups, key=lambda group: -len(group.users)))


def _group(anchor: bytes, members: list[_Literal], *, is_whole: bool) -> _Group:
    # The longer first: of two that go on alike the shorter would hide the longer.
    members.sort(key=lambda literal: (literal.text[literal.at :], literal.text), reverse=True)
    needs = {literal.needs for literal in members}
    return _Group(
        anchor,
        is_whole,
        tuple(one for one in needs if not any(other & one == other != one for other in needs)),
        frozenset().union(*(literal.users for literal in members)),
        tuple(members),
        re.compile(re.escape(anchor) + b"(?=" + b"|".join(_branches(anchor, members)) + b")"),
        tuple(
            tuple(other for other in members if other is not one and _may_share(one, other))
            for one in members
        ),
    )


def _branches(anchor: bytes, members: Sequence[_Literal]) -> Iterator[bytes]:
    """What follows the anchor, by its first byte, which is all that most places are asked for."""
    tails = [literal.text[literal.at + len(anchor) :] for literal in members]
    for first, alike in groupby(zip(tails, members, strict=True), lambda pair: pair[0][:1]):
        ends = [
            re.escape(tail[1:]) + (b"(?<=" + re.escape(literal.text) + b")") * bool(literal.at)
            for tail, literal in alike
        ]
        yield re.escape(first) + b"(?:" + b"|".join(end + b"()" for end in ends) + b")"


def _may_share(one: _Literal, other: _Literal) -> bool:
    """Whether some text holds both literals with the same anchor."""
    before, its_before = one.text[: one.at], other.text[: other.at]
    behind, its_behind = one.text[one.at :], other.text[other.at :]
    return (before.endswith(its_before) or its_before.endswith(before)) and (
        behind.startswith(its_behind) or its_behind.startswith(behind)
    )


def _anchor(literal: bytes) -> bytes:
    return next((anchor for anchor in _ANCHORS if anchor in literal), literal)


def _marks_of(form: Form) -> bytes:
    marks: bytes = getattr(form, "marks", b"")
    return marks
