"""A window of places → one row of numbers each, for the scorer. Pure.

Each number compares the unit of text behind a place (the first of the tweet, if it starts there)
with the one before it (then the article's last), or what lies from the place to the attribution
with what a tweet can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .features import EMPTY, Unit, describe, first_class, is_legacy, language_of, trailing_links, last_class
from .layout import Layout, Line
from .model import Attribution
from .places import STOPS, Break, Place, Window

FEATURES = (
    # the break at the place, and those inside
    "kind", "gap", "trail", "gap_minus_inside", "gap_minus_attribution", "gap_inside",
    "gaps_inside", "breaks_inside", "softs_inside", "trails_inside", "lower_inside",
    "gap_next", "kind_next", "gap_prev", "units_inside", "lines_inside", "places_above",
    # marks before lines
    "depth", "depth_prev", "depth_least", "indent", "indent_prev", "indent_spread",
    "indent_usual", "is_item", "items_inside", "item_prev",
    # length
    "fill", "fill_prev", "fill_line", "fill_net", "fill_top", "weight", "unit_weight",
    "prev_weight", "line_columns", "line_prev_columns", "line_ratio", "line_prev_ratio",
    "last_line_weight", "longest_line", "prev2_weight",
    # characters at the bounds
    "first", "second", "before", "unit_last", "prev_first", "prev_line_last", "next_first",
    # marks of tweets
    "pics", "shorts", "urls", "mentions", "hashtags", "emoji", "sentences", "density",
    "unit_marks", "prev_marks", "unit_shorts", "prev_shorts", "prev_pics", "line_marks",
    "prev_line_marks", "shorts_above", "prev_urls", "pics_not_last", "unit_mentions",
    "prev_mentions", "is_inline", "prev_is_inline", "prev2_marks",
    # cues, repetitions
    "unit_cue", "prev_cue", "prev_says", "cues_inside", "says_inside", "prev_author",
    "unit_author", "author_inside", "prev_handle", "handle_inside", "prev_ends_in_handle",
    "overlap_prev", "overlap_unit", "line_repeated", "prev_line_repeated", "quoted_above",
    # sentences, style and language
    "unit_terminal", "prev_terminal", "prev_line_terminal", "prev_is_heading", "unit_is_heading",
    "prev_language", "rest_language", "doc_language", "unit_language", "upper", "prev_upper",
    "digits", "quotes_open", "prev_quotes_open", "word_length", "prev_word_length", "shouts",
    "prev_shouts", "commas", "prev_commas", "terminal_lines", "prev2_terminal",
    # the attribution and the document
    "same_line", "attribution_gap", "attribution_depth", "text_last", "last_line_first",
    "is_legacy", "blank_share", "median_columns", "wrap", "is_broken", "is_one_line",
    "attributions", "index", "stop", "dash", "line_number", "offset",
    "prev_foreign", "unit_foreign", "is_truncated", "core_fill", "core_fill_prev",
)  # fmt: skip


_MOST = 1.5
"""Times the limit: media links, a quoted post's link and a reply's mentions are not counted."""


class Sheet:
    """A document's lines and units, each described once."""

    def __init__(self, text: str, layout: Layout) -> None:
        self.text = text
        self.layout = layout
        self._units: dict[tuple[int, int], Unit] = {}
        self._heads = [text[line.start : line.end][:80] for line in layout.lines]
        self._repeats = Counter(self._heads)
        lines = layout.lines
        self.language = language_of(text[lines[0].start : lines[0].start + 1_500])

    def unit(self, start: int, end: int) -> Unit:
        if end <= start:
            return EMPTY
        found = self._units.get((start, end))
        if found is None:
            found = self._units[start, end] = describe(self.text[start:end])
        return found

    def line(self, number: int, floor: int, end: int) -> Unit:
        """What is left of a line between two bounds."""
        if number < 0:
            return EMPTY
        line = self.layout.lines[number]
        return self.unit(max(line.start, floor), min(line.end, end))

    def is_repeated(self, number: int) -> bool:
        """Whether a line's words stand on another line too, as headings do in lists of them."""
        return number >= 0 and self._repeats[self._heads[number]] > 1


