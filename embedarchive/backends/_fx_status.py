"""A status of FxTwitter, version 1 or 2 of its interface, → an `Embed`. Pure.

What it adds to X's own words: whole long texts, polls, alt texts, community notes, views.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace

from ..models import CommunityNote, Embed, LinkCard, Poll, PollChoice
from . import _json
from ._json import Object
from ._x_json import MAX_REASON, MAX_TEXT, embed_of
from ._x_v1 import iso_date

_VERIFIED = {"organization": "Business", "government": "Government"}
_MEDIA_TYPES = {"photo": "photo", "video": "video", "gif": "animated_gif"}
_CONTENT_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "m3u8": "application/x-mpegURL"}


def status_id(status: Object) -> str | None:
    """The id, in early answers only as the end of the URL."""
    end = (_json.text(status, "url") or "").partition("?")[0].rpartition("/status/")[2]
    return _json.post_id(status, "id") or _json.post_id({"id": end}, "id")


def embed_of_status(status: Object) -> Embed | None:
    """The post and its quoted post; None without an id, a text or an author."""
    quote = _json.mapping(status, "quote")
    is_gone = quote.get("type") == "tombstone"
    quoted = None if is_gone else _plain(quote)
    embed = _plain(status)
    return embed and replace(
        embed,
        quote=quoted,
        quote_url=None if quoted else _quote_url(quote),
        quote_reason=_words_instead(quote) if is_gone else None,
        poll=_poll(_json.mapping(status, "poll")),
        card=_card(_json.mapping(status, "card")),
        note=_note(_json.mapping(status, "community_note")),
        source_app=_json.text(status, "source"),
    )


def _quote_url(quote: Object) -> str | None:
    number = _json.post_id(quote, "id")
    return f"https://x.com/i/status/{number}" if number else _json.web_url(quote, "url")


def _words_instead(tombstone: Object) -> str | None:
    words = _json.text(tombstone, "message") or _json.text(tombstone, "reason")
    return words[:MAX_REASON] if words else None


def _plain(status: Object) -> Embed | None:
    """The post itself."""
    raw = _json.mapping(status, "raw_text")
    words, shown = _json.text(raw, "text"), _json.text(status, "text") or ""
    # Where the whole text is a note, older answers give its beginning only as the raw one.
    is_raw = words is not None and len(words) >= len(shown) // 2
    return embed_of(
        {
            "id_str": status_id(status),
            "text": words if is_raw else status.get("text"),
            "display_text_range": raw.get("display_text_range") if is_raw else None,
            "entities": _entities(raw) if is_raw else {},
            "user": _user(_json.mapping(status, "author")),
            "created_at": iso_date(_json.text(status, "created_at")),
            "lang": status.get("lang"),
            "possibly_sensitive": status.get("possibly_sensitive"),
            "mediaDetails": list(_media(status, raw)),
            "article": status.get("article"),
            "favorite_count": status.get("likes"),
            "reply_count": status.get("replies"),
            "retweet_count": status.get("reposts", status.get("retweets")),
            "quote_count": status.get("quotes"),
            "bookmark_count": status.get("bookmarks"),
            "views": {"count": status.get("views")},
            **_addressee(status),
        },
        # The service unescapes one of its two texts, and at times both.
        is_escaped=is_raw and html.unescape(words or "") != words and "&amp;" not in shown,
    )


def _addressee(status: Object) -> Object:
    """Version 1 names the handle and the post in two fields, version 2 in one object."""
    both = _json.mapping(status, "replying_to")
    return {
        "in_reply_to_screen_name": both.get("screen_name", status.get("replying_to")),
        "in_reply_to_status_id_str": both.get("status", status.get("replying_to_status")),
    }


def _user(author: Object) -> Object:
    verification = _json.mapping(author, "verification")
    kind = _json.text(verification, "type")
    is_verified = verification.get("verified") is True
    return {
        "id_str": author.get("id"),
        "screen_name": author.get("screen_name"),
        "name": author.get("name"),
        "profile_image_url_https": author.get("avatar_url"),
        "protected": author.get("protected"),
        "verified_type": _VERIFIED.get(kind or "") if is_verified else None,
        "is_blue_verified": is_verified,
    }


def _entities(raw: Object) -> Object:
    found: dict[str, list[Object]] = {
        "urls": [], "media": [], "user_mentions": [], "hashtags": [], "symbols": [],
    }  # fmt: skip
    words = _json.text(raw, "text") or ""
    for facet in _json.items(raw, "facets"):
        place = _json.span(facet, "indices")
        original = _json.text(facet, "original") or (words[slice(*place)] if place else "")
        item = {"indices": facet.get("indices")}
        kind = facet.get("type")
        if kind in ("url", "media"):
            link = {
                "url": original,
                "expanded_url": facet.get("replacement"),
                "display_url": facet.get("display"),
            }
            found["urls" if kind == "url" else "media"].append(item | link)
        elif kind == "mention":
            found["user_mentions"].append(item | {"screen_name": original.lstrip("@＠")})
        elif kind == "hashtag":
            found["hashtags"].append(item | {"text": original.lstrip("#＃")})
        elif kind in ("cashtag", "symbol"):
            found["symbols"].append(item | {"text": original.lstrip("$")})
    return found


def _media(status: Object, raw: Object) -> Iterator[Object]:
    media = _json.mapping(status, "media")
    link: Object = next((f for f in _json.items(raw, "facets") if f.get("type") == "media"), {})
    items = list(_json.items(media, "all"))
    items = items or [*_json.items(media, "photos"), *_json.items(media, "videos")]
    for item in items:
        kind = _json.text(item, "type") or ""
        is_film = "thumbnail_url" in item
        yield {
            "type": _MEDIA_TYPES.get(kind),
            "media_url_https": item.get("thumbnail_url") if is_film else item.get("url"),
            "url": link.get("original"),
            "expanded_url": link.get("replacement"),
            "ext_alt_text": item.get("altText"),
            "original_info": {"width": item.get("width"), "height": item.get("height")},
            "video_info": {
                "duration_millis": _milliseconds(item.get("duration")),
                "variants": list(_variants(item)) if is_film else [],
            },
        }


def _variants(item: Object) -> Iterator[Object]:
    formats = list(_json.items(item, "formats")) or list(_json.items(item, "variants"))
    for form in formats:
        kind = _CONTENT_TYPES.get(_json.text(form, "container") or "")
        yield {**form, "content_type": form.get("content_type", kind)}
    if not formats:
        yield {"url": item.get("url"), "content_type": item.get("format", "video/mp4")}


def _milliseconds(seconds: object) -> int | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return round(seconds * 1000) if 0 < seconds < 10**7 else None


def _poll(poll: Object) -> Poll | None:
    choices = tuple(
        PollChoice(label, _json.number(choice, "count"))
        for choice in _json.items(poll, "choices")
        if (label := _json.text(choice, "label"))
    )
    is_final = "final" in (_json.text(poll, "time_left_en") or "").lower()
    return Poll(choices, _json.moment(poll, "ends_at"), is_final) if choices else None


def _card(card: Object) -> LinkCard | None:
    if not _json.web_url(card, "url"):
        return None
    image = _json.mapping(card, "image")
    return LinkCard(
        name=_json.text(card, "card_name") or "summary",
        url=_json.web_url(card, "url"),
        title=_json.text(card, "title"),
        description=_json.text(card, "description"),
        domain=_json.text(card, "domain"),
        image_url=_json.web_url(image, "url"),
        image_alt=_json.text(image, "alt"),
        image_width=_json.number(image, "width"),
        image_height=_json.number(image, "height"),
    )


def _note(note: Object) -> CommunityNote | None:
    text = _json.text(note, "text")
    return CommunityNote(text) if text and len(text) <= MAX_TEXT else None
