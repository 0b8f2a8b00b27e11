"""A window of places → one row of numbers each, for the scorer. Pure.

Each number compares the unit of text behind a place (the first of the tweet, if it starts there)
with the one before it (then the article's last), or what lies from the place to the attribution
with what a tweet can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from .characters import first_class, last_class
from .features import LONG_POSTS, MEDIA_FREE, Unit, is_legacy, measure, trailing_links
from .inside import Inside
from .model import Attribution
from .places import Break, Window
from .sheet import LONG, Sheet
from .steps import Step, Steps
from .wording import log_chances, shipped_wording, stretches
from .words import holds_one, telling_parts

FEATURES = (
    # _break: the break at the place, and those inside
    "kind", "gap", "gap_minus_inside", "gap_minus_attribution", "gap_inside", "breaks_inside",
    "lower_inside", "gap_next", "kind_next", "gap_prev", "units_inside", "lines_inside",
    "places_above", "gap_usual", "gap_usual_inside",
    # _margins: marks before lines
    "indent", "indent_prev", "indent_spread", "indent_usual", "is_item",
    # _lengths
    "fill", "fill_prev", "fill_line", "fill_net", "weight", "unit_weight", "prev_weight",
    "line_columns", "line_prev_columns", "line_ratio", "line_prev_ratio", "longest_line",
    "prev2_weight", "core_fill", "core_fill_prev", "long_post",
    # _bounds: characters
    "first", "second", "before", "unit_last", "prev_first", "prev_line_last", "next_first",
    # _tweet_marks
    "pics", "shorts", "urls", "mentions", "hashtags", "emoji", "sentences", "density",
    "unit_marks", "prev_marks", "unit_shorts", "line_marks", "prev_line_marks", "is_inline",
    "prev2_marks",
    # _cues and repetitions
    "unit_cue", "prev_cue", "prev_says", "cues_inside", "says_inside", "prev_author",
    "unit_author", "author_inside", "prev_handle", "handle_inside", "overlap_prev",
    "overlap_unit", "line_repeated",
    # _style: sentences and languages
    "unit_terminal", "prev_terminal", "prev_line_terminal", "prev_is_heading", "unit_is_heading",
    "prev_language", "rest_language", "doc_language", "unit_language", "upper", "prev_upper",
    "digits", "quotes_open", "prev_quotes_open", "word_length", "prev_word_length", "shouts",
    "prev_shouts", "commas", "prev_commas", "terminal_lines", "prev2_terminal", "prev_foreign",
    "unit_foreign", "language_change", "is_mixed", "line_number", "offset", "prev_caption",
    "unit_odd_quotes",
    # _habits: what departs from the article's own
    "prev_bare", "prev2_bare", "unit_other_quotes", "prev_other_quotes", "other_quotes_inside",
    "unit_persons", "prev_persons", "persons_inside", "own_line",
    # _document: the same for all places of an attribution
    "doc_terminal", "doc_curly", "doc_persons", "same_line", "attribution_gap",
    "attribution_depth", "text_last", "last_line_first", "last_line_weight", "fill_top",
    "is_legacy", "blank_share", "median_columns", "is_broken", "is_one_line", "attributions",
    "index", "is_truncated", "same_author", "prev_same_author",
    # what the words alone say
    "wording",
)  # fmt: skip

_NEAREST = 4
"""Units above a place whose language is looked at."""


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
        self.is_legacy = is_legacy(attribution)
        self.steps = Steps(sheet, window, self.floor, self.is_legacy)
        self.limit = self.steps.limit
        self.usual_gap = sheet.layout.gap
        self.inside = Inside()
        self.names = telling_parts(attribution.name or "")
        self.handle = attribution.handle.lower()
        self.text_last = last_class(self.steps.unit(len(window.places) - 1).text)
        bottom = sheet.layout.lines[window.places[-1].line]
        self.is_same_line = bottom.start == self.own.start
        self.attribution_gap = -1 if self.is_same_line else self.own.gap
        tail_start = max(self.floor, window.places[0].start, window.end - 400)
        self.tail = trailing_links(sheet.text[tail_start : window.end])
        posted = attribution.date
        self.is_long_post = self.tail.is_cut and posted is not None and posted >= LONG_POSTS
        is_free = posted is not None and posted >= MEDIA_FREE
        self.uncounted = self.tail.media if is_free else 0
        self.document = self._document(attributions, index)

    def size(self, unit: Unit) -> float:
        """A unit's length by the count of the tweet's day."""
        return unit.letters if self.is_legacy else unit.weight

    def make(self) -> list[list[float]]:
        """The rows in order; those of places too far up for any tweet are left out."""
        rows: list[list[float]] = []
        places, first = self.window.places, self.steps.first
        for number in range(len(places) - 1, first - 1, -1):
            step = self.steps.at(number)
            overlap = _share(step.unit.shingles, self.inside.shingles)
            self.inside.add(step.unit, step.line, step.at_start, self.own.indent)
            fill = self.inside.letters if self.is_legacy else self.inside.weight
            row = [
                *self._break(step, number),
                *self._margins(step),
                *self._lengths(step, fill),
                *self._bounds(step),
                *self._tweet_marks(step, fill),
                *self._cues(step, overlap),
                *self._style(step, number, fill),
                *self._habits(step),
                *self.document,
            ]
            rows.append(row)
            if step.at_start:
                self.inside.close(step.line, step.unit)
        rows.reverse()
        starts = [place.start for place in places[first:]]
        said = stretches(self.sheet.text, self.floor, starts, self.window.end)
        chances = log_chances([shipped_wording().weigh(stretch) for stretch in said])
        for row, chance in zip(rows, chances, strict=True):
            row.append(chance)
        return rows

    def _document(self, attributions: Sequence[Attribution], index: int) -> tuple[float, ...]:
        layout = self.sheet.layout
        others = len(attributions) - 1
        prev_same = attributions[index - 1].handle.lower() == self.handle if index else -1
        last_line = self.steps.last_line()
        return (
            *self.sheet.habits, self.is_same_line, self.attribution_gap, self.own.depth,
            self.text_last, first_class(last_line), measure(last_line).weight,
            self.steps.fill_top, self.is_legacy, layout.blank_share, layout.median_columns,
            layout.is_broken, layout.is_one_line, len(attributions), index, self.tail.is_cut,
            (self.sheet.handles[self.handle] - 1) / max(1, others), prev_same,
        )  # fmt: skip

    def _break(self, step: Step, number: int) -> tuple[float, ...]:
        inside, line, after = self.inside, step.line, step.after
        gap = line.gap if step.at_start and line.start == step.place.start else -1
        after_gap = -1
        if after and after.kind < Break.INSIDE:
            after_gap = self.sheet.layout.lines[after.line].gap
        return (
            step.place.kind, gap, gap - inside.gap, gap - self.attribution_gap, inside.gap,
            inside.breaks, inside.lowers, after_gap, after.kind if after else 9,
            step.prev_line_mark.gap if step.prev_line_mark else -1,
            inside.units, inside.lines, number,
            gap - self.usual_gap if gap >= 0 else -9, inside.gap - self.usual_gap,
        )  # fmt: skip

    def _margins(self, step: Step) -> tuple[float, ...]:
        line, prev = step.line, step.prev_line_mark
        return (
            line.indent - self.own.indent, prev.indent - line.indent if prev else 0,
            self.inside.spread, line.indent - self.sheet.layout.indent,
            line.is_item and step.at_start,
        )  # fmt: skip

    def _lengths(self, step: Step, fill: float) -> tuple[float, ...]:
        limit, size = self.limit, self.size
        net = fill - 23 * (self.text_last >= 12) - 24 * (self.inside.links > 1)
        core = fill - self.tail.weight
        fill = max(0, fill - self.uncounted)
        columns = step.prev_line_mark.columns if step.prev_line_mark else -1
        usual = max(1, self.sheet.layout.median_columns)
        above, above_line = size(step.prev), size(step.prev_line)
        return (
            fill / limit, (fill + above) / limit, (fill + above_line) / limit, net / limit, fill,
            step.unit.weight, step.prev.weight, step.line.columns, columns,
            step.line.columns / usual, max(0, columns) / usual, self.inside.longest,
            step.prev2.weight, core / limit, (core + above_line) / limit,
            0.9 <= core / limit <= 1.04 if self.is_long_post else -1,
        )  # fmt: skip

    def _bounds(self, step: Step) -> tuple[float, ...]:
        return (
            first_class(step.unit.text), first_class(step.unit.text[1:].lstrip()),
            last_class(step.prev.text), last_class(step.unit.text), first_class(step.prev.text),
            last_class(step.prev_line.text), first_class(step.next.text) if step.next else -1,
        )  # fmt: skip

    def _tweet_marks(self, step: Step, fill: float) -> tuple[float, ...]:
        inside, unit, this_line = self.inside, step.unit, step.this_line
        return (
            inside.pics, inside.shorts, inside.urls, inside.mentions, inside.hashtags,
            inside.emoji, inside.sentences, inside.marks / max(20.0, fill),
            unit.marks, step.prev.marks, unit.links, this_line.marks, step.prev_line.marks,
            this_line.is_inline, step.prev2.marks,
        )  # fmt: skip

    def _cues(self, step: Step, overlap: float) -> tuple[float, ...]:
        inside, unit, prev, prev_line = self.inside, step.unit, step.prev, step.prev_line
        above = (prev,) if prev is prev_line else (prev, prev_line)
        unit_author = holds_one(unit.text, self.names)
        authors = inside.authors
        inside.authors += unit_author
        inside.handles += self.handle in unit.low
        return (
            unit.has_cue, prev.has_cue, prev.says, inside.cues, inside.says,
            any(holds_one(found.text, self.names) for found in above), unit_author, authors,
            any(self.handle in found.low for found in above), inside.handles,
            _share(prev_line.shingles, inside.shingles), overlap,
            step.at_start and self.sheet.is_repeated(step.place.line),
        )  # fmt: skip

    def _style(self, step: Step, number: int, fill: float) -> tuple[float, ...]:
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
            _differ(unit.language, language), self._language_change(number), inside.is_mixed,
            min(step.place.line, 6), min(step.place.start, 400),
            prev_line.is_caption, unit.has_odd_quotes,
        )  # fmt: skip

    def _language_change(self, number: int) -> int:
        """1 where what stands above is in another language than the text below, 0 where it is
        in the same; -1 where one of them is unknown."""
        nearest = (self.steps.unit(above).language for above in range(number - 1, -2, -1))
        above = next((found for found in islice(nearest, _NEAREST) if found >= 0), -1)
        return _differ(above, self.inside.top_language)

    def _habits(self, step: Step) -> tuple[float, ...]:
        inside, unit, prev, habits = self.inside, step.unit, step.prev, self.sheet.habits
        own_line = -1
        if self.is_same_line:
            own_line = 2 if inside.lines > step.at_start else int(step.at_start)
        return (
            habits.terminal if _is_bare(step.prev_line) else -1,
            habits.terminal if _is_bare(step.prev2) else -1,
            _depart(unit.curly, unit.straight, habits.curly),
            _depart(prev.curly, prev.straight, habits.curly),
            _depart(inside.curly, inside.straight, habits.curly),
            unit.persons, prev.persons, inside.persons, own_line,
        )  # fmt: skip


def make_rows(
    sheet: Sheet, attributions: Sequence[Attribution], index: int, window: Window
) -> list[list[float]]:
    """One row of FEATURES for each of a window's last places that a tweet's length can reach."""
    return _Rows(sheet, attributions, index, window).make()


def _is_bare(unit: Unit) -> bool:
    """Whether a line is long and yet does not end like a sentence, nor leads in anything."""
    return unit.weight >= LONG and not unit.is_terminal and last_class(unit.text) != 1


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