class _Inside:
    """Running sums of what lies between a place and the attribution."""

    def __init__(self) -> None:
        self.weight = self.letters = 0.0
        self.gap = -1
        self.gaps = self.breaks = self.softs = self.trails = self.lowers = self.items = 0
        self.units = self.lines = self.terminals = 0
        self.pics = self.shorts = self.urls = self.mentions = self.hashtags = self.emoji = 0
        self.sentences = self.cues = self.says = self.authors = self.handles = 0
        self.late_pics = self.upper = self.characters = self.digits = self.quotes = 0
        self.longest = self.commas = self.shouts = 0
        self.words = self.word_letters = 0
        self.depth = 99
        self.spread = 0
        self.shingles: set[str] = set()
        self.languages: dict[int, int] = {}

    def add(self, unit: Unit) -> None:
        self.weight += unit.weight + (self.units > 0)
        self.letters += unit.letters + (self.units > 0)
        self.late_pics += unit.pics if self.units else 0
        self.units += 1
        self.pics += unit.pics
        self.shorts += unit.shorts
        self.urls += unit.urls
        self.mentions += unit.mentions
        self.hashtags += unit.hashtags
        self.emoji += unit.emoji
        self.sentences += unit.sentences
        self.cues += unit.has_cue
        self.says += unit.says
        self.upper += unit.upper
        self.digits += unit.digits
        self.characters += len(unit.text)
        self.quotes += unit.quotes
        self.commas += unit.commas
        self.shouts += unit.shouts
        self.words += unit.words
        self.word_letters += unit.word_letters
        if unit.language >= 0:
            self.languages[unit.language] = self.languages.get(unit.language, 0) + unit.words

    def close(self, place: Place, line: Line, unit: Unit, own_indent: int) -> None:
        """Count the break at a place as one inside, for the places further up."""
        if place.kind >= Break.INSIDE:
            return
        if line.gap:
            self.gaps += 1
        else:
            self.breaks += 1
        self.gap = max(self.gap, line.gap)
        self.softs += place.kind == Break.SOFT
        self.trails += line.trail > 0
        self.items += line.is_item
        self.lowers += unit.text[:1].islower()

    @property
    def language(self) -> int:
        return max(self.languages, key=self.languages.__getitem__) if self.languages else -1


def _differ(one: int, other: int) -> int:
    return -1 if one < 0 or other < 0 else int(one != other)


def _share(part: frozenset[str], whole: set[str]) -> float:
    return len(part & whole) / len(part) if len(part) > 2 else -1.0


def _looks_like_heading(unit: Unit) -> bool:
    return 0 < unit.weight < 70 and not unit.is_terminal and not unit.marks and unit.urls == 0


