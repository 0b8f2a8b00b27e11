"""HTML source → its tags, elements, links and visible text. Builds no tree.

An element is what lies between a tag and its end tag; what has none ends with its container.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from ..models import Span
from ..tokenizer import (
    COMMENT,
    END,
    RAWTEXT,
    START,
    TEXT,
    Attribute,
    Token,
    attribute_value,
    attributes,
    decode,
    tokenize,
)
from .mapping import Projection
from .visible import visible_text


class Link(NamedTuple):
    """An `<a href>` and its content."""

    href: str
    start: int
    end: int
    """Behind `</a>`, or behind the start tag where there is none."""
    text: str
    """The anchor's visible text on one line."""
    token: int
    """Index of the start tag."""


class _Index(NamedTuple):
    names: dict[str, list[int]]
    """Start tags by name."""
    partners: dict[int, int]
    """Start tags that have an end tag → that."""
    texts: list[tuple[int, int]]
    scripts: list[int]
    comments: list[int]


_VOID_ELEMENTS = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_ELEMENTS.split())
_NESTING = frozenset({"div", "figure", "section", "span", "table", "ul"})
_SLASHES = ("&#47;", "&#x2f;", "&#x2F;", "&sol;")
_MAX_UNCLOSED = 100
"""Tokens. A forgotten end tag must not make the whole rest of an article one element."""


class Markup:
    """HTML source and its views, each made once and only when a form asks for it."""

    def __init__(
        self, text: str, place: Callable[[int, int], Span] = Span, *, is_lenient: bool = False
    ) -> None:
        self.text = text
        self.place = place
        """Maps a range of `text` to the document, where this is only a piece of one."""
        self._is_lenient = is_lenient

    @cached_property
    def tokens(self) -> list[Token]:
        """All tokens, in order."""
        return tokenize(self.text, is_lenient=self._is_lenient)

    @cached_property
    def starts(self) -> list[int]:
        """Where each token starts."""
        return [token.start for token in self.tokens]

    @cached_property
    def _index(self) -> _Index:
        """What is asked of all tokens, in one pass."""
        names: dict[str, list[int]] = {}
        open_tags: dict[str, list[int]] = {}
        partners: dict[int, int] = {}
        texts: list[tuple[int, int]] = []
        others: dict[str, list[int]] = {RAWTEXT: [], COMMENT: []}
        for index, (kind, start, end, name) in enumerate(self.tokens):
            if kind == TEXT:
                texts.append((start, end))
            elif kind == START:
                if name in names:
                    names[name].append(index)
                    open_tags[name].append(index)
                else:
                    names[name], open_tags[name] = [index], [index]
            elif kind == END:
                if stack := open_tags.get(name):
                    partners[stack.pop()] = index
            elif kind in others:
                others[kind].append(index)
        return _Index(names, partners, texts, others[RAWTEXT], others[COMMENT])

    @property
    def comments(self) -> list[Token]:
        """The comments, in order."""
        return [self.tokens[index] for index in self._index.comments]

    @property
    def scripts(self) -> list[Token]:
        """The contents of scripts, styles and the like, in order."""
        return [self.tokens[index] for index in self._index.scripts]

    @property
    def texts(self) -> list[tuple[int, int]]:
        """The texts between tags, in order."""
        return self._index.texts

    def named(self, *names: str) -> list[int]:
        """The indices of the start tags of these names, in order."""
        found = [index for name in names for index in self._index.names.get(name, ())]
        return sorted(found) if len(names) > 1 else found

    @property
    def _partners(self) -> dict[int, int]:
        return self._index.partners

    @cached_property
    def _begins(self) -> dict[int, int]:
        return {end: start for start, end in self._partners.items()}

    def element_start(self, index: int) -> int | None:
        """The index of the start tag whose element the end tag `index` ends."""
        return self._begins.get(index)

    def element_end(self, index: int) -> int:
        """The index behind the last token of the element that token `index` begins."""
        tokens, partners = self.tokens, self._partners
        if tokens[index].name in _VOID:
            return index + 1
        if (partner := partners.get(index)) is not None:
            return partner + 1
        return min(self._container_ends.get(index, len(tokens)), index + _MAX_UNCLOSED)

    @cached_property
    def _container_ends(self) -> dict[int, int]:
        """Index of each start tag without an end tag → index of the tag that ends its container."""
        begins = self._begins
        ends: dict[int, int] = {}
        unclosed: list[int] = []
        latest: dict[str, int] = {}
        for index, token in enumerate(self.tokens):
            if token.kind == END and token.name != "p":
                begin = begins.get(index, -1)
                while unclosed and unclosed[-1] > begin:
                    ends.setdefault(unclosed.pop(), index)
            elif token.kind == START and token.name not in _VOID:
                if token.name in latest and token.name not in _NESTING:
                    # Of two quotes in a row the first forgot its end; boxes lie in boxes.
                    ends.setdefault(latest[token.name], index)
                if index not in self._partners:
                    unclosed.append(index)
                    latest[token.name] = index
        return ends

    def token_at(self, offset: int) -> int:
        """The index of the token that holds the character, or of the last one before it."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def tag_around(self, start: int, end: int) -> int | None:
        """The index of the start tag that the range lies in."""
        index = bisect_right(self.starts, start) - 1
        if index < 0 or self.tokens[index].kind != START or end > self.tokens[index].end:
            return None
        return index

    def attributes(self, index: int) -> dict[str, Attribute]:
        """The attributes of a tag by name; of doubled ones the first."""
        found: dict[str, Attribute] = {}
        for attribute in attributes(self.text, self.tokens[index]):
            found.setdefault(attribute.name, attribute)
        return found

    @cached_property
    def links(self) -> list[Link]:
        """The links, in order. An `<a>` that is never closed has no text."""
        return list(self._find_links())

    def _find_links(self) -> Iterator[Link]:
        text, tokens = self.text, self.tokens
        for index in self.named("a"):
            token = tokens[index]
            href = attribute_value(text, token, "href")
            if href is None:
                continue
            end, parts = token.end, []
            for at in range(index + 1, min(index + _MAX_UNCLOSED, len(tokens))):
                inner = tokens[at]
                if inner.name == "a":
                    end = inner.end if inner.kind == END else end
                    break
                if inner.kind == TEXT:
                    parts.append(text[inner.start : inner.end])
            words = decode(" ".join("".join(parts).split())) if end > token.end else ""
            yield Link(href.strip(), token.start, end, words, index)

    @cached_property
    def words(self) -> str:
        """All text between tags on one line, also what is hidden, run together without the tags.

        Cheap. It holds whatever a line of the visible text holds, but for character references,
        so that a form can tell early that there is nothing to find.
        """
        text = self.text
        parts = [text[start:end] for start, end in self.texts]
        return _on_one_line(parts)

    @cached_property
    def words_outside_links(self) -> str:
        """As `words`, without what lies in links."""
        text = self.text
        parts: list[str] = []
        links = iter(self.links)
        link = next(links, None)
        for start, end in self.texts:
            while link is not None and link.end <= start:
                link = next(links, None)
            if link is None or start < link.start:
                parts.append(text[start:end])
        return _on_one_line(parts)

    def visible(self, first: int = 0, last: int | None = None) -> Projection:
        """What a reader sees of tokens `first` to `last`, mapped to `text`."""
        last = len(self.tokens) if last is None else last
        return visible_text(self.text, self.tokens, self._partners, first, last)


def _on_one_line(parts: list[str]) -> str:
    words = " ".join("".join(parts).split())
    if any(slash in words for slash in _SLASHES):
        return decode(words)  # some templates escape the slashes of addresses
    return words
