"""Flattened text → the attributions of tweets in it: `— Name (@handle) Date`; never their texts.

An attribution is anchored on its handle in parentheses with a date right behind it, in whatever
shape an extractor left the two. The name reaches back to the dash that begins the attribution.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from .dates import match_date, match_day_of_month
from .model import Attribution
from .visible import visible_name

_QUICK_MARKS = ("(@", "(\\@", "([@", "(\n@", "(\r\n@")
"""Without one of these there is no attribution: nearly all texts end here."""

_HANDLE = re.compile(
    r"\(\s{0,2}\[?\\?@\s?(?P<handle>(?:\\?[_-]|[A-Za-z0-9.@]){1,80})\s{0,2}"
    r"(?:\]\([^()\s]{1,300}\)\s{0,2})?\)"
)
_X_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_BLUESKY_HANDLE = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MASTODON_HANDLE = re.compile(
    r"[A-Za-z0-9_.-]{1,50}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)

_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2063\u2066-\u2069\ufeff"
_GAP = re.compile(
    r"(?:\]\([^()\s]{1,300}\))?"  # the handle was part of a link
    rf"[\s{_INVISIBLE}]{{0,120}}[,·•∙|–—-]?[\s>\\*_<`{_INVISIBLE}]{{0,80}}"
    r"(?P<open>\[(?:(?P<note>[0-9]{1,3})\])?)?"
    # wikitext, BBCode, Org and AsciiDoc write the target before the label
    r"(?:(?:\[|url=)?(?P<before>https?://[^\s\[\]]{1,300})(?:\]\[|[\[\] ]))?"
    rf"[\s>\\*_<{_INVISIBLE}]{{0,80}}"
)
_TIME = re.compile(
    r"(?:\s{1,3}(?:at|um|à|a las|às|alle|om|в|,))?"
    r"\s{1,3}[0-9]{1,2}[:.][0-9]{2}(?:\s?[AaPp]\.?[Mm]\.?)?"
)
"""Bluesky prints the hour as well."""

_TARGET = r"(?:https?:)?//(?:[^()<>\"\r\n]|\r?\n[ \t>]{0,8}){1,600}"
_TAIL = re.compile(
    r"\\?[\s>*_]{0,40}\](?:"
    rf"\(\s{{0,3}}<?(?P<inline>{_TARGET}?)>?(?:\s{{1,3}}\"[^\"\n]{{0,200}}\")?\s{{0,3}}\)"
    r"|\s?\[(?P<ref>[0-9]{1,4})\])"
    rf"|[ \t]{{0,4}}[(<]\s{{0,2}}(?P<bracketed>{_TARGET})\s{{0,2}}[)>]"
    r"|[ \t]{1,3}(?P<bare>https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/[^\s()<>\"]{1,200})",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[\s>*_]{0,40}(?:\]{1,2}|\[/url\])")
_BROKEN = re.compile(r"\s*\n[\s>]*")
_STATUS = re.compile(r"/(?:statuses|status)/[0-9]{2,20}")
_REFERENCE = re.compile(
    r"^[ \t>]{0,8}(?:\[(?P<md>[0-9]{1,4})\]:?|(?P<list>[0-9]{1,4})\.)[ \t]{1,4}"
    r"<?(?P<url>https?://[^\s<>]{1,500}(?:\r?\n[^\s<>\[\]:]{1,200}(?=\s|\Z))?)",
    re.MULTILINE,
)

_WINDOW = 200
_LONGEST_NAME = 60
"""Names hold at most 50 characters; damage (mojibake, escapes) lengthens them."""

_DASH = re.compile(
    r"(?P<long>—|―|&mdash;|&#8212;|&#[xX]2014;|\\u2014|â€”|â€\"|\\?-\\?--?)"
    r"|(?P<medium>–|&ndash;|&#8211;|â€“)"
    r"|(?P<short>(?<![^\s>\"”’.!?…])\\?-(?=\s)|(?<![^\n>])\\?-)"
)
_LINE_START = re.compile(r"(?:^|\n)[\s>*_\[\"“|\\]{0,80}\Z")
_PARAGRAPH = re.compile(r"\n[ \t>\u00a0]*\n")
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


class _Name(NamedTuple):
    start: int
    dash: str
    raw: str


class _Dated(NamedTuple):
    date: date | None
    end: int
    note: str | None
    """The number of its link."""
    gap: str
    """What stands between handle and date."""
    url: str | None = None
    """Of its link, where the target stands before the label."""
    is_open: bool = False
    """A bracket before it is still open."""


def find_attributions(text: str) -> list[Attribution]:
    """The attributions in a text, in order, not overlapping.

    Those of X/Twitter, and of Bluesky and Mastodon where their handles (with a dot, with a host)
    say so. Linear in the length of the text.
    """
    if not any(mark in text for mark in _QUICK_MARKS):
        return []
    return list(_find(text))


def _find(text: str) -> Iterator[Attribution]:
    done = 0
    references: dict[str, str] | None = None
    for anchor in _HANDLE.finditer(text):
        handle = anchor["handle"].replace("\\", "")
        network = _network_of(handle)
        if network is None:
            continue
        dated = _date_behind(text, anchor.end())
        name = _name_before(text, done, anchor.start()) if dated else None
        if dated is None or name is None or not _belong_together(name, dated):
            continue
        printed, end, note = dated.date, dated.end, dated.note
        if network == "bluesky" and (time := _TIME.match(text, end)):
            end = time.end()
        tail = _TAIL.match(text, end)
        url = dated.url
        if tail and _is_own_tail(tail, handle):
            end = tail.end()
            note = tail["ref"] or note
            url = tail["inline"] or tail["bracketed"] or tail["bare"] or url
        elif closing := dated.is_open and _CLOSING.match(text, end):
            end = closing.end()
        if note and url is None:
            references = _reference_list(text) if references is None else references
            url = references.get(note)
        done = end
        yield Attribution(
            start=name.start,
            end=end,
            handle=handle,
            name=_clean_name(name.raw, printed, text[anchor.end() : end], anchor[0]),
            date=printed,
            dash=name.dash,
            url=_BROKEN.sub("", url) if url else None,
            network=network,
        )


def _network_of(handle: str) -> str | None:
    if _X_HANDLE.fullmatch(handle):
        return "x"
    if _BLUESKY_HANDLE.fullmatch(handle):
        return "bluesky"
    return "mastodon" if _MASTODON_HANDLE.fullmatch(handle) else None


def _date_behind(text: str, pos: int) -> _Dated | None:
    """The date right behind a handle."""
    gap = _GAP.match(text, pos)
    start = gap.end() if gap else pos
    found = match_date(text, start)
    end = found[1] if found else match_day_of_month(text, start)
    if end is None:
        return None
    between = text[pos:start]
    return _Dated(
        date=found[0] if found else None,
        end=end,
        note=gap["note"] if gap else None,
        gap=between,
        url=gap["before"] if gap else None,
        is_open="[" in between and between.count("[") > between.count("]("),
    )


def _belong_together(name: _Name, dated: _Dated) -> bool:
    """Without a dash or a year there must be nothing but blanks: bylines have line breaks."""
    if name.dash and dated.date:
        return True
    if not name.dash and dated.date is None:
        return False
    return "\n" not in dated.gap and not dated.gap.strip(" \u00a0[")


def _is_own_tail(tail: re.Match[str], handle: str) -> bool:
    """Whether the link behind the date belongs to it; a bare URL could be the next paragraph's."""
    if tail["bare"] is None:
        return True
    return f"/{handle.lower()}/status" in tail["bare"].lower()


