"""A window of places → one row of numbers each, for the scorer. Pure.

Each number compares the unit of text behind a place (the first of the tweet, if it starts there)
with the one before it (then the article's last), or what lies from the place to the attribution
with what a tweet can be.
"""

from __future__ import annotations

from collections.abc import Sequence

from .features import DOUBLED, Unit, describe, first_class, last_class
from .layout import Layout
from .model import Attribution
from .places import Break, Window

FEATURES = (
    # the break at the place
    "kind", "gap", "trail", "gap_minus_inside", "gap_minus_attribution", "gap_inside",
    "gaps_inside", "breaks_inside", "softs_inside", "trails_inside", "same_line",
    "attribution_gap", "is_top", "rank_up", "rank_line_up", "is_lowest", "lines_to_top",
    "lower_after", "gap_next", "kind_next", "gap_prev",
    # marks and indentation
    "depth", "depth_prev", "depth_least", "depth_attribution",
    "indent_attribution", "indent_prev", "indent_deviation", "indent_usual", "is_item",
    "items_inside", "item_prev",
    # length
    "fill", "fill_prev", "fill_line", "fill_net", "weight", "is_legacy", "left_over",
    "unit_weight", "prev_weight", "line_columns", "line_prev_columns", "line_ratio",
    "line_prev_ratio", "units_inside", "last_line_weight",
    # characters at the bounds
    "first", "second_first", "before", "text_last", "unit_last", "prev_first", "prev_last_two",
    "next_first", "last_line_first",
    # marks of tweets
    "pics", "shorts", "urls", "mentions", "hashtags", "emoji", "sentences",
    "marks_unit", "marks_prev", "short_unit", "short_prev", "pic_prev", "marks_line",
    "marks_prev_line", "marks_above", "url_prev", "pics_not_last", "density",
    # cues
    "cue_unit", "cue_prev", "colon_prev", "author_prev", "author_unit", "author_inside",
    "cue_inside", "handle_prev", "handle_inside",
    # sentences and language
    "terminal_unit", "terminal_prev", "terminal_line_prev", "unfinished_prev",
    "language_prev", "language_rest", "language_unit_known", "upper_share", "prev_upper_share",
    "digits", "quote_balance", "quote_balance_prev", "quoted_above",
    # the document
    "blank_share", "median_columns", "wrap", "is_broken", "is_one_line", "attributions",
    "index", "stop", "doc_language",
)  # fmt: skip

_STOPS = ("top", "attribution", "block", "heading", "url", "length")


