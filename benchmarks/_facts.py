"""A post as X's embed service answers it → what a faithful card must show of it. Pure.

Read from the raw answer and not with the package's own parser, which is one of the judged.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

Object = Mapping[str, Any]


class Fact(NamedTuple):
    """One thing to be found on a card."""

    feature: str
    way: str
    """`words`: in sight. `named`: in sight, or told to a screen reader. `link`, `image`, `film`,
    `corners`, `language`: see `side_by_side.holds`."""
    what: str
    where: str = ""
    """Of a link: the address it leads to."""


_IMAGE_KEYS = (
    "photo_image_full_size_original",
    "summary_photo_image_original",
    "player_image_original",
    "thumbnail_image_original",
)
_SHAPES = {"Square": "square", "Circle": "round"}
_KINDS = {"Government": "government", "Business": "business"}


def facts_of(answer: Object) -> Iterator[Fact]:
    """What the answer holds, feature by feature."""
    if answer.get("__typename") == "TweetTombstone":
        words = answer.get("tombstone", {}).get("text", {}).get("text")
        if words:
            yield Fact("why a post is gone", "words", words.removesuffix("Learn more").strip())
        return
    if not answer.get("user"):
        return
    yield from _author(answer["user"])
    yield from _post(answer, "")
    yield from _around(answer)
    yield from _card(answer.get("card") or {}, answer)
    if answer.get("quoted_tweet"):
        quoted = answer["quoted_tweet"]
        if quoted.get("user"):
            yield Fact("quoted post: author", "words", quoted["user"]["name"])
            if quoted.get("created_at"):
                yield Fact("quoted post: date", "words", _day(quoted))
            yield from _post(quoted, "quoted post: ")
            if "<" in str(quoted.get("entities")):
                yield Fact("quoted post: markup in a link is text", "words", "<b>")
    parent = answer.get("parent")
    if parent:
        yield Fact("post replied to: text", "words", _last_words(parent))


def _author(user: Object) -> Iterator[Fact]:
    yield Fact("name and handle", "words", user["name"])
    yield Fact("name and handle", "words", f"@{user['screen_name']}")
    if user.get("profile_image_url_https"):
        yield Fact("avatar", "image", user["profile_image_url_https"])
        if user.get("profile_image_shape") in _SHAPES:
            shape = _SHAPES[user["profile_image_shape"]]
            yield Fact("avatar: its shape", "corners", shape, user["profile_image_url_https"])
    if user.get("verified") or user.get("is_blue_verified") or user.get("verified_type"):
        kind = _KINDS.get(user.get("verified_type") or "")
        yield Fact("verified, in words", "named", "verified")
        if kind:
            yield Fact("verified: the kind, in words", "named", kind)
    label = user.get("highlighted_label") or {}
    if label.get("description"):
        yield Fact("affiliation: its name", "named", label["description"])
    if label.get("badge"):
        yield Fact("affiliation: its badge", "image", label["badge"]["url"])


def _post(post: Object, prefix: str) -> Iterator[Fact]:
    """Text, links and media: the same for a post and for one that it quotes."""
    for words in _text(post):
        yield Fact(prefix + "text", "words", words)
    entities = post.get("entities") or {}
    for item in _shown(post, entities.get("urls")):
        where = item.get("expanded_url") or item["url"]
        is_whole = where.startswith("http") and "display_url" in item
        if is_whole and _id(post) not in where:
            yield Fact(prefix + "links", "link", item["display_url"], where)
    for sign, key, name in _TAGS:
        for item in _shown(post, entities.get(key)):
            yield Fact(prefix + "mentions and tags as links", "link", sign + item[name])
    for medium in post.get("mediaDetails") or ():
        yield from _medium(medium, prefix)
    if post.get("lang") and post["lang"] not in ("und", "zxx", "qme", "qht", "art", "in"):
        yield Fact(prefix + "language marked", "language", post["lang"])


_TAGS = (
    ("@", "user_mentions", "screen_name"),
    ("#", "hashtags", "text"),
    ("$", "symbols", "text"),
)


def _medium(medium: Object, prefix: str) -> Iterator[Fact]:
    availability = medium.get("ext_media_availability") or {}
    if availability.get("status", "Available") != "Available":
        yield Fact(prefix + "media unavailable, in words", "words", "not available")
        return
    is_film = medium["type"] != "photo"
    yield Fact(prefix + ("films" if is_film else "pictures"), "image", medium["media_url_https"])
    if medium.get("ext_alt_text"):
        yield Fact(prefix + "alternative text", "named", medium["ext_alt_text"])
    film = medium.get("video_info") or {}
    if film.get("duration_millis"):
        seconds = film["duration_millis"] // 1000
        yield Fact(prefix + "films: length", "words", f"{seconds // 60}:{seconds % 60:02}")
    more = medium.get("additional_media_info") or {}
    for key in ("title", "description"):
        if more.get(key):
            yield Fact(prefix + "films: title and description", "words", more[key])


def _around(post: Object) -> Iterator[Fact]:
    """What stands around a post's text."""
    if post.get("created_at"):
        at = datetime.fromisoformat(post["created_at"])
        yield Fact("day, in words", "words", _day(post))
        yield Fact("time in UTC, in words", "words", f"{at:%H:%M} UTC")
    if post.get("in_reply_to_screen_name"):
        yield Fact("replying to", "words", f"@{post['in_reply_to_screen_name']}")
    thread = (post.get("self_thread") or {}).get("id_str")
    if thread and thread != post["id_str"]:
        yield Fact("part of a thread, in words", "words", "thread")
    edit_ids = (post.get("edit_control") or {}).get("edit_tweet_ids") or []
    if post.get("isEdited") or len(edit_ids) > 1:
        yield Fact("edited, in words", "words", "edited")
    if post.get("isStaleEdit"):
        yield Fact("newer version, in words", "words", "newer version")
    if post.get("note_tweet"):
        yield Fact("long text is cut, in words", "words", "goes on|Show more")
    if post.get("possibly_sensitive"):
        yield Fact("sensitive, in words", "words", "sensitive")
    for key, one in (("favorite_count", "likes"), ("conversation_count", "replies")):
        if isinstance(post.get(key), int):
            yield Fact(f"{one}, to the last one", "words", f"{post[key]:,}|{post[key]}")
    note = post.get("birdwatch_pivot") or {}
    words = (note.get("subtitle") or {}).get("text")
    if words:
        yield Fact("community note", "words", words)


