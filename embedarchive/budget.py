"""A Fetcher → the same one with an end: after so many requests, so long, or on request.

No request is made beyond the number, whatever was begun; for the time, and on request, what was
begun is finished and nothing more is begun.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn
from urllib.parse import urlsplit

from .errors import OverBudget
from .models import Metered, Response


class Budget:
    """What a run may still do; may be asked from several threads."""

    def __init__(
        self,
        client: Metered,
        *,
        max_requests: int | None = None,
        max_duration: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`max_duration` is in seconds from now; None: no bound."""
        self._fetch = client.metered(self._admit)
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
        return self.is_stopped or is_late or self._is_used_up

    @property
    def _is_used_up(self) -> bool:
        return self._max_requests is not None and self.requests >= self._max_requests

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
        """One GET, each request of it counted; raises UpstreamError, OverBudget among them."""
        if self._is_used_up and not self._is_counted:
            self._refuse(urlsplit(url).hostname or "")  # without waiting for the host's turn
        return self._fetch.get(
            url,
            params=params,
            headers=headers,
            follow_redirects=follow_redirects,
            max_bytes=max_bytes,
        )

    @property
    def _is_counted(self) -> bool:
        """Whether the next request of this thread was counted when its visit was begun."""
        return getattr(self._visit, "is_counted", False)

    def _admit(self, host: str) -> None:
        if self._is_counted:
            self._visit.is_counted = False
            return
        with self._turn:
            if self._is_used_up:
                self._refuse(host)
            self.requests += 1

    def _refuse(self, host: str) -> NoReturn:
        raise OverBudget(f"not asked: {self._max_requests} requests were made", host=host)
