"""YouTube: which URLs name a video. Its id has 11 characters."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import EQUALS, SLASH
from ._urls import UrlParts, parameter, split

_ID = re.compile(r"[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")
_PATH = re.compile(r"/(embed|e|v|shorts|live)/([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")
_NO_IDS = frozenset({"videoseries", "live_stream"})
"""Words of eleven letters that stand where an id would."""
_WATCH = frozenset({"/watch", "/watch/", "/watch_popup"})
_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})


class YouTube:
    """https://www.youtube.com"""

    name = "youtube"
    hosts = frozenset(
        {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"}
        | {"youtube-nocookie.com", "www.youtube-nocookie.com", *_SHORT_HOSTS}
    )
    any_host = False
    literals = (
        *(b"youtube.com/watch", b"youtu.be/", b"youtube-nocookie.com/", b"youtube.com/embed/"),
        *(b"youtube.com/e/", b"youtube.com/v/", b"youtube.com/shorts/", b"youtube.com/live/"),
    )
    patterns = (
        rf"youtube(?:-nocookie)?\.com(?::80|:443)?{SLASH}watch[a-z0-9_.?&;=%#/-]{{1,200}}?"
        rf"v{EQUALS}[a-z0-9_-]{{11}}",
        rf"youtube(?:-nocookie)?\.com(?::80|:443)?{SLASH}(?:embed|e|v|shorts|live){SLASH}"
        r"[a-z0-9_-]{11}",
        rf"youtu\.be(?::80|:443)?{SLASH}[a-z0-9_-]{{11}}",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The video of a page, a frame or a short link; not a playlist's or a channel's."""
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        post_id, is_frame = _video(parts)
        if post_id is None or post_id in _NO_IDS:
            return None
        kind, wrapper = (Kind.EMBED, "embed") if is_frame else (Kind.LINK, None)
        return PostUrl(Target("youtube", post_id), None, kind, wrapper)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The video's page; the channel has no place in it."""
        return f"https://www.youtube.com/watch?v={post_id}"


def _video(parts: UrlParts) -> tuple[str | None, bool]:
    if parts.path in _WATCH:
        match = _ID.match(parameter(parts.query, "v") or "")
        return (match[0] if match else None), False
    if parts.host in _SHORT_HOSTS:
        match = _ID.match(parts.path, 1)
        return (match[0] if match else None), False
    match = _PATH.match(parts.path)
    return (match[2], match[1] == "embed") if match else (None, False)


NETWORK = YouTube()
