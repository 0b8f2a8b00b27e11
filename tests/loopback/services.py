"""The services themselves: (world, request) → answer, as ENDPOINTS describes them."""

from __future__ import annotations

import html
from collections.abc import Callable

from . import pictures
from .api_v2 import api_v2
from .faults import HTML, html_not_found, redirect
from .fxtwitter import fxtwitter
from .oembed import oembed
from .syndication import syndication
from .wayback import wayback
from .world import Asked, Reply, World

_SIZES = {"large": 2048, "medium": 1200, "small": 680, "thumb": 150}
_FILM_TYPE = {"content-type": "video/mp4"}


def answer(world: World, asked: Asked) -> Reply:
    """What the service that is meant answers."""
    service = _SERVICES.get(asked.host)
    return service(world, asked) if service else html_not_found()


def _shortener(world: World, asked: Asked) -> Reply:
    """t.co and pic.twitter.com: 301 for tools, a page with a refresh for browsers."""
    target = world.codes.get(asked.path.strip("/"))
    if target is None:
        return html_not_found()
    if "mozilla" not in asked.headers.get("user-agent", "").lower():
        return redirect(target, 301)
    escaped, scripted = html.escape(target), target.replace("/", "\\/")
    page = (
        '<head><meta name="referrer" content="always"><noscript><META http-equiv="refresh" '
        f'content="0;URL={escaped}"></noscript><title>{escaped}</title></head>'
        f'<script>window.opener = null; location.replace("{scripted}")</script>'
    )
    return Reply(200, page.encode(), {**HTML, "cache-control": "private,max-age=300"})


def _picture(world: World, asked: Asked) -> Reply:
    path, _, colon_size = asked.path.partition(":")
    size = asked.query.get("name") or colon_size or "medium"
    if path in world.missing or f"{path}?name={size}" in world.missing:
        return html_not_found()
    width = _SIZES.get(size, 1500 if size == "orig" else 600)
    note = f"{path} {size}"
    if path.endswith(".png") or asked.query.get("format") == "png":
        body, kind = pictures.png(width, width * 2 // 3, note), "image/png"
    else:
        body, kind = pictures.jpeg(width, width * 2 // 3, note), "image/jpeg"
    return Reply(200, body, {"content-type": kind})


def _film(world: World, asked: Asked) -> Reply:
    if asked.path in world.missing or not asked.path.endswith(".mp4"):
        return html_not_found()
    return Reply(200, pictures.mp4(asked.path), _FILM_TYPE)


_SERVICES: dict[str, Callable[[World, Asked], Reply]] = {
    "cdn.syndication.twimg.com": syndication,
    "publish.x.com": oembed,
    "publish.twitter.com": oembed,
    "t.co": _shortener,
    "pic.twitter.com": _shortener,
    "pic.x.com": _shortener,
    "pbs.twimg.com": _picture,
    "abs.twimg.com": _picture,
    "video.twimg.com": _film,
    "api.x.com": api_v2,
    "api.twitter.com": api_v2,
    "api.fxtwitter.com": fxtwitter,
    "web.archive.org": wayback,
}
