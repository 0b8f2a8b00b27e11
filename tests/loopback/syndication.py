"""cdn.syndication.twimg.com/tweet-result: a post → the JSON that the service sends of it."""

from __future__ import annotations

import html
import json
import re

from .faults import JSON, empty_object, html_not_found
from .world import Asked, Picture, Post, Reply, World, media_page

_LINKS = re.compile(
    r"https://t\.co/(?P<code>[A-Za-z0-9]{8,10})|@(?P<mention>\w{1,15})|#(?P<tag>\w+)"
    r"|\$(?P<symbol>[A-Z]{1,6})\b"
)


def syndication(world: World, asked: Asked) -> Reply:
    """No token → `{}`; unknown → 404; gone → 200 with a tombstone."""
    if asked.path != "/tweet-result":
        return html_not_found()
    post_id = asked.query.get("id", "")
    if not asked.query.get("token"):
        return empty_object()
    if post_id in world.syndication_bodies:
        return Reply(200, world.syndication_bodies[post_id], JSON)
    post = world.post(post_id)
    if post is None:
        return Reply(404)
    body = tombstone(post.gone) if post.gone is not None else tweet(world, post)
    return Reply(200, json.dumps(body, ensure_ascii=False).encode(), JSON)


def tombstone(words: str) -> dict[str, object]:
    """The answer for a post that is not shown; without words for ""."""
    if not words:
        return {"__typename": "TweetTombstone", "tombstone": {}}
    text = f"{words} Learn more"
    link = {"__typename": "TimelineUrl", "url": "https://help.x.com/", "url_type": "ExternalUrl"}
    entity = {"from_index": len(text) - 10, "to_index": len(text), "ref": link}
    return {
        "__typename": "TweetTombstone",
        "tombstone": {"text": {"text": text, "entities": [entity], "rtl": False}},
    }


def tweet(world: World, post: Post, *, is_inner: bool = False) -> dict[str, object]:
    """The post as the service tells it: text escaped, indices by code point, media link last."""
    visible = html.escape(post.text, quote=False)
    text = f"{visible} https://t.co/{post.code}".lstrip() if post.media else visible
    body: dict[str, object] = {
        "__typename": "Tweet",
        "lang": post.lang,
        "favorite_count": post.likes,
        "created_at": post.created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "display_text_range": [0, len(visible.encode("utf-16-le")) // 2],
        "entities": _entities(world, post, visible, text),
        "id_str": post.post_id,
        "text": text,
        "user": _user(post),
        "edit_control": {
            "edit_tweet_ids": list(post.edits or (post.post_id,)),
            "is_edit_eligible": False,
        },
        "isEdited": bool(post.edits),
        "isStaleEdit": False,
    }
    if post.media:
        body["mediaDetails"] = [
            _media(post, picture, number) for number, picture in enumerate(post.media, 1)
        ]
    quoted, parent = world.post(post.quote), world.post(post.reply_to)
    if parent:
        body["in_reply_to_screen_name"] = parent.handle
        body["in_reply_to_status_id_str"] = parent.post_id
    if is_inner:
        del body["__typename"]
        return body
    if quoted:
        body["quoted_tweet"] = tweet(world, quoted, is_inner=True)
    if parent:
        body["parent"] = tweet(world, parent, is_inner=True)
    return body


def _user(post: Post) -> dict[str, object]:
    return {
        "id_str": str(sum(post.handle.encode())),
        "name": post.name,
        "screen_name": post.handle,
        "is_blue_verified": False,
        "profile_image_shape": "Circle",
        "verified": False,
        "profile_image_url_https": f"https://pbs.twimg.com/profile_images/1/{post.handle}_normal.jpg",
    }


def _entities(world: World, post: Post, visible: str, text: str) -> dict[str, object]:
    found: dict[str, list[dict[str, object]]] = {
        "hashtags": [],
        "urls": [],
        "user_mentions": [],
        "symbols": [],
    }
    for match in _LINKS.finditer(visible):
        where: dict[str, object] = {"indices": list(match.span())}
        if code := match["code"]:
            target = world.codes.get(code, "https://example.org/")
            shown = target.split("://")[1][:26]
            url = match[0]
            found["urls"].append(where | {"url": url, "expanded_url": target, "display_url": shown})
        elif mention := match["mention"]:
            found["user_mentions"].append(where | {"screen_name": mention, "name": mention})
        elif tag := match["tag"]:
            found["hashtags"].append(where | {"text": tag})
        else:
            found["symbols"].append(where | {"text": match["symbol"]})
    if post.media:
        link = f"https://t.co/{post.code}"
        start = len(text) - len(link)
        page = media_page(post, post.media[0])
        found["media"] = [
            {
                "indices": [start, len(text)],
                "url": link,
                "expanded_url": page,
                "display_url": f"pic.x.com/{post.code}",
            }
        ]
    if world.drops_empty_arrays:
        return {kind: items for kind, items in found.items() if items}
    return dict(found)


def _media(post: Post, picture: Picture, number: int) -> dict[str, object]:
    shelf = {"photo": "media", "video": "ext_tw_video_thumb/1/pu/img"}
    folder = shelf.get(picture.kind, "tweet_video_thumb")
    item: dict[str, object] = {
        "type": picture.kind,
        "url": f"https://t.co/{post.code}",
        "expanded_url": media_page(post, picture, number),
        "media_url_https": f"https://pbs.twimg.com/{folder}/{picture.key}.{picture.extension}",
        "original_info": {"width": picture.width, "height": picture.height},
        "ext_media_availability": {"status": "Available"},
    }
    if picture.alt:
        item["ext_alt_text"] = picture.alt
    if picture.kind == "video":
        base = f"https://video.twimg.com/ext_tw_video/{post.post_id}/pu"
        item["video_info"] = {
            "duration_millis": 12_000,
            "variants": [
                {"content_type": "application/x-mpegURL", "url": f"{base}/pl/{picture.key}.m3u8"},
                *(
                    {
                        "bitrate": bitrate,
                        "content_type": "video/mp4",
                        "url": f"{base}/vid/avc1/{size}/{picture.key}.mp4?tag=12",
                    }
                    for bitrate, size in ((832_000, "640x360"), (2_176_000, "1280x720"))
                ),
            ],
        }
    elif picture.kind == "animated_gif":
        url = f"https://video.twimg.com/tweet_video/{picture.key}.mp4"
        item["video_info"] = {"variants": [{"bitrate": 0, "content_type": "video/mp4", "url": url}]}
    return item
