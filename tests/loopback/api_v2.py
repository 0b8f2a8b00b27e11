"""api.x.com/2/tweets: ids → posts, with `includes`, partial errors and limits in each answer."""

from __future__ import annotations

import json
import re

from .faults import JSON, html_not_found
from .syndication import tweet
from .world import Asked, Post, Reply, World

_ONE = re.compile(r"/2/tweets/([0-9]{1,19})")
_PROBLEM = "https://api.x.com/2/problems/"


def api_v2(world: World, asked: Asked) -> Reply:
    """401 without the token, 429 beyond the limit, else 200 with what is shown and what is not."""
    one = _ONE.fullmatch(asked.path)
    if one is None and asked.path != "/2/tweets":
        return html_not_found()
    if asked.headers.get("authorization") != f"Bearer {world.token}":
        return _reply(world, 401, {"title": "Unauthorized", "type": "about:blank", "status": 401})
    if world.api_left <= 0:
        return _reply(world, 429, {"title": "Too Many Requests", "status": 429})
    world.api_left -= 1
    ids = [one[1]] if one else asked.query.get("ids", "").split(",")
    if len(ids) > 100 or not all(number.isdigit() for number in ids):
        return _reply(
            world, 400, {"title": "Invalid Request", "type": f"{_PROBLEM}invalid-request"}
        )
    body = api_body(world, ids)
    if one and "data" in body:
        body["data"] = body["data"][0]
    return _reply(world, 200, body)


def api_body(world: World, ids: list[str]) -> dict[str, object]:
    """The answer about many ids; `data` is absent where none is shown."""
    shown = [post for number in ids if (post := world.post(number)) and post.gone is None]
    found = {post.post_id for post in shown}
    related = [
        post
        for number in (key for post in shown for key in (post.quote, post.reply_to))
        if (post := world.post(number)) and post.gone is None and post.post_id not in found
    ]
    people = {post.handle: post for post in (*shown, *related)}
    posts = "posts" if world.speaks_posts else "tweets"
    includes: dict[str, object] = {"users": [_user(post) for post in people.values()]}
    if related:
        includes[posts] = [_post(world, post) for post in related]
    if media := [item for post in shown for item in _media(post)]:
        includes["media"] = media
    body: dict[str, object] = {"includes": includes}
    if shown:
        body["data"] = [_post(world, post) for post in shown]
    if errors := [_error(world, number) for number in ids if number not in found]:
        body["errors"] = errors
    return body


def _reply(world: World, status: int, body: dict[str, object]) -> Reply:
    limits = {
        "x-rate-limit-limit": "450",
        "x-rate-limit-remaining": str(max(world.api_left, 0)),
        "x-rate-limit-reset": str(int(world.api_reset.timestamp())),
    }
    return Reply(status, json.dumps(body, ensure_ascii=False).encode(), {**JSON, **limits})


def _error(world: World, number: str) -> dict[str, object]:
    post = world.post(number)
    is_protected = post is not None and "limits who" in (post.gone or "")
    detail = (
        f"Sorry, you are not authorized to see the Tweet with ids: [{number}]."
        if is_protected
        else f"Could not find tweet with ids: [{number}]."
    )
    return {
        "value": number,
        "resource_id": number,
        "resource_type": "tweet",
        "parameter": "ids",
        "title": "Authorization Error" if is_protected else "Not Found Error",
        "detail": detail,
        "type": _PROBLEM
        + ("not-authorized-for-resource" if is_protected else "resource-not-found"),
    }


def _user(post: Post) -> dict[str, object]:
    return {
        "id": _author(post),
        "username": post.handle,
        "name": post.name,
        "profile_image_url": f"https://pbs.twimg.com/profile_images/1/{post.handle}_normal.jpg",
        "verified": False,
        "verified_type": "none",
        "protected": False,
    }


def _author(post: Post) -> str:
    return str(sum(post.handle.encode()))


def _post(world: World, post: Post) -> dict[str, object]:
    told = tweet(world, post, is_inner=True)
    kind = "posts" if world.speaks_posts else "tweets"
    body: dict[str, object] = {
        "id": post.post_id,
        "text": told["text"],
        "author_id": _author(post),
        "created_at": post.created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "lang": post.lang,
        "possibly_sensitive": False,
        "public_metrics": {
            "like_count": post.likes, "reply_count": 0, "retweet_count": 3, "quote_count": 1,
        },
        f"edit_history_{kind.removesuffix('s')}_ids": list(post.edits or (post.post_id,)),
        "entities": _entities(post, told["entities"]),
    }  # fmt: skip
    if post.media:
        keys = [item["media_key"] for item in _media(post)]
        body["attachments"] = {"media_keys": keys}
    related = [("quoted", post.quote), ("replied_to", post.reply_to)]
    if references := [{"type": name, "id": number} for name, number in related if number]:
        body[f"referenced_{kind}"] = references
    return body


def _entities(post: Post, entities: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    found: dict[str, list[dict[str, object]]] = {}
    for key, ours, name in (
        ("urls", "urls", None),
        ("media", "urls", None),
        ("user_mentions", "mentions", "username"),
        ("hashtags", "hashtags", "tag"),
        ("symbols", "cashtags", "tag"),
    ):
        for item in entities.get(key, []):
            start, end = item["indices"]
            place: dict[str, object] = {"start": start, "end": end}
            if name:
                place[name] = item.get("screen_name", item.get("text"))
                found.setdefault(ours, []).append(place)
                continue
            link = {part: item[part] for part in ("url", "expanded_url", "display_url")}
            keys = [m["media_key"] for m in _media(post)] if key == "media" else [None]
            # The one link of several pictures is listed once for each.
            for media_key in keys:
                more = {"media_key": media_key} if media_key else {}
                found.setdefault(ours, []).append(place | link | more)
    return dict(found)


def _media(post: Post) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    for number, picture in enumerate(post.media, 1):
        item: dict[str, object] = {
            "media_key": f"3_{post.post_id}{number}",
            "type": picture.kind,
            "width": picture.width,
            "height": picture.height,
        }
        if picture.alt:
            item["alt_text"] = picture.alt
        address = f"https://pbs.twimg.com/media/{picture.key}.{picture.extension}"
        if picture.kind == "photo":
            item["url"] = address
        else:
            film = f"https://video.twimg.com/ext_tw_video/{post.post_id}/pu/vid/{picture.key}.mp4"
            item["preview_image_url"] = address
            item["duration_ms"] = 12_500
            item["variants"] = [
                {"bit_rate": 832_000, "content_type": "video/mp4", "url": film},
                {"content_type": "application/x-mpegURL", "url": film.replace(".mp4", ".m3u8")},
            ]
        items.append(item)
    return items
