"""Expected references against those found: which fields agree, what is too much. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from _material import squeeze
from _tables import Tally

from embedarchive.models import Reference

FIELDS = ("id", "handle", "name", "date", "text", "media")
Expected = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Miss:
    """A field of an expected reference that was not found as it should be."""

    field: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected!r}\n      got {self.got!r}"


@dataclass(slots=True)
class Comparison:
    """One document's expected references beside those found."""

    tallies: dict[str, Tally] = field(default_factory=lambda: dict.fromkeys(FIELDS, Tally()))
    misses: list[Miss] = field(default_factory=list)
    unasked: list[Miss] = field(default_factory=list)
    """Texts where the document is said to hold none: a placeholder taken for a post's words."""
    matched: list[tuple[Expected, Reference]] = field(default_factory=list)
    extra: list[Reference] = field(default_factory=list)
    """Found, and not expected."""


def compare(expected: Sequence[Expected], found: Iterable[Reference]) -> Comparison:
    """Pair each expected reference with the one found that agrees best, and judge its fields.

    A field that is expected to be null is not asked for.
    """
    result = Comparison()
    left = list(found)
    for wanted in sorted(expected, key=lambda wanted: wanted["id"] is None):
        best = max(left, key=lambda reference: _agreement(wanted, reference), default=None)
        if best is not None and _agreement(wanted, best) == 0:
            best = None
        if best is not None:
            left.remove(best)
            result.matched.append((wanted, best))
        _judge(result, wanted, best)
    result.extra = left
    return result


def is_id_of(post_id: str | None, expected: str) -> bool:
    """Whether ours is the expected id; some networks' ids carry the account before it."""
    return post_id is not None and (post_id == expected or post_id.endswith("/" + expected))


def value_of(reference: Reference, name: str) -> Any:
    """A field of a reference in the words of the expected values."""
    claim = reference.claim
    if name == "id":
        return claim.post_id
    if name == "date":
        return claim.date.isoformat() if claim.date else None
    if name == "media":
        keys = [flag.partition(":")[2] for flag in claim.flags if flag.startswith("media")]
        return [*claim.codes, *keys]
    return getattr(claim, name)


def _judge(result: Comparison, wanted: Expected, found: Reference | None) -> None:
    for name in FIELDS:
        value = wanted[name]
        got = value_of(found, name) if found else None
        if value is None or value == []:
            if name == "text" and got:
                result.unasked.append(Miss(name, value, got))
            continue
        is_right = found is not None and _is_same(name, value, got)
        result.tallies[name] += Tally(int(is_right), 1)
        if not is_right:
            result.misses.append(Miss(name, value, got))


def _is_same(name: str, expected: Any, got: Any) -> bool:
    if name == "id":
        return is_id_of(got, expected)
    if name == "text":
        return squeeze(got) == squeeze(expected)
    if name == "media":
        return all(key.rpartition(":")[2] in got for key in expected)
    return bool(got == expected)


def _agreement(wanted: Expected, reference: Reference) -> float:
    """How likely a reference found is the one wanted; 0 where it cannot be."""
    claim = reference.claim
    if claim.network != wanted.get("network", "x"):
        return 0
    if wanted["id"] is not None and claim.post_id is not None:
        if not is_id_of(claim.post_id, wanted["id"]):
            return 0
        score = 100.0
    elif wanted["id"] is None and claim.post_id is not None:
        score = 0.1
    else:
        score = 0.5
    for name in FIELDS[1:]:
        value = wanted[name]
        if value and _is_same(name, value, value_of(reference, name)):
            score += 2 if name in ("handle", "date") else 1
    return score
