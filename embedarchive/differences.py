"""The visits to a post, oldest first → what each found changed, typed. Pure.

What one service shows is compared with what the same service showed before: another one tells
less, or in other words, and that is no change of the post.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from .models import Capture, Counts, Embed, Outcome


class Change(StrEnum):
    """What can change."""

    TEXT = "text"
    EDITS = "edits"
    """The chain of edited versions, or that there is a newer one."""
    NAME = "name"
    HANDLE = "handle"
    AVATAR = "avatar"
    COUNTS = "counts"
    MEDIA = "media"
    GONE = "gone"
    """It was there, or gone in another way."""
    RETURNED = "returned"
    """It was proven gone."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change; both sides as text for people, None where there was nothing."""

    kind: Change
    before: str | None
    after: str | None


def differences(
    captures: Sequence[Capture], *, archives: Container[str] = ()
) -> list[tuple[Difference, ...]]:
    """For each capture what it found changed since those before it; the first of all: nothing.

    `archives` names the backends that hold old copies: they tell nothing of the post's state.
    """
    found: list[tuple[Difference, ...]] = []
    shown: dict[str, Embed] = {}
    state: Outcome | None = None
    for capture in captures:
        changes: list[Difference] = []
        is_telling = capture.outcome is not Outcome.UNKNOWN and capture.backend not in archives
        if is_telling:
            changes += _of_state(state, capture.outcome)
            # What proves nothing leaves standing what was proven.
            if capture.outcome is Outcome.AVAILABLE or capture.outcome.is_proven_gone:
                state = capture.outcome
        if capture.embed is not None:
            last = shown.get(capture.backend)
            changes += [] if last is None else between(last, capture.embed)
            shown[capture.backend] = capture.embed
        found.append(tuple(changes))
    return found


def between(before: Embed, after: Embed) -> list[Difference]:
    """What differs between two embeds of one post; what either does not tell does not differ."""
    sides: list[tuple[Change, str | None, str | None]] = [
        (Change.TEXT, before.text, after.text),
        (Change.EDITS, _edits(before), _edits(after)),
        (Change.NAME, before.author.name, after.author.name),
        (Change.HANDLE, before.author.handle, after.author.handle),
        (Change.AVATAR, before.author.avatar_url, after.author.avatar_url),
        (Change.COUNTS, *_counts(before.counts, after.counts)),
        (Change.MEDIA, _media(before), _media(after)),
    ]
    return [
        Difference(kind, old, new)
        for kind, old, new in sides
        if old != new and old is not None and new is not None
    ]


def _of_state(before: Outcome | None, after: Outcome) -> Iterable[Difference]:
    was_gone = before is not None and before.is_proven_gone
    if after.is_proven_gone and before not in (None, after):
        yield Difference(Change.GONE, before, after)
    elif after is Outcome.AVAILABLE and was_gone:
        yield Difference(Change.RETURNED, before, after)


def _edits(embed: Embed) -> str | None:
    if embed.edits is None:
        return None
    return " ".join(embed.edits.post_ids) + (" (there is a newer one)" * embed.edits.is_stale)


def _counts(before: Counts, after: Counts) -> tuple[str, str]:
    """The counts that both sides tell and that differ."""
    pairs = [
        (item.name, getattr(before, item.name), getattr(after, item.name))
        for item in fields(Counts)
    ]
    told = [(name, a, b) for name, a, b in pairs if a is not None and b is not None and a != b]
    return (
        ", ".join(f"{a} {name}" for name, a, _ in told),
        ", ".join(f"{b} {name}" for name, _, b in told),
    )


def _media(embed: Embed) -> str:
    return "\n".join(
        " ".join(filter(None, (item.url, item.availability, item.alt))) for item in embed.media
    )
