"""A name, a handle and a date in a row → an attribution or a mere citation; it finds none itself.

Credits, bylines, programmes, change logs and prose print the same three. What makes an attribution
is where it stands: behind a dash, below or behind a text, nothing between handle and date, and
behind the date the end of the line or another paragraph.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from .credits import ends_with_work, is_credit
from .dates import match_date
from .titles import (
    FULL_LINE,
    LISTED,
    LISTED_INSIDE,
    LONGER_THAN_TITLES,
    LONGEST_NAME,
    MARKED_END,
    MARKS,
    POST_END,
    WORD_START,
    YEAR,
    ends_as_post,
    ends_with_mark,
    last_sentence,
    reads_as_title,
)
from .visible import visible_name


class Standing(Enum):
    """How sure it is that a place is an attribution."""

    SURE = "sure"
    LIKELY = "likely"
    """If the same text has a sure one with the same dash."""
    NO = "no"


class Place(NamedTuple):
    """What reads like an attribution, as it lies in a text."""

    start: int
    """Of the dash, or of the name where there is none."""
    end: int
    """Behind the date, its link and, on networks that print it, the hour."""
    dash: str
    raw_name: str
    gap: str
    """What stands between handle and date."""
    date_text: str
    has_year: bool
    is_linked: bool
    """To a post: no credit is."""


class _Behind(Enum):
    """What stands behind a date."""

    LINE_END = "line end"
    GLUED = "glued"
    """A capital letter without a blank, as only extractors leave it."""
    PARAGRAPH = "paragraph"
    """What may begin one: a capital, a sign, a link."""
    UNKNOWN = "unknown"
    """A letter of a script without capitals: the next paragraph or the same sentence."""
    SENTENCE = "sentence"
    """The sentence of the date goes on."""
    STOPPED = "stopped"
    """A comma, the hour, a place: the entry of the date goes on."""


_LONG_DASH = re.compile(r"—|―|&mdash;|&#8212;|&#[xX]2014;|\\u2014|â€|\\?-\\?-")
_LINE = 400
"""Characters of a line that are looked at, before and behind a place."""
_TWO_LINES = 800
_NAME_OR_PROSE = 25
"""Names that hold the end of a sentence are short (`Vote! Ada`); prose is not."""
_JOINED = 600
"""Characters without a line break that few paragraphs have."""

_SENTENCE_INSIDE = re.compile(r"(?<!\w)([^\W_]{2,40})[.!?…][\"”’»)]{0,2}\s+\S|[。！？]\S")
_DASH_INSIDE = re.compile(r"\s[—–]\s")
_SENTENCE_ABOVE = re.compile(r"(?:[^\W_]{3}[.!?…:]|[。！？])[\"”’»)]{0,2}\s*\Z")
_ABBREVIATION = 4
"""Letters of the longest that stand in names: `Prof. Ada`."""
_STRAIGHT_GAP = re.compile(r"(?:\]\([^()]*\))?[^,·•∙|–—-]*\Z")
_SHORT_LINK = re.compile(r"(?:pic\.(?:twitter|x)\.com|t\.co)/\w{7,10}[\s>*_)]{0,20}\Z")
_HALF_SENTENCE = re.compile(r"[,،、，][\s>*_]{0,20}\Z")
_LEAD = re.compile(r"[;:(：；（][\s>*_]{0,20}\Z")
_ENTRY = re.compile(
    r"(?:^|(?<=[.!?…。]\s))(?P<title>[^\n]{1,60}?)\s(?:—|–|--?)\s[^\n]{1,60}\(@\w{1,15}\)"
)

_LINE_END = re.compile(r"[ \t\u00a0\u200e\u200f*_>\"”“»'’)\]|\\`]{0,20}(?:\r?\n|\Z)")
_ADDRESS = re.compile(r"\s{0,3}(?:https?://|pic\.|t\.co/|www\.|[a-z0-9-]{2,30}\.[a-z]{2,6}/)")
_HOUR = re.compile(r"\s{1,3}(?:@ |um |à |às |om |в |kl\.? )?[0-9]{1,2}(?:[:.h][0-9]{2}|\s?[ap]m)")
_STOPPED = re.compile(
    r"\.?[,;:](?=\s|\Z)|:[0-9]|[،、：，；]|\.(?:\s|\Z)|[ \t]{0,3}[|·•/]|[ \t]{1,3}[-–—](?=\s)"
)
_RULE = re.compile(r"-{2,}[ \t]*\r?\n")
"""A line across the page, or the one above a message's signature."""
_NAMED_MONTH = re.compile(r"[^\W\d_]{2}|[月년월]")
_HAND_MADE_YEAR = re.compile(r"[0-9]{1,2},\s?[0-9]{2}\Z")


