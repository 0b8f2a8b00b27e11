"""The places where the text of a tweet may start, between an attribution and a hard stop. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from .features import is_legacy, measure, shown_of
from .layout import Layout, Line
from .model import Attribution

_LONGEST = 1_000
"""Characters of one window without Markdown link targets; a tweet's 280 and much slack."""
_LONGEST_RAW = 5_000
_MOST = 48
"""Places looked at for one attribution; the nearest are kept."""

_BLOCK_WEIGHT = 380
"""A block is one tweet up to this weighted length: 280, two media links, a quoted post's link."""

_STATUS_URL = re.compile(
    r"<?https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,15}/status(?:es)?/[0-9]+\S*>?"
)
_CHROME = re.compile(
    r"(?:Twitter Ads info and privacy|View (?:image|video|photo) on Twitter|Twitter Embed|"
    r"View Tweet|[0-9,.KM]+ people are talking about this|Advertisement|ADVERTISEMENT|Anzeige|"
    r"Publicidad|[0-9]{1,3}\\?[.)]|[*+•◦‣□■▪○●])\Z"
)
_HEADING = re.compile(r"#{1,6} \S|```|~~~")
# No text starts with these; where each text node has its line, they go on from the one above.
# A lone dot may be the first half of `.@name`.
_CONTINUES = re.compile(r"[,;:)\]!?%’”»、。，；：！？）」』]|\.(?!\.|[\s>\[]*@)")
# A place inside a line: behind what may end a sentence, before a mark, or where the line break
# between two blocks was lost (`endet.Der`, `。次`). Each pattern begins with a class of characters
# and looks back from there, since only such a class is searched for quickly.
_BLANK = r"[ \t\xa0\u3000]"
_SPACED = re.compile(
    rf"{_BLANK}(?:"
    rf"(?<=[.!?…:;。！？：»”\"’')\]」』）】*_].){_BLANK}*(?=[^\s—–-])"
    rf"|(?<=\S.){_BLANK}*(?=[@#＃\U0001f300-\U0001faff\u2600-\u27bf.\"“„«「『【]|https?:|pic\.)"
    rf"|(?<=/[A-Za-z0-9]{{10}}.){_BLANK}*(?=\S)"
    rf"|(?<=[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f].){_BLANK}*(?=\w))"
)
_GLUED = re.compile(
    r"[。！？」』）】\U0001f300-\U0001faff\u2600-\u27bf\ufe0f](?=\w)"
    r"|[.!?…)”:](?<=[a-zà-ÿ].)(?=[A-ZÀ-Ý@#“])"
    r"|[\"”](?<=[.!?].)(?=[A-ZÀ-Ý@#])"
)
# Where nothing but blanks is left of a page's blocks, a heading ends nowhere: then each capital
# and each change between scripts may start a tweet.
_LOOSE = re.compile(r"(?<=\S)[ \t\xa0\u3000]+(?=[^\W\d_a-zà-ÿ])")
_LONG_LINE = 1_000
_PROSE_ENDS = (".", ":", "。", "：")
_SENTENCE_ENDS = (".", "!", "。")

STOPS = ("top", "attribution", "block", "heading", "url", "length", "author", "item")


class Break(IntEnum):
    """What lies before a place."""

    TOP = 0
    BLANK = 1
    NEWLINE = 2
    SOFT = 3
    INSIDE = 4
    GLUED = 5


class Place(NamedTuple):
    start: int
    kind: Break
    line: int
    """Index in the layout's lines."""


class Window(NamedTuple):
    """The stretch above one attribution that may hold its text."""

    end: int
    """Where the text ends."""
    places: list[Place]
    """Rising."""
    settled: str
    """Why the text starts with the first place, by code: it is a `block`, a quotation or indented,
    or it stands right below the line that calls its `author` by handle; else empty."""
    stop: str
    """Why it goes no further up: one of STOPS."""


def find_window(
    text: str, layout: Layout, attributions: Sequence[Attribution], index: int
) -> Window:
    """The places above one attribution, down from the first hard stop."""
    climb = _Climb(text, layout, attributions, index)
    climb.run()
    return climb.window()


