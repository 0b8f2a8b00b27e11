"""Components of MDX, Slidev and React: `<Tweet id="..." />`, `<XEmbed url={'...'} />`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Kind, Reference
from ..projection import Page
from ._arguments import parse_arguments, read_claim

_NETWORKS = {
    "tweet": "x",
    "twitter": "x",
    "xpost": "x",
    "xembed": "x",
    "instagram": "instagram",
    "tiktok": "tiktok",
    "youtube": "youtube",
    "bluesky": "bluesky",
}
_WORDS = "Tweet|Twitter|XPost|XEmbed|Instagram|TikTok|YouTube|Bluesky"
# Components begin with a capital; elements of HTML do not, and have forms of their own.
_COMPONENT = re.compile(
    rf"<(?=[A-Z])(?:[A-Z][a-z]{{0,12}}){{0,3}}?({_WORDS})[A-Za-z]{{0,20}}\s([^<>]{{0,2000}}?)/?>"
)


class Jsx:
    name = "jsx"
    literals = (b"<",)
    """Its words are in half of all articles, angle brackets are not."""
    patterns = (rf"<[a-z]{{0,39}}(?:{_WORDS.lower()})[a-z]{{0,20}}\s",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed a component with an id or a URL in it; `id={post.id}` names nothing."""
        if page.document.media_type == "text/html":
            return
        text = page.document.text
        for component in _COMPONENT.finditer(text):
            arguments = parse_arguments(component[2])
            claimed = read_claim(arguments, _NETWORKS[component[1].lower()])
            if claimed is None or claimed[0].post_id is None:
                continue
            claim, url = claimed
            start, end = component.span()
            yield Reference(start, end, component[0], self.name, Kind.EMBED, claim, url)


FORM = Jsx()