def make_rows(
    text: str,
    layout: Layout,
    attributions: Sequence[Attribution],
    index: int,
    window: Window,
) -> list[list[float]]:
    """One row of FEATURES for each place of a window, in order."""
    attribution = attributions[index]
    places = window.places
    count = len(places)
    lines = layout.lines
    bounds = [place.start for place in places] + [window.end]
    units = [describe(text[bounds[n] : bounds[n + 1]]) for n in range(count)]
    floor = attributions[index - 1].end if index else 0
    # the line above the window's first place, and the one above that: the article's
    above_raw = _above(text, layout, places[0], floor)
    above = describe(above_raw)
    line_units = {}
    own = layout.line_at(attribution.start)
    own_line = lines[own]
    bottom = places[-1].line
    same_line = own == bottom
    attribution_gap = -1 if same_line else own_line.gap
    legacy = attribution.date is not None and attribution.date < DOUBLED
    limit = 140.0 if legacy else 280.0
    name_words = [w.lower() for w in (attribution.name or "").split() if len(w) > 2]
    handle = attribution.handle.lower()

    def size(unit: Unit) -> float:
        return unit.letters if legacy else unit.weight

    def line_unit(number: int) -> Unit:
        if number < 0:
            return describe("")
        if number not in line_units:
            low = max(lines[number].start, floor)
            line_units[number] = (
                describe(text[low : min(lines[number].end, window.end)])
                if low < min(lines[number].end, window.end)
                else describe("")
            )
        return line_units[number]

    head = text[max(0, places[0].start - 2500) : places[0].start]
    doc_language = describe(text[lines[0].start : lines[0].start + 3000]).language if lines else -1
    last_unit = units[-1]
    text_last = last_class(last_unit.text)
    last_line = line_unit(bottom)
    last_line_first = first_class(last_line.text)
    # running sums upward
    rows: list[list[float]] = []
    gap_inside = -1
    gaps = breaks = softs = trails = items = lower_after = 0
    depth_least = own_line.depth if not same_line else lines[bottom].depth
    indent_deviation = 0
    fill = 0.0
    pics = shorts = urls = mentions = hashtags = emoji = sentences = 0
    cue_inside = author_inside = handle_inside = 0
    pics_not_last = 0
    opening = closing = 0
    lang_seen: dict[int, float] = {}
    lines_seen = 0
    upper = letters = digits = 0
    for n in range(count - 1, -1, -1):
        place = places[n]
        unit = units[n]
        line = lines[place.line]
        prev = units[n - 1] if n else above
        at_line_start = place.kind < Break.INSIDE
        prev_line_number = place.line - 1
        prev_line_ok = prev_line_number >= 0 and lines[prev_line_number].end > floor
        prev_line = line_unit(prev_line_number) if prev_line_ok else describe("")
        this_line = line_unit(place.line)
        fill += size(unit) + (1 if n < count - 1 else 0)
        pics += unit.pics
        shorts += unit.shorts
        urls += unit.urls
        mentions += unit.mentions
        hashtags += unit.hashtags
        emoji += unit.emoji
        sentences += unit.sentences
        if n < count - 1 and unit.pics:
            pics_not_last += 1
        low = unit.text.lower()
        in_unit = any(w in low for w in name_words)
        handle_in = handle in low
        cue_inside += unit.has_cue
        opening += sum(low.count(c) for c in "“„«「")
        closing += sum(low.count(c) for c in "”»」")
        uppers_unit = sum(map(str.isupper, unit.text))
        upper += uppers_unit
        letters += len(unit.text)
        digits += sum(map(str.isdigit, unit.text))
        if unit.language >= 0:
            lang_seen[unit.language] = lang_seen.get(unit.language, 0) + len(unit.text)
        rest_language = max(lang_seen, key=lang_seen.__getitem__) if lang_seen else -1
        depth_least = min(depth_least, line.depth)
        if at_line_start:
            indent_deviation = max(indent_deviation, abs(line.indent - own_line.indent))
            lines_seen += 1
        net = fill
        stripped = unit.text
        gap = line.gap if at_line_start else -1
        if place.kind == Break.TOP and at_line_start and n == 0 and line.start != place.start:
            gap = -1
        prev_low = prev.text.lower()
        prev_line_low = prev_line.text.lower()
        marks_unit = unit.pics + unit.shorts + unit.mentions + unit.hashtags + unit.emoji
        marks_prev = prev.pics + prev.shorts + prev.mentions + prev.hashtags + prev.emoji
        marks_line = (
            this_line.pics
            + this_line.shorts
            + this_line.mentions
            + this_line.hashtags
            + this_line.emoji
        )
        marks_prev_line = (
            prev_line.pics
            + prev_line.shorts
            + prev_line.mentions
            + prev_line.hashtags
            + prev_line.emoji
        )
        before = last_class(prev.text)
        nxt = units[n + 1] if n + 1 < count else None
        net = fill - (23 if text_last >= 12 else 0) - (25 if pics + shorts > 1 else 0)
        quoted = 0
        probe = stripped[:30]
        if len(probe) > 15 and probe in head:
            quoted = 1
        rows.append(
            [
                place.kind,
                gap,
                line.trail if at_line_start else -1,
                gap - gap_inside,
                gap - attribution_gap,
                gap_inside,
                gaps,
                breaks,
                softs,
                trails,
                same_line,
                attribution_gap,
                place.kind == Break.TOP,
                count - 1 - n,
                lines_seen,
                n == count - 1,
                n,
                lower_after,
                (
                    lines[places[n + 1].line].gap
                    if n + 1 < count and places[n + 1].kind < Break.INSIDE
                    else -1
                ),
                (places[n + 1].kind if n + 1 < count else 9),
                (lines[prev_line_number].gap if prev_line_ok else -1),
                line.depth,
                lines[prev_line_number].depth if prev_line_number >= 0 else 0,
                depth_least,
                own_line.depth,
                line.indent - own_line.indent,
                (lines[prev_line_number].indent if prev_line_number >= 0 else 0) - line.indent,
                indent_deviation,
                line.indent - layout.indent,
                line.is_item and at_line_start,
                items,
                prev_line_number >= 0 and lines[prev_line_number].is_item,
                fill / limit,
                (fill + size(prev)) / limit,
                (fill + size(prev_line)) / limit,
                net / limit,
                fill,
                legacy,
                1 - fill / limit - size(prev) / limit if True else 0,
                size(unit),
                size(prev),
                line.columns,
                lines[prev_line_number].columns if prev_line_ok else -1,
                line.columns / max(1, layout.median_columns),
                (lines[prev_line_number].columns if prev_line_ok else 0)
                / max(1, layout.median_columns),
                count - n,
                size(last_line),
                first_class(unit.text),
                first_class(unit.text[1:].lstrip()),
                before,
                text_last,
                last_class(unit.text),
                first_class(prev.text),
                last_class(prev_line.text),
                first_class(nxt.text) if nxt else 0,
                last_line_first,
                pics,
                shorts,
                urls,
                mentions,
                hashtags,
                emoji,
                sentences,
                marks_unit,
                marks_prev,
                unit.shorts + unit.pics,
                prev.shorts + prev.pics,
                prev.pics,
                marks_line,
                marks_prev_line,
                sum(u.pics + u.shorts for u in units[:n]) + above.pics + above.shorts,
                prev.urls,
                pics_not_last,
                (pics + shorts + mentions + hashtags + emoji) / max(20.0, fill),
                unit.has_cue,
                prev.has_cue,
                before == 1,
                any(w in prev_low for w in name_words),
                in_unit,
                author_inside,
                cue_inside,
                handle in prev_low or handle in prev_line_low,
                handle_inside + handle_in,
                unit.is_terminal,
                prev.is_terminal,
                prev_line.is_terminal,
                before in (9, 5),
                (prev.language != unit.language)
                if prev.language >= 0 and unit.language >= 0
                else -1,
                (prev.language != rest_language)
                if prev.language >= 0 and rest_language >= 0
                else -1,
                unit.language,
                upper / max(1, letters),
                sum(map(str.isupper, prev.text)) / max(1, len(prev.text)),
                digits / max(1, letters),
                opening - closing,
                sum(map(prev.text.count, "“„«「")) - sum(map(prev.text.count, "”»」")),
                quoted,
                layout.blank_share,
                layout.median_columns,
                layout.wrap,
                layout.is_broken,
                layout.is_one_line,
                len(attributions),
                index,
                _STOPS.index(window.stop),
                (rest_language != doc_language) if rest_language >= 0 and doc_language >= 0 else -1,
            ]
        )
        # what the next place up sees as inside
        author_inside += in_unit
        handle_inside += handle_in
        if at_line_start:
            if line.gap:
                gaps += 1
            else:
                breaks += 1
            gap_inside = max(gap_inside, line.gap)
            softs += place.kind == Break.SOFT
            trails += line.trail > 0
            items += line.is_item
            if unit.text[:1].islower():
                lower_after += 1
    rows.reverse()
    return rows


def _above(text: str, layout: Layout, first: object, floor: int) -> str:
    start = first.start  # type: ignore[attr-defined]
    low = max(floor, start - 300)
    piece = text[low:start]
    cut = piece.rstrip().rfind("\n")
    return piece[cut + 1 :]
