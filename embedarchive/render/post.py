"""An Embed, or a bare Claim, → what one post shows, in words and links. Pure; knows no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ..models import (
    Author,
    Claim,
    CommunityNote,
    Counts,
    EditHistory,
    Embed,
    Entity,
    Outcome,
    Target,
)
from ..networks import NETWORKS
from ..snowflake import created_at
from . import words
from .attachments import (
    MediaFiles,
    article_head,
    ballot,
    copied,
    image_file,
    medium_view,
    preview,
    web_url,
)
from .view import Byline, Link, Note, Piece, Post
from .words import Moment

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
"""A language tag as far as HTML's checkers look (BCP 47)."""


Gaps = Mapping[Target, Outcome]
"""Posts that are named and not held, with what came of asking for them."""
NO_GAPS: Gaps = MappingProxyType({})
MOST_ABOVE = 20
"""Posts shown above one that answers them."""


def post_url(target: Target, handle: str | None = None) -> str | None:
    """The post's address at its service, where the network is known."""
    for network in NETWORKS:
        if network.name == target.network:
            return web_url(network.canonical_url(target.post_id, handle))
    return None


def post_of_embed(
    embed: Embed,
    files: MediaFiles,
    gaps: Gaps = NO_GAPS,
    *,
    depth: int = 1,
    above: int = MOST_ABOVE,
) -> Post:
    """What a captured post shows; quoted posts nest `depth` deep, then are links.

    So do the posts that it answers, one the other, `above` of them.
    """
    handle = embed.author.handle
    date, date_note = _date(embed)
    quote = embed.quote if depth else None
    repost = embed.repost if depth and above else None
    parent = embed.parent if above else None
    return Post(
        network=words.network_name(embed.target.network),
        post_id=embed.target.post_id,
        url=post_url(embed.target, handle),
        byline=_byline(embed.author, embed.target.network, files),
        pieces=_pieces(embed.text, embed.entities),
        lang=embed.lang if embed.lang and _LANGUAGE.fullmatch(embed.lang) else None,
        direction=embed.direction if embed.direction in ("ltr", "rtl") else None,
        is_truncated=embed.is_truncated,
        replying_to=_replying_to(embed),
        thread=_thread(embed),
        media=tuple(medium_view(medium, handle, files) for medium in embed.media),
        is_sensitive=embed.is_sensitive,
        poll=ballot(embed.poll) if embed.poll else None,
        preview=preview(embed.card, files) if embed.card else None,
        article=article_head(embed.article, files) if embed.article else None,
        note=_note(embed.note) if embed.note else None,
        quote=post_of_embed(quote, files, gaps, depth=depth - 1, above=0) if quote else None,
        repost=post_of_embed(repost, files, gaps, depth=1, above=0) if repost else None,
        reposted=None if repost else _reposted(embed),
        quoted_gap=_gap(_id_of(embed.quote_url), embed.target, gaps),
        quoted_words=None if embed.quote else embed.quote_reason,
        quoted=None if quote else _quoted(embed),
        parent=post_of_embed(parent, files, gaps, depth=depth, above=above - 1) if parent else None,
        parent_gap=None if parent else _gap(embed.reply_to_id, embed.target, gaps),
        parent_words=None if embed.parent else embed.parent_reason,
        edits=_edits(embed.edits, embed.target) if embed.edits else None,
        newer=_newer(embed.edits, embed.target) if embed.edits else None,
        place=embed.place,
        withheld=_withheld(embed.withheld_in),
        app=embed.source_app,
        date=date,
        date_note=date_note,
        counts=_counts(embed.counts),
    )


def post_of_claim(claim: Claim) -> Post:
    """What an article says of a post that was never seen."""
    post = Post(
        network=words.network_name(claim.network),
        post_id=claim.post_id,
        url=None,
        byline=Byline(
            name=claim.name or (f"@{claim.handle}" if claim.handle else "Author not named"),
            handle=claim.handle,
            url=_profile_url(claim.network, claim.handle),
            initial=_initial(claim.name or claim.handle or "?"),
        ),
        pieces=(Piece(claim.text),) if claim.text else (),
    )
    if claim.date is None:
        return post
    return replace(post, date=words.day(claim.date), date_note="as the article prints it")


def _profile_url(network: str, handle: str | None) -> str | None:
    if network != "x" or handle is None or not re.fullmatch(r"[A-Za-z0-9_]{1,20}", handle):
        return None
    return f"https://x.com/{handle}"


def _initial(name: str) -> str:
    return next((char.upper() for char in name if char.isalnum()), "·")


