"""A Fetcher → the same one that asks a slow service no question twice within some days.

A search by the archive's index takes dozens of questions at seconds each. A run that was cut short
must not ask them again, nor the next one that looks for a post which is still not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from .models import Fetcher, Memory, Response

KEPT_FOR = timedelta(days=7)
"""Copies of a post may be added later: after a week it is worth another question."""
_HOSTS = frozenset({"web.archive.org"})


class Remembered:
    """Fulfils `models.Fetcher`. Errors are not remembered, nor are the answers of other hosts."""

    def __init__(self, fetch: Fetcher, memory: Memory) -> None:
        self._fetch = fetch
        self._memory = memory

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> Response:
        """One GET, or what it was answered before; raises UpstreamError."""
        is_slow = urlsplit(url).hostname in _HOSTS and not headers
        question = f"{url}?{urlencode(params)}" if params else url
        known = self._memory.recall(question) if is_slow else None
        if known is not None and (max_bytes is None or len(known.body) <= max_bytes):
            return known
        answer = self._fetch.get(
            url,
            params=params,
            headers=headers,
            follow_redirects=follow_redirects,
            max_bytes=max_bytes,
        )
        if is_slow:
            self._memory.remember(question, answer)
        return answer
