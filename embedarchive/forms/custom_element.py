"""Elements of AMP and of frameworks whose attribute names a post: `<oembed url>`, `<tweet id>`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..models import Claim, Reference
from ..networks import identify
from ..projection import Page
from ._element import claim_of, element_span, outside_code, post_number, refer, values

_X = (
    "id",
    "tweetid",
    "tweet-id",
    "data-tweetid",
    "data-tweet-id",
    "postid",
    "post-id",
    "status-id",
)
_URL = ("url", "href", "src", "tweet-url", "tweeturl", "tweetlink", "link", "data-url")
_IDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "amp-twitter": ("x", ("data-tweetid",)),
    "astro-embed-tweet": ("x", _X),
    "lite-tweet": ("x", _X),
    "react-tweet": ("x", _X),
    "tweet": ("x", _X),
    "tweet-embed": ("x", _X),
    "twitter-tweet": ("x", _X),
    "twittertweetembed": ("x", _X),
    "twitter-widget": ("x", ("data-tweet-id",)),
    "amp-instagram": ("instagram", ("data-shortcode",)),
    "amp-youtube": ("youtube", ("data-videoid",)),
    "lite-youtube": ("youtube", ("videoid",)),
    "amp-tiktok": ("tiktok", ("data-src",)),
    "amp-facebook": ("facebook", ()),
    "amp-reddit": ("reddit", ()),
    "oembed": ("", ()),
}
"""Element → its network and the attributes that hold a bare id; addresses are tried for all."""

_NAMES = tuple(_IDS)


class CustomElement:
    name = "custom_element"
    literals = (
        *(b"<amp-", b"<oembed", b"<lite-youtube", b"<twitter-", b"<twittertweetembed"),
        *(b"<astro-embed-tweet", b"<lite-tweet", b"<react-tweet", b"<tweet"),
    )
    patterns = (rf"<(?:{'|'.join(_IDS)})[^a-z-]",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an element, with all it holds: placeholders, fallbacks."""
        yield from outside_code(page, self._find(page))

    def _find(self, page: Page) -> Iterator[Reference]:
        markup = page.markup
        for index in markup.named(*_NAMES):
            claim = _claim(markup.tokens[index].name, values(markup, index))
            if claim is not None:
                yield refer(page, markup, element_span(markup, index), self.name, claim)


def _claim(element: str, attributes: Mapping[str, str]) -> Claim | None:
    network, names = _IDS[element]
    for name in names:
        value = attributes.get(name, "")
        post_id = post_number(value) if network in ("x", "tiktok") else value
        if post_id and _is_of(network, post_id):
            return Claim(network=network, post_id=post_id)
    for name in (*_URL, "data-href", "data-src", "cite"):
        post = identify(attributes[name]) if name in attributes else None
        if post is not None and network in ("", post.target.network):
            return claim_of(post)
    return None


def _is_of(network: str, post_id: str) -> bool:
    """Whether an id of these characters can be the network's."""
    return network in ("x", "tiktok") or all(c.isalnum() or c in "_-" for c in post_id)


FORM = CustomElement()