class _Climb:
    """Goes up line by line from an attribution, noting places, until something stops it."""

    def __init__(
        self, text: str, layout: Layout, attributions: Sequence[Attribution], index: int
    ) -> None:
        attribution = attributions[index]
        before = attributions[max(0, index - 3) : index]
        self.text = text
        self.layout = layout
        self.attribution = attribution
        self.floor = max((min(a.end, attribution.start) for a in before), default=0)
        self.end = _text_end(text, self.floor, attribution.start)
        self.last = layout.line_at(self.end - 1) if self.end > self.floor else -1
        self.own = layout.lines[layout.line_at(attribution.start)]
        self.bottom = layout.lines[self.last] if self.last >= 0 else self.own
        self.mention = "@" + attribution.handle.lower()
        self.places: list[Place] = []
        self.stop = "attribution" if self.floor else "top"
        behind = self._behind_own_url()
        if behind > self.floor:
            self.floor, self.stop = behind, "url"

    def run(self) -> None:
        for number in range(self.last, -1, -1):
            line = self.layout.lines[number]
            if line.end <= self.floor or len(self.places) >= _MOST:
                return
            reason = number != self.last and (self._ends_block(line, number) or self._bars(line))
            if reason:
                self.stop = reason
                return
            if self._is_too_far(line.start):
                self.stop = "length"
                self._add_inside(line, number, max(self.floor, self.end - _LONGEST))
                return
            self._add_inside(line, number, self.floor)
            self._add_start(line, number)

    def window(self) -> Window:
        places = sorted(set(self.places))[-_MOST:]
        settled = ""
        if places and self.stop not in ("length", "item") and self._fits(places[0].start):
            settled = "block" if self._is_block(places) else "author" * self._is_called(places[0])
        return Window(self.end, places, settled, self.stop)

    # --- places ----------------------------------------------------------------------------

    def _add_inside(self, line: Line, number: int, floor: int) -> None:
        low, high = max(line.start, floor), min(line.end, self.end)
        found = dict.fromkeys(_ends(_GLUED, self.text, low, high), Break.GLUED)
        found |= dict.fromkeys(_ends(_SPACED, self.text, low, high), Break.INSIDE)
        if line.columns > _LONG_LINE or self.layout.is_one_line:
            found |= dict.fromkeys(_ends(_LOOSE, self.text, low, high), Break.INSIDE)
        for start, kind in found.items():
            if low < start < high and not self._continues(start, low):
                self.places.append(Place(start, kind, number))

    def _add_start(self, line: Line, number: int) -> None:
        if line.start < self.floor:
            rest = self.text[self.floor : self.end]
            start = self.end - len(rest.lstrip(" \t\xa0>)"))
            if start < self.end and all(place.start != start for place in self.places):
                self.places.append(Place(start, Break.TOP, number))
            return
        is_top = number == 0 or self.layout.lines[number - 1].end <= self.floor
        # Blanks left at the end of a line are what a `<br>` leaves: the line goes on below. What
        # is indented deeper is another block, behind a lone list mark.
        above = self.layout.lines[number - 1]
        is_br = line.trail and not line.gap and not is_top and line.indent <= above.indent
        if (
            not is_br
            and not self._is_wrapped(line, above, is_top)
            and not self._continues(line.start, self.floor)
        ):
            self.places.append(Place(line.start, self._kind(line, number, is_top), number))

    def _is_wrapped(self, line: Line, above: Line, is_top: bool) -> bool:
        """Whether a line goes on from the one above, as the page's source was wrapped: where
        blocks are joined by blanks, a line break is none of theirs."""
        return (
            self.layout.is_one_line
            and not is_top
            and not line.gap
            and self.text[line.start].islower()
            and self.text[above.end - 1].isalnum()
        )

    def _kind(self, line: Line, number: int, is_top: bool) -> Break:
        if is_top:
            return Break.TOP
        if line.gap:
            return Break.BLANK
        return Break.SOFT if self.layout.is_soft(number) else Break.NEWLINE

    def _continues(self, start: int, floor: int) -> bool:
        """Whether what stands at a place cannot be the first of a text."""
        if self.text[start] == "@":
            before = self.text[max(floor, start - 16) : start].rstrip(" \t\n>")
            return before.endswith(".") and (before[-2:-1].isspace() or len(before) == 1)
        return _CONTINUES.match(self.text, start, start + 24) is not None

    # --- hard stops ------------------------------------------------------------------------

    def _behind_own_url(self) -> int:
        """The end of the last address of a post of the author's above the text; 0 if there is none.

        Posts do not print such addresses: links in them are short.
        """
        low = max(self.floor, self.end - _LONGEST)
        if "/status" not in self.text[low : self.end]:
            return 0
        own = f"/{self.attribution.handle.lower()}/status"
        urls = [u for u in _STATUS_URL.finditer(self.text, low, self.end) if own in u[0].lower()]
        return urls[-1].end() if urls and urls[-1].end() < self.end else 0

    def _is_too_far(self, start: int) -> bool:
        length = self.end - start
        if length <= _LONGEST:
            return False
        return length > _LONGEST_RAW or "](" not in self.text[start : self.end]

    def _ends_block(self, line: Line, number: int) -> str:
        """Why a line lies outside the block that the attribution is in; empty if it does not."""
        below, own = self.layout.lines[number + 1], self.own
        depth = min(own.depth, self.bottom.depth)
        if depth and (line.depth < depth or below.rift):
            return "block"
        if self.layout.is_one_line:  # lines are indented as the page's source was
            return ""
        if not own.depth and own.indent == self.bottom.indent > max(1, line.indent):
            if line.is_item:
                return "item"
            if below.gap or own.indent > self.layout.indent:
                return "block"
        return ""

    def _bars(self, line: Line) -> str:
        """Why a line's words cannot belong to a tweet; empty if they can."""
        body = self.text[line.start : line.end]
        if _HEADING.match(body) or (body.endswith("}") and "{#" in body):
            return "heading"
        if _STATUS_URL.fullmatch(body) or _CHROME.match(body):
            return "url"
        # Nobody mentions themselves at the end of a line; articles do (`like @handle:`).
        tail = body[-len(self.mention) - 7 :].rstrip(" :：.!").lower()
        if tail.endswith(self.mention) and len(tail) > len(self.mention):
            return "author"
        if body.endswith((":", "：")) and self.mention in body.lower():
            return "author"
        return ""

    # --- blocks ----------------------------------------------------------------------------

    def _is_block(self, places: Sequence[Place]) -> bool:
        """Whether an attribution and the line above it stand in a block of their own."""
        own, bottom = self.own, self.bottom
        if own.depth or bottom.depth:
            return min(own.depth, bottom.depth) > 0 and not own.rift
        # A list at the same indentation may be the article's: the scorer has to say.
        return (
            own.indent == bottom.indent
            and (own.indent > self.layout.indent or self._is_below_prose(places[0]))
            and not self.layout.is_one_line
            and not any(self.layout.lines[place.line].is_item for place in places)
        )

    def _is_called(self, top: Place) -> bool:
        """Whether the line above calls the author and stops there, as before what is quoted."""
        if self.stop != "author" or not top.line:
            return False
        above = self.layout.lines[top.line - 1]
        return not self.text[above.start : above.end].endswith(_SENTENCE_ENDS)

    def _is_below_prose(self, top: Place) -> bool:
        """Whether the line that is indented less, above the block, is no heading."""
        if self.stop != "block" or not top.line:
            return False
        above = self.layout.lines[top.line - 1]
        return self.text[above.start : above.end].endswith(_PROSE_ENDS)

    def _fits(self, start: int) -> bool:
        """Whether one tweet can be as long as from a place to the end."""
        length = measure(shown_of(self.text[start : self.end]))
        if is_legacy(self.attribution) and length.letters > _BLOCK_WEIGHT / 2:
            return False
        return length.weight <= _BLOCK_WEIGHT


def _ends(pattern: re.Pattern[str], text: str, low: int, high: int) -> list[int]:
    return [match.end() for match in pattern.finditer(text, low, high)]


def _text_end(text: str, floor: int, end: int) -> int:
    """Behind the last character above an attribution that can belong to the text."""
    while end > floor and text[end - 1] in " \t\r\n\xa0\u3000\u200b>":
        end -= 1
    return end
