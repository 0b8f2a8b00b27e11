"""Embeds that an extractor flattened to text: `TEXT — Name (@handle) Date`, mostly with no id."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .. import snowflake
from ..flattened.attributions import find_attributions
from ..flattened.ends import text_behind, without_advertisement
from ..flattened.model import Attribution, Candidate
from ..flattened.placement import place_some
from ..flattened.visible import MarkedLine, Marks, codes_in, marks_around, read_line, visible_text
from ..models import Alternative, Claim, Kind, Reference, Span
from ..networks import identify
from ..patterns import AT, ENOUGH
from ..projection import Page
from ..tokenizer import TEXT
from ._blockquotes import marked_quotes
from ._chrome import SHORT_PATTERNS
from ._places import Places

_LINK_TARGET = re.compile(r"\]\(\s{0,3}<?(https?://[^()<>\s]{1,300})")
_AS_REFERENCE = re.compile(r"&(?:#64|#x40|commat|#40|#x28|lpar);")
_ADDRESS = r"(?:https?:)?//[a-z0-9_./?=&%#:~+@!$,;-]{1,300}"
_BEFORE_HANDLE = "(\\[> \t\r\n\f\u00a0;"
_FAR = 600
_SHOWN = 0.9
_NOT_SHOWN = 0.05
"""Probability that text behind an attribution is the post's, with and without a link as a sign."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One attribution, and how the text around it was flattened."""

    page: Page
    attribution: Attribution
    floor: int
    """The end of the attribution before."""
    next_start: int
    """Where the next tweet's block starts."""
    marks: Marks

    @property
    def text(self) -> str:
        return self.page.visible.text

    def visible(self, start: int, end: int) -> str:
        return visible_text(self.text[start:end], self.marks)

    def reading(self, start: int, end: int, text: str, confidence: float) -> Alternative:
        return Alternative(*self.page.visible.source(start, end), text, confidence)


