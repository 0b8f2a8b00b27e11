"""Services that have posts: which URLs are posts of what.

Each file is one entry and defines `NETWORK`; a new file is all that a new entry takes. Names that
begin with an underscore are parts shared by entries.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from ..models import Kind, Network, PostUrl
from ._urls import split
from ._wrappers import unwrap

NETWORKS: tuple[Network, ...] = tuple(
    import_module(f".{module.name}", __name__).NETWORK
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
)
"""In the order of their names."""

PATTERNS = tuple(pattern for network in NETWORKS for pattern in network.patterns)
"""Of which one at least is in each text that holds the URL of a post."""

_BY_HOST = {host: network for network in NETWORKS for host in network.hosts}
_ANY_HOST = tuple(network for network in NETWORKS if network.any_host)
_LITERALS = re.compile(
    "|".join(re.escape(raw.decode()) for network in NETWORKS for raw in network.literals)
)
_MAX_WRAPPERS = 3
"""Archives of archives of redirects exist; deeper nesting was never met."""


@lru_cache(maxsize=256)  # several forms ask for the same links of a page
def identify(url: str) -> PostUrl | None:
    """The post a URL names, of any network, also inside archives and redirects; else None."""
    lower = url.lower()
    if "%" not in url and "2f2f" not in lower and not _LITERALS.search(lower):
        return None  # as most links; in an encoded URL the literals may be encoded as well
    wrapper = None
    for _ in range(_MAX_WRAPPERS + 1):
        parts = split(url)
        if parts is None:
            return None
        network = _BY_HOST.get(parts.host)
        for candidate in (network,) if network else _ANY_HOST:
            if post := candidate.identify(url):
                return post if wrapper is None else _wrapped(post, wrapper)
        inner = unwrap(parts)
        if inner is None:
            return None
        # The outermost wrapper is what the document shows.
        url, wrapper = inner.url, wrapper or inner.wrapper
    return None


def _wrapped(post: PostUrl, wrapper: str) -> PostUrl:
    kind = Kind.EMBED if wrapper == "embed" else post.kind
    return PostUrl(post.target, post.handle, kind, wrapper)
