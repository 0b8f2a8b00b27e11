"""Handle, day and text of the claim → the post that another document or a payload names so."""

from __future__ import annotations

from dataclasses import replace

from ..models import Claim, Fetcher, Index, KnownClaim, Resolution, Target
from ..texts import AGREES_FROM, agreement
from ._match import match


class CrossArticle:
    """Another article of the archive still holds the link: needs no network."""

    name = "cross_article"
    is_online = False

    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        """One finding for each post of that handle and day with that text; two: both refused.

        The ids of X alone tell their day. Of the ways to read where the text lies, the likeliest
        that any post has counts.
        """
        readings = [claim.text, *(reading.text for reading in claim.alternatives)]
        if claim.network != "x" or not claim.handle or claim.date is None or not any(readings):
            return []
        known = index.claims_like(claim)
        fitting = next(filter(None, (_fitting(text, known) for text in readings if text)), {})
        findings = [
            match(
                self.name,
                claim,
                target,
                one.claim.handle,
                {"source": one.source, "agreement": round(score, 3)},
            )
            for target, (one, score) in fitting.items()
        ]
        taken = sorted(str(finding.target) for finding in findings if finding.target)
        if len(taken) < 2:
            return findings
        words = f"several posts of that day have the text: {', '.join(taken)}"
        return [
            replace(finding, target=None, refused=words) if finding.target else finding
            for finding in findings
        ]


RESOLVER = CrossArticle()


def _fitting(text: str, known: list[KnownClaim]) -> dict[Target, tuple[KnownClaim, float]]:
    """The posts with that text, each with the first who says so and how far the texts agree."""
    fitting: dict[Target, tuple[KnownClaim, float]] = {}
    for one in known:
        score = agreement(text, one.claim.text or "", true_codes=one.claim.codes)
        if score >= AGREES_FROM:
            fitting.setdefault(one.target, (one, score))
    return fitting
