"""The rendered widget, copied as text: author first, text, `3:05 PM - Apr 1, 2018`. No guessing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ..flattened.dates import match_date
from ..flattened.visible import Marks, codes_in, visible_text
from ..models import Claim, Kind, Reference, Span
from ..networks import identify
from ..projection import Page
from ..twitter_text import weighted_length
from ._chrome import is_chrome, is_lost_embed

_TIME = re.compile(
    r"^[ \t>*\[]{0,12}(?:[^\W\d_]{1,3}\s?)?[0-9]{1,2}[:.][0-9]{2}"
    r"(?:[ \u00a0\u202f]?[^\W\d_]{1,3}\.?(?:[ \u00a0\u202f]?[^\W\d_]\.)?)?"
    r"[ \u00a0]{0,2}[-–·|][ \u00a0]{0,2}",
    re.MULTILINE,
)
_LINK = re.compile(r"\]\((https?://[^()\s]{1,400})\)")
_HANDLE = re.compile(r"@([A-Za-z0-9_]{1,15})")
_HEADER = re.compile(
    r"(?P<name>\S.{0,60}?)\s*(?P<badge>[✔✓☑]\ufe0f?)?\s*@(?P<handle>[A-Za-z0-9_]{1,15})"
)
_BADGE = re.compile(r"\s*(?:[✔✓☑]\ufe0f?|Verified account)\s*\Z")
_QUOTE = frozenset({"Quote Tweet", "Quote post", "Quote"})
_MENTIONS = re.compile(r"@[A-Za-z0-9_]{1,15}(?:,? (?:and )?@[A-Za-z0-9_]{1,15})*")
_LOST = re.compile(
    r"^[ \t>]{0,12}((?:View|Visit|See|Twitter|X|Ver|Voir|Bild|Informa\w{4,6}) [^\r\n]{4,70}?)"
    r"[ \t\r]*$",
    re.MULTILINE,
)
_LONGEST_NAME = 60
_LONGEST_LINE = 1200
_NEAR = 80
"""Characters between two lone lines that are one lost embed's."""
_MOST_LINES = 60
_LIMIT = 330
"""Weighted; a post's 280 and what stands outside the limit (links, accounts replied to)."""
_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    content: str
    """What is seen of it, stripped."""
    is_chrome: bool


@dataclass(frozen=True, slots=True)
class _Header:
    first: int
    """Index of the line that the author's name or handle stands on, counted upwards."""
    text: int
    """Index of the line below."""
    name: str | None
    handle: str


class WidgetText:
    """The 2016, 2018 and 2021 layouts, and the one line that is left where all else was lost."""

    name = "widget_text"
    literals = (b"twitter", b"retweet", b" on x", b"x ads", b"copy link")

    def find(self, page: Page) -> Iterator[Reference]:
        """An embed for each time line with an author above; lone chrome is an unresolved one."""
        floor = lost_from = 0
        for anchor in _TIME.finditer(page.visible.text):
            dated = match_date(page.visible.text, anchor.end())
            if dated is None or anchor.start() < floor:
                continue
            found = _read(page, floor, anchor.start(), dated[0])
            if found is None:
                floor = dated[1]  # no widget reaches over another's time line
                continue
            reference, floor = found
            yield from _lost(page, lost_from, page.visible.at(reference.start))
            yield reference
            lost_from = floor
        yield from _lost(page, lost_from, len(page.visible.text))


FORM = WidgetText()


def _read(page: Page, floor: int, time_start: int, printed: date) -> tuple[Reference, int] | None:
    """The widget around a time line, and the place behind it; None where no author is above."""
    text = page.visible.text
    time_end = _line_end(text, time_start)
    marks = _marks(page, text[time_start:time_end])
    above = list(_lines_above(text, floor, time_start, marks))
    header = _find_header(above)
    if header is None:
        return None
    start = _reach(above[header.first :], above[header.first].start)
    end = max(time_end, _reach(_lines_below(text, time_end, marks), time_end, at_end=True))
    url = _own_url(text, start, end, header.handle)
    post = identify(url) if url else None
    words = _words([line for line in reversed(above[: header.text]) if line.content])
    claim = Claim(
        post_id=post.target.post_id if post else None,
        handle=header.handle,
        name=header.name,
        date=printed,
        text="\n".join(line.content for line in words) or None,
        text_span=page.visible.source(words[0].start, words[-1].end) if words else None,
        codes=codes_in(text[start:time_start], printed),
        confidence=_CONFIDENCE,
        date_tolerance=1,  # the time is the reader's, and so is the day
    )
    return _make(page, Span(start, end), Kind.EMBED, claim, url), end


