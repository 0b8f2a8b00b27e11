"""Reddit: which URLs name a post or a comment. The id here is `POST` or `POST/COMMENT`."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import SLASH
from ._urls import split

_ID = r"([a-z0-9]{4,10})"
_PAGE = re.compile(
    rf"/(?:(?:r|u|user)/[a-z0-9_-]{{2,40}}/)?comments/{_ID}(?:/[^/]{{0,300}}(?:/{_ID})?)?/?(?:/.*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_SHORT = re.compile(rf"/{_ID}/?", re.IGNORECASE | re.ASCII)
_SHORT_HOST = "redd.it"
_EMBED_HOSTS = frozenset({"embed.reddit.com", "www.redditmedia.com", "redditmedia.com"})


class Reddit:
    """https://www.reddit.com"""

    name = "reddit"
    hosts = (
        frozenset(f"{prefix}reddit.com" for prefix in ("", "www.", "old.", "new.", "np.", "m."))
        | {"i.reddit.com", "sh.reddit.com", "amp.reddit.com", _SHORT_HOST}
        | _EMBED_HOSTS
    )
    any_host = False
    literals = (b"/comments/", b"//redd.it/")
    patterns = (
        rf"reddit(?:media)?\.com(?::80|:443)?{SLASH}(?:(?:r|u|user){SLASH}[a-z0-9_-]{{2,40}}{SLASH})?"
        rf"comments{SLASH}[a-z0-9]{{4}}",
        rf"{SLASH}redd\.it{SLASH}[a-z0-9]{{4}}",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The post or comment of a page or frame; a subreddit is no author, so no handle."""
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        is_frame = parts.host in _EMBED_HOSTS
        kind, wrapper = (Kind.EMBED, "embed") if is_frame else (Kind.LINK, None)
        pattern = _SHORT if parts.host == _SHORT_HOST else _PAGE
        match = pattern.fullmatch(parts.path)
        if match is None:
            return None
        post_id = "/".join(part.lower() for part in match.groups() if part)
        return PostUrl(Target("reddit", post_id), None, kind, wrapper)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The page of the post or comment; the service fills in the subreddit."""
        post, _, comment = post_id.partition("/")
        tail = f"comment/{comment}/" if comment else ""
        return f"https://www.reddit.com/comments/{post}/{tail}"


NETWORK = Reddit()
