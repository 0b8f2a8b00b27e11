"""A Fetcher → the same one with an end: after so many requests, so long, or on request.

It refuses no request: what was begun is finished. It only says whether to begin anything more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from .models import Fetcher, Response


class Budget:
    """What a run may still do; may be asked from several threads."""

    def __init__(
        self,
        fetch: Fetcher,
        *,
        max_requests: int | None = None,
        max_duration: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`max_duration` is in seconds from now; None: no bound."""
        self._fetch = fetch
        self._max_requests = max_requests
        self._clock = clock
        self._ends_at = None if max_duration is None else clock() + max_duration
        self._turn = threading.Lock()
        self._visit = threading.local()
        self.is_stopped = False
        self.requests = 0
        """Made, or about to be made by a visit that was begun."""

    def stop(self) -> None:
        """From now on nothing more is begun."""
        self.is_stopped = True

    @property
    def is_spent(self) -> bool:
        """Whether nothing more is to be begun."""
        is_late = self._ends_at is not None and self._clock() >= self._ends_at
        is_enough = self._max_requests is not None and self.requests >= self._max_requests
        return self.is_stopped or is_late or is_enough

    @contextmanager
    def visit(self) -> Iterator[bool]:
        """Begin a visit on this thread, its first request counted; False: there is no more."""
        with self._turn:
            is_begun = not self.is_spent
            self.requests += is_begun
        self._visit.is_counted = is_begun
        try:
            yield is_begun
        finally:
            with self._turn:
                self.requests -= self._visit.is_counted  # nothing had to be asked
            self._visit.is_counted = False

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> Response:
        """One GET, counted."""
        if getattr(self._visit, "is_counted", False):
            self._visit.is_counted = False
        else:
            with self._turn:
                self.requests += 1
        return self._fetch.get(
            url,
            params=params,
            headers=headers,
            follow_redirects=follow_redirects,
            max_bytes=max_bytes,
        )
