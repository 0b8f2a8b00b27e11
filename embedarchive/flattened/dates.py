"""Printed dates of any language → `datetime.date`; never guesses a missing or ambiguous part.

The service prints dates by CLDR, in the language that the embed's maker asked for, and has changed
the order of the parts over the years; extractors break them over lines. So the shape is not fixed:
a 4-digit year, a month and a day in any order, with what stands between them ignored.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

FIRST_YEAR = 2006
"""The service opened in 2006; no other network that we read is older."""

_YEARS = range(FIRST_YEAR, 2100)
_YEAR_DIGITS = 4

_BUDDHIST = 543
"""Years of the Thai calendar are 543 ahead."""

_FILLER_WORDS = (
    "de del di do den die dal dels of st nd rd th er ère re º ª o a d m г р ж թ "
    "gada ng ika ngày năm оны ค.ศ. พ.ศ."
)
"""Words that CLDR's patterns put between the parts, ordinal endings, marks of the year."""

_FILLERS = frozenset(_FILLER_WORDS.split())

_MONTH_MARKS = frozenset({"tháng", "thg", "月", "월"})

_SEPARATOR = re.compile(
    r"[\s,.،、·・\-–/\\>\[\]|_*'’‘\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]{1,60}"
)
_TOKEN = re.compile(
    r"(?P<number>\d{1,8})(?:\s{0,2}(?P<mark>[年月日號号년월일]))?"
    r"|(?P<word>[一二三四五六七八九十]{1,2}月|(?:[\u0e01-\u0eff]{1,3}\.){2}"
    r"|[^\W\d_][^\s\d,.،、·・–/\\>\[\](){}<|_*'’‘\"“”年月日号號년월일]{0,23})"
)
"""Marks of vowels in Indic scripts are no word characters to `re`: a word is what is no mark.

Thai and Lao abbreviate with inner dots (`ม.ค.`).
"""

_DOTTED = re.compile(r"([0-9]{1,2})\.[ \u00a0]?([0-9]{1,2})\.[ \u00a0]?([0-9]{4})")
"""Wherever numeric dates have dots, the day stands first; with slashes nobody knows."""

_USUAL = re.compile(
    r"([^\W\d_]{3,12}+)\.?+ ([0-9]{1,2}+), ([0-9]{4})"
    r"(?!\d|\s{0,2}[年月日號号년월일]|[ \u00a0\u202f]?[грթ]\.)"
)
"""`May 2, 2020`: what most dates are, and read in a fifth of the time that any other takes."""
_TRAILING_YEAR_MARK = re.compile(r"[ \u00a0\u202f]?[гр]\.|[ \u00a0\u202f]?թ\.")
_MAX_TOKENS = 12
_WINDOW = 120
"""Characters that a date is looked for in where letters and their marks stand apart (NFD)."""


def parse_date(text: str) -> date | None:
    """The date that `text` is, or None; blanks and stops around it are ignored."""
    lead = _SEPARATOR.match(text)
    found = match_date(text, lead.end() if lead else 0)
    if found is None:
        return None
    printed, end = found
    rest = text[end:].strip(" \t\r\n\u00a0\u200e\u200f.,]*_").casefold()
    return printed if not rest or rest in _FILLERS or rest in "日일号號" else None


def match_date(text: str, pos: int) -> tuple[date, int] | None:
    """The date that begins exactly at `pos`, and the place behind it; None where there is none.

    The place behind may lie inside a word (`2018I mean`): extractors glue what follows.
    """
    if not _may_begin(text, pos):
        return None
    window = text[pos : pos + _WINDOW]
    if window.isascii() or unicodedata.is_normalized("NFC", window):
        return _match_composed(text, pos)
    found = _match_composed(unicodedata.normalize("NFC", window), 0)
    return (found[0], pos + _decomposed(window, found[1])) if found else None


def _may_begin(text: str, pos: int) -> bool:
    """Whether a date may begin here, by its first character; nearly all others are of ASCII."""
    first = text[pos : pos + 1]
    return first.isalnum() or not first.isascii()


def _decomposed(window: str, length: int) -> int:
    """How much of the text becomes `length` characters when its marks are put on their letters."""
    end = length
    while end < len(window) and len(unicodedata.normalize("NFC", window[: end + 1])) <= length:
        end += 1
    return end


def _match_composed(text: str, pos: int) -> tuple[date, int] | None:
    if usual := _match_usual(text, pos):
        return usual
    parts = _read(text, pos)
    if not parts.is_whole and (dotted := _DOTTED.match(text, pos)):
        parts = _Parts(dotted.end())
        parts.day, parts.month = int(dotted[1]), int(dotted[2])
        parts.add_year(int(dotted[3]))
    if parts.year is None or parts.month is None or parts.day is None:
        return None
    try:
        return date(parts.year, parts.month, parts.day), parts.end
    except ValueError:
        return None


