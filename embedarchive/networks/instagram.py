"""Instagram: which URLs name a post. A post's id here is its shortcode."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import SLASH
from ._urls import split

# Newer codes have 11 characters, codes of private posts up to 39.
_POST = re.compile(
    r"/(?:([a-z0-9_.]{1,30})/)?(?:p|reels?|tv)/([a-z0-9_-]{8,40})(/embed\b.*)?(?:/.*)?",
    re.IGNORECASE | re.ASCII,
)


class Instagram:
    """https://www.instagram.com"""

    name = "instagram"
    hosts = frozenset(
        {"instagram.com", "www.instagram.com", "m.instagram.com"}
        | {"instagr.am", "www.instagr.am", "ddinstagram.com", "www.ddinstagram.com"}
    )
    any_host = False
    literals = (b"/p/", b"/reel/", b"/reels/", b"/tv/")
    patterns = (
        rf"instagr(?:am\.com|\.am)(?::80|:443)?{SLASH}(?:[a-z0-9_.]{{1,30}}{SLASH})?"
        rf"(?:p|reels?|tv){SLASH}[a-z0-9_-]{{8}}",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The post of a `/p/`, `/reel/` or `/tv/` page or of its frame; not a profile's."""
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        match = _POST.fullmatch(parts.path)
        if match is None or match[2].lower() == "audio":
            return None
        wrapper = "embed" if match[3] else None
        kind = Kind.EMBED if wrapper else Kind.LINK
        return PostUrl(Target("instagram", match[2]), match[1], kind, wrapper)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The post's page; `/p/` leads to reels as well."""
        return f"https://www.instagram.com/p/{post_id}/"


NETWORK = Instagram()
