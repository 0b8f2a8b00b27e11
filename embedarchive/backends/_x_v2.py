"""A post of X's API v2 with its `includes` → an `Embed`. Pure.

Both sets of names are read: `tweets`, `referenced_tweets`, `edit_history_tweet_ids`, and the same
with `posts`, to which X's machine-readable description moved in 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from ..models import Embed, Poll, PollChoice
from . import _json
from ._json import Object
from ._x_json import embed_of
from ._x_text import code_of

_MOST_ATTACHED = 20
_NONE: Mapping[str, str | None] = {}
_VERIFIED = {"business": "Business", "government": "Government"}


def embed_of_v2(post: Object, includes: Object, errors: Iterable[Object] = ()) -> Embed | None:
    """The post, its quoted post and its parent; None without an id, a text or an author.

    Of a related post that X does not show, `errors` says why.
    """
    reasons = {
        number: _json.text(error, "detail") or _json.text(error, "title")
        for error in errors
        if (number := _json.post_id(error, "resource_id") or _json.post_id(error, "value"))
    }
    embed = embed_of(_as_post(post, includes, 0, reasons))
    return embed and replace(
        embed, poll=_poll(post, includes), source_app=_json.text(post, "source")
    )


def _as_post(
    post: Object, includes: Object, depth: int, reasons: Mapping[str, str | None] = _NONE
) -> Object:
    """The same facts under the names of syndication."""
    long = _json.mapping(post, "note_tweet") or _json.mapping(post, "note_post")
    source = long if _json.text(long, "text") else post
    media = list(_media(post, source, includes))
    counts = _json.mapping(post, "public_metrics")
    authors = _by(includes, "users", "id")
    addressee = authors.get(_json.text(post, "in_reply_to_user_id") or "", {})
    found: dict[str, object] = {
        "id_str": post.get("id"),
        "text": source.get("text"),
        "entities": _entities(_json.mapping(source, "entities")),
        "user": _user(authors.get(_json.text(post, "author_id") or "", {})),
        "created_at": post.get("created_at"),
        "lang": post.get("lang"),
        "possibly_sensitive": post.get("possibly_sensitive"),
        "mediaDetails": media,
        "in_reply_to_screen_name": addressee.get("username"),
        "favorite_count": counts.get("like_count"),
        "reply_count": counts.get("reply_count"),
        "retweet_count": counts.get("retweet_count", counts.get("repost_count")),
        "quote_count": counts.get("quote_count"),
        "bookmark_count": counts.get("bookmark_count"),
        "views": {"count": counts.get("impression_count")},
        "withheld_in_countries": _json.mapping(post, "withheld").get("country_codes"),
        "edit_control": {
            "edit_tweet_ids": post.get("edit_history_tweet_ids", post.get("edit_history_post_ids"))
        },
    }
    if depth == 0:
        found |= _relatives(post, includes, reasons)
    return found


def _relatives(
    post: Object, includes: Object, reasons: Mapping[str, str | None]
) -> dict[str, object]:
    """The quoted or repeated post and the parent: whole, or why they are not included."""
    known = _by(includes, "tweets", "id") | _by(includes, "posts", "id")
    found: dict[str, object] = {}
    for key in ("referenced_tweets", "referenced_posts"):
        for item in islice(_json.items(post, key), _MOST_ATTACHED):
            number = _json.post_id(item, "id")
            if number in known:
                related = _as_post(known[number], includes, 1)
            else:
                words = reasons.get(number or "")
                related = {"id_str": number, "tombstone": {"text": {"text": words}}}
            if item.get("type") == "quoted":
                found["quoted_tweet"] = related
            elif item.get("type") == "retweeted":
                found["retweeted_status"] = related
            elif item.get("type") == "replied_to":
                found["in_reply_to_status_id_str"] = number
                found["parent"] = related
    return found


def _by(includes: Object, key: str, name: str) -> dict[str, Object]:
    return {
        number: item for item in _json.items(includes, key) if (number := _json.text(item, name))
    }


def _user(user: Object) -> Object:
    kind = _json.text(user, "verified_type")
    return {
        "id_str": user.get("id"),
        "screen_name": user.get("username"),
        "name": user.get("name"),
        "profile_image_url_https": user.get("profile_image_url"),
        "protected": user.get("protected"),
        "verified_type": _VERIFIED.get(kind or ""),
        "is_blue_verified": kind == "blue",
        "verified": user.get("verified"),
    }


def _entities(entities: Object) -> Object:
    """Places as [start, end]; a picture's link stands there once for each picture."""
    found: dict[str, list[Mapping[str, object]]] = {
        "urls": [], "media": [], "user_mentions": [], "hashtags": [], "symbols": [],
    }  # fmt: skip
    seen: set[Any] = set()
    for item in _json.items(entities, "urls"):
        place = _place(item)
        if str(place) not in seen:
            seen.add(str(place))
            kind = "media" if _is_media(item) else "urls"
            found[kind].append({**item, "indices": place})
    for key, kind, name, word in (
        ("mentions", "user_mentions", "username", "screen_name"),
        ("hashtags", "hashtags", "tag", "text"),
        ("cashtags", "symbols", "tag", "text"),
    ):
        for item in _json.items(entities, key):
            found[kind].append({"indices": _place(item), word: item.get(name)})
    return found


def _place(item: Object) -> list[object]:
    return [item.get("start"), item.get("end")]


def _is_media(item: Object) -> bool:
    shown = _json.text(item, "display_url") or ""
    return "media_key" in item or shown.startswith(("pic.twitter.com/", "pic.x.com/"))


def _media(post: Object, source: Object, includes: Object) -> Iterator[Object]:
    """What is attached, in order, with the link that stands for it in the text."""
    known = _by(includes, "media", "media_key")
    links = [
        link for link in _json.items(_json.mapping(source, "entities"), "urls") if _is_media(link)
    ]
    for key in _json.strings(_json.mapping(post, "attachments"), "media_keys")[:_MOST_ATTACHED]:
        item = known.get(key)
        if item is None:
            continue
        link = next((link for link in links if link.get("media_key") == key), None)
        link = link or next((link for link in links if code_of(_json.text(link, "url"))), {})
        yield {
            "type": item.get("type"),
            "media_url_https": item.get("url") or item.get("preview_image_url"),
            "url": link.get("url"),
            "expanded_url": link.get("expanded_url"),
            "ext_alt_text": item.get("alt_text"),
            "original_info": {"width": item.get("width"), "height": item.get("height")},
            "video_info": {
                "duration_millis": item.get("duration_ms"),
                "variants": [
                    {**variant, "bitrate": variant.get("bit_rate")}
                    for variant in _json.items(item, "variants")
                ],
            },
        }


def _poll(post: Object, includes: Object) -> Poll | None:
    known = _by(includes, "polls", "id")
    for key in _json.strings(_json.mapping(post, "attachments"), "poll_ids"):
        poll = known.get(key, {})
        choices = tuple(
            PollChoice(label, _json.number(option, "votes"))
            for option in _json.items(poll, "options")
            if (label := _json.text(option, "label"))
        )
        if choices:
            return Poll(
                choices=choices,
                ends_at=_json.moment(poll, "end_datetime"),
                is_final=poll.get("voting_status") == "closed",
                duration_minutes=_json.number(poll, "duration_minutes"),
            )
    return None
