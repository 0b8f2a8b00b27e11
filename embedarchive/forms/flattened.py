"""Embeds that an extractor flattened to text: `TEXT — Name (@handle) Date`, mostly with no id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import snowflake
from ..flattened.attributions import find_attributions
from ..flattened.ends import text_behind, without_advertisement
from ..flattened.model import Attribution, Candidate
from ..flattened.placement import place_all
from ..flattened.visible import Marks, codes_in, marks_around, visible_text
from ..models import Alternative, Claim, Kind, Reference, Span
from ..networks import identify
from ..projection import Page

_LINK_TARGET = re.compile(r"\]\(\s{0,3}<?(https?://[^()<>\s]{1,300})")
_SHOWN = 0.9
_NOT_SHOWN = 0.05
"""Probability that text behind an attribution is the post's, with and without a link as a sign."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One attribution, and how the text around it was flattened."""

    page: Page
    attribution: Attribution
    next_start: int
    """Where the next tweet's block starts."""
    marks: Marks

    @property
    def text(self) -> str:
        return self.page.visible.text

    def visible(self, start: int, end: int) -> str:
        return visible_text(self.text[start:end], self.marks)

    def source(self, start: int, end: int) -> Span:
        return self.page.visible.source(start, end)


class Flattened:
    """`TEXT — Name (@handle) Date`, in whatever shape an extractor left it."""

    name = "flattened"
    literals = (b"(@", b"(\\@", b"([@", b"(\n@", b"(\r\n@")

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each attribution, with the likeliest reading of where its text lies."""
        text = page.visible.text
        attributions = find_attributions(text)
        if not attributions:
            return
        readings = place_all(text, attributions)
        next_starts = [reading[0].start for reading in readings[1:]] + [len(text)]
        for attribution, reading, next_start in zip(
            attributions, readings, next_starts, strict=True
        ):
            yield _reference(_block(page, attribution, next_start), reading)


FORM = Flattened()


def _block(page: Page, attribution: Attribution, next_start: int) -> _Block:
    kind = page.document.media_type
    is_markdown = kind == "text/markdown"
    start, end = attribution.start, attribution.end
    # What a browser shows has no marks left but the author's.
    is_shown = kind == "text/html"
    text = page.visible.text
    marks = Marks() if is_shown else marks_around(text, start, end, is_markdown=is_markdown)
    return _Block(page, attribution, next_start, marks)


def _reference(block: _Block, reading: Sequence[Candidate]) -> Reference:
    attribution, document = block.attribution, block.page.document
    best = without_advertisement(block.text, reading[0])
    others = [_alternative(block, other) for other in reading[1:]]
    behind = text_behind(block.text, attribution, best, block.next_start)
    end, text, flags = attribution.end, block.visible(best.start, best.end), list(best.flags)
    if behind is not None:
        whole = f"{text}\n{block.visible(behind.start, behind.end)}"
        reach = block.source(best.start, behind.end)
        flags.append("text-after")
        if behind.is_shown:
            others.insert(0, _alternative(block, best, 1 - _SHOWN))
            end, text = behind.end, whole
        else:
            others.append(Alternative(*reach, whole, _NOT_SHOWN * best.confidence))
    span = block.source(best.start, end)
    url = attribution.url or _url_in_text(block, best)
    claim = Claim(
        network=attribution.network,
        post_id=_post_id(attribution, url),
        handle=attribution.handle,
        name=attribution.name,
        date=attribution.date,
        text=text or None,
        text_span=_text_span(block, best, end) if text else None,
        codes=_codes(block, best, end),
        confidence=best.confidence * (_SHOWN if end > attribution.end else 1),
        alternatives=tuple(others),
        # Bluesky and Mastodon print the day of the embedder's zone.
        date_tolerance=0 if attribution.network == "x" else 1,
        flags=tuple(flags) + _flags(attribution),
    )
    raw = document.text[span.start : span.end]
    return Reference(*span, raw, FORM.name, Kind.EMBED, claim, url)


def _alternative(
    block: _Block, candidate: Candidate, confidence: float | None = None
) -> Alternative:
    return Alternative(
        *block.source(candidate.start, candidate.end),
        block.visible(candidate.start, candidate.end),
        candidate.confidence if confidence is None else confidence,
    )


def _text_span(block: _Block, best: Candidate, end: int) -> Span:
    is_displaced = end > block.attribution.end
    return block.source(best.start, end if is_displaced else best.end)


def _codes(block: _Block, best: Candidate, end: int) -> tuple[str, ...]:
    printed = block.attribution.date
    above = codes_in(block.text[best.start : block.attribution.start], printed)
    behind = codes_in(block.text[block.attribution.end : end], printed)
    return tuple(dict.fromkeys(above + behind))


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
