"""What this run knows of each host: when to ask it next, and whether to ask it at all.

A name in, a wait or a refusal out; it never touches the network. A host that cannot be reached is
left alone for the rest of the run; one that asked to wait is left alone as long as it asked, over
later runs as well.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..errors import RateLimited, ServerFailure, Unreachable
from ..models import HostState, HostStates
from .guard import NoConnection

LONGEST_WAIT = 86_400.0
"""Seconds. A longer Retry-After is taken as this: a day is what a daily cron job can keep."""

DEFAULT_WAIT = 60.0
"""Seconds after the first 429 without a Retry-After; doubled with each further one in a row."""

FAILURES_IN_A_ROW = 5
"""So many requests that failed one after another, and a host is left alone for this run."""

_SLICE = 0.25
_DIGITS = frozenset("0123456789")


class LeftAlone(Unreachable):
    """Not asked at all: the host could not be reached before in this run."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3), or None where it says nothing usable.

    A past date and a negative number say nothing; more than `LONGEST_WAIT` is cut to it.
    """
    value = (value or "").strip()
    if value and _DIGITS.issuperset(value):
        return LONGEST_WAIT if len(value) > 20 else min(float(value), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None


def until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until X's API answers again, where its headers say that nothing is left.

    `x-rate-limit-remaining: 0` and `x-rate-limit-reset`, in seconds since 1970 (X API, rate
    limits). At most `LONGEST_WAIT`; None where the headers say nothing usable.
    """
    reset = headers.get("x-rate-limit-reset", "").strip()
    is_used_up = headers.get("x-rate-limit-remaining", "").strip() == "0"
    if not is_used_up or not reset or len(reset) > 11 or not _DIGITS.issuperset(reset):
        return None
    seconds = int(reset) - now.timestamp()
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None


@dataclass(slots=True)
class _Host:
    next_slot: float = 0.0
    not_before: datetime | None = None
    limits: int = 0
    failures: int = 0
    reason: str | None = None


class Hosts:
    """Pacing and circuit breaker. Safe to share between threads."""

    def __init__(
        self,
        *,
        pacing: float,
        pacing_of: Mapping[str, float] | None = None,
        longest_wait: float,
        states: HostStates | None,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._pacing = pacing
        self._pacing_of = dict(pacing_of or {})
        self._longest_wait = longest_wait
        self._states = states
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self.was_reached = False
        """Whether any host answered in this run."""
        self._offline: set[str] = set()

    def wait(self, name: str) -> float:
        """Wait for the host's turn and return the seconds spent; raises LeftAlone, RateLimited."""
        with self._lock:
            host = self._known(name)
            self._check(name, host)
            seconds = self._reserve(name, host)
        left = seconds
        while left > 0:
            self._sleep(min(left, _SLICE))
            left -= _SLICE
            with self._lock:
                self._check(name, host)
        return seconds

    def answered(self, name: str, pause: float | None = None) -> None:
        """The host gave an answer that is neither 429 nor 5xx; with `pause`, its last for now."""
        with self._lock:
            host = self._known(name)
            self.was_reached = True
            host.failures = 0
            if host.limits:
                host.limits = 0
                host.not_before = None
                self._save(name, host)
            if pause is not None:
                host.not_before = self._clock() + timedelta(seconds=pause)
                self._save(name, host)

    def limited(self, name: str, seconds: float | None) -> datetime:
        """The host answered 429, asking for `seconds` or not saying; until when to leave it."""
        with self._lock:
            host = self._known(name)
            self.was_reached = True
            now = self._clock()
            if host.not_before is None or host.not_before <= now:
                # Answers to requests that were under way together count once.
                host.limits += 1
            doubled = DEFAULT_WAIT * 2 ** min(host.limits - 1, 12)
            wait = min(doubled, LONGEST_WAIT) if seconds is None else seconds
            host.not_before = now + timedelta(seconds=wait)
            self._save(name, host)
            return host.not_before

    def failed(self, name: str, error: Exception) -> None:
        """A request to the host failed for good."""
        with self._lock:
            host = self._known(name)
            host.failures += 1
            self.was_reached |= isinstance(error, ServerFailure)
            if isinstance(error, NoConnection) or host.failures >= FAILURES_IN_A_ROW:
                host.reason = str(error)
            if isinstance(error, NoConnection) and error.is_offline:
                self._offline.add(name)

    def _check(self, name: str, host: _Host) -> None:
        if host.reason is not None:
            raise LeftAlone(f"{name} is left alone in this run: {host.reason}", host=name)
        if len(self._offline) > 1 and not self.was_reached:
            # Two names without a way to either, and nothing ever answered: no network.
            raise LeftAlone("no host can be reached: is there a network?", host=name)

    def _reserve(self, name: str, host: _Host) -> float:
        now = time.monotonic()
        seconds = max(host.next_slot - now, 0.0)
        if host.not_before is not None:
            seconds = max(seconds, (host.not_before - self._clock()).total_seconds())
            # A clock that was set back must not make us wait for years.
            seconds = min(seconds, LONGEST_WAIT)
            if seconds > self._longest_wait:
                raise RateLimited(
                    f"{name} asked to wait until {host.not_before:%Y-%m-%d %H:%M:%S} UTC",
                    host=name,
                    retry_after=seconds,
                )
        host.next_slot = now + seconds + max(self._pacing, self._pacing_of.get(name, 0.0))
        return seconds

    def _known(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host()
            state = self._states.host_state(name) if self._states else None
            if state is not None:
                host.not_before, host.limits = state.not_before, state.failures
        return host

    def _save(self, name: str, host: _Host) -> None:
        if self._states is not None:
            self._states.set_host_state(HostState(name, host.not_before, host.limits))