def standing_of(text: str, place: Place) -> Standing:
    """Whether a place is an attribution, by its name, what stands before it and what behind."""
    if _is_no_name(place.raw_name):
        return Standing.NO
    line_start = text.rfind("\n", max(0, place.start - _LINE), place.start) + 1
    before = text[max(line_start, place.start - _LINE) : place.start]
    if place.is_linked:
        return Standing.SURE
    heads_line = not before.strip(MARKS)
    behind = _behind(text[place.end : place.end + _LINE])
    is_straight = _is_straight(place) or (heads_line and _is_typed(place, behind))
    if not is_straight or _RULE.match(text, place.start) or _is_broken(place, before):
        return Standing.NO
    if heads_line:
        return _below_a_text(text, place, line_start, behind)
    return _behind_a_text(text, place, before, behind)


def _is_no_name(raw: str) -> bool:
    if is_credit(raw) or "(@" in raw:
        return True
    name = visible_name(raw, is_markdown="](" in raw)
    if len(name) > LONGEST_NAME or (
        (len(name) > _NAME_OR_PROSE or name[:1].islower()) and _has_sentence_end(name)
    ):
        return True
    if not YEAR.search(raw):
        return False
    return any(match_date(raw, word.start()) for word in WORD_START.finditer(raw))


def _has_sentence_end(name: str) -> bool:
    return any(
        end[1] is None or not end[1][0].isupper() or len(end[1]) > _ABBREVIATION
        for end in _SENTENCE_INSIDE.finditer(name)
    )


def _is_straight(place: Place) -> bool:
    """Nothing but blanks, quote marks and brackets stands between handle and date."""
    if not place.has_year and place.gap.strip(" \u00a0["):
        return False
    return _STRAIGHT_GAP.match(place.gap) is not None


def _is_typed(place: Place, behind: _Behind) -> bool:
    """`— Ada (@ada), March 3, 2019` on a line of its own, as people write it by hand."""
    return _is_long(place) and "\n" not in place.gap and behind is _Behind.LINE_END


def _is_long(place: Place) -> bool:
    return _LONG_DASH.match(place.dash) is not None


def _behind(text: str) -> _Behind:
    if _LINE_END.match(text):
        return _Behind.LINE_END
    if _HOUR.match(text) or _STOPPED.match(text):
        return _Behind.STOPPED
    first = text.lstrip()[:1]
    if _ADDRESS.match(text) or not first.isalpha():
        return _Behind.PARAGRAPH
    if first.isupper():
        return _Behind.GLUED if text[0].isupper() else _Behind.PARAGRAPH
    return _Behind.SENTENCE if first.islower() else _Behind.UNKNOWN


def _below_a_text(text: str, place: Place, line_start: int, behind: _Behind) -> Standing:
    """The place begins its line."""
    if not place.dash:
        return Standing.NO
    if _is_long(place):
        is_whole = place.has_year or behind is _Behind.LINE_END
        is_going_on = behind in (_Behind.SENTENCE, _Behind.STOPPED)
        return Standing.SURE if is_whole and not is_going_on else Standing.LIKELY
    above = text[max(0, line_start - _LINE) : line_start].rstrip().rpartition("\n")[2]
    below = text[place.end : place.end + _LINE].lstrip().partition("\n")[0]
    is_item = any(LISTED.match(line) or "(@" in line for line in (above, below))
    is_title = len(last_sentence(above)) < LONGER_THAN_TITLES and not POST_END.search(above)
    is_log = _DASH_INSIDE.search(place.raw_name) is not None
    if is_item or is_title or is_log or not _has_full_date(place):
        return Standing.NO
    return Standing.SURE if behind is _Behind.LINE_END else Standing.LIKELY