def _reference_list(text: str) -> dict[str, str]:
    """`[54]: URL` and `54. URL` lines, as written below a text; wrapped URLs rejoined."""
    found = {}
    for line in _REFERENCE.finditer(text):
        url = _BROKEN.sub("", line["url"])
        if _STATUS.search(url):
            found[line["md"] or line["list"]] = url
    return found


def _name_before(text: str, lower: int, paren: int) -> _Name | None:
    """The name before a handle: back to the dash that begins the attribution, if there is one."""
    lower = max(lower, paren - _WINDOW)
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
    return _Name(lower + dash.start(), dash[0], raw)


def _attribution_dash(window: str) -> re.Match[str] | None:
    """The dash that begins the attribution: the last long one, unless a line begins with another.

    Names hold dashes too (`Hive – Andy Randell`), mostly shorter ones than the template's.
    """
    every = list(_DASH.finditer(window))
    dashes = [dash for dash in every if len(window) - dash.end() <= 2 * _LONGEST_NAME]
    at_line_start = [dash for dash in every if _LINE_START.search(window, 0, dash.start())]
    for pool in (at_line_start, dashes):
        for group in ("long", "medium", "short"):
            fitting = [d for d in pool if d[group] is not None]
            if group == "long" and pool is at_line_start:
                fitting += [d for d in dashes if d["long"] is not None]
            if fitting:
                return max(fitting, key=lambda d: d.start()) if group == "long" else fitting[0]
    return None


def _name_without_dash(window: str, lower: int) -> _Name | None:
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
    return _Name(lower + start, "", window[start:])


def _ends_tweet(word: str) -> bool:
    if word[-1] in _SENTENCE_END or "/" in word or word[0] in "#@":
        return True
    return word[-1] == "." and len(word) > len("Jr.")


def _clean_name(raw: str, printed: date | None, date_text: str, handle: str) -> str | None:
    is_markdown = "\\_" in handle or "](" in raw + handle + date_text or "][" in date_text
    name = visible_name(raw, is_markdown=is_markdown)
    if name.startswith("[") and "]" not in name:
        name = name[1:]  # the link goes on behind the handle
    if printed and printed < _HONORIFIC_UNTIL and "月" in date_text:
        name = name.removesuffix(_JAPANESE_HONORIFIC).rstrip()
    return name or None
