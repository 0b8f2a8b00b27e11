"""Tokens of HTML → where the tags of a name stand, and which tag ends which. Builds no tree.

An element is what lies between a tag and its end tag; what has none ends with its container.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain

from ..tokenizer import Tokens

_VOID_ELEMENTS = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_ELEMENTS.split())
_NESTING = frozenset({"div", "figure", "section", "span", "table", "ul"})
_NEAR = 100
"""Tokens that are looked through for a partner before all tags of its name are paired."""
MAX_UNCLOSED = 100
"""Tokens. A forgotten end tag must not make the whole rest of an article one element."""


class Elements:
    """What is asked of tags, learnt when it is first asked for; tags go by their indices."""

    def __init__(self, tokens: Tokens) -> None:
        self._marks = tokens.marks
        self._partners: dict[str, dict[int, int]] = {}

    @cached_property
    def _places(self) -> defaultdict[str, list[int]]:
        """Mark → where it stands: all that a page is ever asked for comes in one pass."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for index, mark in enumerate(self._marks):
            places[mark].append(index)
        return places

    def all(self, *marks: str) -> list[int]:
        """Where these marks of `Tokens` stand, as indices in order."""
        places = self._places
        if len(marks) == 1:
            return places[marks[0]]
        return sorted(chain.from_iterable(places[mark] for mark in marks))

    def partner(self, index: int) -> int | None:
        """The index of the end tag of a start tag, or of the start tag of an end tag."""
        mark = self._marks[index]
        name = mark.lstrip("/")
        partners = self._partners.get(name)
        if partners is None:
            near = self._near(index, name)
            if near is not None:
                return near
            partners = self._partners[name] = self._pairs(name)
        return partners.get(index)

    def _near(self, index: int, name: str) -> int | None:
        """The partner of a tag, where it is near: behind a start tag, in front of an end tag."""
        marks, own = self._marks, self._marks[index]
        partner, way = (f"/{name}", 1) if own == name else (name, -1)
        last = min(max(index + way * _NEAR, -1), len(marks))
        depth = 0
        for at in range(index, last, way):
            if marks[at] == own:
                depth += 1
            elif marks[at] == partner:
                depth -= 1
                if not depth:
                    return at
        return None

    def _pairs(self, name: str) -> dict[int, int]:
        marks = self._marks
        pairs: dict[int, int] = {}
        opened: list[int] = []
        for index in self.all(name, f"/{name}"):
            if marks[index] == name:
                opened.append(index)
            elif opened:
                start = opened.pop()
                pairs[start], pairs[index] = index, start
        return pairs

    def start_of(self, index: int) -> int | None:
        """The index of the start tag whose element the end tag `index` ends."""
        return self.partner(index) if self._marks[index][0] == "/" else None

    def end_of(self, index: int) -> int:
        """The index behind the last token of the element that token `index` begins."""
        if self._marks[index] in _VOID:
            return index + 1
        partner = self.partner(index)
        if partner is not None and partner > index:
            return partner + 1
        return min(self._container_ends.get(index, len(self._marks)), index + MAX_UNCLOSED)

    @cached_property
    def _container_ends(self) -> dict[int, int]:
        """Index of each start tag without an end tag → index of the tag that ends its container."""
        ends: dict[int, int] = {}
        unclosed: list[int] = []
        latest: dict[str, int] = {}
        for index, mark in enumerate(self._marks):
            if mark[0] == "/":
                begin = self.partner(index)
                begin = -1 if begin is None else begin
                while mark != "/p" and unclosed and unclosed[-1] > begin:
                    ends.setdefault(unclosed.pop(), index)
            elif mark[0] != "#" and mark not in _VOID:
                if mark in latest and mark not in _NESTING:
                    # Of two quotes in a row the first forgot its end; boxes lie in boxes.
                    ends.setdefault(latest[mark], index)
                if self.partner(index) is None:
                    unclosed.append(index)
                    latest[mark] = index
        return ends