def _behind_a_text(text: str, place: Place, before: str, behind: _Behind) -> Standing:
    """Something stands before the place on its line."""
    is_cited = _HALF_SENTENCE.search(before) or ends_with_work(before)
    if is_cited or behind is _Behind.STOPPED:
        return Standing.NO
    if not place.dash:
        return _without_dash(place, before, behind)
    is_title = reads_as_title(before)
    if not _is_long(place):
        below = text[place.end : place.end + _LINE].lstrip().partition("\n")[0]
        is_item = is_title or LISTED.match(below) or "(@" in below
        return Standing.NO if is_item else _behind_short_dash(place, before, behind)
    is_post = ends_as_post(before)
    if not place.has_year:
        is_told = is_post or _HAND_MADE_YEAR.search(place.date_text)
        is_whole = is_told and behind is _Behind.LINE_END and not is_title
        return Standing.SURE if is_whole else Standing.NO
    is_flattened = _SHORT_LINK.search(before[-LONGER_THAN_TITLES:]) or _is_glued(place, before)
    if is_flattened or (_has_no_lines(text, place) and not is_title):
        return Standing.SURE
    is_open = (behind is _Behind.UNKNOWN or "\n" in place.gap) and not is_post
    is_prose = behind is _Behind.SENTENCE or not _NAMED_MONTH.search(place.date_text)
    is_doubtful = is_title or is_open or is_prose or _is_entry(text, place, before)
    return Standing.LIKELY if is_doubtful else Standing.SURE


def _is_broken(place: Place, before: str) -> bool:
    """Whether a line ends inside the name though it was not long enough to be wrapped."""
    first_line, _, rest = place.raw_name.strip().partition("\n")
    if not any(char.isalnum() for char in rest) or place.raw_name.lstrip(" \t\r")[:1] == "\n":
        return False  # an emoji's or a word's own line
    is_short = len(before) + len(place.dash) + len(first_line) < FULL_LINE
    return is_short or _SENTENCE_ABOVE.search(first_line) is not None


def _behind_short_dash(place: Place, before: str, behind: _Behind) -> Standing:
    """Articles use these dashes for much else."""
    if "\n" in place.raw_name + place.gap or not _has_full_date(place):
        return Standing.NO
    is_list = LISTED_INSIDE.search(before[-LONGEST_NAME:]) and not ends_with_mark(before)
    if behind is _Behind.SENTENCE or is_list:
        return Standing.NO
    is_text = len(last_sentence(before)) >= LONGER_THAN_TITLES
    if ends_as_post(before) or (is_text and behind is _Behind.LINE_END):
        return Standing.SURE
    return Standing.LIKELY


def _without_dash(place: Place, before: str, behind: _Behind) -> Standing:
    """Some corpora lost their dashes; nearly all else that looks so is prose or a byline."""
    if not _has_full_date(place) or "\n" in place.gap or not ends_as_post(before):
        return Standing.NO
    if behind is _Behind.GLUED or (
        _SHORT_LINK.search(before[-LONGER_THAN_TITLES:]) and behind is not _Behind.SENTENCE
    ):
        return Standing.SURE
    return Standing.NO if behind is _Behind.SENTENCE else Standing.LIKELY


def _has_full_date(place: Place) -> bool:
    return place.has_year and _NAMED_MONTH.search(place.date_text) is not None


def _is_glued(place: Place, before: str) -> bool:
    """Whether the blank before the dash was lost, and only that: nobody writes so."""
    return not before[-1].isspace() and place.raw_name[:1].isspace()


def _has_no_lines(text: str, place: Place) -> bool:
    """Whether an extractor joined the lines: then the next paragraph may begin with anything."""
    before = text[max(0, place.start - _JOINED) : place.start].rpartition("\n")[2]
    behind = text[place.end : place.end + _JOINED].partition("\n")[0]
    return len(before) + len(behind) > _JOINED


def _is_entry(text: str, place: Place, before: str) -> bool:
    """Whether a line next to it is `Title — Ada (@ada) ...` as well: a programme or a log."""
    if ends_with_mark(before) or len(last_sentence(before)) > LONGER_THAN_TITLES:
        return False
    start = place.start - len(before)
    above = text[max(0, start - _LINE) : start].removesuffix("\n").rpartition("\n")[2]
    below = text[place.end : place.end + _TWO_LINES].partition("\n")[2]
    entries = (_ENTRY.search(above), _ENTRY.match(below))
    return any(entry and not MARKED_END.search(entry["title"]) for entry in entries)
