"""A post's card in X's JSON → a link card or a poll; and the article that it presents. Pure.

`binding_values` is an object in syndication and a list of {key, value} in GraphQL.
"""

from __future__ import annotations

import re

from ..models import AttachedArticle, LinkCard, Poll, PollChoice
from . import _json
from ._json import Object

_POLL = re.compile(r"poll([2-9])choice_[a-z_]+")
_IMAGES = ("photo_image_full_size", "summary_photo_image", "player_image", "thumbnail_image")
_SIZES = ("_original", "_x_large", "_large", "", "_small")


def poll_of(card: Object) -> Poll | None:
    """The poll of a `pollNchoice_...` card, with the counts as captured."""
    match = _POLL.fullmatch(_name(card))
    if match is None:
        return None
    values = _values(card)
    choices = []
    for number in range(1, int(match[1]) + 1):
        label = _string(values, f"choice{number}_label")
        if label is not None:
            votes = _json.number(_json.mapping(values, f"choice{number}_count"), "string_value")
            choices.append(PollChoice(label, votes))
    if not choices:
        return None
    return Poll(
        choices=tuple(choices),
        ends_at=_json.moment(_json.mapping(values, "end_datetime_utc"), "string_value"),
        is_final=_json.mapping(values, "counts_are_final").get("boolean_value") is True,
        duration_minutes=_json.number(_json.mapping(values, "duration_minutes"), "string_value"),
    )


def card_of(post: Object) -> LinkCard | None:
    """The link card of a post, its t.co link replaced by the target that the post names."""
    card = _json.mapping(post, "card")
    name = _name(card)
    if not name:
        return None
    values = _values(card)
    image, key = _image(values)
    space = _string(values, "id") if name == "audiospace" else None
    return LinkCard(
        name=name,
        url=f"https://x.com/i/spaces/{space}" if space else _target(post, card, values),
        title=_string(values, "title"),
        description=_string(values, "description"),
        domain=_string(values, "vanity_url") or _string(values, "domain"),
        image_url=_json.web_url(image, "url"),
        image_alt=_json.text(image, "alt") or _string(values, f"{key}_alt_text"),
        image_width=_json.number(image, "width"),
        image_height=_json.number(image, "height"),
    )


def article_of(source: Object) -> AttachedArticle | None:
    """The head of a long article; None without a title.

    FxTwitter gives the object bare, GraphQL under `article_results.result`. Its picture is an
    `ApiImage`, or the still of an `ApiVideo` or `ApiGif`, whose sizes have other names.
    """
    article = _json.mapping(_json.mapping(source, "article_results"), "result") or source
    title = _json.text(article, "title")
    if title is None:
        return None
    image = _json.mapping(_json.mapping(article, "cover_media"), "media_info")
    size = _json.mapping(image, "original_info")
    width, height = _json.number(size, "width"), _json.number(size, "height")
    return AttachedArticle(
        title=title,
        preview=_json.text(article, "preview_text"),
        image_url=_json.web_url(image, "original_img_url")
        or _json.web_url(image, "media_url_https"),
        image_width=_json.number(image, "original_img_width") or width,
        image_height=_json.number(image, "original_img_height") or height,
    )


def _name(card: Object) -> str:
    """The card's kind; the number that some carry in front says only who made it."""
    return (_json.text(_json.mapping(card, "legacy") or card, "name") or "").rpartition(":")[2]


def _values(card: Object) -> Object:
    card = _json.mapping(card, "legacy") or card
    listed = {
        key: _json.mapping(item, "value")
        for item in _json.items(card, "binding_values")
        if (key := _json.text(item, "key"))
    }
    return listed or _json.mapping(card, "binding_values")


def _string(values: Object, key: str) -> str | None:
    return _json.text(_json.mapping(values, key), "string_value")


def _image(values: Object) -> tuple[Object, str]:
    for key in _IMAGES:
        for size in _SIZES:
            image = _json.mapping(_json.mapping(values, key + size), "image_value")
            if _json.web_url(image, "url"):
                return image, key
    return {}, ""


def _target(post: Object, card: Object, values: Object) -> str | None:
    link = _json.web_url(_json.mapping(values, "card_url"), "string_value")
    link = link or _json.web_url(card, "url")
    for item in _json.items(_json.mapping(post, "entities"), "urls"):
        if link and item.get("url") == link:
            return _json.web_url(item, "expanded_url") or link
    return link
