"""A URL's beginning → which copies of such URLs the Wayback Machine holds; and the copies' bytes.

Speaks to web.archive.org alone, never to the archived sites, and reads no page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urljoin

from .errors import TooLarge
from .models import Fetcher, Response, unexpected

HOST = "web.archive.org"
URL = f"https://{HOST}/cdx/search/cdx"

_FIELDS = ("timestamp", "original", "mimetype", "statuscode")
_TIMESTAMP = re.compile(r"[12][0-9]{13}")
_MEMENTO = re.compile(r"https?://web\.archive\.org/web/([0-9]{1,14})[a-z_]{0,4}/(.{1,4000})")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 4
_MAX_BYTES = 8 << 20
_PAGE = 2000
_MAX_PAGES = 10


class Row(NamedTuple):
    """One copy."""

    timestamp: str
    """14 digits, UTC."""
    original: str
    """The archived URL."""
    media_type: str
    status: str
    """Of the archived answer; `-` for a copy that is told by an older one."""


def ask(beginning: str, fetch: Fetcher, *, limit: int, resume: str = "", **more: str) -> Response:
    """Ask the index for all URLs with that beginning (no scheme); raises UpstreamError.

    `more` are further parameters, as the server's README documents them.
    """
    params = {
        "url": beginning,
        "matchType": "prefix",
        "output": "json",
        "fl": ",".join(_FIELDS),
        "limit": str(limit),
        **more,
    }
    if resume:
        params["resumeKey"] = resume
    return fetch.get(URL, params=params)


def rows(beginning: str, fetch: Fetcher, **more: str) -> Iterator[Row]:
    """All rows for URLs with that beginning, page after page; none of a site that is not shown.

    Raises UpstreamError.
    """
    resume: str | None = ""
    for _ in range(_MAX_PAGES):
        answer = ask(
            beginning, fetch, limit=_PAGE, resume=resume or "", showResumeKey="true", **more
        )
        if refusal(answer):
            return
        page, resume = read(answer)
        yield from page
        if not resume:
            return
    raise TooLarge(f"{HOST}: more than {_MAX_PAGES * _PAGE} copies", host=HOST, url=URL)


def is_index(response: Response) -> bool:
    """Whether it answers a question to the index, and is no copy."""
    return response.url.startswith(URL)


def read(response: Response) -> tuple[list[Row], str | None]:
    """The rows of an answer, and the key with which the next ones are asked.

    Rows without all fields or without a time are known to occur and are passed over. Raises
    UnexpectedResponse where the answer is no table; a refusal is told by `refusal` before.
    """
    try:
        table = json.loads(response.body)
    except (ValueError, RecursionError):
        table = None
    if response.status != 200 or not isinstance(table, list):
        raise unexpected(response, "not a table of its index")
    resume = None
    if len(table) > 1 and table[-2] == [] and isinstance(table[-1], list) and len(table[-1]) == 1:
        resume = str(table[-1][0])[:1000]
    # The first row names the columns; a time is what it does not hold.
    return list(_rows(table)), resume


def refusal(response: Response) -> str | None:
    """Why the archive does not show a site, where that is its answer: a header tells."""
    words = response.headers.get("x-archive-wayback-runtime-error", "")
    is_refused = response.status == 403 and "AccessControlException" in words
    return words.rpartition("Exception: ")[2][:200] if is_refused else None


def memento_url(row: Row) -> str:
    """Where the archived bytes lie as they were received."""
    return f"https://{HOST}/web/{row.timestamp}id_/{row.original}"


def original_url(url: str) -> str:
    """The archived URL of a copy's; "" where it is no copy's."""
    match = _MEMENTO.fullmatch(url)
    return match[2] if match else ""


def memento(url: str, fetch: Fetcher) -> Response:
    """The bytes of a copy, or of the closest one, archived redirects followed within the archive.

    The answer is the archive's own unless it has a Memento-Datetime. Raises UpstreamError.
    """
    seen = {url}
    while True:
        response = fetch.get(url, follow_redirects=False, max_bytes=_MAX_BYTES)
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or not location:
            return response
        url = _within(url, location)
        if url in seen or len(seen) > _MAX_HOPS:
            return response
        seen.add(url)


def archived_at(response: Response) -> datetime | None:
    """When the answer was archived: its Memento-Datetime (RFC 7089), None where it has none."""
    try:
        moment = parsedate_to_datetime(response.headers.get("memento-datetime", ""))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _within(url: str, location: str) -> str:
    """A redirect's target as a copy: absolute, `/web/...`, `//web.archive.org/...`, or outside."""
    here = _MEMENTO.fullmatch(url)
    target = urljoin(url, location[:4000])
    copy = _MEMENTO.fullmatch(target)
    timestamp = copy[1] if copy else here[1] if here else "2"
    return f"https://{HOST}/web/{timestamp}id_/{copy[2] if copy else target}"


def _rows(table: list[object]) -> Iterator[Row]:
    for cells in table:
        if not isinstance(cells, list) or len(cells) != len(_FIELDS):
            continue
        if not all(isinstance(cell, str) for cell in cells):
            continue
        row = Row(*cells)
        if _TIMESTAMP.fullmatch(row.timestamp) and _is_time(row.timestamp):
            yield row


def _is_time(timestamp: str) -> bool:
    try:
        datetime.strptime(timestamp, "%Y%m%d%H%M%S")  # only whether it is one
    except ValueError:
        return False
    return True
