"""A tweet of X's API 1.1 → the same post in the shape that `_x_json` reads. Pure.

The archive holds such objects as JSON, and their words live on in other answers: dates like
`Wed Mar 12 22:44:33 +0000 2025`, media in `extended_entities`, long texts in `full_text`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ..models import Embed
from . import _json
from ._json import Object
from ._x_json import embed_of

_DEPTH = 2
"""A post repeats one that quotes another: no more is nested."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) \+0000 ([0-9]{4})"
)


def embed_of_tweet(tweet: Object) -> Embed | None:
    """The post with what it quotes or repeats; None without an id, a text or an author."""
    return embed_of(as_post(tweet))


def as_post(tweet: Object, depth: int = 0) -> Object:
    """The same facts under the names of today's syndication."""
    # Streams held what went beyond 140 characters apart.
    tweet = {**tweet, **_json.mapping(tweet, "extended_tweet")}
    post = dict(tweet)
    post["text"] = tweet.get("full_text", tweet.get("text"))
    post["created_at"] = iso_date(_json.text(tweet, "created_at"))
    media = _json.mapping(tweet, "extended_entities") or _json.mapping(tweet, "entities")
    post["mediaDetails"] = list(_json.items(media, "media"))
    if tweet.get("truncated") is True and "full_text" not in tweet:
        post["note_tweet"] = {"id": tweet.get("id_str")}
    for theirs, ours in (("quoted_status", "quoted_tweet"), ("retweeted_status",) * 2):
        related = _json.mapping(tweet, theirs)
        post.pop(ours, None)
        if related and depth < _DEPTH:
            post[ours] = as_post(related, depth + 1)
    return post


def iso_date(printed: str | None) -> str | None:
    """`2025-03-12T22:44:33+00:00` for `Wed Mar 12 22:44:33 +0000 2025`; others as they are."""
    match = _DATE.fullmatch(printed or "")
    if match is None or match[1] not in _MONTHS:
        return printed
    day, hour, minute, second, year = (int(match[number]) for number in (2, 3, 4, 5, 6))
    try:
        month = _MONTHS.index(match[1]) + 1
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat()
    except ValueError:
        return None
