"""Connections that stay open between requests: an origin in, a connection to it out, lent to one
request at a time. Safe to share between threads.

httpcore's pool asks the system about each of its connections, twice for each request and under one
lock; here that is asked of the one that is to be used. What goes over a connection is httpcore's.
"""

from __future__ import annotations

import ssl
import threading

import httpcore

_MOST_KEPT = 32
_KEPT_SECONDS = 15.0


class Connections:
    """Opens connections over `sockets`, and keeps those that may be used again."""

    def __init__(self, ssl_context: ssl.SSLContext, sockets: httpcore.NetworkBackend) -> None:
        self._ssl_context = ssl_context
        self._sockets = sockets
        self._lock = threading.Lock()
        self._idle: list[httpcore.HTTPConnection] = []
        """The one used last at the end."""
        self._is_closed = False

    def take(self, origin: httpcore.Origin) -> httpcore.HTTPConnection:
        """A connection that nobody else uses until it is given back."""
        while (connection := self._idle_to(origin)) is not None:
            if not connection.has_expired():
                return connection
            connection.close()
        self._close_expired()
        return httpcore.HTTPConnection(
            origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=self._sockets,
        )

    def give_back(self, connection: httpcore.HTTPConnection) -> None:
        """Keep the connection for the next request, or close it where it can take none."""
        surplus = connection
        if connection.is_available():
            with self._lock:
                if not self._is_closed:
                    self._idle.append(connection)
                    if len(self._idle) <= _MOST_KEPT:
                        return
                    surplus = self._idle.pop(0)
        surplus.close()

    def close(self) -> None:
        """Close those that are idle, and each other one as it is given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _idle_to(self, origin: httpcore.Origin) -> httpcore.HTTPConnection | None:
        with self._lock:
            for at in range(len(self._idle) - 1, -1, -1):
                if self._idle[at].can_handle_request(origin):
                    return self._idle.pop(at)
        return None

    def _close_expired(self) -> None:
        """Close what hosts hung up on, or will: they may not be asked again in this run."""
        with self._lock:
            expired = [one for one in self._idle if one.has_expired()]
            self._idle = [one for one in self._idle if one not in expired]
        for connection in expired:
            connection.close()
