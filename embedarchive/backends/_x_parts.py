"""An answer of X's API v2 about many posts → the part that is about one of them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain

from ..errors import UnexpectedResponse
from ..models import Response, Target
from . import _json
from ._json import Object

WHOLE = "x-embedarchive-part-of"
"""Header of a part: the digest of the whole answer as it was received."""
_DEPTH = 2
"""A post names what it quotes or answers, that one its author and pictures: no more is included."""


def part_of(whole: Response, target: Target) -> Response:
    """The post, what it names of the `includes`, and the errors about it and its related posts.

    An answer that is not of that shape comes back as it is: its reader says what is wrong with it.
    """
    try:
        body = _json.load(whole)
    except UnexpectedResponse:
        return whole
    if whole.status != 200 or not isinstance(body, dict):
        return whole
    number = target.post_id
    posts = [post for post in _json.items(body, "data") if post.get("id") == number]
    about = {number, *chain.from_iterable(map(_related, posts))}
    errors = [
        error
        for error in _json.items(body, "errors")
        if about.intersection(_strings([error.get("resource_id"), error.get("value")]))
    ]
    part = {"data": posts, "includes": _named(posts, _json.mapping(body, "includes"))}
    found = {key: value for key, value in {**part, "errors": errors}.items() if value}
    return replace(
        whole,
        body=json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(),
        headers={**whole.headers, WHOLE: f"sha256:{sha256(whole.body).hexdigest()}"},
    )


def _named(posts: list[Object], includes: Object) -> dict[str, list[Object]]:
    """Of each list of `includes` what the posts name by an id, and what that names in turn."""
    names = set(_strings(posts))
    found: dict[str, list[Object]] = {}
    for _ in range(_DEPTH):
        found = {
            kind: [item for item in _json.items(includes, kind) if _id(item) in names]
            for kind in includes
        }
        names.update(_strings(found))
    return {kind: items for kind, items in found.items() if items}


def _related(post: Object) -> Iterator[str]:
    for key in ("referenced_tweets", "referenced_posts"):
        yield from filter(None, (_json.text(item, "id") for item in _json.items(post, key)))


def _id(item: Object) -> str | None:
    return _json.text(item, "media_key") or _json.text(item, "id")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