def make_rows(
    sheet: Sheet, attributions: Sequence[Attribution], index: int, window: Window
) -> list[list[float]]:
    """One row of FEATURES for each of a window's last places that a tweet's length can reach."""
    text, layout = sheet.text, sheet.layout
    attribution = attributions[index]
    places, end, lines = window.places, window.end, layout.lines
    count = len(places)
    bounds = [place.start for place in places] + [end]
    units = [
        sheet.unit(
            bounds[n],
            end
            if n + 1 == count
            else bounds[n + 1]
            if places[n + 1].kind >= Break.INSIDE
            else lines[places[n + 1].line - 1].end,
        )
        for n in range(count)
    ]
    floor = attributions[index - 1].end if index else 0
    above_start = max(floor, text.rfind("\n", 0, max(0, places[0].start - 1)) + 1, places[0].start - 400)
    if not text[above_start : places[0].start].strip(" \n\t>"):
        number = places[0].line - 1
        above = sheet.line(number, max(floor, lines[number].end - 400), places[0].start) if number >= 0 else EMPTY
    else:
        above = sheet.unit(above_start, places[0].start)
    own = lines[layout.line_at(attribution.start)]
    bottom = places[-1].line
    same_line = lines[bottom].start == own.start
    attribution_gap = -1 if same_line else own.gap
    legacy = is_legacy(attribution)
    limit = 140.0 if legacy else 280.0
    names = _names(attribution)
    handle = attribution.handle.lower()
    text_last = last_class(units[-1].text)
    last_line = sheet.line(bottom, floor, end)
    tail, truncated = trailing_links(text[max(floor, places[0].start, end - 400) : end])
    head = text[max(0, places[0].start - 2500) : places[0].start]
    document = (
        same_line, attribution_gap, own.depth, text_last, first_class(last_line.text),
        legacy, layout.blank_share, layout.median_columns, layout.wrap, layout.is_broken,
        layout.is_one_line, len(attributions), index, STOPS.index(window.stop),
        len(attribution.dash),
    )  # fmt: skip
    top_fill = sum(u.letters if legacy else u.weight for u in units) / limit
    shorts_above = sum(u.pics + u.shorts for u in units) + above.pics + above.shorts
    inside = _Inside()
    rows: list[list[float]] = []
    for n in range(count - 1, -1, -1):
        place, unit = places[n], units[n]
        line = lines[place.line]
        prev = units[n - 1] if n else above
        prev2 = units[n - 2] if n > 1 else (above if n == 1 else EMPTY)
        number = place.line - 1
        prev_mark = lines[number] if number >= 0 else None
        if prev_mark is not None and prev_mark.end <= floor:
            prev_mark = None
        at_start = place.kind < Break.INSIDE
        if at_start:
            prev_line = sheet.line(number, floor, end) if prev_mark else EMPTY
        else:
            prev_line = prev
        this_line = sheet.line(place.line, floor, end) if at_start else unit
        overlap_unit = _share(unit.shingles, inside.shingles)
        inside.add(unit)
        inside.shingles |= unit.shingles
        low = unit.text.lower()
        unit_author = any(name in low for name in names)
        inside.handles += handle in low
        inside.lines += at_start
        inside.terminals += unit.is_terminal
        inside.longest = max(inside.longest, int(unit.weight))
        inside.depth = min(inside.depth, line.depth)
        if at_start:
            inside.spread = max(inside.spread, abs(line.indent - own.indent))
        fill = inside.letters if legacy else inside.weight
        if fill > _MOST * limit and rows:
            break
        net = fill - 23 * (text_last >= 12) - 24 * (inside.pics + inside.shorts > 1)
        gap = line.gap if at_start and line.start == place.start else -1
        prev_low = prev.text.lower() if prev is prev_line else (prev.text + "\n" + prev_line.text).lower()
        shorts_above -= unit.pics + unit.shorts
        probe = unit.text[:30]
        nxt = places[n + 1] if n + 1 < count else None
        size = prev.letters if legacy else prev.weight
        line_size = prev_line.letters if legacy else prev_line.weight
        prev_language, rest = prev.language, inside.language
        rows.append([
            place.kind, gap, line.trail if at_start else -1, gap - inside.gap,
            gap - attribution_gap, inside.gap, inside.gaps, inside.breaks, inside.softs,
            inside.trails, inside.lowers,
            lines[nxt.line].gap if nxt and nxt.kind < Break.INSIDE else -1,
            nxt.kind if nxt else 9, prev_mark.gap if prev_mark else -1,
            inside.units, inside.lines, n,
            #
            line.depth, prev_mark.depth if prev_mark else -1, inside.depth,
            line.indent - own.indent, prev_mark.indent - line.indent if prev_mark else 0,
            inside.spread, line.indent - layout.indent, line.is_item and at_start, inside.items,
            prev_mark is not None and prev_mark.is_item,
            #
            fill / limit, (fill + size) / limit, (fill + line_size) / limit, net / limit, top_fill,
            fill, unit.weight, prev.weight, line.columns, prev_mark.columns if prev_mark else -1,
            line.columns / max(1, layout.median_columns),
            (prev_mark.columns if prev_mark else 0) / max(1, layout.median_columns),
            last_line.weight, inside.longest, prev2.weight,
            #
            first_class(unit.text), first_class(unit.text[1:].lstrip()), last_class(prev.text),
            last_class(unit.text), first_class(prev.text), last_class(prev_line.text),
            first_class(units[n + 1].text) if nxt else -1,
            #
            inside.pics, inside.shorts, inside.urls, inside.mentions, inside.hashtags,
            inside.emoji, inside.sentences,
            (inside.pics + inside.shorts + inside.mentions + inside.hashtags + inside.emoji)
            / max(20.0, fill),
            unit.marks, prev.marks, unit.pics + unit.shorts, prev.pics + prev.shorts, prev.pics,
            this_line.marks, prev_line.marks, shorts_above, prev.urls, inside.late_pics,
            unit.mentions, prev.mentions, this_line.is_inline, prev_line.is_inline, prev2.marks,
            #
            unit.has_cue, prev.has_cue, prev.says, inside.cues, inside.says,
            any(name in prev_low for name in names), unit_author, inside.authors,
            handle in prev_low, inside.handles, prev_low.rstrip(" :.!").endswith(handle),
            _share(prev_line.shingles, inside.shingles), overlap_unit,
            at_start and sheet.is_repeated(place.line), sheet.is_repeated(number),
            len(probe) > 15 and probe in head,
            #
            unit.is_terminal, prev.is_terminal, prev_line.is_terminal,
            _looks_like_heading(prev_line), _looks_like_heading(unit),
            _differ(prev_language, unit.language), _differ(prev_language, rest),
            _differ(rest, sheet.language), unit.language,
            inside.upper / max(1, inside.characters), prev.upper / max(1, len(prev.text)),
            inside.digits / max(1, inside.characters), inside.quotes, prev.quotes,
            inside.word_letters / max(1, inside.words), prev.word_letters / max(1, prev.words),
            inside.shouts, prev.shouts, inside.commas / max(20.0, fill),
            prev.commas / max(20.0, prev.weight), inside.terminals / max(1, inside.units),
            prev2.is_terminal,
            *document, min(place.line, 6), min(place.start, 400),
            _differ(prev_line.language, sheet.language), _differ(unit.language, sheet.language),
            truncated, (fill - tail) / limit, (fill - tail + line_size) / limit,
        ])  # fmt: skip
        inside.authors += unit_author
        inside.close(place, line, unit, own.indent)
    rows.reverse()
    return rows


def _names(attribution: Attribution) -> list[str]:
    """The parts of a name by which an article may call the author."""
    name = (attribution.name or "").lower()
    parts = [part for part in name.split() if len(part) > 2]
    return parts or ([name] if len(name) > 1 else [])
