"""HTML source → its tags, elements, links and visible text. Builds no tree."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from ..models import Span
from ..tokenizer import (
    START,
    Token,
    Tokens,
    attribute_values,
    decode,
    find_href,
    tokenize,
)
from .elements import MAX_UNCLOSED, Elements
from .mapping import Projection
from .visible import visible_text


class Link(NamedTuple):
    """An `<a href>` and its content."""

    href: str
    start: int
    end: int
    """Behind `</a>`, or behind the start tag where there is none."""
    token: int
    """Index of the start tag."""
    after: int
    """Index behind its last token."""
    markup: Markup
    """Where it lies."""

    @property
    def text(self) -> str:
        """The anchor's visible text on one line."""
        return self.markup.text_of(self)


_SLASH = re.compile(r"&(?:#47|#x2[fF]|sol);")


class Markup:
    """HTML source and its views, each made once and only when a form asks for it."""

    def __init__(
        self, text: str, place: Callable[[int, int], Span] = Span, *, is_lenient: bool = False
    ) -> None:
        self.text = text
        self.place = place
        """Maps a range of `text` to the document, where this is only a piece of one."""
        self._is_lenient = is_lenient
        self._attributes: dict[int, dict[str, str]] = {}
        self._hrefs: dict[int, str | None] = {}
        self._link_texts: dict[int, str] = {}

    @cached_property
    def tokens(self) -> Tokens:
        """All tokens, in order."""
        return tokenize(self.text, is_lenient=self._is_lenient)

    @cached_property
    def _elements(self) -> Elements:
        return Elements(self.tokens)

    @property
    def comments(self) -> list[Token]:
        """The comments, in order."""
        return [self.tokens[index] for index in self._elements.all("#comment")]

    @property
    def scripts(self) -> list[Token]:
        """The contents of scripts, styles and the like, in order."""
        return [self.tokens[index] for index in self._elements.all("#rawtext")]

    def named(self, *names: str) -> list[int]:
        """The indices of the start tags of these names, in order."""
        return self._elements.all(*names)

    def element_start(self, index: int) -> int | None:
        """The index of the start tag whose element the end tag `index` ends."""
        return self._elements.start_of(index)

    def element_end(self, index: int) -> int:
        """The index behind the last token of the element that token `index` begins."""
        return self._elements.end_of(index)

    def token_at(self, offset: int) -> int:
        """The index of the token that holds the character, or of the last one before it."""
        return max(bisect_right(self.tokens.starts, offset) - 1, 0)

    def tag_around(self, start: int, end: int) -> int | None:
        """The index of the start tag that the range lies in."""
        index = bisect_right(self.tokens.starts, start) - 1
        if index < 0 or self.tokens[index].kind != START or end > self.tokens.ends[index]:
            return None
        return index

    def attributes(self, index: int) -> dict[str, str]:
        """The attributes of a tag, name → value; of doubled ones the first."""
        found = self._attributes.get(index)
        if found is None:
            tokens = self.tokens
            begun = tokens.starts[index] + 1 + len(tokens.marks[index])
            found = attribute_values(self.text, begun, tokens.ends[index] - 1)
            self._attributes[index] = found
        return found

    @property
    def links(self) -> list[Link]:
        """The links, in order. An `<a>` that is never closed has no text."""
        return self.links_within(0, len(self.tokens))

    def links_within(self, first: int, last: int) -> list[Link]:
        """The links whose start tags are among tokens `first` to `last`."""
        begins = self._elements.all("a")
        places = range(bisect_left(begins, first), bisect_left(begins, last))
        return [link for place in places if (link := self._link(place, begins[place])) is not None]

    def links_where(self, is_wanted: Callable[[str], bool]) -> Iterator[Link]:
        """The links whose start tags, as they are written, are wanted: of thousands a few."""
        text, starts, ends = self.text, self.tokens.starts, self.tokens.ends
        for place, index in enumerate(self._elements.all("a")):
            is_asked = is_wanted(text[starts[index] : ends[index]])
            if is_asked and (link := self._link(place, index)) is not None:
                yield link

    def _link(self, place: int, index: int) -> Link | None:
        """The link of an `<a>`, by its number and its token; None where it has no `href`.

        It is not kept: it holds this markup, which would then hold itself in memory.
        """
        href = self._href(index)
        if href is None:
            return None
        tokens, after = self.tokens, self._behind[place]
        return Link(href, tokens.starts[index], tokens.ends[after - 1], index, after, self)

    def _href(self, index: int) -> str | None:
        """The address of an `<a>`; several forms ask for the same ones."""
        if index not in self._hrefs:
            href = find_href(self.text, self.tokens.starts[index], self.tokens.ends[index])
            self._hrefs[index] = None if href is None else href.strip()
        return self._hrefs[index]

    @cached_property
    def _behind(self) -> list[int]:
        """For each `<a>` the index behind its last token."""
        begins, stops = self._elements.all("a"), self._elements.all("/a")
        none = len(self.tokens)
        behind: list[int] = []
        following = 0
        for index, limit in pairwise((*begins, none)):
            while following < len(stops) and stops[following] < index:
                following += 1
            stop = stops[following] if following < len(stops) else none
            is_closed = stop < limit and stop < index + MAX_UNCLOSED
            behind.append(stop + 1 if is_closed else index + 1)
        return behind

    def text_of(self, link: Link) -> str:
        """The visible text of a link on one line."""
        words = self._link_texts.get(link.token)
        if words is None:
            marks, starts, ends = self.tokens.marks, self.tokens.starts, self.tokens.ends
            pieces = [
                self.text[starts[at] : ends[at]]
                for at in range(link.token + 1, link.after)
                if marks[at] == "#text"
            ]
            words = decode(" ".join("".join(pieces).split()))
            self._link_texts[link.token] = words
        return words

    @cached_property
    def _pieces(self) -> list[str]:
        """The texts between tags."""
        text, starts, ends = self.text, self.tokens.starts, self.tokens.ends
        return [text[starts[index] : ends[index]] for index in self._elements.all("#text")]

    @cached_property
    def words(self) -> str:
        """All text between tags, also what is hidden, run together without the tags.

        Cheap. But for character references it holds whatever a line of the visible text holds,
        perhaps with more blanks and line ends for one blank, so that a form can tell early that
        there is nothing to find.
        """
        return _unescaped_slashes("".join(self._pieces))

    @cached_property
    def words_outside_links(self) -> str:
        """As `words`, without what lies in links."""
        texts, pieces = self._elements.all("#text"), self._pieces
        text, starts, ends = self.text, self.tokens.starts, self.tokens.ends
        outside: list[str] = []
        at = 0
        for index, behind in zip(self._elements.all("a"), self._behind, strict=True):
            # As nearly all are written; more need not be known of them.
            is_link = text.find(' href="', starts[index], ends[index]) >= 0
            if is_link or self._href(index) is not None:
                outside += pieces[at : bisect_left(texts, index, at)]
                at = bisect_left(texts, behind, at)
        return _unescaped_slashes("".join(outside + pieces[at:]))

    def visible(self, first: int = 0, last: int | None = None) -> Projection:
        """What a reader sees of tokens `first` to `last`, mapped to `text`."""
        last = len(self.tokens) if last is None else last
        return visible_text(self.text, self.tokens, self._elements.partner, first, last)


def _unescaped_slashes(words: str) -> str:
    """The words, decoded if some template escaped the slashes of addresses."""
    return decode(words) if _SLASH.search(words) else words
