"""Text → how much of the 280 it takes, by the service's weights (config v3). Pure.

A character of the ranges below weighs 1, any other 2, an emoji sequence 2 as a whole, a link 23.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from .urls import Url, find_urls

MAX_WEIGHTED_LENGTH = 280
LEGACY_MAX_LENGTH = 140
LENGTH_DOUBLED = date(2017, 11, 8)
"""From this day on 280 instead of 140, for all but Chinese, Japanese and Korean."""
URL_WEIGHT = 23
_HEAVY_WEIGHT = 2

_LIGHT = "\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037"
_SKIN = "\U0001f3fb-\U0001f3ff"
_PICTURE = (
    "\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff"
)
_EMOJI = (
    rf"[{_PICTURE}]\ufe0f?+[{_SKIN}]?+\ufe0f?+"
    rf"(?:\u200d[{_PICTURE}]\ufe0f?+[{_SKIN}]?+\ufe0f?+)*+"
)
HEAVY = re.compile(
    r"[0-9#*]\ufe0f?+\u20e3|[\xa9\xae]\ufe0f|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|\U0001f3f4[\U000e0020-\U000e007e]++\U000e007f|{_EMOJI}"
    rf"|(?P<run>[^{_LIGHT}{_PICTURE}\U0001f1e6-\U0001f1ff]++)|[\U0001f1e6-\U0001f1ff]"
)
GLUED_LINK = re.compile(
    r"(?:[Hh]ttps?://t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{7,10}", re.ASCII
)
"""Codes are 10 characters long, 7 or 8 before 2013 (264 of 264 later ones are 10)."""
GLUED_SENTENCES = re.compile(r"[a-z]\.[A-Z][a-z]*\Z")


def weighted_length(text: str) -> int:
    """What the service counts for a text, exactly as it does: NFC first, links by its own rules."""
    composed = unicodedata.normalize("NFC", text)
    length = position = 0
    for url in find_urls(composed):
        length += _plain_length(composed, position, url.start) + URL_WEIGHT
        position = url.end
    return length + _plain_length(composed, position, len(composed))


def _plain_length(text: str, start: int, end: int) -> int:
    """The weighted length of a part of a text that holds no link."""
    length = end - start
    if not text.isascii():
        for match in HEAVY.finditer(text, start, end):
            size = match.end() - match.start()
            count = size if match["run"] is not None else 1
            length += count * _HEAVY_WEIGHT - size
    return length


def weights(text: str) -> list[int]:
    """Prefix sums of the weighted length: `len(text) + 1` entries, in units of the 280.

    `weights(t)[j] - weights(t)[i]` is the weighted length of `t[i:j]`. A link or an emoji sequence
    weighs at its first character. Unlike `weighted_length` it takes the text as it is, and knows
    what extractors glue: a link to a word or to the next link, and two sentences (`late.It was`),
    which are no link.
    """
    urls = (url for url in find_urls(text) if url.has_protocol or not _is_glue(text, url))
    spans = [(url.start, url.end) for url in urls]
    spans += [match.span() for match in GLUED_LINK.finditer(text)]
    return _prefix_sums(text, sorted(spans))


def _is_glue(text: str, url: Url) -> bool:
    return GLUED_SENTENCES.search(text, url.start, url.end) is not None


def _prefix_sums(text: str, links: list[tuple[int, int]]) -> list[int]:
    """`links` in order; of two that overlap the first counts, the shorter of two at one place."""
    sums = [0]
    position = 0
    for start, end in links:
        if start < position:
            continue
        _add_plain(sums, text, position, start)
        _add_whole(sums, URL_WEIGHT, end - start)
        position = end
    _add_plain(sums, text, position, len(text))
    return sums


def _add_plain(sums: list[int], text: str, start: int, end: int) -> None:
    position = start
    if not text.isascii():
        for match in HEAVY.finditer(text, start, end):
            _add_each(sums, 1, match.start() - position)
            if match["run"] is None:
                _add_whole(sums, _HEAVY_WEIGHT, match.end() - match.start())
            else:
                _add_each(sums, _HEAVY_WEIGHT, match.end() - match.start())
            position = match.end()
    _add_each(sums, 1, end - position)


def _add_each(sums: list[int], weight: int, count: int) -> None:
    first = sums[-1] + weight
    sums.extend(range(first, first + weight * count, weight))


def _add_whole(sums: list[int], weight: int, count: int) -> None:
    sums.extend([sums[-1] + weight] * count)
