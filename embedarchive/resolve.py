"""Reference → Resolutions: asks the resolvers in order and keeps the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from .backends.wayback import BACKEND as WAYBACK
from .errors import UnexpectedResponse, UpstreamError, UsageError
from .models import (
    Claim,
    Fetcher,
    Index,
    Level,
    Payload,
    RefusedLookup,
    Resolution,
    Resolver,
    Response,
    Target,
)
from .resolvers import RESOLVERS
from .texts import AGREES_FROM, agreement


class LookUp(NamedTuple):
    """What came of looking for a post."""

    findings: list[Resolution]
    """Refused candidates included."""
    failures: list[UpstreamError]
    """What could not be asked."""
    refused: list[RefusedLookup]
    """Answers of no known shape."""


def resolve(
    claim: Claim,
    index: Index,
    fetch: Fetcher | None,
    *,
    resolvers: Sequence[Resolver] = RESOLVERS,
) -> LookUp:
    """Look for the post that a claim without an id speaks of.

    Offline resolvers are asked first, online ones only where `fetch` is given and none before
    found a target.
    """
    findings: list[Resolution] = []
    failures: list[UpstreamError] = []
    amiss: list[tuple[str, UpstreamError]] = []
    for resolver in sorted(resolvers, key=lambda r: r.is_online):
        if any(f.target for f in findings) or (resolver.is_online and fetch is None):
            break
        try:
            found = resolver.resolve(claim, index, fetch)
            if fetch:
                found, odd = _decided(claim, found, fetch)
                amiss += [(resolver.name, error) for error in odd]
            findings += found
        except UpstreamError as error:
            failures.append(error)
            amiss.append((resolver.name, error))
    return LookUp(_deduplicated(findings), failures, list(_evidence(amiss)))


def _evidence(amiss: Iterable[tuple[str, UpstreamError]]) -> Iterator[RefusedLookup]:
    for name, error in amiss:
        if isinstance(error, UnexpectedResponse) and isinstance(error.answer, Response):
            answer = error.answer
            yield RefusedLookup(name, error.reason, answer.received_at, Payload.of(answer))


def chosen(names: Sequence[str], resolvers: Sequence[Resolver] = RESOLVERS) -> list[Resolver]:
    """The resolvers of those names; raises UsageError where there is none of a name."""
    known = {resolver.name: resolver for resolver in resolvers}
    unknown = ", ".join(name for name in names if name not in known)
    if unknown:
        raise UsageError(f"no such resolver: {unknown}; there are {', '.join(known)}")
    return [known[name] for name in names]


def _decided(
    claim: Claim, findings: Sequence[Resolution], fetch: Fetcher
) -> tuple[list[Resolution], list[UnexpectedResponse]]:
    """Candidates at `claimed` are held against an archived copy of each: its text decides.

    The likeliest reading of where the claim's text lies counts that any of them has. Two of them
    that have it: both refused. Copies of no known shape are told besides. Raises UpstreamError.
    """
    open_ones = [item for item in findings if item.target and item.level is Level.CLAIMED]
    if not open_ones:
        return list(findings), []
    texts: list[tuple[str, tuple[str, ...]]] = []
    odd: list[UnexpectedResponse] = []
    for target in [item.target for item in open_ones if item.target]:
        try:
            texts.append(_copied_text(claim, target, fetch))
        except UnexpectedResponse as error:
            texts.append(("", ()))
            odd.append(error)
    readings = [claim.text, *(reading.text for reading in claim.alternatives)]
    scores = [0.0] * len(texts)
    for reading in filter(None, readings):
        scores = [agreement(reading, text, true_codes=codes) for text, codes in texts]
        if any(score >= AGREES_FROM for score in scores):
            break
    count = sum(score >= AGREES_FROM for score in scores)
    settled = [item for item in findings if item not in open_ones]
    for finding, (text, _), score in zip(open_ones, texts, scores, strict=True):
        settled.append(_verdict(finding, text, score, count))
    return settled, odd


def _copied_text(claim: Claim, target: Target, fetch: Fetcher) -> tuple[str, tuple[str, ...]]:
    """The text that an archived copy of a candidate shows, and its codes; "" where none does.

    Raises UpstreamError.
    """
    embed = WAYBACK.parse(target, WAYBACK.ask(target, claim.handle, fetch)).embed
    return (embed.marked_text, embed.codes) if embed else ("", ())


def _verdict(finding: Resolution, text: str, score: float, count: int) -> Resolution:
    evidence = {**finding.evidence, "agreement": round(score, 3), "text": text}
    refused = None
    if not text:
        refused = "no archived copy shows what it says"
    elif score < AGREES_FROM:
        refused = "its archived copy says something else"
    elif count > 1:
        refused = f"{count} archived posts of that day have the text"
    target = None if refused else finding.target
    return replace(finding, level=Level.MATCHED, target=target, evidence=evidence, refused=refused)


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