def _match_usual(text: str, pos: int) -> tuple[date, int] | None:
    found = _USUAL.match(text, pos)
    if found is None or (month := month_number(found[1])) is None:
        return None
    try:
        printed = date(int(found[3]), month, int(found[2]))
    except ValueError:
        return None
    return (printed, found.end()) if printed.year in _YEARS else None


def match_day_of_month(text: str, pos: int) -> int | None:
    """The place behind a month word with its day, the year missing or shortened to two digits."""
    if not _may_begin(text, pos):
        return None
    parts = _read(text, pos)
    return parts.end if parts.has_month_name and parts.day is not None else None


@cache
def month_words() -> dict[str, int]:
    """Month words of all CLDR languages, folded, each with its number 1 to 12.

    Made by `benchmarks/make_months.py`.
    """
    table = files(__package__).joinpath("months.json").read_text(encoding="utf-8")
    words: dict[str, int] = json.loads(table)
    return words


@lru_cache(maxsize=256)  # a text has few, over and over
def month_number(word: str) -> int | None:
    """The number of a month word in any language, 1 to 12, or None."""
    words = month_words()
    folded = word.casefold().replace("\u0307", "").replace(".", "")
    folded = unicodedata.normalize("NFC", folded).strip("-\u200e\u200f")
    if folded in words:
        return words[folded]
    if folded.startswith("ב"):  # Hebrew writes "in" as a prefix of the month
        return words.get(folded[1:])
    try:  # UTF-8 read as Windows-1252: `fÃ©vrier`
        return words.get(word.encode("cp1252").decode("utf-8").casefold())
    except UnicodeError:
        return None


class _Parts:
    """What has been read of a date so far."""

    def __init__(self, pos: int) -> None:
        self.year: int | None = None
        self.month: int | None = None
        self.day: int | None = None
        self.end = pos
        self.has_month_name = False
        """A month word or mark was seen; without one the order must tell, year first."""
        self.is_closed = False

    def add_month(self, month: int) -> bool:
        if self.month is not None:
            if self.has_month_name or self.day is not None:
                return False
            self.day = self.month  # `2016 m. 13 birželio`: the bare number was the day
        self.month, self.has_month_name = month, True
        return True

    def add_year(self, year: int) -> bool:
        if year - _BUDDHIST in _YEARS:
            year -= _BUDDHIST
        if self.year is not None or year not in _YEARS:
            return False
        self.year = year
        return True

    def add_small(self, number: int) -> bool:
        """A number of one or two digits without a mark: day, numeric month, or a short year."""
        if self.day is None and (self.has_month_name or self.year is None or self.month):
            self.day = number
        elif self.year is not None and self.month is None:
            self.month = number  # 2026-09-09
        elif self.has_month_name and self.year is None:
            self.is_closed = True  # `October 03, 19`: a hand-made date that tells no year
        else:
            return False
        return True

    @property
    def is_whole(self) -> bool:
        return None not in (self.year, self.month, self.day)


def _read(text: str, pos: int) -> _Parts:
    """Take parts from `pos` on until all three are found or something else stands there."""
    parts = _Parts(pos)
    month_follows = False
    for count in range(_MAX_TOKENS):
        gap = _SEPARATOR.match(text, pos) if count else None
        if gap and gap.group().count("\n") > 1:
            break  # a new paragraph
        token = _TOKEN.match(text, gap.end() if gap else pos)
        if token is None:
            break
        pos = token.end()
        word = token["word"]
        if word is None:
            mark = "月" if month_follows else token["mark"]
            month_follows = False
            glued = len(token["number"]) > _YEAR_DIGITS and None not in (parts.month, parts.day)
            pos = token.start() + _YEAR_DIGITS if glued else pos  # `2017140 people`
            if not _add_number(parts, token["number"][: pos - token.start()], mark):
                break
            parts.end = pos
        elif word.casefold() in _MONTH_MARKS:
            month_follows = True
        elif (month := month_number(word)) is not None and parts.add_month(month):
            parts.end = pos
        elif count == 0 or word.casefold() not in _FILLERS:
            break
        if parts.is_whole or parts.is_closed:
            break
    tail = _TRAILING_YEAR_MARK.match(text, parts.end) if parts.is_whole else None
    parts.end = tail.end() if tail else parts.end
    return parts


def _add_number(parts: _Parts, digits: str, mark: str | None) -> bool:
    """Put a number where it belongs; False where it fits nowhere."""
    if len(digits) == _YEAR_DIGITS:
        return parts.add_year(int(digits))
    if len(digits) > 2:
        return False
    if mark is not None and mark in "月월":
        return parts.add_month(int(digits))
    return parts.add_small(int(digits))
