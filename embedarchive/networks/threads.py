"""Threads: which URLs name a post. A post's id here is its shortcode, as on Instagram."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import AT, SLASH
from ._urls import split

_POST = re.compile(
    r"/(?:@([a-z0-9_.]{1,30})/post|t)/([a-z0-9_-]{8,40})(/embed)?/?(?:[^a-z0-9_/-].*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)


class Threads:
    """https://www.threads.com, until 2025 threads.net"""

    name = "threads"
    hosts = frozenset({"threads.com", "www.threads.com", "threads.net", "www.threads.net"})
    any_host = False
    literals = (b"threads.com/", b"threads.net/")
    patterns = (
        rf"threads\.(?:com|net)(?::80|:443)?{SLASH}(?:{AT}[a-z0-9_.]{{1,30}}{SLASH}post|t){SLASH}"
        r"[a-z0-9_-]{8}",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The post of a `/@user/post/` or `/t/` page or of its frame."""
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        match = _POST.fullmatch(parts.path)
        if match is None:
            return None
        wrapper = "embed" if match[3] else None
        kind = Kind.EMBED if wrapper else Kind.LINK
        return PostUrl(Target("threads", match[2]), match[1], kind, wrapper)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The post's page."""
        return f"https://www.threads.com/{f'@{handle}/post' if handle else 't'}/{post_id}"


NETWORK = Threads()
