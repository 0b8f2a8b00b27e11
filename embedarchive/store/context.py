"""A post and what it quotes and answers, put together from what is held of each. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ..codec import from_json, storable
from ..models import Embed, Outcome, Target
from .connection import Connection

MOST_STEPS = 20
"""Posts above each other, or quoted in each other."""
_ADDRESS = re.compile(r"https://x\.com/i/status/([0-9]{1,19})")
"""How a backend names a quoted or repeated post that it does not give."""

_LAST_EMBED = """
SELECT posts.id, embeds.embed
FROM posts
JOIN captures ON captures.post = posts.id AND captures.outcome = 'available'
JOIN embeds ON embeds.post = captures.post AND embeds.payload = captures.payload
    AND embeds.backend = captures.backend
WHERE posts.network = ? AND posts.post_id = ?
ORDER BY captures.id DESC LIMIT 1
"""

_LAST_OUTCOME = """
SELECT captures.outcome
FROM posts JOIN captures ON captures.post = posts.id AND captures.outcome <> 'unknown'
WHERE posts.network = ? AND posts.post_id = ? ORDER BY captures.id DESC LIMIT 1
"""


@dataclass(slots=True)
class Context:
    """What was found around a post."""

    posts: list[int] = field(default_factory=list)
    """Rows of the posts that were put in: their media belong to it."""
    gaps: dict[Target, Outcome] = field(default_factory=dict)
    """Posts that are named, not held, and were asked for: what came of it."""


def named(embed: Embed) -> tuple[Target, ...]:
    """The posts that an embed names and lacks: quoted, repeated, answered, first of its thread.

    What it holds may name others in turn.
    """
    found: list[Target] = []
    for held, url in ((embed.quote, embed.quote_url), (embed.repost, embed.repost_url)):
        target = _named_by(url, embed)
        if held is not None:
            found += named(held)
        elif target is not None:
            found.append(target)
    if embed.parent is not None:
        found += named(embed.parent)
    elif embed.reply_to_id is not None:
        found.append(Target(embed.target.network, embed.reply_to_id))
    if embed.thread_id not in (None, embed.target.post_id):
        found.append(Target(embed.target.network, str(embed.thread_id)))
    return tuple(dict.fromkeys(found))


def _named_by(url: str | None, embed: Embed) -> Target | None:
    match = _ADDRESS.fullmatch(url or "")
    return Target(embed.target.network, match[1]) if match else None


class Contexts(Connection):
    """The archive's posts in their threads."""

    def is_visited(self, target: Target) -> bool:
        """Whether anything was captured of a post, or it was taken down."""
        sql = (
            "SELECT 1 FROM posts WHERE network = ? AND post_id = ? AND (forgotten_at IS NOT NULL"
            " OR EXISTS (SELECT 1 FROM captures WHERE post = posts.id))"
        )
        return self._row(sql, storable(target.network), storable(target.post_id)) is not None

    def _in_context(self, embed: Embed) -> tuple[Embed, Context]:
        """The embed with what it quotes and answers, as far up as that is held; no post twice."""
        context = Context()
        return self._completed(embed, frozenset({embed.target}), context, MOST_STEPS), context

    def _completed(
        self, embed: Embed, seen: frozenset[Target], context: Context, steps: int
    ) -> Embed:
        parent, quote, repost = embed.parent, embed.quote, embed.repost
        if parent is None and embed.reply_to_id is not None:
            parent = self._held_of(Target(embed.target.network, embed.reply_to_id), seen, context)
        quoted, repeated = (_named_by(url, embed) for url in (embed.quote_url, embed.repost_url))
        if quote is None and quoted is not None:
            quote = self._held_of(quoted, seen, context)
        if repost is None and repeated is not None:
            repost = self._held_of(repeated, seen, context)
        if (parent, quote, repost) == (None, None, None) or not steps:
            return embed
        return replace(
            embed,
            parent=self._further(parent, seen, context, steps),
            quote=self._further(quote, seen, context, steps),
            quote_url=None if quote else embed.quote_url,
            repost=self._further(repost, seen, context, steps),
            repost_url=None if repost else embed.repost_url,
        )

    def _further(
        self, embed: Embed | None, seen: frozenset[Target], context: Context, steps: int
    ) -> Embed | None:
        if embed is None or embed.target in seen:
            return None
        return self._completed(embed, seen | {embed.target}, context, steps - 1)

    def _held_of(self, target: Target, seen: frozenset[Target], context: Context) -> Embed | None:
        identity = (storable(target.network), storable(target.post_id))
        row = None if target in seen else self._row(_LAST_EMBED, *identity)
        if row is not None:
            context.posts.append(row["id"])
            return from_json(Embed, row["embed"])
        last = None if target in seen else self._row(_LAST_OUTCOME, *identity)
        if last is not None:
            context.gaps[target] = Outcome(last["outcome"])
        return None
