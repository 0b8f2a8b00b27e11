"""What can go wrong at a service, as answers for `World.fault`."""

from __future__ import annotations

import gzip
import json
from functools import cache

from .world import Asked, Reply

JSON = {"content-type": "application/json; charset=utf-8"}
HTML = {"content-type": "text/html; charset=utf-8"}


def rate_limited(retry_after: str | None = None) -> Reply:
    """429, with a Retry-After or without."""
    headers = {"retry-after": retry_after} if retry_after is not None else {}
    return Reply(429, b"Rate limit exceeded", headers)


def server_error(status: int = 500) -> Reply:
    """A 5xx with a page of HTML, as the edge sends it."""
    return Reply(status, b"<html><body><h1>Something went wrong</h1></body></html>", HTML)


def empty_object() -> Reply:
    """200 `{}`: no token, or throttled; says nothing about the post."""
    return Reply(200, b"{}", JSON)


def html_not_found() -> Reply:
    """404 with a page of HTML."""
    return Reply(404, b"<!DOCTYPE html><title>Nothing to see here</title>", HTML)


def drip(seconds: float = 0.3) -> Reply:
    """A good answer, one byte at a time."""
    return Reply(200, b"{}" + b" " * 10_000, JSON, drip=seconds)


def gzip_bomb(megabytes: int = 64) -> Reply:
    """A small body that inflates to `megabytes`."""
    return Reply(200, _bomb(megabytes), {**JSON, "content-encoding": "gzip"})


def encoded(encoding: str) -> Reply:
    """A body in an encoding that nobody asked for."""
    return Reply(200, b"\x1b\x03\x00\xf8", {**JSON, "content-encoding": encoding})


def redirect(location: str, status: int = 302) -> Reply:
    """A redirect to anywhere."""
    return Reply(status, b"", {"location": location})


def redirect_loop(asked: Asked) -> Reply:
    """A redirect to the same place."""
    query = "&".join(f"{key}={value}" for key, value in asked.query.items())
    return redirect(f"https://{asked.host}{asked.path}" + (f"?{query}" if query else ""))


def closed() -> Reply:
    """The connection closes before an answer."""
    return Reply(is_cut=True)


def cut_short() -> Reply:
    """The body ends before its Content-Length."""
    return Reply(200, b'{"id_str": "1', JSON, length=5000)


def wrong_id(asked: Asked) -> Reply:
    """A well-formed answer about another post."""
    user = {"id_str": "1", "name": "Somebody Else", "screen_name": "somebody_else"}
    other = {"__typename": "Tweet", "id_str": "1500000000000000001", "text": "Other", "user": user}
    return Reply(200, json.dumps(other).encode(), JSON)


@cache
def _bomb(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes << 20), 9)
