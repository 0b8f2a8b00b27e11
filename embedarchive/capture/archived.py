"""A picture or film that its host no longer has → a copy of it in the Wayback Machine."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .. import cdx
from ..models import Fetcher, Response

_HOSTS = frozenset({"pbs.twimg.com", "video.twimg.com"})
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,4}\Z")
_SIZE_OF_AVATAR = re.compile(r"_(?:normal|bigger|mini|[0-9]{2,3}x[0-9]{2,3})\Z")
_SIZES = ("orig", "4096x4096", "large", "2048x2048", "400x400", "medium", "bigger", "small")
"""Words of a URL from the largest size down; `:large`, `?name=large`, `_400x400`."""
_MOST_ROWS = 50


def archived(url: str, fetch: Fetcher, max_bytes: int) -> Response | None:
    """The largest copy of any size; None where there is none. Raises UpstreamError.

    The index is asked for all URLs that begin as this one does without its size: copies were made
    of whatever size a page showed.
    """
    beginning = _beginning(url)
    if beginning is None:
        return None
    answer = cdx.ask(beginning, fetch, limit=_MOST_ROWS, filter="statuscode:200", collapse="urlkey")
    if cdx.refusal(answer) or answer.status == 404:
        return None
    rows, _ = cdx.read(answer)
    if not rows:
        return None
    copy = cdx.memento(cdx.memento_url(min(rows, key=_how_small)), fetch)
    is_copy = copy.status == 200 and cdx.archived_at(copy) is not None
    return copy if is_copy and len(copy.body) <= max_bytes else None


def _beginning(url: str) -> str | None:
    """Host and path up to the size; None for hosts whose names do not hold it so."""
    parts = urlsplit(url)
    if parts.hostname not in _HOSTS or len(parts.path) < 8:
        return None
    path = _EXTENSION.sub("", parts.path.partition(":")[0])
    return f"{parts.hostname}{_SIZE_OF_AVATAR.sub('', path)}"


def _how_small(row: cdx.Row) -> tuple[int, str]:
    sizes = [at for at, size in enumerate(_SIZES) if size in row.original]
    return (min(sizes, default=len(_SIZES)), row.timestamp)
