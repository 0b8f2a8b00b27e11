"""TikTok: which URLs name a video. Its id has 19 digits, like a status id: the host decides."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import AT, SLASH
from ._urls import post_number, split

_PAGE = re.compile(
    r"/(?:@([a-z0-9_.]{0,30})/(?:video|photo)|v|(embed(?:/v[0-9])?|player/v1))"
    r"/([0-9]{8,19})(?![0-9a-z_-])",
    re.IGNORECASE | re.ASCII,
)


class TikTok:
    """https://www.tiktok.com"""

    name = "tiktok"
    hosts = frozenset(
        {"tiktok.com", "www.tiktok.com", "m.tiktok.com"} | {"vxtiktok.com", "www.vxtiktok.com"}
    )
    any_host = False
    literals = (b"tiktok.com/@", b"tiktok.com/v/", b"tiktok.com/embed/", b"tiktok.com/player/")
    patterns = (
        rf"tiktok\.com(?::80|:443)?{SLASH}(?:{AT}[a-z0-9_.]{{0,30}}{SLASH}(?:video|photo)|v"
        rf"|embed(?:{SLASH}v[0-9])?|player{SLASH}v1){SLASH}[0-9]{{8}}",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The video of a page or a frame; short links (`vm.tiktok.com`) name nothing."""
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        match = _PAGE.match(parts.path)
        post_id = post_number(match[3]) if match else None
        if match is None or post_id is None:
            return None
        wrapper = "embed" if match[2] else None
        kind = Kind.EMBED if wrapper else Kind.LINK
        return PostUrl(Target("tiktok", post_id), match[1] or None, kind, wrapper)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The video's page; the service fills in a missing handle."""
        return f"https://www.tiktok.com/@{handle or ''}/video/{post_id}"


NETWORK = TikTok()
