"""Bluesky: which URLs name a post. A post's id here is `ACTOR/RKEY`, the actor a DID or handle."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import AT, SLASH
from ._urls import split

_ACTOR = r"(did:(?:plc:[a-z2-7]{24}|web:[a-z0-9.-]{3,100})|[a-z0-9-]+(?:\.[a-z0-9-]+){1,10})"
_RKEY = r"([a-z2-7]{13})(?![a-z0-9_-])"
"""A record key of a post is a TID: 13 characters of sortable base 32."""
_FLAGS = re.IGNORECASE | re.ASCII
_PAGE = re.compile(rf"/profile/@?{_ACTOR}/post/{_RKEY}", _FLAGS)
_FRAME = re.compile(rf"/embed/{_ACTOR}/app\.bsky\.feed\.post/{_RKEY}", _FLAGS)
_AT_URI = re.compile(rf"at://{_ACTOR}/app\.bsky\.feed\.post/{_RKEY}/?", _FLAGS)
_EMBED_HOST = "embed.bsky.app"


class Bluesky:
    """https://bsky.app"""

    name = "bluesky"
    hosts = frozenset(
        {"bsky.app", "www.bsky.app", "main.bsky.dev", "staging.bsky.app", _EMBED_HOST}
        | {"fxbsky.app", "bskyx.app", "bsyy.app", "deer.social"}
    )
    any_host = False
    literals = (b"/profile/", b"app.bsky.feed.post/")
    patterns = (
        rf"profile{SLASH}{AT}?[a-z0-9.:%-]{{3,140}}{SLASH}post{SLASH}[a-z2-7]{{13}}",
        rf"app\.bsky\.feed\.post{SLASH}[a-z2-7]{{13}}",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The post of a page, a frame or an `at://` URI (as in `data-bluesky-uri`)."""
        if match := _AT_URI.fullmatch(url.strip()):
            return _post(match)
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        if parts.host == _EMBED_HOST:
            match = _FRAME.match(parts.path)
            return _post(match, wrapper="embed") if match else None
        match = _PAGE.match(parts.path)
        return _post(match) if match else None

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The post's page; the actor in the id names the author, `handle` is not needed."""
        actor, _, rkey = post_id.partition("/")
        return f"https://bsky.app/profile/{actor}/post/{rkey}"


def _post(match: re.Match[str], wrapper: str | None = None) -> PostUrl:
    actor, rkey = match[1].lower(), match[2].lower()
    handle = None if actor.startswith("did:") else actor
    kind = Kind.EMBED if wrapper else Kind.LINK
    return PostUrl(Target("bluesky", f"{actor}/{rkey}"), handle, kind, wrapper)


NETWORK = Bluesky()
