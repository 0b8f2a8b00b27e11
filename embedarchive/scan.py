"""A document → its references, in order. Pure: no clock, no network, no database.

Each form of the shelf reads the page on its own; what they say of one place becomes one
reference, which holds the union of what each knows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .conditions import holds
from .forms import FORMS
from .joining import merge
from .marks import Mark, find_marks
from .models import Document, Reference, Span
from .prefilter import Prefilter
from .projection import Form, Page
from .sieve import CARD
from .sifting import forms_in
from .tokenizer import tokenize

_PREFILTER = Prefilter(FORMS)

WINDOW = 64_000_000
"""Characters read at once. An article is some kilobytes; this is for whole corpora in one file."""
_MARGIN = 100_000
"""Characters at the edge of a window in which its neighbour reads; no reference is so long."""


def scan(
    document: Document, *, forms: Sequence[Form] = FORMS, window: int = WINDOW
) -> list[Reference]:
    """Find every reference to a post in a document.

    The references come in document order; `document.text[r.start:r.end] == r.raw` for each.
    Never raises, whatever the document holds. A text of more than `window` characters is read in
    pieces that overlap, so that the memory this takes has a bound.
    """
    raw = _raw(document)
    possible = forms_in(raw)
    if possible is not None and not possible:
        return []
    if (possible is None or CARD in possible) and (marks := find_marks(document.text)):
        return _around_cards(document, marks, forms)
    if len(document.text) > window:
        return merge(_in_windows(document, forms, window), document.text)
    haystack = raw.lower()
    found: list[Reference] = []
    page = Page(document)
    for form in _candidates(forms, haystack, possible):
        references = list(form.find(page))
        # What a sieve denies is no reference, wherever it comes from. To ask takes longer than to
        # find, so only forms that found something are asked, and where they found it.
        if references and holds(form, haystack, _parts(document, references)):
            found += references
    return merge(found, document.text) if found else []


def _candidates(
    forms: Sequence[Form], haystack: bytes, possible: frozenset[str] | None
) -> Sequence[Form]:
    """The forms that are worth running: the sieve has told, or the prefilter does."""
    if forms is not FORMS:
        return Prefilter(forms).candidates(haystack)
    if possible is None:
        return _PREFILTER.candidates(haystack)
    return [form for form in forms if form.name in possible]


def _parts(document: Document, references: Iterable[Reference]) -> Iterator[bytes]:
    """The references as they stand in lower-case bytes; none where those are not of UTF-8."""
    if document.encoding in ("utf-8", "ascii"):
        for reference in references:
            if "\ufffd" not in reference.raw:
                yield reference.raw.encode("utf-8", "surrogatepass").lower()


def _in_windows(document: Document, forms: Sequence[Form], window: int) -> Iterator[Reference]:
    """What begins in the middle of each window; its edges are the middle of its neighbours."""
    text = document.text
    margin = max(min(window // 8, _MARGIN), 1)
    begin = own = 0
    while begin < len(text):
        end = min(begin + window, len(text))
        is_last = end == len(text)
        own_end = end if is_last else end - margin
        piece = text[begin:end]
        content = piece.encode("utf-8", "surrogatepass")
        part = replace(document, encoding="utf-8", content=content, text=piece)
        for reference in scan(part, forms=forms, window=len(piece)):
            if own <= begin + reference.start < own_end:
                yield _moved(reference, begin)
        if is_last:
            return
        own = own_end
        begin += max(_outside_raw(part, own_end - margin - begin), 1)


def _outside_raw(part: Document, at: int) -> int:
    """Where to begin in a text, at `at` or not far before it.

    In HTML not inside a tag, a comment or a script, which would be read as text from there on.
    """
    if part.media_type != "text/html" or at <= 0:
        return at
    tokens = tokenize(part.text)
    index = bisect_right(tokens.starts, at) - 1
    while index > 0 and tokens.marks[index] in ("#rawtext", "#rcdata"):
        index -= 1  # to the tag that says what it is
    start = tokens.starts[index] if index >= 0 else at
    is_text = index >= 0 and tokens.marks[index] == "#text"
    return start if not is_text and at - start < len(part.text) // 2 else at


def _moved(reference: Reference, by: int) -> Reference:
    """The reference in a text that holds its own from character `by` on."""
    claim = reference.claim
    claim = replace(
        claim,
        text_span=_span_moved(claim.text_span, by) if claim.text_span else None,
        alternatives=tuple(
            replace(other, start=other.start + by, end=other.end + by)
            for other in claim.alternatives
        ),
    )
    parts = tuple(_span_moved(part, by) for part in reference.parts)
    start, end = reference.start + by, reference.end + by
    return replace(reference, start=start, end=end, parts=parts, claim=claim)


def _span_moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _around_cards(document: Document, marks: list[Mark], forms: Sequence[Form]) -> list[Reference]:
    """A mended article: each card of ours is the reference that it replaced, and nothing else."""
    text = document.text
    found: list[Reference] = []
    pieces: list[str] = []
    at = 0
    for mark in marks:
        pieces += [text[at : mark.start], " " * (mark.end - mark.start)]
        at = mark.end
        replaced = mark.original.decode(document.encoding, "replace")
        were = scan(replace(document, content=mark.original, text=replaced), forms=forms)
        if mark.has_card and were:
            claim = replace(were[0].claim, text_span=None, alternatives=())
            start, end = mark.start, mark.end
            raw = text[start:end]
            found.append(replace(were[0], start=start, end=end, raw=raw, parts=(), claim=claim))
    outside = "".join([*pieces, text[at:]])
    found += [
        reference
        for reference in scan(replace(document, text=outside), forms=forms)
        if reference.raw == text[reference.start : reference.end]
    ]
    return sorted(found, key=lambda reference: (reference.start, reference.end))


def _raw(document: Document) -> bytes:
    """The document's bytes, in an encoding in which ASCII is ASCII."""
    if document.encoding.startswith(("utf-16", "utf-32", "iso2022", "hz")):
        return document.text.encode("utf-8", "surrogatepass")
    return document.content
