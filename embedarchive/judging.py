"""Reference and captures of its post → verified, disputed or observed, by what agrees. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from . import snowflake
from .align import align
from .flattened.attributions import find_attributions
from .flattened.visible import Marks, marks_around, visible_text
from .models import (
    Capture,
    Claim,
    Correction,
    Document,
    Embed,
    Level,
    Outcome,
    Reference,
    Resolution,
    Span,
)
from .projection import Page
from .texts import AGREES_FROM, agreement, agrees, difference, normalise

_MOST_OFF = 0.25
_NEAR = 300
"""Characters around a reference without which its attribution cannot be read."""


def judge(claim: Claim, capture: Capture) -> Resolution | None:
    """Hold a claim against what a backend answered for its target.

    `verified` where handle, UTC day and text agree, as far as the claim names them, and it names
    a handle at least and a text or a day besides; `disputed` where one of them disagrees;
    `observed` where there is too little to compare. None for an answer without an embed.
    """
    embed = capture.embed
    if capture.outcome is not Outcome.AVAILABLE or embed is None:
        return None
    checks = {
        "handle": _handle_agrees(claim, embed),
        "day": _day_agrees(claim, embed),
        "text": _text_agrees(claim, embed),
    }
    evidence: dict[str, object] = dict(checks)
    evidence["backend"] = capture.backend
    if checks["text"] is False:
        told, seen = claim.text or "", embed.marked_text
        evidence["agreement"] = round(agreement(told, seen, true_codes=embed.codes), 3)
        evidence["difference"] = [{"op": op, "text": text} for op, text in difference(told, seen)]
    if False in checks.values():
        level = Level.DISPUTED
    elif checks["handle"] and (checks["text"] or checks["day"]):
        level = Level.VERIFIED
    else:
        level = Level.OBSERVED
    return Resolution("capture", level, capture.target, evidence)


def judge_reference(
    reference: Reference, captures: Sequence[Capture], article: Callable[[], Document]
) -> Resolution | None:
    """Hold what an article says of a post against its captures, oldest first.

    A claim that one of them bears out is verified, whatever the post became since; else the last
    one's judgement counts. Where the article's text was read with wrong bounds, the reading that
    the true text tells is judged, and is in `evidence["correction"]`; a claim without
    alternatives was not guessed, and is taken as it stands. `article` gives the document, and is
    asked only where it is needed.
    """
    last: Resolution | None = None
    seen: set[tuple[str, str]] = set()
    for capture in reversed(captures):
        embed = capture.embed
        if embed is None or (embed.author.handle, embed.text) in seen:
            continue
        seen.add((embed.author.handle, embed.text))
        judgement = _judge_best_reading(reference, capture, embed, article)
        if judgement is not None and judgement.level is Level.VERIFIED:
            if last is None:
                return judgement
            when = {"captured_at": capture.captured_at.isoformat()}
            return replace(judgement, evidence={**judgement.evidence, **when})
        last = last or judgement
    return last


def _judge_best_reading(
    reference: Reference, capture: Capture, embed: Embed, article: Callable[[], Document]
) -> Resolution | None:
    claim = reference.claim
    if embed.is_truncated or not claim.alternatives or _is_exact(claim.text, embed):
        return judge(claim, capture)
    found = _corrected(reference, embed, article())
    if found is None:
        return judge(claim, capture)
    span = Span(found.text_start, found.text_end)
    judgement = judge(replace(claim, text=found.text, text_span=span), capture)
    if judgement is None:
        return None
    return replace(judgement, evidence={**judgement.evidence, "correction": asdict(found)})


def _corrected(reference: Reference, embed: Embed, document: Document) -> Correction | None:
    """The reading that agrees with the true text better than the claim's own, if there is one."""
    claim = reference.claim
    visible = Page(document).visible
    start, end = visible.at(reference.start), visible.at(reference.end)
    attribution = _attribution(claim, visible.text, start, end)
    if attribution is None:
        return None
    is_markdown = document.media_type == "text/markdown"
    marks = marks_around(visible.text, *attribution, is_markdown=is_markdown)
    if document.media_type == "text/html":
        marks = Marks()
    readings = [
        (visible.source(found.start, found.end), visible_text(found.text_in(visible.text), marks))
        for found in align(embed.text, visible.text, attribution)
    ] or [(Span(one.start, one.end), one.text) for one in claim.alternatives]
    scored = [
        (_agreement(text, embed), place, text)
        for place, text in readings
        if _is_as_long(text, embed.text)
    ]
    score, (first, last), text = max(scored, default=(0.0, Span(0, 0), ""))
    is_better = score > _agreement(claim.text, embed) or _is_exact(text, embed)
    if score < AGREES_FROM or not is_better:
        return None
    whole = visible.source(*attribution)
    return Correction(min(first, whole.start), max(last, whole.end), text, first, last)


def _is_as_long(text: str, true: str) -> bool:
    """Else a true quotation above a false one would bear it out: together they begin right."""
    ours, theirs = len(normalise(text)), len(normalise(true))
    return abs(ours - theirs) <= _MOST_OFF * theirs


def _attribution(claim: Claim, text: str, start: int, end: int) -> Span | None:
    """Where the attribution of a reference at `start` to `end` stands."""
    near = max(0, start - _NEAR)
    for one in find_attributions(text[near : end + _NEAR]):
        is_inside = one.start + near < end and start < one.end + near
        if is_inside and one.handle.lower() == (claim.handle or "").lower():
            return Span(one.start + near, one.end + near)
    return None


def _is_exact(told: str | None, embed: Embed) -> bool:
    """The same words; a picture's code alone ties a text to a post that has none."""
    return _agreement(told, embed) == 1 and bool(normalise(told or "")) == bool(
        normalise(embed.text)
    )


def _agreement(told: str | None, embed: Embed) -> float:
    return agreement(told, embed.marked_text, true_codes=embed.codes) if told else 0.0


def _handle_agrees(claim: Claim, embed: Embed) -> bool | None:
    if not claim.handle or not embed.author.handle:
        return None
    is_same = claim.handle.lower() == embed.author.handle.lower()
    if not is_same and claim.date is None and claim.text is None:
        # Only a URL names it: the service ignores the handle there, and accounts are renamed.
        return None
    return is_same


def _day_agrees(claim: Claim, embed: Embed) -> bool | None:
    if claim.date is None:
        return None
    on_day = snowflake.is_on_day(
        embed.target.post_id, claim.date, tolerance_days=claim.date_tolerance
    )
    if on_day is None and embed.created_at is not None:
        return abs((embed.created_at.date() - claim.date).days) <= claim.date_tolerance
    return on_day


def _text_agrees(claim: Claim, embed: Embed) -> bool | None:
    if not claim.text or not (normalise(claim.text) or set(claim.codes) & set(embed.codes)):
        # Nothing but links that the embed does not name: it neither agrees nor disagrees.
        return None
    return agrees(claim.text, embed.marked_text, true_codes=embed.codes)
