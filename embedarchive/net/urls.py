"""A URL as it was found → an absolute one that may be asked, and where that is really asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

import httpx

from ..errors import AddressRefused, UsageError
from .addresses import literal

_PORTS = {"http": 80, "https": 443}
_HOST_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789.-_:")
"""Of names in their ASCII form and of addresses; httpx lets through far more."""


class Address(NamedTuple):
    """An absolute URL that may be asked; its parameters were encoded here, and are kept apart:
    httpx.URL looks at each character in Python, and writes itself anew each time."""

    parsed: httpx.URL
    host: str
    text: str
    """All of it."""
    tail: str

    def __str__(self) -> str:
        return self.text

    @property
    def target(self) -> bytes:
        return self.parsed.raw_path + self.tail.encode("ascii")


_parse = lru_cache(maxsize=64)(httpx.URL)
"""One service is asked at one address many times."""


class Place(NamedTuple):
    """Where a request really goes."""

    scheme: str
    raw_host: bytes
    port: int | None
    netloc: str
    target: bytes


class Urls:
    """Which URLs may be asked, and at which endpoints. As of `Client`'s arguments."""

    def __init__(self, endpoints: Mapping[str, str], *, allow_http: bool) -> None:
        """Raises UsageError for an endpoint that is no base URL."""
        self._endpoints = {host: _base(host, url) for host, url in endpoints.items()}
        self._allow_http = allow_http

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
            full = httpx.URL(str(base)).join(url) if base else _parse(url)
        except (httpx.InvalidURL, ValueError) as error:
            where = base.host if base else ""
            raise AddressRefused(f"not a URL: {error}", host=where, url=url[:200]) from error
        host, shown = full.host, str(full)
        if full.scheme != "https" and not (self._allow_http and full.scheme == "http"):
            raise AddressRefused(f"not asked over {full.scheme}: {shown}", host=host, url=shown)
        if not host or not _HOST_BYTES.issuperset(full.raw_host) or (full.port or 0) > 65535:
            raise AddressRefused("no usable host", host=host, url=shown)
        if full.userinfo:
            raise AddressRefused("a URL that carries a password", host=host, url=shown)
        return Address(full, host, shown + tail, tail)

    def place_of(self, url: Address) -> Place:
        """Where the URL is really asked: at a configured endpoint, or as it is."""
        asked = url.parsed
        base, prefix = self._endpoints.get(url.host), b""
        if base is None and not literal(url.host):
            base, prefix = self._endpoints.get("*"), b"/" + asked.netloc
        if base is None:
            netloc = asked.netloc.decode("ascii")
            return Place(asked.scheme, asked.raw_host, asked.port, netloc, url.target)
        path = base.raw_path.rstrip(b"/") + prefix + url.target
        return Place(base.scheme, base.raw_host, base.port, base.netloc.decode("ascii"), path)


def _base(host: str, url: str) -> httpx.URL:
    """A configured base URL; raises UsageError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UsageError(f"endpoint of {host}: {error}") from error
    if parsed.scheme not in _PORTS or not parsed.host or parsed.query:
        raise UsageError(f"endpoint of {host}: {url} is not a base URL")
    return parsed
