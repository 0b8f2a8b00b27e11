"""What was learnt of a reference → which of it counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..codec import to_json
from ..models import Level, Resolution

_RANK = {
    Level.CLAIMED: 0,
    Level.MATCHED: 1,
    Level.OBSERVED: 2,
    Level.VERIFIED: 2,
    Level.DISPUTED: 2,
}


def in_force(history: Mapping[int, Resolution]) -> int | None:
    """Which of a reference's resolutions (by id, oldest first) counts; None where none does.

    The target is what a person said last; else what the best level says; else the newest. Of
    what stands for that target, the best level counts, then the newest. A refusal takes back
    what its rule said of the same candidate before; a person's, all that they said.
    """
    standing: dict[int, Resolution] = {}
    for number, resolution in history.items():
        if resolution.refused is None:
            standing[number] = resolution
        else:
            standing = {
                earlier: one for earlier, one in standing.items() if not _bears_on(one, resolution)
            }
    by_hand = [one.target for one in standing.values() if one.rule == "manual"]
    if by_hand:
        standing = {n: one for n, one in standing.items() if one.target == by_hand[-1]}
    return max(standing, key=lambda n: (_RANK[standing[n].level], n), default=None)


def is_news(resolution: Resolution, history: Mapping[int, Resolution]) -> bool:
    """Whether a resolution says more than its rule's last word on the same question."""
    related = [earlier for earlier in history.values() if _bears_on(earlier, resolution)]
    return not related or to_json(related[-1]) != to_json(resolution)


def _bears_on(earlier: Resolution, later: Resolution) -> bool:
    """Whether the later one, of the same rule, confirms or changes what the earlier one said."""
    if earlier.rule != later.rule:
        return False
    are_both_findings = earlier.refused is None and later.refused is None
    return later.rule == "manual" or are_both_findings or subject(earlier) == subject(later)


def subject(resolution: Resolution) -> str | None:
    """The id that a resolution is about: the target's, or that of the candidate it refuses."""
    if resolution.target is not None:
        return resolution.target.post_id
    candidate = resolution.evidence.get("candidate")
    return None if candidate is None else str(candidate).rpartition(":")[2]
