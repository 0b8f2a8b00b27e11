"""The words before a handle → the display name among them; never looks behind the handle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from .visible import visible_name

_WINDOW = 200
_LONGEST_NAME = 60
"""Names hold at most 50 characters; damage (mojibake, escapes) lengthens them."""

_DASH = re.compile(
    r"(?P<long>—|―|&mdash;|&#8212;|&#[xX]2014;|\\u2014|â€”|â€\"|\\?-\\?--?(?![a-z]))"
    r"|(?P<medium>–|&ndash;|&#8211;|â€“)"
    r"|(?P<short>(?<![^\s>\"”’.!?…])\\?-(?=\s)|(?<![^\n>])\\?-)"
)
_MAY_BE_DASH = re.compile(r"[—―–&â\\-]")
"""What all of them begin with: a class of characters is looked for quickly, the pattern is not."""
_LINE_START = re.compile(r"(?:^|\n)[\s>*_\[\"“|\\]{0,80}\Z")
_PARAGRAPH = re.compile(r"\n[ \t\r>\u00a0]*\n")
_LEADS = "by from via with and to of for per says von por par de di da und et y e i dem der"
"""Before a name without a dash: prose or a byline, no attribution."""

_MOST_WORDS = 6
_SENTENCE_END = '!?…:;,"”’»)]。！？'
INSTAGRAM_CUE = (
    r"(?:\bA (?:post|photo|video|reel) (?:shared|posted) by|\bBeitrag,? (?:der )?geteilt von"
    r"|\bpublication partagée par|\bpublicación compartida (?:de|por)"
    r"|\bpublicação compartilhada por|\bpost condiviso da|\bbericht gedeeld door)"
)
"""Instagram's line prints the handle alike, and needs no dash."""

_SHARED_BY = re.compile(rf"{INSTAGRAM_CUE}\b(?!.*\([@\\])", re.DOTALL)
_JAPANESE_HONORIFIC = "さん"
_HONORIFIC_UNTIL = date(2014, 1, 1)
"""The Japanese template of that time put the honorific behind every name."""


class Name(NamedTuple):
    """Where an attribution begins, and the name in it as it lies there."""

    start: int
    """Of the dash, or of the name where there is none."""
    dash: str
    raw: str


def name_before(text: str, lower: int, paren: int) -> Name | None:
    """The name before a handle: back to the dash that begins the attribution, if there is one."""
    lower = max(lower, paren - _WINDOW)
    if text[max(paren - 1, 0) : paren] == "\\":
        paren -= 1  # Markdown's escape of the parenthesis
    before = text[lower:paren].rstrip()
    paragraphs = list(_PARAGRAPH.finditer(before))
    if paragraphs:
        lower += paragraphs[-1].end()
    window = text[lower:paren]
    if _SHARED_BY.search(window):
        return None
    dash = _attribution_dash(window)
    if dash is None:
        return _name_without_dash(window, lower)
    raw = window[dash.end() :]
    if raw.lstrip().startswith(("By ", "by ")):
        return None
    return Name(lower + dash.start(), dash[0], raw)


def _attribution_dash(window: str) -> re.Match[str] | None:
    """The dash that begins the attribution: the last long one, else one that begins a line.

    Names hold dashes too (`Hive – Andy Randell`), mostly shorter ones than the template's; a short
    one before a long one is a list's.
    """
    dashes = list(_dashes(window))
    dashes.reverse()
    near = [dash for dash in dashes if len(window) - dash.end() <= 2 * _LONGEST_NAME]
    if (long := next((dash for dash in near if dash["long"]), None)) is not None:
        return long  # nearly all are: what follows takes longer
    at_line_start = [dash for dash in dashes if _LINE_START.search(window, 0, dash.start())]
    for pool in (at_line_start, near):
        for kind in ("medium", "short"):
            if found := next((dash for dash in pool if dash[kind]), None):
                return found
    return None


def _dashes(window: str) -> Iterator[re.Match[str]]:
    end = 0
    for found in _MAY_BE_DASH.finditer(window):
        if found.start() >= end and (dash := _DASH.match(window, found.start())):
            yield dash
            end = dash.end()


def _name_without_dash(window: str, lower: int) -> Name | None:
    """Capitalised words right before the handle, on a line that holds more than them."""
    line_start = window.rfind("\n") + 1
    line = window[line_start:]
    words = list(re.finditer(r"\S+", line))
    first = len(words)
    while first > 0 and len(words) - first < _MOST_WORDS:
        word = words[first - 1].group()
        if first < len(words) and _ends_tweet(word):
            break
        if not (word[0].isupper() or word[0].isdigit() or not word[0].isalnum()):
            break
        first -= 1
    if first in (0, len(words)):
        return None  # nothing before the name: a byline, a list of accounts
    previous = words[first - 1].group().lower().strip(",")
    if previous in _LEADS.split():
        return None
    start = line_start + words[first].start()
    return Name(lower + start, "", window[start:])


def _ends_tweet(word: str) -> bool:
    if word[-1] in _SENTENCE_END or "/" in word or word[0] in "#@":
        return True
    return word[-1] == "." and len(word) > len("Jr.")


def clean_name(raw: str, printed: date | None, date_text: str, handle: str) -> str | None:
    """The name as a reader saw it; `handle` and `date_text` as they lie in the text."""
    is_markdown = "\\" in handle or "](" in raw + handle + date_text or "][" in date_text
    name = visible_name(raw, is_markdown=is_markdown)
    if name.startswith("[") and "]" not in name:
        name = name[1:]  # the link goes on behind the handle
    if printed and printed < _HONORIFIC_UNTIL and "月" in date_text:
        name = name.removesuffix(_JAPANESE_HONORIFIC).rstrip()
    return name or None
