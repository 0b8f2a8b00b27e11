"""A document → its references, in order. Pure: no clock, no network, no database.

Each form of the shelf reads the page on its own; what they say of one place becomes one
reference, which holds the union of what each knows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from . import snowflake
from .forms import FORMS
from .marks import Mark, find_marks
from .models import Claim, Document, Kind, Reference, Span
from .prefilter import Prefilter
from .projection import Form, Page
from .sieve import CARD, forms_in, holds
from .tokenizer import tokenize

_PREFILTER = Prefilter(FORMS)

SCANNER_VERSION = "1"
"""Changes whenever the same document may give other references: what was scanned by an older
version is scanned again."""

WINDOW = 64_000_000
"""Characters read at once. An article is some kilobytes; this is for whole corpora in one file."""
_MARGIN = 100_000
"""Characters at the edge of a window in which its neighbour reads; no reference is so long."""
_DEFINITION = re.compile(r"(?:\A|\n) {0,3}\[[^\]\n]{1,16}\]:[ \t]?<?\Z")
"""What stands before the URL of a Markdown link definition (CommonMark, "link reference")."""
_KIND_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_OPEN_AT_ONCE = 16
"""How many enclosing references a new one is compared with: bounds the work on hostile nesting."""


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


def merge(references: Iterable[Reference], text: str) -> list[Reference]:
    """One place, one reference: references that share a place become one; order by place."""
    kept: list[Reference] = []
    reach: list[int] = []  # the furthest end up to and including each kept reference
    for new in sorted(references, key=_order):
        for at in _open_before(kept, reach, new.start, text):
            joined = _join(kept[at], new, text)
            if joined is not None:
                kept[at] = joined
                reach[at] = max(reach[at], joined.end)
                break
        else:
            kept.append(new)
            reach.append(max(new.end, reach[-1] if reach else 0))
    kept = _without_definitions(kept, text)
    kept.sort(key=lambda r: (r.start, r.end))
    return kept


def _order(reference: Reference) -> tuple[object, ...]:
    """By place, the best reading of a place first; complete, so that no chance is left in it."""
    claim = reference.claim
    names = (reference.form, claim.post_id or "", claim.handle or "", claim.text or "")
    return (reference.start, -reference.end, _rank(reference), names)


def _without_definitions(references: list[Reference], text: str) -> list[Reference]:
    """Without the lines `[3]: URL` that only define the link of a reference already found."""
    definitions = {
        id(reference)
        for reference in references
        if _DEFINITION.search(text, max(reference.start - 24, 0), reference.start)
    }
    used = {_post_of(reference) for reference in references if id(reference) not in definitions}
    return [
        reference
        for reference in references
        if id(reference) not in definitions or _post_of(reference) not in used
    ]


def _post_of(reference: Reference) -> object:
    return reference.claim.post_id or reference.claim.codes


def _open_before(kept: list[Reference], reach: list[int], start: int, text: str) -> Iterable[int]:
    """The kept references that `start` lies in, or touches with nothing but blanks between."""
    for at in range(len(kept) - 1, max(len(kept) - 1 - _OPEN_AT_ONCE, -1), -1):
        if reach[at] + 2 < start and not text[reach[at] : min(start, reach[at] + 80)].isspace():
            return
        yield at


def _join(old: Reference, new: Reference, text: str) -> Reference | None:
    """One reference for both, or None where they are two."""
    if new.start >= old.end:
        return _join_neighbours(old, new, text)
    best, other = sorted((old, new), key=_rank)
    if _agree(best.claim, other.claim):
        return _united(best, other, text)
    inner, outer = sorted((old, new), key=lambda r: r.end - r.start)
    is_inside = outer.start <= inner.start and inner.end <= outer.end
    if is_inside and outer.kind is Kind.EMBED and inner.kind is not Kind.EMBED:
        # A link to another post inside an embedded post is part of that post's text.
        return outer
    if best.claim.post_id is None or other.claim.post_id is None:
        # A reading without an id that overlaps another post's place is a wrong reading of it.
        return best
    return None


def _join_neighbours(old: Reference, new: Reference, text: str) -> Reference | None:
    """A bare status URL directly before or behind the flattened text of the same post."""
    if text[old.end : new.start].strip():
        return None
    named, flat = (old, new) if new.claim.post_id is None else (new, old)
    same_author = _same(named.claim.handle, flat.claim.handle) and named.claim.handle
    if flat.claim.post_id or not named.claim.post_id or not same_author or not flat.claim.date:
        return None
    on_day = snowflake.is_on_day(
        named.claim.post_id, flat.claim.date, tolerance_days=flat.claim.date_tolerance
    )
    return _united(named, flat, text) if on_day else None


def _united(best: Reference, other: Reference, text: str) -> Reference:
    start, end = min(best.start, other.start), max(best.end, other.end)
    apart = best.end <= other.start or other.end <= best.start
    parts = best.parts or other.parts
    if apart and not parts:
        parts = tuple(sorted((Span(best.start, best.end), Span(other.start, other.end))))
    kind = min(best.kind, other.kind, key=_KIND_RANK.__getitem__)
    return replace(
        best,
        start=start,
        end=end,
        raw=text[start:end],
        kind=kind,
        url=best.url or other.url,
        parts=parts,
        claim=_union(best.claim, other.claim),
    )


def _union(best: Claim, other: Claim) -> Claim:
    text_from = best if best.text is not None else other
    return replace(
        best,
        post_id=best.post_id or other.post_id,
        handle=best.handle or other.handle,
        name=best.name or other.name,
        date=best.date or other.date,
        date_tolerance=best.date_tolerance if best.date else other.date_tolerance,
        text=text_from.text,
        text_span=text_from.text_span,
        alternatives=text_from.alternatives,
        codes=tuple(dict.fromkeys(best.codes + other.codes)),
        flags=tuple(dict.fromkeys(best.flags + other.flags)),
    )


def _agree(a: Claim, b: Claim) -> bool:
    if a.network != b.network:
        return False
    if a.post_id and b.post_id:
        return a.post_id == b.post_id
    return _same(a.handle, b.handle) and (a.date is None or b.date is None or a.date == b.date)


def _same(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a.lower() == b.lower()


def _rank(reference: Reference) -> tuple[bool, int, int]:
    """The best reading first: one with an id, then an embed, then the widest."""
    return (
        reference.claim.post_id is None,
        _KIND_RANK[reference.kind],
        reference.start - reference.end,
    )


def _raw(document: Document) -> bytes:
    """The document's bytes, in an encoding in which ASCII is ASCII."""
    if document.encoding.startswith(("utf-16", "utf-32", "iso2022", "hz")):
        return document.text.encode("utf-8", "surrogatepass")
    return document.content
