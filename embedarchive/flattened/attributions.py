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
from .names import Name, clean_name, name_before
from .standing import Place, Standing, standing_of

_QUICK_MARKS = ("(@", "(\\@", "([@", "(\n@", "(\r\n@")
"""Without one of these there is no attribution: nearly all texts end here."""

_HANDLE = re.compile(
    r"\(\s{0,2}\[?\\?@\s?(?P<handle>(?:\\?[_-]|[A-Za-z0-9.@]){1,80})\s{0,2}"
    r"(?:\]\([^()\s]{1,300}\)\s{0,2})?\\?\)"
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
_POST_LINK = re.compile(rf"[\s>*_\\]{{0,40}}\[[^\[\]]{{0,60}}\]\((?P<url>{_TARGET})\)")
_LINE_END = re.compile(r"[ \t\u00a0]{0,8}(?:\r?\n|\Z)")
_LINK_THEN_DASH = re.compile(
    r"(?:/t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{10}[\s>]{0,12}(?:—|--|&mdash;)[^\n—]{1,60}\Z"
)
_NEAR = 160
_MOST, _EACH = 500, 250
"""Attributions that are read at most: so many, and one more for each so many characters.

It bounds the work on hostile text. The densest article of the open set has one for 120 characters,
six in all; with names and dates alone, without a post, they take some 40 each.
"""
_CLOSING = re.compile(r"[\s>*_]{0,40}(?:\]{1,2}|\[/url\])")
_BROKEN = re.compile(r"\s*\n[\s>]*")
_STATUS = re.compile(r"/(?:statuses|status)/[0-9]{2,20}")
_REFERENCE = re.compile(
    r"^[ \t>]{0,8}(?:\[(?P<md>[0-9]{1,4})\]:?|(?P<list>[0-9]{1,4})\.)[ \t]{0,4}(?:\r?\n[ \t]{0,8})?"
    r"<?(?P<url>https?://[^\s<>]{1,500}"
    r"(?:(?<=[^\s<>]{60})[ \t]{0,4}\r?\n[^\s<>\[\]:]{1,200}(?=\s|\Z))?)",
    re.MULTILINE,
)
"""Some wrap long targets, some begin them on the next line."""


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
    found = [(one, standing) for one, standing in _find(text) if standing is not Standing.NO]
    sure = {(one.dash, one.network) for one, standing in found if standing is Standing.SURE}
    return [one for one, _ in found if (one.dash, one.network) in sure]


def _find(text: str) -> Iterator[tuple[Attribution, Standing]]:
    done = count = 0
    references: dict[str, str] | None = None
    for anchor in _HANDLE.finditer(text):
        if count >= _MOST + anchor.start() // _EACH:
            done = anchor.end()
            continue
        handle = anchor["handle"].replace("\\", "")
        network = _network_of(handle)
        if network is None:
            continue
        dated = _date_behind(text, anchor.end()) or _undated(text, anchor, handle)
        if dated is None:
            continue
        count += 1
        name = name_before(text, done, anchor.start())
        printed, end, note = dated.date, dated.end, dated.note
        done = end  # no name reaches back over another account's date
        if name is None:
            continue
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
        attribution = Attribution(
            start=name.start,
            end=end,
            handle=handle,
            name=clean_name(name.raw, printed, text[anchor.end() : end], anchor[0]),
            date=printed,
            dash=name.dash,
            url=_BROKEN.sub("", url) if url else None,
            network=network,
        )
        yield attribution, standing_of(text, _place(text, attribution, name, dated, anchor))


def _place(
    text: str, found: Attribution, name: Name, dated: _Dated, anchor: re.Match[str]
) -> Place:
    date_text = text[anchor.end() + len(dated.gap) : dated.end]
    is_linked = not date_text or _STATUS.search(found.url or "") is not None
    has_year = found.date is not None
    return Place(
        found.start, found.end, name.dash, name.raw, dated.gap, date_text, has_year, is_linked
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


def _undated(text: str, anchor: re.Match[str], handle: str) -> _Dated | None:
    """Where the date is lost or unreadable: a link to the author's post, or one of the post's own.

    Without such a sign, `— Name (@handle)` is whom a quotation is from.
    """
    link = _POST_LINK.match(text, anchor.end())
    if link and f"/{handle.lower()}/status" in link["url"].lower():
        return _Dated(None, link.end(), None, "", link["url"])
    before = text[max(0, anchor.start() - _NEAR) : anchor.start()]
    is_last = _LINE_END.match(text, anchor.end()) is not None
    if is_last and _LINK_THEN_DASH.search(before):
        return _Dated(None, anchor.end(), None, "")
    return None


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