class Flattened:
    """`TEXT — Name (@handle) Date`, in whatever shape an extractor left it."""

    name = "flattened"
    literals = (b"(@", b"(\\@", b"([@", b"(\n@", b"(\r\n@")
    patterns = (
        # a handle before a bracket, and behind that a digit: between them nothing but tags,
        # marks, addresses, and the words of a date
        rf"{AT}(?:<[^<>]*>|\s){{0,4}}[a-z0-9_\\.@-]{{1,80}}"
        rf"(?:<[^<>]*>|[\s\\\]]|\({_ADDRESS}\)){{0,10}}(?:\)|&#41;|&#x29;|&rpar;){ENOUGH}"
        rf"(?:<[^<>]*>|[^a-z0-9<]|{_ADDRESS}|&[a-z]{{2,8}};|&#x[0-9a-f]{{2,5}};){{0,200}}"
        r"[^0-9<>]{0,40}[0-9]",
        # a lost date: the text's own link tells instead, or that of a label
        *SHORT_PATTERNS,
        r"@[a-z0-9_]{1,15}\s{0,2}\\?\)[\s>*_\\]{0,40}\[",
    )
    companions = (r"\((?:\\|\[|\n|\r\n)?@",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each attribution, with the likeliest reading of where its text lies."""
        if page.document.media_type != "text/html":
            yield from read_flattened(page)
            return
        quotes = marked_quotes(page.markup)
        if _has_handle_outside(page, Places(quotes)):
            yield from read_flattened(page, quotes)


FORM = Flattened()


def read_flattened(page: Page, elsewhere: Sequence[Span] = ()) -> Iterator[Reference]:
    """The attributions in the visible text but for those `elsewhere`, which other forms read.

    `elsewhere` are places in the document, in order.
    """
    visible = page.visible
    attributions = find_attributions(visible.text)
    taken = Places(elsewhere)
    own = [
        index
        for index, found in enumerate(attributions)
        if not elsewhere or not taken.hold(visible.source(found.start, found.end).start)
    ]
    readings = place_some(visible.text, attributions, own)
    starts = [reading[0].start for reading in readings]
    starts += [visible.at(span.start) for span in elsewhere]
    starts.sort()
    is_shown = page.document.media_type == "text/html"
    line: MarkedLine | None = None
    for index, reading in zip(own, readings, strict=True):
        start = attributions[index].start
        if not is_shown and (line is None or not line.start <= start <= line.end):
            line = read_line(visible.text, start)
        behind = bisect_left(starts, attributions[index].end)
        next_start = starts[behind] if behind < len(starts) else len(visible.text)
        floor = attributions[index - 1].end if index else 0
        yield _reference(_block(page, attributions[index], floor, next_start, line), reading)


def _has_handle_outside(page: Page, quotes: Places) -> bool:
    """Whether a handle in brackets may be visible anywhere but in these places.

    Tags may stand between bracket and handle. Finds it out without the visible text, which
    costs more than all the rest.
    """
    text, markup = page.document.text, page.markup
    if _AS_REFERENCE.search(page.words):
        return True
    if not markup.tokens:
        return False
    at = text.find("@")
    while at >= 0:
        is_opened = text[at - 1 : at] in _BEFORE_HANDLE and _is_opened(text, at)
        if is_opened and not quotes.hold(at) and markup.tokens[markup.token_at(at)].kind == TEXT:
            return True
        at = text.find("@", at + 1)
    return False


def _is_opened(text: str, at: int) -> bool:
    """Whether nothing but blanks, escapes and tags stands between `at` and a bracket."""
    lowest = max(0, at - _FAR)
    while at > lowest:
        before = text[at - 1]
        if before == "(":
            return True
        if before == ">":
            at = text.rfind("<", lowest, at)
            if at < 0:
                return True  # a tag so long that it may be anything
        elif before.isspace() or before in "[\\":
            at -= 1
        elif text.endswith("&nbsp;", lowest, at):
            at -= len("&nbsp;")
        else:
            return False
    return False


def _block(
    page: Page, attribution: Attribution, floor: int, next_start: int, line: MarkedLine | None
) -> _Block:
    """`line` is that of the attribution; None of what a browser shows, which has no marks left
    but the author's."""
    marks = Marks()
    if line is not None:
        is_markdown = page.document.media_type == "text/markdown"
        start, end = attribution.start, attribution.end
        marks = marks_around(page.visible.text, start, end, is_markdown=is_markdown, line=line)
    return _Block(page, attribution, floor, next_start, marks)


def _reference(block: _Block, candidates: Sequence[Candidate]) -> Reference:
    attribution, page = block.attribution, block.page
    best = without_advertisement(block.text, candidates[0], block.floor)
    chosen, *others = (
        block.reading(c.start, c.end, block.visible(c.start, c.end), c.confidence)
        for c in (best, *candidates[1:])
    )
    flags = (*best.flags, *_flags(attribution))
    end = attribution.end
    behind = text_behind(block.text, attribution, best, block.next_start)
    if behind is not None:
        share = _SHOWN if behind.is_shown else _NOT_SHOWN
        whole = f"{chosen.text}\n{block.visible(behind.start, behind.end)}"
        displaced = block.reading(best.start, behind.end, whole, share * chosen.confidence)
        flags += ("text-after",)
        if behind.is_shown:
            less_likely = replace(chosen, confidence=(1 - share) * chosen.confidence)
            chosen, others, end = displaced, [less_likely, *others], behind.end
        else:
            others.append(displaced)
    span = page.visible.source(best.start, end)
    url = attribution.url or _url_in_text(block, best)
    claim = Claim(
        network=attribution.network,
        post_id=_post_id(attribution, url),
        handle=attribution.handle,
        name=attribution.name,
        date=attribution.date,
        text=chosen.text or None,
        text_span=Span(chosen.start, chosen.end) if chosen.text else None,
        codes=_codes(block, best.start, end),
        confidence=chosen.confidence,
        alternatives=tuple(others),
        # Bluesky and Mastodon print the day of the embedder's zone.
        date_tolerance=0 if attribution.network == "x" else 1,
        flags=flags,
    )
    raw = page.document.text[span.start : span.end]
    return Reference(*span, raw, FORM.name, Kind.EMBED, claim, url)


def _codes(block: _Block, start: int, end: int) -> tuple[str, ...]:
    """Of the text on both sides of the attribution; the link of its date has none."""
    attribution = block.attribution
    both = block.text[start : attribution.start] + "\n" + block.text[attribution.end : end]
    return codes_in(both, attribution.date)


def _flags(attribution: Attribution) -> tuple[str, ...]:
    flags = {"no-dash": not attribution.dash, "no-date": attribution.date is None}
    return tuple(flag for flag, holds in flags.items() if holds)


def _post_id(attribution: Attribution, url: str | None) -> str | None:
    post = identify(url) if url else None
    if post is None or post.target.network != attribution.network:
        return None
    return post.target.post_id


def _url_in_text(block: _Block, best: Candidate) -> str | None:
    """A link inside the text to a post of the same author and day: it is the post's own.

    Some editors put the post's URL under its last short link.
    """
    attribution = block.attribution
    if attribution.date is None:
        return None
    for link in _LINK_TARGET.finditer(block.text, best.start, attribution.start):
        post = identify(link[1])
        if post is None or post.target.network != "x" or post.handle is None:
            continue
        is_author = post.handle.lower() == attribution.handle.lower()
        if is_author and snowflake.is_on_day(post.target.post_id, attribution.date):
            return link[1]
    return None
