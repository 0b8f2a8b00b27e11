"""A URL that carries another one (archive, redirect, image proxy) → the inner URL. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from ._urls import UrlParts, parameter


class Inner(NamedTuple):
    url: str
    wrapper: str
    """`archive`, `embed` or `redirect`."""


ARCHIVE_HOSTS = frozenset(
    {"web.archive.org", "wayback.archive.org", "archive.org", "www.archive.org"}
    | {f"archive.{top}" for top in ("today", "ph", "is", "md", "li", "vn", "fo")}
    | {"arquivo.pt", "webarchive.org.uk", "webcitation.org", "ghostarchive.org", "megalodon.jp"}
)
EMBED_HOSTS = frozenset(
    {"platform.twitter.com", "twitframe.com", "www.twitframe.com"}
    | {"cdn.embedly.com", "cdn.iframe.ly", "iframe.ly"}
)

_NAMES = (
    "url",
    "u",
    "q",
    "query",
    "to",
    "target",
    "dest",
    "destination",
    "link",
    "href",
    "uri",
    "z",
)
_SHARING = re.compile(r"/(?:share|sharing|(?:submit|intent|home|pin)\b)", re.IGNORECASE)
_IN_PATH = re.compile(r"(?<=[/:=*_?])https?:/{1,2}(?=[a-z0-9])", re.IGNORECASE)
# An archive's own address: a capture time of 4 to 14 digits, a flag (`mp_`, `id_`, `*`), the URL.
_CAPTURED = re.compile(
    r"/(?:(?:web|wayback)/)?(?:[0-9][0-9.\-]{3,19}(?:\*|[a-z]{2}_)?|\*|save|newest|oldest)"
    r"/(?=[a-z0-9-]+\.)",
    re.IGNORECASE,
)
# `https%3A%2F%2F` whose per cent signs were lost, as in some publish.twitter.com links.
_LOST_PERCENT = re.compile(r"https?3A2F2F", re.IGNORECASE)
_CACHED = re.compile(r"cache:(?:[A-Za-z0-9_-]{0,20}:)?(?=[a-z0-9-]+[.:])")
_SCHEME = re.compile(r"https?:/", re.IGNORECASE)


def unwrap(parts: UrlParts) -> Inner | None:
    """The URL inside, once; None where there is none."""
    wrapper = "redirect"
    if parts.host in ARCHIVE_HOSTS:
        wrapper = "archive"
    elif parts.host in EMBED_HOSTS:
        wrapper = "embed"
    inner = _from_path(parts) or (None if wrapper == "archive" else _from_query(parts))
    return Inner(inner, wrapper) if inner else None


def _from_path(parts: UrlParts) -> str | None:
    starts = [0]
    if "http" in parts.path.lower():
        starts += [match.start() for match in _IN_PATH.finditer(parts.path)]
    if not starts[-1] and parts.host in ARCHIVE_HOSTS and (match := _CAPTURED.match(parts.path)):
        starts.append(match.end())
    if not starts[-1]:
        return None
    tail = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.fragment:
        tail += f"#{parts.fragment}"
    return tail[starts[-1] :]


def _from_query(parts: UrlParts) -> str | None:
    query = parts.query.lower()
    if not query:
        return None
    if not ("http" in query or "cache" in query) or _SHARING.match(parts.path):
        return None
    if _SCHEME.match(parts.query):  # href.li/?https://...
        return parts.query
    for name in _NAMES:
        value = parameter(parts.query, name)
        if value is None:
            continue
        for _ in range(2):  # some wrappers encode twice
            if not _SCHEME.match(value):
                value = unquote(value)
        if cached := _CACHED.match(value):
            return value[cached.end() :]
        if _LOST_PERCENT.match(value):
            value = re.sub("3A", ":", value, count=1).replace("2F", "/")
        if _SCHEME.match(value):
            return value
    return None
