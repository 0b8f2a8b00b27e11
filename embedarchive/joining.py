"""What several forms say of one place → one reference, with the union of what each knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from . import snowflake
from .models import Claim, Kind, Reference, Span

_DEFINITION = re.compile(r"(?:\A|\n) {0,3}\[[^\]\n]{1,16}\]:[ \t]?<?\Z")
"""What stands before the URL of a Markdown link definition (CommonMark, "link reference")."""
_COLON = 4
"""Characters before the URL in which the bracket and the colon stand: quick to look for."""
_KIND_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_OPEN_AT_ONCE = 16
"""How many enclosing references a new one is compared with: bounds the work on hostile nesting."""


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
    kept.sort(key=attrgetter("start", "end"))
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
        if text.find("]:", max(reference.start - _COLON, 0), reference.start) >= 0
        and _DEFINITION.search(text, max(reference.start - 24, 0), reference.start)
    }
    if not definitions:
        return references
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
    best, other = (old, new) if _rank(old) <= _rank(new) else (new, old)
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
    claim = _union(best.claim, other.claim)
    if claim is best.claim and (start, end, kind, parts) == _extent(best) and best.url:
        return best
    # To replace all but one of the fields would take three times as long.
    return Reference(
        start=start,
        end=end,
        raw=text[start:end],
        form=best.form,
        kind=kind,
        claim=claim,
        url=best.url or other.url,
        parts=parts,
    )


def _extent(reference: Reference) -> tuple[int, int, Kind, tuple[Span, ...]]:
    return reference.start, reference.end, reference.kind, reference.parts


def _union(best: Claim, other: Claim) -> Claim:
    has_more = other.text is not None or other.name or other.date or other.codes or other.flags
    if not has_more and best.post_id and best.handle and best.date and best.text is not None:
        return best  # to whom the address inside an embed says nothing new
    text_from = best if best.text is not None else other
    return Claim(
        network=best.network,
        post_id=best.post_id or other.post_id,
        handle=best.handle or other.handle,
        name=best.name or other.name,
        date=best.date or other.date,
        date_tolerance=best.date_tolerance if best.date else other.date_tolerance,
        text=text_from.text,
        text_span=text_from.text_span,
        codes=tuple(dict.fromkeys(best.codes + other.codes)),
        confidence=best.confidence,
        alternatives=text_from.alternatives,
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
