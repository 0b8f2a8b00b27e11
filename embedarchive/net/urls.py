"""A URL as it was found → an absolute one that may be asked, and where that is really asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

import httpcore
import httpx

from ..errors import AddressRefused, UsageError
from .addresses import literal

_PORTS = {"http": 80, "https": 443}
_HOST_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789.-_:")
"""Of names in their ASCII form and of addresses; httpx lets through far more."""
_REMEMBERED = 64


class Place(NamedTuple):
    """An absolute URL that may be asked, and where it is really asked."""

    text: str
    host: str
    is_rebased: bool
    """It is asked at a configured endpoint that has another name."""
    scheme: str
    """That of the URL itself."""
    origin: httpcore.Origin
    """Of a configured endpoint, or its own, as is what follows."""
    netloc: str
    path: bytes
    """With its query."""


class Address(NamedTuple):
    """A place, and the parameters that its URL was given: one service is asked at one place many
    times, and httpx.URL looks at each character in Python."""

    place: Place
    tail: str = ""

    def __str__(self) -> str:
        return self.place.text + self.tail

    @property
    def host(self) -> str:
        return self.place.host

    @property
    def target(self) -> bytes:
        return self.place.path + self.tail.encode("ascii")


class Urls:
    """Which URLs may be asked, and at which endpoints. As of `Client`'s arguments."""

    def __init__(self, endpoints: Mapping[str, str], *, allow_http: bool) -> None:
        """Raises UsageError for an endpoint that is no base URL."""
        self._endpoints = {host: _base(host, url) for host, url in endpoints.items()}
        self._allow_http = allow_http
        self._known = lru_cache(_REMEMBERED)(lambda url: self._place(httpx.URL(url)))

    def endpoints(self) -> frozenset[tuple[str, int]]:
        """Host and port of each configured endpoint."""
        return frozenset(
            (base.host, base.port or _PORTS[base.scheme]) for base in self._endpoints.values()
        )

    def checked(
        self, url: str, params: Mapping[str, str] | None, base: Address | None = None
    ) -> Address:
        """The URL with its parameters, absolute; raises AddressRefused."""
        url = url.partition("#")[0]
        tail = ("&" if "?" in url else "?") + urlencode(params) if params else ""
        try:
            if base is None:
                return Address(self._known(url), tail)
            return Address(self._place(httpx.URL(str(base)).join(url)), tail)
        except (httpx.InvalidURL, ValueError) as error:
            where = base.host if base else ""
            raise AddressRefused(f"not a URL: {error}", host=where, url=url[:200]) from error

    def _place(self, url: httpx.URL) -> Place:
        host, shown = url.host, str(url)
        if url.scheme != "https" and not (self._allow_http and url.scheme == "http"):
            raise AddressRefused(f"not asked over {url.scheme}: {shown}", host=host, url=shown)
        if not host or not _HOST_BYTES.issuperset(url.raw_host) or (url.port or 0) > 65535:
            raise AddressRefused("no usable host", host=host, url=shown)
        if url.userinfo:
            raise AddressRefused("a URL that carries a password", host=host, url=shown)
        base, prefix = self._endpoints.get(host), b""
        if base is None and not literal(host):
            base, prefix = self._endpoints.get("*"), b"/" + url.netloc
        asked = base or url
        path = url.raw_path if base is None else base.raw_path.rstrip(b"/") + prefix + url.raw_path
        port = asked.port or _PORTS[asked.scheme]
        return Place(
            text=shown,
            host=host,
            is_rebased=asked.netloc != url.netloc,
            scheme=url.scheme,
            origin=httpcore.Origin(asked.scheme.encode("ascii"), asked.raw_host, port),
            netloc=asked.netloc.decode("ascii"),
            path=path,
        )


def _base(host: str, url: str) -> httpx.URL:
    """A configured base URL; raises UsageError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UsageError(f"endpoint of {host}: {error}") from error
    if parsed.scheme not in _PORTS or not parsed.host or parsed.query:
        raise UsageError(f"endpoint of {host}: {url} is not a base URL")
    return parsed