def _card(card: Object, post: Object) -> Iterator[Fact]:
    card = card.get("legacy") or card
    values = card.get("binding_values") or {}
    if isinstance(values, list):
        values = {v["key"]: v.get("value", {}) for v in values if isinstance(v, dict)}
    if "choice1_label" in values:
        yield from _poll(values)
        return
    for key in ("title", "description"):
        if values.get(key):
            yield Fact("link card: title and description", "words", values[key]["string_value"])
    domain = values.get("vanity_url") or values.get("domain")
    if domain:
        yield Fact("link card: domain", "words", domain["string_value"])
    image = next((values[key] for key in _IMAGE_KEYS if key in values), None)
    if image:
        yield Fact("link card: picture", "image", image["image_value"]["url"])


def _poll(values: Object) -> Iterator[Fact]:
    for number in range(1, 10):
        if label := values.get(f"choice{number}_label"):
            yield Fact("poll: choices", "words", label["string_value"])
        if count := values.get(f"choice{number}_count"):
            yield Fact("poll: votes", "words", f"{int(count['string_value']):,}")


def _text(post: Object) -> Iterator[str]:
    """The words between the entities, which no card may change."""
    text = post["text"]
    start, end = _range(post)
    entities = post.get("entities") or {}
    cuts = sorted(
        tuple(item["indices"])
        for items in entities.values()
        if isinstance(items, list)
        for item in items
        if isinstance(item.get("indices"), list)
    )
    at = start
    for first, last in (*cuts, (end, end)):
        words = html.unescape(text[at : min(first, end)]).strip()
        if words and at < end:
            yield words
        at = max(at, last)


def _range(post: Object) -> tuple[int, int]:
    """The part of the text that is meant to be shown; all of it where the answer does not say."""
    match post.get("display_text_range"):
        case [int(start), int(end)]:
            return start, end
    return 0, len(post["text"])


def _last_words(post: Object) -> str:
    return (list(_text(post)) or [""])[-1]


def _shown(post: Object, items: object) -> Iterator[Object]:
    """Entities inside the part of the text that is meant to be shown, with the words they name."""
    start, end = _range(post)
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict) or not isinstance(item.get("indices"), list):
            continue
        first, last = item["indices"]
        words = post["text"][first:last]
        named = item.get("url") or item.get("screen_name") or item.get("text") or ""
        if start <= first and last <= end and words.lower().endswith(named.lower()):
            yield item


def _id(post: Object) -> str:
    quoted = post.get("quoted_tweet") or {}
    return str(quoted.get("id_str", "no quoted post"))


def _day(post: Object) -> str:
    """The day in either order, with the month's name in full or cut."""
    at = datetime.fromisoformat(post["created_at"])
    return f"{at.day} {at:%B} {at.year}|{at:%b} {at.day}, {at.year}|{at:%B} {at.day}, {at.year}"


def squeezed(words: str) -> str:
    """For comparing: white space of every kind is one blank, letter case does not count."""
    return re.sub(r"\s+", " ", words).strip().casefold()
