"""api.fxtwitter.com: a post → the JSON of its interface, version 1 or 2."""

from __future__ import annotations

import json
import re

from .faults import JSON, redirect
from .syndication import tweet
from .world import Asked, Post, Reply, World, media_page

_PATH = re.compile(r"/(2/)?(?:\w{1,20}/)?status/([0-9]{1,19})(?:/[a-z]{2})?", re.ASCII)


def fxtwitter(world: World, asked: Asked) -> Reply:
    """401 for protected accounts, 404 for whatever else is not shown; wrong paths lead away."""
    match = _PATH.fullmatch(asked.path)
    if match is None:
        return redirect("https://github.com/FxEmbed/FxEmbed")
    if match[2] in world.fxtwitter_bodies:
        return Reply(200, world.fxtwitter_bodies[match[2]], JSON)
    post = world.post(match[2])
    if post is None or post.gone is not None:
        is_protected = post is not None and "limits who" in (post.gone or "")
        return _error(401, "PRIVATE_TWEET") if is_protected else _error(404, "NOT_FOUND")
    is_second = match[1] is not None
    key = "status" if is_second else "tweet"
    body = {"code": 200, "message": "OK", key: _status(world, post, is_second=is_second)}
    return Reply(200, json.dumps(body, ensure_ascii=False).encode(), JSON)


def _error(code: int, message: str) -> Reply:
    return Reply(code, json.dumps({"code": code, "message": message}).encode(), JSON)


def _status(world: World, post: Post, *, is_second: bool) -> dict[str, object]:
    told = tweet(world, post, is_inner=True)
    status: dict[str, object] = {
        "id": post.post_id,
        "url": f"https://x.com/{post.handle}/status/{post.post_id}",
        "text": post.text,
        "raw_text": {
            "text": told["text"],
            "display_text_range": told["display_text_range"],
            "facets": _facets(told["entities"]),
        },
        "created_at": post.created.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "created_timestamp": int(post.created.timestamp()),
        "likes": post.likes,
        "reposts" if is_second else "retweets": 3,
        "replies": 0,
        "views": None,
        "lang": post.lang,
        "source": "Twitter Web App",
        "author": {
            "id": "7",
            "name": post.name,
            "screen_name": post.handle,
            "avatar_url": f"https://pbs.twimg.com/profile_images/1/{post.handle}_200x200.jpg",
        },
        "media": {"all": _media(post)} if post.media else None,
    }
    parent, quoted = world.post(post.reply_to), world.post(post.quote)
    if parent and is_second:
        status["replying_to"] = {"screen_name": parent.handle, "status": parent.post_id}
    elif parent:
        status |= {"replying_to": parent.handle, "replying_to_status": parent.post_id}
    if quoted and quoted.gone is None:
        status["quote"] = _status(world, quoted, is_second=is_second)
    elif quoted:
        status["quote"] = {"type": "tombstone", "reason": "unavailable", "message": quoted.gone}
    return status


def _facets(entities: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    facets: list[dict[str, object]] = []
    for kind, key, name in (
        ("url", "urls", "url"),
        ("media", "media", "url"),
        ("mention", "user_mentions", "screen_name"),
        ("hashtag", "hashtags", "text"),
    ):
        for item in entities.get(key, []):
            facet = {"type": kind, "indices": item["indices"], "original": item[name]}
            if name == "url":
                facet |= {"replacement": item["expanded_url"], "display": item["display_url"]}
            facets.append(facet)
    return facets


def _media(post: Post) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    for number, picture in enumerate(post.media, 1):
        item: dict[str, object] = {
            "type": {"animated_gif": "gif"}.get(picture.kind, picture.kind),
            "url": f"https://pbs.twimg.com/media/{picture.key}.{picture.extension}",
            "width": picture.width,
            "height": picture.height,
            "page": media_page(post, picture, number),
        }
        if picture.alt:
            item["altText"] = picture.alt
        if picture.kind != "photo":
            film = f"https://video.twimg.com/ext_tw_video/{post.post_id}/pu/vid/{picture.key}.mp4"
            item |= {
                "url": film,
                "thumbnail_url": f"https://pbs.twimg.com/ext_tw_video_thumb/1/{picture.key}.jpg",
                "duration": 12.5,
                "formats": [{"container": "mp4", "bitrate": 832_000, "url": film}],
            }
        items.append(item)
    return items
