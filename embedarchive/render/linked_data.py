"""A captured post → schema.org data for machines, as text for an inert `<script>` element. Pure.

https://schema.org/SocialMediaPosting. A post that nobody saw has none: a claim is no fact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..models import Counts, Embed
from .attachments import web_url
from .view import Inert, Link, Post

_ACTIONS = {"likes": "LikeAction", "replies": "CommentAction", "reposts": "ShareAction"}
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""What could end the element or begin another; JSON reads them as the characters."""


def linked_data(embed: Embed, post: Post, archived: Link | None) -> Inert:
    """ASCII without `<`, `>` and `&`; addresses are those of the web alone."""
    data = {"@context": "https://schema.org", **_posting(embed, post)}
    if archived and archived.url:
        data["archivedAt"] = archived.url
    return Inert(_ENCODER.encode(data).translate(_ESCAPES))


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _posting(embed: Embed, post: Post) -> dict[str, object]:
    data: dict[str, object | None] = {
        "@type": "SocialMediaPosting",
        "identifier": embed.target.post_id,
        "url": post.url,
        "author": _present(
            {
                "@type": "Person",
                "name": embed.author.name,
                "alternateName": f"@{embed.author.handle}",
                "identifier": embed.author.user_id,
                "url": post.byline.url,
            }
        ),
        "datePublished": post.date.iso if post.date else None,
        "inLanguage": post.lang,
        "articleBody": embed.text,
        "image": [_medium(m.alt, m.url) for m in embed.media if m.type == "photo"],
        "video": [_medium(m.alt, m.page_url) for m in embed.media if m.type != "photo"],
        "interactionStatistic": _statistics(embed.counts),
    }
    for inner, shown in ((embed.repost, post.repost), (embed.quote, post.quote)):
        if inner and shown:
            data["sharedContent"] = _posting(inner, shown)
    return _present(data)


def _medium(alt: str | None, url: str | None) -> dict[str, object]:
    return _present({"@type": "MediaObject", "caption": alt, "url": web_url(url)})


def _statistics(counts: Counts) -> list[dict[str, object]]:
    return [
        {
            "@type": "InteractionCounter",
            "interactionType": f"https://schema.org/{action}",
            "userInteractionCount": count,
        }
        for name, action in _ACTIONS.items()
        if (count := getattr(counts, name)) is not None
    ]


def _present(data: Mapping[str, object | None]) -> dict[str, object]:
    return {name: value for name, value in data.items() if value}
