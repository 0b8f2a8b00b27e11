"""Captures → what is written of them. Pure: whoever asks makes it, before the file is held.

To write an embed as JSON and to compress an answer takes about as long as to store both. Made by
the threads that ask, it goes on while the thread that stores waits for the disk, and no
transaction lasts the longer for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from .. import snowflake
from ..codec import storable, storable_or_none, to_json
from ..models import Capture, Embed, Target
from .rows import post_key, squeeze, to_stamp
from .search import spaced


class Told(NamedTuple):
    """A post's identity and what is told of it, as its row has them; None where it is not told."""

    network: str
    post_id: str
    handle: str | None = None
    created_at: str | None = None

    def after(self, earlier: Told) -> Told:
        """The same with what only an earlier word tells; the last word counts."""
        return Told(
            self.network,
            self.post_id,
            self.handle or earlier.handle,
            self.created_at or earlier.created_at,
        )


class Packed(NamedTuple):
    """Bytes as they are kept."""

    compression: str
    body: bytes
    size: int
    """Before they were compressed."""


class WrittenEmbed(NamedTuple):
    """An embed as its row, its line of the full-text index and its codes have it."""

    columns: tuple[str, str, str, str]
    """`embed`, `handle`, `name` and `text`."""
    words: tuple[str, str, str]
    """`text`, `author` and `alt`."""
    codes: tuple[tuple[str, str, str, str], ...]
    """Code, network, post id and handle of each."""


class WrittenCapture(NamedTuple):
    """A capture as it is written down."""

    capture: Capture
    told: Told
    packed: Packed
    columns: tuple[object, ...]
    """`backend` to `headers`."""
    embed: WrittenEmbed | None


def written(capture: Capture) -> WrittenCapture:
    """All that can be said of a capture's rows without the archive."""
    payload, embed = capture.payload, capture.embed
    columns = (
        capture.backend,
        capture.outcome.value,
        storable_or_none(capture.reason),
        to_stamp(capture.captured_at),
        payload.digest,
        storable(payload.url),
        payload.status,
        to_json(payload.headers),
    )
    told, shown = told_of(capture.target), None
    if embed is not None:
        made = to_stamp(embed.created_at)
        told = Told(told.network, told.post_id, storable(embed.author.handle) or None, made)
        shown = written_embed(embed)
    return WrittenCapture(capture, told, packed_of(payload.body), columns, shown)


def written_embed(embed: Embed) -> WrittenEmbed:
    author = embed.author
    handle, name = storable(author.handle), storable(author.name)
    alts = "\n".join(media.alt for media in embed.media if media.alt)
    return WrittenEmbed(
        (to_json(embed), handle, name, storable(embed.text)),
        (spaced(embed.text), spaced(f"{author.name} {author.handle}"), spaced(alts)),
        tuple(dict.fromkeys(_owners(embed))),
    )


def packed_of(body: bytes) -> Packed:
    return Packed(*squeeze(body), len(body))


def told_of(target: Target) -> Told:
    """The identity alone."""
    return Told(storable(target.network), storable(target.post_id))


def new_row(target: Target, told: Told) -> tuple[str, str, str, str | None, str | None]:
    """The columns of a post's row that is made, after its id: `network` to `created_at`."""
    made = told.created_at or to_stamp(_moment_of(target))
    return told.network, told.post_id, post_key(target), told.handle, made


def _moment_of(target: Target) -> datetime | None:
    """The moment in an X id; `isdecimal` alone would let other scripts' digits through."""
    post_id = target.post_id
    if target.network != "x" or not (post_id.isascii() and post_id.isdecimal()):
        return None
    return snowflake.created_at(post_id) if len(post_id) < 20 else None


def _owners(embed: Embed) -> Iterator[tuple[str, str, str, str]]:
    """Code, network, id and handle: what an embed and those inside it tie together."""
    target, handle = embed.target, storable(embed.author.handle)
    codes = (*embed.codes, *(media.code for media in embed.media if media.code))
    # The links of a post that only repeats another are that one's.
    for code in () if embed.repost else codes:
        yield storable(code), storable(target.network), storable(target.post_id), handle
    for inner in (embed.quote, embed.repost, embed.parent):
        if inner is not None:
            yield from _owners(inner)