def _find_header(above: list[_Line]) -> _Header | None:
    """The author's lines: the topmost that leaves no more text below than a post can have."""
    best: _Header | None = None
    loose: _Header | None = None
    weight = 0
    for index, line in enumerate(above):
        if not line.content or line.is_chrome:
            continue
        if handle := _HANDLE.fullmatch(line.content):
            name = _name_above(above, index)
            best = _Header(index if name is None else name, index, None, handle[1])
            if name is not None:
                best = _Header(name, index, _BADGE.sub("", above[name].content), handle[1])
        elif header := _HEADER.fullmatch(line.content):
            found = _Header(index, index, _BADGE.sub("", header["name"]), header["handle"])
            is_glued = line.content[header.end("name")] == "@"
            if is_glued or header["badge"] or _follows_chrome(above, index):
                best = best or found
            elif not loose or _follows_gap(above, index):
                loose = found
        weight += weighted_length(line.content)
        if weight > _LIMIT:
            break
    return best or loose


def _name_above(above: list[_Line], index: int) -> int | None:
    """The line of the author's name, at most one blank line above the handle."""
    for number in range(index + 1, min(index + 3, len(above))):
        line = above[number]
        if line.content:
            fits = len(line.content) <= _LONGEST_NAME and not line.is_chrome
            return number if fits and not _HANDLE.search(line.content) else None
    return None


def _follows_chrome(above: list[_Line], index: int) -> bool:
    before = next((line for line in above[index + 1 : index + 4] if line.content), None)
    return before is not None and before.is_chrome


def _follows_gap(above: list[_Line], index: int) -> bool:
    return index + 1 >= len(above) or not above[index + 1].content


def _words(body: list[_Line]) -> list[_Line]:
    """The lines that are the post's own, in order; a quoted post below is another's."""
    words: list[_Line] = []
    is_replying = False
    for line in body:
        if line.content in _QUOTE and words:
            break
        is_replying = line.content == "Replying to" or (
            is_replying and _MENTIONS.fullmatch(line.content) is not None
        )
        if not line.is_chrome and not is_replying:
            words.append(line)
    return words


def _own_url(text: str, start: int, end: int, handle: str) -> str | None:
    """The link of a time line or a `View on X` that leads to a post of this author."""
    for link in _LINK.finditer(text, start, end):
        post = identify(link[1])
        if post and post.handle and post.handle.lower() == handle.lower():
            return link[1]
    return None


def _lost(page: Page, start: int, end: int) -> Iterator[Reference]:
    """Chrome that stands alone between `start` and `end`: an embed was here, nothing names it."""
    last = -_NEAR
    for found in _LOST.finditer(page.visible.text, start, end):
        line = Span(*found.span(1))
        if is_lost_embed(found[1]):
            if line.start - last >= _NEAR:
                yield _make(page, line, Kind.UNRESOLVED, Claim(confidence=0.0), None)
            last = line.end


def _make(page: Page, place: Span, kind: Kind, claim: Claim, url: str | None) -> Reference:
    span = page.visible.source(*place)
    raw = page.document.text[span.start : span.end]
    return Reference(*span, raw, FORM.name, kind, claim, url)


def _marks(page: Page, time_line: str) -> Marks:
    if page.document.media_type == "text/html":
        return Marks()
    is_markdown = page.document.media_type == "text/markdown" or "](http" in time_line
    return Marks(is_quoted=time_line.lstrip().startswith(">"), is_markdown=is_markdown)


def _lines_above(text: str, floor: int, start: int, marks: Marks) -> Iterator[_Line]:
    """Upwards, from the line above `start`."""
    for _ in range(_MOST_LINES):
        if start <= floor:
            return
        end = start - 1
        start = max(text.rfind("\n", floor, end) + 1, floor)
        yield _line(text, start, end, marks)


def _lines_below(text: str, end: int, marks: Marks) -> Iterator[_Line]:
    for _ in range(_MOST_LINES):
        if end >= len(text):
            return
        start, end = end + 1, _line_end(text, end + 1)
        yield _line(text, start, end, marks)


def _line(text: str, start: int, end: int, marks: Marks) -> _Line:
    raw = text[start : min(end, start + _LONGEST_LINE)]
    content = visible_text(raw, marks)
    is_image = not content and raw.strip(" \t\r>*[]") != ""
    return _Line(start, end, content, is_image or is_chrome(content))


def _line_end(text: str, pos: int) -> int:
    end = text.find("\n", pos)
    return len(text) if end < 0 else end


def _reach(lines: Iterable[_Line], place: int, *, at_end: bool = False) -> int:
    """How far chrome goes on from `place`: to a start upwards, to an end downwards."""
    for line in lines:
        if line.content and not line.is_chrome and line.start != place:
            break
        if line.is_chrome:
            place = line.end if at_end else line.start
    return place
