"""What httpx and httpcore raise → the UpstreamError that it stands for. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import httpcore
import httpx

from ..errors import (
    AddressRefused,
    DeadlineExceeded,
    UnexpectedResponse,
    Unreachable,
    UpstreamError,
)

_TRANSLATION: Mapping[str, type[UpstreamError]] = {
    "TimeoutException": DeadlineExceeded,
    "NetworkError": Unreachable,
    "RemoteProtocolError": Unreachable,
    "ConnectionNotAvailable": Unreachable,
    "ProxyError": Unreachable,
    "LocalProtocolError": AddressRefused,
    "UnsupportedProtocol": AddressRefused,
    "InvalidURL": AddressRefused,
    "TooManyRedirects": AddressRefused,
}
"""httpx and httpcore name their exceptions alike; looked up along each one's bases."""

ALL_ERRORS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.ConnectionNotAvailable,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
"""What goes amiss in httpx and httpcore, and may be translated."""


def translated(error: Exception, url: str, host: str) -> UpstreamError:
    """The UpstreamError that an exception of httpx or httpcore stands for."""
    names = [base.__name__ for base in type(error).__mro__]
    kind = next((_TRANSLATION[name] for name in names if name in _TRANSLATION), None)
    return (kind or UnexpectedResponse)(
        f"{host}: {error or type(error).__name__}", host=host, url=url
    )
