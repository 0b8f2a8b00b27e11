"""Connections for httpcore: host and port in, a stream to a checked address out; never another.

Names are resolved here, every address is checked, and the connection goes to a checked address:
there is no second look-up that could answer differently. Redirects and retries pass here too.
The same streams keep the deadline of the whole request, headers included.
"""

from __future__ import annotations

import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from ..errors import AddressRefused, Unreachable
from .addresses import is_public, literal

CONNECT_SECONDS = 3.0
"""For looking a name up and connecting. A network that takes longer is as good as none, and a run
without a network has to end soon."""

_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})

Resolve = Callable[[str, int], list[str]]


class NoConnection(Unreachable):
    """No connection was made.

    `is_slow`: it took the whole time allowed, so that trying again soon is pointless.
    `is_offline`: it looks as if this machine had no network at all. Without one, resolvers answer
    "try again" or "unknown name", or nothing.
    """

    def __init__(self, message: str, *, host: str, is_slow: bool, is_offline: bool) -> None:
        super().__init__(message, host=host)
        self.is_slow = is_slow
        self.is_offline = is_offline


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system's resolver gives them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard(httpcore.NetworkBackend):
    """A network backend that refuses addresses that are not public.

    `exempt` holds the (host, port) pairs of configured endpoints: the user's own word.
    """

    def __init__(
        self, exempt: frozenset[tuple[str, int]] = frozenset(), resolve: Resolve = resolve
    ) -> None:
        self._exempt = exempt
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()
        self._local = threading.local()
        self._open: set[_Stream] = set()
        self._is_closed = False
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close every stream, and each that a thread is still opening as soon as it is open.

        httpcore's pool closes the connections that it knows to be connected, and no other.
        """
        with self._lock:
            self._is_closed = True
            streams = list(self._open)
        for stream in streams:
            stream.close()

    def keep(self, stream: _Stream) -> None:
        """Note a stream that was opened; raises httpcore.ConnectError where all are closed."""
        with self._lock:
            is_closed = self._is_closed
            self._open.add(stream)
        if is_closed:
            stream.close()
            raise httpcore.ConnectError("the run has ended")

    def forget(self, stream: _Stream) -> None:
        """Note that a stream is closed, or another now."""
        with self._lock:
            self._open.discard(stream)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """All that this thread does on its streams meanwhile ends after `seconds` in all."""
        self._local.deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._local.deadline

    def extend(self, seconds: float) -> None:
        """Move this thread's deadline: time spent waiting for our own turn does not count."""
        self._local.deadline += seconds

    def left(self, exceeded: type[Exception] = httpcore.ReadTimeout) -> float:
        """Seconds until this thread's deadline; raises `exceeded` where none are left."""
        deadline: float = getattr(self._local, "deadline", 0.0)
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise exceeded("the time for the whole request is over")
        return seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a checked address of `host`; raises AddressRefused, NoConnection."""
        end = time.monotonic() + min(CONNECT_SECONDS, self.left(httpcore.ConnectTimeout))
        addresses = self._checked_addresses(host, port, end)
        for tried, address in enumerate(addresses):
            share = (end - time.monotonic()) / (len(addresses) - tried)
            try:
                stream = self._sockets.connect_tcp(
                    address, port, max(share, 0.01), local_address, socket_options
                )
            except httpcore.ConnectTimeout:
                last = NoConnection(
                    f"{host} does not answer", host=host, is_slow=True, is_offline=True
                )
            except httpcore.ConnectError as error:
                number = getattr(error.__cause__ or error.__context__, "errno", None)
                last = NoConnection(
                    f"no connection to {host}: {error}",
                    host=host,
                    is_slow=False,
                    is_offline=number in _NO_ROUTE,
                )
            else:
                return _Stream(stream, self)
        raise last

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        raise AddressRefused("sockets of this machine are not asked", host="")

    def _checked_addresses(self, host: str, port: int, end: float) -> list[str]:
        addresses = [host] if literal(host) else self._resolve_within(host, port, end)
        if (host, port) in self._exempt:
            return addresses
        for address in addresses:
            if not is_public(ip_address(address.partition("%")[0])):
                raise AddressRefused(
                    f"{host} leads to {address}, which is not a public address", host=host
                )
        return addresses

    def _resolve_within(self, host: str, port: int, end: float) -> list[str]:
        # The system's resolver knows no timeout of ours: it runs aside, and may be left behind.
        answer: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

        def look_up() -> None:
            try:
                answer.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
        try:
            found = answer.get(timeout=max(end - time.monotonic(), 0.01))
        except Empty:
            raise NoConnection(
                f"the name {host} cannot be looked up in time",
                host=host,
                is_slow=True,
                is_offline=True,
            ) from None
        if isinstance(found, UnicodeError):
            raise AddressRefused(f"{host} is not a host name", host=host) from found
        if isinstance(found, OSError) or not found:
            raise NoConnection(
                f"the name {host} cannot be looked up: {found}",
                host=host,
                is_slow=False,
                is_offline=True,
            )
        return found


class _Stream(httpcore.NetworkStream):
    """A stream on which every wait ends with the request's deadline."""

    def __init__(self, inner: httpcore.NetworkStream, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard
        guard.keep(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._guard.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._guard.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._guard.forget(self)
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._guard.left(httpcore.ConnectTimeout)
        self._guard.forget(self)  # what fails here is closed by httpcore
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._guard)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
