"""A claim and a candidate post → a Resolution: matched, or refused with the reason. Pure.

A post is never taken against what the document itself says: its handle and its UTC day.
"""

from __future__ import annotations

from collections.abc import Mapping

from .. import snowflake
from ..models import Claim, Level, Resolution, Target


def match(
    rule: str,
    claim: Claim,
    target: Target,
    handle: str | None,
    evidence: Mapping[str, object],
    *,
    needs_both: bool = False,
) -> Resolution:
    """Take the candidate unless the claim's handle or day contradicts it.

    The day of a printed date is the UTC day of the id, give or take the claim's tolerance.
    `needs_both`: handle and day must both be known and agree, for a tie that proves little alone.
    """
    made = snowflake.created_at(target.post_id)
    facts = {
        **evidence,
        "candidate": target.post_id,
        "claimed_handle": claim.handle,
        "candidate_handle": handle,
        "claimed_day": claim.date.isoformat() if claim.date else None,
        "candidate_day": made.date().isoformat() if made else None,
    }
    is_same = _same_handle(claim, handle)
    is_on_day = claim.date and snowflake.is_on_day(
        target.post_id, claim.date, tolerance_days=claim.date_tolerance
    )
    refused = None
    if is_same is False:
        refused = f"the document names @{claim.handle}, the post is by @{handle}"
    elif is_on_day is False:
        refused = f"the document says {facts['claimed_day']}, the id {facts['candidate_day']} UTC"
    elif needs_both and not (is_same and is_on_day):
        refused = (
            "a link to a post without its media may be a quoted post: handle and day must agree"
        )
    return Resolution(rule, Level.MATCHED, None if refused else target, facts, refused)


def _same_handle(claim: Claim, handle: str | None) -> bool | None:
    if not claim.handle or not handle:
        return None
    return claim.handle.lower() == handle.lower()
