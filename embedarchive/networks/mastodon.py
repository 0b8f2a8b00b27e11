"""Mastodon: which URLs name a post. A post's id here is `HOST/NUMBER`: each host counts alone."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import AT, SLASH
from ._urls import split

# On these, short ids (before 2.0 of 2017, or a small host's) are read as well.
KNOWN_HOSTS = frozenset(
    {f"mastodon.{name}" for name in ("social", "online", "cloud", "world", "art", "xyz")}
    | {"mstdn.social", "mstdn.jp", "pawoo.net", "mas.to", "fosstodon.org", "hachyderm.io"}
    | {"infosec.exchange", "techhub.social", "journa.host", "newsie.social", "octodon.social"}
    | {"mamot.fr", "chaos.social", "social.network.europa.eu"}
)
_USER = r"([a-z0-9_][a-z0-9_.-]{0,60}(?:@[a-z0-9][a-z0-9.-]{0,100}\.[a-z]{2,20})?)"
_POST = re.compile(
    rf"/(?:@{_USER}|users/{_USER}/statuses|(?:web/)?statuses)/([1-9][0-9]{{0,18}})"
    r"(/embed)?/?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN = "/statuses/"
_LONG = 15
"""Since 2.0 an id holds its time, `id >> 16` in milliseconds: 17 or 18 digits by now."""


class Mastodon:
    """https://joinmastodon.org: any host may be one, its paths tell."""

    name = "mastodon"
    hosts = KNOWN_HOSTS
    any_host = True
    literals = (b"/@", b"/users/", b"/statuses/")
    patterns = (rf"(?:[/\\;]|2f){AT}[a-z0-9_.@%-]{{1,190}}{SLASH}[1-9]", rf"statuses{SLASH}[1-9]")

    def identify(self, url: str) -> PostUrl | None:
        """The post of a page or frame on a known host, or on any host where the id is long."""
        parts = split(url)
        match = _POST.fullmatch(parts.path) if parts else None
        if parts is None or match is None:
            return None
        if parts.host not in KNOWN_HOSTS and (
            len(match[3]) < _LONG or parts.path.startswith(_PLAIN)
        ):
            return None
        user = match[1] or match[2]
        handle = None if user is None else user if "@" in user else f"{user}@{parts.host}"
        wrapper = "embed" if match[4] else None
        kind = Kind.EMBED if wrapper else Kind.LINK
        return PostUrl(Target("mastodon", f"{parts.host}/{match[3]}"), handle, kind, wrapper)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The post's page on the host that gave the id; `handle` is `user@host`."""
        host, _, number = post_id.partition("/")
        if handle is None:
            return f"https://{host}/web/statuses/{number}"
        return f"https://{host}/@{handle.removesuffix('@' + host)}/{number}"


NETWORK = Mastodon()
