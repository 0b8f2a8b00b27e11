"""A slice of flattened text → what a reader saw of it; never touches places, only words.

Extractors that write Markdown leave `> `, `[label](url)`, `\\_`; careless ones leave `&amp;`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_QUOTED = re.compile(r"\s*+>")
_IMAGE = re.compile(
    r"!\[(?![#@$]|pic\.|https?:)[^\[\]]{0,300}\]\([^()\s]{1,600}(?:\s+\"[^\"\n]{0,300}\")?\)"
)
"""A link to a tag, an account or an address is no image: the mark before it was the author's."""
_LINK = re.compile(
    r"\[(?P<label>[^\[\]]{0,400})\](?:\(\s{0,3}<?[^()<>\s]{1,600}(?:\s[^()]{0,300})?>?\)|\[[0-9]{1,4}\])"
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,600})>?")
_PRINTED_TARGET = re.compile(r"[ \t]?\((?:https?://|mailto:)[^()\s]{1,600}\)")
_BARE_TARGET = re.compile(r"[^\]]\(https?://")
_NUMBERED_DATE = re.compile(r"\)\s{0,4}\[[0-9]{1,4}\]\w")
_LINK_NUMBER = re.compile(r"\[[0-9]{1,4}\](?=\S)")
_MARKUP = re.compile(r"\]\(|\]\[|\\_")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|<&-])")
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{2,8};")
_BLANK_LINES = re.compile(r"\n{3,}")
_EDGE_MARKS = " \t\r\n\u00a0\u00ad\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\ufeff"

_CODE = re.compile(
    r"(?:(?:(?<=//)|(?<![A-Za-z0-9.-]))t\.co|pic\.(?:twitter|x)\.com)/([A-Za-z0-9]{7,10})"
)
_FULL_CODE = 10
_LONG_CODES_FROM = date(2013, 1, 1)
"""From about the end of 2012 all codes have 10 characters; before, 7 or 8."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the extractor added to the author's words around one attribution."""

    is_quoted: bool = False
    """The lines stand behind `>` marks."""
    is_markdown: bool = False
    """Brackets and backslashes are the extractor's; otherwise the author wrote them."""
    has_printed_targets: bool = False
    """Behind each link its target stands in parentheses."""
    has_link_numbers: bool = False
    """Before each link stands its number in the list below."""
    is_csv_field: bool = False
    """Quotes around and doubled inside are the file format's."""


class MarkedLine(NamedTuple):
    """A line, and behind which place in it each mark is known, or -1: read once for many tweets."""

    start: int
    end: int
    is_quoted: bool
    markup: int
    bare_target: int
    numbered_date: int


def read_line(text: str, at: int) -> MarkedLine:
    """The line that character `at` lies in."""
    end = text.find("\n", at)
    return _marked(text, text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end)


def _marked(text: str, start: int, end: int) -> MarkedLine:
    patterns = (_MARKUP, _BARE_TARGET, _NUMBERED_DATE)
    found = (pattern.search(text, start, end) for pattern in patterns)
    is_quoted = _QUOTED.match(text, start, end) is not None
    return MarkedLine(start, end, is_quoted, *(match.end() if match else -1 for match in found))


def marks_around(
    text: str, start: int, end: int, *, is_markdown: bool = False, line: MarkedLine | None = None
) -> Marks:
    """The marks that an attribution at `start` to `end` shows; `is_markdown`: the file says so.

    `line` is the one that it begins in, where that is known.
    """
    line = line or read_line(text, start)
    if end > line.end:
        line = _marked(text, line.start, end)
    return Marks(
        is_quoted=line.is_quoted,
        is_markdown=is_markdown or 0 <= line.markup <= end,
        has_printed_targets=0 <= line.bare_target <= end,
        has_link_numbers=0 <= line.numbered_date <= end,
        is_csv_field=text.startswith('"', end),
    )


def visible_text(raw: str, marks: Marks = Marks()) -> str:
    """The words of a slice, line breaks kept: no quote marks, no link markup, no escapes."""
    text = _QUOTE_MARKS.sub("", raw) if marks.is_quoted else raw
    if marks.has_printed_targets:
        text = _PRINTED_TARGET.sub("", text)
    if marks.has_link_numbers:
        text = _LINK_NUMBER.sub("", text)
    if marks.is_markdown:
        text = without_markup(text)
    if marks.is_csv_field:
        text = text.strip().removeprefix('"').replace('""', '"')
    text = unescape(text)
    lines = (line.strip(_EDGE_MARKS) for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def visible_name(raw: str, *, is_markdown: bool = False) -> str:
    """The display name in a slice, on one line."""
    name = without_markup(raw.replace("\n>", "\n")) if is_markdown else raw.replace("\n>", "\n")
    return " ".join(unescape(name).split()).strip(_EDGE_MARKS)


def without_markup(text: str) -> str:
    """Markdown without images, link targets, angle brackets and backslashes."""
    text = _IMAGE.sub("", text)
    text = _LINK.sub(lambda link: link["label"].lstrip("> "), text)
    text = _AUTOLINK.sub(r"\1", text)
    return _ESCAPE.sub(r"\1", text)


def unescape(text: str) -> str:
    """Character references resolved, but only closed ones: `&copy=1` in a URL stays."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def codes_in(text: str, printed: date | None = None) -> tuple[str, ...]:
    """The t.co and pic codes in a text, in order, once each; cut where the next word is glued on.

    Codes are 10 characters long; 7 to 8 in posts of before 2013 (`printed` tells).
    """
    codes: dict[str, None] = {}
    if "t.co/" not in text and "pic." not in text:
        return ()  # quick to look for
    for found in _CODE.finditer(text):
        code = found[1]
        if len(code) == _FULL_CODE:
            codes[code] = None
        elif printed is not None and printed < _LONG_CODES_FROM:
            codes[code[:8]] = None
    return tuple(codes)
