"""One GET: a URL in, a `Response` within all bounds out, or an UpstreamError; never anything else.

https only, no cookies, no proxy from the environment, HTTP/1.1, gzip at most and inflated with a
bound. `timeout` is for the whole request: names, TLS, headers, body, redirects and retries.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpcore
import httpx
import stamina

from ..errors import (
    AddressRefused,
    DeadlineExceeded,
    RateLimited,
    ServerFailure,
    UnexpectedResponse,
    Unreachable,
    UpstreamError,
)
from ..models import HostStates, Response
from .body import decoded, read_headers
from .connections import Connections
from .failures import ALL_ERRORS, translated
from .guard import Guard, NoConnection
from .guard import resolve as system_resolve
from .hosts import Hosts, LeftAlone, retry_after, until_reset
from .urls import Address, Urls

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_DROPPED = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"}
)
"""Headers that no longer hold once the body is decoded, and cookies."""


class Client:
    """Fulfils `models.Fetcher`. Safe to share between threads.

    `endpoints`: host → base URL that stands for `https://host`; `"*"` stands for every host, whose
    name then comes first in the path. `timeout`: seconds for the whole of one `get`. `max_bytes`:
    of a decoded body. `pacing`: least seconds between two requests to one host, `pacing_of` those
    of a host that wants more. `retries`: after a connection that failed or a 5xx. `states`: pacing
    that outlives the run, called under a lock. `tokens`: host → bearer token, sent to that host
    alone, over TLS or to its configured endpoint.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        endpoints: Mapping[str, str] | None = None,
        allow_http: bool = False,
        timeout: float = 20.0,
        max_bytes: int = 8_000_000,
        max_redirects: int = 5,
        retries: int = 2,
        pacing: float = 0.0,
        pacing_of: Mapping[str, float] | None = None,
        states: HostStates | None = None,
        tokens: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        resolve: Callable[[str, int], list[str]] = system_resolve,
    ) -> None:
        self._urls = Urls(endpoints or {}, allow_http=allow_http)
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_redirects, self._retries = max_redirects, retries
        self._clock = clock
        self._is_closed = threading.Event()
        self._admit: Callable[[str], None] = lambda host: None
        self._guard = Guard(self._urls.endpoints(), resolve)
        self._hosts = Hosts(
            pacing=pacing,
            pacing_of=pacing_of,
            longest_wait=timeout,
            states=states,
            clock=clock,
            sleep=sleep,
        )
        self._tokens = dict(tokens or {})
        self._headers = {"user-agent": user_agent, "accept": "*/*", "accept-encoding": "gzip"}
        # httpcore itself, and not httpx's client over it: that one keeps cookies and reads every
        # Location before we may judge it.
        self._connections = Connections(httpx.create_ssl_context(trust_env=False), self._guard)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, those too that threads are about to open; ask no more."""
        self._is_closed.set()
        self._guard.close()
        self._connections.close()

    def metered(self, admit: Callable[[str], None]) -> Self:
        """This client, with its connections and pacing, that calls `admit` before each request.

        It is told the host, once for each redirect and retry as well; what it raises comes through.
        """
        other = copy(self)
        other._admit = admit
        return other

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> Response:
        """One GET, tried again where that can help; any status but 429 and 5xx is an answer.

        Raises UpstreamError: RateLimited, ServerFailure, Unreachable, DeadlineExceeded, TooLarge,
        AddressRefused, UnexpectedResponse.
        """
        asked = self._urls.checked(url, params)
        limit = self._max_bytes if max_bytes is None else max_bytes
        hops = self._max_redirects if follow_redirects else None
        with self._guard.within(self._timeout):
            try:
                return self._retried(lambda: self._follow(asked, headers or {}, limit, hops))
            except (Unreachable, DeadlineExceeded, ServerFailure) as error:
                # What breaks because we close it is no fault of the host's.
                if not isinstance(error, LeftAlone) and not self._is_closed.is_set():
                    self._hosts.failed(error.host, error)
                raise

    def _retried(self, ask: Callable[[], Response]) -> Response:
        """What comes of it, asked again where that can help."""
        try:
            return ask()
        except UpstreamError as error:
            if not self._is_worth_a_retry(error):
                raise
            first = error
        # Only now: to set it up takes a twentieth of the time that a request does.
        for attempt in stamina.retry_context(
            on=self._is_worth_a_retry,
            attempts=self._retries + 1,
            timeout=self._timeout,
            wait_initial=0.2,
            wait_max=2.0,
            wait_jitter=0.3,
        ):
            with attempt:
                if attempt.num == 1:
                    raise first
                return ask()
        raise AssertionError("stamina ends with an answer or an error")

    def _is_worth_a_retry(self, error: Exception) -> bool:
        if isinstance(error, NoConnection):
            # Where nothing answered yet there is most likely no network, and the run has to end.
            return not error.is_slow and (self._hosts.was_reached or not error.is_offline)
        return isinstance(error, (Unreachable, ServerFailure)) and not isinstance(error, LeftAlone)

    def _follow(
        self, asked: Address, headers: Mapping[str, str], limit: int, hops: int | None
    ) -> Response:
        url, seen = asked, {str(asked)}
        while True:
            response = self._exchange(asked, url, headers, limit)
            location = response.headers.get("location")
            if hops is None or response.status not in _REDIRECTS or not location:
                return response
            url = self._urls.checked(location, None, base=url)
            is_loop = str(url) in seen
            if is_loop or len(seen) > hops:
                problem = "a redirect loop" if is_loop else f"more than {hops} redirects"
                raise AddressRefused(f"{problem} at {url}", host=url.host, url=str(asked))
            seen.add(str(url))

    def _exchange(
        self, asked: Address, url: Address, headers: Mapping[str, str], limit: int
    ) -> Response:
        """One request without redirects, the host's turn awaited before and noted after.

        `asked` is what led to `url`.
        """
        host = url.host
        self._guard.extend(self._hosts.wait(host))
        if self._is_closed.is_set():
            raise LeftAlone(f"{host} is not asked: the run has ended", host=host)
        self._admit(host)
        try:
            status, fields, body = self._answer(self._request(url, headers), url, limit)
        except UpstreamError as error:
            error.host, error.url = host, str(url)
            raise
        except ALL_ERRORS as error:
            raise translated(error, str(url), host) from error
        now = self._clock()
        self._judge(status, fields, url, now)
        kept = {k: v for k, v in fields.items() if k not in _DROPPED}
        self._check_for_token(url, kept, body)
        return Response(
            url=str(asked),
            status=status,
            headers=kept,
            body=body,
            received_at=now,
            final_url=str(url),
        )

    def _answer(
        self, request: httpcore.Request, url: Address, limit: int
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and decoded body."""
        connection = self._connections.take(url.place.origin)
        try:
            answer = connection.handle_request(request)
            try:
                fields = read_headers(answer.headers)
                return answer.status, fields, decoded(fields, answer.iter_stream(), limit)
            finally:
                answer.close()
        finally:
            self._connections.give_back(connection)

    def _request(self, url: Address, headers: Mapping[str, str]) -> httpcore.Request:
        place = url.place
        fields = {"host": place.netloc, **self._headers}
        for name, value in headers.items():
            fields[name.lower()] = value
        token = self._tokens.get(place.host)
        if token and (place.scheme == "https" or place.is_rebased):
            fields["authorization"] = f"Bearer {token}"
        origin = place.origin
        return httpcore.Request(
            "GET",
            httpcore.URL(
                scheme=origin.scheme, host=origin.host, port=origin.port, target=url.target
            ),
            headers=list(fields.items()),
        )

    def _judge(self, status: int, fields: Mapping[str, str], url: Address, now: datetime) -> None:
        host = url.host
        if status == 429:
            seconds = retry_after(fields.get("retry-after"), now) or until_reset(fields, now)
            until = f"{self._hosts.limited(host, seconds):%Y-%m-%d %H:%M:%S} UTC"
            words = f"{host} asks to wait; it is left alone until {until}"
            raise RateLimited(words, host=host, url=str(url), retry_after=seconds)
        if status >= 500:
            raise ServerFailure(f"{host} answered {status}", host=host, url=str(url), status=status)
        self._hosts.answered(host, until_reset(fields, now))

    def _check_for_token(self, url: Address, fields: Mapping[str, str], body: bytes) -> None:
        """An answer that repeats our token is not handed on: what is handed on may be stored."""
        token = self._tokens.get(url.host)
        if token and (token.encode() in body or any(token in value for value in fields.values())):
            raise UnexpectedResponse(
                f"{url.host} repeats the token it was sent", host=url.host, url=str(url)
            )
