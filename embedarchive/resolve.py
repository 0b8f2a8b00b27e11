"""Reference → Resolutions: asks the resolvers in order and keeps the evidence; judges captures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import snowflake
from .errors import UpstreamError
from .models import Capture, Claim, Embed, Fetcher, Index, Level, Outcome, Resolution, Resolver
from .resolvers import RESOLVERS
from .texts import agreement, agrees, difference, normalise


def resolve(
    claim: Claim,
    index: Index,
    fetch: Fetcher | None,
    *,
    resolvers: Sequence[Resolver] = RESOLVERS,
) -> tuple[list[Resolution], list[UpstreamError]]:
    """Look for the post that a claim without an id speaks of.

    Offline resolvers are asked first, online ones only where `fetch` is given and none before
    found a target. Returns all findings, refused candidates included, and what could not be
    asked.
    """
    findings: list[Resolution] = []
    failures: list[UpstreamError] = []
    for resolver in sorted(resolvers, key=lambda r: r.is_online):
        if any(f.target for f in findings) or (resolver.is_online and fetch is None):
            break
        try:
            findings += resolver.resolve(claim, index, fetch)
        except UpstreamError as error:
            failures.append(error)
    return _deduplicated(findings), failures


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
        told, seen = claim.text or "", _text(embed)
        evidence["agreement"] = round(agreement(told, seen, true_codes=embed.codes), 3)
        evidence["difference"] = [{"op": op, "text": text} for op, text in difference(told, seen)]
    if False in checks.values():
        level = Level.DISPUTED
    elif checks["handle"] and (checks["text"] or checks["day"]):
        level = Level.VERIFIED
    else:
        level = Level.OBSERVED
    return Resolution("capture", level, capture.target, evidence)


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
    return agrees(claim.text, _text(embed), true_codes=embed.codes)


def _text(embed: Embed) -> str:
    """The embed's text, marked as cut where its source cut it."""
    return f"{embed.text}…" if embed.is_truncated else embed.text


def _deduplicated(findings: Iterable[Resolution]) -> list[Resolution]:
    """Targets found first, then the refused ones; each target or candidate once per rule."""
    unique: dict[tuple[object, ...], Resolution] = {}
    for finding in findings:
        key = (
            finding.rule,
            finding.target,
            finding.refused,
            str(finding.evidence.get("candidate")),
        )
        unique.setdefault(key, finding)
    return sorted(unique.values(), key=lambda f: f.target is None)
