"""Facebook: which URLs name a post. A post's id here is the part of the path that names it.

`OWNER/posts/ID`, `groups/GROUP/posts/ID`, `videos/ID`, `photos/ID`, `reel/ID`: a bare number would
not do, for `facebook.com/NUMBER` is an account.
"""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import SLASH
from ._urls import UrlParts, parameter, split

_LOCALES = (
    "ar-ar",
    "da-dk",
    "de-de",
    "en-gb",
    "es-es",
    "es-la",
    "fr-ca",
    "fr-fr",
    "he-il",
    "hi-in",
)
_MORE_LOCALES = ("id-id", "it-it", "ja-jp", "ko-kr", "nl-nl", "pl-pl", "pt-br", "pt-pt", "ru-ru")
_LAST_LOCALES = ("ar-ar", "sv-se", "th-th", "tr-tr", "uk-ua", "vi-vn", "zh-cn", "zh-hk", "zh-tw")
_NAMES = ("www", "m", "web", "mbasic", "touch", *_LOCALES, *_MORE_LOCALES, *_LAST_LOCALES)
_OWNER = r"([a-z0-9._-]{1,80})"
_ID = r"((?:pfbid)?[a-z0-9]{5,120})"
_FLAGS = re.IGNORECASE | re.ASCII
_POST = re.compile(rf"/{_OWNER}/posts/(?:[^/]{{1,300}}/)?{_ID}(?![a-z0-9_-])", _FLAGS)
_GROUP = re.compile(rf"/groups/{_OWNER}/(?:posts|permalink)/([0-9]{{5,20}})(?![a-z0-9_-])", _FLAGS)
_MEDIA = re.compile(
    rf"/(?:{_OWNER}/)?(videos|photos|reel)/(?:(?:[^/]{{1,300}}/){{0,2}})"
    r"([0-9]{5,20})(?![a-z0-9_-])",
    _FLAGS,
)
_DIGITS = re.compile(r"[0-9]{5,20}")
_TOKEN = re.compile(r"(?:pfbid)?[A-Za-z0-9]{5,120}")
_PLUGINS = frozenset({"/plugins/post.php", "/plugins/video.php", "/plugins/comment_embed.php"})
# path → (parameter that holds the id, kind of thing it names)
_BY_PARAMETER = {
    "/watch": ("v", "videos"),
    "/video.php": ("v", "videos"),
    "/photo": ("fbid", "photos"),
    "/photo.php": ("fbid", "photos"),
}
_STORY = frozenset({"/permalink.php", "/story.php"})


class Facebook:
    """https://www.facebook.com"""

    name = "facebook"
    hosts = frozenset({"facebook.com"} | {f"{name}.facebook.com" for name in _NAMES})
    any_host = False
    literals = (
        *(b"/posts/", b"/permalink", b"/story.php", b"/videos/", b"/photos/", b"/reel/"),
        *(b"facebook.com/watch", b"/video.php", b"facebook.com/photo", b"/plugins/post.php"),
    )
    patterns = (
        rf"facebook\.com(?::80|:443)?{SLASH}(?:[a-z0-9._-]{{1,80}}{SLASH}){{0,2}}"
        rf"(?:posts|permalink|videos|photos|reel){SLASH}",
        rf"facebook\.com(?::80|:443)?{SLASH}"
        rf"(?:watch|photo|(?:story|permalink|video)\.php"
        rf"|plugins{SLASH}(?:post|video|comment_embed)\.php)",
    )

    def identify(self, url: str) -> PostUrl | None:
        """The post, video or photo of a page or of a plugin's frame."""
        parts = split(url)
        if parts is None or parts.host not in self.hosts:
            return None
        if parts.path in _PLUGINS:
            inner = self.identify(parameter(parts.query, "href") or "")
            return inner and PostUrl(inner.target, inner.handle, Kind.EMBED, "embed")
        named = _from_path(parts.path) or _from_query(parts)
        if named is None:
            return None
        post_id, owner = named
        return PostUrl(Target("facebook", post_id), owner)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The page of a post, video or photo; its owner, where needed, is part of the id."""
        kind, _, number = post_id.partition("/")
        if kind == "videos":
            return f"https://www.facebook.com/watch/?v={number}"
        if kind == "photos":
            return f"https://www.facebook.com/photo/?fbid={number}"
        return f"https://www.facebook.com/{post_id}"


def _from_path(path: str) -> tuple[str, str | None] | None:
    if match := _GROUP.match(path):
        return f"groups/{match[1]}/posts/{match[2]}", None
    if match := _POST.match(path):
        return f"{match[1]}/posts/{match[2]}", match[1]
    if match := _MEDIA.match(path):
        return f"{match[2].lower()}/{match[3]}", match[1]
    return None


def _from_query(parts: UrlParts) -> tuple[str, str | None] | None:
    path = parts.path.rstrip("/")
    if path in _STORY:
        owner, story = parameter(parts.query, "id"), parameter(parts.query, "story_fbid")
        if owner and story and _DIGITS.fullmatch(owner) and _TOKEN.fullmatch(story):
            return f"{owner}/posts/{story}", None
    elif path in _BY_PARAMETER:
        name, kind = _BY_PARAMETER[path]
        match = _DIGITS.match(parameter(parts.query, name) or "")
        return (f"{kind}/{match[0]}", None) if match else None
    return None


NETWORK = Facebook()
