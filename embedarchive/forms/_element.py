"""Places in markup → references; what the forms that read elements share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter

from ..models import Claim, Kind, PostUrl, Reference, Span
from ..projection import Markup, Page
from ..tokenizer import END
from ._markdown import code_spans

_DIGITS = re.compile(r"[0-9]++")
_ASCII_DIGITS = frozenset("0123456789")
_FEW = 8
"""Numbers that are looked for one by one; for more all digits of a page are read once."""
_BOXES = frozenset({"blockquote", "div", "figure"})
_ID = re.compile(r"""[\s"'{`\\]{0,4}([1-9][0-9]{0,18})(?:n|[.]0)?[\s"'}`\\]{0,4}""")


def refer(
    page: Page,
    markup: Markup,
    span: tuple[int, int],
    form: str,
    claim: Claim,
    *,
    kind: Kind = Kind.EMBED,
    url: str | None = None,
    parts: tuple[Span, ...] = (),
) -> Reference:
    """A reference at `span` of `markup`, which may be only a piece of the page."""
    start, end = markup.place(*span)
    raw = page.document.text[start:end]
    if parts:  # few have some
        parts = tuple(markup.place(*part) for part in parts)
    return Reference(start, end, raw, form, kind, claim, url, parts)


def outside_code(page: Page, found: Iterable[Reference]) -> Iterator[Reference]:
    """The references, put in order, that do not lie in Markdown's code: there they document."""
    references = sorted(found, key=attrgetter("start"))
    is_markdown = bool(references) and page.document.media_type == "text/markdown"
    code = iter(code_spans(page.document.text) if is_markdown else ())
    span, reach = next(code, None), 0
    for reference in references:
        while span is not None and span.start <= reference.start:
            reach = max(reach, span.end)
            span = next(code, None)
        if reference.start >= reach:
            yield reference


def claim_of(post: PostUrl) -> Claim:
    """What a URL says of a post."""
    return Claim(network=post.target.network, post_id=post.target.post_id, handle=post.handle)


def element_span(markup: Markup, index: int) -> tuple[int, int]:
    """The element that token `index` begins; where it has no end tag, its start tag.

    A box that the end of a cut-off page closes goes to that end.
    """
    after = markup.element_end(index)
    first, last = markup.tokens[index], markup.tokens[after - 1]
    is_closed = last.kind == END and last.name == first.name
    is_cut_off = after == len(markup.tokens) and first.name in _BOXES
    return first.start, last.end if is_closed or is_cut_off else first.end


def values(markup: Markup, index: int) -> dict[str, str]:
    """The attributes of a tag: name → value, stripped."""
    return {name: value.strip() for name, value in markup.attributes(index).items()}


def post_number(value: str) -> str | None:
    """The id in an attribute's value, which may wear quotes, braces or backslashes; as text."""
    found = _ID.fullmatch(value)
    return found[1] if found and int(found[1]) < 2**63 else None


def numbers_outside(text: str, numbers: set[str], spans: Sequence[tuple[int, int]]) -> set[str]:
    """Those of the numbers that stand, as whole runs of digits, outside the spans, in order.

    One may lie in another, as a script in a torn quote.
    """
    starts = accumulate((end for _, end in spans), max, initial=0)
    ends = [*(start for start, _ in spans), len(text)]
    outside = list(zip(starts, ends, strict=True))
    if len(numbers) > _FEW:
        every = {number for span in outside for number in _DIGITS.findall(text, *span)}
        return numbers & every
    return {
        number
        for number in numbers
        if number and any(_holds(text, number, *span) for span in outside)
    }


def _holds(text: str, number: str, start: int, end: int) -> bool:
    at = text.find(number, start, end)
    while at >= 0:
        behind = at + len(number)
        is_begun = at == start or text[at - 1] not in _ASCII_DIGITS
        if is_begun and (behind == end or text[behind] not in _ASCII_DIGITS):
            return True
        at = text.find(number, behind, end)
    return False


def class_words(attributes: Mapping[str, str]) -> str:
    """The class of an element, also as JSX writes it, in lower case."""
    return f"{attributes.get('class', '')} {attributes.get('classname', '')}".lower()


def next_tag(markup: Markup, index: int, step: int = 1) -> int | None:
    """The nearest tag before or behind token `index` with nothing but blanks between."""
    tokens = markup.tokens
    marks = tokens.marks
    index += step
    while 0 <= index < len(marks):
        if marks[index][0] != "#":
            return index
        is_text = marks[index] == "#text"
        if not is_text or markup.text[tokens.starts[index] : tokens.ends[index]].strip():
            return None
        index += step
    return None
