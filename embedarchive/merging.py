"""What several services tell of one post → one embed that holds what any of them does. Pure.

Each answer is kept as it came; they are merged when they are read. The one that is in force is
shown, and where it is silent another may speak, as long as it shows the same text: what was said
of an edited or a mistaken text is not said of this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from .models import Capture, Counts, Embed, Media
from .texts import agrees, normalise

_FILLED = (
    *("quote", "quote_url", "quote_reason", "parent", "parent_reason"),
    *("reply_to_handle", "reply_to_id", "thread_id", "poll", "card", "article", "note"),
    *("repost", "repost_url", "edits", "place", "source_app", "lang", "created_at"),
)
"""Parts of an embed that are taken whole where the one in force has none."""
_IN_PLACE_OF = {
    "quote_url": "quote",
    "quote_reason": "quote",
    "repost_url": "repost",
    "parent_reason": "parent",
}
"""Parts that say nothing beside the one that they stand for."""
_OF_AUTHOR = ("user_id", "avatar_url", "verified", "label", "label_url", "label_badge_url")
_OF_MEDIA = ("alt", "width", "height", "duration_ms", "variants", "title", "description")


@dataclass(frozen=True, slots=True)
class Merged:
    """An embed, and which parts of it another backend than the one in force told."""

    embed: Embed
    told_by: Mapping[str, str]
    """Part (`text`, `alt`, `poll`, ...) → the backend's name."""


def merged(captures: Sequence[Capture]) -> Merged | None:
    """The last good capture's embed, completed from each other backend's last one; None: no good.

    `captures` are in order, the one in force last.
    """
    latest: dict[str, Embed] = {}
    for capture in reversed(captures):
        if capture.embed is not None:
            latest.setdefault(capture.backend, capture.embed)
    if not latest:
        return None
    (_, embed), *others = latest.items()
    told_by: dict[str, str] = {}
    for backend, other in others:
        if _is_same(embed, other):
            embed = _completed(embed, other, backend, told_by)
    return Merged(embed, MappingProxyType(told_by))


def _is_same(embed: Embed, other: Embed) -> bool:
    """Whether both show one text, as far as each has it, of one author."""
    if embed.target != other.target or embed.author.handle.lower() != other.author.handle.lower():
        return False
    if not embed.is_truncated and not other.is_truncated:
        return normalise(embed.text) == normalise(other.text)
    cut, whole = (embed, other) if embed.is_truncated else (other, embed)
    return agrees(f"{cut.text}…", whole.text, true_codes=whole.codes)


def _completed(embed: Embed, other: Embed, backend: str, told_by: dict[str, str]) -> Embed:
    def take(part: str, value: Any, *, of: Any, name: str) -> Any:
        """The value in force, or the other's where there is none."""
        held = getattr(of, name)
        if value in (None, (), "") or held not in (None, (), ""):
            return held
        told_by.setdefault(part, backend)
        return value

    changes = {
        name: take(name, getattr(other, name), of=embed, name=name)
        for name in _FILLED
        if name not in _IN_PLACE_OF or getattr(embed, _IN_PLACE_OF[name]) is None
    }
    if embed.poll or changes["poll"]:
        changes["card"] = embed.card  # a poll is shown as a card by some
    if embed.quote or changes["quote"]:
        changes["quote_url"] = embed.quote_url
    if embed.is_truncated and not other.is_truncated:
        told_by.setdefault("text", backend)
        changes |= {"text": other.text, "entities": other.entities, "is_truncated": False}
    author = {
        name: take("author", getattr(other.author, name), of=embed.author, name=name)
        for name in _OF_AUTHOR
    }
    counts = {
        item.name: take("counts", getattr(other.counts, item.name), of=embed.counts, name=item.name)
        for item in fields(Counts)
    }
    return replace(
        embed,
        **changes,
        author=replace(embed.author, **author),
        counts=Counts(**counts),
        media=_media(embed, other, backend, told_by),
        codes=tuple(dict.fromkeys((*embed.codes, *other.codes))),
        is_sensitive=embed.is_sensitive or other.is_sensitive,
        withheld_in=tuple(dict.fromkeys((*embed.withheld_in, *other.withheld_in))),
    )


def _media(embed: Embed, other: Embed, backend: str, told_by: dict[str, str]) -> tuple[Media, ...]:
    """The other's where there are none; else what it says of the same ones, in the same order."""
    if not embed.media and other.media:
        told_by.setdefault("media", backend)
        return other.media
    if [item.type for item in embed.media] != [item.type for item in other.media]:
        return embed.media
    found = []
    for ours, theirs in zip(embed.media, other.media, strict=True):
        changes = {
            name: getattr(theirs, name)
            for name in _OF_MEDIA
            if not getattr(ours, name) and getattr(theirs, name)
        }
        for name in changes:
            told_by.setdefault("alt" if name == "alt" else "media", backend)
        found.append(replace(ours, **changes))
    return tuple(found)
