"""Services that have posts: which URLs are posts of what.

Each file is one entry and defines `NETWORK`; a new file is all that a new entry takes. Names that
begin with an underscore are parts shared by entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from itertools import groupby
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
_LITERALS = sorted({raw.decode() for network in NETWORKS for raw in network.literals})
_WORDS = tuple(literal for literal in _LITERALS if "/" not in literal)


def _paths(literals: Iterable[str]) -> re.Pattern[str]:
    """A pattern of literals that begins with their first slash: to look for that is quick."""
    split = sorted((literal.partition("/")[2], literal) for literal in literals if "/" in literal)
    branches = (
        re.escape(first)
        + "(?:"
        + "|".join(f"{re.escape(tail[1:])}(?<={re.escape(literal)})" for tail, literal in alike)
        + ")"
        for first, alike in groupby(split, lambda pair: pair[0][:1])
    )
    return re.compile(f"/(?:{'|'.join(branches)})")


_PATHS = _paths(_LITERALS)
_MAX_WRAPPERS = 3
"""Archives of archives of redirects exist; deeper nesting was never met."""


@lru_cache(maxsize=1024)  # several forms ask for the same links of a page
def identify(url: str) -> PostUrl | None:
    """The post a URL names, of any network, also inside archives and redirects; else None."""
    if url[:1] in ("/", "#", "?") and url[:2] != "//":
        return None  # a place on the page's own site
    if not may_name_post(url):
        return None
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


def may_name_post(url: str) -> bool:
    """Whether some network's literal is in the URL; if it is encoded, so may these be."""
    lower = url.lower()
    if "%" in lower or "2f2f" in lower or _PATHS.search(lower):
        return True
    for word in _WORDS:  # noqa: SIM110  # twice as fast, and most links get here
        if word in lower:
            return True
    return False


def _wrapped(post: PostUrl, wrapper: str) -> PostUrl:
    kind = Kind.EMBED if wrapper == "embed" else post.kind
    return PostUrl(post.target, post.handle, kind, wrapper)
