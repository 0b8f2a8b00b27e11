"""A window of places → one row of numbers each, for the scorer. Pure.

Each number compares the unit of text behind a place (the first of the tweet, if it starts there)
with the one before it (then the article's last), or what lies from the place to the attribution
with what a tweet can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .characters import first_class, last_class
from .features import (
    EMPTY,
    LONG_POSTS,
    MEDIA_FREE,
    Length,
    Unit,
    is_legacy,
    measure,
    shown_of,
    trailing_links,
)
from .inside import Inside
from .layout import Line
from .model import Attribution
from .places import STOPS, Break, Place, Window
from .sheet import LONG, Sheet, join
from .wording import log_chances, shipped_wording, stretches
from .words import holds_one, telling_parts

FEATURES = (
    # _break: the break at the place, and those inside
    "kind", "gap", "trail", "gap_minus_inside", "gap_minus_attribution", "gap_inside",
    "gaps_inside", "breaks_inside", "softs_inside", "trails_inside", "lower_inside",
    "gap_next", "kind_next", "gap_prev", "units_inside", "lines_inside", "places_above",
    "gap_usual", "gap_usual_inside",
    # _margins: marks before lines
    "depth", "depth_prev", "depth_least", "indent", "indent_prev", "indent_spread",
    "indent_usual", "is_item", "items_inside", "item_prev",
    # _lengths
    "fill", "fill_prev", "fill_line", "fill_net", "fill_top", "weight", "unit_weight",
    "prev_weight", "line_columns", "line_prev_columns", "line_ratio", "line_prev_ratio",
    "last_line_weight", "longest_line", "prev2_weight", "core_fill", "core_fill_prev", "long_post",
    # _bounds: characters
    "first", "second", "before", "unit_last", "prev_first", "prev_line_last", "next_first",
    # _tweet_marks
    "pics", "shorts", "urls", "mentions", "hashtags", "emoji", "sentences", "density",
    "unit_marks", "prev_marks", "unit_shorts", "prev_shorts", "prev_pics", "line_marks",
    "prev_line_marks", "shorts_above", "prev_urls", "pics_not_last", "unit_mentions",
    "prev_mentions", "is_inline", "prev_is_inline", "prev2_marks",
    # _cues and repetitions
    "unit_cue", "prev_cue", "prev_says", "cues_inside", "says_inside", "prev_author",
    "unit_author", "author_inside", "prev_handle", "handle_inside", "prev_ends_in_handle",
    "overlap_prev", "overlap_unit", "line_repeated", "prev_line_repeated", "quoted_above",
    # _style: sentences and languages
    "unit_terminal", "prev_terminal", "prev_line_terminal", "prev_is_heading", "unit_is_heading",
    "prev_language", "rest_language", "doc_language", "unit_language", "upper", "prev_upper",
    "digits", "quotes_open", "prev_quotes_open", "word_length", "prev_word_length", "shouts",
    "prev_shouts", "commas", "prev_commas", "terminal_lines", "prev2_terminal", "prev_foreign",
    "unit_foreign", "line_number", "offset", "unit_caption", "prev_caption", "unit_odd_quotes",
    "prev_odd_quotes",
    # _habits: the article's own, and what departs from them
    "doc_terminal", "doc_curly", "doc_persons", "prev_bare", "prev2_bare", "bare_inside",
    "unit_other_quotes", "prev_other_quotes", "other_quotes_inside", "unit_persons",
    "prev_persons", "persons_inside", "own_line",
    # _document: the same for all places of an attribution
    "same_line", "attribution_gap", "attribution_depth", "text_last", "last_line_first",
    "is_legacy", "blank_share", "median_columns", "wrap", "is_broken", "is_one_line",
    "attributions", "index", "stop", "dash", "is_truncated", "same_author", "prev_same_author",
    # what the words alone say
    "wording",
)  # fmt: skip

_MOST = 1.5
"""Times the limit: media links, a quoted post's link and a reply's mentions are not counted."""


class _Step(NamedTuple):
    """One place, and what lies around it."""

    place: Place
    after: Place | None
    line: Line
    prev_line_mark: Line | None
    """The line above, unless a hard stop lies between."""
    unit: Unit
    next: Unit | None
    this_line: Unit
    prev: Unit
    prev2: Unit
    prev_line: Unit
    at_start: bool
    """Of a line."""


class _Rows:
    """Makes the rows of one attribution, from its own line upward."""

    def __init__(
        self, sheet: Sheet, attributions: Sequence[Attribution], index: int, window: Window
    ) -> None:
        attribution = attributions[index]
        self.sheet = sheet
        self.window = window
        self.floor = attributions[index - 1].end if index else 0
        self.own = sheet.layout.lines[sheet.layout.line_at(attribution.start)]
        self.bounds = sheet.bounds(window)
        self.above = sheet.above(window, self.floor)
        self.usual_gap = sheet.layout.gap
        self.inside = Inside()
        self.is_legacy = is_legacy(attribution)
        self.limit = 140.0 if self.is_legacy else 280.0
        self.names = telling_parts(attribution.name or "")
        self.handle = attribution.handle.lower()
        self.last_line = sheet.line(window.places[-1].line, self.floor, window.end)
        self.text_last = last_class(self.unit(-1).text)
        first = window.places[0].start
        self.head = sheet.text[max(0, first - 2_500) : first]
        tail_start = max(self.floor, first, window.end - 400)
        self.tail = trailing_links(sheet.text[tail_start : window.end])
        posted = attribution.date
        self.is_long_post = self.tail.is_cut and posted is not None and posted >= LONG_POSTS
        is_free = posted is not None and posted >= MEDIA_FREE
        self.uncounted = self.tail.media if is_free else 0
        # Half of the units are too far up for any tweet: of these only the lengths count.
        lengths = [measure(shown_of(sheet.text[start:end])) for start, end in self.bounds]
        self.fill_top = sum(map(self.size, lengths)) / self.limit
        self.shorts_above = self.above.links + sum(length.links for length in lengths)
        self.document = self._document(attributions, index)

    def size(self, unit: Unit | Length) -> float:
        """A unit's length by the count of the tweet's day."""
        return unit.letters if self.is_legacy else unit.weight

    def unit(self, number: int) -> Unit:
        """The unit that begins with one of the window's places."""
        return self.sheet.unit(*self.bounds[number])

    def make(self) -> list[list[float]]:
        """The rows in order; those of places too far up for any tweet are left out."""
        rows: list[list[float]] = []
        for number in range(len(self.window.places) - 1, -1, -1):
            step = self._step(number)
            overlap = _share(step.unit.shingles, self.inside.shingles)
            self.inside.add(step.unit, step.line, step.at_start, self.own.indent)
            fill = self.inside.letters if self.is_legacy else self.inside.weight
            if fill > _MOST * self.limit and rows:
                break
            self.shorts_above -= step.unit.links
            row = [
                *self._break(step, number),
                *self._margins(step),
                *self._lengths(step, fill),
                *self._bounds(step),
                *self._tweet_marks(step, fill),
                *self._cues(step, overlap),
                *self._style(step, fill),
                *self._habits(step),
                *self.document,
            ]
            rows.append(row)
            if step.at_start:
                self.inside.bare_lines += self._is_bare(step.prev_line)
                self.inside.close(step.place.kind == Break.SOFT, step.line, step.unit)
        rows.reverse()
        starts = [place.start for place in self.window.places[-len(rows) :]]
        said = stretches(self.sheet.text, self.floor, starts, self.window.end)
        chances = log_chances([shipped_wording().weigh(stretch) for stretch in said])
        for row, chance in zip(rows, chances, strict=True):
            row.append(chance)
        return rows

    def _step(self, number: int) -> _Step:
        places, unit, lines = self.window.places, self.unit, self.sheet.layout.lines
        place, end = places[number], self.window.end
        above = lines[place.line - 1] if place.line > 0 else None
        if above is not None and above.end <= self.floor:
            above = None
        at_start = place.kind < Break.INSIDE
        prev = unit(number - 1) if number else self.above
        prev_line, this_line = prev, unit(number)
        if at_start:
            prev_line = (
                self.sheet.paragraph_above(place.line - 1, self.floor, end) if above else EMPTY
            )
            this_line = self.sheet.paragraph_below(place.line, self.floor, end)
        is_last = number + 1 == len(places)
        return _Step(
            place=place,
            after=None if is_last else places[number + 1],
            line=lines[place.line],
            prev_line_mark=above,
            unit=unit(number),
            next=None if is_last else unit(number + 1),
            this_line=this_line,
            prev=prev,
            prev2=unit(number - 2) if number > 1 else self.above if number else EMPTY,
            prev_line=prev_line,
            at_start=at_start,
        )

    def _document(self, attributions: Sequence[Attribution], index: int) -> tuple[float, ...]:
        layout = self.sheet.layout
        bottom = layout.lines[self.window.places[-1].line]
        self.is_same_line = same_line = bottom.start == self.own.start
        self.attribution_gap = -1 if same_line else self.own.gap
        others = len(attributions) - 1
        prev_same = attributions[index - 1].handle.lower() == self.handle if index else -1
        return (
            same_line, self.attribution_gap, self.own.depth, self.text_last,
            first_class(self.last_line.text), self.is_legacy, layout.blank_share,
            layout.median_columns, layout.wrap, layout.is_broken, layout.is_one_line,
            len(attributions), index, STOPS.index(self.window.stop),
            len(attributions[index].dash), self.tail.is_cut,
            (self.sheet.handles[self.handle] - 1) / max(1, others), prev_same,
        )  # fmt: skip

    def _break(self, step: _Step, number: int) -> tuple[float, ...]:
        inside, line, after = self.inside, step.line, step.after
        gap = line.gap if step.at_start and line.start == step.place.start else -1
        after_gap = -1
        if after and after.kind < Break.INSIDE:
            after_gap = self.sheet.layout.lines[after.line].gap
        return (
            step.place.kind, gap, line.trail if step.at_start else -1, gap - inside.gap,
            gap - self.attribution_gap, inside.gap, inside.gaps, inside.breaks, inside.softs,
            inside.trails, inside.lowers, after_gap, after.kind if after else 9,
            step.prev_line_mark.gap if step.prev_line_mark else -1,
            inside.units, inside.lines, number,
            gap - self.usual_gap if gap >= 0 else -9, inside.gap - self.usual_gap,
        )  # fmt: skip

    def _margins(self, step: _Step) -> tuple[float, ...]:
        line, prev, inside = step.line, step.prev_line_mark, self.inside
        return (
            line.depth, prev.depth if prev else -1, inside.depth, line.indent - self.own.indent,
            prev.indent - line.indent if prev else 0, inside.spread,
            line.indent - self.sheet.layout.indent, line.is_item and step.at_start, inside.items,
            prev is not None and prev.is_item,
        )  # fmt: skip

    def _lengths(self, step: _Step, fill: float) -> tuple[float, ...]:
        limit, size = self.limit, self.size
        net = fill - 23 * (self.text_last >= 12) - 24 * (self.inside.links > 1)
        core = fill - self.tail.weight
        fill = max(0, fill - self.uncounted)
        columns = step.prev_line_mark.columns if step.prev_line_mark else -1
        usual = max(1, self.sheet.layout.median_columns)
        return (
            fill / limit, (fill + size(step.prev)) / limit, (fill + size(step.prev_line)) / limit,
            net / limit, self.fill_top, fill, step.unit.weight, step.prev.weight,
            step.line.columns, columns, step.line.columns / usual, max(0, columns) / usual,
            self.last_line.weight, self.inside.longest, step.prev2.weight,
            core / limit, (core + size(step.prev_line)) / limit,
            0.9 <= core / limit <= 1.04 if self.is_long_post else -1,
        )  # fmt: skip

    def _bounds(self, step: _Step) -> tuple[float, ...]:
        return (
            first_class(step.unit.text), first_class(step.unit.text[1:].lstrip()),
            last_class(step.prev.text), last_class(step.unit.text), first_class(step.prev.text),
            last_class(step.prev_line.text), first_class(step.next.text) if step.next else -1,
        )  # fmt: skip

    def _tweet_marks(self, step: _Step, fill: float) -> tuple[float, ...]:
        inside, unit, prev = self.inside, step.unit, step.prev
        return (
            inside.pics, inside.shorts, inside.urls, inside.mentions, inside.hashtags,
            inside.emoji, inside.sentences, inside.marks / max(20.0, fill),
            unit.marks, prev.marks, unit.links, prev.links, prev.pics,
            step.this_line.marks, step.prev_line.marks, self.shorts_above, prev.urls,
            inside.late_pics, unit.mentions, prev.mentions, step.this_line.is_inline,
            step.prev_line.is_inline, step.prev2.marks,
        )  # fmt: skip

    def _cues(self, step: _Step, overlap: float) -> tuple[float, ...]:
        inside, unit, prev, number = self.inside, step.unit, step.prev, step.place.line
        low = unit.text.lower()
        above = (prev,) if prev is step.prev_line else (prev, step.prev_line)
        prev_low = join(above)
        unit_author = holds_one(unit.text, self.names)
        authors = inside.authors
        inside.authors += unit_author
        inside.handles += self.handle in low
        probe = unit.text[:30]
        return (
            unit.has_cue, prev.has_cue, prev.says, inside.cues, inside.says,
            any(holds_one(found.text, self.names) for found in above), unit_author, authors,
            self.handle in prev_low, inside.handles,
            prev_low.rstrip(" :.!").endswith(self.handle),
            _share(step.prev_line.shingles, inside.shingles), overlap,
            step.at_start and self.sheet.is_repeated(number), self.sheet.is_repeated(number - 1),
            len(probe) > 15 and probe in self.head,
        )  # fmt: skip

    def _style(self, step: _Step, fill: float) -> tuple[float, ...]:
        inside, unit, prev, prev_line = self.inside, step.unit, step.prev, step.prev_line
        rest, language = inside.language, self.sheet.language
        characters = max(1, inside.characters)
        return (
            unit.is_terminal, prev.is_terminal, prev_line.is_terminal,
            _is_like_heading(prev_line), _is_like_heading(unit),
            _differ(prev.language, unit.language), _differ(prev.language, rest),
            _differ(rest, language), unit.language,
            inside.upper / characters, prev.upper / max(1, len(prev.text)),
            inside.digits / characters, inside.quotes, prev.quotes,
            inside.word_letters / max(1, inside.words), prev.word_letters / max(1, prev.words),
            inside.shouts, prev.shouts, inside.commas / max(20.0, fill),
            prev.commas / max(20.0, prev.weight), inside.terminals / inside.units,
            step.prev2.is_terminal, _differ(prev_line.language, language),
            _differ(unit.language, language), min(step.place.line, 6), min(step.place.start, 400),
            unit.is_caption, prev_line.is_caption, unit.has_odd_quotes, prev_line.has_odd_quotes,
        )  # fmt: skip

    def _habits(self, step: _Step) -> tuple[float, ...]:
        inside, unit, prev, habits = self.inside, step.unit, step.prev, self.sheet.habits
        own_line = -1
        if self.is_same_line:
            own_line = 2 if inside.lines > step.at_start else int(step.at_start)
        return (
            *habits,
            habits.terminal if self._is_bare(step.prev_line) else -1,
            habits.terminal if self._is_bare(step.prev2) else -1,
            inside.bare_lines,
            _depart(unit.curly, unit.straight, habits.curly),
            _depart(prev.curly, prev.straight, habits.curly),
            _depart(inside.curly, inside.straight, habits.curly),
            unit.persons, prev.persons, inside.persons, own_line,
        )  # fmt: skip

    def _is_bare(self, unit: Unit) -> bool:
        """Whether a line is long and yet does not end like a sentence, nor leads in anything."""
        return unit.weight >= LONG and not unit.is_terminal and last_class(unit.text) != 1


def make_rows(
    sheet: Sheet, attributions: Sequence[Attribution], index: int, window: Window
) -> list[list[float]]:
    """One row of FEATURES for each of a window's last places that a tweet's length can reach."""
    return _Rows(sheet, attributions, index, window).make()


def _depart(curly: int, straight: int, usual: float) -> float:
    """How far quotation marks differ from the usual ones; -1 where there are none."""
    marks = curly + straight
    return abs(curly / marks - usual) if marks and usual >= 0 else -1.0


def _differ(one: int, other: int) -> int:
    return -1 if one < 0 or other < 0 else int(one != other)


def _share(part: frozenset[str], whole: set[str]) -> float:
    return len(part & whole) / len(part) if len(part) > 2 else -1.0


def _is_like_heading(unit: Unit) -> bool:
    return 0 < unit.weight < 70 and not unit.is_terminal and not unit.marks and unit.urls == 0
