"""Words before a dash → whether they end as posts do, or are an entry of a list or a log. Pure."""

from __future__ import annotations

import re

from .credits import starts_with_work
from .dates import match_date, match_day_of_month

LONGEST_NAME = 80
"""Names hold at most 50 characters; damage (mojibake, escapes) lengthens them."""
FULL_LINE = 40
"""Characters from which on a line may have been wrapped."""
LONGER_THAN_TITLES = 60
YEAR = re.compile(r"\d{4}|[0-9](?:日|일)")
"""Without one nothing is a date: a look before much work."""
_YEAR_AND_MARK = 7
WORD_START = re.compile(r"(?<!\w)\w")
MARKS = ' \t\r\u00a0\u200e\u200f>*_["“|\\'
_ITEM = (
    r"#{1,6}\s|[-+*•·▪◦‣–—]\s|\(?[0-9]{1,3}[.)]\s|\||[0-9a-f]{7,40}\s"
    r"|[\[(]?[0-9]{1,2}[:.h][0-9]{2}(?![0-9])|v?[0-9]{1,3}\.[0-9]{1,3}(?![0-9])"
)
"""What headings, list items and rows begin with; lines of programmes, change logs, commits."""
LISTED = re.compile(rf"[\s>*_]{{0,20}}(?:{_ITEM})")
LISTED_INSIDE = re.compile(rf"(?<!\S)(?:{_ITEM})[^\n]{{0,60}}\Z")
"""The same where an extractor joined the lines."""
_POST_MARK = (
    r"#\w{1,60}|@\w{1,15}|https?://\S{1,200}|(?:pic\.(?:twitter|x)\.com|t\.co)/\w{7,10}"
    r"|[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]"
)
POST_END = re.compile(rf"(?:[.!?…。！？\"”»’)\]]|{_POST_MARK})[\s>*_]{{0,20}}\Z")
"""What posts end with and most titles do not."""
_LONGEST_MARK = 230
_BEHIND_MARKS = ">*_"
"""What may stand behind them, beside blanks."""
MARKED_END = re.compile(rf"(?:{_POST_MARK})[\s>*_]{{0,20}}\Z")
"""What no title ends with."""
_SENTENCE_BREAK = re.compile(r"[.!?…。][\"”’»)]{0,2}\s+")


def reads_as_title(before: str) -> bool:
    """Whether the words before a dash are rather an entry of a list, a programme or a log."""
    if ends_with_mark(before):
        return False
    words = last_sentence(before).lstrip(MARKS)
    if len(words) >= LONGER_THAN_TITLES:
        return False
    line = before if len(before) < LONGER_THAN_TITLES else words
    if any(LISTED.match(part) or starts_with_work(part) for part in (line, words)):
        return True
    if any(char.isdigit() for char in words) and (
        match_date(words, 0) or match_day_of_month(words, 0)
    ):
        return True
    if _ends_with_date(before):
        return True
    return not ends_as_post(before) and LISTED_INSIDE.search(before[-LONGEST_NAME:]) is not None


def _ends_with_date(words: str) -> bool:
    tail = words[-FULL_LINE:].rstrip()
    if not YEAR.search(tail[-_YEAR_AND_MARK:]):
        return False
    dates = (match_date(tail, word.start()) for word in WORD_START.finditer(tail))
    return any(found and found[1] == len(tail) for found in dates)


def ends_as_post(words: str) -> bool:
    """Whether words end with a stop, a quotation mark, or a mark that posts are full of."""
    words = words[-_LONGEST_MARK:]
    return POST_END.search(words, _last_word(words)) is not None


def ends_with_mark(words: str) -> bool:
    """Whether words end with a hashtag, a handle, a link or an emoji."""
    words = words[-_LONGEST_MARK:]
    return MARKED_END.search(words, _last_word(words)) is not None


def _last_word(words: str) -> int:
    """Where the last word begins: marks hold no blanks, and to look for them takes long."""
    kept = words.rstrip()
    last = kept.rsplit(None, 1)[-1] if kept else ""
    return len(kept) - len(last) if last.strip(_BEHIND_MARKS) else 0


def last_sentence(words: str) -> str:
    """What follows the last end of a sentence, as far as a title could be long."""
    words = words[-LONGEST_NAME:]
    ends = list(_SENTENCE_BREAK.finditer(words.rstrip()))
    return words[ends[-1].end() :] if ends else words
