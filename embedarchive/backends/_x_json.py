"""A post as X's JSON tells it → an `Embed` that holds every field we can show. Pure.

Tolerant: a field that is absent or of another type is not shown, and never an error. What one
cannot do without is an id, a text and an author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from .. import snowflake
from ..models import (
    Author,
    CommunityNote,
    Counts,
    EditHistory,
    Embed,
    Entity,
    Media,
    MediaVariant,
    Target,
)
from . import _json
from ._json import Object
from ._x_card import article_of, card_of, poll_of
from ._x_text import code_of, utf16_index, visible_text

MAX_TEXT = 100_000
"""Characters. Long posts end at 25 000; an answer above this is none of the service's."""

MAX_REASON = 1_000
"""Characters of a tombstone. The longest known one has 200."""

HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")
_NO_LANGUAGE = frozenset({"und", "zxx", "unk", "art", "mis", "mul"})
_RENAMED = {"in": "id", "iw": "he", "ji": "yi"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_SHAPES = {"Square": "square", "Hexagon": "hexagon"}
_MEDIA_TYPES = {"photo": "photo", "video": "video", "animated_gif": "gif"}
_VERIFIED = {"Business": "business", "Government": "government"}


def language(code: str | None) -> str | None:
    """BCP 47 for a code of X: its old ones renamed; None for "undetermined" and the like."""
    if not code or code in _NO_LANGUAGE or (code.startswith("q") and len(code) == 3):
        return None
    code = _RENAMED.get(code, code)
    return code if _LANGUAGE.fullmatch(code) else None


def embed_of(post: Object, depth: int = 0, *, is_escaped: bool = True) -> Embed | None:
    """The post, what it quotes or repeats and its parent; None without an id, a text or an author.

    `is_escaped`: whether `&`, `<` and `>` stand in the text as references.
    """
    post_id, raw = _json.post_id(post, "id_str"), post.get("text")
    if post_id is None or not isinstance(raw, str) or len(raw) > MAX_TEXT:
        return None
    author = author_of(_json.mapping(post, "user"))
    if author is None:
        return None
    words = visible_text(post, is_escaped=is_escaped)
    media = tuple(_media(post))
    poll = poll_of(_json.mapping(post, "card"))
    card = None if poll else card_of(post)
    media_codes = (item.code for item in media if item.code)
    quoted = _json.mapping(post, "quoted_tweet") if depth < 2 else {}
    parent = _json.mapping(post, "parent") if depth < 2 else {}
    quote = embed_of(quoted, depth + 1, is_escaped=is_escaped)
    repeated = _json.mapping(post, "retweeted_status") if depth < 2 else {}
    repost = embed_of(repeated, depth + 1, is_escaped=is_escaped)
    answered = embed_of(parent, depth + 1, is_escaped=is_escaped)
    return Embed(
        target=Target("x", post_id),
        author=author,
        text=words.text,
        entities=words.entities,
        created_at=_json.moment(post, "created_at") or snowflake.created_at(post_id),
        lang=language(_json.text(post, "lang")),
        media=media,
        quote=quote,
        quote_url=None
        if quote
        else _url_of(
            _json.post_id(quoted, "id_str") or _json.post_id(post, "quoted_status_id_str")
        ),
        repost=repost,
        repost_url=None if repost else _url_of(_json.post_id(repeated, "id_str")),
        quote_reason=None if quote else _said_instead(quoted),
        parent=answered,
        parent_reason=None if answered else _said_instead(parent),
        reply_to_handle=_handle(post, "in_reply_to_screen_name"),
        reply_to_id=_json.post_id(post, "in_reply_to_status_id_str"),
        thread_id=_json.post_id(_json.mapping(post, "self_thread"), "id_str"),
        poll=poll,
        card=card,
        article=article_of(_json.mapping(post, "article")),
        note=_note(_json.mapping(post, "birdwatch_pivot")),
        counts=_counts(post),
        edits=_edits(post),
        is_truncated=bool(_json.mapping(post, "note_tweet")),
        is_sensitive=post.get("possibly_sensitive") is True,
        withheld_in=_json.strings(post, "withheld_in_countries"),
        codes=tuple(dict.fromkeys(chain(words.codes, media_codes))),
    )


def author_of(user: Object) -> Author | None:
    """The author with every badge; None without a usable handle."""
    handle = _handle(user, "screen_name")
    if handle is None:
        return None
    label = _json.mapping(user, "highlighted_label")
    verified = _VERIFIED.get(_json.text(user, "verified_type") or "")
    if verified is None and user.get("is_blue_verified") is True:
        verified = "blue"
    elif verified is None and user.get("verified") is True:
        verified = "legacy"
    return Author(
        handle=handle,
        name=_json.text(user, "name") or handle,
        user_id=_json.text(user, "id_str"),
        avatar_url=_json.web_url(user, "profile_image_url_https"),
        avatar_shape=_SHAPES.get(_json.text(user, "profile_image_shape") or "", "circle"),
        verified=verified,
        label=_json.text(label, "description"),
        label_url=_json.web_url(_json.mapping(label, "url"), "url"),
        label_badge_url=_json.web_url(_json.mapping(label, "badge"), "url"),
        protected=user.get("protected") is True,
    )


def _handle(source: Object, key: str) -> str | None:
    value = _json.text(source, key)
    return value if value and HANDLE.fullmatch(value) else None


def _media(post: Object) -> Iterator[Media]:
    details = list(_json.items(post, "mediaDetails"))
    for item in details:
        url, type_ = _json.web_url(item, "media_url_https"), _json.text(item, "type")
        if url is None or type_ not in _MEDIA_TYPES:
            continue
        size = _json.mapping(item, "original_info")
        film = _json.mapping(item, "video_info")
        more = _json.mapping(item, "additional_media_info")
        is_only = len(details) == 1
        yield Media(
            type=_MEDIA_TYPES[type_],
            url=url,
            alt=_json.text(item, "ext_alt_text"),
            width=_json.number(size, "width"),
            height=_json.number(size, "height"),
            duration_ms=_json.number(film, "duration_millis"),
            variants=tuple(_variants(film, "url", "content_type")),
            availability=_availability(_json.mapping(item, "ext_media_availability")),
            code=code_of(_json.text(item, "url")),
            page_url=_json.web_url(item, "expanded_url"),
            title=_json.text(more, "title"),
            description=_json.text(more, "description"),
            views=_json.number(_json.mapping(item, "ext_media_stats"), "view_count")
            # 0 is what later bodies say of every film.
            or (is_only and _json.number(_json.mapping(post, "video"), "viewCount"))
            or None,
        )
    if not details:
        yield from _lesser_media(post)


def _lesser_media(post: Object) -> Iterator[Media]:
    """The older, poorer lists, for an answer that leaves `mediaDetails` out."""
    for item in _json.items(post, "photos"):
        if url := _json.web_url(item, "url"):
            width, height = _json.number(item, "width"), _json.number(item, "height")
            page = _json.web_url(item, "expandedUrl")
            yield Media("photo", url, width=width, height=height, page_url=page)
    film = _json.mapping(post, "video")
    if poster := _json.web_url(film, "poster"):
        yield Media(
            type="gif" if film.get("contentType") == "gif" else "video",
            url=poster,
            duration_ms=_json.number(film, "durationMs") or None,
            variants=tuple(_variants(film, "src", "type")),
            availability=_availability(_json.mapping(film, "mediaAvailability")),
            views=_json.number(film, "viewCount") or None,
        )


def _variants(film: Object, url_key: str, type_key: str) -> Iterator[MediaVariant]:
    for item in _json.items(film, "variants"):
        url, type_ = _json.web_url(item, url_key), _json.text(item, type_key)
        if url and type_:
            yield MediaVariant(url, type_, _json.number(item, "bitrate"))


def _availability(source: Object) -> str:
    status = (_json.text(source, "status") or "available").lower()
    return status if status == "available" else (_json.text(source, "reason") or status).lower()


def _url_of(known: str | None) -> str | None:
    """Where a post lies that is named but not given."""
    return f"https://x.com/i/status/{known}" if known else None


def _said_instead(related: Object) -> str | None:
    """The words of a tombstone that stands in the place of a post."""
    words = _json.text(_json.mapping(_json.mapping(related, "tombstone"), "text"), "text") or ""
    return words.removesuffix("Learn more").strip()[:MAX_REASON] or None


def _counts(post: Object) -> Counts:
    replies = _json.number(post, "reply_count")
    return Counts(
        likes=_json.number(post, "favorite_count"),
        replies=_json.number(post, "conversation_count") if replies is None else replies,
        reposts=_json.number(post, "retweet_count"),
        quotes=_json.number(post, "quote_count"),
        bookmarks=_json.number(post, "bookmark_count"),
        views=_json.number(_json.mapping(post, "views"), "count"),
    )


def _edits(post: Object) -> EditHistory | None:
    ids = _json.strings(_json.mapping(post, "edit_control"), "edit_tweet_ids")
    is_edited, is_stale = post.get("isEdited") is True, post.get("isStaleEdit") is True
    if not ids and not is_edited and not is_stale:
        return None
    return EditHistory(ids, is_edited or len(ids) > 1, is_stale)


def _note(pivot: Object) -> CommunityNote | None:
    """A community note; its text is not escaped, its indices are checked like all others."""
    subtitle = _json.mapping(pivot, "subtitle")
    note = _json.mapping(pivot, "note")
    summary = _json.mapping(_json.mapping(note, "data_v1"), "summary")
    text = _json.text(subtitle, "text") or _json.text(summary, "text")
    if text is None or len(text) > MAX_TEXT:
        return None
    source = subtitle if _json.text(subtitle, "text") else summary
    return CommunityNote(
        text=text,
        title=_json.text(_json.mapping(pivot, "title"), "text"),
        url=_json.web_url(pivot, "destinationUrl") or _json.web_url(pivot, "destination_url"),
        entities=tuple(_note_links(text, source)),
    )


def _note_links(text: str, source: Object) -> Iterator[Entity]:
    end, all_words = 0, frozenset(text.split())
    for item in _json.items(source, "entities"):
        url = _json.web_url(_json.mapping(item, "ref"), "url")
        first = _json.number(item, "from_index" if "from_index" in item else "fromIndex")
        last = _json.number(item, "to_index" if "to_index" in item else "toIndex")
        if url is None or first is None or last is None:
            continue
        for start, stop in ((first, last), (utf16_index(text, first), utf16_index(text, last))):
            words = text[start:stop]
            # The link is one word of the note: anything else is an index of another base.
            if start >= end and words in all_words:
                yield Entity(start, stop, "url", words, url, code_of(url))
                end = stop
                break