def _byline(author: Author, network: str, files: MediaFiles) -> Byline:
    avatar = image_file(files, author.avatar_url)
    return Byline(
        name=author.name or f"@{author.handle}",
        handle=author.handle or None,
        url=_profile_url(network, author.handle),
        initial=_initial(author.name or author.handle),
        avatar=avatar,
        avatar_shape=author.avatar_shape,
        avatar_copied=copied(avatar),
        verified=words.verified_words(author.verified),
        label=Link(author.label, web_url(author.label_url)) if author.label else None,
        badge=image_file(files, author.label_badge_url),
        is_protected=author.protected,
    )


def _pieces(text: str, entities: Iterable[Entity]) -> tuple[Piece, ...]:
    """The text cut at its links; an entity that lies outside it or over another is left out."""
    pieces: list[Piece] = []
    cursor = 0
    for entity in entities:
        if not cursor <= entity.start < entity.end <= len(text):
            continue
        if entity.start > cursor:
            pieces.append(Piece(text[cursor : entity.start]))
        pieces.append(Piece(entity.label, web_url(entity.url), entity.type))
        cursor = entity.end
    if cursor < len(text):
        pieces.append(Piece(text[cursor:]))
    return tuple(pieces)


def _replying_to(embed: Embed) -> Link | None:
    handle, post_id = embed.reply_to_handle, embed.reply_to_id
    if handle is None and post_id is None:
        return None
    text = f"@{handle}" if handle else f"post {post_id}"
    if post_id is None:
        return Link(text, _profile_url(embed.target.network, handle))
    return Link(text, post_url(Target(embed.target.network, post_id), handle))


def _gap(post_id: str | None, near: Target, gaps: Gaps) -> str | None:
    outcome = gaps.get(Target(near.network, post_id)) if post_id else None
    return words.outcome_words(outcome) if outcome else None


def _id_of(url: str | None) -> str | None:
    """The id that a post's address ends in."""
    return (url or "").rpartition("/status/")[2] or None


def _thread(embed: Embed) -> Link | None:
    if embed.thread_id is None or embed.thread_id == embed.target.post_id:
        return None
    first = Target(embed.target.network, embed.thread_id)
    return Link(f"post {embed.thread_id}", post_url(first, embed.author.handle))


def _quoted(embed: Embed) -> Link | None:
    url = web_url(embed.quote_url)
    if embed.quote:
        url = url or post_url(embed.quote.target, embed.quote.author.handle)
    return Link("another post", url) if url or embed.quote_reason else None


def _reposted(embed: Embed) -> Link | None:
    url = web_url(embed.repost_url)
    if embed.repost:
        url = url or post_url(embed.repost.target, embed.repost.author.handle)
    return Link("another post", url) if url else None


def _note(note: CommunityNote) -> Note:
    title = note.title or "Readers added context"
    return Note(title, _pieces(note.text, note.entities), web_url(note.url))


def _edits(edits: EditHistory, target: Target) -> str | None:
    if not edits.is_edited and len(edits.post_ids) < 2:
        return None
    if target.post_id not in edits.post_ids:
        return "This post was edited."
    version = edits.post_ids.index(target.post_id) + 1
    return f"This post was edited: this is version {version} of {len(edits.post_ids)}."


def _newer(edits: EditHistory, target: Target) -> Link | None:
    newest = edits.post_ids[-1] if edits.post_ids else target.post_id
    if not edits.is_stale and newest == target.post_id:
        return None
    url = None if newest == target.post_id else post_url(Target(target.network, newest))
    return Link("A newer version of this post exists", url)


def _withheld(countries: tuple[str, ...]) -> str | None:
    """X's codes are those of countries, and two of its own."""
    places = [code for code in countries if code not in _EVERYWHERE]
    told = [f"in {', '.join(places)}"] if places else []
    told += [words for code, words in _EVERYWHERE.items() if code in countries]
    return f"Withheld {'; '.join(told)}" if told else None


_EVERYWHERE = {"XX": "everywhere", "XY": "everywhere, on a copyright claim"}


def moment_of_id(target: Target) -> Moment | None:
    """The time that an X id holds."""
    if target.network != "x" or not re.fullmatch(r"[0-9]{1,19}", target.post_id):
        return None
    made = created_at(target.post_id)
    return None if made is None else words.moment(made)


def _date(embed: Embed) -> tuple[Moment | None, str | None]:
    if embed.created_at is not None:
        return words.moment(embed.created_at), None
    from_id = moment_of_id(embed.target)
    if from_id is not None:
        return from_id, "by its id"
    if embed.created_on is not None:
        return words.day(embed.created_on), "UTC day"
    return None, None


def _counts(counts: Counts) -> tuple[str, ...]:
    named = (
        (counts.replies, "reply", "replies"),
        (counts.reposts, "repost", "reposts"),
        (counts.quotes, "quote", "quotes"),
        (counts.likes, "like", "likes"),
        (counts.bookmarks, "bookmark", "bookmarks"),
        (counts.views, "view", "views"),
    )
    return tuple(words.number(count, one, many) for count, one, many in named if count is not None)
