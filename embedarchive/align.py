"""A post's true text and the article around its attribution → where the article has that text.

A reader of flattened text has to guess where a post begins, and an extractor may have put a part
of it, or all, behind the attribution. Once the true text is known there is nothing to guess. Only
words that touch the attribution count, so that no quotation elsewhere in the article is taken
for the embed. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .models import Span
from .twitter_text import find_urls

LONG_ENOUGH = 16
"""Letters and digits from which words may begin inside a line; shorter ones must begin it."""
_REACH = 300
"""Characters that marks, links and line ends may add to a text."""
_ANCHOR = 12
"""Letters and digits by which the beginning is found of a text that was changed further on."""
_TRIES = 4

_WORD = re.compile(r"&(?:#[0-9]{1,7}|[A-Za-z]{2,8});|([^\W_]+)")
"""An escaped character is no word."""
_LINKS = re.compile(
    r"(?:[ \t]{0,4}\r?\n?[ \t]{0,4}(?:https?://t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{7,10}){1,4}"
)
_MOST_MARKS = 40
_LINE_BEGINS = re.compile(rf"(?:\A|\n)[\W_]{{0,{_MOST_MARKS}}}\Z")
_INVISIBLE = "\u200b\u200d\ufe0f\u2060"
_ENDS = " \t\r\n\xa0\u200b>*_|\\"


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where an article has a post's text: before the attribution, behind it, or partly both."""

    before: Span | None
    behind: Span | None

    @property
    def start(self) -> int:
        return (self.before or self.behind or Span(0, 0)).start

    @property
    def end(self) -> int:
        return (self.behind or self.before or Span(0, 0)).end

    def text_in(self, article: str) -> str:
        """The words there, without the attribution between them."""
        parts = (span for span in (self.before, self.behind) if span is not None)
        return "\n".join(article[start:end] for start, end in parts)


def align(true: str, article: str, attribution: Span) -> Iterator[Alignment]:
    """Where the true text may lie around an attribution, likeliest first; nowhere: empty.

    Of a post without words, such as a lone picture, the article has the links before its
    attribution. Where it has all letters and digits of another, that is the only one. The
    others, before the attribution, only begin as it does: the caller says whether they agree.
    """
    wanted = _squeezed(true, 0, len(true))
    if not wanted.text:
        yield from _links_alone(true, article, attribution)
        return
    reach = len(true) + _REACH
    before = _squeezed(article, max(0, attribution.start - reach), attribution.start)
    behind = _squeezed(article, attribution.end, min(len(article), attribution.end + reach))
    cut = _cut(wanted.text, before.text, behind.text)
    if cut is not None:
        found = _between(true, article, attribution, wanted, before, behind, cut)
        line = max(0, found.start - _MOST_MARKS - 1)
        if len(wanted.text) >= LONG_ENOUGH or _LINE_BEGINS.search(article, line, found.start):
            yield found
        return
    head = wanted.text[:_ANCHOR]
    if len(head) < _ANCHOR:
        return
    end = _without_marks(article, attribution.start)
    for at in _places_of(head, before.text):
        start = _widened_left(article, before.places[at], true, wanted.places[0])
        yield Alignment(Span(start, end), None)


def _links_alone(true: str, article: str, attribution: Span) -> Iterator[Alignment]:
    end = _without_marks(article, attribution.start)
    near = max(0, end - _REACH)
    links = [match for match in _LINKS.finditer(article, near, end) if match.end() == end]
    if links and not true.strip():
        shown = links[0][0].lstrip()
        yield Alignment(Span(end - len(shown), end), None)


def _cut(wanted: str, before: str, behind: str) -> int | None:
    """How much of the wanted letters ends `before`, where the others begin `behind`.

    As much as can be; None where the article does not have them all.
    """
    for cut in range(len(wanted), -1, -1):
        is_near = not cut or before[-1:] == wanted[cut - 1]
        if is_near and before.endswith(wanted[:cut]) and behind.startswith(wanted[cut:]):
            return cut
    return None


def _between(
    true: str,
    article: str,
    attribution: Span,
    wanted: _Squeezed,
    before: _Squeezed,
    behind: _Squeezed,
    cut: int,
) -> Alignment:
    """The places of letters that were found, widened by the marks and links around them."""
    above = below = None
    if cut:
        start = _widened_left(article, before.places[-cut], true, wanted.places[0])
        above = Span(start, _without_marks(article, attribution.start))
    if cut < len(wanted.text):
        first, last = behind.places[0], behind.places[len(wanted.text) - cut - 1] + 1
        start = _widened_left(article, first, true, wanted.places[cut])
        below = Span(start, _widened_right(article, last, true, wanted.places[-1] + 1))
    return Alignment(above, below)


def _without_marks(article: str, end: int) -> int:
    while end > 0 and article[end - 1] in _ENDS:
        end -= 1
    return end


def _widened_left(article: str, start: int, true: str, at: int) -> int:
    """`start`, moved over the marks that stand before place `at` in the true text as well."""
    reached = start
    while at > 0 and reached > 0:
        if true[at - 1].isspace() or true[at - 1] in _INVISIBLE:
            at -= 1
        elif article[reached - 1].isspace() or article[reached - 1] in _INVISIBLE:
            reached -= 1
        elif article[reached - 1] == true[at - 1]:
            at, reached = at - 1, reached - 1
            start = reached
        else:
            break
    return start


def _widened_right(article: str, end: int, true: str, at: int) -> int:
    """`end`, moved over the marks that stand from place `at` on, and over links."""
    reached = end
    while at < len(true) and reached < len(article):
        if true[at].isspace() or true[at] in _INVISIBLE:
            at += 1
        elif article[reached].isspace() or article[reached] in _INVISIBLE:
            reached += 1
        elif article[reached] == true[at]:
            at, reached = at + 1, reached + 1
            end = reached
        else:
            break
    links = _LINKS.match(article, end)
    return links.end() if links else end


def _places_of(words: str, text: str) -> Iterator[int]:
    """Where words stand in a text, the last ones first."""
    at = len(text)
    for _ in range(_TRIES):
        at = text.rfind(words, 0, at + len(words) - 1)
        if at < 0:
            return
        yield at


class _Squeezed(NamedTuple):
    """The letters and digits of a text, without case, accents and links."""

    text: str
    places: list[int]
    """Where in the source each lies."""


def _squeezed(text: str, start: int, end: int) -> _Squeezed:
    kept: list[str] = []
    places: list[int] = []
    for low, high in _outside_links(text[start:end]):
        for match in _WORD.finditer(text, start + low, start + high):
            word = match[1]
            if word is None:
                continue
            if word.isascii():
                kept.append(word.lower())
                places.extend(range(match.start(), match.end()))
                continue
            for at, char in enumerate(word, match.start()):
                folded = [c for c in unicodedata.normalize("NFKD", char).casefold() if c.isalnum()]
                kept += folded
                places += [at] * len(folded)
    return _Squeezed("".join(kept), places)


def _outside_links(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for url in find_urls(text):
        shown = text[url.start : url.end]
        if url.has_protocol or "/" in shown:
            yield at, url.start
            at = url.end
    yield at, len(text)
